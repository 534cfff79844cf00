import { AwsError, type Call, type Tree } from "../operation.ts";
import { findZone } from "./find.ts";
import { invalidInput, mine, need } from "./input.ts";

/** Route 53's default quotas by its own names. */
const defaults = {
  MAX_HOSTED_ZONES_BY_OWNER: 500,
  MAX_RRSETS_BY_ZONE: 10_000,
  MAX_VPCS_ASSOCIATED_BY_ZONE: 300,
} as const;

/** What the account may have of something; an account of the world can have raised quotas. */
export function quota(call: Call, name: keyof typeof defaults): number {
  return mine(call).quotas?.[name] ?? defaults[name];
}

/** GetHostedZoneLimit: the limit and how much of it is used. */
export function getHostedZoneLimit(call: Call): Tree {
  const zone = findZone(call, need(call.params, "Id"));
  const type = need(call.params, "Type");
  if (type === "MAX_RRSETS_BY_ZONE") return limit(call, type, zone.records.length);
  if (type !== "MAX_VPCS_ASSOCIATED_BY_ZONE") throw invalidInput(`The limit type '${type}' is not valid`);
  if (!zone.private) throw new AwsError("HostedZoneNotPrivate", `The hosted zone ${zone.id} is not private`);
  return limit(call, type, zone.vpcs.length);
}

function limit(call: Call, type: keyof typeof defaults, count: number): Tree {
  return { Limit: { Type: type, Value: quota(call, type) }, Count: count };
}
