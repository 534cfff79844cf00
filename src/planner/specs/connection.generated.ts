// Made from schema/connection.v1.schema.json by `npm run schema`; change the schema, not this file.

/**
 * A load balancer that Landline manages, or the ARN of one that exists already.
 */
export type LoadBalancerSpec = ExistingLoadBalancerSpec | ManagedLoadBalancerSpec;
/**
 * An existing security group: its id, its name or tags that it carries. Groups that Landline manages are never meant.
 */
export type SecurityGroupReferenceSpec = SecurityGroupNameSpec | TagSelectorSpec | string;
/**
 * Names one endpoint, or all endpoints of one account.
 */
export type ConnectionRuleSpec = AccountRuleSpec | EndpointRuleSpec;

/**
 * A Landline connection: a service we provide over AWS PrivateLink, endpoints we consume, or both.
 */
export interface ConnectionSpec {
  /**
   * The version of this document's format.
   */
  apiVersion: "landline/v1";
  /**
   * What this document is.
   */
  kind: "Connection";
  metadata: ConnectionMetadata;
  /**
   * While true, nothing of this connection is deleted, replaced or disconnected. Also kept as a tag, so that removing the file does not lift it.
   */
  protect?: boolean;
  /**
   * absent: everything of this connection is to go, in the right order, while its spec still gives hand-offs, confirmations and waits. Remove the file once nothing is left.
   */
  state?: "present" | "absent";
  partner?: PartnerSpec;
  /**
   * Findings that are waived, each with a reason that the plan prints.
   */
  acknowledge?: AcknowledgeSpec[];
  service?: ServiceSpec;
  /**
   * The interface endpoints with which we consume services.
   *
   * @minItems 1
   */
  endpoints?: EndpointSpec[];
  /**
   * CNAME and TXT records in zones that exist: names of ours that lead to the partner, proofs that a partner asks for.
   */
  records?: RecordSpec[];
  /**
   * Objects that exist already and become ours as they are, each as the resource of this connection that it is. `landline import` writes the list; once they are adopted it may go.
   */
  adopt?: AdoptionSpec[];
}
/**
 * What the connection is called and whose it is.
 */
export interface ConnectionMetadata {
  /**
   * The connection's name, unique in the project. Every address begins with it.
   */
  name: string;
  /**
   * The team to ask.
   */
  owner?: string;
  /**
   * A sentence for people.
   */
  description?: string;
  /**
   * The name that this connection had before. What lives under it then belongs to this connection and keeps its ids, its traffic and its names on AWS; it may go once the rename is applied.
   */
  renamedFrom?: string;
}
/**
 * The partner platform on the other side: brings checks, defaults, waits and hand-offs.
 */
export interface PartnerSpec {
  /**
   * The name of the partner profile.
   */
  profile: string;
  /**
   * The profile's parameters; each profile says which.
   */
  params?: {
    [k: string]: unknown;
  };
  /**
   * What a person has seen and confirms: what the plan asks for before it deletes, and checks that no machine can make.
   */
  confirm?: ConfirmationSpec[];
  reported?: ReportedSpec;
}
/**
 * One confirmation by a person.
 */
export interface ConfirmationSpec {
  /**
   * What is confirmed, as the plan's finding names it.
   */
  id: string;
  /**
   * Who has seen what, and where. The plan prints it.
   */
  reason: string;
}
/**
 * The last word of the partner about the connection, written by hand or by landline capture.
 */
export interface ReportedSpec {
  /**
   * The state as the partner prints it.
   */
  state: string;
  /**
   * The day on which the partner said it.
   */
  on: string;
}
/**
 * One waived finding.
 */
export interface AcknowledgeSpec {
  /**
   * The finding's id, as the plan prints it.
   */
  finding: string;
  /**
   * Why it may be waived. The plan prints it.
   */
  reason: string;
}
/**
 * The endpoint service that we provide.
 */
export interface ServiceSpec {
  /**
   * The target of the project in which the service lives.
   */
  target: string;
  /**
   * The Network Load Balancers behind the service. Each endpoint network interface uses one of them at random, so all should have the same listeners.
   *
   * @minItems 1
   */
  loadBalancers: LoadBalancerSpec[];
  /**
   * Whether a connection request waits for us (required) or connects at once (automatic).
   */
  acceptance?: "required" | "automatic";
  connections?: ServiceConnectionsSpec;
  /**
   * Whether connections of accounts that no allowed principal belongs to any more are cut, and those to a service that moves to another target. AWS itself leaves them connected when a principal is removed. What connections.accept names stays.
   */
  disconnect?: boolean;
  /**
   * Why connections may be cut; needed with disconnect: true. The plan prints it.
   */
  disconnectReason?: string;
  /**
   * Who may create endpoints to the service. The list is exclusive: a principal that is not in it is removed.
   */
  allowedPrincipals?: AllowedPrincipalSpec[];
  privateDns?: ServicePrivateDnsSpec;
  /**
   * Messages to SNS topics about connections to the service. The list is exclusive: a notification of this service to a topic that is not in it is removed.
   */
  notifications?: NotificationSpec[];
  /**
   * Other Regions from which consumers may connect.
   */
  supportedRegions?: string[];
  /**
   * The IP address types that consumers may use; ipv6 needs dualstack load balancers.
   *
   * @minItems 1
   */
  ipAddressTypes?: ("ipv4" | "ipv6")[];
}
/**
 * A load balancer that exists already: only referred to, never changed.
 */
export interface ExistingLoadBalancerSpec {
  /**
   * The ARN of a Network Load Balancer that somebody else manages.
   */
  arn: string;
}
/**
 * An internal Network Load Balancer that Landline makes and manages.
 */
export interface ManagedLoadBalancerSpec {
  /**
   * What the load balancer is called in this connection; its name on AWS is made from this and the project's and connection's names.
   */
  name: string;
  /**
   * The name that this load balancer had before in this connection. It then keeps its name on AWS and its traffic; may go once the rename is applied.
   */
  renamedFrom?: string;
  /**
   * One subnet for each Availability Zone in which the service is to be reachable: their ids, or the tags they carry.
   */
  subnets: SubnetSelectorSpec | string[];
  /**
   * Whether each zone's address may send to targets in all zones. Without it, a zone without a healthy target answers nobody.
   */
  crossZone?: boolean;
  /**
   * The load balancer's security groups. AWS cannot add the first one later: say it when the load balancer is made.
   */
  securityGroups?: SecurityGroupReferenceSpec[];
  /**
   * Whether the rules of the security groups hold for PrivateLink traffic too: they then have to allow the consumers' own addresses, and whoever comes from another is dropped in silence. Only with securityGroups.
   */
  enforceSecurityGroupInboundRulesOnPrivateLinkTraffic?: "on" | "off";
  /**
   * Which zones' addresses the load balancer's own DNS name gives to a client: those of all zones, of the client's zone, or of the client's zone for 85 of 100 queries. Endpoints do not ask that name.
   */
  clientRoutingPolicy?: "any_availability_zone" | "availability_zone_affinity" | "partial_availability_zone_affinity";
  /**
   * Whether AWS refuses to delete the load balancer. It stops other tools and people; a reviewed plan of ours that deletes or replaces the load balancer switches it off first. To stop that too, say protect.
   */
  deletionProtection?: boolean;
  /**
   * The ports on which the service answers.
   *
   * @minItems 1
   * @maxItems 50
   */
  listeners: ListenerSpec[];
}
/**
 * Subnets by the tags they carry, one for each Availability Zone.
 */
export interface SubnetSelectorSpec {
  /**
   * The subnets that carry all of these tags are taken. The plan shows which ones they are.
   */
  tags: {
    [k: string]: string;
  };
  /**
   * Only subnets of this VPC: its id, its name or tags that it carries. An endpoint's subnets are looked for in its own VPC in any case.
   */
  vpc?: VpcNameSpec | TagSelectorSpec | string;
}
/**
 * A VPC by its name.
 */
export interface VpcNameSpec {
  /**
   * The value of the VPC's Name tag.
   */
  name: string;
}
/**
 * The one that carries these tags.
 */
export interface TagSelectorSpec {
  /**
   * The one that carries all of these tags is taken. Several, or none, are an error that lists the candidates.
   */
  tags: {
    [k: string]: string;
  };
}
/**
 * A security group by its name.
 */
export interface SecurityGroupNameSpec {
  /**
   * The group's name (not its Name tag), which is unique in its VPC.
   */
  name: string;
}
/**
 * One port of a load balancer.
 */
export interface ListenerSpec {
  /**
   * The port on which consumers connect. One listener a port: for TCP and UDP together say protocol TCP_UDP.
   */
  port: number;
  /**
   * The protocol that consumers speak.
   */
  protocol: "TCP" | "TLS" | "UDP" | "TCP_UDP";
  /**
   * For TLS: the ARNs of the certificates, the default one first.
   *
   * @minItems 1
   */
  certificates?: string[];
  /**
   * For TLS: the security policy, which says the TLS versions and ciphers.
   */
  sslPolicy?: string;
  /**
   * For TLS: which application protocols to negotiate.
   */
  alpnPolicy?: "HTTP1Only" | "HTTP2Only" | "HTTP2Optional" | "HTTP2Preferred" | "None";
  /**
   * For TCP: seconds without traffic after which a connection is forgotten. AWS begins with 350. Left out: neither set nor compared, so that a value that was set before stays.
   */
  idleTimeoutSeconds?: number;
  targetGroup: TargetGroupSpec;
}
/**
 * Where a listener sends its traffic.
 */
export interface TargetGroupSpec {
  /**
   * The port on which the targets listen.
   */
  port: number;
  /**
   * What the targets are: IP addresses, EC2 instances or one Application Load Balancer.
   */
  type: "ip" | "instance" | "alb";
  /**
   * The protocol spoken with the targets. Left out: the listener's, or TCP behind a TLS listener.
   */
  protocol?: "TCP" | "TLS" | "UDP" | "TCP_UDP";
  /**
   * The address family of the targets.
   */
  ipAddressType?: "ipv4" | "ipv6";
  /**
   * The targets, each with a port of its own where wanted: "10.0.1.10", "10.0.1.10:9443", "i-0a1b2c3d4e5f60001", the ARN of an Application Load Balancer. Left out: registrations belong to somebody else (an Auto Scaling group, Kubernetes) and are never touched.
   */
  targets?: string[];
  healthCheck?: HealthCheckSpec;
  /**
   * How long a target that goes away may finish its connections.
   */
  deregistrationDelaySeconds?: number;
  /**
   * Whether connections still open at the end of the deregistration delay are cut.
   */
  connectionTermination?: boolean;
  /**
   * Whether targets see the client's address. It has no effect on PrivateLink traffic; UDP always has it on.
   */
  preserveClientIp?: boolean;
  /**
   * Whether a proxy protocol v2 header tells the targets the endpoint id and the source address. The targets must expect it.
   */
  proxyProtocolV2?: boolean;
  /**
   * Whether each zone's address may send to this group's targets in all zones. Left out: as the load balancer's crossZone says.
   */
  crossZone?: boolean;
}
/**
 * How the load balancer finds out which targets can be used.
 */
export interface HealthCheckSpec {
  /**
   * The protocol of the check.
   */
  protocol?: "TCP" | "HTTP" | "HTTPS";
  /**
   * The port of the check; traffic-port is the port that gets the traffic.
   */
  port?: number | "traffic-port";
  /**
   * The path to ask for. Only with HTTP and HTTPS.
   */
  path?: string;
  /**
   * Seconds between two checks of one target.
   */
  intervalSeconds?: number;
  /**
   * Seconds after which a check without an answer has failed. AWS takes 10 for TCP and HTTPS, 6 for HTTP.
   */
  timeoutSeconds?: number;
  /**
   * Good checks in a row after which a target is healthy.
   */
  healthyThreshold?: number;
  /**
   * Failed checks in a row after which a target is unhealthy.
   */
  unhealthyThreshold?: number;
  /**
   * The HTTP status codes of a good answer. Only with HTTP and HTTPS.
   */
  matcher?: string;
}
/**
 * Which connection requests are let in, and which turned away.
 */
export interface ServiceConnectionsSpec {
  /**
   * The requests that are accepted, named by endpoint or by account. Endpoints of this project are accepted without being named.
   */
  accept?: ConnectionRuleSpec[];
  /**
   * The connections that are rejected, named by endpoint or by account: waiting ones are turned away, live ones are cut.
   */
  reject?: ConnectionRuleSpec[];
}
/**
 * Names every endpoint of one account. A partner profile may forbid this form.
 */
export interface AccountRuleSpec {
  /**
   * The consumer's twelve-digit account id, in quotes.
   */
  account: string;
  /**
   * Why. The plan prints it.
   */
  reason: string;
}
/**
 * Names one endpoint.
 */
export interface EndpointRuleSpec {
  /**
   * The id of the consumer's endpoint.
   */
  endpoint: string;
  /**
   * Why. The plan prints it.
   */
  reason: string;
}
/**
 * One grant: who, why, until when.
 */
export interface AllowedPrincipalSpec {
  /**
   * An account root, a role, a user, a service principal, or * for everybody (which the project's policy denies by default).
   */
  principal: string;
  /**
   * Why. The plan prints it; the project's policy may require it.
   */
  reason?: string;
  /**
   * The last day of the grant (UTC), as YYYY-MM-DD. From the next day on the plan removes the principal, and validate asks to renew the grant or to take it out.
   */
  until?: string;
}
/**
 * The private DNS name under which consumers may reach the service.
 */
export interface ServicePrivateDnsSpec {
  /**
   * The DNS name, in a domain that we own.
   */
  name: string;
  /**
   * Our public hosted zone for the name: its id or its domain name. With it we write the TXT proof and start the verification; without it somebody else must.
   */
  zone?: string;
}
/**
 * One SNS topic that is told of connections. Its access policy has to let vpce.amazonaws.com publish.
 */
export interface NotificationSpec {
  /**
   * The ARN of the SNS topic.
   */
  topic: string;
  /**
   * What is told: somebody asks to connect, is accepted, is rejected, or deletes the endpoint.
   *
   * @minItems 1
   */
  events?: ("Accept" | "Connect" | "Delete" | "Reject")[];
}
/**
 * One interface endpoint.
 */
export interface EndpointSpec {
  /**
   * The endpoint's name, unique in the connection.
   */
  name?: string;
  /**
   * The target of the project in which the endpoint lives.
   */
  target: string;
  /**
   * The name that this endpoint had before in this connection. The endpoint then keeps its id and its traffic; may go once the rename is applied.
   */
  renamedFrom?: string;
  /**
   * The service to consume: its name, another connection of this project, or pending while the partner has not told the name yet. Left out: the service of this document.
   */
  service?: ConnectionReferenceSpec | string;
  /**
   * The Region of the service, when it is not the endpoint's own.
   */
  serviceRegion?: string;
  /**
   * The VPC in which the endpoint lives: its id, its name or tags that it carries.
   */
  vpc: VpcNameSpec | TagSelectorSpec | string;
  /**
   * The subnets that get an endpoint network interface, at most one for each Availability Zone: their ids, or the tags they carry in the endpoint's VPC.
   */
  subnets: SubnetSelectorSpec | string[];
  securityGroup?: ManagedSecurityGroupSpec;
  /**
   * Existing security groups, which Landline refers to and never changes. Instead of securityGroup.
   *
   * @minItems 1
   * @maxItems 16
   */
  securityGroups?: SecurityGroupReferenceSpec[];
  /**
   * An IAM policy document, when the service supports endpoint policies. null or left out: AWS's default, full access.
   */
  policy?: {
    [k: string]: unknown;
  } | null;
  /**
   * For which addresses AWS makes DNS records of the endpoint: A, AAAA, both, or as the service says. Left out: as ipAddressType. Records of aliases follow.
   */
  dnsRecordIpType?: "ipv4" | "dualstack" | "ipv6" | "service-defined";
  /**
   * Messages to SNS topics about this endpoint. The list is exclusive: a notification of this endpoint to a topic that is not in it is removed.
   */
  notifications?: NotificationSpec[];
  /**
   * Whether the service's private DNS name resolves to this endpoint in the whole VPC.
   */
  privateDns?: boolean;
  /**
   * The IP address type of the endpoint's network interfaces.
   */
  ipAddressType?: "ipv4" | "dualstack" | "ipv6";
  /**
   * DNS names of ours that lead to the endpoint.
   */
  aliases?: AliasSpec[];
  /**
   * A private hosted zone of ours whose names lead to the endpoint, in the endpoint's account. Left out: what the partner profile says; none: no zone, whatever it says.
   */
  hostedZone?: HostedZoneSpec | "none";
}
/**
 * The service of another connection of this project.
 */
export interface ConnectionReferenceSpec {
  /**
   * The name of the connection whose service is meant.
   */
  connection: string;
}
/**
 * A security group that Landline makes for this endpoint. Without ingress nobody reaches the endpoint.
 */
export interface ManagedSecurityGroupSpec {
  /**
   * Who may reach the endpoint.
   */
  ingress?: IngressSpec[];
}
/**
 * One rule: these ports from this source.
 */
export interface IngressSpec {
  /**
   * One port or a range: 443 or "10000-31000".
   */
  ports: number | string;
  /**
   * The source: a CIDR block, a security group or a prefix list.
   */
  from: IngressGroupSpec | string;
  /**
   * The IP protocol.
   */
  protocol?: "tcp" | "udp";
  /**
   * The rule's description on AWS.
   */
  description?: string;
}
/**
 * Traffic from whatever is in a security group.
 */
export interface IngressGroupSpec {
  securityGroup: SecurityGroupReferenceSpec;
}
/**
 * A DNS name that leads to the endpoint: an A and, for IPv6, an AAAA alias record.
 */
export interface AliasSpec {
  /**
   * The full DNS name.
   */
  name: string;
  /**
   * The hosted zone in which the record lives: its id or its domain name.
   */
  zone: ZoneNameSpec | string;
  /**
   * The target of the project whose account owns the zone, when it is not the endpoint's own.
   */
  target?: string;
  /**
   * The id of an Availability Zone of the endpoint: the name then leads to the endpoint's interface in that zone only. Left out: to all zones.
   */
  azId?: string;
  /**
   * Whether Route 53 leaves the record out of its answers while the endpoint is unhealthy.
   */
  evaluateTargetHealth?: boolean;
}
/**
 * A hosted zone by its domain name, where a public and a private one have the same.
 */
export interface ZoneNameSpec {
  /**
   * The zone's domain name.
   */
  name: string;
  /**
   * Whether the private zone of this name is meant, or the public one. Left out: whichever there is, when there is only one.
   */
  private?: boolean;
}
/**
 * A private hosted zone of ours, with its records. It resolves in the endpoint's own VPC and in those that are named.
 */
export interface HostedZoneSpec {
  /**
   * The zone's domain name. A VPC looks up each name in one zone of that domain only: what the zone does not hold does not resolve there.
   */
  name: string;
  /**
   * Other VPCs in which the zone resolves too, besides the endpoint's own. The list is exclusive: a VPC that is not in it is taken out of the zone.
   */
  vpcs?: HostedZoneVpcSpec[];
  /**
   * The records that lead to the endpoint.
   *
   * @minItems 1
   */
  records: HostedZoneRecordSpec[];
}
/**
 * A VPC in which a hosted zone resolves.
 */
export interface HostedZoneVpcSpec {
  /**
   * The VPC's id.
   */
  vpc: string;
  /**
   * The target of the project whose account and Region the VPC is in, when they are not the endpoint's own. In another account the zone's owner authorizes the association, the VPC's makes it, and the authorization is taken back.
   */
  target?: string;
}
/**
 * A record of a hosted zone of ours, or one for each Availability Zone of the endpoint.
 */
export interface HostedZoneRecordSpec {
  /**
   * The name, relative to the zone; @ is the zone itself, * all names that have no record of their own. {{zone.id}} stands for the id of an Availability Zone, with to: zonal.
   */
  name: string;
  /**
   * ALIAS: an A and, for IPv6, an AAAA alias record, which Route 53 answers by itself. CNAME: a reference that the client looks up again.
   */
  type: "ALIAS" | "CNAME";
  /**
   * regional: the endpoint's own name. zonal: its name in one Availability Zone, one record for each.
   */
  to?: "regional" | "zonal";
  /**
   * For CNAME: seconds for which resolvers may keep the answer.
   */
  ttl?: number;
}
/**
 * A CNAME or TXT record in a hosted zone that exists. It is ours as a whole: a record of that name and type that somebody else has made is not touched.
 */
export interface RecordSpec {
  /**
   * The full DNS name.
   */
  name: string;
  /**
   * The hosted zone in which the record lives: its id or its domain name.
   */
  zone: ZoneNameSpec | string;
  /**
   * The target of the project whose account owns the zone. Left out: that of the service, or of the first endpoint.
   */
  target?: string;
  /**
   * CNAME: the name leads to another name; nothing else may stand at it. TXT: texts, a proof of ownership for example.
   */
  type: "CNAME" | "TXT";
  /**
   * What the record says: one DNS name for CNAME, texts without quotes for TXT.
   *
   * @minItems 1
   * @maxItems 400
   */
  values: string[];
  /**
   * Seconds for which resolvers may keep the answer.
   */
  ttl?: number;
}
/**
 * One object that exists already, and what it is in this connection.
 */
export interface AdoptionSpec {
  /**
   * The resource that the object is, as the plan names it, without the connection's name: service, service/nlb/NAME, service/nlb/NAME/listener/PORT, service/nlb/NAME/target-group/PORT, service/private-dns, endpoint/NAME, endpoint/NAME/security-group, endpoint/NAME/dns/DNS-NAME, endpoint/NAME/hosted-zone, endpoint/NAME/hosted-zone/dns/DNS-NAME, endpoint/NAME/hosted-zone/record/DNS-NAME/cname, record/DNS-NAME/cname, record/DNS-NAME/txt.
   */
  address: string;
  /**
   * The object's id or ARN; ZONE-ID/NAME for an alias record or a proof, ZONE-ID/NAME/CNAME and ZONE-ID/NAME/TXT for the others.
   */
  id: string;
}
