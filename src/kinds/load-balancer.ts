import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  type IpAddressType,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { isAdoptee } from "../aws/adoption.ts";
import {
  keptAttributes,
  setAttributes,
  setInitially,
  setSecurityGroups,
  setSubnets,
  unprotect,
} from "../aws/balancer-settings.ts";
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
import { inTheWay, servicesUsing } from "../aws/in-use.ts";
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
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: text("update"),
    clientRoutingPolicy: text("update"),
    deletionProtection: flag("update"),
    enablePrefixForIpv6SourceNat: text("update"),
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
      // Asked who is in the way when AWS refuses to delete a load balancer.
      "ec2:DescribeVpcEndpointServiceConfigurations",
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
        .filter(
          ({ item, arn }) =>
            reads.wanted.loadBalancerNames.includes(item.LoadBalancerName ?? "") || isAdoptee(reads, arn),
        )
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
        ...(attributes.enablePrefixForIpv6SourceNat === "on" ? { EnablePrefixForIpv6SourceNat: "on" } : {}),
        Tags: tagList(attributes.tags),
      }),
    );
    const arn = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
    await setInitially(aws, arn, attributes);
    return arn;
  },

  async update(aws, live, { attributes }, touched) {
    const LoadBalancerArn = live.id;
    await setSubnets(aws, LoadBalancerArn, attributes, touched);
    if (touched.has("securityGroupIds") || touched.has("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic")) {
      await setSecurityGroups(aws, LoadBalancerArn, attributes);
    }
    await setAttributes(aws, LoadBalancerArn, attributes, touched);
    if (touchesTags(touched)) await retagElb(aws, LoadBalancerArn, live.attributes.tags as Tags, attributes.tags);
  },

  /** Whoever approved the deletion has seen the protection in the plan; it goes off first, and stays so when the deletion fails. */
  async remove(aws, live) {
    if (live.attributes.deletionProtection === true) await absentOn(GONE, () => unprotect(aws, live.id));
    try {
      await absentOn(GONE, () => aws.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: live.id })));
    } catch (error) {
      if (isCode(error, "ResourceInUse")) throw explained(error, inTheWay(await servicesUsing(aws, live.id)));
      if (!isCode(error, "OperationNotPermitted")) throw error;
      throw explained(
        error,
        `somebody switched on deletion protection for ${live.id} a moment ago: set its attribute deletion_protection.enabled to false, or plan and apply again`,
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

const toObstacle = (stranger: Tagged<LoadBalancer>): Obstacle => ({
  kind: "load-balancer",
  ...strangerAt(stranger.item.LoadBalancerName ?? "", stranger),
});

async function toLive(reads: Reads, owned: Owned<LoadBalancer>): Promise<Live<"load-balancer"> | undefined> {
  const more = await absentOn(GONE, () => reads.loadBalancerAttributes(owned.arn));
  if (!more) return undefined;
  const { LoadBalancerName, Scheme, AvailabilityZones, SecurityGroups, IpAddressType, State, CreatedTime } = owned.item;
  const { EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: enforced = "on" } = owned.item;
  const attributes: LiveAttributes<"load-balancer"> = {
    name: LoadBalancerName ?? "",
    scheme: lower(Scheme),
    subnetIds: sorted(AvailabilityZones?.map(({ SubnetId }) => SubnetId)),
    securityGroupIds: sorted(SecurityGroups),
    ipAddressType: lower(IpAddressType),
    ...keptAttributes(more),
    ...(SecurityGroups?.length ? { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: lower(enforced) } : {}),
    // AWS leaves it out where it has no meaning.
    enablePrefixForIpv6SourceNat: lower(owned.item.EnablePrefixForIpv6SourceNat) || "off",
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
