import { same } from "../canonical.ts";
import { isMap, type JsonMap } from "../specs/json.ts";
import { fieldsOf, resolveRef } from "../specs/schema.ts";

/**
 * A value as a person would write it: fields in the schema's order, those left out that say no more than their default. `root` is the whole
 * schema, `node` its part that describes the value.
 */
export function arrange(value: unknown, node: unknown, root: JsonMap): unknown {
  const described = branchFor(value, resolveRef(node, root), root);
  if (Array.isArray(value)) return value.map((item: unknown) => arrange(item, described.items, root));
  if (!isMap(value)) return value;
  const fields = fieldsOf(described);
  const required = Array.isArray(described.required) ? described.required : [];
  const members = Object.keys(fields).flatMap((name): [string, unknown][] => {
    const field = resolveRef(fields[name], root);
    const member = value[name];
    if (member === undefined || member === null) return [];
    const arranged = arrange(member, field, root);
    return !required.includes(name) && "default" in field && same(arranged, field.default) ? [] : [[name, arranged]];
  });
  // A map without named fields (an IAM policy) is nobody's form but its own.
  return Object.keys(fields).length === 0 ? value : Object.fromEntries(members);
}

/** Of several forms the one that has all fields of the value. */
function branchFor(value: unknown, node: JsonMap, root: JsonMap): JsonMap {
  if (!isMap(value) || !Array.isArray(node.oneOf)) return node;
  const branches = node.oneOf.map((branch) => resolveRef(branch, root));
  return branches.find((branch) => Object.keys(value).every((name) => name in fieldsOf(branch))) ?? node;
}

/** What of an object's attributes a spec calls by the same name. */
export function sameNamed(attributes: JsonMap, definition: string, root: JsonMap): JsonMap {
  const fields = fieldsOf(resolveRef({ $ref: `#/$defs/${definition}` }, root));
  return Object.fromEntries(Object.entries(attributes).filter(([name, value]) => name in fields && value !== null));
}
