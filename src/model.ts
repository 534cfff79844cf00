/**
 * The words of Landline as types. Imports nothing; everybody may import it.
 *
 * A connection spec is expanded into Desired resources, the cloud is read into Live ones (a Snapshot), and the planner turns the two into
 * a Plan of Changes. All of it is plain JSON, so that a snapshot or a plan can lie in a file.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A value known only once another resource exists: `{ref: "payments-api/service", output: "serviceName"}`. Shown as "(known after apply)". */
export interface Ref {
  readonly ref: string;
  readonly output: string;
}

/** Json in which any part may still be a Ref. */
export type Value = null | boolean | number | string | Ref | readonly Value[] | { readonly [key: string]: Value };

/** An AWS id, ARN or name: given in the spec, or a Ref to what Landline is going to make. */
export type Id = string | Ref;

/** Tags on an AWS resource; `aws:` tags are never in here. */
export type Tags = { readonly [key: string]: string };

/**
 * What each kind compares, by kind. All values are canonical: sets sorted and without duplicates, names and states in lower case, AWS's
 * defaults filled in. An attribute that a Desired resource leaves out is not managed and not compared.
 */
export interface Attributes {
  "load-balancer": {
    /** Chosen at creation, never changed by AWS: not compared. */
    name: string;
    scheme: "internal";
    subnetIds: readonly string[];
    securityGroupIds: readonly string[];
    ipAddressType: string;
    crossZone: boolean;
    /** AWS's words `on` and `off`; left out without security groups, because there is nothing to enforce then. */
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic?: string;
    clientRoutingPolicy: string;
    deletionProtection: boolean;
    /** `on` or `off`; UDP listeners of a dualstack load balancer need it on, an IPv4 one must have it off. */
    enablePrefixForIpv6SourceNat?: string;
    tags: Tags;
  };
  "target-group": {
    name: string;
    /** The load balancer that sends to it: AWS allows one at a time. Live null: none does yet, so any may. */
    loadBalancerArn: Id;
    vpcId: string;
    targetType: string;
    protocol: string;
    port: number;
    ipAddressType: string;
    healthCheckProtocol: string;
    healthCheckPort: string;
    /** Only with HTTP and HTTPS health checks; null otherwise, like `healthCheckMatcher`. */
    healthCheckPath: string | null;
    healthCheckMatcher: string | null;
    healthCheckIntervalSeconds: number;
    healthCheckTimeoutSeconds: number;
    healthyThreshold: number;
    unhealthyThreshold: number;
    deregistrationDelaySeconds: number;
    connectionTermination: boolean;
    /** AWS's default depends on type and protocol; compared only when the spec says it. */
    preserveClientIp?: boolean;
    proxyProtocolV2: boolean;
    /** `true`, `false` or `use_load_balancer_configuration`. */
    crossZone: string;
    /** `id:port` each; left out when registrations belong to somebody else. */
    targets?: readonly string[];
    tags: Tags;
  };
  listener: {
    loadBalancerArn: Id;
    port: number;
    protocol: string;
    targetGroupArn: Id;
    /** The default one first, then the others sorted. */
    certificateArns: readonly string[];
    sslPolicy?: string;
    alpnPolicy: string;
    /** Costs a call to read; read and compared only when the spec says it. */
    idleTimeoutSeconds?: number;
    tags: Tags;
  };
  "endpoint-service": {
    loadBalancerArns: readonly Id[];
    acceptanceRequired: boolean;
    /** null: none. */
    privateDnsName: string | null;
    supportedRegions: readonly string[];
    ipAddressTypes: readonly string[];
    tags: Tags;
  };
  allowlist: {
    serviceId: Id;
    principals: readonly string[];
  };
  acceptance: {
    serviceId: Id;
    endpointId: Id;
    /** `accepted` or `rejected`. */
    decision: string;
  };
  notification: {
    /** The endpoint service or the endpoint whose events are told. */
    serviceOrEndpointId: Id;
    topicArn: string;
    /** Among `Accept`, `Connect`, `Delete` and `Reject`. */
    events: readonly string[];
  };
  "private-dns": {
    serviceId: Id;
    zoneId: string;
    /** The name to prove, and the TXT record that AWS asks for. */
    name: string;
    recordName: Id;
    recordValue: Id;
    /** `verified` is what a spec wants. */
    state: string;
    /** The mark in the TXT record beside the proof, as other kinds carry it in tags: project and address. */
    tags: Tags;
  };
  "security-group": {
    name: string;
    vpcId: string;
    description: string;
    /** Canonical sentences, `tcp 443 from 10.0.0.0/16`, one per rule; see `ingressRule` in the planner and the kind. */
    ingress: readonly string[];
    tags: Tags;
  };
  "vpc-endpoint": {
    vpcId: string;
    serviceName: Id;
    serviceRegion: string;
    subnetIds: readonly string[];
    securityGroupIds: readonly Id[];
    ipAddressType: string;
    /** For which addresses AWS makes records: `ipv4`, `ipv6`, `dualstack` or `service-defined`. */
    dnsRecordIpType: string;
    privateDnsEnabled: boolean;
    /** An IAM policy document; null: the service's default (full access). */
    policy: Json;
    tags: Tags;
  };
  "dns-record": {
    zoneId: Id;
    /** Lower case, no trailing dot, `*` written as itself. */
    name: string;
    /** A, AAAA or both. */
    types: readonly string[];
    targetDnsName: Id;
    targetZoneId: Id;
    evaluateTargetHealth: boolean;
    /** The mark in the TXT record beside it, as other kinds carry it in tags: project and address. */
    tags: Tags;
  };
  "value-record": {
    zoneId: Id;
    /** As of a `dns-record`. */
    name: string;
    /** `CNAME` or `TXT`. */
    type: string;
    /** Without the quotes of TXT values and the trailing dot of names. */
    values: readonly Id[];
    ttlSeconds: number;
    /** The mark in a TXT record beside it, as of a `dns-record`. */
    tags: Tags;
  };
  "hosted-zone": {
    /** Lower case, no trailing dot. */
    name: string;
    /** The account that owns it; zones never move between accounts. */
    account: string;
    /** The VPCs of that account in which the zone resolves, `us-east-1/vpc-0a1b2c3d4e5f60001` each; those of other accounts are `zone-association`s. */
    vpcs: readonly string[];
    tags: Tags;
  };
  "zone-association": {
    zoneId: Id;
    /** A VPC of another account than the zone's, as in `hosted-zone.vpcs`. */
    vpc: string;
  };
  "zone-authorization": {
    zoneId: Id;
    /** The VPC whose owner may associate it with the zone. */
    vpc: string;
  };
}

export type KindName = keyof Attributes;

/** What other resources may refer to, by kind. */
export interface Outputs {
  "load-balancer": "arn";
  "target-group": "arn";
  listener: "arn";
  "endpoint-service": "serviceId" | "serviceName" | "privateDnsRecordName" | "privateDnsRecordValue";
  allowlist: never;
  acceptance: never;
  notification: never;
  "private-dns": never;
  "security-group": "groupId";
  /** `zonalDnsName/us-east-1a`: the name that leads to the endpoint's interface in that zone only. */
  "vpc-endpoint": "endpointId" | "dnsName" | "dnsZoneId" | `zonalDnsName/${string}`;
  "dns-record": never;
  "value-record": never;
  "hosted-zone": "zoneId";
  "zone-association": never;
  "zone-authorization": never;
}

/** How one attribute is compared and what a change of it costs: data, read by the planner's one `compare`. */
export interface Rule {
  /**
   * How two values are equal and how their difference is written. `set`: order and duplicates do not count. `tags`: only our `landline:`
   * keys and the keys that the spec names count; foreign tags are left alone. `fixed`: set at creation, never compared.
   */
  readonly shape: "text" | "flag" | "number" | "set" | "tags" | "json" | "fixed";
  readonly onChange: "update" | "replace";
  /** A set that AWS can change in place but not between empty and not empty (security groups of a load balancer). */
  readonly replaceWhenEmptied?: true;
  /** A live object that has none yet suits any wish: AWS fills it in when the object is first used. */
  readonly unsetFits?: true;
  /** A set whose members are taken away in a step of their own, once the new ones are there: `address#detach`. */
  readonly removedApart?: true;
  /** The risk that something added to, removed from or changed in this attribute carries. */
  readonly risk?: { readonly added?: Risk; readonly removed?: Risk; readonly changed?: Risk };
}
export type Rules<K extends KindName> = { readonly [A in keyof Required<Attributes[K]>]: Rule };

/** What the planner knows of a kind: no code. */
export interface KindInfo {
  readonly rules: { readonly [attribute: string]: Rule };
  /** What becomes of a live object that no spec wants: deleted when it carries our mark, or kept (an acceptance is the consumer's own). */
  readonly orphan: "delete" | "keep";
}
export type KindInfos = { readonly [K in KindName]: KindInfo };

/** Where something stands in a file; 1-based, for people. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One resource that the specs want. */
export interface Desired<K extends KindName = KindName> {
  readonly kind: K;
  /** Stable and unique: `payments-api/endpoint/main`. */
  readonly address: string;
  readonly connection: string;
  readonly target: string;
  readonly attributes: Attributes[K];
  /** Addresses that must be done before, besides those that the attributes refer to. */
  readonly after: readonly string[];
  readonly protect: boolean;
  /** Ids of live objects at this address that AWS never brings back to work: another one is made in their place. */
  readonly ended?: readonly string[];
  /** Where the spec says it. */
  readonly at: Position;
}

/** One object in the cloud that is ours: it carries our mark, or hangs on one that does. */
export interface Live<K extends KindName = KindName> {
  readonly kind: K;
  readonly address: string;
  readonly connection: string;
  readonly target: string;
  /** AWS's id or ARN; `ZONE/name` for records, `SERVICE/ENDPOINT` for acceptances. */
  readonly id: string;
  readonly attributes: { readonly [attribute: string]: Json };
  readonly outputs: { readonly [output: string]: string };
  /** The address that its mark still says, while a spec has given it another one. */
  readonly formerly?: string;
  /** The protect mark on the live object itself. */
  readonly protect: boolean;
  /** AWS's state word in lower case (`available`, `pendingacceptance`, `active`), where the kind has one. */
  readonly state?: string;
  /** ISO 8601, where AWS tells. */
  readonly createdAt?: string;
}

/** An object without our mark that a spec takes over as the resource at this address. */
export interface Adoption {
  /** As `Live.id`. */
  readonly id: string;
  readonly address: string;
}

/** What a run has to look at in one target; computed from the specs, so that reading costs what the question needs. */
export interface Wanted {
  /** Only these connections (`--only`); absent: everything that is ours. */
  readonly connections?: readonly string[];
  readonly subnetIds: readonly string[];
  /** Names that our resources will carry, to find what stands in the way. */
  readonly loadBalancerNames: readonly string[];
  readonly targetGroupNames: readonly string[];
  /** Addresses of the target groups whose registrations the spec lists: only for these are targets read. */
  readonly targetGroupsWithTargets: readonly string[];
  /** Addresses of the listeners whose idle timeout the spec says: only for these is it read. */
  readonly listenersWithIdleTimeout: readonly string[];
  /** Addresses of all load balancers and target groups of ours that specs want: while one is not there, the account's limits are read. */
  readonly elbAddresses: readonly string[];
  /** Whether a load balancer is to have so many listeners or targets that a limit may be near. */
  readonly nearLimits: boolean;
  readonly securityGroupNames: readonly string[];
  /** Existing load balancers that specs refer to. */
  readonly loadBalancerArns: readonly string[];
  /** Services of others that our endpoints consume, with the Region they are in. */
  readonly services: readonly { readonly name: string; readonly region: string }[];
  readonly zoneIds: readonly string[];
  /** Record names that specs want, by zone. */
  readonly records: readonly { readonly zoneId: string; readonly name: string }[];
  /** What specs name otherwise than by id; absent when there is no such thing. */
  readonly selectors?: Selectors;
  /** Whether connections to our services, allowlists and load balancers have to be read at all. */
  readonly provides: boolean;
  readonly consumes: boolean;
  /** Private hosted zones of ours that specs want. Absent: none, and under `connections` none is looked for. */
  readonly hostedZones?: readonly WantedZone[];
  /** Records with values that specs want, by zone. Absent: none. */
  readonly valueRecords?: readonly { readonly zoneId: string; readonly name: string; readonly type: string }[];
  /** Objects that specs adopt: while they carry no mark at all they are read as if they carried ours. Absent: none. */
  readonly adopt?: readonly Adoption[];
  /** How targets and private DNS names fare is wanted too: only `landline status` asks, at one call for each target group. */
  readonly health?: true;
  /** What the checks of partner profiles want besides, for the connections that name one. Absent: nothing. */
  readonly forPartners?: PartnerWants;
}

/** Facts that cost calls of their own and are read only where a check of a partner profile judges them. */
export interface PartnerWants {
  /** Load balancers whose targets' health is wanted: ARNs, and addresses of ours. */
  readonly health: readonly string[];
  /** ARNs of existing load balancers whose zones, listeners and settings are wanted. */
  readonly balancers: readonly string[];
  /** Existing security groups by id whose rules are wanted. Of those that specs choose by name or tags the rules of all candidates are read. */
  readonly ingress: readonly string[];
  readonly ingressOfChosen: boolean;
}

/** A private hosted zone that a spec wants. */
export interface WantedZone {
  readonly address: string;
  /** Lower case, no trailing dot. */
  readonly name: string;
  /** The VPCs of other accounts that are to be associated with it, as in `hosted-zone.vpcs`; only with some is asked who may do so. */
  readonly guests: readonly string[];
}

/** A VPC by its id or by tags (its name is its `Name` tag). */
export type VpcChoice = string | { readonly tags: Tags };

/** A hosted zone by its domain name; without `private` of either kind. */
export interface ZoneChoice {
  /** Lower case, no trailing dot. */
  readonly name: string;
  readonly private?: boolean;
}

/** What specs name by tags, names and domains in one target, and what only reading can tell of it. Reading finds what may be meant, the planner chooses. */
export interface Selectors {
  /** The keys of the tags by which subnets are chosen. */
  readonly subnetTags: readonly string[];
  readonly vpcTags: readonly string[];
  readonly securityGroupNames: readonly string[];
  readonly securityGroupTags: readonly Tags[];
  readonly zones: readonly ZoneChoice[];
  /** VPCs, by id or not, in which an endpoint wants a private DNS name. */
  readonly privateNameVpcs: readonly VpcChoice[];
  /** Record names in zones that are named by their domain; with a type, `CNAME` or `TXT`, those of records with values. */
  readonly records: readonly { readonly zone: ZoneChoice; readonly name: string; readonly type?: string }[];
}

/** What of a target `landline import` was asked for, and what cannot be told from the single objects. */
export interface Survey {
  /** Ids of endpoint services and endpoints, sorted. */
  readonly services: readonly string[];
  readonly endpoints: readonly string[];
  /** Why a load balancer (by ARN) or a security group (by id) can only be referred to. */
  readonly referOnly: { readonly [id: string]: string };
  /** Why a target group's registrations are not to be listed, by ARN. */
  readonly registeredByOthers: { readonly [arn: string]: string };
  /** What was asked for and is not imported, or hangs on it and is left out. */
  readonly left: readonly LeftOut[];
}

export interface LeftOut {
  readonly id: string;
  readonly why: string;
}

/** A survey with the objects themselves, read as if a spec adopted them all; their addresses mean nothing. */
export interface Estate extends Survey {
  readonly snapshot: TargetSnapshot;
}

export interface SubnetFact {
  readonly id: string;
  readonly vpcId: string;
  readonly az: string;
  readonly azId: string;
  /** Its name and the tags that selectors ask for; absent where none asks. */
  readonly tags?: Tags;
}

/** A VPC or a security group that a selector may mean. */
export interface VpcFact {
  readonly id: string;
  /** Its name and the tags that selectors ask for. */
  readonly tags: Tags;
}
/** A private hosted zone in which a VPC looks up names. */
export interface VpcZoneFact {
  readonly vpcId: string;
  readonly zoneId: string;
  /** Lower case, no trailing dot. */
  readonly name: string;
  /** The account that owns the zone. */
  readonly owner: string;
}
export interface SecurityGroupFact extends VpcFact {
  readonly name: string;
  readonly vpcId: string;
}

/** A service as a consumer's account sees it: listed only when it exists and the account may use it. */
export interface ServiceFact {
  readonly name: string;
  readonly region: string;
  readonly owner: string;
  readonly acceptanceRequired: boolean;
  readonly policySupported: boolean;
  /** AZ ids shared by both accounts; empty when unknown (another Region). */
  readonly azIds: readonly string[];
  readonly ipAddressTypes: readonly string[];
  readonly privateDnsName?: string;
  readonly privateDnsState?: string;
}

/** A connection to one of our services as the provider sees it. */
export interface ConnectionFact {
  readonly serviceId: string;
  readonly endpointId: string;
  /** The consumer's account. */
  readonly owner: string;
  /** Lower case: pendingacceptance, pending, available, rejected, ... */
  readonly state: string;
  readonly createdAt?: string;
  readonly region?: string;
}

/** A load balancer that is not ours: one that specs refer to, or one that is attached to a service of ours. */
export interface LoadBalancerFact {
  readonly arn: string;
  readonly type: string;
  readonly scheme: string;
  readonly state: string;
  readonly vpcId: string;
  /** ISO 8601. */
  readonly createdAt?: string;
  /** Read only where a partner's check judges it (`Wanted.forPartners`). */
  readonly details?: BalancerDetails;
}

/** Zones, settings and listeners of a load balancer that is not ours. */
export interface BalancerDetails {
  /** AZ ids, sorted. */
  readonly azIds: readonly string[];
  readonly crossZone: boolean;
  /** Whether the rules of its security groups hold for PrivateLink traffic: `on`, `off`, or `none` where it has no groups. */
  readonly inboundRules: string;
  /** By port. */
  readonly listeners: readonly {
    readonly port: number;
    readonly protocol: string;
    readonly targetGroups: readonly {
      readonly protocol: string;
      /** A number, or `traffic-port`. */
      readonly healthCheckPort: string;
      /** `true`, `false` or `use_load_balancer_configuration`. */
      readonly crossZone: string;
    }[];
  }[];
}

/** The ingress rules of a security group that is not ours, as the sentences of `security-group.ingress`. */
export interface IngressFact {
  readonly groupId: string;
  readonly rules: readonly string[];
}

/** One limit of an account in a Region, as AWS tells it. */
export interface LimitFact {
  /** AWS's name of it: `network-load-balancers`, `targets-per-target-group`. */
  readonly name: string;
  readonly limit: number;
  /** How many there are, of whomever; absent where the limit is per object. */
  readonly used?: number;
}

export interface ZoneFact {
  readonly id: string;
  /** Lower case, no trailing dot. */
  readonly name: string;
  readonly private: boolean;
  /** Of a zone of ours: the records in it that are neither ours nor the zone's own, `NAME TYPE` each. Absent: not ours. */
  readonly strangers?: readonly string[];
}

/** An object that is not ours and has a place that a spec may want. */
export interface Obstacle {
  readonly kind: KindName;
  /** Same form as `placeOf` in the planner: a load balancer's name, `vpc/name` of a security group, `zone/name/type` of a record, `arn:port` of a listener. */
  readonly place: string;
  readonly id: string;
  /** The project whose mark it carries, if any. */
  readonly project?: string;
}

/** One registered target of a load balancer as its health checks see it. */
export interface TargetHealthFact {
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  /** `id:port` */
  readonly target: string;
  /** Lower case: initial, healthy, unhealthy, unused, draining, unavailable, unhealthy.draining. */
  readonly state: string;
  /** AWS's word (`Target.FailedHealthChecks`) and sentence, where it gives them. */
  readonly reason?: string;
  readonly description?: string;
}

/** A private DNS name of one of our services, and how far AWS has got with verifying it. */
export interface VerificationFact {
  readonly serviceId: string;
  readonly name: string;
  /** Lower case: pendingverification, verified, failed. */
  readonly state: string;
}

/** A load balancer behind one of our services, its target groups (also those without targets), and what is registered there. */
export interface HealthFacts {
  readonly loadBalancers: readonly {
    readonly arn: string;
    /** Lower case: provisioning, active, active_impaired, failed. */
    readonly state: string;
    readonly targetGroupArns: readonly string[];
  }[];
  readonly targets: readonly TargetHealthFact[];
  readonly verifications: readonly VerificationFact[];
}

/** Why a target could not be read: AWS's error code and sentence, or ours (`WrongAccountError`). */
export interface ReadFailure {
  readonly code: string;
  readonly message: string;
}

/** All that was seen in one target. */
export interface TargetSnapshot {
  readonly target: string;
  readonly account: string;
  readonly region: string;
  /** The identity that looked. */
  readonly caller: string;
  /** ISO 8601; not part of any digest. */
  readonly takenAt: string;
  /** The connections it was limited to, if it was. */
  readonly only?: readonly string[];
  /** Set when the target could not be read: nothing is known of it then, and all lists are empty. */
  readonly error?: ReadFailure;
  readonly resources: readonly Live[];
  readonly subnets: readonly SubnetFact[];
  readonly services: readonly ServiceFact[];
  readonly connections: readonly ConnectionFact[];
  readonly loadBalancers: readonly LoadBalancerFact[];
  readonly zones: readonly ZoneFact[];
  /** Limits of load balancing; read only when something of it has to be made. */
  readonly limits?: readonly LimitFact[];
  /** Read when specs name a VPC by name or tags. */
  readonly vpcs?: readonly VpcFact[];
  /** Security groups that are not ours; read when specs name one by name or tags. */
  readonly securityGroups?: readonly SecurityGroupFact[];
  /** Private hosted zones of any account by the VPCs associated with them; read for VPCs in which an endpoint wants a private DNS name. */
  readonly vpcZones?: readonly VpcZoneFact[];
  readonly obstacles: readonly Obstacle[];
  /** Only where it was asked for (`Wanted.health`), or of the load balancers for which it was (`Wanted.forPartners`). */
  readonly health?: HealthFacts;
  /** Of security groups that are not ours; read only where a partner's check judges them. */
  readonly ingress?: readonly IngressFact[];
}

/** All Live resources of some targets at one moment; what `landline snapshot` writes. */
export interface Snapshot {
  readonly formatVersion: 1;
  readonly project: string;
  readonly targets: readonly TargetSnapshot[];
}

export type Action = "create" | "update" | "replace" | "delete";

export type Risk =
  | "adopts"
  | "grants-access"
  | "revokes-access"
  | "accepts"
  | "disconnects"
  | "interrupts"
  | "moves-dns"
  | "deletes"
  | "broadens-ingress"
  | "internet-facing";

/** One attribute that a change touches. `before` is absent on creation, `after` on deletion. Tags are told apart by key: `tags.cost-center`. */
export interface Difference {
  readonly attribute: string;
  readonly before?: Json;
  readonly after?: Value;
  /** On a replacement: this difference forces it. */
  readonly forcesReplacement?: true;
}

/**
 * One step of a plan. `replace` makes the new object and lets everything that refers to it move over; the old object goes in a `delete`
 * step of its own, later, whose `step` is `address#id`.
 */
export interface Change {
  /**
   * Unique in the plan: the address; `address#id` for the object that a replacement leaves behind; `address#detach`, `address#private-dns` and
   * `address#end` for what a replacement takes in steps of its own, `address#private-name` and `address#nameless` for a name that comes or goes
   * after what else the plan does.
   */
  readonly step: string;
  readonly address: string;
  readonly connection: string;
  readonly kind: KindName;
  readonly target: string;
  readonly action: Action;
  readonly risks: readonly Risk[];
  /** Sentences for the reviewer: what a risk means here, with numbers. */
  readonly notes: readonly string[];
  readonly differences: readonly Difference[];
  /** Steps that come before this one. */
  readonly dependsOn: readonly string[];
  /** What the Refs of this change lead to, `address.output`; null while that is known after apply. Part of the digest. */
  readonly relies: { readonly [ref: string]: string | null };
  readonly digest: string;
  /** The object that a replacement leaves behind: its deletion is part of the replacement, not a loss of its own. */
  readonly leftover?: true;
  /**
   * About what stands only while the plan is carried out. Its end removes whatever of ours is at the address by then, which nobody can know
   * when the plan is made.
   */
  readonly temporary?: true;
  /** Set when a policy refuses this change: the finding that says why. It stands in the plan and is not carried out. */
  readonly refused?: string;
  readonly desired?: Desired;
  /** The object that is updated, replaced or deleted. */
  readonly live?: Live;
}

export type Severity = "error" | "warning" | "info";

/** What a check or a policy says. */
export interface Finding {
  /** Dotted and stable: `connection.unexpected`. */
  readonly id: string;
  readonly severity: Severity;
  /** Absent: it is about the whole run. */
  readonly connection?: string;
  readonly address?: string;
  readonly message: string;
  readonly at?: Position;
  /** An error refuses the changes of its connection, or the whole run when it has none. A waivable one can be lifted by `acknowledge`. */
  readonly waivable?: true;
  /** The reason from the spec's `acknowledge`; a waived finding blocks nothing. */
  readonly waived?: string;
  /** A check whose input is not known yet: what it waits for. */
  readonly deferred?: string;
}

/** Who we wait for. Waiting is a result, not an error. */
export interface Wait {
  readonly connection: string;
  readonly address?: string;
  readonly on: "partner" | "us" | "aws";
  readonly for: string;
  /** ISO 8601, or null when nobody set a deadline. */
  readonly since: string | null;
  readonly until: string | null;
}

/** Text for a person on the partner's side or ours, with real ids filled in. */
export interface Handoff {
  readonly connection: string;
  readonly id: string;
  readonly title: string;
  /** False while a value in it is not known yet; the body then says which. */
  readonly ready: boolean;
  readonly body: string;
  /** Where it goes; `cli`: lines for a shell, in which every value is quoted. Absent: a text to send. */
  readonly channel?: "cli" | "console" | "ticket" | "sql" | "http" | "text";
  /** Who does it. Absent: we send it. */
  readonly actor?: "us" | "partner" | "requester" | "approver";
  /** The moment of the connection at which it is due; `asked`: it is not, somebody asked for it. */
  readonly stage?:
    | "start"
    | "service-ready"
    | "requested"
    | "endpoint-created"
    | "active"
    | "changed"
    | "removing"
    | "asked";
  /** What a person has to know besides. */
  readonly notes?: readonly string[];
}

export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  /** Without the old halves of replacements. */
  readonly delete: number;
  readonly unchanged: number;
  readonly errors: number;
  readonly warnings: number;
  readonly waits: number;
}

/** What the specs want of one connection, as one hash: the same as long as nobody has edited what it is made from. */
export interface Intent {
  readonly name: string;
  /** `sha256:` over the spec as parsed and what it uses of the project. */
  readonly intent: string;
}

/** Changes + findings + waits + hand-offs, canonical and deterministic. */
export interface Plan {
  readonly formatVersion: 1;
  /** `sha256:` over the changes' digests in order. */
  readonly planId: string;
  readonly project: string;
  /** Every connection that the plan is about, sorted by name. Not part of `planId`: that says what is done, this what for. */
  readonly connections?: readonly Intent[];
  readonly summary: Summary;
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  readonly waits: readonly Wait[];
  readonly handoffs: readonly Handoff[];
}

export type Result = "done" | "failed" | "skipped" | "refused";

/** What became of one change. */
export interface Outcome {
  readonly step: string;
  readonly address: string;
  readonly connection: string;
  readonly action: Action;
  readonly result: Result;
  /** One sentence: what was done, what failed and why, what it waits for, or what to do next. */
  readonly message: string;
  /** AWS's error code, where there was one. */
  readonly code?: string;
  readonly id?: string;
}
