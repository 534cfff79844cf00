import { addGroup } from "../groups.ts";
import { newId } from "../ids.ts";
import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { required, text, texts } from "../params.ts";
import type { Region, SecurityGroup } from "../world.ts";
import { items } from "../xml.ts";
import { describe } from "./describe.ts";
import { invalidValue, noGroup } from "./errors.ts";
import { findGroup, findVpc, here } from "./here.ts";
import { interfacesUsing } from "./interfaces.ts";
import { plainText } from "./rule-input.ts";
import { groupBySource, rulesByGroup } from "./rule-view.ts";
import { tagSet, tagsOnCreate } from "./tags.ts";

/** Security groups; their rules have a file of their own. */
export const securityGroups: Operations = {
  DescribeSecurityGroups: describeSecurityGroups,
  CreateSecurityGroup: createSecurityGroup,
  DeleteSecurityGroup: deleteSecurityGroup,
};

function describeSecurityGroups(call: Call): Tree {
  const region = here(call);
  const names = texts(call.params, "GroupName");
  const rules = rulesByGroup(region);
  return describe<SecurityGroup>(call, {
    element: "securityGroupInfo",
    all: Object.values(region.securityGroups).filter(({ name }) => names.length === 0 || names.includes(name)),
    key: (group) => group.id,
    ids: { parameter: "GroupId", missing: noGroup },
    filters: {
      "group-id": (group) => group.id,
      "group-name": (group) => group.name,
      description: (group) => group.description,
      "vpc-id": (group) => group.vpcId,
      "owner-id": () => call.account,
      "ip-permission.cidr": (group) => rules(group.id, false).flatMap((rule) => rule.cidrIpv4 ?? []),
      "ip-permission.group-id": (group) => rules(group.id, false).flatMap((rule) => rule.referencedGroupId ?? []),
      "ip-permission.from-port": (group) => rules(group.id, false).map((rule) => String(rule.fromPort)),
      "ip-permission.to-port": (group) => rules(group.id, false).map((rule) => String(rule.toPort)),
      "ip-permission.protocol": (group) => rules(group.id, false).map((rule) => rule.protocol),
      "egress.ip-permission.cidr": (group) => rules(group.id, true).flatMap((rule) => rule.cidrIpv4 ?? []),
    },
    tags: (group) => group.tags,
    render: (group) => ({
      ownerId: call.account,
      groupId: group.id,
      groupName: group.name,
      groupDescription: group.description,
      vpcId: group.vpcId,
      securityGroupArn: groupArn(call, group.id),
      ipPermissions: groupBySource(call, rules(group.id, false)),
      ipPermissionsEgress: groupBySource(call, rules(group.id, true)),
      tagSet: tagSet(group.tags),
    }),
  });
}

function createSecurityGroup(call: Call): Tree {
  const name = required(call.params, "GroupName");
  const description = required(call.params, "GroupDescription");
  const tags = tagsOnCreate(call, "security-group");
  checkText(name, "groupName");
  checkText(description, "GroupDescription");
  if (/^sg-/i.test(name)) throw invalidValue(name, "groupName", "Group names may not be in the format sg-*.");
  const vpcId = text(call.params, "VpcId");
  if (!vpcId) throw new AwsError("VPCIdNotSpecified", "No default VPC for this user");
  findVpc(call, vpcId);
  const region = here(call);
  refuseDuplicate(region, vpcId, name);
  const id = newId(call.world, "sg-");
  addGroup(region, { id, name, description, vpcId, tags });
  return { groupId: id, tagSet: tagSet(tags), securityGroupArn: groupArn(call, id) };
}

function checkText(value: string, parameter: string): void {
  if (value.length > 255) throw invalidValue(value, parameter, "It has at most 255 characters.");
  if (!plainText.test(value)) {
    throw invalidValue(value, parameter, "Character sets beyond a-zA-Z0-9. _-:/()#,@[]+=&;{}!$* are not supported.");
  }
}

function refuseDuplicate(region: Region, vpcId: string, name: string): void {
  const wanted = name.toLowerCase();
  const there = Object.values(region.securityGroups);
  if (!there.some((group) => group.vpcId === vpcId && group.name.toLowerCase() === wanted)) return;
  throw new AwsError("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpcId}'`);
}

function deleteSecurityGroup(call: Call): Tree {
  const region = here(call);
  const group = findGroup(call, required(call.params, "GroupId"));
  if (group.name === "default") {
    throw new AwsError(
      "CannotDelete",
      `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
    );
  }
  const others = Object.values(region.securityGroupRules).filter((rule) => rule.groupId !== group.id);
  const referenced = others.some((rule) => rule.referencedGroupId === group.id);
  if (referenced || interfacesUsing(call, group.id).length > 0) {
    throw new AwsError("DependencyViolation", `resource ${group.id} has a dependent object`);
  }
  for (const rule of Object.values(region.securityGroupRules)) {
    if (rule.groupId === group.id) delete region.securityGroupRules[rule.id];
  }
  delete region.securityGroups[group.id];
  return { return: true, groupId: group.id };
}

function groupArn(call: Call, id: string): string {
  return `arn:aws:ec2:${call.region}:${call.account}:security-group/${id}`;
}

/** Groups as endpoints and interfaces list them. */
export function groupSet(region: Region, ids: readonly string[]): Tree {
  return items(ids.map((groupId) => ({ groupId, groupName: region.securityGroups[groupId]?.name ?? "" })));
}
