import type { Live, Outputs } from "../../model.ts";
import { acceptanceOf, aliasAddress } from "../addresses.ts";
import { asSet } from "../collections.ts";
import type { AliasSpec, ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { Consumed } from "./consumed-service.ts";
import { type Context, desire, type Expansion, recordTags } from "./context.ts";

/** An endpoint that names of ours lead to. */
export interface AliasedEndpoint {
  readonly address: string;
  readonly live: Live | undefined;
  readonly consumed: Consumed;
}

const TYPES = { ipv4: ["A"], ipv6: ["AAAA"], dualstack: ["A", "AAAA"] } as const;

/** The DNS names of an endpoint. While it rests at somebody else's door AWS has not named it, and its aliases wait with it. */
export function expandAliases(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  endpoint: AliasedEndpoint,
  into: Expansion,
): void {
  spec.aliases?.forEach((alias, number) => {
    const place = { name: alias.name, zone: alias.zone, target: alias.target ?? spec.target };
    if (!zoneServes(context, document, place, ["endpoints", index, "aliases", number], into)) return;
    const output = outputFor(context, document, spec, alias, ["endpoints", index, "aliases", number], into);
    if (output === undefined || isNameless(endpoint)) return;
    const name = alias.name.toLowerCase();
    const address = addressOf(context, endpoint, spec.aliases ?? [], alias);
    into.desired.push(
      desire(document, ["endpoints", index, "aliases", number], {
        kind: "dns-record",
        address,
        target: alias.target ?? spec.target,
        // The names of an endpoint of ours appear with its acceptance.
        after: endpoint.consumed.provider?.acceptanceRequired ? [acceptanceOf(endpoint.address)] : [],
        attributes: {
          zoneId: alias.zone,
          name,
          types: typesOf(spec),
          targetDnsName: { ref: endpoint.address, output },
          targetZoneId: { ref: endpoint.address, output: "dnsZoneId" },
          evaluateTargetHealth: alias.evaluateTargetHealth ?? false,
          tags: recordTags(context, address),
        },
      }),
    );
  });
}

function addressOf(
  context: Context,
  { address }: AliasedEndpoint,
  aliases: readonly AliasSpec[],
  { name, zone }: AliasSpec,
): string {
  const alike = aliases.filter((other) => other.name.toLowerCase() === name.toLowerCase());
  return zonedAddress(
    context,
    aliasAddress(address, name.toLowerCase()),
    zone,
    alike.map((other) => other.zone),
  );
}

/**
 * One name may stand in two zones, a public and a private one, say. Only one record can have the plain address; the others carry their zone
 * in it, and what lives keeps the address that it has, in whatever order the spec names them.
 */
export function zonedAddress({ cloud }: Context, plain: string, zone: string, zones: readonly string[]): string {
  const free = zones.filter((other) => cloud.at(`${plain}@${other}`).length === 0);
  const keeper = free.find((other) => cloud.at(plain)[0]?.attributes.zoneId === other) ?? free[0];
  return zone === keeper ? plain : `${plain}@${zone}`;
}

/** A record for each sort of address that AWS makes a record of; what a service defines by itself nobody knows beforehand. */
export function typesOf({ ipAddressType = "ipv4", dnsRecordIpType = ipAddressType }: EndpointSpec): readonly string[] {
  return TYPES[dnsRecordIpType === "service-defined" ? ipAddressType : dnsRecordIpType];
}

/** Which of the endpoint's names an alias leads to. AWS writes the zone's name into the zonal ones; a spec says its id, which means the same in all accounts. */
function outputFor(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  { name, azId }: AliasSpec,
  path: readonly (string | number)[],
  into: Expansion,
): Outputs["vpc-endpoint"] | undefined {
  if (azId === undefined) return "dnsName";
  const zones = spec.subnets.flatMap((id) => context.cloud.subnet(spec.target, id) ?? []);
  const zone = zones.find((subnet) => subnet.azId === azId);
  if (zone) return `zonalDnsName/${zone.az}`;
  const connection = document.spec.metadata.name;
  into.findings.push({
    id: "alias.zone",
    severity: "error",
    connection,
    message: `${name} is to lead to Availability Zone ${azId}, where the endpoint has no subnet; it has them in ${asSet(zones.map((subnet) => subnet.azId)).join(", ")}`,
    at: document.at([...path, "azId"]),
  });
  into.unresolved.add(connection);
  return undefined;
}

/** Whether AWS gives it names only once somebody else has accepted it. */
export const isNameless = ({ live, consumed }: AliasedEndpoint): boolean =>
  live !== undefined && live.outputs.dnsName === undefined && !consumed.provider;

/** Whether the zone of a record is there and holds such names; if not, its connection is refused. */
export function zoneServes(
  context: Context,
  document: ConnectionDocument,
  wanted: { readonly name: string; readonly zone: string; readonly target: string },
  path: readonly (string | number)[],
  into: Expansion,
): boolean {
  const connection = document.spec.metadata.name;
  const seen = context.cloud.target(wanted.target);
  const zone = seen?.zones.find(({ id }) => id === wanted.zone);
  const refuse = (id: string, message: string, field: string) => {
    into.findings.push({ id, severity: "error", connection, message, at: document.at([...path, field]) });
    into.unresolved.add(connection);
    return false;
  };
  if (!zone)
    return refuse(
      "zone.unknown",
      `hosted zone ${wanted.zone} does not exist in account ${seen?.account ?? "(not read)"}; check the id, and name the target whose account owns the zone`,
      "zone",
    );
  const name = wanted.name.toLowerCase();
  if (name === zone.name || name.endsWith(`.${zone.name}`)) return true;
  return refuse(
    "alias.outside-zone",
    `${wanted.name} does not lie in zone ${zone.id} (${zone.name}); the name has to end with ".${zone.name}"`,
    "name",
  );
}
