import { newHex } from "../ids.ts";
import { AwsError, type Call, type Tree } from "../operation.ts";
import { text, texts } from "../params.ts";
import type { TargetGroup } from "../world.ts";
import { members } from "../xml.ts";
import { arnPrefix, checkArn, findLoadBalancer, findTargetGroup, loadBalancersUsing } from "./find.ts";
import { changedHealthCheck, newHealthCheck } from "./health-checks.ts";
import { badConfiguration, checkName, here, invalid, need, numberIn, oneOf, sameSet } from "./input.ts";
import { page } from "./pages.ts";
import { checkQuota } from "./quotas.ts";
import { readTags } from "./tags.ts";

const protocols = ["TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC", "HTTP", "HTTPS"] as const;

/** CreateTargetGroup. The name is the identity: the same request again answers with the existing one, another one is refused. */
export function createTargetGroup(call: Call): Tree {
  const wanted = readWanted(call);
  const region = here(call);
  const there = Object.values(region.targetGroups).find((each) => each.name === wanted.name);
  if (there && !isSame(there, wanted)) {
    throw new AwsError(
      "DuplicateTargetGroupName",
      `A target group with the same name '${wanted.name}' exists, but with different settings`,
    );
  }
  const group = there ?? make(call, wanted);
  return { TargetGroups: members([tree(call, group)]) };
}

function make(call: Call, wanted: TargetGroup): TargetGroup {
  const region = here(call);
  const count = Object.keys(region.targetGroups).length;
  checkQuota(call, "target-groups", count + 1, "TooManyTargetGroups", "target groups");
  const arn = `${arnPrefix(call)}:targetgroup/${wanted.name}/${newHex(call.world, "targetgroup", 16)}`;
  const group = { ...wanted, arn };
  region.targetGroups[arn] = group;
  return group;
}

/** The target group that the request describes, still without an ARN. @throws AwsError */
function readWanted(call: Call): TargetGroup {
  const { params } = call;
  const name = need(params, "Name");
  checkName("target group", name);
  const targetType = oneOf(params, "TargetType", ["instance", "ip", "alb"]) ?? "instance";
  const protocol = oneOf(params, "Protocol", protocols);
  if (!protocol) throw invalid("A protocol must be specified");
  const port = numberIn(params, "Port", 1, 65535);
  if (port === undefined) throw invalid("A port must be specified");
  const vpcId = text(params, "VpcId");
  if (!vpcId) throw invalid("A VPC ID must be specified");
  if (!here(call).vpcs[vpcId]) throw invalid(`The VPC ID '${vpcId}' is not found`);
  if (targetType === "alb" && protocol !== "TCP") {
    throw badConfiguration(`Target type 'alb' is not supported for target groups with the ${protocol} protocol`);
  }
  const healthCheck = newHealthCheck(params, protocol, targetType);
  const ipAddressType = oneOf(params, "IpAddressType", ["ipv4", "ipv6"]) ?? "ipv4";
  const tags = readTags(params);
  return {
    arn: "",
    name,
    protocol,
    port,
    vpcId,
    targetType,
    ipAddressType,
    healthCheck,
    attributes: {},
    targets: [],
    tags,
  };
}

function isSame(there: TargetGroup, wanted: TargetGroup): boolean {
  return settings(there) === settings(wanted) && sameSet(tagList(there), tagList(wanted));
}

function settings({ protocol, port, vpcId, targetType, ipAddressType, healthCheck }: TargetGroup): string {
  return JSON.stringify([protocol, port, vpcId, targetType, ipAddressType, Object.entries(healthCheck).sort()]);
}

function tagList({ tags }: TargetGroup): string[] {
  return Object.entries(tags).map((entry) => JSON.stringify(entry));
}

function tree(call: Call, group: TargetGroup): Tree {
  const { healthCheck: check } = group;
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    Port: group.port,
    VpcId: group.vpcId,
    HealthCheckProtocol: check.protocol,
    HealthCheckPort: check.port,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: check.intervalSeconds,
    HealthCheckTimeoutSeconds: check.timeoutSeconds,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    HealthCheckPath: check.path,
    Matcher: check.matcher === undefined ? undefined : { HttpCode: check.matcher },
    LoadBalancerArns: members(loadBalancersUsing(here(call), group.arn)),
    TargetType: group.targetType,
    ProtocolVersion: group.protocol === "HTTP" || group.protocol === "HTTPS" ? "HTTP1" : undefined,
    IpAddressType: group.ipAddressType,
  };
}

/** DescribeTargetGroups: by load balancer, ARNs or names (one that is unknown refuses all), or everything in pages. */
export function describeTargetGroups(call: Call): Tree {
  const { shown, next } = choose(call);
  return { TargetGroups: members(shown.map((group) => tree(call, group))), NextMarker: next };
}

function choose(call: Call): { shown: TargetGroup[]; next: string | undefined } {
  const balancer = text(call.params, "LoadBalancerArn");
  const arns = texts(call.params, "TargetGroupArns");
  const names = texts(call.params, "Names");
  if ([balancer ?? "", arns[0] ?? "", names[0] ?? ""].filter((each) => each !== "").length > 1) {
    throw invalid("Only one of load balancer ARN, target group ARNs and target group names can be specified");
  }
  const all = Object.values(here(call).targetGroups);
  if (balancer) {
    findLoadBalancer(call, balancer);
    const used = all.filter((group) => loadBalancersUsing(here(call), group.arn).includes(balancer));
    return page(call, used, (group) => group.arn);
  }
  for (const arn of arns) checkArn(arn, "targetgroup", "target group");
  const asked = arns.length > 0 ? arns : names;
  if (asked.length === 0) return page(call, all, (group) => group.arn);
  const found = asked.map((key) => all.find((group) => group.arn === key || group.name === key));
  const missing = asked.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return { shown: found.flatMap((group) => group ?? []), next: undefined };
  throw new AwsError("TargetGroupNotFound", `Target groups '[${missing.join(", ")}]' not found`);
}

/** ModifyTargetGroup: only the health check can be changed. */
export function modifyTargetGroup(call: Call): Tree {
  const group = findTargetGroup(call, need(call.params, "TargetGroupArn"));
  group.healthCheck = changedHealthCheck(call.params, group);
  return { TargetGroups: members([tree(call, group)]) };
}

/** DeleteTargetGroup: refused while a listener uses it; one that is gone already is no error. */
export function deleteTargetGroup(call: Call): Tree {
  const arn = need(call.params, "TargetGroupArn");
  checkArn(arn, "targetgroup", "target group");
  const region = here(call);
  if (loadBalancersUsing(region, arn).length > 0) {
    throw new AwsError("ResourceInUse", `Target group '${arn}' is currently in use by a listener or a rule`);
  }
  delete region.targetGroups[arn];
  return {};
}
