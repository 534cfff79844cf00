import type { Desired, Id, Outputs } from "../../model.ts";
import {
  acceptanceOf,
  aliasAddress,
  hostedZoneAddress,
  zoneAssociationAddress,
  zoneRecordAddress,
} from "../addresses.ts";
import { asSet } from "../collections.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { HostedZoneRecordSpec, HostedZoneSpec } from "../specs/connection.generated.ts";
import { nameInZone, type Path, ZONE_ID } from "../specs/index.ts";
import { isGuest, vpcText } from "../wanted-dns.ts";
import { type AliasedEndpoint, isNameless, typesOf } from "./alias.ts";
import { type Context, desire, type Expansion, ownershipTags, recordTags } from "./context.ts";

/** One endpoint of a spec and where it is said. */
interface Place {
  readonly context: Context;
  readonly document: ConnectionDocument;
  readonly spec: EndpointSpec;
  readonly index: number;
}

/**
 * The endpoint's private hosted zone, the VPCs of other accounts that it resolves in, and its records. The zone is there before the endpoint has
 * names; its records wait for these.
 */
export function expandHostedZone(place: Place, endpoint: AliasedEndpoint, into: Expansion): void {
  const { context, document, spec, index } = place;
  const zone = spec.hostedZone;
  if (typeof zone !== "object") return;
  const path = ["endpoints", index, "hostedZone"];
  const address = hostedZoneAddress(endpoint.address);
  checkDomain(place, zone, endpoint.address, address, into);
  const own = (zone.vpcs ?? []).filter((one) => !isGuest(context.project, spec.target, one));
  into.desired.push(
    desire(document, path, {
      kind: "hosted-zone",
      address,
      target: spec.target,
      attributes: {
        name: zone.name,
        account: context.project.spec.targets[spec.target]?.account ?? "",
        vpcs: asSet([
          vpcText(context.project, spec.target, spec.vpc),
          ...own.map(({ target = spec.target, vpc }) => vpcText(context.project, target, vpc)),
        ]),
        tags: ownershipTags(context, document, address),
      },
    }),
    ...guests(place, zone, address),
  );
  if (isNameless(endpoint)) return;
  into.desired.push(...zone.records.flatMap((record, number) => records(place, zone, { record, number }, endpoint)));
}

function guests({ context, document, spec, index }: Place, { vpcs = [] }: HostedZoneSpec, zone: string): Desired[] {
  return vpcs.flatMap((one, number) => {
    if (!isGuest(context.project, spec.target, one)) return [];
    const { vpc, target = spec.target } = one;
    return [
      desire(document, ["endpoints", index, "hostedZone", "vpcs", number], {
        kind: "zone-association",
        address: zoneAssociationAddress(zone, vpc),
        target,
        attributes: { zoneId: { ref: zone, output: "zoneId" }, vpc: vpcText(context.project, target, vpc) },
      }),
    ];
  });
}

interface Said {
  readonly record: HostedZoneRecordSpec;
  readonly number: number;
}

/** One record, or one for each Availability Zone of the endpoint. AWS writes the zone's name into the endpoint's zonal names. */
function records(place: Place, zone: HostedZoneSpec, { record, number }: Said, endpoint: AliasedEndpoint): Desired[] {
  const { context, document, spec, index } = place;
  const path: Path = ["endpoints", index, "hostedZone", "records", number];
  const subnets = spec.subnets.flatMap((id) => context.cloud.subnet(spec.target, id) ?? []);
  const leads: readonly (readonly [name: string, output: Outputs["vpc-endpoint"]])[] =
    record.to === "zonal"
      ? subnets.map(({ az, azId }) => [record.name.replaceAll(ZONE_ID, azId), `zonalDnsName/${az}`])
      : [[record.name, "dnsName"]];
  const zoneAddress = hostedZoneAddress(endpoint.address);
  return leads.map(([name, output]) => {
    const full = nameInZone(name, zone.name);
    const zoneId: Id = { ref: zoneAddress, output: "zoneId" };
    const target: Id = { ref: endpoint.address, output };
    // The names of an endpoint of ours appear with its acceptance.
    const after = endpoint.consumed.provider?.acceptanceRequired ? [acceptanceOf(endpoint.address)] : [];
    const base = { target: spec.target, after };
    if (record.type === "CNAME") {
      const address = zoneRecordAddress(zoneAddress, full);
      const tags = recordTags(context, address);
      const attributes = { zoneId, name: full, type: "CNAME", values: [target], ttlSeconds: record.ttl ?? 60, tags };
      return desire(document, path, { kind: "value-record", address, ...base, attributes });
    }
    const address = aliasAddress(zoneAddress, full);
    return desire(document, path, {
      kind: "dns-record",
      address,
      ...base,
      attributes: {
        zoneId,
        name: full,
        types: typesOf(spec),
        targetDnsName: target,
        targetZoneId: { ref: endpoint.address, output: "dnsZoneId" },
        evaluateTargetHealth: false,
        tags: recordTags(context, address),
      },
    });
  });
}

/** One VPC knows a domain once: from a private zone, or from an endpoint with a private DNS name. */
function checkDomain(
  { context, document, spec, index }: Place,
  { name }: HostedZoneSpec,
  endpoint: string,
  address: string,
  into: Expansion,
): void {
  const refuse = (message: string) =>
    into.findings.push({
      id: "hosted-zone.conflict",
      severity: "error",
      connection: document.spec.metadata.name,
      address,
      message: `no private hosted zone ${name} can be made for ${spec.vpc}: ${message}`,
      at: document.at(["endpoints", index, "hostedZone", "name"]),
    });
  const key = `${spec.target} ${spec.vpc} ${name}`;
  const other = into.privateNames.get(key) ?? into.privateNames.get(`${spec.target} ${spec.vpc} *.${name}`);
  into.privateNames.set(key, address);
  if (other !== undefined && other !== endpoint)
    refuse(`${other} owns that domain in this VPC already. Let one of the two own it`);
  if (other === endpoint)
    refuse("the endpoint itself resolves that domain by its private DNS name. Take privateDns out, or the zone");
  const ours = new Set(context.cloud.at(address).map(({ id }) => id));
  const there = context.cloud
    .target(spec.target)
    ?.vpcZones?.find((one) => one.vpcId === spec.vpc && one.name === name && !ours.has(one.zoneId));
  // One of ours that another connection gives up leaves in the same plan.
  if (!there || context.cloud.live.some(({ kind, id }) => kind === "hosted-zone" && id === there.zoneId)) return;
  const way = `write adopt: [{address: ${address.slice(document.spec.metadata.name.length + 1)}, id: ${there.zoneId}}]`;
  refuse(
    `the zone ${there.zoneId} of account ${there.owner} resolves there already, and is not ours; it is not touched. Put aliases into it instead, take the VPC out of it, or take it over as it lives: ${way}`,
  );
}
