import { argsSchema, wordSchema } from "./arguments.ts";
import { balancersOf } from "./facts/balancers.ts";
import { type Check, PROVIDER } from "./subject.ts";
import { fails, HOLDS, judged } from "./verdict.ts";

/** `scheme`: whether the load balancers have to be internal or internet-facing. */
export const balancerScheme: Check<{ readonly scheme: string }> = {
  roles: PROVIDER,
  schema: argsSchema({ scheme: wordSchema("internal", "internet-facing") }, ["scheme"]),
  judge: ({ scheme: wanted }, subject) =>
    balancersOf(subject).flatMap(({ label, at, scheme }) =>
      judged(scheme, at, (is) => (is === wanted ? HOLDS : fails(`${label} is ${is}, not ${wanted}`, at))),
    ),
};
