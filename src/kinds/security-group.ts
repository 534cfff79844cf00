import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type Filter,
  type SecurityGroup,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { oursAndAdopted } from "../aws/adoption.ts";
import type { Aws } from "../aws/aws.ts";
import { absentOn, isCode } from "../aws/errors.ts";
import { formatIngress, ingressOf } from "../aws/ingress.ts";
import { moveIngress } from "../aws/ingress-rules.ts";
import { MARK, marked, ownershipOf, retagEc2, tagOnCreate } from "../aws/ownership.ts";
import { plainTags, type Reads } from "../aws/reads.ts";
import type { Live, Obstacle, Tags } from "../model.ts";
import {
  fixed,
  type Kind,
  type LiveAttributes,
  type Resolved,
  set,
  skips,
  sorted,
  tags,
  text,
  touchesTags,
  type Whereabouts,
} from "./kind.ts";

const NOT_FOUND = ["InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound"];

/** A security group with its ingress rules; egress stays as AWS makes it (all allowed). */
export const securityGroupKind: Kind<"security-group"> = {
  name: "security-group",
  rules: {
    name: fixed(),
    vpcId: text("replace"),
    // Says where the group came from; AWS never changes it, and an adopted group has somebody else's words.
    description: fixed(),
    ingress: set("update", { added: "broadens-ingress" }),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: ["ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroupRules"],
    write: [
      "ec2:CreateSecurityGroup",
      "ec2:DeleteSecurityGroup",
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:RevokeSecurityGroupIngress",
      "ec2:ModifySecurityGroupRules",
      "ec2:CreateTags",
      "ec2:DeleteTags",
    ],
  },
  /** The network interfaces of a deleted endpoint linger for minutes and keep the group. */
  deadlineSeconds: 900,

  async list(reads) {
    if (skips(reads, "consumes")) return { live: [], obstacles: [] };
    const { owned, foreign } = await oursAndAdopted(reads, {
      prefix: /^sg-/,
      filter: "group-id",
      list: (filters) => reads.securityGroups(filters),
      idOf: ({ GroupId = "" }) => GroupId,
    });
    const [rules, obstacles] = await Promise.all([
      rulesOf(reads, sorted(owned.map(({ id }) => id))),
      obstaclesIn(reads, new Set(owned.map(({ item }) => item.GroupName))),
    ]);
    const live = owned.map(({ id, item, owner }) =>
      toLive({ ...owner, target: reads.target }, item, rules.get(id) ?? []),
    );
    return { live, obstacles: [...obstacles, ...foreign.map((one) => ({ kind: "security-group" as const, ...one }))] };
  },

  async look(reads, known) {
    const [group] = await reads.securityGroups([{ Name: "group-id", Values: [known.id] }]);
    if (!group) return undefined;
    const rules = await rulesOf(reads, [known.id]);
    return toLive(known, group, rules.get(known.id) ?? []);
  },

  async seek(reads, wanted) {
    const [group] = await reads.securityGroups(placeFilters(wanted));
    if (!group) return undefined;
    const owner = ownershipOf(plainTags(group.Tags));
    const ours = owner?.project === reads.project && owner.address === wanted.address;
    if (!ours) return { obstacle: obstacleOf(group) };
    const rules = await rulesOf(reads, [group.GroupId ?? ""]);
    return { live: toLive(wanted, group, rules.get(group.GroupId ?? "") ?? []) };
  },

  async create(aws, wanted) {
    const id = await createGroup(aws, wanted);
    await moveIngress(aws, id, wanted.attributes.ingress);
    return id;
  },

  async update(aws, live, wanted, touched) {
    if (touched.has("ingress")) await moveIngress(aws, live.id, wanted.attributes.ingress);
    if (touchesTags(touched)) await retagEc2(aws, live.id, live.attributes.tags as Tags, wanted.attributes.tags);
  },

  async remove(aws, live) {
    await absentOn(NOT_FOUND, () => aws.ec2.send(new DeleteSecurityGroupCommand({ GroupId: live.id })));
  },

  progress: () => ({ is: "ready" }),

  retryRemoveOn: ["DependencyViolation", "InvalidGroup.InUse"],
};

function toLive(where: Whereabouts, group: SecurityGroup, rules: readonly SecurityGroupRule[]): Live<"security-group"> {
  const own = plainTags(group.Tags);
  const id = group.GroupId ?? "";
  return {
    kind: "security-group",
    address: where.address,
    connection: where.connection,
    target: where.target,
    id,
    attributes: {
      name: group.GroupName ?? "",
      vpcId: group.VpcId ?? "",
      description: group.Description ?? "",
      ingress: sorted(rules.map((rule) => formatIngress(ingressOf(rule)))),
      tags: own,
    } satisfies LiveAttributes<"security-group">,
    outputs: { groupId: id },
    protect: own[MARK.protect] === "true",
  };
}

/** Ingress rules by group, all groups in one list. */
async function rulesOf(reads: Reads, groupIds: readonly string[]): Promise<Map<string, SecurityGroupRule[]>> {
  const byGroup = new Map<string, SecurityGroupRule[]>(groupIds.map((id) => [id, []]));
  for (const rule of await reads.securityGroupRules(groupIds)) {
    if (!rule.IsEgress) byGroup.get(rule.GroupId ?? "")?.push(rule);
  }
  return byGroup;
}

/** Where a group of ours stands already, nothing stands in its way. */
async function obstaclesIn(reads: Reads, taken: ReadonlySet<string | undefined>): Promise<Obstacle[]> {
  const names = reads.wanted.securityGroupNames.filter((name) => !taken.has(name));
  if (names.length === 0) return [];
  const groups = await reads.securityGroups([{ Name: "group-name", Values: [...names] }]);
  return groups.filter((group) => ownershipOf(plainTags(group.Tags))?.project !== reads.project).map(obstacleOf);
}

function obstacleOf(group: SecurityGroup): Obstacle {
  const project = plainTags(group.Tags)[MARK.project];
  return {
    kind: "security-group",
    place: `${group.VpcId}/${group.GroupName}`,
    id: group.GroupId ?? "",
    ...(project === undefined ? {} : { project }),
  };
}

const placeFilters = ({ attributes }: Resolved<"security-group">): Filter[] => [
  { Name: "vpc-id", Values: [attributes.vpcId] },
  { Name: "group-name", Values: [attributes.name] },
];

/** There is no client token: after a lost answer the name is taken, by the very group that we made. */
async function createGroup(aws: Aws, wanted: Resolved<"security-group">): Promise<string> {
  const { name, description, vpcId, tags: own } = wanted.attributes;
  try {
    const { GroupId = "" } = await aws.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: name,
        Description: description,
        VpcId: vpcId,
        TagSpecifications: tagOnCreate("security-group", own),
      }),
    );
    return GroupId;
  } catch (error) {
    if (!isCode(error, "InvalidGroup.Duplicate")) throw error;
    const { SecurityGroups } = await aws.ec2.send(new DescribeSecurityGroupsCommand({ Filters: placeFilters(wanted) }));
    const [made] = marked(wanted.project, SecurityGroups ?? []).filter(({ owner }) => owner.address === wanted.address);
    if (!made) throw error;
    return made.item.GroupId ?? "";
  }
}
