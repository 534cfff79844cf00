import { type Path, quote, type Report } from "../../specs/problem.ts";
import type { PartnerProfile, ProviderRole } from "../profile.ts";

/** The roles say all that they have to, nothing that would have no effect, and nothing twice. */
export function checkRoles(spec: PartnerProfile, report: Report): void {
  const { provider, consumer, unsupported, handoffs = [] } = spec;
  if (!provider && !consumer && !unsupported) {
    const message = "the profile has neither a provider nor a consumer role";
    const hint = "say what the partner does, or under unsupported why it cannot be connected";
    report([], { code: "profile.role", message, hint });
  }
  if (provider) checkAcceptance(provider, report);
  if (provider) checkTogether(["provider", "dns"], "public-cname", provider.dns, ["name", "zone", "to"], report);
  if (consumer) checkTogether(["consumer", "dns"], "private-zone", consumer.dns, ["zone", "records"], report);
  const common = handoffs.map(({ id }) => id);
  checkOnce(["handoffs"], common, [], "hand-off", report);
  for (const [role, has] of Object.entries({ provider, consumer })) {
    const { handoffs: own = [], checks = [], deletion } = has ?? {};
    checkOnce(
      [role, "handoffs"],
      own.map(({ id }) => id),
      common,
      "hand-off",
      report,
    );
    checkOnce(
      [role, "checks"],
      checks.map(({ id }) => id),
      [],
      "check",
      report,
    );
    checkOnce(
      [role, "deletion", "confirm"],
      (deletion?.confirm ?? []).map(({ id }) => id),
      [],
      "confirmation",
      report,
    );
  }
}

function checkAcceptance(
  { acceptance: { by, accounts, deadline, afterDeadline } }: ProviderRole,
  report: Report,
): void {
  if (by !== "endpoint" && accounts === undefined) {
    const message = `acceptance by ${by} needs the accounts from which the partner asks`;
    report(["provider", "acceptance", "by"], { code: "profile.role", message, hint: "say them under accounts" });
  }
  if (afterDeadline !== undefined && deadline === undefined) {
    const message = "there is no deadline, so that nothing comes after it";
    report(["provider", "acceptance", "afterDeadline"], { code: "profile.role", message });
  }
}

/** Fields that one DNS mode needs and the others have no use for. */
function checkTogether<D extends { readonly mode: string }>(
  path: Path,
  mode: string,
  dns: D,
  fields: readonly (keyof D & string)[],
  report: Report,
): void {
  for (const field of fields) {
    const said = dns[field] !== undefined;
    if (said === (dns.mode === mode)) continue;
    const message = said
      ? `${field} has no effect with mode ${dns.mode}`
      : `mode ${mode} needs the field ${quote(field)}`;
    report(said ? [...path, field] : [...path, "mode"], { code: "profile.role", message });
  }
}

function checkOnce(path: Path, ids: readonly string[], taken: readonly string[], what: string, report: Report): void {
  for (const [index, id] of ids.entries()) {
    if (!taken.includes(id) && ids.indexOf(id) === index) continue;
    const message = `another ${what} is called ${quote(id)} already`;
    const code = what === "hand-off" ? "profile.handoff" : what === "check" ? "profile.check" : "profile.role";
    report([...path, index, "id"], { code, message });
  }
}
