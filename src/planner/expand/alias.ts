import type { Live } from "../../model.ts";
import { acceptanceOf, aliasAddress } from "../addresses.ts";
import type { AliasSpec, EndpointSpec } from "../specs/connection.generated.ts";
import type { ConnectionDocument } from "../specs/index.ts";
import type { Consumed } from "./consumed-service.ts";
import { type Context, desire, type Expansion } from "./context.ts";

interface Endpoint {
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
  endpoint: Endpoint,
  into: Expansion,
): void {
  spec.aliases?.forEach((alias, number) => {
    if (!zoneServes(context, document, spec, alias, ["endpoints", index, "aliases", number], into)) return;
    if (rests(endpoint)) return;
    const name = alias.name.toLowerCase();
    into.desired.push(
      desire(document, ["endpoints", index, "aliases", number], {
        kind: "dns-record",
        address: aliasAddress(endpoint.address, name),
        target: spec.target,
        // The names of an endpoint of ours appear with its acceptance.
        after: endpoint.consumed.provider?.acceptanceRequired ? [acceptanceOf(endpoint.address)] : [],
        attributes: {
          zoneId: alias.zone,
          name,
          types: TYPES[spec.ipAddressType ?? "ipv4"],
          targetDnsName: { ref: endpoint.address, output: "dnsName" },
          targetZoneId: { ref: endpoint.address, output: "dnsZoneId" },
          evaluateTargetHealth: alias.evaluateTargetHealth ?? false,
        },
      }),
    );
  });
}

const rests = ({ live, consumed }: Endpoint): boolean =>
  live !== undefined && live.outputs.dnsName === undefined && !consumed.provider;

function zoneServes(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  alias: AliasSpec,
  path: readonly (string | number)[],
  into: Expansion,
): boolean {
  const connection = document.spec.metadata.name;
  const seen = context.cloud.target(spec.target);
  const zone = seen?.zones.find(({ id }) => id === alias.zone);
  const refuse = (id: string, message: string, field: string) => {
    into.findings.push({ id, severity: "error", connection, message, at: document.at([...path, field]) });
    into.unresolved.add(connection);
    return false;
  };
  if (!zone)
    return refuse(
      "zone.unknown",
      `hosted zone ${alias.zone} does not exist in account ${seen?.account ?? "(not read)"}; check the id and the target`,
      "zone",
    );
  const name = alias.name.toLowerCase();
  if (name === zone.name || name.endsWith(`.${zone.name}`)) return true;
  return refuse(
    "alias.outside-zone",
    `${alias.name} does not lie in zone ${zone.id} (${zone.name}); the name has to end with ".${zone.name}"`,
    "name",
  );
}
