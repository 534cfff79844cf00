import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  ModifyVpcEndpointCommand,
  ModifyVpcEndpointServiceConfigurationCommand,
  ModifyVpcEndpointServicePermissionsCommand,
  RejectVpcEndpointConnectionsCommand,
} from "@aws-sdk/client-ec2";
import {
  AddListenerCertificatesCommand,
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeregisterTargetsCommand,
  DescribeLoadBalancersCommand,
  ModifyListenerCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type ModifyTargetGroupCommandInput,
  SetIpAddressTypeCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
  type Tag,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import type { Attributes, Json, KindName, Live } from "../../src/model.ts";
import type {
  EndpointService,
  LoadBalancer,
  Region,
  SecurityGroup,
  TargetGroup,
  VpcEndpoint,
  World,
} from "../../src/sandbox/world.ts";
import { APPS, NETWORK, type Stage } from "./harness.ts";

/** One object that is about to drift, and the ways to reach it. */
export interface Scene {
  readonly stage: Stage;
  readonly live: Live;
}

/** A way to change one live attribute without Landline. */
export interface Mutator {
  /** The address of the object that drifts. */
  readonly at: string;
  /** What somebody does: as the account, through the SDK, or for what AWS cannot change in place straight to the sandbox's world. */
  readonly by: (scene: Scene) => Promise<unknown>;
  /** The difference's name where it is not the attribute's: tags are told apart by key. */
  readonly shows?: string;
  /** Attributes of the same object that cannot but change with this one. */
  readonly also?: readonly string[];
  /** Why AWS does not let an apply undo this change, and the code it says so with. */
  readonly stays?: { readonly because: string; readonly code: string };
}

/** An attribute that no change in the cloud can make differ, because Landline knows the object by it. Such a difference stands in a snapshot only. */
export interface Identity {
  readonly at: string;
  readonly identity: string;
}

export type Table = {
  readonly [K in KindName]: { readonly [A in keyof Required<Attributes[K]>]?: Mutator | Identity };
};

const BALANCER = "rich/service/nlb/main";
const TLS_LISTENER = `${BALANCER}/listener/443`;
const TLS_GROUP = `${BALANCER}/target-group/443`;
const TCP_LISTENER = `${BALANCER}/listener/5432`;
const TCP_GROUP = `${BALANCER}/target-group/5432`;
const UDP = "rich-udp/service/nlb/udp";
const DUAL = "rich/endpoint/both";
const PLAIN = "rich/endpoint/plain";
const GROUP = `${DUAL}/security-group`;
const ALIAS = `${DUAL}/dns/rich.apps.internal.example.com`;
/** The acceptance of the partner's endpoint; its id ends the address. */
export const PARTNERS = "rich-udp/service/acceptance/";
const PROOF = "rich/service/private-dns";

const here = (world: World, account: string): Region => {
  const region = world.accounts[account]?.regions["us-east-1"];
  if (!region) throw new Error(`no ${account}`);
  return region;
};

/** The sorts of objects that are changed in the sandbox's world itself. */
interface Objects {
  readonly endpointServices: EndpointService;
  readonly loadBalancers: LoadBalancer;
  readonly securityGroups: SecurityGroup;
  readonly targetGroups: TargetGroup;
  readonly vpcEndpoints: VpcEndpoint;
}

/** Changes an object in the sandbox's world, where AWS itself has no call for it. */
const edit =
  <C extends keyof Objects>(account: string, collection: C, change: (object: Objects[C]) => unknown) =>
  async ({ stage, live }: Scene): Promise<void> => {
    const world = stage.world();
    const region: { readonly [K in keyof Objects]: Record<string, Objects[K]> } = here(world, account);
    const object = region[collection][live.id];
    if (!object) throw new Error(`no ${live.id} among ${collection}`);
    change(object);
    await stage.putWorld(world);
  };

const network = ({ stage }: Scene) => stage.as(NETWORK);
const apps = ({ stage }: Scene) => stage.as(APPS);

const group = (change: Omit<ModifyTargetGroupCommandInput, "TargetGroupArn">): Mutator => ({
  at: TLS_GROUP,
  by: (scene) => network(scene).elbv2.send(new ModifyTargetGroupCommand({ TargetGroupArn: scene.live.id, ...change })),
});
/** A new protocol brings the defaults of everything that is not said with it. */
const SAME_CHECK = {
  HealthCheckPort: "8080",
  HealthCheckPath: "/healthy",
  Matcher: { HttpCode: "200" },
  HealthCheckIntervalSeconds: 20,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 3,
  UnhealthyThresholdCount: 4,
};
const groupAttribute = (Key: string, Value: string): Mutator => ({
  at: TLS_GROUP,
  by: (scene) =>
    network(scene).elbv2.send(
      new ModifyTargetGroupAttributesCommand({ TargetGroupArn: scene.live.id, Attributes: [{ Key, Value }] }),
    ),
});

const OUR_TAG = { Key: "cost-center", Value: "somebody else's" };
const elbTag = (at: string): Mutator => ({
  at,
  shows: `tags.${OUR_TAG.Key}`,
  by: (scene) => network(scene).elbv2.send(new AddTagsCommand({ ResourceArns: [scene.live.id], Tags: [OUR_TAG] })),
});
const ec2Tag = (at: string, account: string): Mutator => ({
  at,
  shows: `tags.${OUR_TAG.Key}`,
  by: ({ stage, live }) => stage.as(account).ec2.send(new CreateTagsCommand({ Resources: [live.id], Tags: [OUR_TAG] })),
});

const tagsOf = ({ live }: Scene): Tag[] =>
  Object.entries(live.attributes.tags as { [key: string]: string }).map(([Key, Value]) => ({ Key, Value }));

/** Somebody's own load balancer beside ours. */
async function strangersBalancer(scene: Scene): Promise<string> {
  const { elbv2 } = network(scene);
  const Subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
  const { LoadBalancers } = await elbv2.send(
    new CreateLoadBalancerCommand({
      Name: "strangers",
      Type: "network",
      Scheme: "internal",
      Subnets,
      IpAddressType: "dualstack",
    }),
  );
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  for (;;) {
    const seen = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn] }));
    if (seen.LoadBalancers?.[0]?.State?.Code === "active") return LoadBalancerArn;
  }
}

async function recordsOf(scene: Scene, account: string, zone: string, names: readonly string[]) {
  const { ResourceRecordSets = [] } = await scene.stage
    .as(account)
    .route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone }));
  return ResourceRecordSets.filter(({ Name = "" }) => names.includes(Name.replace(/\.$/, "").replace("\\052", "*")));
}

const ZONE = "Z0PRIVATE00000000001";
const NAME = "rich.apps.internal.example.com";

/** Takes the record sets at a name with their mark away and puts what `change` makes of each of them somewhere. */
async function moveRecords(
  scene: Scene,
  account: string,
  from: string,
  names: readonly string[],
  change: (set: ResourceRecordSet) => readonly ResourceRecordSet[],
  to = from,
): Promise<void> {
  const { route53 } = scene.stage.as(account);
  const sets = await recordsOf(scene, account, from, names);
  if (sets.length === 0) throw new Error(`nothing at ${names.join(", ")}`);
  const out = sets.map((set) => ({ Action: "DELETE" as const, ResourceRecordSet: set }));
  await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: from, ChangeBatch: { Changes: out } }));
  const into = sets.flatMap(change).map((set) => ({ Action: "CREATE" as const, ResourceRecordSet: set }));
  await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: to, ChangeBatch: { Changes: into } }));
}

const alias = (change: (set: ResourceRecordSet) => readonly ResourceRecordSet[], to?: string): Mutator => ({
  at: ALIAS,
  by: (scene) => moveRecords(scene, APPS, ZONE, [NAME, `_landline.${NAME}`], change, to),
});
const target = (more: Partial<NonNullable<ResourceRecordSet["AliasTarget"]>>) => (set: ResourceRecordSet) => [
  set.AliasTarget ? { ...set, AliasTarget: { ...set.AliasTarget, ...more } } : set,
];

const proofNames = ({ live }: Scene): string[] => {
  const name = String(live.attributes.recordName);
  return [name, `_landline.${name}`];
};
const PUBLIC_ZONE = "Z0PUBLIC000000000001";

const service = (change: (service: EndpointService) => unknown) => edit(NETWORK, "endpointServices", change);

/** For every attribute of every kind a way to make the live object differ from its spec. */
export const mutators: Table = {
  "load-balancer": {
    scheme: {
      at: `${UDP}`,
      by: edit(NETWORK, "loadBalancers", (balancer) => Object.assign(balancer, { scheme: "internet-facing" })),
      stays: { because: "endpoints are connected through the old one", code: "ExistingVpcEndpointConnections" },
    },
    subnetIds: {
      // AWS takes no zone away from a load balancer that endpoints are connected to; to this one none is.
      at: "payments-api/service/nlb/payments",
      by: (scene) =>
        network(scene).elbv2.send(
          new SetSubnetsCommand({
            LoadBalancerArn: scene.live.id,
            Subnets: [...(scene.live.attributes.subnetIds as string[]), "subnet-0a1b2c3d4e5f60003"],
          }),
        ),
    },
    securityGroupIds: {
      at: BALANCER,
      by: (scene) =>
        network(scene).elbv2.send(
          new SetSecurityGroupsCommand({ LoadBalancerArn: scene.live.id, SecurityGroups: ["sg-0a1b2c3d4e5f60005"] }),
        ),
    },
    ipAddressType: {
      at: "ledger/service/nlb/ledger",
      by: (scene) =>
        network(scene).elbv2.send(
          new SetIpAddressTypeCommand({ LoadBalancerArn: scene.live.id, IpAddressType: "dualstack" }),
        ),
    },
    crossZone: {
      at: BALANCER,
      by: (scene) =>
        network(scene).elbv2.send(
          new ModifyLoadBalancerAttributesCommand({
            LoadBalancerArn: scene.live.id,
            Attributes: [{ Key: "load_balancing.cross_zone.enabled", Value: "false" }],
          }),
        ),
    },
    tags: elbTag(BALANCER),
  },
  "target-group": {
    vpcId: {
      at: TCP_GROUP,
      by: edit(NETWORK, "targetGroups", (one) => Object.assign(one, { vpcId: "vpc-0a1b2c3d4e5f60009" })),
    },
    targetType: {
      at: TCP_GROUP,
      by: edit(NETWORK, "targetGroups", (one) => Object.assign(one, { targetType: "instance" })),
    },
    protocol: {
      at: TLS_GROUP,
      by: edit(NETWORK, "targetGroups", (one) => Object.assign(one, { protocol: "TCP" })),
    },
    port: { at: TCP_GROUP, by: edit(NETWORK, "targetGroups", (one) => Object.assign(one, { port: 5433 })) },
    ipAddressType: {
      at: TCP_GROUP,
      by: edit(NETWORK, "targetGroups", (one) => Object.assign(one, { ipAddressType: "ipv6" })),
    },
    healthCheckProtocol: group({ ...SAME_CHECK, HealthCheckProtocol: "HTTP" }),
    healthCheckPort: group({ HealthCheckPort: "8081" }),
    healthCheckPath: group({ HealthCheckPath: "/other" }),
    healthCheckMatcher: group({ Matcher: { HttpCode: "200-299" } }),
    healthCheckIntervalSeconds: group({ HealthCheckIntervalSeconds: 25 }),
    healthCheckTimeoutSeconds: group({ HealthCheckTimeoutSeconds: 7 }),
    healthyThreshold: group({ HealthyThresholdCount: 6 }),
    unhealthyThreshold: group({ UnhealthyThresholdCount: 6 }),
    deregistrationDelaySeconds: groupAttribute("deregistration_delay.timeout_seconds", "60"),
    connectionTermination: groupAttribute("deregistration_delay.connection_termination.enabled", "false"),
    preserveClientIp: groupAttribute("preserve_client_ip.enabled", "false"),
    proxyProtocolV2: groupAttribute("proxy_protocol_v2.enabled", "false"),
    targets: {
      at: TLS_GROUP,
      by: (scene) =>
        network(scene).elbv2.send(
          new DeregisterTargetsCommand({
            TargetGroupArn: scene.live.id,
            Targets: [{ Id: "10.0.17.10", Port: 9443 }],
          }),
        ),
    },
    tags: elbTag(TLS_GROUP),
  },
  listener: {
    loadBalancerArn: {
      at: TCP_LISTENER,
      // Deleted and made again with all its tags on somebody's other load balancer of ours.
      async by(scene) {
        const { elbv2 } = network(scene);
        const other = await scene.stage.live("ledger/service/nlb/ledger");
        await elbv2.send(new DeleteListenerCommand({ ListenerArn: scene.live.id }));
        await elbv2.send(
          new CreateListenerCommand({
            LoadBalancerArn: other.id,
            Port: 5433,
            Protocol: "TCP",
            DefaultActions: [{ Type: "forward", TargetGroupArn: String(scene.live.attributes.targetGroupArn) }],
            Tags: tagsOf(scene),
          }),
        );
      },
      also: ["port"],
      stays: { because: "a target group serves one load balancer", code: "TargetGroupAssociationLimit" },
    },
    port: {
      at: TCP_LISTENER,
      by: (scene) => network(scene).elbv2.send(new ModifyListenerCommand({ ListenerArn: scene.live.id, Port: 5433 })),
    },
    protocol: {
      at: `${UDP}/listener/53`,
      by: (scene) =>
        network(scene).elbv2.send(new ModifyListenerCommand({ ListenerArn: scene.live.id, Protocol: "TCP" })),
    },
    targetGroupArn: {
      at: TCP_LISTENER,
      async by(scene) {
        const { elbv2 } = network(scene);
        const { TargetGroups } = await elbv2.send(
          new CreateTargetGroupCommand({
            Name: "strangers",
            Protocol: "TCP",
            Port: 1,
            VpcId: "vpc-0a1b2c3d4e5f60001",
            TargetType: "ip",
          }),
        );
        const DefaultActions = [{ Type: "forward" as const, TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn }];
        await elbv2.send(new ModifyListenerCommand({ ListenerArn: scene.live.id, DefaultActions }));
      },
    },
    certificateArns: {
      at: TLS_LISTENER,
      by: (scene) =>
        network(scene).elbv2.send(
          new AddListenerCertificatesCommand({
            ListenerArn: scene.live.id,
            Certificates: [
              { CertificateArn: "arn:aws:acm:us-east-1:111111111111:certificate/c0000000-0000-4000-8000-000000000003" },
            ],
          }),
        ),
    },
    sslPolicy: {
      at: TLS_LISTENER,
      by: (scene) =>
        network(scene).elbv2.send(
          new ModifyListenerCommand({ ListenerArn: scene.live.id, SslPolicy: "ELBSecurityPolicy-2016-08" }),
        ),
    },
    alpnPolicy: {
      at: TLS_LISTENER,
      by: (scene) =>
        network(scene).elbv2.send(new ModifyListenerCommand({ ListenerArn: scene.live.id, AlpnPolicy: ["HTTP1Only"] })),
    },
    tags: elbTag(TLS_LISTENER),
  },
  "endpoint-service": {
    loadBalancerArns: {
      at: "rich/service",
      by: async (scene) =>
        network(scene).ec2.send(
          new ModifyVpcEndpointServiceConfigurationCommand({
            ServiceId: scene.live.id,
            AddNetworkLoadBalancerArns: [await strangersBalancer(scene)],
          }),
        ),
    },
    acceptanceRequired: {
      at: "rich/service",
      by: (scene) =>
        network(scene).ec2.send(
          new ModifyVpcEndpointServiceConfigurationCommand({ ServiceId: scene.live.id, AcceptanceRequired: true }),
        ),
    },
    privateDnsName: {
      // AWS takes no name away from a service that endpoints are connected to; to this one none is.
      at: "payments-api/service",
      by: (scene) =>
        network(scene).ec2.send(
          new ModifyVpcEndpointServiceConfigurationCommand({
            ServiceId: scene.live.id,
            PrivateDnsName: "payments.example.com",
          }),
        ),
    },
    supportedRegions: {
      at: "rich/service",
      by: service((one) => {
        one.supportedRegions = one.supportedRegions.filter(({ region }) => region === "us-east-1");
      }),
    },
    ipAddressTypes: {
      at: "rich/service",
      by: service((one) => Object.assign(one, { supportedIpAddressTypes: ["ipv4"] })),
    },
    tags: ec2Tag("rich/service", NETWORK),
  },
  allowlist: {
    serviceId: { at: "rich/service/allowlist", identity: "the list of the service that carries the address" },
    principals: {
      at: "rich/service/allowlist",
      by: (scene) =>
        network(scene).ec2.send(
          new ModifyVpcEndpointServicePermissionsCommand({
            ServiceId: scene.live.id,
            AddAllowedPrincipals: ["arn:aws:iam::999999999999:root"],
            RemoveAllowedPrincipals: ["arn:aws:iam::402592597372:root"],
          }),
        ),
    },
  },
  acceptance: {
    serviceId: { at: PARTNERS, identity: "the connection of this service and that endpoint" },
    endpointId: { at: PARTNERS, identity: "the connection of this service and that endpoint" },
    decision: {
      at: "ledger/endpoint/main/acceptance",
      by: ({ stage, live }) =>
        stage.as(NETWORK).ec2.send(
          new RejectVpcEndpointConnectionsCommand({
            ServiceId: String(live.attributes.serviceId),
            VpcEndpointIds: [String(live.attributes.endpointId)],
          }),
        ),
      stays: { because: "a rejected connection is never accepted again", code: "InvalidState" },
    },
  },
  "private-dns": {
    serviceId: { at: PROOF, identity: "the proof of the service that carries the address" },
    zoneId: {
      at: PROOF,
      by: (scene) =>
        moveRecords(scene, NETWORK, PUBLIC_ZONE, proofNames(scene), (set) => [set], "Z0PUBLIC000000000002"),
    },
    name: { at: PROOF, identity: "the name of the service that carries the address" },
    recordName: {
      at: PROOF,
      by: (scene) =>
        moveRecords(scene, NETWORK, PUBLIC_ZONE, proofNames(scene), (set) => [
          { ...set, Name: String(set.Name).replace(/_[^._]*\.api\./, "_elsewhere.api.") },
        ]),
      also: ["state"],
    },
    recordValue: {
      at: PROOF,
      by: (scene) =>
        moveRecords(scene, NETWORK, PUBLIC_ZONE, proofNames(scene), (set) => [
          set.Name?.startsWith("_landline.") ? set : { ...set, ResourceRecords: [{ Value: '"vpce:forged"' }] },
        ]),
      also: ["state"],
    },
    state: {
      at: PROOF,
      by: service((one) => Object.assign(one.privateDnsVerification ?? {}, { state: "failed" })),
    },
  },
  "security-group": {
    vpcId: {
      at: GROUP,
      by: edit(APPS, "securityGroups", (one) => Object.assign(one, { vpcId: "vpc-0b1b2c3d4e5f60009" })),
    },
    description: { at: GROUP, by: edit(APPS, "securityGroups", (one) => Object.assign(one, { description: "mine" })) },
    ingress: {
      at: GROUP,
      by: (scene) =>
        apps(scene).ec2.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId: scene.live.id,
            IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
          }),
        ),
    },
    tags: ec2Tag(GROUP, APPS),
  },
  "vpc-endpoint": {
    vpcId: {
      at: PLAIN,
      by: edit(APPS, "vpcEndpoints", (one) => Object.assign(one, { vpcId: "vpc-0b1b2c3d4e5f60009" })),
    },
    serviceName: {
      at: PLAIN,
      by: edit(APPS, "vpcEndpoints", (one) =>
        Object.assign(one, { serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0" }),
      ),
    },
    serviceRegion: {
      at: PLAIN,
      by: edit(APPS, "vpcEndpoints", (one) => Object.assign(one, { serviceRegion: "eu-west-1" })),
    },
    subnetIds: {
      at: PLAIN,
      by: (scene) =>
        apps(scene).ec2.send(
          new ModifyVpcEndpointCommand({ VpcEndpointId: scene.live.id, AddSubnetIds: ["subnet-0b1b2c3d4e5f60001"] }),
        ),
    },
    securityGroupIds: {
      at: DUAL,
      by: (scene) =>
        apps(scene).ec2.send(
          new ModifyVpcEndpointCommand({ VpcEndpointId: scene.live.id, AddSecurityGroupIds: ["sg-0b1b2c3d4e5f60005"] }),
        ),
    },
    ipAddressType: {
      at: PLAIN,
      by: (scene) =>
        apps(scene).ec2.send(
          new ModifyVpcEndpointCommand({ VpcEndpointId: scene.live.id, IpAddressType: "dualstack" }),
        ),
    },
    privateDnsEnabled: {
      at: DUAL,
      by: (scene) =>
        apps(scene).ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: scene.live.id, PrivateDnsEnabled: false })),
    },
    policy: {
      at: PLAIN,
      by: edit(APPS, "vpcEndpoints", (one) => Object.assign(one, { policySet: true, policyDocument: DENY })),
    },
    tags: ec2Tag(PLAIN, APPS),
  },
  "dns-record": {
    zoneId: alias((set) => [set], "Z0PRIVATE00000000002"),
    name: alias((set) => [{ ...set, Name: String(set.Name).replace("rich.", "poor.") }]),
    types: alias((set) => (set.Type === "AAAA" ? [] : [set])),
    targetDnsName: {
      at: ALIAS,
      async by(scene) {
        const { dnsName = "" } = (await scene.stage.live(PLAIN)).outputs;
        await moveRecords(scene, APPS, ZONE, [NAME], target({ DNSName: dnsName }));
      },
    },
    targetZoneId: {
      at: ALIAS,
      async by({ stage }) {
        const world = stage.world();
        for (const { name, alias: points } of world.accounts[APPS]?.hostedZones[ZONE]?.records ?? [])
          if (points && name === `${NAME}.`) points.hostedZoneId = "Z2FDTNDATAQYW2";
        await stage.putWorld(world);
      },
    },
    evaluateTargetHealth: alias(target({ EvaluateTargetHealth: false })),
  },
};

const DENY = JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }] });

/** A value of the same sort that no spec wants. */
export const otherValue = (value: Json | undefined): Json => `${String(value)}-other`;
