import { allowlistAddress, serviceAddress } from "../addresses.ts";
import { asSet } from "../collections.ts";
import { dayNumber } from "../dates.ts";
import type { AllowedPrincipalSpec, ServiceSpec } from "../specs/connection.generated.ts";
import { accountOfPrincipal } from "../specs/forms/principal.ts";
import type { ConnectionDocument } from "../specs/index.ts";
import { type Context, desire, type Expansion, liveAt } from "./context.ts";

/** A grant is announced as ending this many days before. */
const SOON_DAYS = 14;

/** Whether a grant still holds: its last day is one of its days. */
const holds = ({ until }: AllowedPrincipalSpec, { now }: Context): boolean =>
  until === undefined || dayNumber(until) >= dayNumber(now);

/** Whether endpoints of this account may ask for a connection today. The account that owns a service needs no grant. */
export function allowsAccount(context: Context, service: ServiceSpec, account: string): boolean {
  if (context.project.spec.targets[service.target]?.account === account) return true;
  return (service.allowedPrincipals ?? []).some(
    (grant) => holds(grant, context) && (grant.principal === "*" || accountOfPrincipal(grant.principal) === account),
  );
}

/** Who may ask for a connection. A grant past its end is not wanted any more: the plan revokes it. */
export function expandAllowlist(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  into: Expansion,
): void {
  const connection = document.spec.metadata.name;
  const address = allowlistAddress(connection);
  const today = dayNumber(context.now);
  const live = liveAt(context, address)?.attributes.principals;
  const known = Array.isArray(live) ? live : [];
  const standing = (service.allowedPrincipals ?? []).filter(({ principal, until }, index) => {
    const left = until === undefined ? undefined : dayNumber(until) - today;
    const say = (id: string, severity: "warning" | "info", message: string) =>
      into.findings.push({
        id,
        severity,
        connection,
        address,
        message,
        at: document.at(["service", "allowedPrincipals", index]),
      });
    if (left === undefined) {
      if (!known.includes(principal))
        say(
          "principal.no-expiry",
          "warning",
          `${principal} is granted access without an end; add "until: YYYY-MM-DD" to bound it`,
        );
      return true;
    }
    if (left < 0)
      say(
        "principal.expired",
        "info",
        `the grant of ${principal} ended on ${until}; remove the entry or move its date`,
      );
    else if (left <= SOON_DAYS)
      say(
        "principal.expires-soon",
        "warning",
        `the grant of ${principal} ends on ${until} (${left === 0 ? "today" : `in ${left} days`}); its live connections stay until they are rejected`,
      );
    return left >= 0;
  });
  into.desired.push(
    desire(document, ["service", "allowedPrincipals"], {
      kind: "allowlist",
      address,
      target: service.target,
      attributes: {
        serviceId: { ref: serviceAddress(connection), output: "serviceId" },
        principals: asSet(standing.map(({ principal }) => principal)),
      },
    }),
  );
}
