/** `text`: for people. `shell`: lines that a shell reads, in which every value is quoted. */
export type TemplateForm = "text" | "shell";

/** What a placeholder asks for. */
export interface Reference {
  /** As the placeholder says it: `params.x`, `endpoint.id`, `item`, `item.port`, `tables.sites[params.site].region`. */
  readonly path: string;
  /** Set when it is a field of a table's row: the row's key is itself asked for. */
  readonly table?: { readonly name: string; readonly key: Reference; readonly field: string };
}

/** How a list is written, or any value as JSON. */
export type Filter = { readonly join: string } | "json";

/** The kind of quotes in which a placeholder of a shell line stands. */
export type Quoting = "bare" | "single" | "double" | "comment";

export interface ValueNode {
  readonly kind: "value";
  readonly of: Reference;
  readonly filter?: Filter;
  /** Where it begins in the text. */
  readonly offset: number;
}
export interface EachNode {
  readonly kind: "each";
  readonly of: Reference;
  readonly body: readonly TemplateNode[];
  readonly offset: number;
}
export interface IfNode {
  readonly kind: "if";
  readonly of: Reference;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
  readonly offset: number;
}
export type TemplateNode =
  | { readonly kind: "text"; readonly text: string; readonly offset: number }
  | ValueNode
  | EachNode
  | IfNode;

/** What is wrong with a template, and where in its text. */
export interface TemplateComplaint {
  readonly offset: number;
  readonly message: string;
}

/** A template that has been parsed. One with complaints is good for nothing but showing them. */
export interface CompiledTemplate {
  readonly form: TemplateForm;
  readonly nodes: readonly TemplateNode[];
  /** The values that it may ask for, without `item`: `params.x`, `endpoint.id`, `tables.t[params.x].field` and, with it, `params.x`. */
  readonly uses: ReadonlySet<string>;
  /** How each placeholder of a shell template is quoted. */
  readonly quoting: ReadonlyMap<ValueNode, Quoting>;
  readonly complaints: readonly TemplateComplaint[];
}

/** Every reference of a template, in the order of the text. */
export function referencesIn(nodes: readonly TemplateNode[]): Reference[] {
  return nodes.flatMap((node) => {
    if (node.kind === "text") return [];
    if (node.kind === "value") return [node.of];
    const inner = node.kind === "each" ? node.body : [...node.body, ...node.otherwise];
    return [node.of, ...referencesIn(inner)];
  });
}

/** What a reference makes known: its own path and that of a row's key; an item is no value of its own. */
export function pathsOf({ path, table }: Reference): string[] {
  if (table) return [path, ...pathsOf(table.key)];
  return path === "item" || path === "item.port" ? [] : [path];
}
