import type { BalancerDetails } from "../../../../model.ts";
import type { Path } from "../../../specs/problem.ts";
import { type CheckSubject, targetOf } from "../subject.ts";
import { type Found, mapped } from "../verdict.ts";
import type { Balancer, Listener } from "./balancers.ts";

/** A load balancer that somebody else manages, as AWS shows it. */
export function existingBalancer({ cloud, half }: CheckSubject, arn: string, at: Path): Balancer {
  const target = targetOf(half);
  const seen = cloud.target(target)?.loadBalancers.find((fact) => fact.arn === arn);
  const fact: Found<NonNullable<typeof seen>> = seen
    ? { is: seen }
    : { waitsFor: `${arn}, which target ${target} does not show` };
  const details: Found<BalancerDetails> = seen?.details
    ? { is: seen.details }
    : { waitsFor: `the zones, listeners and settings of ${arn}, which were not read` };
  return {
    label: arn,
    at,
    type: mapped(fact, ({ type }) => type),
    scheme: mapped(fact, ({ scheme }) => scheme),
    zones: mapped(details, ({ azIds }) => azIds),
    inboundRules: mapped(details, ({ inboundRules }) => inboundRules),
    crossZone: mapped(details, ({ crossZone }) => crossZone),
    listeners: mapped(details, ({ listeners }) => listeners.map((listener): Listener => ({ ...listener, at }))),
  };
}
