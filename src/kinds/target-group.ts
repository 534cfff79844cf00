import {
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteTargetGroupCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type ProtocolEnum,
  type TargetGroup,
  type TargetGroupAttribute,
  type TargetGroupIpAddressTypeEnum,
  type TargetTypeEnum,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { adoptedIds, isAdoptee } from "../aws/adoption.ts";
import type { Aws } from "../aws/aws.ts";
import {
  belongings,
  byMark,
  forwardsTo,
  listenersOfOurs,
  type Owned,
  retagElb,
  standing,
  strangerAt,
  type Tagged,
  unseen,
} from "../aws/elb-owned.ts";
import { absentOn, isCode } from "../aws/errors.ts";
import { inTheWay, listenersUsing } from "../aws/in-use.ts";
import { tagList } from "../aws/ownership.ts";
import type { Reads } from "../aws/reads.ts";
import { lower } from "../aws/states.ts";
import { deregisterTargets, registerTargets, targetsOf } from "../aws/targets.ts";
import type { Live, Obstacle, Tags } from "../model.ts";
import {
  explained,
  fixed,
  flag,
  type Kind,
  type LiveAttributes,
  number,
  type ResolvedAttributes,
  set,
  setChanges,
  tags,
  text,
  touchesTags,
} from "./kind.ts";

type Wanted = ResolvedAttributes<"target-group">;

const GONE = ["TargetGroupNotFound"];
/** What AWS calls the attributes that it keeps as strings. */
const AWS_ATTRIBUTES = {
  deregistrationDelaySeconds: "deregistration_delay.timeout_seconds",
  connectionTermination: "deregistration_delay.connection_termination.enabled",
  preserveClientIp: "preserve_client_ip.enabled",
  proxyProtocolV2: "proxy_protocol_v2.enabled",
  crossZone: "load_balancing.cross_zone.enabled",
} as const;
const AS_THE_BALANCER = "use_load_balancer_configuration";
const HEALTH_CHECK = [
  "healthCheckProtocol",
  "healthCheckPort",
  "healthCheckPath",
  "healthCheckMatcher",
  "healthCheckIntervalSeconds",
  "healthCheckTimeoutSeconds",
  "healthyThreshold",
  "unhealthyThreshold",
];

/** A target group with its registrations, where the spec lists them. Its name is its identity, as with load balancers. */
export const targetGroupKind: Kind<"target-group"> = {
  name: "target-group",
  rules: {
    name: fixed(),
    loadBalancerArn: { ...text("replace"), unsetFits: true },
    vpcId: text("replace"),
    targetType: text("replace"),
    protocol: text("replace"),
    port: number("replace"),
    ipAddressType: text("replace"),
    healthCheckProtocol: text("update"),
    healthCheckPort: text("update"),
    healthCheckPath: text("update"),
    healthCheckMatcher: text("update"),
    healthCheckIntervalSeconds: number("update"),
    healthCheckTimeoutSeconds: number("update"),
    healthyThreshold: number("update"),
    unhealthyThreshold: number("update"),
    deregistrationDelaySeconds: number("update"),
    connectionTermination: flag("update"),
    preserveClientIp: flag("update"),
    proxyProtocolV2: flag("update"),
    crossZone: text("update"),
    targets: set("update"),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: [
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetHealth",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeTags",
    ],
    write: [
      "elasticloadbalancing:CreateTargetGroup",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RegisterTargets",
      // Addresses outside the VPC are registered another way, so its ranges are looked up.
      "ec2:DescribeVpcs",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:DeleteTargetGroup",
      // Asked who is in the way when AWS refuses to delete a group.
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:RemoveTags",
    ],
  },
  deadlineSeconds: 120,

  async list(reads) {
    const { ours, others } = await byMark(reads, await candidates(reads), arnOf);
    const live = await Promise.all(ours.map((owned) => toLive(reads, owned)));
    return {
      live: live.filter((one) => one !== undefined),
      obstacles: others
        .filter(
          ({ item, arn }) =>
            reads.wanted.targetGroupNames.includes(item.TargetGroupName ?? "") || isAdoptee(reads, arn),
        )
        .map(toObstacle),
    };
  },

  async look(reads, known) {
    const { ours } = await byMark(reads, await reads.targetGroupsByArn([known.id]), arnOf);
    return ours[0] && toLive(reads, ours[0]);
  },

  async seek(reads, { address, attributes }) {
    const found = await byMark(reads, await reads.targetGroupsByName([attributes.name]), arnOf);
    const { own, stranger } = standing(found, address);
    const live = own && (await toLive(reads, own));
    if (live) return { live };
    return stranger && { obstacle: toObstacle(stranger) };
  },

  async create(aws, { attributes }) {
    const { TargetGroups } = await aws.elbv2.send(
      new CreateTargetGroupCommand({
        Name: attributes.name,
        VpcId: attributes.vpcId,
        TargetType: attributes.targetType as TargetTypeEnum,
        Protocol: attributes.protocol as ProtocolEnum,
        Port: attributes.port,
        IpAddressType: attributes.ipAddressType as TargetGroupIpAddressTypeEnum,
        ...healthCheck(attributes),
        Tags: tagList(attributes.tags),
      }),
    );
    const arn = TargetGroups?.[0]?.TargetGroupArn ?? "";
    await setAttributes(aws, arn, awsAttributes(attributes, besidesDefaults(attributes)));
    await registerTargets(aws, { ...attributes, arn }, attributes.targets ?? []);
    return arn;
  },

  async update(aws, live, { attributes }, touched) {
    if (HEALTH_CHECK.some((name) => touched.has(name))) {
      await aws.elbv2.send(new ModifyTargetGroupCommand({ TargetGroupArn: live.id, ...healthCheck(attributes) }));
    }
    await setAttributes(aws, live.id, awsAttributes(attributes, touched));
    if (touched.has("targets")) {
      // The new ones first, so that there is always a target.
      const { added, removed } = setChanges(live.attributes.targets, attributes.targets ?? []);
      const group = { ...attributes, arn: live.id };
      await registerTargets(aws, group, added);
      await deregisterTargets(aws, group, removed);
    }
    if (touchesTags(touched)) await retagElb(aws, live.id, live.attributes.tags as Tags, attributes.tags);
  },

  async remove(aws, live) {
    try {
      await absentOn(GONE, () => aws.elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn: live.id })));
    } catch (error) {
      if (!isCode(error, "ResourceInUse")) throw error;
      throw explained(error, inTheWay(await listenersUsing(aws, live.id)));
    }
  },

  progress: () => ({ is: "ready" }),

  // AWS forgets only after a moment that the listener before it is deleted.
  retryRemoveOn: ["ResourceInUse"],
};

const arnOf = ({ TargetGroupArn }: TargetGroup): string => TargetGroupArn ?? "";

/** All target groups of the account, or under `--only` those that specs name and those behind our listeners. */
async function candidates(reads: Reads): Promise<TargetGroup[]> {
  if (!reads.wanted.connections) return reads.targetGroups();
  if (!reads.wanted.provides) return [];
  const forwarded = new Set([
    ...(await listenersOfOurs(reads)).flatMap(forwardsTo),
    ...adoptedIds(reads, /:targetgroup\//),
  ]);
  const byArn = await reads.targetGroupsByArn([...forwarded].sort());
  const seen = new Set(byArn.map(({ TargetGroupName }) => TargetGroupName));
  return [...byArn, ...(await reads.targetGroupsByName(unseen(reads.wanted.targetGroupNames, seen)))];
}

/** A health check without path and matcher (TCP) must not send them. */
function healthCheck(wanted: Wanted): Partial<CreateTargetGroupCommandInput> {
  return {
    HealthCheckProtocol: wanted.healthCheckProtocol as ProtocolEnum,
    HealthCheckPort: wanted.healthCheckPort,
    ...(wanted.healthCheckPath === null ? {} : { HealthCheckPath: wanted.healthCheckPath }),
    ...(wanted.healthCheckMatcher === null ? {} : { Matcher: { HttpCode: wanted.healthCheckMatcher } }),
    HealthCheckIntervalSeconds: wanted.healthCheckIntervalSeconds,
    HealthCheckTimeoutSeconds: wanted.healthCheckTimeoutSeconds,
    HealthyThresholdCount: wanted.healthyThreshold,
    UnhealthyThresholdCount: wanted.unhealthyThreshold,
  };
}

/** Attributes of a new target group that AWS may not set the wanted way by itself. What is left alone also suits `alb`, which refuses most of them. */
function besidesDefaults(wanted: Wanted): ReadonlySet<string> {
  const names = Object.keys(AWS_ATTRIBUTES).filter((name) => {
    if (name === "deregistrationDelaySeconds") return wanted.deregistrationDelaySeconds !== 300;
    // On by default for UDP.
    if (name === "connectionTermination") return wanted.connectionTermination || wanted.protocol.includes("UDP");
    if (name === "crossZone") return wanted.crossZone !== AS_THE_BALANCER;
    return name === "preserveClientIp" ? wanted.preserveClientIp !== undefined : wanted.proxyProtocolV2;
  });
  return new Set(names);
}

const awsAttributes = (wanted: Wanted, names: ReadonlySet<string>): TargetGroupAttribute[] =>
  (Object.keys(AWS_ATTRIBUTES) as (keyof typeof AWS_ATTRIBUTES)[])
    .filter((name) => names.has(name) && wanted[name] !== undefined)
    .map((name) => ({ Key: AWS_ATTRIBUTES[name], Value: String(wanted[name]) }));

async function setAttributes(aws: Aws, TargetGroupArn: string, Attributes: TargetGroupAttribute[]): Promise<void> {
  if (Attributes.length === 0) return;
  await aws.elbv2.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
}

const toObstacle = (stranger: Tagged<TargetGroup>): Obstacle => ({
  kind: "target-group",
  ...strangerAt(stranger.item.TargetGroupName ?? "", stranger),
});

async function toLive(reads: Reads, owned: Owned<TargetGroup>): Promise<Live<"target-group"> | undefined> {
  const { item: group, arn } = owned;
  return absentOn(GONE, async () => {
    const [more, targets] = await Promise.all([
      reads.targetGroupAttributes(arn),
      targetsOf(reads, owned.owner.address, group),
    ]);
    const http = (group.HealthCheckProtocol ?? "").startsWith("HTTP");
    const preserve = more.get(AWS_ATTRIBUTES.preserveClientIp);
    const attributes: LiveAttributes<"target-group"> = {
      name: group.TargetGroupName ?? "",
      loadBalancerArn: group.LoadBalancerArns?.[0] ?? null,
      vpcId: group.VpcId ?? "",
      targetType: lower(group.TargetType),
      protocol: group.Protocol ?? "",
      port: group.Port ?? 0,
      ipAddressType: lower(group.IpAddressType) || "ipv4",
      healthCheckProtocol: group.HealthCheckProtocol ?? "",
      healthCheckPort: group.HealthCheckPort ?? "",
      healthCheckPath: http ? (group.HealthCheckPath ?? null) : null,
      healthCheckMatcher: http ? (group.Matcher?.HttpCode ?? null) : null,
      healthCheckIntervalSeconds: group.HealthCheckIntervalSeconds ?? 0,
      healthCheckTimeoutSeconds: group.HealthCheckTimeoutSeconds ?? 0,
      healthyThreshold: group.HealthyThresholdCount ?? 0,
      unhealthyThreshold: group.UnhealthyThresholdCount ?? 0,
      deregistrationDelaySeconds: Number(more.get(AWS_ATTRIBUTES.deregistrationDelaySeconds) ?? 300),
      connectionTermination: more.get(AWS_ATTRIBUTES.connectionTermination) === "true",
      ...(preserve === undefined ? {} : { preserveClientIp: preserve === "true" }),
      proxyProtocolV2: more.get(AWS_ATTRIBUTES.proxyProtocolV2) === "true",
      crossZone: more.get(AWS_ATTRIBUTES.crossZone) ?? AS_THE_BALANCER,
      ...(targets ? { targets } : {}),
      tags: owned.tags,
    };
    return { kind: "target-group", ...belongings(reads, owned), attributes, outputs: { arn } };
  });
}
