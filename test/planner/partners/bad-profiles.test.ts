import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadProfiles } from "../../../src/planner/partners/load.ts";
import { renderProblems } from "../../../src/planner/specs/index.ts";
import { schemas } from "./support.ts";

/**
 * Every file in test/bad-specs/profiles declares in its first line what is wrong with it: `# expect: CODE LINE:COLUMN; CODE LINE:COLUMN`. The
 * loader must find exactly that, and must not give the profile to anybody.
 */
const FOLDER = new URL("../../bad-specs/profiles/", import.meta.url);
const files = readdirSync(FOLDER).sort();

test.each(files)("%s", (name) => {
  const text = readFileSync(new URL(name, FOLDER), "utf8");
  const [, declared = ""] = /^# expect: (.*)/.exec(text) ?? [];
  const { profiles, problems, complete } = loadProfiles({ shipped: [], own: [{ path: name, text }] }, schemas);
  const found = problems.map(({ code, at }) => `${code} ${at.line}:${at.column}`);
  expect(found.sort(), renderProblems(problems, new Map([[name, text]]))).toEqual(declared.split("; ").sort());
  expect([[...profiles.keys()], complete]).toEqual([[], false]);
});

test("there are at least 80 bad profiles", () => {
  expect(files.length).toBeGreaterThanOrEqual(80);
});
