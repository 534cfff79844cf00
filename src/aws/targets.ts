import {
  DeregisterTargetsCommand,
  RegisterTargetsCommand,
  type TargetDescription,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Aws } from "./aws.ts";
import type { Reads } from "./reads.ts";
import { lower } from "./states.ts";

/** AWS names no limit for one call; this many are known to pass. */
const TARGETS_PER_CALL = 100;

/**
 * The registrations of a target group as sorted `id:port`; undefined unless a spec lists them, because then they belong to somebody else.
 * A draining target is on its way out and counts as gone.
 */
export async function targetsOf(reads: Reads, group: TargetGroup): Promise<string[] | undefined> {
  const { TargetGroupArn = "", TargetGroupName = "", Port } = group;
  if (!reads.wanted.targetGroupsWithTargets.includes(TargetGroupName)) return undefined;
  const descriptions = await reads.targetHealth(TargetGroupArn);
  const staying = descriptions.filter(({ TargetHealth }) => lower(TargetHealth?.State) !== "draining");
  return [...new Set(staying.map(({ Target }) => `${Target?.Id}:${Target?.Port ?? Port}`))].sort();
}

/** Registers targets, each `id:port`; one that is registered already stays so. */
export async function registerTargets(aws: Aws, TargetGroupArn: string, targets: readonly string[]): Promise<void> {
  for (const Targets of calls(targets)) await aws.elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
}

/** Deregisters targets, each `id:port` with the very port that it was registered with. */
export async function deregisterTargets(aws: Aws, TargetGroupArn: string, targets: readonly string[]): Promise<void> {
  for (const Targets of calls(targets)) await aws.elbv2.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));
}

/** An id may hold colons itself (IPv6 addresses, ARNs): the port stands behind the last one. */
function calls(targets: readonly string[]): TargetDescription[][] {
  const all = targets.map((target) => {
    const colon = target.lastIndexOf(":");
    return { Id: target.slice(0, colon), Port: Number(target.slice(colon + 1)) };
  });
  return Array.from({ length: Math.ceil(all.length / TARGETS_PER_CALL) }, (_, index) =>
    all.slice(index * TARGETS_PER_CALL, (index + 1) * TARGETS_PER_CALL),
  );
}
