import { argsSchema, flagSchema } from "./arguments.ts";
import { type Check, CONSUMER, nounOf } from "./subject.ts";
import { fails, HOLDS } from "./verdict.ts";

/** `must`: whether the endpoint has to take the service's private DNS name, or must not. */
export const endpointPrivateDns: Check<{ readonly must: boolean }> = {
  roles: CONSUMER,
  schema: argsSchema({ must: flagSchema }, ["must"]),
  judge({ must }, { half }) {
    if (half.role !== "consumer" || (half.endpoint.privateDns ?? false) === must) return HOLDS;
    return fails(`${nounOf(half)} has privateDns: ${!must}`, ["endpoints", half.index, "privateDns"]);
  },
};
