import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Io } from "../../src/commands/io.ts";
import { validate } from "../../src/commands/validate.ts";
import { argsOf } from "../../src/planner/partners/checks/args.ts";
import { PLACES } from "../../src/planner/partners/values.ts";

/** docs/partners/writing-a-profile.md says all that the schema and the checks know, and nothing else. */

const HOME = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, HOME), "utf8");
const page = read("docs/partners/writing-a-profile.md");

/** The rows of the table under a heading, as cells without the backticks around the first. */
function tableUnder(heading: string): string[][] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  const lines = own.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const bare = (cell = ""): string => cell.replaceAll("`", "");
const named = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

interface Schema {
  readonly $ref?: string;
  readonly type?: unknown;
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly string[];
}
const schema = JSON.parse(read("schema/partner.v1.schema.json")) as Schema & { $defs: { [name: string]: Schema } };

/** Both roles have these, with the same fields (hand-offs may also belong to no role): they are told once. */
const SHARED = ["checks", "handoffs", "states", "verify", "notes", "deletion"];

interface Field {
  readonly required: boolean;
  readonly words: readonly string[];
}

/** Every field by its path: `handoffs[].captures[].into`, `params.NAME.type`. */
function fieldsOf(at: Schema, path: string, found: Map<string, Field>): Map<string, Field> {
  const here = resolved(at);
  for (const [name, value] of Object.entries(here.properties ?? {})) {
    const inner = resolved(value);
    const items = inner.items === undefined ? undefined : resolved(inner.items);
    const told = SHARED.includes(name) && ["provider", "consumer"].includes(path);
    const own = `${told || path === "" ? "" : `${path}.`}${name}${items?.properties ? "[]" : ""}`;
    const words = inner.enum ?? items?.enum ?? [];
    found.set(own, { required: here.required?.includes(name) === true, words });
    for (const more of [inner, items ?? {}]) fieldsOf(more, own, found);
  }
  const any = here.additionalProperties;
  if (typeof any === "object" && path !== "") fieldsOf(any, `${path}.NAME`, found);
  return found;
}

function resolved(at: Schema): Schema {
  const name = at.$ref?.replace("#/$defs/", "");
  // A condition has keys of its own choice, which no list can tell.
  return name === undefined || name === "When" ? at : (schema.$defs[name] ?? at);
}

test("the table of fields is the schema's", () => {
  const rows = new Map(tableUnder("Every field").map(([path, needed, text]) => [bare(path), { needed, text }]));
  const fields = fieldsOf(schema, "", new Map());
  expect([...rows.keys()].toSorted()).toEqual([...fields.keys()].toSorted());
  for (const [path, { required, words }] of fields) {
    const row = rows.get(path);
    expect([path, row?.needed]).toEqual([path, required ? "yes" : ""]);
    // The kinds of checks have a table of their own.
    if (path !== "checks[].kind") expect([path, named(row?.text)]).toEqual([path, expect.arrayContaining([...words])]);
  }
});

test("the table of checks is that of the planner", () => {
  const said = tableUnder("The kinds of checks").map(([kind, roles, args]) => [
    bare(kind),
    roles,
    named(args).toSorted(),
  ]);
  const known = Object.entries(argsOf).map(([kind, { roles, schema: args }]) => {
    const { properties, required } = args as { properties: object; required: readonly string[] };
    const names = Object.keys(properties).map((name) => (required.includes(name) ? `${name}*` : name));
    return [kind, roles.length === 2 ? "both" : roles[0], names.toSorted()];
  });
  expect(said).toEqual(known);
});

test("the table of placeholders is that of the templates", () => {
  const rows = tableUnder("Texts with placeholders").map(([path]) => bare(path));
  const own = ["params.NAME", "tables.NAME[PATH].FIELD", "item", "zone.id"];
  expect(rows.toSorted()).toEqual([...own, ...Object.keys(PLACES)].toSorted());
});

test("the profile of the page and the spec that uses it validate as they stand", async () => {
  const folder = mkdtempSync(join(tmpdir(), "landline-profile-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = [...page.matchAll(/^```yaml file=(\S+)\n(.*?)^```$/gms)];
  expect(files.map(([, path]) => path)).toEqual(["landline.yaml", "partners/acme-queue.yaml", "specs/orders.yaml"]);
  for (const [, path = "", content = ""] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  let said = "";
  const keep = (text: string): void => {
    said += text;
  };
  const now = () => new Date("2026-11-20T12:00:00Z");
  const io: Io = { out: keep, err: keep, color: false, cwd: folder, env: {}, now, isTTY: false };
  expect(await validate({ project: "landline.yaml", paths: [], format: "text" }, io), said).toBe(0);
});
