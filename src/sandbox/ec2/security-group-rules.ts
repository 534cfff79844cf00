import { newId } from "../ids.ts";
import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { required, struct, structs, text, texts } from "../params.ts";
import type { SecurityGroup, SecurityGroupRule } from "../world.ts";
import { items } from "../xml.ts";
import { describe } from "./describe.ts";
import { noRule } from "./errors.ts";
import { findGroup, here } from "./here.ts";
import { describedBy, identityOf, type RuleSpec, readPermissions, readRule } from "./rule-input.ts";
import { rulesOf, ruleTree } from "./rule-view.ts";
import { tagsOnCreate } from "./tags.ts";

/** The rules of security groups, each with an id of its own. */
export const securityGroupRules: Operations = {
  DescribeSecurityGroupRules: describeSecurityGroupRules,
  AuthorizeSecurityGroupIngress: (call) => authorize(call, false),
  AuthorizeSecurityGroupEgress: (call) => authorize(call, true),
  RevokeSecurityGroupIngress: (call) => revoke(call, false),
  RevokeSecurityGroupEgress: (call) => revoke(call, true),
  ModifySecurityGroupRules: modify,
  UpdateSecurityGroupRuleDescriptionsIngress: (call) => updateDescriptions(call, false),
  UpdateSecurityGroupRuleDescriptionsEgress: (call) => updateDescriptions(call, true),
};

/** EC2's default quota, per group and direction. */
const ruleLimit = 60;

function describeSecurityGroupRules(call: Call): Tree {
  return describe<SecurityGroupRule>(call, {
    element: "securityGroupRuleSet",
    all: Object.values(here(call).securityGroupRules),
    key: (rule) => rule.id,
    ids: { parameter: "SecurityGroupRuleId", missing: noRule },
    filters: { "group-id": (rule) => rule.groupId, "security-group-rule-id": (rule) => rule.id },
    tags: (rule) => rule.tags,
    render: (rule) => ruleTree(call, rule),
  });
}

/** One rule that is there already, or twice in the request, fails the whole request. */
function authorize(call: Call, egress: boolean): Tree {
  const group = groupOf(call);
  const specs = readPermissions(call);
  const tags = tagsOnCreate(call, "security-group-rule");
  if (specs.length === 0)
    throw new AwsError("MissingParameter", "The request must contain the parameter ipPermissions");
  const there = rulesOf(here(call), group.id, egress);
  const taken = new Set(there.map(identityOf));
  for (const spec of specs) {
    if (taken.has(identityOf(spec))) throw duplicate(spec);
    taken.add(identityOf(spec));
  }
  if (taken.size > ruleLimit) {
    throw new AwsError(
      "RulesPerSecurityGroupLimitExceeded",
      `The maximum number of rules per security group has been reached: ${ruleLimit}`,
    );
  }
  const made = specs.map((spec): SecurityGroupRule => {
    return { id: newId(call.world, "sgr-"), groupId: group.id, egress, ...spec, tags: { ...tags } };
  });
  for (const rule of made) here(call).securityGroupRules[rule.id] = rule;
  return { return: true, securityGroupRuleSet: items(made.map((rule) => ruleTree(call, rule))) };
}

/** By rule ids or by permissions; what does not exist fails the whole request. */
function revoke(call: Call, egress: boolean): Tree {
  const group = groupOf(call);
  const rules = rulesOf(here(call), group.id, egress);
  const ids = texts(call.params, "SecurityGroupRuleId");
  const specs = readPermissions(call);
  if (ids.length === 0 && specs.length === 0) {
    throw new AwsError(
      "MissingParameter",
      "The request must contain the parameter ipPermissions or securityGroupRuleIds",
    );
  }
  const revoked = [
    ...ids.map((id) => rules.find((rule) => rule.id === id) ?? fail(noRule(id))),
    ...specs.map((spec) => findSame(rules, spec)),
  ];
  for (const rule of revoked) delete here(call).securityGroupRules[rule.id];
  return {
    return: true,
    unknownIpPermissionSet: items([]),
    revokedSecurityGroupRuleSet: items(revoked.map(revokedTree)),
  };
}

function revokedTree(rule: SecurityGroupRule): Tree {
  return {
    securityGroupRuleId: rule.id,
    groupId: rule.groupId,
    isEgress: rule.egress,
    ipProtocol: rule.protocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    cidrIpv4: rule.cidrIpv4,
    cidrIpv6: rule.cidrIpv6,
    prefixListId: rule.prefixListId,
    referencedGroupId: rule.referencedGroupId,
    description: rule.description,
  };
}

/** Changes rules in place: their ids and tags stay, and there is no moment without them. */
function modify(call: Call): Tree {
  const group = groupOf(call);
  const region = here(call);
  const updates = structs(call.params, "SecurityGroupRule").map((entry) => {
    const id = required(entry, "SecurityGroupRuleId");
    const rule = region.securityGroupRules[id];
    if (rule?.groupId !== group.id) throw noRule(id);
    return { rule, spec: readRule(call, struct(entry, "SecurityGroupRule") ?? {}) };
  });
  const changed = new Set(updates.map(({ rule }) => rule.id));
  const taken = new Set<string>();
  for (const rule of [...rulesOf(region, group.id, true), ...rulesOf(region, group.id, false)]) {
    if (!changed.has(rule.id)) taken.add(`${rule.egress} ${identityOf(rule)}`);
  }
  for (const { rule, spec } of updates) {
    const identity = `${rule.egress} ${identityOf(spec)}`;
    if (taken.has(identity)) throw duplicate(spec);
    taken.add(identity);
  }
  for (const { rule, spec } of updates) {
    const { id, groupId, egress, tags } = rule;
    region.securityGroupRules[id] = { id, groupId, egress, ...spec, tags };
  }
  return { return: true };
}

function updateDescriptions(call: Call, egress: boolean): Tree {
  const group = groupOf(call);
  const rules = rulesOf(here(call), group.id, egress);
  const byId = structs(call.params, "SecurityGroupRuleDescription").map((entry) => {
    const id = required(entry, "SecurityGroupRuleId");
    const rule = rules.find((each) => each.id === id) ?? fail(noRule(id));
    return { rule, description: describedBy(text(entry, "Description")).description };
  });
  const bySpec = readPermissions(call).map((spec) => ({ rule: findSame(rules, spec), description: spec.description }));
  for (const { rule, description } of [...byId, ...bySpec]) {
    if (description === undefined) delete rule.description;
    else rule.description = description;
  }
  return { return: true };
}

function groupOf(call: Call): SecurityGroup {
  return findGroup(call, required(call.params, "GroupId"));
}

function findSame(rules: readonly SecurityGroupRule[], spec: RuleSpec): SecurityGroupRule {
  const wanted = identityOf(spec);
  const missing = new AwsError(
    "InvalidPermission.NotFound",
    "The specified rule does not exist in this security group.",
  );
  return rules.find((rule) => identityOf(rule) === wanted) ?? fail(missing);
}

function fail(error: AwsError): never {
  throw error;
}

function duplicate(spec: RuleSpec): AwsError {
  const peer = spec.cidrIpv4 ?? spec.cidrIpv6 ?? spec.prefixListId ?? spec.referencedGroupId;
  return new AwsError(
    "InvalidPermission.Duplicate",
    `the specified rule "peer: ${peer}, ${spec.protocol.toUpperCase()}, from port: ${spec.fromPort}, to port: ${spec.toPort}, ALLOW" already exists`,
  );
}
