import {
  type EnablePrefixForIpv6SourceNatEnum,
  type EnforceSecurityGroupInboundRulesOnPrivateLinkTrafficEnum,
  type IpAddressType,
  ModifyLoadBalancerAttributesCommand,
  SetIpAddressTypeCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Attributes } from "../model.ts";
import type { Aws } from "./aws.ts";

type Wanted = Attributes["load-balancer"];

/** The attributes that AWS keeps as strings, with what a new load balancer has. */
const AWS_ATTRIBUTES = {
  crossZone: { key: "load_balancing.cross_zone.enabled", initially: "false" },
  clientRoutingPolicy: { key: "dns_record.client_routing_policy", initially: "any_availability_zone" },
  deletionProtection: { key: "deletion_protection.enabled", initially: "false" },
} as const;
type AwsAttribute = keyof typeof AWS_ATTRIBUTES;
const AWS_ATTRIBUTE_NAMES = Object.keys(AWS_ATTRIBUTES) as AwsAttribute[];

/** What AWS keeps as strings, as we compare it. */
export const keptAttributes = (
  kept: ReadonlyMap<string, string>,
): Pick<Wanted, "crossZone" | "clientRoutingPolicy" | "deletionProtection"> => {
  const read = (name: AwsAttribute): string => kept.get(AWS_ATTRIBUTES[name].key) ?? AWS_ATTRIBUTES[name].initially;
  return {
    crossZone: read("crossZone") === "true",
    clientRoutingPolicy: read("clientRoutingPolicy"),
    deletionProtection: read("deletionProtection") === "true",
  };
};

/** What CreateLoadBalancer has no word for, where AWS does not begin with the wanted value. */
export async function setInitially(aws: Aws, arn: string, wanted: Wanted): Promise<void> {
  await setAttributes(aws, arn, wanted, besidesDefaults(wanted));
  if (wanted.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic === "off") await setSecurityGroups(aws, arn, wanted);
}

const besidesDefaults = (wanted: Wanted): ReadonlySet<string> =>
  new Set(AWS_ATTRIBUTE_NAMES.filter((name) => String(wanted[name]) !== AWS_ATTRIBUTES[name].initially));

/** Sets those attributes that AWS keeps as strings, all in one call. */
export async function setAttributes(
  aws: Aws,
  LoadBalancerArn: string,
  wanted: Wanted,
  names: ReadonlySet<string>,
): Promise<void> {
  const Attributes = AWS_ATTRIBUTE_NAMES.filter((name) => names.has(name)).map((name) => ({
    Key: AWS_ATTRIBUTES[name].key,
    Value: String(wanted[name]),
  }));
  if (Attributes.length === 0) return;
  await aws.elbv2.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
}

/** Switches AWS's deletion protection off. */
export const unprotect = (aws: Aws, LoadBalancerArn: string): Promise<unknown> =>
  aws.elbv2.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn,
      Attributes: [{ Key: AWS_ATTRIBUTES.deletionProtection.key, Value: "false" }],
    }),
  );

/** Source NAT is a setting of the subnets and hangs on the address type: where it changes, AWS takes all three in one call. */
export async function setSubnets(
  aws: Aws,
  LoadBalancerArn: string,
  wanted: Wanted,
  touched: ReadonlySet<string>,
): Promise<void> {
  const Subnets = [...wanted.subnetIds];
  const type = { IpAddressType: wanted.ipAddressType as IpAddressType };
  if (touched.has("enablePrefixForIpv6SourceNat")) {
    const nat = {
      EnablePrefixForIpv6SourceNat: wanted.enablePrefixForIpv6SourceNat as EnablePrefixForIpv6SourceNatEnum,
    };
    await aws.elbv2.send(new SetSubnetsCommand({ LoadBalancerArn, Subnets, ...type, ...nat }));
    return;
  }
  if (touched.has("subnetIds")) await aws.elbv2.send(new SetSubnetsCommand({ LoadBalancerArn, Subnets }));
  if (touched.has("ipAddressType")) await aws.elbv2.send(new SetIpAddressTypeCommand({ LoadBalancerArn, ...type }));
}

/** The groups, and where there are any whether they hold for PrivateLink traffic. */
export function setSecurityGroups(aws: Aws, LoadBalancerArn: string, wanted: Wanted) {
  const enforce = wanted.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic;
  return aws.elbv2.send(
    new SetSecurityGroupsCommand({
      LoadBalancerArn,
      SecurityGroups: [...wanted.securityGroupIds],
      ...(enforce === undefined
        ? {}
        : {
            EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic:
              enforce as EnforceSecurityGroupInboundRulesOnPrivateLinkTrafficEnum,
          }),
    }),
  );
}
