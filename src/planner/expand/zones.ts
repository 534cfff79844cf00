import type { SubnetFact } from "../../model.ts";
import { asSet } from "../collections.ts";
import type { ConnectionDocument, EndpointSpec, ServiceSpec } from "../selectors/resolved-specs.ts";
import type { Context, Expansion } from "./context.ts";

/** The Availability Zones in which a service can be consumed, by id: names differ between accounts. */
export interface ServiceZones {
  /** Empty: unknown. AWS tells none of a service in another Region. */
  readonly ids: readonly string[];
  /** What to do for a zone that is not among them. */
  readonly remedy: string;
}

export const unknownZones: ServiceZones = { ids: [], remedy: "" };

/** The zones of a service of ours: those of its load balancers' subnets, whether the service exists already or not. */
export function zonesOfOwnService(context: Context, provider: ConnectionDocument, service: ServiceSpec): ServiceZones {
  const subnets = service.loadBalancers.flatMap((balancer): (SubnetFact | undefined)[] =>
    "arn" in balancer ? [undefined] : balancer.subnets.map((id) => context.cloud.subnet(service.target, id)),
  );
  const known = subnets.filter((subnet) => subnet !== undefined);
  // Of a load balancer that somebody else manages, and of subnets that were not read, nothing is known.
  if (known.length < subnets.length) return unknownZones;
  const { file, line } = provider.at(["service", "loadBalancers"]);
  return {
    ids: asSet(known.map(({ azId }) => azId)),
    remedy: `add a subnet in that zone to the service's load balancers (${file}:${line})`,
  };
}

/** An endpoint can only have subnets in Availability Zones that the service has too. */
export function checkZones(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  { ids, remedy }: ServiceZones,
  into: Expansion,
): void {
  if (ids.length === 0) return;
  spec.subnets.forEach((id, number) => {
    const azId = context.cloud.subnet(spec.target, id)?.azId;
    if (azId === undefined || ids.includes(azId)) return;
    into.findings.push({
      id: "zone.mismatch",
      severity: "error",
      connection: document.spec.metadata.name,
      message: `${id} is in Availability Zone ${azId}, where the service is not; it is in ${[...ids].sort().join(", ")}. Choose a subnet there, or ${remedy}`,
      at: document.at(["endpoints", index, "subnets", number]),
    });
  });
}
