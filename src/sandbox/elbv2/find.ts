import { AwsError, type Call } from "../operation.ts";
import type { Listener, LoadBalancer, Region, TargetGroup } from "../world.ts";
import { here, invalid } from "./input.ts";

/** The load balancer of that ARN in the caller's account and Region. @throws AwsError LoadBalancerNotFound, ValidationError */
export function findLoadBalancer(call: Call, arn: string): LoadBalancer {
  checkArn(arn, "loadbalancer", "load balancer");
  const found = here(call).loadBalancers[arn];
  if (!found) throw new AwsError("LoadBalancerNotFound", `Load balancer '${arn}' not found`);
  return found;
}

/** The target group of that ARN. @throws AwsError TargetGroupNotFound, ValidationError */
export function findTargetGroup(call: Call, arn: string): TargetGroup {
  checkArn(arn, "targetgroup", "target group");
  const found = here(call).targetGroups[arn];
  if (!found) throw new AwsError("TargetGroupNotFound", `Target group '${arn}' not found`);
  return found;
}

/** The listener of that ARN. @throws AwsError ListenerNotFound, ValidationError */
export function findListener(call: Call, arn: string): Listener {
  checkArn(arn, "listener", "listener");
  const found = here(call).listeners[arn];
  if (!found) throw new AwsError("ListenerNotFound", `Listener '${arn}' not found`);
  return found;
}

/** Refuses what is not an ARN of that sort. @throws AwsError ValidationError */
export function checkArn(arn: string, sort: string, words: string): void {
  if (new RegExp(`^arn:[a-z-]+:elasticloadbalancing:[^:]*:[^:]*:${sort}/`).test(arn)) return;
  throw invalid(`'${arn}' is not a valid ${words} ARN`);
}

/** The start of every ARN made for the caller. */
export function arnPrefix(call: Call): string {
  return `arn:${partition(call.region)}:elasticloadbalancing:${call.region}:${call.account}`;
}

function partition(region: string): string {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return region.startsWith("cn-") ? "aws-cn" : "aws";
}

/** The listeners of one load balancer. */
export function listenersOf(region: Region, loadBalancerArn: string): Listener[] {
  return Object.values(region.listeners).filter((listener) => listener.loadBalancerArn === loadBalancerArn);
}

/** The load balancers that send traffic to a target group: by AWS's rule there is at most one. */
export function loadBalancersUsing(region: Region, targetGroupArn: string): string[] {
  const using = Object.values(region.listeners).filter((listener) => listener.targetGroupArn === targetGroupArn);
  return [...new Set(using.map((listener) => listener.loadBalancerArn))];
}
