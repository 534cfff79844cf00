import type { LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import { keptAttributes } from "../aws/balancer-settings.ts";
import { forwardsTo } from "../aws/elb-owned.ts";
import { formatIngress, ingressOf } from "../aws/ingress.ts";
import type { Reads } from "../aws/reads.ts";
import { lower } from "../aws/states.ts";
import type { BalancerDetails, IngressFact, SecurityGroupFact } from "../model.ts";

/** Zones, settings and listeners of a load balancer that somebody else manages. */
export async function readDetails(reads: Reads, balancer: LoadBalancer): Promise<BalancerDetails> {
  const arn = balancer.LoadBalancerArn ?? "";
  const subnetIds = (balancer.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []);
  const [subnets, attributes, listeners] = await Promise.all([
    reads.subnets([...subnetIds].sort()),
    reads.loadBalancerAttributes(arn),
    readListeners(reads, arn),
  ]);
  const { SecurityGroups, EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: enforced = "on" } = balancer;
  return {
    azIds: [...new Set(subnets.flatMap(({ AvailabilityZoneId }) => AvailabilityZoneId ?? []))].sort(),
    crossZone: keptAttributes(attributes).crossZone,
    inboundRules: SecurityGroups?.length ? lower(enforced) : "none",
    listeners,
  };
}

async function readListeners(reads: Reads, arn: string): Promise<BalancerDetails["listeners"]> {
  const listeners = await reads.listeners(arn);
  const perListener = listeners.map(async (listener) => ({
    port: listener.Port ?? 0,
    protocol: listener.Protocol ?? "",
    targetGroups: await readTargetGroups(reads, forwardsTo(listener)),
  }));
  return (await Promise.all(perListener)).sort((a, b) => a.port - b.port);
}

async function readTargetGroups(
  reads: Reads,
  arns: readonly string[],
): Promise<BalancerDetails["listeners"][number]["targetGroups"]> {
  const groups = await reads.targetGroupsByArn(arns);
  return Promise.all(
    groups.map(async ({ TargetGroupArn = "", Protocol = "", HealthCheckPort = "" }) => ({
      protocol: Protocol,
      healthCheckPort: HealthCheckPort,
      crossZone:
        (await reads.targetGroupAttributes(TargetGroupArn)).get("load_balancing.cross_zone.enabled") ??
        "use_load_balancer_configuration",
    })),
  );
}

/** The rules of security groups that endpoints refer to by id, and of all that specs may mean by name or tags. */
export async function readIngress(
  reads: Reads,
  chosen: readonly SecurityGroupFact[] = [],
): Promise<IngressFact[] | undefined> {
  const { ingress = [], ingressOfChosen = false } = reads.wanted.forPartners ?? {};
  const ids = [...new Set([...ingress, ...(ingressOfChosen ? chosen.map(({ id }) => id) : [])])].sort();
  if (ids.length === 0) return undefined;
  const [groups, rules] = await Promise.all([
    reads.securityGroups([{ Name: "group-id", Values: ids }]),
    reads.securityGroupRules(ids),
  ]);
  // A group that is not there has no rules either: only those that are there are told of.
  const there = ids.filter((id) => groups.some(({ GroupId }) => GroupId === id));
  return there.map((groupId) => ({
    groupId,
    rules: rules
      .filter((rule) => rule.GroupId === groupId && !rule.IsEgress)
      .map((rule) => formatIngress(ingressOf(rule)))
      .sort(),
  }));
}
