import type { ConnectionRuleSpec, ServiceSpec } from "../connection.generated.ts";
import type { CheckedConnection } from "../documents.ts";
import { quote, type Report } from "../problem.ts";

/** Who gets in: allowed principals, and which connection requests are accepted or rejected. */
export function checkGrants(service: ServiceSpec, today: string, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { principal, until }] of (service.allowedPrincipals ?? []).entries()) {
    const path = ["service", "allowedPrincipals", index];
    if (seen.has(principal)) {
      report([...path, "principal"], {
        code: "principal.duplicate",
        message: `${quote(principal)} is allowed twice`,
        hint: "keep one grant, with one reason and one end",
      });
    }
    seen.add(principal);
    if (principal === "*" && service.acceptance === "automatic") {
      report([...path, "principal"], {
        code: "principal.open",
        message: `with acceptance automatic, "*" lets every AWS account connect without being asked`,
        hint: "name the principals, or set acceptance: required",
      });
    }
    if (until !== undefined && until < today) {
      report([...path, "until"], {
        code: "date.past",
        message: `the grant ended on ${until}, and today is ${today}`,
        hint: "renew it with a later day, or take the grant out",
      });
    }
  }
  checkRules(service, report);
}

/** Whoever may cut live connections says why. */
export function checkDisconnect({ spec: { service }, partial }: CheckedConnection, report: Report): void {
  if (service?.disconnect !== true || service.disconnectReason !== undefined || partial) return;
  report(["service", "disconnect"], {
    code: "disconnect.reason",
    message: "disconnect: true cuts live connections and says no reason",
    hint: 'add disconnectReason: "who agreed to it, and where"',
  });
}

/** A request that is both accepted and rejected, or named twice, has no clear answer. */
function checkRules(service: ServiceSpec, report: Report): void {
  const accepted = new Set<string>();
  for (const [index, rule] of (service.connections?.accept ?? []).entries()) {
    const named = nameOf(rule);
    if (accepted.has(named)) report(["service", "connections", "accept", index], repeated(named));
    accepted.add(named);
  }
  const rejected = new Set<string>();
  for (const [index, rule] of (service.connections?.reject ?? []).entries()) {
    const named = nameOf(rule);
    const path = ["service", "connections", "reject", index];
    if (rejected.has(named)) report(path, repeated(named));
    rejected.add(named);
    if (accepted.has(named)) {
      report(path, {
        code: "rule.conflict",
        message: `${named} is both accepted and rejected`,
        hint: "keep one of the two",
      });
    }
  }
}

function repeated(named: string) {
  return {
    code: "list.duplicate",
    message: `${named} is named twice`,
    hint: "keep one entry, with one reason",
  } as const;
}

function nameOf(rule: ConnectionRuleSpec): string {
  return "endpoint" in rule ? rule.endpoint : `account ${rule.account}`;
}
