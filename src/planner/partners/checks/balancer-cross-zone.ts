import { argsSchema, flagSchema } from "./arguments.ts";
import { balancersOf } from "./facts/balancers.ts";
import { type Check, PROVIDER } from "./subject.ts";
import { both, fails, judged, type Verdict } from "./verdict.ts";

/** `must`: whether each zone's address sends to targets in all zones; a target group may say otherwise than its load balancer. */
export const balancerCrossZone: Check<{ readonly must: boolean }> = {
  roles: PROVIDER,
  schema: argsSchema({ must: flagSchema }, ["must"]),
  needs: ["balancers"],
  judge: ({ must }, subject) =>
    balancersOf(subject).flatMap((balancer) =>
      judged(both(balancer.crossZone, balancer.listeners), balancer.at, ([crossZone, listeners]) =>
        listeners.flatMap(({ port, targetGroups, at }): readonly Verdict[] =>
          targetGroups
            .map((group) => (/^(true|false)$/.test(group.crossZone) ? group.crossZone === "true" : crossZone))
            .filter((is) => is !== must)
            .flatMap((is) =>
              fails(
                `behind the listener ${port} of ${balancer.label}, a zone's address sends to targets in ${is ? "all zones" : "its own zone only"}`,
                at,
              ),
            ),
        ),
      ),
    ),
};
