import { AwsError, type Call, type Tree } from "../operation.ts";
import { text } from "../params.ts";
import type { HostedZone } from "../world.ts";
import { sortName, storedName } from "./domain-names.ts";
import { allZones, bareId } from "./find.ts";
import { invalidInput, mine, need, ownsVpc, pageSize, sameVpc } from "./input.ts";
import { zoneTree } from "./zones.ts";

/** AWS shows at most this many zones in one answer. */
const largestPage = 100;

/** Cuts a page that starts at an index; `next` is the first zone of the page after it. */
function cut<Item>(items: readonly Item[], start: number, size: number): { shown: Item[]; next: Item | undefined } {
  return { shown: items.slice(start, start + size), next: items[start + size] };
}

/** ListHostedZones: the caller's, from the zone that `Marker` names on. */
export function listHostedZones(call: Call): Tree {
  const { params } = call;
  const set = text(params, "DelegationSetId");
  if (set)
    throw new AwsError(
      "NoSuchDelegationSet",
      `The delegation set ${set} does not exist: the sandbox has no reusable ones`,
    );
  const onlyPrivate = text(params, "HostedZoneType") === "PrivateHostedZone";
  const zones = Object.values(mine(call).hostedZones).filter((zone) => zone.private || !onlyPrivate);
  const size = pageSize(params, "MaxItems", largestPage);
  const marker = text(params, "Marker");
  const start = marker ? zones.findIndex((zone) => zone.id === bareId(marker)) : 0;
  if (start < 0) throw invalidInput(`The marker '${marker}' is not the ID of a hosted zone`);
  const { shown, next } = cut(zones, start, size);
  return {
    HostedZones: { HostedZone: shown.map(zoneTree) },
    Marker: marker,
    IsTruncated: next !== undefined,
    NextMarker: next?.id,
    MaxItems: String(size),
  };
}

/** ListHostedZonesByName: in the order of the reversed labels, starting AT the name, whether or not there is a zone of that name. */
export function listHostedZonesByName(call: Call): Tree {
  const { params } = call;
  const name = text(params, "DNSName");
  const id = text(params, "HostedZoneId");
  if (id && !name) throw invalidInput("A hosted zone ID can be specified only together with a DNS name");
  const zones = Object.values(mine(call).hostedZones).sort((a, b) => (place(a) < place(b) ? -1 : 1));
  const from = name ? `${sortName(storedName(name))} ${id ? bareId(id) : ""}` : "";
  const size = pageSize(params, "MaxItems", largestPage);
  const found = zones.findIndex((zone) => place(zone) >= from);
  const { shown, next } = cut(zones, found < 0 ? zones.length : found, size);
  return {
    HostedZones: { HostedZone: shown.map(zoneTree) },
    DNSName: name && storedName(name),
    HostedZoneId: id,
    IsTruncated: next !== undefined,
    NextDNSName: next?.name,
    NextHostedZoneId: next?.id,
    MaxItems: String(size),
  };
}

function place(zone: HostedZone): string {
  return `${sortName(zone.name)} ${zone.id}`;
}

/** ListHostedZonesByVPC: zones of every account that are associated with one of the caller's VPCs. */
export function listHostedZonesByVpc(call: Call): Tree {
  const { params } = call;
  const vpc = { id: need(params, "VPCId"), region: need(params, "VPCRegion") };
  if (!ownsVpc(call, call.account, vpc)) {
    throw new AwsError("AccessDenied", `The VPC ${vpc.id} in ${vpc.region} is not owned by you.`, 403);
  }
  const zones = allZones(call.world).filter(({ zone }) => zone.vpcs.some((each) => sameVpc(each, vpc)));
  const size = pageSize(params, "MaxItems", largestPage);
  const token = text(params, "NextToken");
  const start = token ? zones.findIndex(({ zone }) => zone.id === token) : 0;
  if (start < 0) throw new AwsError("InvalidPaginationToken", `The token '${token}' is not valid`);
  const { shown, next } = cut(zones, start, size);
  const summaries = shown.map(({ zone, owner }) => ({
    HostedZoneId: zone.id,
    Name: zone.name,
    Owner: { OwningAccount: owner },
  }));
  return {
    HostedZoneSummaries: { HostedZoneSummary: summaries },
    MaxItems: String(size),
    NextToken: next?.zone.id,
  };
}

/** GetHostedZoneCount: how many zones the caller has. */
export function getHostedZoneCount(call: Call): Tree {
  return { HostedZoneCount: Object.keys(mine(call).hostedZones).length };
}
