import { argsSchema, flagSchema } from "./arguments.ts";
import { type Check, CONSUMER, nounOf } from "./subject.ts";
import { fails, HOLDS } from "./verdict.ts";

/** `must`: whether the endpoint has to have a policy of its own, or must leave it to AWS's default. */
export const endpointPolicy: Check<{ readonly must: boolean }> = {
  roles: CONSUMER,
  schema: argsSchema({ must: flagSchema }, ["must"]),
  judge({ must }, { half }) {
    if (half.role !== "consumer") return HOLDS;
    const { policy } = half.endpoint;
    const has = policy !== undefined && policy !== null;
    if (has === must) return HOLDS;
    return fails(`${nounOf(half)} has ${has ? "a" : "no"} policy`, ["endpoints", half.index, "policy"]);
  },
};
