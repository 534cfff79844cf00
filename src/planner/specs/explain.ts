import { isMap, type JsonMap } from "./json.ts";
import { fieldsOf, resolveRef } from "./schema.ts";
import { didYouMean } from "./suggest.ts";

/** What the schema knows of one field, for people. */
export interface FieldExplanation {
  /** The path as one asks for it, without list indexes: `service.loadBalancers.listeners.port`. */
  field: string;
  description: string;
  /** `text`, `list, each entry: text`, `one of TCP, TLS`, ... */
  type: string;
  required: boolean;
  default?: unknown;
  examples: unknown[];
  /** What a change of the field does on AWS. */
  changing: string;
  /** The fields inside, when it is a map or a list of maps. */
  fields: string[];
}

/** Looks a field up in a schema. For an unknown one says how far the path was right and which field was probably meant. */
export function explainField(
  schema: JsonMap,
  field: string,
): { found: FieldExplanation } | { unknown: string; known: string[]; meant?: string } {
  const steps = field.replaceAll(/\[[0-9]*\]/g, "").split(".");
  let node = schema;
  let required = true;
  for (const [index, step] of steps.entries()) {
    const fields = allFields(node, schema);
    const next = fields.get(step);
    if (next === undefined) return unknownField(steps, index, [...fields.keys()]);
    node = next.node;
    required = next.required;
  }
  return { found: explanation(steps.join("."), node, required, schema) };
}

function unknownField(steps: readonly string[], index: number, known: string[]) {
  const step = steps[index] ?? "";
  const near = didYouMean(step, known);
  const meant =
    near === undefined ? {} : { meant: [...steps.slice(0, index), near, ...steps.slice(index + 1)].join(".") };
  return {
    unknown: steps.slice(0, index + 1).join("."),
    known: known.map((name) => [...steps.slice(0, index), name].join(".")),
    ...meant,
  };
}

/** The fields of a map, of the maps in a list, of the values of a free map (there written NAME), and of every branch of a choice. */
function allFields(node: JsonMap, root: JsonMap): Map<string, { node: JsonMap; required: boolean }> {
  const fields = new Map<string, { node: JsonMap; required: boolean }>();
  const required = Array.isArray(node.required) ? node.required : [];
  for (const [name, field] of Object.entries(fieldsOf(node))) {
    fields.set(name, { node: resolveRef(field, root), required: required.includes(name) });
  }
  const inner = [...(Array.isArray(node.oneOf) ? node.oneOf : []), node.items, node.additionalProperties];
  for (const part of inner) {
    for (const [name, field] of allFieldsOf(part, root)) fields.set(name, fields.get(name) ?? field);
  }
  return fields;
}

function allFieldsOf(part: unknown, root: JsonMap): Map<string, { node: JsonMap; required: boolean }> {
  return isMap(part) ? allFields(resolveRef(part, root), root) : new Map();
}

function explanation(field: string, node: JsonMap, required: boolean, root: JsonMap): FieldExplanation {
  return {
    field,
    description: String(node.description ?? ""),
    type: typeText(node, root),
    required,
    ...(node.default === undefined ? {} : { default: node.default }),
    examples: Array.isArray(node.examples) ? node.examples : [],
    changing: String(node["x-changing"] ?? ""),
    fields: [...allFields(node, root).keys()],
  };
}

const TYPES: Readonly<Record<string, string>> = {
  object: "map",
  string: "text",
  integer: "whole number",
  boolean: "true or false",
};

function typeText(node: JsonMap, root: JsonMap): string {
  if ("const" in node) return `always ${String(node.const)}`;
  if (Array.isArray(node.enum)) return `one of ${node.enum.join(", ")}`;
  if (Array.isArray(node.oneOf))
    return [...new Set(node.oneOf.map((branch) => typeText(resolveRef(branch, root), root)))].join(" or ");
  if (node.type === "array") return `list, each entry: ${typeText(resolveRef(node.items, root), root)}`;
  const range = node.minimum !== undefined && node.maximum !== undefined ? ` (${node.minimum} to ${node.maximum})` : "";
  return `${[node.type]
    .flat()
    .map((type) => TYPES[String(type)] ?? String(type))
    .join(" or ")}${range}`;
}
