import type { Call, Tree } from "../operation.ts";
import type { TargetGroup } from "../world.ts";
import { type Attribute, type Attributes, attributesTree, boolean, fixed, readAttributes } from "./attributes.ts";
import { findTargetGroup } from "./find.ts";
import { need } from "./input.ts";

const healthCount: Attribute = { fallback: "1", allowed: /^(off|[1-9]\d{0,3})$/ };
const healthPercentage: Attribute = { fallback: "off", allowed: /^(off|[1-9]\d?|100)$/ };

const shared: Attributes = {
  "deregistration_delay.timeout_seconds": {
    fallback: "300",
    allowed: /^([0-9]|[1-9]\d{1,2}|[12]\d{3}|3[0-5]\d\d|3600)$/,
  },
  "load_balancing.cross_zone.enabled": {
    fallback: "use_load_balancer_configuration",
    allowed: /^(true|false|use_load_balancer_configuration)$/,
  },
  "stickiness.enabled": boolean("false"),
  "target_group_health.dns_failover.minimum_healthy_targets.count": healthCount,
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": healthPercentage,
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": {
    ...healthCount,
    allowed: /^[1-9]\d{0,3}$/,
  },
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": healthPercentage,
};

const application: Attributes = {
  ...shared,
  "load_balancing.algorithm.type": {
    fallback: "round_robin",
    allowed: /^(round_robin|least_outstanding_requests|weighted_random)$/,
  },
  "slow_start.duration_seconds": { fallback: "0", allowed: /^(0|[3-9]\d|[1-8]\d\d|900)$/ },
  "stickiness.lb_cookie.duration_seconds": { fallback: "86400", allowed: /^[1-9]\d{0,5}$/ },
  "stickiness.type": { fallback: "lb_cookie", allowed: /^(lb_cookie|app_cookie)$/ },
};

/** What AWS calls disabled for addresses reached over TCP or TLS is enabled, and for UDP cannot be otherwise, for everything else. */
function network(group: TargetGroup): Attributes {
  const datagrams = group.protocol === "UDP" || group.protocol === "TCP_UDP";
  const hidesClients = group.targetType === "ip" && !datagrams;
  return {
    ...shared,
    "deregistration_delay.connection_termination.enabled": boolean(datagrams ? "true" : "false"),
    "preserve_client_ip.enabled":
      datagrams || group.targetType === "alb" ? fixed("true") : boolean(hidesClients ? "false" : "true"),
    "proxy_protocol_v2.enabled": boolean("false"),
    "stickiness.type": { fallback: "source_ip", allowed: /^source_ip$/ },
    "target_health_state.unhealthy.connection_termination.enabled": datagrams ? fixed("false") : boolean("true"),
    "target_health_state.unhealthy.draining_interval_seconds": { fallback: "0", allowed: /^\d{1,6}$/ },
  };
}

function attributesOf(group: TargetGroup): Attributes {
  return group.protocol === "HTTP" || group.protocol === "HTTPS" ? application : network(group);
}

/** DescribeTargetGroupAttributes: all of them, set or not. */
export function describeTargetGroupAttributes(call: Call): Tree {
  const group = findTargetGroup(call, need(call.params, "TargetGroupArn"));
  return attributesTree(attributesOf(group), group.attributes);
}

/** ModifyTargetGroupAttributes: keeps what is not named. */
export function modifyTargetGroupAttributes(call: Call): Tree {
  const group = findTargetGroup(call, need(call.params, "TargetGroupArn"));
  const known = attributesOf(group);
  group.attributes = { ...group.attributes, ...readAttributes(call, "target group", known) };
  return attributesTree(known, group.attributes);
}
