import type { Call, Tree } from "../operation.ts";
import type { EndpointState, VpcEndpoint } from "../world.ts";
import { items } from "../xml.ts";
import { homeOf } from "./attachments.ts";
import { endpointZone, hiddenZone } from "./endpoint-zones.ts";
import { privateNameOf } from "./private-dns.ts";
import { groupSet } from "./security-groups.ts";
import { tagSet } from "./tags.ts";

/** An endpoint as its owner sees it. */
export function endpointTree(call: Call, endpoint: VpcEndpoint): Tree {
  const home = homeOf(call.world, endpoint);
  return {
    vpcEndpointId: endpoint.id,
    vpcEndpointType: endpoint.type,
    vpcId: endpoint.vpcId,
    serviceName: endpoint.serviceName,
    state: endpoint.state,
    policyDocument: endpoint.policyDocument,
    routeTableIdSet: items([]),
    subnetIdSet: items(endpoint.subnetIds),
    groupSet: groupSet(home, endpoint.securityGroupIds),
    ipAddressType: endpoint.ipAddressType,
    dnsOptions: { dnsRecordIpType: endpoint.dnsRecordIpType },
    privateDnsEnabled: endpoint.privateDnsEnabled,
    requesterManaged: false,
    networkInterfaceIdSet: items(endpoint.networkInterfaceIds),
    dnsEntrySet: dnsEntrySet(call, endpoint),
    creationTimestamp: endpoint.createdAt,
    tagSet: tagSet(endpoint.tags),
    ownerId: endpoint.account,
    lastError: endpoint.lastError && { message: endpoint.lastError.message, code: endpoint.lastError.code },
    serviceRegion: endpoint.serviceRegion,
  };
}

/** Before it is accepted, and once it cannot be used any more, an endpoint has no names. */
const nameless: readonly EndpointState[] = ["pendingAcceptance", "rejected", "failed", "expired", "deleted"];

/** The DNS names of an endpoint: the regional one, one for each zone, and the private one. */
export function dnsEntrySet(call: Call, endpoint: VpcEndpoint): Tree {
  if (nameless.includes(endpoint.state)) return items([]);
  const { subnets } = homeOf(call.world, endpoint);
  const first = `${endpoint.id}-${endpoint.dnsLabel}`;
  const zones = endpoint.subnetIds.flatMap((id) => subnets[id]?.az ?? []).sort();
  const hostedZoneId = endpointZone(endpoint.serviceRegion);
  const suffix = `${endpoint.service?.id ?? ""}.${endpoint.serviceRegion}.vpce.amazonaws.com`;
  const own = [first, ...zones.map((zone) => `${first}-${zone}`)].map((label) => ({
    dnsName: `${label}.${suffix}`,
    hostedZoneId,
  }));
  const privateName = endpoint.privateDnsEnabled ? privateNameOf(call.world, endpoint) : undefined;
  if (privateName === undefined) return items(own);
  return items([...own, { dnsName: privateName, hostedZoneId: hiddenZone(endpoint.id) }]);
}
