import { AwsError, type Params } from "./operation.ts";

/** The parameters of one call, or of one structure inside it. */
export type Struct = { [name: string]: Params };

/**
 * Unfolds a query-protocol form (`Filter.1.Value.2=x`, `Tags.member.1.Key=k`) into nested values: numbered keys become an array in the order
 * of their numbers, and the `member` step of the awsQuery protocol disappears, so that both protocols read alike.
 */
export function unfold(form: Iterable<[string, string]>): Struct {
  const root: Branch = new Map();
  for (const [key, value] of form) {
    const steps = key.split(".");
    let at = root;
    for (const step of steps.slice(0, -1)) at = branchAt(at, step);
    at.set(steps.at(-1) ?? key, value);
  }
  const unfolded = fold(root);
  return isStruct(unfolded) ? unfolded : {};
}

type Branch = Map<string, string | Branch>;

function branchAt(parent: Branch, step: string): Branch {
  const there = parent.get(step);
  if (there instanceof Map) return there;
  const made: Branch = new Map();
  parent.set(step, made);
  return made;
}

function fold(branch: Branch): Params {
  const only = branch.size === 1 ? branch.get("member") : undefined;
  if (only instanceof Map) return fold(only);
  const entries = [...branch].map(([key, value]): [string, Params] => [
    key,
    typeof value === "string" ? value : fold(value),
  ]);
  const numbered = entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key));
  if (!numbered) return Object.fromEntries(entries);
  return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
}

/** True for a structure: neither text nor list. */
export function isStruct(value: Params | undefined): value is Struct {
  return typeof value === "object" && !Array.isArray(value);
}

/** The text of a scalar member; undefined when it was not sent. */
export function text(params: Struct, name: string): string | undefined {
  const value = params[name];
  return typeof value === "string" ? value : undefined;
}

/** The text of a member that the operation needs. @throws AwsError MissingParameter */
export function required(params: Struct, name: string): string {
  const value = text(params, name);
  if (value === undefined || value === "") {
    throw new AwsError("MissingParameter", `The request must contain the parameter ${name}`);
  }
  return value;
}

/** A boolean member; undefined when it was not sent. @throws AwsError InvalidParameterValue */
export function flag(params: Struct, name: string): boolean | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  if (/^true$/i.test(value)) return true;
  if (/^false$/i.test(value)) return false;
  throw new AwsError("InvalidParameterValue", `Invalid value '${value}' for boolean parameter ${name}`);
}

/** A whole-number member; undefined when it was not sent. @throws AwsError InvalidParameterValue */
export function integer(params: Struct, name: string): number | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  if (/^-?\d+$/.test(value)) return Number(value);
  throw new AwsError(
    "InvalidParameterValue",
    `Value (${value}) for parameter ${name} is invalid. Expected an integer.`,
  );
}

/** A list member; empty when it was not sent. */
export function list(params: Struct, name: string): Params[] {
  const value = params[name];
  return Array.isArray(value) ? value : [];
}

/** A list of texts. */
export function texts(params: Struct, name: string): string[] {
  return list(params, name).filter((value) => typeof value === "string");
}

/** A list of structures. */
export function structs(params: Struct, name: string): Struct[] {
  return list(params, name).filter(isStruct);
}

/** A structure member; undefined when it was not sent. */
export function struct(params: Struct, name: string): Struct | undefined {
  const value = params[name];
  return isStruct(value) ? value : undefined;
}
