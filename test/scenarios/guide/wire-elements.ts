import { XMLParser } from "fast-xml-parser";

const connection = "vpcEndpointConnectionSet/item";
const configuration = "serviceConfigurationSet/item";
const endpoint = "vpcEndpointSet/item";
const detail = "serviceDetailSet/item";
const balancer = "DescribeLoadBalancersResult/LoadBalancers/member";
const listener = "DescribeListenersResult/Listeners/member";
const health = "DescribeTargetHealthResult/TargetHealthDescriptions/member";
const recordSet = "ResourceRecordSets/ResourceRecordSet";

const under = (parent: string, ...names: string[]): string[] => names.map((name) => `${parent}/${name}`);

/**
 * The element names that AWS itself writes, by the root element of the answer: written down from AWS's own service models and example answers, not from
 * the sandbox. Clients find nothing under another name, and most of them then say nothing.
 */
export const wireElements: Record<string, readonly string[]> = {
  DescribeVpcEndpointServiceConfigurationsResponse: [
    "requestId",
    ...under(configuration, "serviceType/item/serviceType", "serviceId", "serviceName", "serviceState"),
    ...under(configuration, "availabilityZoneIdSet/item", "availabilityZoneSet/item"),
    ...under(configuration, "acceptanceRequired", "managesVpcEndpoints", "networkLoadBalancerArnSet/item"),
    ...under(configuration, "supportedIpAddressTypeSet/item", "baseEndpointDnsNameSet/item", "privateDnsName"),
    ...under(`${configuration}/privateDnsNameConfiguration`, "state", "type", "value", "name"),
    ...under(configuration, "tagSet/item/key", "tagSet/item/value"),
    ...under(`${configuration}/supportedRegionSet/item`, "region", "serviceState"),
    ...under(configuration, "remoteAccessEnabled"),
  ],
  DescribeVpcEndpointConnectionsResponse: [
    "requestId",
    ...under(connection, "serviceId", "vpcEndpointId", "vpcEndpointOwner", "vpcEndpointState", "creationTimestamp"),
    ...under(`${connection}/dnsEntrySet/item`, "dnsName", "hostedZoneId"),
    ...under(connection, "networkLoadBalancerArnSet/item", "ipAddressType", "vpcEndpointConnectionId"),
    ...under(connection, "tagSet", "vpcEndpointRegion"),
  ],
  DescribeVpcEndpointsResponse: [
    "requestId",
    ...under(endpoint, "vpcEndpointId", "vpcEndpointType", "vpcId", "serviceName", "state", "policyDocument"),
    ...under(endpoint, "routeTableIdSet", "subnetIdSet/item", "groupSet/item/groupId", "groupSet/item/groupName"),
    ...under(endpoint, "ipAddressType", "dnsOptions/dnsRecordIpType", "privateDnsEnabled", "requesterManaged"),
    ...under(endpoint, "networkInterfaceIdSet/item", "dnsEntrySet/item/dnsName", "dnsEntrySet/item/hostedZoneId"),
    ...under(endpoint, "creationTimestamp", "tagSet/item/key", "tagSet/item/value", "ownerId", "serviceRegion"),
  ],
  DescribeVpcEndpointServicesResponse: [
    "requestId",
    "serviceNameSet/item",
    ...under(detail, "serviceName", "serviceId", "serviceType/item/serviceType", "serviceRegion"),
    ...under(detail, "availabilityZoneIdSet/item", "availabilityZoneSet/item", "owner", "baseEndpointDnsNameSet/item"),
    ...under(detail, "privateDnsName", "privateDnsNameSet/item/privateDnsName", "privateDnsNameVerificationState"),
    ...under(detail, "vpcEndpointPolicySupported", "acceptanceRequired", "managesVpcEndpoints", "tagSet"),
    ...under(detail, "supportedIpAddressTypeSet/item"),
  ],
  ModifyVpcEndpointServicePermissionsResponse: [
    "requestId",
    ...under("addedPrincipalSet/item", "principalType", "principal", "servicePermissionId", "serviceId"),
    "return",
  ],
  DescribeVpcEndpointServicePermissionsResponse: [
    "requestId",
    ...under("allowedPrincipals/item", "principalType", "principal", "servicePermissionId", "tagSet", "serviceId"),
  ],
  AcceptVpcEndpointConnectionsResponse: ["requestId", "unsuccessful"],
  DescribeLoadBalancersResponse: [
    "ResponseMetadata/RequestId",
    ...under(balancer, "LoadBalancerArn", "DNSName", "CanonicalHostedZoneId", "CreatedTime", "LoadBalancerName"),
    ...under(balancer, "Scheme", "VpcId", "State/Code", "Type", "IpAddressType"),
    ...under(`${balancer}/AvailabilityZones/member`, "ZoneName", "SubnetId", "LoadBalancerAddresses"),
  ],
  DescribeListenersResponse: [
    "ResponseMetadata/RequestId",
    ...under(listener, "ListenerArn", "LoadBalancerArn", "Port", "Protocol"),
    ...under(`${listener}/DefaultActions/member`, "Type", "TargetGroupArn"),
  ],
  DescribeTargetHealthResponse: [
    "ResponseMetadata/RequestId",
    ...under(`${health}/Target`, "Id", "Port"),
    ...under(health, "HealthCheckPort"),
    ...under(`${health}/TargetHealth`, "State", "Reason", "Description"),
  ],
  ListResourceRecordSetsResponse: [
    ...under(recordSet, "Name", "Type", "TTL", "ResourceRecords/ResourceRecord/Value"),
    ...under(`${recordSet}/AliasTarget`, "HostedZoneId", "DNSName", "EvaluateTargetHealth"),
    "IsTruncated",
    "MaxItems",
  ],
  ChangeResourceRecordSetsResponse: under("ChangeInfo", "Id", "Status", "SubmittedAt"),
};

/** The paths of all elements of an answer, without their repetitions: `Root/list/item/name`. */
export function wirePaths(body: string): string[] {
  const parsed: unknown = new XMLParser({ ignoreDeclaration: true, parseTagValue: false }).parse(body);
  return [...new Set(pathsIn(parsed, ""))];
}

function pathsIn(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => pathsIn(entry, path));
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, child]) =>
    pathsIn(child, path === "" ? name : `${path}/${name}`),
  );
  return path === "" ? inner : [path, ...inner];
}
