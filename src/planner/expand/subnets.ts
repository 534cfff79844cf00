import { groupBy } from "../collections.ts";
import type { ConnectionDocument } from "../selectors/resolved-specs.ts";
import type { Context, Expansion } from "./context.ts";

type Path = readonly (string | number)[];

/**
 * The one VPC that these subnets lie in. A subnet that the target does not have, subnets of several VPCs or two in one Availability Zone are
 * an error of this connection; what lives of it is then left as it is.
 */
export function vpcOfSubnets(
  context: Context,
  document: ConnectionDocument,
  target: string,
  ids: readonly string[],
  path: Path,
  into: Expansion,
): string | undefined {
  const connection = document.spec.metadata.name;
  const vpcs = new Set<string>();
  ids.forEach((id, index) => {
    const subnet = context.cloud.subnet(target, id);
    if (subnet) vpcs.add(subnet.vpcId);
    else
      refuse(
        "subnet.unknown",
        `subnet ${id} does not exist in target ${target} (${placeOf(context, target)}); check the id and the target`,
        [...path, index],
      );
  });
  if (vpcs.size > 1)
    refuse(
      "subnet.vpcs",
      `the subnets lie in ${vpcs.size} VPCs (${[...vpcs].sort().join(", ")}); all must lie in one`,
      path,
    );
  const known = ids.flatMap((id) => context.cloud.subnet(target, id) ?? []);
  for (const [zone, subnets] of groupBy(known, ({ azId }) => azId)) {
    if (subnets.length > 1 && vpcs.size === 1)
      refuse(
        "subnet.zones",
        `${subnets.map(({ id, tags }) => (tags?.Name ? `${id} (${tags.Name})` : id)).join(" and ")} all lie in Availability Zone ${zone}, and AWS takes one subnet for each zone; choose one of them, by its id or by a tag that only it carries`,
        path,
      );
  }
  return vpcs.size === 1 && !into.unresolved.has(connection) ? [...vpcs][0] : undefined;

  function refuse(id: string, message: string, at: Path): void {
    into.findings.push({ id, severity: "error", connection, message, at: document.at(at) });
    into.unresolved.add(connection);
  }
}

function placeOf(context: Context, target: string): string {
  const seen = context.cloud.target(target);
  return seen ? `account ${seen.account}, ${seen.region}` : "not read";
}
