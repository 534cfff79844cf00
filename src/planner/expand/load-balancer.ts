import type { Attributes, Desired } from "../../model.ts";
import { listenerAddress, loadBalancerAddress, targetGroupAddress } from "../addresses.ts";
import { asSet } from "../collections.ts";
import { awsNames } from "../names.ts";
import type { ConnectionDocument, ManagedLoadBalancerSpec, ServiceSpec } from "../selectors/resolved-specs.ts";
import type { HealthCheckSpec, ListenerSpec } from "../specs/connection.generated.ts";
import { type Context, desire, type Expansion, liveAt, ownershipTags } from "./context.ts";
import { vpcOfSubnets } from "./subnets.ts";

/** One load balancer of ours with a listener and a target group for each port. */
export function expandLoadBalancer(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  spec: ManagedLoadBalancerSpec,
  index: number,
  into: Expansion,
): void {
  const connection = document.spec.metadata.name;
  const path = ["service", "loadBalancers", index];
  const address = loadBalancerAddress(connection, spec.name);
  const vpcId = vpcOfSubnets(context, document, service.target, spec.subnets, [...path, "subnets"], into);
  const groups = asSet(spec.securityGroups ?? []);
  if (groups.length > 0) explainEnforcement(context, document, spec, { address, path }, into);
  into.desired.push(
    desire(document, path, {
      kind: "load-balancer",
      address,
      target: service.target,
      attributes: {
        name: awsNames(context.project.spec.metadata.name, address, [connection, spec.name], context.sha256)[0],
        scheme: "internal",
        subnetIds: asSet(spec.subnets),
        securityGroupIds: groups,
        ...addressing(service, spec),
        crossZone: spec.crossZone ?? false,
        ...(groups.length === 0 ? {} : { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: enforcement(spec) }),
        clientRoutingPolicy: spec.clientRoutingPolicy ?? "any_availability_zone",
        deletionProtection: spec.deletionProtection ?? false,
        tags: ownershipTags(context, document, address),
      },
    }),
  );
  if (vpcId === undefined) return;
  spec.listeners.forEach((listener, number) => {
    const at = [...path, "listeners", number];
    into.desired.push(
      ...expandListener(context, document, service.target, {
        spec: listener,
        balancer: address,
        balancerName: spec.name,
        vpcId,
        at,
      }),
    );
  });
}

const enforcement = ({ enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: said = "on" }: ManagedLoadBalancerSpec) =>
  said;

/** Rules that were written with the load balancer's own VPC in mind drop consumers without a word; said once, before it happens. */
function explainEnforcement(
  context: Context,
  document: ConnectionDocument,
  spec: ManagedLoadBalancerSpec,
  { address, path }: { readonly address: string; readonly path: readonly (string | number)[] },
  into: Expansion,
): void {
  const live = liveAt(context, address)?.attributes.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic;
  if (enforcement(spec) === "off" || live === "on") return;
  into.findings.push({
    id: "load-balancer.enforcement",
    severity: "info",
    connection: document.spec.metadata.name,
    address,
    message: `the inbound rules of ${(spec.securityGroups ?? []).join(", ")} hold for PrivateLink traffic too: they have to allow the consumers' own addresses (their private ones, in their VPCs), or AWS drops their traffic in silence; enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: off leaves it to allowed principals and acceptance`,
    at: document.at([...path, "securityGroups"]),
  });
}

/**
 * A service offers IPv6 only through load balancers that speak it. UDP from IPv6 addresses needs source NAT; once on, it stays until the
 * load balancer goes back to IPv4, because AWS does not switch it off under UDP listeners.
 */
function addressing(
  service: ServiceSpec,
  spec: ManagedLoadBalancerSpec,
): Pick<Attributes["load-balancer"], "ipAddressType" | "enablePrefixForIpv6SourceNat"> {
  if (!service.ipAddressTypes?.includes("ipv6")) return { ipAddressType: "ipv4", enablePrefixForIpv6SourceNat: "off" };
  const datagrams = spec.listeners.some(({ protocol }) => protocol.includes("UDP"));
  return { ipAddressType: "dualstack", ...(datagrams ? { enablePrefixForIpv6SourceNat: "on" } : {}) };
}

interface ListenerPlace {
  readonly spec: ListenerSpec;
  readonly balancer: string;
  readonly balancerName: string;
  readonly vpcId: string;
  readonly at: readonly (string | number)[];
}

function expandListener(
  context: Context,
  document: ConnectionDocument,
  target: string,
  place: ListenerPlace,
): [Desired<"target-group">, Desired<"listener">] {
  const { spec, balancer } = place;
  const group = targetGroupAddress(balancer, spec.port);
  const address = listenerAddress(balancer, spec.port);
  const listener = desire(document, place.at, {
    kind: "listener",
    address,
    target,
    attributes: {
      loadBalancerArn: { ref: balancer, output: "arn" },
      port: spec.port,
      protocol: spec.protocol,
      targetGroupArn: { ref: group, output: "arn" },
      certificateArns: defaultFirst(spec.certificates ?? []),
      ...(spec.sslPolicy === undefined ? {} : { sslPolicy: spec.sslPolicy }),
      alpnPolicy: spec.alpnPolicy ?? "None",
      ...(spec.idleTimeoutSeconds === undefined ? {} : { idleTimeoutSeconds: spec.idleTimeoutSeconds }),
      tags: ownershipTags(context, document, address),
    },
  });
  return [targetGroup(context, document, target, group, place), listener];
}

/** The first certificate is the default, so its place counts; the order of the others does not. */
const defaultFirst = ([first, ...rest]: readonly string[]): string[] =>
  first === undefined ? [] : [first, ...asSet(rest)];

function targetGroup(
  context: Context,
  document: ConnectionDocument,
  target: string,
  address: string,
  place: ListenerPlace,
): Desired<"target-group"> {
  const { port: listenerPort, protocol: listenerProtocol, targetGroup: spec } = place.spec;
  const connection = document.spec.metadata.name;
  const words = [connection, place.balancerName, String(listenerPort)];
  return desire(document, [...place.at, "targetGroup"], {
    kind: "target-group",
    address,
    target,
    attributes: {
      name: awsNames(context.project.spec.metadata.name, address, words, context.sha256)[0],
      loadBalancerArn: { ref: place.balancer, output: "arn" },
      vpcId: place.vpcId,
      targetType: spec.type,
      // A TLS listener ends TLS itself unless the spec wants it carried on to the targets.
      protocol: spec.protocol ?? (listenerProtocol === "TLS" ? "TCP" : listenerProtocol),
      port: spec.port,
      ipAddressType: spec.ipAddressType ?? "ipv4",
      ...healthCheck(spec.healthCheck ?? {}),
      deregistrationDelaySeconds: spec.deregistrationDelaySeconds ?? 300,
      connectionTermination: spec.connectionTermination ?? false,
      ...(spec.preserveClientIp === undefined ? {} : { preserveClientIp: spec.preserveClientIp }),
      proxyProtocolV2: spec.proxyProtocolV2 ?? false,
      crossZone: String(spec.crossZone ?? "use_load_balancer_configuration"),
      ...(spec.targets ? { targets: asSet(spec.targets.map((one) => withPort(one, spec.port))) } : {}),
      tags: ownershipTags(context, document, address),
    },
  });
}

type HealthCheck = Pick<
  Attributes["target-group"],
  | "healthCheckProtocol"
  | "healthCheckPort"
  | "healthCheckPath"
  | "healthCheckMatcher"
  | "healthCheckIntervalSeconds"
  | "healthCheckTimeoutSeconds"
  | "healthyThreshold"
  | "unhealthyThreshold"
>;

/** AWS's defaults for network load balancers filled in, so that a change of any of them behind our back is seen. */
function healthCheck(spec: HealthCheckSpec): HealthCheck {
  const protocol = spec.protocol ?? "TCP";
  const http = protocol !== "TCP";
  return {
    healthCheckProtocol: protocol,
    healthCheckPort: String(spec.port ?? "traffic-port"),
    healthCheckPath: http ? (spec.path ?? "/") : null,
    healthCheckMatcher: http ? (spec.matcher ?? "200-399") : null,
    healthCheckIntervalSeconds: spec.intervalSeconds ?? 30,
    healthCheckTimeoutSeconds: spec.timeoutSeconds ?? (protocol === "HTTP" ? 6 : 10),
    healthyThreshold: spec.healthyThreshold ?? 5,
    unhealthyThreshold: spec.unhealthyThreshold ?? 2,
  };
}

/** `10.0.1.10`, `10.0.1.10:9443`, `[2001:db8::1]:443` and `i-...` as `id:port`. */
function withPort(target: string, port: number): string {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(target);
  if (bracketed) return `${bracketed[1]}:${bracketed[2] ?? port}`;
  const parts = target.split(":");
  return parts.length === 2 ? target : `${target}:${port}`;
}
