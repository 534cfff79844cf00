import { AwsError, type Call, type Tree } from "../operation.ts";
import { type Struct, structs } from "../params.ts";
import type { Target, TargetGroup } from "../world.ts";
import { members } from "../xml.ts";
import { findTargetGroup, loadBalancersUsing } from "./find.ts";
import { here, invalid, need } from "./input.ts";
import { checkQuota } from "./quotas.ts";
import { checkedTarget, readTarget } from "./target-input.ts";

/** RegisterTargets: all of them or none; one that is registered already stays as it is. */
export function registerTargets(call: Call): Tree {
  const group = findTargetGroup(call, need(call.params, "TargetGroupArn"));
  const asked = namedTargets(call.params, group).map((target) => checkedTarget(call, group, target));
  const added = asked.filter((target, index) => !find(active(group), target) && find(asked, target) === asked[index]);
  const count = active(group).length + added.length;
  if (group.targetType === "alb" && count > 1)
    throw new AwsError("TooManyTargets", "An 'alb' target group can have one target");
  checkQuota(call, "targets-per-target-group", count, "TooManyTargets", "targets in a target group");
  for (const target of added) {
    const { intervalSeconds, healthyThreshold } = group.healthCheck;
    group.targets = group.targets.filter((each) => !same(each, target));
    group.targets.push({ ...target, settle: call.clock.settle(intervalSeconds * healthyThreshold) });
  }
  return {};
}

/** DeregisterTargets: they drain for a while; one that is not registered is no error. */
export function deregisterTargets(call: Call): Tree {
  const group = findTargetGroup(call, need(call.params, "TargetGroupArn"));
  const delay = group.attributes["deregistration_delay.timeout_seconds"] ?? "300";
  for (const asked of namedTargets(call.params, group)) {
    const target = find(active(group), asked);
    if (target) target.draining = call.clock.settle(Number(delay));
  }
  return {};
}

function namedTargets(params: Struct, group: TargetGroup): Target[] {
  const targets = structs(params, "Targets").map((each) => readTarget(each, group));
  if (targets.length === 0) throw invalid("At least one target must be specified");
  return targets;
}

function active(group: TargetGroup): Target[] {
  return group.targets.filter((target) => target.draining === undefined);
}

function find(targets: readonly Target[], wanted: Target): Target | undefined {
  return targets.find((target) => same(target, wanted));
}

function same(a: Target, b: Target): boolean {
  return a.id === b.id && a.port === b.port;
}

interface Health {
  State: string;
  Reason?: string;
  Description?: string;
}

const notRegistered: Health = {
  State: "unused",
  Reason: "Target.NotRegistered",
  Description: "Target is not registered to the target group",
};
const notInUse: Health = {
  State: "unused",
  Reason: "Target.NotInUse",
  Description: "Target group is not configured to receive traffic from the load balancer",
};
const zoneNotEnabled: Health = {
  State: "unused",
  Reason: "Target.NotInUse",
  Description: "Target is in an Availability Zone that is not enabled for the load balancer",
};
const draining: Health = {
  State: "draining",
  Reason: "Target.DeregistrationInProgress",
  Description: "Target deregistration is in progress",
};
const initial: Health = {
  State: "initial",
  Reason: "Elb.InitialHealthChecking",
  Description: "Initial health checks in progress",
};

/** DescribeTargetHealth: of the named targets or of all, those that drain included. */
export function describeTargetHealth(call: Call): Tree {
  const group = findTargetGroup(call, need(call.params, "TargetGroupArn"));
  const drained = group.targets.filter((target) => target.draining && call.clock.look(target.draining));
  group.targets = group.targets.filter((target) => !drained.includes(target));
  const named = structs(call.params, "Targets").map((each) => readTarget(each, group));
  const shown = named.length > 0 ? named.map((each) => find(group.targets, each) ?? each) : group.targets;
  return { TargetHealthDescriptions: members(shown.map((target) => description(call, group, target))) };
}

function description(call: Call, group: TargetGroup, target: Target): Tree {
  const checkPort = group.healthCheck.port === "traffic-port" ? String(target.port) : group.healthCheck.port;
  const health = group.targets.includes(target) ? healthOf(call, group, target) : notRegistered;
  return {
    Target: { Id: target.id, Port: target.port, AvailabilityZone: target.az },
    HealthCheckPort: checkPort,
    TargetHealth: { ...health },
  };
}

/** Health checks begin once a load balancer uses the group: until then the countdown to healthy stands still. */
function healthOf(call: Call, group: TargetGroup, target: Target): Health {
  if (target.draining) return draining;
  const region = here(call);
  const balancers = loadBalancersUsing(region, group.arn).flatMap((arn) => region.loadBalancers[arn] ?? []);
  if (balancers.length === 0) return notInUse;
  const zones = balancers.flatMap((each) => each.subnetIds.map((id) => region.subnets[id]?.az));
  if (target.az !== undefined && target.az !== "all" && !zones.includes(target.az)) return zoneNotEnabled;
  if (target.settle && !call.clock.look(target.settle)) return initial;
  delete target.settle;
  if (target.unhealthy === undefined) return { State: "healthy" };
  return { State: "unhealthy", Reason: "Target.FailedHealthChecks", Description: target.unhealthy };
}
