import { isMap } from "../../specs/json.ts";
import { type Path, quote, type Report } from "../../specs/problem.ts";
import { schemaErrors } from "../../specs/schema.ts";
import { suggestion } from "../../specs/suggest.ts";
import { translate } from "../../specs/translate.ts";
import { argsOf } from "../checks/args.ts";
import type { CheckSpec, PartnerProfile, Role } from "../profile.ts";

/** Every check has the arguments that its kind takes, and they name parameters and tables that exist. */
export function checkChecks(spec: PartnerProfile, report: Report, reportKey: Report): void {
  for (const role of ["provider", "consumer"] as const) {
    for (const [index, check] of (spec[role]?.checks ?? []).entries()) {
      checkArgs([role, "checks", index], role, check, spec, report);
      checkShape([role, "checks", index, "args"], check, report, reportKey);
    }
  }
}

function checkArgs(path: Path, role: Role, { kind, args = {} }: CheckSpec, spec: PartnerProfile, report: Report): void {
  const { roles, params = [] } = argsOf[kind];
  if (!roles.includes(role)) {
    const message = `a check of kind ${kind} can never be judged under ${role}`;
    report([...path, "kind"], { code: "profile.check", message, hint: `put it under ${roles.join(" or ")}` });
  }
  for (const field of params) {
    const name = isMap(args) ? args[field] : undefined;
    const known = spec.params ?? {};
    if (typeof name !== "string" || Object.hasOwn(known, name)) continue;
    const message = `there is no parameter ${quote(name)}${suggestion(name, Object.keys(known))}`;
    report([...path, "args", field], { code: "profile.check", message });
  }
}

/** Whether the args fit what the kind's schema says of them. */
function checkShape(path: Path, { kind, args = {} }: CheckSpec, report: Report, reportKey: Report): void {
  const complaints = translate(schemaErrors(argsOf[kind].schema, args), args, () => undefined);
  for (const { path: within, atKey, code, message, hint } of complaints) {
    const tell = atKey ? reportKey : report;
    tell([...path, ...within], { code, message, hint: hint ?? `see the arguments of ${kind}` });
  }
}
