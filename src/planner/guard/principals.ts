import type { Finding } from "../../model.ts";
import { dayNumber, durationDays } from "../dates.ts";
import type { AllowedPrincipalSpec } from "../specs/connection.generated.ts";
import type { ConnectionDocument } from "../specs/index.ts";
import type { Policy, PolicyContext } from "./policy.ts";

/** Who may be granted access at all: `policy.principals` of the project file. */
export const principalPolicy: Policy = (plan, context) => {
  const findings = context.connections.flatMap((document) =>
    (document.spec.service?.allowedPrincipals ?? []).flatMap((grant, index) => check(grant, document, index, context)),
  );
  return { ...plan, findings: [...plan.findings, ...findings] };
};

function check(
  grant: AllowedPrincipalSpec,
  document: ConnectionDocument,
  index: number,
  { project, now }: PolicyContext,
): Finding[] {
  const { deny = ["*"], allowAccounts = [], requireReason = true, maxGrant } = project.spec.policy?.principals ?? {};
  const { principal, reason, until } = grant;
  const refuse = (id: string, message: string): Finding => ({
    id,
    severity: "error",
    connection: document.spec.metadata.name,
    message,
    at: document.at(["service", "allowedPrincipals", index, "principal"]),
  });
  const found: Finding[] = [];
  const denied = deny.find((pattern) => matches(pattern, principal));
  if (denied !== undefined)
    found.push(
      refuse(
        "principal.denied",
        `${principal} matches "${denied}" in policy.principals.deny of ${project.file}; nobody may be granted access under it`,
      ),
    );
  const account = /^arn:[^:]*:iam::(\d{12}):/.exec(principal)?.[1];
  if (allowAccounts.length > 0 && (account === undefined || !allowAccounts.includes(account))) {
    found.push(
      refuse(
        "principal.foreign-account",
        `${principal} belongs to none of the ${allowAccounts.length} accounts in policy.principals.allowAccounts of ${project.file}`,
      ),
    );
  }
  if (requireReason && !reason?.trim())
    found.push(
      refuse(
        "principal.no-reason",
        `the grant of ${principal} has no reason; add "reason:" with who asked and where (policy.principals.requireReason of ${project.file})`,
      ),
    );
  const limit = maxGrant === undefined ? undefined : durationDays(maxGrant);
  if (limit !== undefined) {
    const days = until === undefined ? undefined : dayNumber(until) - dayNumber(now);
    if (days === undefined)
      found.push(
        refuse(
          "principal.too-long",
          `the grant of ${principal} has no end; policy.principals.maxGrant of ${project.file} allows ${maxGrant} (${limit} days): add "until:"`,
        ),
      );
    else if (days > limit)
      found.push(
        refuse(
          "principal.too-long",
          `the grant of ${principal} lasts ${days} days; policy.principals.maxGrant of ${project.file} allows ${maxGrant} (${limit} days)`,
        ),
      );
  }
  return found;
}

/** A pattern of `deny`: `*` stands for any text inside a longer pattern; alone it is the principal `*`, everybody. */
function matches(pattern: string, principal: string): boolean {
  if (!pattern.includes("*") || pattern === "*") return pattern === principal;
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(principal);
}
