import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { forwardsTo } from "./elb-owned.ts";
import { absentOn } from "./errors.ts";
import type { Reads } from "./reads.ts";
import { lower } from "./states.ts";

/** Whether a target group has a target that answers. */
export const isHealthy = async (reads: Reads, targetGroupArn: string): Promise<boolean> =>
  (await staying(reads, targetGroupArn)).some(({ TargetHealth }) => lower(TargetHealth?.State) === "healthy");

/** Whether a load balancer has a listener whose targets answer. */
export async function carries(reads: Reads, loadBalancerArn: string): Promise<boolean> {
  const healthy = (await groupsBehind(reads, loadBalancerArn)).map((arn) => isHealthy(reads, arn));
  return (await Promise.all(healthy)).includes(true);
}

/** The target groups that the listeners of a load balancer send to. */
export const groupsBehind = async (reads: Reads, loadBalancerArn: string): Promise<string[]> => [
  ...new Set((await reads.listeners(loadBalancerArn)).flatMap(forwardsTo)),
];

/**
 * What keeps a target group from carrying traffic, as a sentence; undefined when a target is healthy, when there is none to wait for, and
 * while no listener uses the group, because then AWS checks nobody's health.
 */
export async function notYetHealthy(reads: Reads, targetGroupArn: string): Promise<string | undefined> {
  const targets = await staying(reads, targetGroupArn);
  if (targets.length === 0) return undefined;
  if (targets.some(({ TargetHealth }) => lower(TargetHealth?.State) === "healthy")) return undefined;
  const [group] = await reads.targetGroupsByArn([targetGroupArn]);
  if (!group || (group.LoadBalancerArns ?? []).length === 0) return undefined;
  return `no target of ${targetGroupArn} is healthy: ${targets.map(words).join(", ")}`;
}

const words = ({ Target, TargetHealth }: TargetHealthDescription): string =>
  `${Target?.Id}:${Target?.Port} is ${lower(TargetHealth?.State)}${TargetHealth?.Reason ? ` (${TargetHealth.Reason})` : ""}`;

/** A target group that is gone has no targets; one that drains is on its way out. */
async function staying(reads: Reads, targetGroupArn: string): Promise<TargetHealthDescription[]> {
  const descriptions = (await absentOn(["TargetGroupNotFound"], () => reads.targetHealth(targetGroupArn))) ?? [];
  return descriptions.filter(({ TargetHealth }) => lower(TargetHealth?.State) !== "draining");
}
