import { argsSchema, wordsSchema } from "./arguments.ts";
import { type Check, PROVIDER } from "./subject.ts";
import { fails, HOLDS, listed } from "./verdict.ts";

/** `allowed`: the IP address types that our service may offer. */
export const serviceIpAddressTypes: Check<{ readonly allowed: readonly string[] }> = {
  roles: PROVIDER,
  schema: argsSchema({ allowed: wordsSchema("ipv4", "ipv6") }, ["allowed"]),
  judge({ allowed }, { half }) {
    if (half.role !== "provider") return HOLDS;
    const wrong = (half.service.ipAddressTypes ?? ["ipv4"]).filter((type) => !allowed.includes(type));
    if (wrong.length === 0) return HOLDS;
    return fails(`the service offers ${listed(wrong)}, not only ${listed(allowed)}`, ["service", "ipAddressTypes"]);
  },
};
