import { argsSchema, wordSchema } from "./arguments.ts";
import { balancersOf } from "./facts/balancers.ts";
import { type Check, PROVIDER } from "./subject.ts";
import { fails, HOLDS, judged } from "./verdict.ts";

/**
 * `must`: whether the inbound rules of the load balancers' security groups hold for PrivateLink traffic. Without security groups there are no
 * rules that could, which is as good as `off`.
 */
export const balancerInboundRules: Check<{ readonly must: "on" | "off" }> = {
  roles: PROVIDER,
  schema: argsSchema({ must: wordSchema("on", "off") }, ["must"]),
  needs: ["balancers"],
  judge: ({ must }, subject) =>
    balancersOf(subject).flatMap(({ label, at, inboundRules }) =>
      judged(inboundRules, at, (is) => {
        if (is === must || (is === "none" && must === "off")) return HOLDS;
        const found =
          is === "none"
            ? `${label} has no security groups, so no rules hold`
            : `the inbound rules of ${label} ${is === "on" ? "hold" : "do not hold"} for PrivateLink traffic`;
        return fails(found, at);
      }),
    ),
};
