import type { Json, Value } from "../../model.ts";
import { isRef } from "../canonical.ts";
import { visible } from "./visible.ts";

/** How values are written for people. Everything that comes out of here is visible text. */

/** null says "none", except where AWS gives it a meaning that a reviewer has to know. */
const NULL_WORDS: { readonly [attribute: string]: string } = { policy: "(none: full access)" };

/** Text that can stand without quotes and is not taken for a word of ours, such as `(none)` or the arrow. */
const PLAIN = /^[^\s("'](?:.*\S)?$/;

/** A structured document (a policy): shown and compared line by line, not on one line. */
export function isDocument(value: Value | undefined): boolean {
  return value !== undefined && isObject(value) && !isRef(value);
}

/** Nothing to tell: null, an empty list, an empty object. */
export function isNothing(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && !isRef(value) && Object.keys(value).length === 0;
}

/** One value on one line. `attribute` decides what null means. */
export function valueText(value: Value, attribute = ""): string {
  if (value === null) return NULL_WORDS[attribute] ?? "(none)";
  if (typeof value === "string") return stringText(value);
  if (typeof value !== "object") return String(value);
  if (isRef(value)) return `${visible(value.output)} of ${visible(value.ref)} (known after apply)`;
  if (isList(value)) return value.length === 0 ? "(none)" : value.map((item) => valueText(item)).join(", ");
  return visible(JSON.stringify(sortKeys(value)));
}

/** A document as lines: two spaces of indent, keys sorted, so that the order in which AWS sends them is no difference. */
export function documentText(value: Value | undefined, attribute: string): string {
  if (value === undefined) return "";
  if (!isDocument(value)) return valueText(value, attribute);
  return JSON.stringify(sortKeys(value), null, 2);
}

/** The same value whatever the order of its keys. A Ref keeps its own: `{"ref", "output"}`. */
export function sortKeys(value: Json): Json;
export function sortKeys(value: Value): Value;
export function sortKeys(value: Value): Value {
  if (value === null || typeof value !== "object") return value;
  if (isRef(value)) return { ref: value.ref, output: value.output };
  if (isList(value)) return value.map((item) => sortKeys(item));
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sortKeys(part)]));
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function isObject(value: Value): value is { readonly [key: string]: Value } {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function stringText(value: string): string {
  return PLAIN.test(value) && !value.includes(" → ") ? visible(value) : visible(JSON.stringify(value));
}
