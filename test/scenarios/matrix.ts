import type { Attributes, Json, KindName } from "../../src/model.ts";

/** What a plan does about an attribute: AWS can change it, AWS cannot, or it is chosen once and never compared. */
export type Effect = "update" | "replace" | "nothing";
/** Between these values AWS can change it, between those it cannot. */
type Cell = Effect | ((live: Json, wanted: Json) => Effect);

/**
 * What AWS lets one change in place, as its documentation and the tools of others have it. Written down apart from the kinds' rules, so that a
 * mistake in these does not agree with itself.
 */
export const matrix: { readonly [K in KindName]: { readonly [A in keyof Required<Attributes[K]>]: Cell } } = {
  "load-balancer": {
    name: "nothing",
    scheme: "replace",
    subnetIds: "update",
    // One that was made without any never gets one, and one that has some keeps at least one.
    securityGroupIds: (live, wanted) => (isEmpty(live) === isEmpty(wanted) ? "update" : "replace"),
    ipAddressType: "update",
    crossZone: "update",
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "update",
    clientRoutingPolicy: "update",
    deletionProtection: "update",
    enablePrefixForIpv6SourceNat: "update",
    tags: "update",
  },
  "target-group": {
    name: "nothing",
    // A group serves one load balancer; one that serves none yet suits any.
    loadBalancerArn: (live) => (live === null ? "nothing" : "replace"),
    vpcId: "replace",
    targetType: "replace",
    protocol: "replace",
    port: "replace",
    ipAddressType: "replace",
    healthCheckProtocol: "update",
    healthCheckPort: "update",
    healthCheckPath: "update",
    healthCheckMatcher: "update",
    healthCheckIntervalSeconds: "update",
    healthCheckTimeoutSeconds: "update",
    healthyThreshold: "update",
    unhealthyThreshold: "update",
    deregistrationDelaySeconds: "update",
    connectionTermination: "update",
    preserveClientIp: "update",
    proxyProtocolV2: "update",
    crossZone: "update",
    targets: "update",
    tags: "update",
  },
  listener: {
    loadBalancerArn: "replace",
    port: "update",
    protocol: "update",
    targetGroupArn: "update",
    certificateArns: "update",
    sslPolicy: "update",
    alpnPolicy: "update",
    idleTimeoutSeconds: "update",
    tags: "update",
  },
  "endpoint-service": {
    loadBalancerArns: "update",
    acceptanceRequired: "update",
    privateDnsName: "update",
    supportedRegions: "update",
    ipAddressTypes: "update",
    tags: "update",
  },
  // The list of a service, the connection of an endpoint, the notifications of either: of another one they are another thing.
  allowlist: { serviceId: "replace", principals: "update" },
  acceptance: { serviceId: "replace", endpointId: "replace", decision: "update" },
  notification: { serviceOrEndpointId: "replace", topicArn: "update", events: "update" },
  // A record in another zone or under another name is put and taken away in one change each; the name itself is a setting of the service.
  "private-dns": {
    serviceId: "replace",
    zoneId: "update",
    name: "update",
    recordName: "update",
    recordValue: "update",
    state: "update",
    tags: "update",
  },
  "security-group": {
    name: "nothing",
    vpcId: "replace",
    description: "nothing",
    ingress: "update",
    tags: "update",
  },
  "vpc-endpoint": {
    vpcId: "replace",
    serviceName: "replace",
    serviceRegion: "replace",
    subnetIds: "update",
    securityGroupIds: "update",
    ipAddressType: "update",
    dnsRecordIpType: "update",
    privateDnsEnabled: "update",
    policy: "update",
    tags: "update",
  },
  "dns-record": {
    zoneId: "replace",
    name: "replace",
    types: "update",
    targetDnsName: "update",
    targetZoneId: "update",
    evaluateTargetHealth: "update",
    tags: "update",
  },
  "value-record": {
    zoneId: "replace",
    name: "replace",
    type: "replace",
    values: "update",
    ttlSeconds: "update",
    tags: "update",
  },
  // A zone keeps its domain and its account for life; VPCs come and go.
  "hosted-zone": { name: "replace", account: "replace", vpcs: "update", tags: "update" },
  "zone-association": { zoneId: "replace", vpc: "replace" },
  "zone-authorization": { zoneId: "replace", vpc: "replace" },
};

const isEmpty = (value: Json): boolean => Array.isArray(value) && value.length === 0;

/** What a plan has to do about a live value that differs from the wanted one. */
export function effectOf(kind: KindName, attribute: string, live: Json, wanted: Json): Effect {
  const cell = (matrix[kind] as { readonly [attribute: string]: Cell })[attribute];
  if (cell === undefined) throw new Error(`the matrix does not know ${attribute} of ${kind}`);
  return typeof cell === "function" ? cell(live, wanted) : cell;
}

/** Kinds of which something stands only while a plan is carried out, so that nothing of them can drift. */
export const passing: ReadonlySet<KindName> = new Set(["zone-authorization"]);
