import { paginateDescribeVpcEndpointServiceConfigurations } from "@aws-sdk/client-ec2";
import { DescribeTargetGroupsCommand, paginateDescribeListeners } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Aws } from "./aws.ts";
import { forwardsTo } from "./elb-owned.ts";

/** Who is in the way of a deletion that AWS refuses with `ResourceInUse`: it names nobody itself. */

/** The listeners that send to a target group, by ARN; empty when AWS has only not forgotten yet. */
export async function listenersUsing(aws: Aws, targetGroupArn: string): Promise<string[]> {
  const { TargetGroups = [] } = await aws.elbv2.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }),
  );
  const found: string[] = [];
  for (const LoadBalancerArn of TargetGroups.flatMap(({ LoadBalancerArns }) => LoadBalancerArns ?? [])) {
    for await (const page of paginateDescribeListeners({ client: aws.elbv2 }, { LoadBalancerArn })) {
      const using = (page.Listeners ?? []).filter((listener) => forwardsTo(listener).includes(targetGroupArn));
      found.push(...using.map(({ ListenerArn = "", Port }) => `${ListenerArn} (port ${Port})`));
    }
  }
  return found;
}

/** The endpoint services of the account that a load balancer stands behind, by id. */
export async function servicesUsing(aws: Aws, loadBalancerArn: string): Promise<string[]> {
  const found: string[] = [];
  for await (const page of paginateDescribeVpcEndpointServiceConfigurations({ client: aws.ec2 }, {})) {
    const using = (page.ServiceConfigurations ?? []).filter((service) =>
      service.NetworkLoadBalancerArns?.includes(loadBalancerArn),
    );
    found.push(...using.map(({ ServiceId = "" }) => ServiceId));
  }
  return found;
}

export const inTheWay = (names: readonly string[]): string =>
  names.length === 0
    ? "in the way: nobody that AWS lists now, so trying again may be enough"
    : `in the way: ${names.join(", ")}. Remove it or let it use something else, then run again`;
