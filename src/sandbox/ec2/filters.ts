import { AwsError, type Call } from "../operation.ts";
import { required, structs, texts } from "../params.ts";
import type { Tags } from "../world.ts";

/** The values of one object that a filter looks at. */
export type FilterValues = string | readonly string[] | undefined;

/** A describe's filters by name. */
export type Filters<Item> = Record<string, (item: Item) => FilterValues>;

/** EC2 takes at most so many values in the filters of one call. */
const valueLimit = 200;

/** One filter of a call, ready to be asked. */
export interface AskedFilter<Item> {
  name: string;
  passes: (item: Item) => boolean;
}

/**
 * The filters of a call. Values of one filter are alternatives, filters add up; `*` and `?` are wildcards and `\` takes their meaning away.
 * `tag:<key>` and `tag-key` exist where the objects have tags.
 * @throws AwsError InvalidFilter (the VPC endpoint operations), InvalidParameterValue (elsewhere), FilterLimitExceeded
 */
export function askedFilters<Item>(
  call: Call,
  known: Filters<Item>,
  tagsOf?: (item: Item) => Tags,
): AskedFilter<Item>[] {
  const asked = structs(call.params, "Filter").map((filter) => ({
    name: required(filter, "Name"),
    values: texts(filter, "Value"),
  }));
  if (asked.reduce((sum, { values }) => sum + values.length, 0) > valueLimit) {
    throw new AwsError(
      "FilterLimitExceeded",
      `The maximum number of filter values specified on a single call is ${valueLimit}`,
    );
  }
  return asked.map(({ name, values }) => {
    const valuesOf = lookup(call, name, known, tagsOf);
    const patterns = values.map(wildcard);
    return { name, passes: (item) => [valuesOf(item) ?? []].flat().some((value) => patterns.some((p) => p(value))) };
  });
}

function lookup<Item>(
  call: Call,
  name: string,
  known: Filters<Item>,
  tagsOf: ((item: Item) => Tags) | undefined,
): (item: Item) => FilterValues {
  if (tagsOf && name === "tag-key") return (item) => Object.keys(tagsOf(item));
  if (tagsOf && name.startsWith("tag:")) return (item) => tagsOf(item)[name.slice(4)];
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found) return found;
  const code = call.action.includes("VpcEndpoint") ? "InvalidFilter" : "InvalidParameterValue";
  throw new AwsError(code, `The filter '${name}' is invalid`);
}

function wildcard(pattern: string): (value: string) => boolean {
  if (!/[*?\\]/.test(pattern)) return (value) => value === pattern;
  const source = pattern.replace(/\\([\s\S])|[\s\S]/g, (part, plain: string | undefined) => {
    if (plain !== undefined) return literal(plain);
    if (part === "*") return "[\\s\\S]*";
    return part === "?" ? "[\\s\\S]" : literal(part);
  });
  const expression = new RegExp(`^${source}$`);
  return (value) => expression.test(value);
}

function literal(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/-]/, "\\$&");
}
