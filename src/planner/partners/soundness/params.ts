import { type Path, quote, type Report } from "../../specs/problem.ts";
import { suggestion } from "../../specs/suggest.ts";
import { fits } from "../param-fit.ts";
import type { ParamSpec, PartnerProfile, When } from "../profile.ts";
import { isPattern } from "./patterns.ts";

/** What the profile says of its parameters makes sense, and what it calls a parameter is one. */
export function checkParams(spec: PartnerProfile, report: Report): void {
  for (const [name, param] of Object.entries(spec.params ?? {})) {
    const complain = (field: string, message: string): void =>
      report(["params", name, field], { code: "profile.parameter", message });
    checkParam(param, complain);
    checkDefault(name, param, report);
  }
  for (const [path, when] of conditionsIn(spec)) checkWhen(path, when, spec, report);
  for (const [path, each] of listsIn(spec)) checkList(path, each, spec, report);
}

function checkParam(
  { type, items = "string", pattern, enum: choices, needed = "no", until }: ParamSpec,
  complain: (field: string, message: string) => void,
): void {
  const text = type === "string" || (type === "list" && items === "string");
  if (items !== "string" && type !== "list") complain("items", `only a list has items; this is of type ${type}`);
  if (pattern !== undefined && !text) complain("pattern", "only a text, or a list of texts, has a pattern");
  if (choices !== undefined && !text) complain("enum", "only a text, or a list of texts, has an enum");
  if (until !== undefined && needed !== "later")
    complain("until", "only a parameter that is needed later has a day by which it comes");
}

function checkDefault(name: string, param: ParamSpec, report: Report): void {
  if (param.default === undefined || (param.pattern !== undefined && !isPattern(param.pattern))) return;
  const fit = fits(param.default, param, false);
  for (const { index, message } of "wrong" in fit ? fit.wrong : []) {
    const path = ["params", name, "default", ...(index === undefined ? [] : [index])];
    report(path, { code: "profile.parameter", message: `the default ${message}` });
  }
}

const MODES = ["provider", "consumer", "bidirectional"];

function checkWhen(path: Path, when: When, { params = {} }: PartnerProfile, report: Report): void {
  for (const [key, wanted] of Object.entries(when)) {
    const param = Object.hasOwn(params, key) ? params[key] : undefined;
    if (key !== "mode" && param === undefined) {
      const message = `there is no parameter ${quote(key)}${suggestion(key, ["mode", ...Object.keys(params)])}`;
      report([...path, key], { code: "profile.parameter", message });
      continue;
    }
    if (typeof wanted === "object" && "set" in wanted) continue;
    for (const value of [wanted].flat()) {
      const message = param === undefined ? misfitOfMode(value) : misfitOf(value, param);
      if (message !== undefined) report([...path, key], { code: "profile.parameter", message });
    }
  }
}

const misfitOfMode = (value: unknown): string | undefined =>
  MODES.includes(String(value)) ? undefined : `the mode is never ${quote(value)}; it is one of ${MODES.join(", ")}`;

/** A condition on what a parameter can never be would never hold, and nobody would notice. */
function misfitOf(value: unknown, param: ParamSpec): string | undefined {
  if (param.pattern !== undefined && !isPattern(param.pattern)) return undefined;
  const fit = fits(param.type === "list" ? [value] : value, param, false);
  return "value" in fit ? undefined : `the parameter can never be ${quote(value)}: it ${fit.wrong[0]?.message}`;
}

/** Every `when` of a profile. */
function conditionsIn({ params = {}, provider, consumer, handoffs = [] }: PartnerProfile): [Path, When][] {
  const of = (path: Path, items: readonly { readonly when?: When }[] = []): [Path, When][] =>
    items.flatMap(({ when }, index): [Path, When][] => (when ? [[[...path, index, "when"], when]] : []));
  const roles = Object.entries({ provider, consumer });
  return [
    ...Object.entries(params).flatMap(([name, { when }]): [Path, When][] =>
      when ? [[["params", name, "when"], when]] : [],
    ),
    ...roles.flatMap(([role, has]) => [
      ...of([role, "checks"], has?.checks),
      ...of([role, "handoffs"], has?.handoffs),
      ...of([role, "notes"], has?.notes),
    ]),
    ...of(["handoffs"], handoffs),
  ];
}

/** Every `each`, with where it stands. */
function listsIn({ provider, consumer }: PartnerProfile): [Path, string][] {
  const lists = [
    { path: ["provider", "principals", "allow", "each"], each: provider?.principals.allow.each },
    { path: ["provider", "acceptance", "accounts", "each"], each: provider?.acceptance.accounts?.each },
    { path: ["consumer", "principals", "tell", "each"], each: consumer?.principals?.tell.each },
  ];
  return lists.flatMap(({ path, each }): [Path, string][] => (each === undefined ? [] : [[path, each]]));
}

function checkList(path: Path, each: string, { params = {} }: PartnerProfile, report: Report): void {
  const name = each.replace(/^params\./, "");
  const param = Object.hasOwn(params, name) ? params[name] : undefined;
  if (param?.type === "list") return;
  const message =
    param === undefined
      ? `there is no parameter ${quote(name)}${suggestion(name, Object.keys(params))}`
      : `the parameter ${name} is no list, so that there is nothing to go through`;
  report(path, { code: "profile.parameter", message });
}
