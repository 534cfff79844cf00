import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  type IpAddressType,
  type LoadBalancer,
  ModifyLoadBalancerAttributesCommand,
  SetIpAddressTypeCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Aws } from "../aws/aws.ts";
import {
  belongings,
  byMark,
  loadBalancerArn,
  loadBalancersByMark,
  type Owned,
  retagElb,
  standing,
  strangerAt,
  type Tagged,
} from "../aws/elb-owned.ts";
import { absentOn, isCode } from "../aws/errors.ts";
import { tagList } from "../aws/ownership.ts";
import type { Reads } from "../aws/reads.ts";
import { lower } from "../aws/states.ts";
import type { Live, Obstacle, Tags } from "../model.ts";
import {
  explained,
  fixed,
  flag,
  type Kind,
  type LiveAttributes,
  set,
  sorted,
  tags,
  text,
  touchesTags,
} from "./kind.ts";

const GONE = ["LoadBalancerNotFound"];
const CROSS_ZONE = "load_balancing.cross_zone.enabled";

/** A network load balancer. Its name is its identity: creating it again with the same settings gives the same one. */
export const loadBalancerKind: Kind<"load-balancer"> = {
  name: "load-balancer",
  rules: {
    name: fixed(),
    scheme: text("replace"),
    subnetIds: set("update", { removed: "interrupts" }),
    securityGroupIds: { ...set("update"), replaceWhenEmptied: true },
    ipAddressType: text("update"),
    crossZone: flag("update"),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: [
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      "elasticloadbalancing:DescribeTags",
      // Under `--only`, load balancers are also found through the services that they stand behind.
      "ec2:DescribeVpcEndpointServiceConfigurations",
    ],
    write: [
      "elasticloadbalancing:CreateLoadBalancer",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:SetSubnets",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:RemoveTags",
      // The first load balancer of an account makes AWS create the role that it manages network interfaces with.
      "iam:CreateServiceLinkedRole",
    ],
  },
  deadlineSeconds: 600,

  async list(reads) {
    const { ours, others } = await loadBalancersByMark(reads);
    const live = await Promise.all(ours.map((owned) => toLive(reads, owned)));
    return {
      live: live.filter((one) => one !== undefined),
      obstacles: others
        .filter(({ item }) => reads.wanted.loadBalancerNames.includes(item.LoadBalancerName ?? ""))
        .map(toObstacle),
    };
  },

  async look(reads, known) {
    const { ours } = await byMark(reads, await reads.loadBalancersByArn([known.id]), loadBalancerArn);
    return ours[0] && toLive(reads, ours[0]);
  },

  async seek(reads, { address, attributes }) {
    const found = await byMark(reads, await reads.loadBalancersByName([attributes.name]), loadBalancerArn);
    const { own, stranger } = standing(found, address);
    const live = own && (await toLive(reads, own));
    if (live) return { live };
    return stranger && { obstacle: toObstacle(stranger) };
  },

  async create(aws, { attributes }) {
    const { LoadBalancers } = await aws.elbv2.send(
      new CreateLoadBalancerCommand({
        Name: attributes.name,
        Type: "network",
        Scheme: attributes.scheme,
        Subnets: [...attributes.subnetIds],
        SecurityGroups: [...attributes.securityGroupIds],
        IpAddressType: attributes.ipAddressType as IpAddressType,
        Tags: tagList(attributes.tags),
      }),
    );
    const arn = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
    if (attributes.crossZone) await setCrossZone(aws, arn, true);
    return arn;
  },

  async update(aws, live, { attributes }, touched) {
    const LoadBalancerArn = live.id;
    if (touched.has("subnetIds")) {
      await aws.elbv2.send(new SetSubnetsCommand({ LoadBalancerArn, Subnets: [...attributes.subnetIds] }));
    }
    if (touched.has("securityGroupIds")) {
      const SecurityGroups = [...attributes.securityGroupIds];
      await aws.elbv2.send(new SetSecurityGroupsCommand({ LoadBalancerArn, SecurityGroups }));
    }
    if (touched.has("ipAddressType")) {
      const type = attributes.ipAddressType as IpAddressType;
      await aws.elbv2.send(new SetIpAddressTypeCommand({ LoadBalancerArn, IpAddressType: type }));
    }
    if (touched.has("crossZone")) await setCrossZone(aws, LoadBalancerArn, attributes.crossZone);
    if (touchesTags(touched)) await retagElb(aws, LoadBalancerArn, live.attributes.tags as Tags, attributes.tags);
  },

  async remove(aws, live) {
    try {
      await absentOn(GONE, () => aws.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: live.id })));
    } catch (error) {
      if (!isCode(error, "OperationNotPermitted")) throw error;
      throw explained(
        error,
        `somebody switched on deletion protection for ${live.id}: set its attribute deletion_protection.enabled to false and apply again`,
      );
    }
  },

  progress({ state = "", outputs }) {
    if (state === "active" || state === "active_impaired") return { is: "ready" };
    return { is: state === "failed" ? "failed" : "moving", state, ...(outputs.reason ? { why: outputs.reason } : {}) };
  },

  // AWS forgets only after a moment that the endpoint service before it is deleted.
  retryRemoveOn: ["ResourceInUse"],
};

const setCrossZone = (aws: Aws, LoadBalancerArn: string, on: boolean) =>
  aws.elbv2.send(
    new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes: [{ Key: CROSS_ZONE, Value: String(on) }] }),
  );

const toObstacle = (stranger: Tagged<LoadBalancer>): Obstacle => ({
  kind: "load-balancer",
  ...strangerAt(stranger.item.LoadBalancerName ?? "", stranger),
});

async function toLive(reads: Reads, owned: Owned<LoadBalancer>): Promise<Live<"load-balancer"> | undefined> {
  const more = await absentOn(GONE, () => reads.loadBalancerAttributes(owned.arn));
  if (!more) return undefined;
  const { LoadBalancerName, Scheme, AvailabilityZones, SecurityGroups, IpAddressType, State, CreatedTime } = owned.item;
  const attributes: LiveAttributes<"load-balancer"> = {
    name: LoadBalancerName ?? "",
    scheme: lower(Scheme),
    subnetIds: sorted(AvailabilityZones?.map(({ SubnetId }) => SubnetId)),
    securityGroupIds: sorted(SecurityGroups),
    ipAddressType: lower(IpAddressType),
    crossZone: more.get(CROSS_ZONE) === "true",
    tags: owned.tags,
  };
  return {
    kind: "load-balancer",
    ...belongings(reads, owned),
    attributes,
    outputs: { arn: owned.arn, ...(State?.Reason ? { reason: State.Reason } : {}) },
    state: lower(State?.Code),
    ...(CreatedTime ? { createdAt: CreatedTime.toISOString() } : {}),
  };
}
