import type { ListenerSpec, ManagedLoadBalancerSpec, ServiceSpec } from "../connection.generated.ts";
import type { ProjectDocument } from "../documents.ts";
import type { Path, Report } from "../problem.ts";
import { targetOf } from "./places.ts";
import { checkTargetGroup } from "./target-group.ts";

/** The load balancers of one service and their listeners. */
export function checkLoadBalancers(service: ServiceSpec, project: ProjectDocument, report: Report): void {
  const names = new Set<string>();
  for (const [index, balancer] of service.loadBalancers.entries()) {
    const path = ["service", "loadBalancers", index];
    const field = "arn" in balancer ? "arn" : "name";
    const name = "arn" in balancer ? balancer.arn : balancer.name;
    if (names.has(name)) {
      report([...path, field], {
        code: "load-balancer.duplicate",
        message: `the load balancer "${name}" stands in this service twice`,
      });
    }
    names.add(name);
    if ("arn" in balancer) checkPlace([...path, "arn"], balancer.arn, service.target, project, report);
    else {
      checkEnforcement(path, balancer, report);
      checkListeners([...path, "listeners"], balancer.listeners, report);
    }
  }
}

/** Without security groups there are no rules to enforce, and AWS refuses the setting. */
function checkEnforcement(path: Path, balancer: ManagedLoadBalancerSpec, report: Report): void {
  const field = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic";
  if (balancer[field] === undefined || (balancer.securityGroups ?? []).length > 0) return;
  report([...path, field], {
    code: "load-balancer.enforcement",
    message: `the load balancer "${balancer.name}" has no security groups whose rules could be enforced`,
    hint: `name its securityGroups, or leave ${field} out`,
  });
}

/** AWS takes only load balancers of the service's own account and Region. */
function checkPlace(path: Path, arn: string, targetName: string, project: ProjectDocument, report: Report): void {
  const target = targetOf(project, targetName);
  const [, , , region, account] = arn.split(":");
  if (target === undefined || (region === target.region && account === target.account)) return;
  report(path, {
    code: "load-balancer.elsewhere",
    message: `this load balancer is in account ${account}, ${region}, but the service is in account ${target.account}, ${target.region}`,
    hint: "an endpoint service and its load balancers share account and Region",
  });
}

function checkListeners(path: Path, listeners: readonly ListenerSpec[], report: Report): void {
  const ports = new Map<number, ListenerSpec>();
  for (const [index, listener] of listeners.entries()) {
    const first = ports.get(listener.port);
    if (first !== undefined) {
      const protocols = new Set([first.protocol, listener.protocol]);
      report([...path, index, "port"], {
        code: "listener.duplicate",
        message: `port ${listener.port} has a listener already (${first.protocol}), and a load balancer has one listener for each port`,
        hint:
          protocols.has("TCP") && protocols.has("UDP")
            ? "for TCP and UDP on one port write a single listener with protocol TCP_UDP"
            : "take one of the two out, or give it another port",
      });
    }
    ports.set(listener.port, first ?? listener);
    checkTls([...path, index], listener, report);
    checkIdleTimeout([...path, index], listener, report);
    checkTargetGroup([...path, index, "targetGroup"], listener, report);
  }
}

function checkIdleTimeout(path: Path, { protocol, idleTimeoutSeconds }: ListenerSpec, report: Report): void {
  if (idleTimeoutSeconds === undefined || protocol === "TCP") return;
  report([...path, "idleTimeoutSeconds"], {
    code: "listener.tcp-only",
    message: `only TCP listeners have an idle timeout of their own, and this one speaks ${protocol}`,
    hint: "leave idleTimeoutSeconds out; AWS takes 350 seconds for TLS and 120 for UDP",
  });
}

function checkTls(path: Path, listener: ListenerSpec, report: Report): void {
  if (listener.protocol === "TLS") {
    if (listener.certificates !== undefined) return;
    report([...path, "protocol"], {
      code: "listener.certificates",
      message: `the TLS listener on port ${listener.port} has no certificate`,
      hint: "add certificates: [ARN of an ACM certificate], or use protocol TCP and let the targets speak TLS",
    });
    return;
  }
  for (const field of ["certificates", "sslPolicy", "alpnPolicy"] as const) {
    if (listener[field] === undefined) continue;
    report([...path, field], {
      code: "listener.tls-only",
      message: `${field} is only for TLS listeners, and this one speaks ${listener.protocol}`,
      hint: `leave ${field} out, or write protocol: TLS`,
    });
  }
}
