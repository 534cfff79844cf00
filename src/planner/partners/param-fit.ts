import { quote } from "../specs/problem.ts";
import type { ParamSpec } from "./profile.ts";
import type { Known } from "./values.ts";

/** What is wrong with a value, or with one of its entries. */
export interface Misfit {
  readonly index?: number;
  /** Goes on after the parameter's name: `is ...`. */
  readonly message: string;
  readonly hint?: string;
}

/** A value as the parameter wants it, or what is wrong with it. */
export type Fit = { readonly value: Known } | { readonly wrong: readonly Misfit[] };

/** Whether a value is what a parameter may be: its type, its pattern, its choices. `inShell`: it stands in a shell line. */
export function fits(value: unknown, spec: ParamSpec, inShell: boolean): Fit {
  if (spec.type !== "list") {
    const misfit = misfitOf(value, spec.type, spec, inShell);
    return misfit === undefined ? { value: value as Known } : { wrong: [misfit] };
  }
  if (!Array.isArray(value)) {
    const hint = typeof value === "object" ? {} : { hint: `write [${String(value)}]` };
    return { wrong: [{ message: `is ${shown(value)}; expected a list`, ...hint }] };
  }
  const wrong = value.flatMap((item: unknown, index): Misfit[] => {
    const misfit = misfitOf(item, spec.items ?? "string", spec, inShell);
    const repeated = misfit === undefined && value.indexOf(item) < index;
    if (repeated) return [{ index, message: `is ${shown(item)}, which stands in the list already` }];
    return misfit === undefined ? [] : [{ index, ...misfit }];
  });
  return wrong.length > 0 ? { wrong } : { value: value as (string | number)[] };
}

/** Texts of people are much shorter; a pattern should not have to work on a novel. */
const LONGEST = 1024;

function misfitOf(
  value: unknown,
  type: "string" | "port" | "integer" | "boolean",
  spec: ParamSpec,
  inShell: boolean,
): Misfit | undefined {
  if (type === "port")
    return isPort(value) ? undefined : { message: `is ${shown(value)}; expected a port, 1 to 65535` };
  if (type === "integer") {
    return Number.isSafeInteger(value) ? undefined : { message: `is ${shown(value)}; expected a whole number` };
  }
  if (type === "boolean") {
    return typeof value === "boolean" ? undefined : { message: `is ${shown(value)}; expected true or false` };
  }
  if (typeof value === "string") return textMisfit(value, spec, inShell);
  const hint = typeof value === "number" || typeof value === "boolean" ? { hint: `put it in quotes: "${value}"` } : {};
  return { message: `is ${shown(value)}; expected text`, ...hint };
}

function textMisfit(text: string, spec: ParamSpec, inShell: boolean): Misfit | undefined {
  if (text.trim() === "") return { message: "is blank" };
  if (text.length > LONGEST) return { message: `has ${text.length} characters; at most ${LONGEST} are allowed` };
  if (/\p{Cc}/u.test(text)) return { message: `is ${quote(text)}; line ends and control characters are not allowed` };
  if (spec.enum !== undefined && !spec.enum.includes(text)) {
    return { message: `is ${quote(text)}; expected ${spec.enum.join(", ")}` };
  }
  if (spec.pattern !== undefined && !wholePattern(spec.pattern).test(text)) {
    return { message: `is ${quote(text)}; expected a text of the form ${spec.pattern}` };
  }
  // A command would take it for one of its options.
  if (inShell && text.startsWith("-"))
    return { message: `is ${quote(text)}; it stands in a shell line and must not begin with a hyphen` };
  return undefined;
}

/** A pattern that has to fit from beginning to end. Throws when it is no regular expression. */
export const wholePattern = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, "u");

const isPort = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map of fields";
  if (value === null) return "left without a value";
  return typeof value === "string" ? `the text ${quote(value)}` : String(value);
}
