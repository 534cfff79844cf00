import { hexOf } from "./ids.ts";
import type { Region, SecurityGroup, SecurityGroupRule, Vpc } from "./world.ts";

/** Adds a security group with the rule that AWS gives every new one: all traffic out. */
export function addGroup(region: Region, group: SecurityGroup): void {
  region.securityGroups[group.id] = group;
  addRule(region, { ...everything(group.id, "egress"), egress: true, cidrIpv4: "0.0.0.0/0" });
}

/** Adds the group that each VPC has from its beginning: named `default`, open to its own members. */
export function addDefaultGroup(region: Region, vpc: Vpc): void {
  const id = `sg-0${hexOf(`default/${vpc.id}`, 16)}`;
  addGroup(region, { id, name: "default", description: "default VPC security group", vpcId: vpc.id, tags: {} });
  addRule(region, { ...everything(id, "ingress"), egress: false, referencedGroupId: id });
}

function addRule(region: Region, rule: SecurityGroupRule): void {
  region.securityGroupRules[rule.id] = rule;
}

/** A rule for every protocol and port; its id depends on the group alone. */
function everything(groupId: string, direction: string): Omit<SecurityGroupRule, "egress"> {
  const id = `sgr-0${hexOf(`${direction}/${groupId}`, 16)}`;
  return { id, groupId, protocol: "-1", fromPort: -1, toPort: -1, tags: {} };
}
