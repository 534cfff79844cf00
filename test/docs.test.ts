import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Io } from "../src/commands/io.ts";
import { validate } from "../src/commands/validate.ts";

/** What the documents say has to be so: their specs validate, their commands and options exist, their links lead somewhere. */
const HOME = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, HOME), "utf8");

/** A day on which the grants in the documents have not ended. */
const TODAY = new Date("2026-11-20T12:00:00Z");

/** Blocks that stand for a file, written as ```yaml file=PATH. */
const filesIn = (text: string): { path: string; content: string }[] =>
  [...text.matchAll(/^```yaml file=(\S+)\n(.*?)^```$/gms)].map(([, path = "", content = ""]) => ({ path, content }));

function folderWith(files: readonly { path: string; content: string }[]): string {
  const folder = mkdtempSync(join(tmpdir(), "landline-docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(new URL("landline.yaml", HOME), join(folder, "landline.yaml"));
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

async function problemsIn(cwd: string): Promise<string> {
  let said = "";
  const keep = (text: string): void => {
    said += text;
  };
  const io: Io = { out: keep, err: keep, color: false, cwd, env: {}, now: () => TODAY, isTTY: false };
  return (await validate({ project: "landline.yaml", paths: [], format: "text" }, io)) === 0 ? "" : said;
}

describe("specs in documents", () => {
  it.each(["README.md", "docs/spec.md"])("%s: every file in it validates", async (document) => {
    const files = filesIn(read(document));
    expect(files).not.toHaveLength(0);
    expect(await problemsIn(folderWith(files))).toBe("");
  });

  it.each(["project", "connection"])("docs/spec.md shows every field of the %s schema", (kind) => {
    const shown = read("docs/spec.md");
    const fields = fieldsOf(JSON.parse(read(`schema/${kind}.v1.schema.json`)));
    expect(fields.filter((field) => !new RegExp(`\\b${field}:|\`${field}\``).test(shown))).toEqual([]);
  });
});

/** The names of all properties anywhere in a schema. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties } = schema as { readonly properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(fieldsOf)];
}

describe("the README's command line", () => {
  const rows = [...read("README.md").matchAll(/^\| `landline (\w+)[^|]*\| (.*) \|$/gm)];
  const documented = new Map(rows.map(([row, command = ""]) => [command, row]));
  const sections = read("src/cli.ts")
    .split(/^(?:const \w+ = )?program$/m)
    .map((text): [string, string] => [/^\s+\.command\("(\w+)"\)/.exec(text)?.[1] ?? "", text]);
  const commands = new Map(sections.filter(([name]) => name !== ""));

  it("lists the commands that there are", () => {
    expect([...documented.keys()].sort()).toEqual([...commands.keys()].sort());
  });

  it.each([...commands])("%s has the options that the table names, and no others", (name, source) => {
    const inTable = [...(documented.get(name) ?? "").matchAll(/--[\w-]+/g)].map(([flag]) => flag);
    const inSource = [...source.matchAll(/(?:[oO]ption\(|Option\()\s*"(--[\w-]+)/g)].map(([, flag]) => flag);
    const shared = [
      ...(source.includes("addOption(only)") ? ["--only"] : []),
      ...(source.includes("addOption(format(") ? ["--format"] : []),
    ];
    expect(inTable.sort()).toEqual([...inSource, ...shared].sort());
  });
});

describe("links", () => {
  const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/spec.md", "docs/github.md"];
  const links = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, to = ""]) => ({ document, to })),
  );

  it.each(links)("$document: $to", ({ document, to }) => {
    expect(existsSync(new URL(to, new URL(document, HOME)))).toBe(true);
  });
});
