/**
 * Everything the embedded AWS remembers, as plain JSON: what is here is what the state file holds.
 * Ids and ARNs are the keys. Sets are arrays in AWS's own order of insertion.
 */
export interface World {
  version: 1;
  accounts: Record<string, Account>;
  /** Answers already given to a ClientToken, keyed `account/region/action/token`; AWS repeats the answer even when the object is gone. */
  tokens: Record<string, TokenAnswer>;
  /** Counts every id handed out, so that a seeded world hands out the same ids in the same order. */
  nextId: number;
}

export interface TokenAnswer {
  /** Canonical text of the request without the token: another text under the same token is `IdempotentParameterMismatch`. */
  request: string;
  /** The id of what was made. */
  id: string;
  /** The answer given then, to be repeated. */
  answer: unknown;
}

export interface Account {
  id: string;
  regions: Record<string, Region>;
  /** Route 53 is global: zones belong to the account, not to a Region. */
  hostedZones: Record<string, HostedZone>;
  /** Route 53 changes by id: PENDING until `settle` has run out. */
  changes: Record<string, { id: string; zone: string; submittedAt: string; settle: Settle }>;
  roles: Record<string, Role>;
  /** Raised service quotas by AWS's name of the limit (`network-load-balancers`, `MAX_RRSETS_BY_ZONE`, ...); what is absent has AWS's default. */
  quotas?: Record<string, number>;
}

export interface Role {
  name: string;
  policy?: { Version?: string; Statement: PolicyStatement | PolicyStatement[] };
}
export interface PolicyStatement {
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
}

/**
 * How far a transition still has to go: by default a number of reads (each describe of the object takes one), with `--slow` a moment in
 * time (ISO 8601). A transition whose settle is done moves to `to` at the next look.
 */
export interface Settle {
  reads?: number;
  at?: string;
}

export interface Region {
  name: string;
  availabilityZones: AvailabilityZone[];
  vpcs: Record<string, Vpc>;
  subnets: Record<string, Subnet>;
  securityGroups: Record<string, SecurityGroup>;
  securityGroupRules: Record<string, SecurityGroupRule>;
  networkInterfaces: Record<string, NetworkInterface>;
  endpointServices: Record<string, EndpointService>;
  vpcEndpoints: Record<string, VpcEndpoint>;
  notifications: Record<string, Notification>;
  loadBalancers: Record<string, LoadBalancer>;
  targetGroups: Record<string, TargetGroup>;
  listeners: Record<string, Listener>;
}

export type Tags = Record<string, string>;

export interface AvailabilityZone {
  name: string;
  id: string;
}

export interface Vpc {
  id: string;
  cidr: string;
  ipv6Cidr?: string;
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
  tags: Tags;
}

export interface Subnet {
  id: string;
  vpcId: string;
  az: string;
  azId: string;
  cidr: string;
  ipv6Cidr?: string;
  tags: Tags;
}

export interface SecurityGroup {
  id: string;
  name: string;
  description: string;
  vpcId: string;
  tags: Tags;
}

export interface SecurityGroupRule {
  id: string;
  groupId: string;
  egress: boolean;
  protocol: string;
  fromPort: number;
  toPort: number;
  cidrIpv4?: string;
  cidrIpv6?: string;
  prefixListId?: string;
  referencedGroupId?: string;
  description?: string;
  tags: Tags;
}

export interface NetworkInterface {
  id: string;
  /** `vpc_endpoint` or `network_load_balancer`. */
  interfaceType: string;
  description: string;
  subnetId: string;
  vpcId: string;
  privateIp: string;
  securityGroupIds: string[];
  /** The endpoint or load balancer it belongs to; it lingers for a while after its owner is gone. */
  ownerId: string;
  lingering?: Settle;
}

export type ServiceState = "Pending" | "Available" | "Deleting" | "Deleted" | "Failed";

export interface EndpointService {
  id: string;
  name: string;
  account: string;
  region: string;
  state: ServiceState;
  settle?: Settle;
  acceptanceRequired: boolean;
  networkLoadBalancerArns: string[];
  gatewayLoadBalancerArns: string[];
  supportedIpAddressTypes: string[];
  supportedRegions: { region: string; state: ServiceState | "Closed"; settle?: Settle }[];
  privateDnsName?: string;
  privateDnsVerification?: {
    state: "pendingVerification" | "verified" | "failed";
    name: string;
    value: string;
    settle?: Settle;
  };
  payerResponsibility?: "ServiceOwner";
  principals: Record<string, { id: string; principal: string; type: string; tags: Tags }>;
  tags: Tags;
  createdAt: string;
}

export type EndpointState =
  | "pendingAcceptance"
  | "pending"
  | "available"
  | "deleting"
  | "deleted"
  | "rejected"
  | "failed"
  | "expired";

export interface VpcEndpoint {
  id: string;
  connectionId: string;
  /** Consumer side. */
  account: string;
  region: string;
  type: string;
  vpcId: string;
  serviceName: string;
  serviceRegion: string;
  /** Provider side; absent for AWS's own services. */
  service?: { account: string; region: string; id: string };
  state: EndpointState;
  /** Where a transition goes when it has settled. */
  next?: { state: EndpointState; settle: Settle };
  /** Provider view lags behind the consumer's create: hidden until settled. */
  visibleToProvider?: Settle;
  policyDocument: string;
  policySet: boolean;
  subnetIds: string[];
  securityGroupIds: string[];
  ipAddressType: string;
  dnsRecordIpType: string;
  privateDnsEnabled: boolean;
  networkInterfaceIds: string[];
  /** The load balancers of the service that its interfaces are tied to, one for each zone; a service cannot let go of them while the endpoint lives. */
  loadBalancerArns: string[];
  /** The random part of its DNS names. */
  dnsLabel: string;
  lastError?: { code: string; message: string };
  tags: Tags;
  connectionTags: Tags;
  createdAt: string;
}

export interface Notification {
  id: string;
  serviceId?: string;
  vpcEndpointId?: string;
  topicArn: string;
  events: string[];
  state: string;
}

export interface LoadBalancer {
  arn: string;
  name: string;
  dnsName: string;
  scheme: string;
  type: string;
  vpcId: string;
  state: "provisioning" | "active" | "failed";
  settle?: Settle;
  subnetIds: string[];
  securityGroupIds: string[];
  /** Whether it was made with security groups: one made without can never get any. */
  hasSecurityGroups: boolean;
  enforcePrivateLink: "on" | "off";
  ipAddressType: string;
  enablePrefixForIpv6SourceNat: "on" | "off";
  /** The private IPv4 address that the creator chose for a subnet (`SubnetMappings`), by subnet id. */
  fixedAddresses?: Record<string, string>;
  attributes: Record<string, string>;
  tags: Tags;
  createdAt: string;
}

export interface TargetGroup {
  arn: string;
  name: string;
  protocol: string;
  port: number;
  vpcId: string;
  targetType: string;
  ipAddressType: string;
  healthCheck: {
    protocol: string;
    port: string;
    path?: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    healthyThreshold: number;
    unhealthyThreshold: number;
    matcher?: string;
  };
  attributes: Record<string, string>;
  targets: Target[];
  tags: Tags;
}

export interface Target {
  id: string;
  port: number;
  az?: string;
  /** Counts down from `initial`; a draining target has `draining` set until it is gone. */
  settle?: Settle;
  draining?: Settle;
  /** Set by a test through `/_sandbox/faults` or a seed: what the health check finds. */
  unhealthy?: string;
}

export interface Listener {
  arn: string;
  loadBalancerArn: string;
  port: number;
  protocol: string;
  targetGroupArn: string;
  certificates: string[];
  sslPolicy?: string;
  alpnPolicy: string[];
  attributes: Record<string, string>;
  tags: Tags;
}

export interface HostedZone {
  id: string;
  /** Lower case, with the trailing dot. */
  name: string;
  private: boolean;
  vpcs: { id: string; region: string }[];
  comment?: string;
  callerReference: string;
  /** VPCs of other accounts that may be associated (`CreateVPCAssociationAuthorization`). */
  authorizedVpcs?: { id: string; region: string }[];
  records: RecordSet[];
  tags: Tags;
}

export interface RecordSet {
  /** Lower case, trailing dot, octal escapes (`\052` for `*`). */
  name: string;
  type: string;
  setIdentifier?: string;
  ttl?: number;
  values?: string[];
  alias?: { hostedZoneId: string; dnsName: string; evaluateTargetHealth: boolean };
  /** Weight, Region, ... of a routing policy, kept as they came. */
  routing?: Record<string, string>;
}
