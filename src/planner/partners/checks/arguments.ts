import { asSet } from "../../collections.ts";
import { type PortRange, parsePorts } from "../../specs/forms/ports.ts";
import type { JsonMap } from "../../specs/json.ts";
import { evaluate } from "../render.ts";
import type { CheckSubject } from "./subject.ts";
import { type Found, mapped, together } from "./verdict.ts";

/** Texts as they stand, or one placeholder that leads to a text or to a list of texts: a parameter, or a field of a table. */
export type ValuesArg = string | readonly (string | number)[];

/** What placeholders are filled in from. */
type Filled = Pick<CheckSubject, "profile" | "values">;

const text: JsonMap = { type: "string", minLength: 1 };
export const valuesSchema: JsonMap = { type: ["string", "array"], minLength: 1, minItems: 1, items: text };
/** Ports, ranges ("10000-31000") or one placeholder that leads to them. */
export const portsSchema: JsonMap = {
  type: ["string", "array"],
  minLength: 1,
  minItems: 1,
  items: { type: ["string", "integer"], minLength: 1, minimum: 1, maximum: 65_535 },
};
export const nameSchema: JsonMap = { type: "string", pattern: "^[a-z][a-z0-9_]*$" };
export const countSchema: JsonMap = { type: "integer", minimum: 1 };
export const flagSchema: JsonMap = { type: "boolean" };
export const wordSchema = (...words: readonly string[]): JsonMap => ({ enum: words });
export const wordsSchema = (...words: readonly string[]): JsonMap => ({
  type: "array",
  minItems: 1,
  uniqueItems: true,
  items: { enum: words },
});

/** The schema of args with these fields and no others. */
export const argsSchema = (properties: JsonMap = {}, required: readonly string[] = []): JsonMap => ({
  type: "object",
  additionalProperties: false,
  properties,
  required,
});

/** What an argument means for this connection, sorted; deferred while a value in it is not known. */
export const valuesOf = (arg: ValuesArg, subject: CheckSubject): Found<readonly string[]> =>
  mapped(itemsOf(arg, subject), (items) => asSet(items));

/** The same for ports. A text may carry its port at the end, `sftp:2222`. */
export function portsOf(arg: ValuesArg, subject: Filled): Found<readonly PortRange[]> {
  const items = itemsOf(arg, subject);
  if ("waitsFor" in items) return items;
  return together(
    items.is.map((item): Found<PortRange> => {
      const range = parsePorts(item.slice(item.lastIndexOf(":") + 1));
      return range ? { is: range } : { waitsFor: `a port or a range of ports in place of ${JSON.stringify(item)}` };
    }),
  );
}

/** A list that leads to nothing tells nothing: whoever was to fill it in has not. */
function itemsOf(arg: ValuesArg, { profile, values }: Filled): Found<readonly string[]> {
  const parts = [arg].flat().map((item): Found<readonly string[]> => {
    if (typeof item === "number" || !item.includes("{{")) return { is: [String(item)] };
    const evaluated = evaluate(profile, item, values);
    if ("missing" in evaluated)
      return { waitsFor: evaluated.missing.map(({ path, obtain }) => `${path} (${obtain})`).join("; ") };
    const items = [evaluated.value].flat().map(String);
    return items.length > 0 ? { is: items } : { waitsFor: `entries in ${item.replaceAll(/[{}]/g, "").trim()}` };
  });
  return mapped(together(parts), (lists) => lists.flat());
}
