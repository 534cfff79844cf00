import type { Attributes, Desired, KindName } from "../../../../model.ts";
import { listenerAddress, loadBalancerAddress, targetGroupAddress } from "../../../addresses.ts";
import type { ManagedLoadBalancerSpec } from "../../../selectors/resolved-specs.ts";
import type { Path } from "../../../specs/problem.ts";
import type { CheckSubject } from "../subject.ts";
import { type Found, mapped, together } from "../verdict.ts";
import { existingBalancer } from "./existing-balancer.ts";
import { zonesOfSubnets } from "./subnets.ts";

/** A load balancer behind our service, whether it is ours or only referred to. */
export interface Balancer {
  /** How sentences call it: its address, or its ARN. */
  readonly label: string;
  /** Its address when it is ours. */
  readonly address?: string;
  readonly at: Path;
  readonly type: Found<string>;
  readonly scheme: Found<string>;
  /** AZ ids. */
  readonly zones: Found<readonly string[]>;
  /** `on`, `off`, or `none` where it has no security groups whose rules could hold. */
  readonly inboundRules: Found<string>;
  readonly crossZone: Found<boolean>;
  readonly listeners: Found<readonly Listener[]>;
}

/** One port of it, with the target groups to which it sends. */
export interface Listener {
  readonly port: number;
  readonly protocol: string;
  readonly targetGroups: readonly TargetGroup[];
  readonly at: Path;
}

export interface TargetGroup {
  readonly protocol: string;
  /** A number, or AWS's word `traffic-port`. */
  readonly healthCheckPort: string;
  /** `true`, `false` or `use_load_balancer_configuration`. */
  readonly crossZone: string;
}

/** The load balancers behind our service, in the order of the spec; none for an endpoint. */
export function balancersOf(subject: CheckSubject): readonly Balancer[] {
  const { half } = subject;
  if (half.role !== "provider") return [];
  return half.service.loadBalancers.map((balancer, index) => {
    const at = ["service", "loadBalancers", index];
    return "arn" in balancer ? existingBalancer(subject, balancer.arn, at) : ownBalancer(subject, balancer, at);
  });
}

/** As the specs want it, with every default filled in: what lives may differ from it until the plan is applied. */
function ownBalancer(subject: CheckSubject, spec: ManagedLoadBalancerSpec, at: Path): Balancer {
  const address = loadBalancerAddress(subject.document.spec.metadata.name, spec.name);
  const wanted = wantedAt(subject, "load-balancer", address);
  return {
    label: address,
    address,
    at,
    type: { is: "network" },
    scheme: mapped(wanted, ({ scheme }) => scheme),
    zones: zonesOfSubnets(subject, spec.subnets),
    inboundRules: mapped(wanted, ({ enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: rules }) => rules ?? "none"),
    crossZone: mapped(wanted, ({ crossZone }) => crossZone),
    listeners: together(
      spec.listeners.map(({ port }, number) => ownListener(subject, address, port, [...at, "listeners", number])),
    ),
  };
}

function ownListener(subject: CheckSubject, balancer: string, port: number, at: Path): Found<Listener> {
  const listener = wantedAt(subject, "listener", listenerAddress(balancer, port));
  const group = wantedAt(subject, "target-group", targetGroupAddress(balancer, port));
  if ("waitsFor" in listener) return listener;
  return mapped(group, ({ protocol, healthCheckPort, crossZone }) => ({
    port,
    protocol: listener.is.protocol,
    targetGroups: [{ protocol, healthCheckPort, crossZone }],
    at,
  }));
}

/** Missing where the spec leads to nothing that exists; what is wrong with it is a finding of its own then. */
function wantedAt<K extends KindName>(subject: CheckSubject, kind: K, address: string): Found<Attributes[K]> {
  const wanted = subject.desired(address);
  return wanted !== undefined && isKind(wanted, kind)
    ? { is: wanted.attributes }
    : { waitsFor: `${address}, which the spec does not fully describe yet` };
}

const isKind = <K extends KindName>(wanted: Desired, kind: K): wanted is Desired<K> => wanted.kind === kind;
