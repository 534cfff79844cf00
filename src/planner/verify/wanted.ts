import type { PartnerWants } from "../../model.ts";
import type { ConnectionDocument } from "../specs/documents.ts";

/** What a verification looks at besides what a plan does, by target: the rules of security groups, the settings of load balancers that are not ours. */
export function wantsOf(
  connections: readonly Pick<ConnectionDocument, "spec">[],
  name: string,
): ReadonlyMap<string, PartnerWants> {
  const spec = connections.find((document) => document.spec.metadata.name === name)?.spec;
  const wants = new Map<string, PartnerWants>();
  const add = (target: string, groups: readonly unknown[], balancers: readonly string[]) => {
    const so = wants.get(target);
    wants.set(target, {
      health: [],
      balancers: [...(so?.balancers ?? []), ...balancers],
      ingress: [...(so?.ingress ?? []), ...groups.filter((group) => typeof group === "string")],
      // Of groups that the spec names by name or tags all candidates are read.
      ingressOfChosen: so?.ingressOfChosen === true || groups.some((group) => typeof group !== "string"),
    });
  };
  const balancers = spec?.service?.loadBalancers ?? [];
  if (spec?.service)
    add(
      spec.service.target,
      balancers.flatMap((one) => ("arn" in one ? [] : (one.securityGroups ?? []))),
      balancers.flatMap((one) => ("arn" in one ? [one.arn] : [])),
    );
  for (const { target, securityGroups = [] } of spec?.endpoints ?? []) add(target, securityGroups, []);
  return wants;
}
