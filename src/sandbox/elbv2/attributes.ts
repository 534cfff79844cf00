import type { Call, Tree } from "../operation.ts";
import { structs, text } from "../params.ts";
import { members } from "../xml.ts";
import { badConfiguration, invalid, need } from "./input.ts";

/** What an attribute is when nobody set it, and what it may be set to. All values are text. */
export interface Attribute {
  fallback: string;
  allowed: RegExp;
}
export type Attributes = Record<string, Attribute>;

/** AWS takes at most this many attributes in one call. */
const mostAttributes = 20;

/** An attribute that is on or off. */
export function boolean(fallback: "true" | "false"): Attribute {
  return { fallback, allowed: /^(true|false)$/ };
}

/** An attribute that has one value and keeps it. */
export function fixed(value: string): Attribute {
  return { fallback: value, allowed: new RegExp(`^${value}$`) };
}

/** An attribute that is any text. */
export const anyText: Attribute = { fallback: "", allowed: /^.*$/s };

/** All attributes of an object as AWS lists them: the defaults, with what was set on top. */
export function effective(known: Attributes, own: Record<string, string>): Record<string, string> {
  const defaults = Object.entries(known).map(([key, { fallback }]) => [key, fallback]);
  return { ...Object.fromEntries(defaults), ...own };
}

/** The answer of the Describe and Modify operations. */
export function attributesTree(known: Attributes, own: Record<string, string>): Tree {
  const all = Object.entries(effective(known, own)).map(([Key, Value]) => ({ Key, Value }));
  return { Attributes: members(all) };
}

/**
 * The attributes that a Modify call sets. `what` is how AWS names the object; an attribute that belongs to another sort of it is refused by name,
 * so that callers can leave that one out. @throws AwsError ValidationError, InvalidConfigurationRequest
 */
export function readAttributes(call: Call, what: string, known: Attributes): Record<string, string> {
  const asked = structs(call.params, "Attributes");
  if (asked.length === 0) throw invalid(`At least one ${what} attribute must be specified`);
  if (asked.length > mostAttributes) {
    throw invalid(`At most ${mostAttributes} ${what} attributes can be specified, but ${asked.length} were`);
  }
  const changes: Record<string, string> = {};
  for (const each of asked) {
    const key = need(each, "Key");
    const value = text(each, "Value") ?? "";
    const name = `${what.charAt(0).toUpperCase()}${what.slice(1)} attribute`;
    const attribute = known[key];
    if (!attribute) throw invalid(`${name} key '${key}' is not recognized`);
    if (!attribute.allowed.test(value)) throw badConfiguration(`${name} '${key}' cannot have the value '${value}'`);
    if (key in changes) throw invalid(`${name} key '${key}' was specified more than once`);
    changes[key] = value;
  }
  return changes;
}
