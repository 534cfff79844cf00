import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Problem, parseConnections, parseProject, renderProblems } from "../../../src/planner/specs/index.ts";
import { profiles } from "../partners/support.ts";
import { projectDocument, schemas, TODAY } from "./support.ts";

/**
 * Every file in test/bad-specs declares in its first line what is wrong with it: `# expect: CODE LINE:COLUMN; CODE LINE:COLUMN`. The parser
 * must find exactly that.
 */
const FOLDER = new URL("../../bad-specs/", import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, FOLDER), "utf8");
}

function filesIn(folder: string): string[] {
  return readdirSync(new URL(folder, FOLDER)).sort();
}

function expected(text: string): string[] {
  const [, declared = ""] = /^# expect: (.*)/.exec(text) ?? [];
  return declared.split("; ").sort();
}

function found(problems: readonly Problem[]): string[] {
  return problems.map(({ code, at }) => `${code} ${at.line}:${at.column}`).sort();
}

const project = projectDocument(read("landline.yaml"));

describe("bad connection specs", () => {
  test.each(filesIn("connections/"))("%s", (name) => {
    const text = read(`connections/${name}`);
    const { problems } = parseConnections([{ path: name, text }], project, {
      schemas,
      today: TODAY,
      profiles,
    });
    expect(found(problems), renderProblems(problems, new Map([[name, text]]))).toEqual(expected(text));
  });
});

describe("bad project files", () => {
  test.each(filesIn("projects/"))("%s", (name) => {
    const text = read(`projects/${name}`);
    const { problems } = parseProject({ path: name, text }, schemas);
    expect(found(problems), renderProblems(problems, new Map([[name, text]]))).toEqual(expected(text));
  });
});

test("there are at least 60 bad files", () => {
  expect(filesIn("connections/").length + filesIn("projects/").length).toBeGreaterThanOrEqual(60);
});
