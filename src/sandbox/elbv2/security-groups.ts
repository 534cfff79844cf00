import { AwsError, type Call, type Tree } from "../operation.ts";
import { texts } from "../params.ts";
import { members } from "../xml.ts";
import { findLoadBalancer } from "./find.ts";
import { badConfiguration, here, invalid, need, oneOf } from "./input.ts";
import { interfacesOf } from "./interfaces.ts";

/** Refuses groups that do not exist or belong to another VPC. @throws AwsError InvalidSecurityGroup */
export function checkSecurityGroups(call: Call, ids: readonly string[], vpcId: string): void {
  for (const id of ids) {
    const group = here(call).securityGroups[id];
    if (!group) throw new AwsError("InvalidSecurityGroup", `The security group '${id}' does not exist`);
    if (group.vpcId === vpcId) continue;
    throw new AwsError("InvalidSecurityGroup", `The security group '${id}' does not belong to VPC '${vpcId}'`);
  }
}

/** SetSecurityGroups: the full list, and whether it also holds for PrivateLink traffic. */
export function setSecurityGroups(call: Call): Tree {
  const balancer = findLoadBalancer(call, need(call.params, "LoadBalancerArn"));
  const ids = texts(call.params, "SecurityGroups");
  const enforce = oneOf(call.params, "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", ["on", "off"]);
  if (!balancer.hasSecurityGroups && balancer.type === "network") {
    throw badConfiguration(
      "You cannot set security groups on a Network Load Balancer which was created without any security groups.",
    );
  }
  if (ids.length === 0) throw invalid("At least one security group must be specified");
  checkSecurityGroups(call, ids, balancer.vpcId);
  balancer.securityGroupIds = ids;
  if (enforce) balancer.enforcePrivateLink = enforce;
  for (const each of interfacesOf(call, balancer)) each.securityGroupIds = [...ids];
  return {
    SecurityGroupIds: members(ids),
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: balancer.enforcePrivateLink,
  };
}
