import { AwsError, type Call } from "../operation.ts";
import { type Struct, text } from "../params.ts";
import { regionOf } from "../places.ts";
import type { Region } from "../world.ts";

/** The caller's part of the world: everything in Elastic Load Balancing lives in one account and Region. */
export function here(call: Call): Region {
  return regionOf(call.world, call.account, call.region);
}

/** A request that breaks a rule of the API itself. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

/** A request that is well formed but asks for something that cannot be. */
export function badConfiguration(message: string): AwsError {
  return new AwsError("InvalidConfigurationRequest", message);
}

/** The text of a member that must be sent. @throws AwsError ValidationError */
export function need(params: Struct, name: string): string {
  const value = text(params, name);
  if (value === undefined || value === "") throw broken("null", name, "Member must not be null");
  return value;
}

/** A whole number within AWS's bounds; undefined when it was not sent. @throws AwsError ValidationError */
export function numberIn(params: Struct, name: string, min: number, max: number): number | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min)) {
    throw broken(`'${value}'`, name, `Member must have value greater than or equal to ${min}`);
  }
  if (number > max) throw broken(`'${value}'`, name, `Member must have value less than or equal to ${max}`);
  return number;
}

/** One of AWS's enumerated words; undefined when it was not sent. @throws AwsError ValidationError */
export function oneOf<Word extends string>(params: Struct, name: string, words: readonly Word[]): Word | undefined {
  const value = text(params, name);
  if (value === undefined) return undefined;
  const word = words.find((each) => each === value);
  if (word === undefined) {
    throw broken(`'${value}'`, name, `Member must satisfy enum value set: [${words.join(", ")}]`);
  }
  return word;
}

function broken(value: string, name: string, constraint: string): AwsError {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return invalid(
    `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** Whether two lists hold the same texts, whatever their order. */
export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}

const longestName = 32;

/** Checks the name of a load balancer or target group. @throws AwsError ValidationError */
export function checkName(what: "load balancer" | "target group", name: string): void {
  const called = `The ${what} name '${name}'`;
  if (name.length > longestName) throw invalid(`${called} cannot be longer than '${longestName}' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw invalid(`${called} can only contain characters that are alphanumeric characters and hyphens(-)`);
  }
  if (name.startsWith("-") || name.endsWith("-")) throw invalid(`${called} cannot begin or end with a hyphen(-)`);
  if (what === "load balancer" && name.startsWith("internal-")) {
    throw invalid(`${called} cannot begin with the prefix 'internal-'`);
  }
}
