import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { FORMS } from "./forms/index.ts";
import { isMap, type JsonMap } from "./json.ts";

/** The parsed schema files. The planner reads no files, so they come in from outside. */
export interface Schemas {
  project: JsonMap;
  connection: JsonMap;
  partner: JsonMap;
}

const compiled = new WeakMap<JsonMap, ValidateFunction>();

/** What the schema has against a value; empty when it fits. A schema is compiled once, however many documents it judges. */
export function schemaErrors(schema: JsonMap, value: unknown): ErrorObject[] {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = compile(schema);
    compiled.set(schema, validate);
  }
  validate(value);
  return validate.errors ?? [];
}

function compile(schema: JsonMap): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    // `ports` is a number or a text on purpose.
    allowUnionTypes: true,
    strictTypes: false,
    // The telltales of a branch name fields that are declared in the branch itself.
    strictRequired: false,
    formats: Object.fromEntries(
      Object.entries(FORMS).map(([name, check]) => [name, (text: string) => check(text) === undefined]),
    ),
  });
  ajv.addVocabulary(["x-changing", "x-expects", "x-siblings"]);
  return ajv.compile(chooseBranches(schema, schema) as JsonMap);
}

/**
 * Rewrites every `oneOf` so that one branch is chosen by what tells it apart, and only that one complains. `oneOf` is what editors and the
 * type generator understand, but its errors list what is wrong with every branch.
 */
function chooseBranches(node: unknown, root: JsonMap): unknown {
  if (Array.isArray(node)) return node.map((item) => chooseBranches(item, root));
  if (!isMap(node)) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, chooseBranches(value, root)]));
  if (!Array.isArray(node.oneOf)) return copy;
  const { oneOf: _, ...rest } = copy;
  const branches = node.oneOf.map((branch) => resolveRef(branch, root));
  const telltales = branches.map((branch) => telltale(branch, branches));
  const choices = branches.map((branch, index) => {
    const own = index === branches.length - 1 ? [] : [{ not: telltales[index] }];
    const notMeant = { anyOf: [...telltales.slice(0, index), ...own] };
    return { if: notMeant, else: withSiblings(chooseBranches(branch, root), branches) };
  });
  return { ...rest, allOf: choices };
}

/** What shows that a branch was meant: a map at all among scalars, its own required field among maps, otherwise its type. */
function telltale(branch: JsonMap, branches: readonly JsonMap[]): JsonMap {
  if (branch.type !== "object") return { type: branch.type };
  const others = branches.filter((other) => other !== branch && other.type === "object");
  if (others.length === 0) return { type: "object" };
  const own = (branch.required as string[]).filter((field) => !others.some((other) => field in fieldsOf(other)));
  return { type: "object", required: own.slice(0, 1) };
}

/** Remembers the fields of the other branches, so that a message can say "not together" instead of "unknown". */
function withSiblings(branch: unknown, branches: readonly JsonMap[]): unknown {
  if (!isMap(branch) || branch.type !== "object") return branch;
  const names = branches.flatMap((other) => Object.keys(fieldsOf(other)));
  return { ...branch, "x-siblings": names.filter((name) => !(name in fieldsOf(branch))) };
}

/** The named fields of a schema node. */
export function fieldsOf(node: JsonMap): JsonMap {
  return isMap(node.properties) ? node.properties : {};
}

/** Follows `$ref: "#/$defs/Name"`; any other node is itself. Own keywords beside the reference win. */
export function resolveRef(node: unknown, root: JsonMap): JsonMap {
  if (!isMap(node)) return {};
  if (typeof node.$ref !== "string") return node;
  const name = node.$ref.replace("#/$defs/", "");
  const { $ref: _, ...own } = node;
  return { ...resolveRef(isMap(root.$defs) ? root.$defs[name] : undefined, root), ...own };
}
