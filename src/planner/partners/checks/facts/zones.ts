import { asSet } from "../../../collections.ts";
import type { Path } from "../../../specs/problem.ts";
import { type CheckSubject, pathOf } from "../subject.ts";
import { type Found, mapped, together } from "../verdict.ts";
import { balancersOf } from "./balancers.ts";
import { zonesOfSubnets } from "./subnets.ts";

/**
 * The Availability Zones of our side by id, sorted: those of the endpoint's subnets, or those in which the service's load balancers are. Never
 * names: a name means another zone in every account.
 */
export function zonesHere(subject: CheckSubject): Found<readonly string[]> {
  const { half } = subject;
  if (half.role === "consumer") return zonesOfSubnets(subject, half.endpoint.subnets);
  return mapped(together(balancersOf(subject).map(({ zones }) => zones)), (zones) => asSet(zones.flat()));
}

/** Where the spec chooses them. */
export function zonesPath({ half }: CheckSubject): Path {
  return [...pathOf(half), half.role === "consumer" ? "subnets" : "loadBalancers"];
}
