import {
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeregisterTargetsCommand,
  ModifyListenerAttributesCommand,
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
import { NETWORK } from "../harness.ts";
import { edit, elbTag, type Mutator, network, type Scene, type Table } from "./scene.ts";

const BALANCER = "rich/service/nlb/main";
const TLS_LISTENER = `${BALANCER}/listener/443`;
const TLS_GROUP = `${BALANCER}/target-group/443`;
const TCP_LISTENER = `${BALANCER}/listener/5432`;
const TCP_GROUP = `${BALANCER}/target-group/5432`;
const UDP = "rich-udp/service/nlb/udp";

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
const balancerAttribute = (Key: string, Value: string): Mutator => ({
  at: BALANCER,
  by: (scene) =>
    network(scene).elbv2.send(
      new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: scene.live.id, Attributes: [{ Key, Value }] }),
    ),
});
const groupAttribute = (Key: string, Value: string): Mutator => ({
  at: TLS_GROUP,
  by: (scene) =>
    network(scene).elbv2.send(
      new ModifyTargetGroupAttributesCommand({ TargetGroupArn: scene.live.id, Attributes: [{ Key, Value }] }),
    ),
});

const tagsOf = ({ live }: Scene): Tag[] =>
  Object.entries(live.attributes.tags as { [key: string]: string }).map(([Key, Value]) => ({ Key, Value }));

/** Load balancers, their listeners and target groups. */
/** A target group that is not ours. */
async function strangersGroup(scene: Scene): Promise<string | undefined> {
  const { TargetGroups } = await network(scene).elbv2.send(
    new CreateTargetGroupCommand({
      Name: "strangers",
      Protocol: "TCP",
      Port: 1,
      VpcId: "vpc-0a1b2c3d4e5f60001",
      TargetType: "ip",
    }),
  );
  return TargetGroups?.[0]?.TargetGroupArn;
}

export const loadBalancing: Pick<Table, "load-balancer" | "target-group" | "listener"> = {
  "load-balancer": {
    scheme: {
      at: `${UDP}`,
      // The partner is connected through it: the new one is attached, and the old one stays beside it.
      by: edit(NETWORK, "loadBalancers", (balancer) => Object.assign(balancer, { scheme: "internet-facing" })),
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
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: {
      at: BALANCER,
      by: (scene) =>
        network(scene).elbv2.send(
          new SetSecurityGroupsCommand({
            LoadBalancerArn: scene.live.id,
            SecurityGroups: scene.live.attributes.securityGroupIds as string[],
            EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
          }),
        ),
    },
    clientRoutingPolicy: balancerAttribute("dns_record.client_routing_policy", "any_availability_zone"),
    deletionProtection: balancerAttribute("deletion_protection.enabled", "false"),
    enablePrefixForIpv6SourceNat: {
      at: UDP,
      by: edit(NETWORK, "loadBalancers", (balancer) => Object.assign(balancer, { enablePrefixForIpv6SourceNat: "on" })),
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
    loadBalancerArn: {
      at: TCP_GROUP,
      // Our listener is led to somebody's group, and ours is put behind another load balancer.
      async by(scene) {
        const { elbv2 } = network(scene);
        const other = await scene.stage.live("ledger/service/nlb/ledger");
        const listener = await scene.stage.live(TCP_LISTENER);
        const DefaultActions = [{ Type: "forward" as const, TargetGroupArn: await strangersGroup(scene) }];
        await elbv2.send(new ModifyListenerCommand({ ListenerArn: listener.id, DefaultActions }));
        await elbv2.send(
          new CreateListenerCommand({
            LoadBalancerArn: other.id,
            Port: 5433,
            Protocol: "TCP",
            DefaultActions: [{ Type: "forward", TargetGroupArn: scene.live.id }],
          }),
        );
      },
      stays: { because: "somebody's listener uses the old group", code: "DeadlineExceeded" },
    },
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
    crossZone: groupAttribute("load_balancing.cross_zone.enabled", "true"),
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
      also: ["idleTimeoutSeconds", "port", "targetGroupArn"],
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
        const DefaultActions = [{ Type: "forward" as const, TargetGroupArn: await strangersGroup(scene) }];
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
    idleTimeoutSeconds: {
      at: TCP_LISTENER,
      by: (scene) =>
        network(scene).elbv2.send(
          new ModifyListenerAttributesCommand({
            ListenerArn: scene.live.id,
            Attributes: [{ Key: "tcp.idle_timeout.seconds", Value: "4000" }],
          }),
        ),
    },
    alpnPolicy: {
      at: TLS_LISTENER,
      by: (scene) =>
        network(scene).elbv2.send(new ModifyListenerCommand({ ListenerArn: scene.live.id, AlpnPolicy: ["HTTP1Only"] })),
    },
    tags: elbTag(TLS_LISTENER),
  },
};
