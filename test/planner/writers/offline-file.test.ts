import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../../src/planner/specs/index.ts";
import { type OfflineFile, offlineToJson, readOfflineFile } from "../../../src/planner/writers/offline-file.ts";

const SCHEMA = JSON.parse(readFileSync(new URL("../../../schema/offline.v1.schema.json", import.meta.url), "utf8"));
const read = (text: string) => readOfflineFile(text, SCHEMA);

const problem: Problem = { code: "value.range", message: "m", hint: "h", at: { file: "a.yaml", line: 1, column: 2 } };
const file: OfflineFile = {
  formatVersion: 1,
  number: 7,
  headSha: "a".repeat(40),
  problems: [problem],
  connections: [{ name: "a", change: "added", file: "a.yaml" }],
};

describe("what a fork's run leaves", () => {
  it("comes back as it was written", () => {
    expect(read(offlineToJson(file))).toEqual(file);
  });

  it("is within its schema however much there is", () => {
    const endless = "x".repeat(10_000);
    const many: OfflineFile = {
      ...file,
      problems: Array.from({ length: 5_000 }, () => ({
        ...problem,
        message: endless,
        hint: endless,
        at: { file: endless, line: 1, column: 1 },
      })),
      connections: Array.from({ length: 12_000 }, () => ({ name: "a", change: "removed", file: endless }) as const),
    };
    expect(read(offlineToJson({ ...many, connections: [] }))).toMatchObject({ problems: { length: 2_000 } });
    expect(read(offlineToJson({ ...many, problems: [] }))).toMatchObject({ connections: { length: 10_000 } });
  });

  it.each([
    ["no JSON", "nothing"],
    ["no object", "[]"],
    ["an unknown field", JSON.stringify({ ...file, comment: "Approved" })],
    ["an unknown field inside", JSON.stringify({ ...file, problems: [{ ...problem, link: "x" }] })],
    ["a number of 0", JSON.stringify({ ...file, number: 0 })],
    ["a number too large", JSON.stringify({ ...file, number: 1e300 })],
    ["a short commit", JSON.stringify({ ...file, headSha: "abc" })],
    ["another version", JSON.stringify({ ...file, formatVersion: 2 })],
    ["a line of 0", JSON.stringify({ ...file, problems: [{ ...problem, at: { file: "a", line: 0, column: 1 } }] })],
    ["nothing", ""],
  ])("is refused with %s", (_name, text) => {
    expect(read(text)).toEqual({ problem: expect.any(String) });
  });
});
