import type { Call, Tree } from "../operation.ts";
import type { LoadBalancer } from "../world.ts";
import { members } from "../xml.ts";
import { here } from "./input.ts";
import { canonicalZone } from "./zones.ts";

/** A load balancer as Create and Describe show it. */
export function loadBalancerTree(call: Call, balancer: LoadBalancer): Tree {
  const secured = balancer.securityGroupIds.length > 0;
  return {
    LoadBalancerArn: balancer.arn,
    DNSName: balancer.dnsName,
    CanonicalHostedZoneId: canonicalZone(call.region, balancer.type),
    CreatedTime: balancer.createdAt,
    LoadBalancerName: balancer.name,
    Scheme: balancer.scheme,
    VpcId: balancer.vpcId,
    State: { Code: balancer.state },
    Type: balancer.type,
    AvailabilityZones: zonesTree(call, balancer),
    SecurityGroups: secured ? members(balancer.securityGroupIds) : undefined,
    IpAddressType: balancer.ipAddressType,
    // AWS leaves the flag out of a load balancer that has no groups to enforce.
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: secured ? balancer.enforcePrivateLink : undefined,
    EnablePrefixForIpv6SourceNat: balancer.type === "network" ? balancer.enablePrefixForIpv6SourceNat : undefined,
  };
}

/** Its zones; an address is listed only where the creator chose it. */
export function zonesTree(call: Call, balancer: LoadBalancer): Tree {
  const { subnets } = here(call);
  const zones = balancer.subnetIds.map((id) => {
    const address = balancer.fixedAddresses?.[id];
    return {
      ZoneName: subnets[id]?.az,
      SubnetId: id,
      LoadBalancerAddresses: members(address ? [{ PrivateIPv4Address: address }] : []),
    };
  });
  return members(zones);
}
