import type { ErrorObject } from "ajv/dist/2020.js";
import { FORMS } from "./forms/index.ts";
import { isMap, type JsonMap } from "./json.ts";
import { type Path, pathText, quote, type Refusal } from "./problem.ts";
import { fieldsOf } from "./schema.ts";
import { didYouMean, suggestion } from "./suggest.ts";

/** A schema error in our own words. */
export interface Complaint extends Refusal {
  path: Path;
  /** Point at the last key of the path, not at its value. */
  atKey: boolean;
  /** What has to go so that the rest fits the schema. */
  prune: Path;
  /** The field that is missing, or that an unknown one was probably meant to be. */
  meant?: string;
}

/** Ajv's errors as complaints. `source` gives a scalar as it was written. */
export function translate(
  errors: readonly ErrorObject[],
  root: unknown,
  source: (path: Path) => string | undefined,
): Complaint[] {
  return errors.flatMap((error) => {
    const path = pathOf(error.instancePath, root);
    const rule = TRANSLATIONS[error.keyword];
    return rule === undefined ? [] : [rule({ error, path, schema: schemaOf(error), source })];
  });
}

interface Context {
  error: ErrorObject;
  path: Path;
  /** The schema node whose keyword failed. */
  schema: JsonMap;
  source: (path: Path) => string | undefined;
}

const TRANSLATIONS: Readonly<Record<string, (context: Context) => Complaint>> = {
  additionalProperties: unknownField,
  required: missingField,
  type: wrongType,
  enum: wrongChoice,
  const: wrongConstant,
  pattern: wrongPattern,
  format: wrongForm,
  minimum: outOfRange,
  maximum: outOfRange,
  minLength: wrongLength,
  maxLength: wrongLength,
  minItems: wrongCount,
  maxItems: wrongCount,
  minProperties: wrongCount,
  uniqueItems: repeatedItem,
};

function unknownField({ error, path, schema }: Context): Complaint {
  const field = String(error.params.additionalProperty);
  const place = { path: [...path, field], atKey: true, prune: [...path, field] };
  const inside = path.length === 0 ? "" : ` in ${pathText(path)}`;
  if (field === "<<") {
    return {
      ...place,
      code: "yaml.merge",
      message: `merge keys (<<) are not part of YAML 1.2`,
      hint: "write the fields out",
    };
  }
  const siblings = schema["x-siblings"];
  if (Array.isArray(siblings) && siblings.includes(field)) {
    const beside = Array.isArray(schema.required) ? schema.required[0] : "";
    return {
      ...place,
      code: "field.exclusive",
      message: `the field "${field}" does not go together with "${beside}"${inside}`,
    };
  }
  const known = Object.keys(fieldsOf(schema));
  const meant = didYouMean(field, known);
  return {
    ...place,
    ...(meant === undefined ? {} : { meant }),
    code: "field.unknown",
    message: `unknown field ${quote(field)}${inside}${suggestion(field, known)}`,
    hint: `known here: ${known.join(", ")}`,
  };
}

function missingField({ error, path, schema }: Context): Complaint {
  const field = String(error.params.missingProperty);
  const inside = path.length === 0 ? "the document" : pathText(path);
  const about = fieldsOf(schema)[field];
  const description =
    isMap(about) && typeof about.description === "string" ? `${field}: ${about.description}` : undefined;
  return {
    path,
    atKey: true,
    prune: path,
    code: "field.missing",
    meant: field,
    message: `${inside} lacks the field "${field}"`,
    ...(description === undefined ? {} : { hint: description }),
  };
}

function wrongType({ error, path, schema, source }: Context): Complaint {
  const data: unknown = error.data;
  const place = { path, atKey: false, prune: path };
  if (typeof data === "number" && (schema.format === "account-id" || schema.format === "principal")) {
    const written = source(path) ?? String(data);
    return {
      ...place,
      code: "account.unquoted",
      message: `the account id ${written} is not in quotes, so YAML reads it as a number and drops leading zeros`,
      hint: schema.format === "account-id" ? `write "${written}"` : `write "arn:aws:iam::${written}:root"`,
    };
  }
  const expected = [error.params.type].flat().map((type) => TYPES[String(type)] ?? String(type));
  const hint = typeHint(data, expected, source(path));
  const is = data === null ? "has no value" : `is ${describe(data)}`;
  return {
    ...place,
    code: "type.wrong",
    message: `${labelOf(path)} ${is}; expected ${expectation(schema) ?? expected.join(" or ")}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  object: "a map of fields",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

function typeHint(data: unknown, expected: readonly string[], written: string | undefined): string | undefined {
  if (expected.includes("text") && (typeof data === "number" || typeof data === "boolean")) {
    return `put it in quotes: "${written ?? String(data)}"`;
  }
  if (expected.includes("true or false") && typeof data === "string" && /^(yes|no|on|off)$/i.test(data)) {
    return `YAML 1.2 has only true and false`;
  }
  if (expected.includes("a whole number") && typeof data === "string" && /^[0-9]+$/.test(data))
    return `write ${data} without quotes`;
  if (expected.includes("a list") && data !== null && !isMap(data)) return `write [${String(data)}]`;
  return undefined;
}

function describe(data: unknown): string {
  if (Array.isArray(data)) return "a list";
  if (isMap(data)) return "a map of fields";
  return typeof data === "string" ? `the text ${quote(data)}` : String(data);
}

function wrongChoice({ error, path }: Context): Complaint {
  const choices = (error.params.allowedValues as unknown[]).map(String);
  return {
    path,
    atKey: false,
    prune: path,
    code: "value.choice",
    message: `${labelOf(path)} is ${quote(error.data)}; expected ${choices.join(", ")}${suggestion(String(error.data), choices)}`,
  };
}

function wrongConstant({ error, path }: Context): Complaint {
  const field = pathText(path);
  const code = field === "kind" ? "kind.unknown" : field === "apiVersion" ? "version.unknown" : "value.choice";
  const expected = String(error.params.allowedValue);
  return {
    path,
    atKey: false,
    prune: path,
    code,
    message: `${labelOf(path)} is ${quote(error.data)}; expected ${expected}`,
  };
}

function wrongPattern({ error, path, schema }: Context): Complaint {
  const expects = expectation(schema) ?? `a text of the form ${String(error.params.pattern)}`;
  if (error.propertyName !== undefined) {
    const key = [...path, error.propertyName];
    const message = `the name ${quote(error.propertyName)} in ${pathText(path)} is not right; expected ${expects}`;
    return { path: key, atKey: true, prune: key, code: "value.form", message };
  }
  const message = `${labelOf(path)} is ${quote(error.data)}; expected ${expects}`;
  return { path, atKey: false, prune: path, code: "value.form", message };
}

function wrongForm({ error, path }: Context): Complaint {
  const refusal = FORMS[String(error.params.format)]?.(String(error.data));
  const fallback: Refusal = {
    code: "value.form",
    message: `${labelOf(path)} is ${quote(error.data)}, which is not right`,
  };
  return { path, atKey: false, prune: path, ...(refusal ?? fallback) };
}

function outOfRange({ error, path, schema }: Context): Complaint {
  const { minimum, maximum } = schema;
  const range = maximum === undefined ? `at least ${minimum}` : `${minimum ?? 0} to ${maximum}`;
  return {
    path,
    atKey: false,
    prune: path,
    code: "value.range",
    message: `${labelOf(path)} is ${String(error.data)}; expected ${range}`,
  };
}

function wrongLength({ error, path }: Context): Complaint {
  const text = String(error.data);
  const message =
    error.keyword === "minLength"
      ? `${labelOf(path)} is blank`
      : `${labelOf(path)} has ${text.length} characters; at most ${error.params.limit} are allowed`;
  return { path, atKey: false, prune: path, code: "value.range", message };
}

function wrongCount({ error, path }: Context): Complaint {
  const least = error.keyword.startsWith("min");
  const count = Array.isArray(error.data) ? error.data.length : Object.keys(isMap(error.data) ? error.data : {}).length;
  const wanted = `${least ? "at least" : "at most"} ${error.params.limit}`;
  return {
    path,
    atKey: true,
    prune: path,
    code: "list.length",
    message: `${labelOf(path)} has ${count} ${count === 1 ? "entry" : "entries"}; expected ${wanted}`,
  };
}

function repeatedItem({ error, path }: Context): Complaint {
  const item = [...path, Math.max(Number(error.params.i), Number(error.params.j))];
  const value: unknown = Array.isArray(error.data) ? error.data[Number(error.params.j)] : undefined;
  return {
    path: item,
    atKey: false,
    prune: item,
    code: "list.duplicate",
    message: `${quote(value)} stands in ${pathText(path)} twice`,
  };
}

/** `port` of `service.loadBalancers[0].listeners[1].port`: the position already says which one. */
function labelOf(path: Path): string {
  const name = path.findLast((step) => typeof step === "string");
  if (name === undefined) return "the document";
  return typeof path.at(-1) === "number" ? `an entry of ${name}` : name;
}

function expectation(schema: JsonMap): string | undefined {
  return typeof schema["x-expects"] === "string" ? schema["x-expects"] : undefined;
}

function schemaOf(error: ErrorObject): JsonMap {
  return isMap(error.parentSchema) ? error.parentSchema : {};
}

/** `/endpoints/0/vpc` as a path, with numbers where the value has lists. */
function pathOf(pointer: string, root: unknown): Path {
  let value = root;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const step = Array.isArray(value) ? Number(name) : name;
      value = (value as Record<string | number, unknown> | undefined)?.[step];
      return step;
    });
}
