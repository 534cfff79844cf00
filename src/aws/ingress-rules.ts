import {
  AuthorizeSecurityGroupIngressCommand,
  ModifySecurityGroupRulesCommand,
  paginateDescribeSecurityGroupRules,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import type { Aws } from "./aws.ts";
import { isCode } from "./errors.ts";
import { type IngressRule, ingressKey, ingressOf, parseIngress, permissionOf, ruleRequestOf } from "./ingress.ts";

/** A rule that came or went between our read and our write: read again. */
const RULES_MOVED = [
  "InvalidPermission.Duplicate",
  "InvalidPermission.NotFound",
  "InvalidSecurityGroupRuleId.NotFound",
];
const TRIES = 3;

/** Brings a group's ingress rules to the wanted sentences; starts over when rules came or went meanwhile or an answer was lost. */
export async function moveIngress(aws: Aws, groupId: string, sentences: readonly string[]): Promise<void> {
  const wanted = sentences.map(parseIngress);
  for (let tries = 1; ; tries++) {
    try {
      return await moveOnce(aws, groupId, wanted);
    } catch (error) {
      if (tries === TRIES || !isCode(error, ...RULES_MOVED)) throw error;
    }
  }
}

/** New rules first, old ones last, so that wanted traffic never stops. A rule that only changes its description is kept. */
async function moveOnce(aws: Aws, GroupId: string, wanted: readonly IngressRule[]): Promise<void> {
  const live = await ingressNow(aws, GroupId);
  const liveByKey = new Map(live.map((rule) => [ingressKey(ingressOf(rule)), rule]));
  const wantedKeys = new Set(wanted.map(ingressKey));
  const added = wanted.filter((rule) => !liveByKey.has(ingressKey(rule)));
  const removed = live.filter((rule) => !wantedKeys.has(ingressKey(ingressOf(rule))));
  if (added.length > 0) {
    await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: added.map(permissionOf) }));
  }
  await describeRules(aws, GroupId, wanted, liveByKey);
  if (removed.length > 0) {
    const SecurityGroupRuleIds = removed.map(({ SecurityGroupRuleId = "" }) => SecurityGroupRuleId);
    await aws.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
  }
}

async function describeRules(
  aws: Aws,
  GroupId: string,
  wanted: readonly IngressRule[],
  live: ReadonlyMap<string, SecurityGroupRule>,
): Promise<void> {
  const SecurityGroupRules = wanted.flatMap((rule) => {
    const { SecurityGroupRuleId, Description } = live.get(ingressKey(rule)) ?? {};
    const same = (Description ?? "") === (rule.description ?? "");
    return SecurityGroupRuleId === undefined || same
      ? []
      : [{ SecurityGroupRuleId, SecurityGroupRule: ruleRequestOf(rule) }];
  });
  if (SecurityGroupRules.length > 0) {
    await aws.ec2.send(new ModifySecurityGroupRulesCommand({ GroupId, SecurityGroupRules }));
  }
}

async function ingressNow(aws: Aws, groupId: string): Promise<SecurityGroupRule[]> {
  const found: SecurityGroupRule[] = [];
  const Filters = [{ Name: "group-id", Values: [groupId] }];
  for await (const page of paginateDescribeSecurityGroupRules({ client: aws.ec2 }, { Filters })) {
    found.push(...(page.SecurityGroupRules ?? []));
  }
  return found.filter(({ IsEgress }) => !IsEgress);
}
