import type { LoadBalancer, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { forwardsTo, loadBalancersByMark } from "../aws/elb-owned.ts";
import type { Reads } from "../aws/reads.ts";
import { ownedServices, proofRequestOf } from "../aws/services.ts";
import { lower } from "../aws/states.ts";
import type { HealthFacts, TargetHealthFact } from "../model.ts";

/**
 * How the load balancers behind our services fare, whether they are ours or only referred to. Costs one call for each load balancer that is
 * not ours and one for each target group, so only `landline status` asks for it.
 */
export async function readHealth(reads: Reads): Promise<HealthFacts> {
  const services = (await ownedServices(reads)).map(({ service }) => service);
  const arns = [...new Set(services.flatMap(({ NetworkLoadBalancerArns = [] }) => NetworkLoadBalancerArns))].sort();
  const found = await (reads.wanted.connections ? reads.loadBalancersByArn(arns) : reads.loadBalancers());
  const balancers = found.filter(({ LoadBalancerArn = "" }) => arns.includes(LoadBalancerArn));
  return {
    ...(await healthBehind(reads, balancers)),
    verifications: services.flatMap((service) => {
      const request = proofRequestOf(service);
      return request ? [{ serviceId: service.ServiceId ?? "", name: request.name, state: request.state }] : [];
    }),
  };
}

/** The same of some load balancers only, ours by address and others by ARN: a partner's check asks for them. */
export async function readHealthOf(reads: Reads, asked: readonly string[]): Promise<HealthFacts> {
  const arns = asked.filter((one) => one.startsWith("arn:"));
  const [{ ours }, others] = await Promise.all([
    loadBalancersByMark(reads),
    arns.length === 0 ? [] : reads.wanted.connections ? reads.loadBalancersByArn(arns) : reads.loadBalancers(),
  ]);
  const balancers = [
    ...ours.filter(({ owner }) => asked.includes(owner.address)).map(({ item }) => item),
    ...others.filter(({ LoadBalancerArn = "" }) => arns.includes(LoadBalancerArn)),
  ];
  return { ...(await healthBehind(reads, balancers)), verifications: [] };
}

async function healthBehind(
  reads: Reads,
  balancers: readonly LoadBalancer[],
): Promise<Pick<HealthFacts, "loadBalancers" | "targets">> {
  const perBalancer = await Promise.all(
    balancers.map(async ({ LoadBalancerArn: arn = "", State }) => {
      const targetGroupArns = [...new Set((await reads.listeners(arn)).flatMap(forwardsTo))].sort();
      const targets = await Promise.all(targetGroupArns.map((group) => targetsOf(reads, arn, group)));
      return { balancer: { arn, state: lower(State?.Code), targetGroupArns }, targets: targets.flat() };
    }),
  );
  return {
    loadBalancers: perBalancer.map(({ balancer }) => balancer).sort((a, b) => (a.arn < b.arn ? -1 : 1)),
    targets: perBalancer.flatMap(({ targets }) => targets),
  };
}

async function targetsOf(reads: Reads, loadBalancerArn: string, targetGroupArn: string): Promise<TargetHealthFact[]> {
  const found = (await reads.targetHealth(targetGroupArn)).map((one) => fact(one, loadBalancerArn, targetGroupArn));
  return found.sort((a, b) => (a.target < b.target ? -1 : 1));
}

function fact(
  { Target, TargetHealth }: TargetHealthDescription,
  loadBalancerArn: string,
  targetGroupArn: string,
): TargetHealthFact {
  const { State, Reason, Description } = TargetHealth ?? {};
  return {
    loadBalancerArn,
    targetGroupArn,
    target: Target?.Port === undefined ? (Target?.Id ?? "") : `${Target.Id}:${Target.Port}`,
    state: lower(State),
    ...(Reason ? { reason: Reason } : {}),
    ...(Description ? { description: Description } : {}),
  };
}

/** What reading them needs besides what the kinds declare. */
export const healthActions: readonly string[] = [
  "ec2:DescribeVpcEndpointServiceConfigurations",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeTargetHealth",
];
