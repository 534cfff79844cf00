import type { Call, Tree } from "../operation.ts";
import type { EndpointService } from "../world.ts";
import { items } from "../xml.ts";
import { serviceZoneIds } from "./attachments.ts";
import { here } from "./here.ts";
import { tagSet } from "./tags.ts";

/** A service as its owner sees it. */
export function serviceTree(call: Call, service: EndpointService): Tree {
  const zoneIds = serviceZoneIds(call.world, service);
  const zones = here(call).availabilityZones.filter((zone) => zoneIds.includes(zone.id));
  const dns = service.privateDnsVerification;
  return {
    serviceType: items([
      { serviceType: service.gatewayLoadBalancerArns.length > 0 ? "GatewayLoadBalancer" : "Interface" },
    ]),
    serviceId: service.id,
    serviceName: service.name,
    serviceState: service.state,
    availabilityZoneIdSet: items(zoneIds),
    availabilityZoneSet: items(zones.map((zone) => zone.name)),
    acceptanceRequired: service.acceptanceRequired,
    managesVpcEndpoints: false,
    networkLoadBalancerArnSet: items(service.networkLoadBalancerArns),
    gatewayLoadBalancerArnSet: items(service.gatewayLoadBalancerArns),
    supportedIpAddressTypeSet: items(service.supportedIpAddressTypes),
    baseEndpointDnsNameSet: items([baseDnsName(service)]),
    privateDnsName: service.privateDnsName,
    // AWS sends an empty element when there is no name.
    privateDnsNameConfiguration: dns ? { state: dns.state, type: "TXT", value: dns.value, name: dns.name } : null,
    payerResponsibility: service.payerResponsibility,
    tagSet: tagSet(service.tags),
    supportedRegionSet: items(service.supportedRegions.map(({ region, state }) => ({ region, serviceState: state }))),
    remoteAccessEnabled: service.supportedRegions.some(({ region }) => region !== service.region),
  };
}

/** What the DNS names of all endpoints of a service end in. */
export function baseDnsName(service: EndpointService): string {
  return `${service.id}.${service.region}.vpce.amazonaws.com`;
}
