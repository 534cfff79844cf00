import type { Attributes, Desired } from "../../model.ts";
import { listenerAddress, loadBalancerAddress, targetGroupAddress } from "../addresses.ts";
import { asSet } from "../collections.ts";
import { awsNames } from "../names.ts";
import type {
  HealthCheckSpec,
  ListenerSpec,
  ManagedLoadBalancerSpec,
  ServiceSpec,
} from "../specs/connection.generated.ts";
import type { ConnectionDocument } from "../specs/index.ts";
import { type Context, desire, type Expansion, ownershipTags } from "./context.ts";
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
  into.desired.push(
    desire(document, path, {
      kind: "load-balancer",
      address,
      target: service.target,
      attributes: {
        name: awsNames(context.project.spec.metadata.name, address, [connection, spec.name], context.sha256)[0],
        scheme: "internal",
        subnetIds: asSet(spec.subnets),
        securityGroupIds: asSet(spec.securityGroups ?? []),
        // A service offers IPv6 only through load balancers that speak it.
        ipAddressType: service.ipAddressTypes?.includes("ipv6") ? "dualstack" : "ipv4",
        crossZone: spec.crossZone ?? false,
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
