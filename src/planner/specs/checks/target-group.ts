import type { HealthCheckSpec, ListenerSpec, TargetGroupSpec } from "../connection.generated.ts";
import { parseTarget } from "../forms/target.ts";
import { type Path, quote, type Report } from "../problem.ts";

/** Which protocols of a target group a listener can send to; any other pair is AWS's `IncompatibleProtocols`. */
const PARTNERS = {
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  UDP: ["UDP", "TCP_UDP"],
  TCP_UDP: ["TCP_UDP"],
} as const satisfies Record<ListenerSpec["protocol"], readonly string[]>;

/** The protocol spoken with the targets: the spec's own, or the listener's with TLS taken off. */
export function targetGroupProtocol(listener: ListenerSpec): ListenerSpec["protocol"] {
  return listener.targetGroup.protocol ?? (listener.protocol === "TLS" ? "TCP" : listener.protocol);
}

/** What AWS asks of a listener's target group. */
export function checkTargetGroup(path: Path, listener: ListenerSpec, report: Report): void {
  const group = listener.targetGroup;
  checkProtocol(path, listener, report);
  checkTargets(path, group, report);
  if (group.healthCheck !== undefined) checkHealthCheck([...path, "healthCheck"], group.healthCheck, report);
}

function checkProtocol(path: Path, listener: ListenerSpec, report: Report): void {
  const protocol = targetGroupProtocol(listener);
  const allowed: readonly string[] = PARTNERS[listener.protocol];
  const { type, preserveClientIp } = listener.targetGroup;
  if (!allowed.includes(protocol)) {
    report([...path, "protocol"], {
      code: "target-group.protocol",
      message: `a ${listener.protocol} listener cannot send to a ${protocol} target group`,
      hint: `it can send to ${allowed.join(" or ")}`,
    });
  } else if (type === "alb" && (listener.protocol !== "TCP" || protocol !== "TCP")) {
    report([...path, "type"], {
      code: "target-group.protocol",
      message: "an Application Load Balancer can only be reached through a TCP listener and a TCP target group",
    });
  }
  if (preserveClientIp === false && protocol.includes("UDP")) {
    report([...path, "preserveClientIp"], {
      code: "target-group.client-ip",
      message: `AWS always preserves the client address for ${protocol}`,
      hint: "leave preserveClientIp out",
    });
  }
}

function checkTargets(path: Path, group: TargetGroupSpec, report: Report): void {
  const seen = new Set<string>();
  for (const [index, text] of (group.targets ?? []).entries()) {
    const target = parseTarget(text);
    if (target === undefined) continue;
    const place = [...path, "targets", index];
    const key = `${target.id} ${target.port ?? group.port}`;
    if (target.type !== group.type) {
      report(place, {
        code: "target-group.targets",
        message: `${quote(text)} is ${WHAT[target.type]}, but the target group's type is ${group.type}`,
        hint: `write type: ${target.type}, or name ${WHAT[group.type]}`,
      });
    } else if (target.family !== undefined && target.family !== (group.ipAddressType ?? "ipv4")) {
      report(place, {
        code: "target-group.targets",
        message: `${quote(text)} is an ${target.family} address, but the target group's ipAddressType is ${group.ipAddressType ?? "ipv4"}`,
      });
    } else if (seen.has(key)) {
      report(place, {
        code: "list.duplicate",
        message: `${quote(text)} is the same address and port as an earlier target`,
      });
    }
    seen.add(key);
  }
  if (group.type === "alb" && (group.targets?.length ?? 0) > 1) {
    report([...path, "targets"], {
      code: "target-group.targets",
      message: "a target group of type alb has exactly one target",
    });
  }
}

const WHAT = { ip: "an IP address", instance: "an instance", alb: "an Application Load Balancer" } as const;

function checkHealthCheck(path: Path, check: HealthCheckSpec, report: Report): void {
  const protocol = check.protocol ?? "TCP";
  for (const field of ["path", "matcher"] as const) {
    if (protocol !== "TCP" || check[field] === undefined) continue;
    report([...path, field], {
      code: "health-check.http-only",
      message: `${field} is only for HTTP and HTTPS health checks, and this one is TCP`,
      hint: `write protocol: HTTP, or leave ${field} out`,
    });
  }
  const interval = check.intervalSeconds ?? 30;
  const timeout = check.timeoutSeconds ?? (protocol === "HTTP" ? 6 : 10);
  if (timeout <= interval) return;
  report([...path, check.timeoutSeconds === undefined ? "intervalSeconds" : "timeoutSeconds"], {
    code: "health-check.timeout",
    message: `the timeout of ${timeout} seconds${check.timeoutSeconds === undefined ? " (AWS's default)" : ""} is longer than the interval of ${interval} seconds`,
    hint: "a check must end before the next one begins: set timeoutSeconds to at most intervalSeconds",
  });
}
