import { argsSchema, wordsSchema } from "./arguments.ts";
import { type Check, CONSUMER, nounOf } from "./subject.ts";
import { fails, HOLDS, listed } from "./verdict.ts";

/** `allowed`: the IP address types that the endpoint may have. */
export const endpointIpAddressType: Check<{ readonly allowed: readonly string[] }> = {
  roles: CONSUMER,
  schema: argsSchema({ allowed: wordsSchema("ipv4", "dualstack", "ipv6") }, ["allowed"]),
  judge({ allowed }, { half }) {
    if (half.role !== "consumer") return HOLDS;
    const { ipAddressType: type = "ipv4" } = half.endpoint;
    if (allowed.includes(type)) return HOLDS;
    return fails(`${nounOf(half)} is ${type}, not ${listed(allowed)}`, ["endpoints", half.index, "ipAddressType"]);
  },
};
