import type { ListTemplate, Profile } from "./profile.ts";
import { quoteForShell } from "./shell.ts";
import type { CompiledTemplate, Filter, Reference, TemplateForm, TemplateNode } from "./template.ts";
import { type Known, type Missing, obtainOf, type Values } from "./values.ts";

/** What a text needs and nobody knows yet; each value once, in the order of the text. */
export interface Incomplete {
  readonly missing: readonly Missing[];
}

/** Text with every value filled in, or what is missing for it. */
export type Rendered = { readonly text: string } | Incomplete;

/** Fills a template of the profile in. With `shell` every value is quoted for the place at which it stands. */
export function render(profile: Profile, text: string, values: Values, form: TemplateForm = "text"): Rendered {
  const filling = new Filling(profile, profile.template(text, form));
  const filled = filling.fill(filling.template.nodes, values);
  return filling.missing.size > 0 ? incomplete(filling) : { text: filled };
}

/** The texts of a list template: one set of values, or one set for each item of the parameter that it names. */
export function renderList(
  profile: Profile,
  { each, values: texts }: ListTemplate,
  values: Values,
): { readonly texts: readonly string[] } | Incomplete {
  const items = each === undefined ? undefined : values.get(each);
  if (each !== undefined && items === undefined) return { missing: [{ path: each, obtain: obtainOf(each, profile) }] };
  const scopes = items === undefined ? [values] : [items].flat().map((item) => withItem(values, item));
  const all = scopes.flatMap((scope) => texts.map((text) => render(profile, text, scope)));
  const missing = all.flatMap((one) => ("missing" in one ? one.missing : []));
  if (missing.length > 0) return { missing: onceEach(missing) };
  return { texts: [...new Set(all.flatMap((one) => ("text" in one ? [one.text] : [])))] };
}

/** What an argument of a check means: a text that is one placeholder and nothing else keeps its type (a list stays a list). */
export function evaluate(profile: Profile, text: string, values: Values): { readonly value: Known } | Incomplete {
  const [only, ...others] = profile.template(text).nodes;
  if (only?.kind === "value" && only.filter === undefined && others.length === 0) {
    const value = lookUp(only.of, profile, values);
    return value === undefined ? { missing: [missingOf(only.of, profile, values)] } : { value };
  }
  const rendered = render(profile, text, values);
  return "text" in rendered ? { value: rendered.text } : rendered;
}

/** The value behind a reference; undefined while it is not known. */
function lookUp({ path, table }: Reference, profile: Profile, values: Values): Known | undefined {
  if (!table) return values.get(path);
  const key = lookUp(table.key, profile, values);
  const rows = profile.spec.tables?.[table.name]?.rows ?? {};
  const row = key !== undefined && Object.hasOwn(rows, String(key)) ? rows[String(key)] : undefined;
  return row && Object.hasOwn(row, table.field) ? row[table.field] : undefined;
}

/** Of a row whose key is not known, the key is what is missing. */
function missingOf(of: Reference, profile: Profile, values: Values): Missing {
  const key = of.table?.key;
  const path = key && lookUp(key, profile, values) === undefined ? key.path : of.path;
  return { path, obtain: obtainOf(path, profile) };
}

/** What is known for one item of a list; of an item like `sftp:2222` the port at its end too. */
function withItem(values: Values, item: string | number | boolean): Values {
  const [, port] = /(?:^|:)(\d+)$/.exec(String(item)) ?? [];
  const known = new Map<string, Known>([...values, ["item", item]]);
  // An item without a port must not leave that of an outer loop standing.
  if (port === undefined) known.delete("item.port");
  else known.set("item.port", Number(port));
  return known;
}

/** One template on its way to text. */
class Filling {
  readonly missing = new Map<string, Missing>();
  readonly profile: Profile;
  readonly template: CompiledTemplate;

  constructor(profile: Profile, template: CompiledTemplate) {
    this.profile = profile;
    this.template = template;
  }

  fill(nodes: readonly TemplateNode[], values: Values): string {
    return nodes.map((node) => this.#node(node, values)).join("");
  }

  #node(node: TemplateNode, values: Values): string {
    if (node.kind === "text") return node.text;
    const value = lookUp(node.of, this.profile, values);
    if (node.kind === "if") return this.fill(isSaid(value) ? node.body : node.otherwise, values);
    if (value === undefined) return this.#lacks(missingOf(node.of, this.profile, values));
    if (node.kind === "each") {
      return [value]
        .flat()
        .map((item) => this.fill(node.body, withItem(values, item)))
        .join("");
    }
    const text = written(value, node.filter);
    const quoting = this.template.quoting.get(node);
    if (quoting === undefined) return text;
    if (CONTROL.test(text)) {
      const obtain = "it holds a control character, which has no place in a shell line";
      return this.#lacks({ path: node.of.path, obtain });
    }
    return quoteForShell(text, quoting);
  }

  #lacks(missing: Missing): string {
    this.missing.set(missing.path, missing);
    return "";
  }
}

const CONTROL = /\p{Cc}/u;

/** What counts for {{#if}}: a value that is known and neither false nor empty. */
const isSaid = (value: Known | undefined): boolean =>
  value !== undefined && value !== false && value !== "" && !(Array.isArray(value) && value.length === 0);

function written(value: Known, filter: Filter | undefined): string {
  if (filter === "json") return JSON.stringify(value);
  return [value].flat().join(filter?.join ?? ", ");
}

const incomplete = ({ missing }: Filling): Incomplete => ({ missing: [...missing.values()] });

const onceEach = (missing: readonly Missing[]): Missing[] => [
  ...new Map(missing.map((one) => [one.path, one])).values(),
];
