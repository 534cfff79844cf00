import type { Call, Tree } from "../operation.ts";
import type { LoadBalancer } from "../world.ts";
import { type Attributes, anyText, attributesTree, boolean, effective, readAttributes } from "./attributes.ts";
import { findLoadBalancer } from "./find.ts";
import { badConfiguration, need } from "./input.ts";

const shared: Attributes = {
  "access_logs.s3.bucket": anyText,
  "access_logs.s3.enabled": boolean("false"),
  "access_logs.s3.prefix": anyText,
  "deletion_protection.enabled": boolean("false"),
  "zonal_shift.config.enabled": boolean("false"),
};

const network: Attributes = {
  ...shared,
  "dns_record.client_routing_policy": {
    fallback: "any_availability_zone",
    allowed: /^(any_availability_zone|availability_zone_affinity|partial_availability_zone_affinity)$/,
  },
  "load_balancing.cross_zone.enabled": boolean("false"),
  "secondary_ips.auto_assigned.per_subnet": { fallback: "0", allowed: /^[0-7]$/ },
};

const application: Attributes = {
  ...shared,
  "client_keep_alive.seconds": { fallback: "3600", allowed: /^\d{2,6}$/ },
  "idle_timeout.timeout_seconds": { fallback: "60", allowed: /^\d{1,4}$/ },
  "load_balancing.cross_zone.enabled": boolean("true"),
  "routing.http.drop_invalid_header_fields.enabled": boolean("false"),
  "routing.http.preserve_host_header.enabled": boolean("false"),
  "routing.http2.enabled": boolean("true"),
};

function attributesOf(balancer: LoadBalancer): Attributes {
  const known = balancer.type === "network" ? network : application;
  // Internal load balancers refuse internet gateways from the start.
  return { ...known, "ipv6.deny_all_igw_traffic": boolean(balancer.scheme === "internal" ? "true" : "false") };
}

/** Whether an attribute of the load balancer is switched on. */
export function isOn(balancer: LoadBalancer, key: string): boolean {
  return effective(attributesOf(balancer), balancer.attributes)[key] === "true";
}

/** DescribeLoadBalancerAttributes: all of them, set or not. */
export function describeLoadBalancerAttributes(call: Call): Tree {
  const balancer = findLoadBalancer(call, need(call.params, "LoadBalancerArn"));
  return attributesTree(attributesOf(balancer), balancer.attributes);
}

/** ModifyLoadBalancerAttributes: keeps what is not named. */
export function modifyLoadBalancerAttributes(call: Call): Tree {
  const balancer = findLoadBalancer(call, need(call.params, "LoadBalancerArn"));
  const known = attributesOf(balancer);
  const before = effective(known, balancer.attributes);
  const after = { ...before, ...readAttributes(call, "load balancer", known) };
  checkTogether(before, after);
  balancer.attributes = after;
  return attributesTree(known, after);
}

function checkTogether(before: Record<string, string>, after: Record<string, string>): void {
  if (after["access_logs.s3.enabled"] === "true" && after["access_logs.s3.bucket"] === "") {
    throw badConfiguration("The value of 'access_logs.s3.bucket' cannot be empty while access logs are enabled");
  }
  const secondary = "secondary_ips.auto_assigned.per_subnet";
  if (Number(after[secondary]) < Number(before[secondary])) {
    throw badConfiguration(`The value of '${secondary}' cannot be decreased from ${before[secondary]}`);
  }
}
