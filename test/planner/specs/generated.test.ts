import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generatedFile, generateTypes } from "../../../schema/generate-types.mjs";
import { schemas } from "./support.ts";

test.each(["project", "connection", "partner"])(
  "the types of a %s file are those of its schema (else run `npm run schema`)",
  async (kind) => {
    expect(await readFile(generatedFile(kind), "utf8")).toBe(await generateTypes(kind));
  },
);

/** Every property of a schema with its path, through all definitions. */
function properties(node: unknown, path = ""): [string, Record<string, unknown>][] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const inner = properties(value, `${path}/${key}`);
    if (key !== "properties") return inner;
    const own = Object.entries(value as Record<string, Record<string, unknown>>);
    return [...own.map(([name, field]) => [`${path}/${name}`, field] as [string, Record<string, unknown>]), ...inner];
  });
}

test.each(["project", "connection"] as const)(
  "every field of the %s schema tells editors and people what it is",
  (kind) => {
    const definitions: Record<string, Record<string, unknown>> = schemas[kind].$defs;
    const fields = properties(schemas[kind]);
    expect(fields.length).toBeGreaterThan(20);
    for (const [path, field] of fields) {
      const told = { ...definitions[String(field.$ref).replace("#/$defs/", "")], ...field };
      expect(told.description, `${path}: description`).toMatch(/\S/);
      expect(told["x-changing"], `${path}: x-changing`).toMatch(/\S/);
    }
  },
);
