import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

/** What comes with Landline asks nobody for a secret, and hands none over: specs, plans and comments are read by many. */
const HOME = new URL("../../", import.meta.url);
const SECRET = /pass(word|wd|phrase)|secret|token|credential|api_?key|private_?key/i;

const yamlFiles = (folder: string): string[] =>
  readdirSync(new URL(folder, HOME))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => `${folder}${file}`);

interface ProfileText {
  readonly params?: { readonly [name: string]: { readonly obtain?: string } };
}

const profiles = yamlFiles("partners/").map((path) => ({
  path,
  ...(parse(readFileSync(new URL(path, HOME), "utf8")) as ProfileText),
}));

describe("R154 no secret", () => {
  it.each(profiles.map(({ path, params = {} }) => [path, params] as const))("is a parameter of %s", (_path, params) => {
    expect(Object.keys(params).filter((name) => SECRET.test(name))).toEqual([]);
  });

  it("has a place in any field of a spec, a plan, a snapshot or a status", () => {
    const fields = ["project", "connection", "plan", "snapshot", "status"].flatMap((name) =>
      fieldsOf(JSON.parse(readFileSync(new URL(`schema/${name}.v1.schema.json`, HOME), "utf8"))),
    );
    expect(fields.length).toBeGreaterThan(100);
    expect(fields.filter((field) => SECRET.test(field))).toEqual([]);
  });
});

/** The names of all properties anywhere in a schema. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties } = schema as { readonly properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(fieldsOf)];
}
