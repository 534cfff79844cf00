import type { Call, Tree } from "../operation.ts";
import type { Region, SecurityGroupRule } from "../world.ts";
import { items } from "../xml.ts";
import type { RuleSpec } from "./rule-input.ts";
import { tagSet } from "./tags.ts";

/** The rules of a group in one direction. */
export function rulesOf(region: Region, groupId: string, egress: boolean): SecurityGroupRule[] {
  return Object.values(region.securityGroupRules).filter((rule) => rule.groupId === groupId && rule.egress === egress);
}

/** The same for a describe of many groups: looks at every rule once. */
export function rulesByGroup(region: Region): (groupId: string, egress: boolean) => SecurityGroupRule[] {
  const byGroup = new Map<string, SecurityGroupRule[]>();
  for (const rule of Object.values(region.securityGroupRules)) {
    const key = `${rule.groupId} ${rule.egress}`;
    const rules = byGroup.get(key);
    if (rules) rules.push(rule);
    else byGroup.set(key, [rule]);
  }
  return (groupId, egress) => byGroup.get(`${groupId} ${egress}`) ?? [];
}

/** One rule as DescribeSecurityGroupRules shows it. */
export function ruleTree(call: Call, rule: SecurityGroupRule): Tree {
  return {
    securityGroupRuleId: rule.id,
    groupId: rule.groupId,
    groupOwnerId: call.account,
    isEgress: rule.egress,
    ipProtocol: rule.protocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    cidrIpv4: rule.cidrIpv4,
    cidrIpv6: rule.cidrIpv6,
    prefixListId: rule.prefixListId,
    referencedGroupInfo:
      rule.referencedGroupId === undefined ? undefined : { groupId: rule.referencedGroupId, userId: call.account },
    description: rule.description,
    tagSet: tagSet(rule.tags),
    securityGroupRuleArn: `arn:aws:ec2:${call.region}:${call.account}:security-group-rule/${rule.id}`,
  };
}

/** Rules in the older form: those of the same protocol and ports share one permission. */
export function groupBySource(call: Call, rules: readonly RuleSpec[]): Tree {
  const byRange = new Map<string, RuleSpec[]>();
  for (const rule of rules) {
    const range = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    byRange.set(range, [...(byRange.get(range) ?? []), rule]);
  }
  return items([...byRange.values()].map((same) => permissionTree(call, same)));
}

function permissionTree(call: Call, rules: readonly RuleSpec[]): Tree {
  const [first] = rules;
  const ports = first && first.protocol !== "-1" ? { fromPort: first.fromPort, toPort: first.toPort } : {};
  const pick = (tree: (rule: RuleSpec) => Tree | undefined): Tree =>
    items(
      rules.flatMap((rule) => {
        const picked = tree(rule);
        return picked ? [{ ...picked, description: rule.description }] : [];
      }),
    );
  return {
    ipProtocol: first?.protocol,
    ...ports,
    groups: pick(({ referencedGroupId: groupId }) => (groupId ? { userId: call.account, groupId } : undefined)),
    ipRanges: pick(({ cidrIpv4: cidrIp }) => (cidrIp ? { cidrIp } : undefined)),
    ipv6Ranges: pick(({ cidrIpv6 }) => (cidrIpv6 ? { cidrIpv6 } : undefined)),
    prefixListIds: pick(({ prefixListId }) => (prefixListId ? { prefixListId } : undefined)),
  };
}
