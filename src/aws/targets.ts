import { BlockList, isIPv6 } from "node:net";
import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
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
export async function targetsOf(reads: Reads, address: string, group: TargetGroup): Promise<string[] | undefined> {
  const { TargetGroupArn = "", Port } = group;
  if (!reads.wanted.targetGroupsWithTargets.includes(address)) return undefined;
  const descriptions = await reads.targetHealth(TargetGroupArn);
  const staying = descriptions.filter(({ TargetHealth }) => lower(TargetHealth?.State) !== "draining");
  return [...new Set(staying.map(({ Target }) => `${Target?.Id}:${Target?.Port ?? Port}`))].sort();
}

/** A target group as far as registering needs it. */
interface Group {
  readonly arn: string;
  readonly vpcId: string;
  readonly targetType: string;
}

/** Registers targets, each `id:port`; one that is registered already stays so. */
export async function registerTargets(aws: Aws, group: Group, targets: readonly string[]): Promise<void> {
  for (const Targets of await calls(aws, group, targets))
    await aws.elbv2.send(new RegisterTargetsCommand({ TargetGroupArn: group.arn, Targets }));
}

/** Deregisters targets, each `id:port` with the very port that it was registered with. */
export async function deregisterTargets(aws: Aws, group: Group, targets: readonly string[]): Promise<void> {
  for (const Targets of await calls(aws, group, targets))
    await aws.elbv2.send(new DeregisterTargetsCommand({ TargetGroupArn: group.arn, Targets }));
}

/**
 * An id may hold colons itself (IPv6 addresses, ARNs): the port stands behind the last one. AWS wants to be told of an address outside
 * the VPC (on premises, in a peered VPC) that it is for all zones, and refuses that word for one inside.
 */
async function calls(aws: Aws, group: Group, targets: readonly string[]): Promise<TargetDescription[][]> {
  const inside = group.targetType === "ip" && targets.length > 0 ? await rangesOf(aws, group.vpcId) : undefined;
  const all = targets.map((target): TargetDescription => {
    const colon = target.lastIndexOf(":");
    const Id = target.slice(0, colon);
    const outside = inside !== undefined && !inside.check(Id, isIPv6(Id) ? "ipv6" : "ipv4");
    return { Id, Port: Number(target.slice(colon + 1)), ...(outside ? { AvailabilityZone: "all" } : {}) };
  });
  return Array.from({ length: Math.ceil(all.length / TARGETS_PER_CALL) }, (_, index) =>
    all.slice(index * TARGETS_PER_CALL, (index + 1) * TARGETS_PER_CALL),
  );
}

/** The address ranges of a VPC, the ones that were added later included. */
async function rangesOf(aws: Aws, vpcId: string): Promise<BlockList> {
  const { Vpcs = [] } = await aws.ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
  const ranges = new BlockList();
  for (const { CidrBlock, CidrBlockAssociationSet = [], Ipv6CidrBlockAssociationSet = [] } of Vpcs) {
    const blocks = [
      CidrBlock,
      ...CidrBlockAssociationSet.map((association) => association.CidrBlock),
      ...Ipv6CidrBlockAssociationSet.map((association) => association.Ipv6CidrBlock),
    ];
    for (const block of blocks) {
      const [net, bits] = block?.split("/") ?? [];
      if (net && bits) ranges.addSubnet(net, Number(bits), isIPv6(net) ? "ipv6" : "ipv4");
    }
  }
  return ranges;
}
