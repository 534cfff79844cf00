import { AwsError, type Call, type Tree } from "../operation.ts";
import { accountOf } from "../places.ts";
import { members } from "../xml.ts";
import { page } from "./pages.ts";

/** AWS's default quotas that matter here, by the names of DescribeAccountLimits. */
const defaults = {
  "application-load-balancers": 50,
  "certificates-per-network-load-balancer": 25,
  "listeners-per-application-load-balancer": 50,
  "listeners-per-network-load-balancer": 50,
  "network-load-balancers": 50,
  "target-groups": 3000,
  "targets-per-availability-zone-per-network-load-balancer": 500,
  "targets-per-network-load-balancer": 3000,
  "targets-per-target-group": 1000,
} as const;

export type Quota = keyof typeof defaults;

/** What the account may have of something; an account of the world can have raised quotas. */
export function quota(call: Call, name: Quota): number {
  return accountOf(call.world, call.account).quotas?.[name] ?? defaults[name];
}

/** Refuses one more than the account may have. @throws AwsError with the given code */
export function checkQuota(call: Call, name: Quota, wanted: number, code: string, what: string): void {
  const most = quota(call, name);
  if (wanted > most) throw new AwsError(code, `You have reached the maximum number of ${what}: ${most}`);
}

/** DescribeAccountLimits: the quotas of the account in this Region. */
export function describeAccountLimits(call: Call): Tree {
  const names = Object.keys(defaults).filter((name): name is Quota => name in defaults);
  const { shown, next } = page(call, names, (name) => name);
  return { Limits: members(shown.map((name) => ({ Name: name, Max: quota(call, name) }))), NextMarker: next };
}
