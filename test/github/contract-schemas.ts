import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";

/** A JSON Schema (2020-12). */
export type JsonSchema = Record<string, unknown>;

/** What a schema has against a value, one line each; empty when it fits. */
export type Check = (schema: JsonSchema, value: unknown) => string[];

/** More tells nothing new: a wrong `oneOf` lists the complaints of every branch. */
const MOST_COMPLAINTS = 40;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Checks values against the schemas of GitHub's description. Names that the description does not know are complaints too, at every depth: what
 * GitHub does not document must neither be sent by us nor be relied on by us.
 * @param components the schemas that a `$ref` names
 */
export function bodyCheck(components: Record<string, JsonSchema>): Check {
  const ajv = newAjv({ coerceTypes: false });
  for (const [name, schema] of Object.entries(components)) ajv.addSchema(closeParts(schema, components), refOf(name));
  return checkWith(ajv, (schema) => closeWhole(schema, components));
}

/** Checks the parameters of a query, which arrive as text whatever their type is. */
export function queryCheck(): Check {
  return checkWith(newAjv({ coerceTypes: true }), (schema) => schema);
}

function checkWith(ajv: Ajv2020, prepare: (schema: JsonSchema) => JsonSchema): Check {
  const compiled = new WeakMap<JsonSchema, ReturnType<Ajv2020["compile"]>>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(prepare(schema));
    compiled.set(schema, validate);
    validate(value);
    return (validate.errors ?? []).slice(0, MOST_COMPLAINTS).map(sentence);
  };
}

function newAjv(options: { coerceTypes: boolean }): Ajv2020 {
  return new Ajv2020({
    ...options,
    allErrors: true,
    // The description is GitHub's: unions of types, `required` without `properties` and unknown formats are its business.
    strict: false,
    formats: {
      "date-time": DATE_TIME,
      // Empty where there is none, as `log_url` of a deployment.
      uri: (text: string) => text === "" || URL.canParse(text),
      int64: true,
      email: true,
      "repo.nwo": true,
    },
  });
}

function sentence({ instancePath, message, params }: ErrorObject): string {
  const detail = params.unevaluatedProperty ?? params.additionalProperty ?? params.allowedValues;
  return `${instancePath || "/"} ${message}${detail === undefined ? "" : `: ${JSON.stringify(detail)}`}`;
}

/** A schema in the place of a value: nothing but what it or its branches name may stand there. */
function closeWhole(schema: JsonSchema, components: Record<string, JsonSchema>): JsonSchema {
  const closed = closeParts(schema, components);
  return namesProperties(schema, components, new Set()) ? { ...closed, unevaluatedProperties: false } : closed;
}

/** A schema as a branch or a component: its own properties are closed; it is not, because its siblings may name more. */
function closeParts(schema: JsonSchema, components: Record<string, JsonSchema>): JsonSchema {
  const closed = Object.entries(schema).map(([keyword, value]) => closeKeyword(keyword, value, components));
  return Object.fromEntries(closed);
}

function closeKeyword(keyword: string, value: unknown, components: Record<string, JsonSchema>): [string, unknown] {
  if (keyword === "properties") {
    const parts = Object.entries(value as Record<string, JsonSchema>);
    return [keyword, Object.fromEntries(parts.map(([name, each]) => [name, closeWhole(each, components)]))];
  }
  if (isBranches(keyword)) {
    const branches = (value as JsonSchema[]).map((each) => closeParts(each, components));
    // GitHub writes `oneOf` where several branches may fit: an error with a message fits both kinds of a 409.
    return [keyword === "oneOf" ? "anyOf" : keyword, branches];
  }
  const isSchema = keyword === "items" || (keyword === "additionalProperties" && typeof value === "object");
  return [keyword, isSchema ? closeWhole(value as JsonSchema, components) : value];
}

function namesProperties(schema: JsonSchema, components: Record<string, JsonSchema>, seen: Set<unknown>): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (schema.properties !== undefined) return true;
  const named = typeof schema.$ref === "string" ? [components[nameOf(schema.$ref)] ?? {}] : [];
  const branches = Object.entries(schema).flatMap(([keyword, value]) =>
    isBranches(keyword) ? (value as JsonSchema[]) : [],
  );
  return [...named, ...branches].some((each) => namesProperties(each, components, seen));
}

function isBranches(keyword: string): boolean {
  return keyword === "oneOf" || keyword === "anyOf" || keyword === "allOf";
}

function refOf(name: string): string {
  return `#/components/schemas/${name}`;
}

function nameOf(ref: string): string {
  return ref.slice(refOf("").length);
}
