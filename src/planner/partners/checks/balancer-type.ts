import { argsSchema, wordSchema } from "./arguments.ts";
import { balancersOf } from "./facts/balancers.ts";
import { type Check, PROVIDER } from "./subject.ts";
import { fails, HOLDS, judged } from "./verdict.ts";

/** `type`: which sort of load balancer the service has to stand behind. */
export const balancerType: Check<{ readonly type: string }> = {
  roles: PROVIDER,
  schema: argsSchema({ type: wordSchema("network", "gateway") }, ["type"]),
  judge: ({ type: wanted }, subject) =>
    balancersOf(subject).flatMap(({ label, at, type }) =>
      judged(type, at, (is) => (is === wanted ? HOLDS : fails(`${label} is of type ${is}, not ${wanted}`, at))),
    ),
};
