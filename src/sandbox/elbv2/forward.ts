import { AwsError, type Call } from "../operation.ts";
import { type Struct, struct, structs, text } from "../params.ts";
import type { LoadBalancer, TargetGroup } from "../world.ts";
import { findTargetGroup, loadBalancersUsing } from "./find.ts";
import { badConfiguration, here, invalid } from "./input.ts";

/** The protocols of target groups that a listener of the given protocol can send traffic to. */
const compatible: Record<string, readonly string[]> = {
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  UDP: ["UDP", "TCP_UDP"],
  TCP_UDP: ["TCP_UDP"],
  QUIC: ["QUIC", "TCP_QUIC"],
  TCP_QUIC: ["TCP_QUIC"],
  HTTP: ["HTTP", "HTTPS"],
  HTTPS: ["HTTP", "HTTPS"],
};

const byType: Record<string, readonly string[]> = {
  network: ["UDP", "TCP", "TCP_UDP", "TLS", "QUIC", "TCP_QUIC"],
  application: ["HTTPS", "HTTP"],
};

/** Refuses a protocol that load balancers of this type do not listen to. @throws AwsError ValidationError, InvalidConfigurationRequest */
export function checkProtocol(balancer: LoadBalancer, protocol: string): void {
  const known = byType[balancer.type] ?? [];
  if (!known.includes(protocol)) throw invalid(`Listener protocol '${protocol}' must be one of '${known.join(", ")}'`);
  const datagrams = protocol === "UDP" || protocol === "TCP_UDP";
  if (datagrams && balancer.ipAddressType === "dualstack" && balancer.enablePrefixForIpv6SourceNat !== "on") {
    throw badConfiguration(
      `${protocol} listeners on a dualstack load balancer need EnablePrefixForIpv6SourceNat to be 'on' for '${balancer.arn}'`,
    );
  }
}

/** The target group that `DefaultActions` forwards to, either way of saying it. @throws AwsError */
export function readForward(call: Call, params: Struct): string {
  const actions = structs(params, "DefaultActions");
  const [action] = actions;
  if (!action || actions.length > 1) throw invalid("A listener must have exactly one default action");
  if (text(action, "Type") !== "forward") {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      `The action type '${text(action, "Type")}' is not part of this sandbox: use 'forward'`,
    );
  }
  const weighted = structs(struct(action, "ForwardConfig") ?? {}, "TargetGroups");
  const arns = new Set([text(action, "TargetGroupArn"), ...weighted.map((each) => text(each, "TargetGroupArn"))]);
  const named = [...arns].filter((arn) => arn !== undefined);
  const [arn] = named;
  if (arn === undefined) throw invalid("A target group ARN must be specified");
  if (named.length > 1) throw new AwsError("TooManyActions", "Only one target group can be specified in this sandbox");
  return findTargetGroup(call, arn).arn;
}

/** Refuses a target group that the listener cannot use. @throws AwsError IncompatibleProtocols, TargetGroupAssociationLimit, InvalidConfigurationRequest */
export function checkForward(call: Call, balancer: LoadBalancer, protocol: string, groupArn: string): void {
  const group = findTargetGroup(call, groupArn);
  if (!fits(protocol, group)) {
    throw new AwsError(
      "IncompatibleProtocols",
      `The listener and its associated target group '${group.arn}' have incompatible protocols: '${protocol}' and '${group.protocol}'`,
    );
  }
  if (group.vpcId !== balancer.vpcId) {
    throw badConfiguration(
      `The target group '${group.arn}' and the load balancer '${balancer.arn}' are in different VPCs`,
    );
  }
  const others = loadBalancersUsing(here(call), group.arn).filter((arn) => arn !== balancer.arn);
  if (others.length === 0) return;
  throw new AwsError(
    "TargetGroupAssociationLimit",
    `The following target groups cannot be associated with more than one load balancer: ${group.arn}`,
  );
}

function fits(protocol: string, group: TargetGroup): boolean {
  if (group.targetType === "alb" && protocol !== "TCP") return false;
  return compatible[protocol]?.includes(group.protocol) ?? false;
}
