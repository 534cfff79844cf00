import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/model.ts";
import { GITHUB_LIMIT, planToMarkdown, type Report, reportToMarkdown } from "../../../src/planner/writers/index.ts";
import { CALM_PLAN, REPORT, RICH_PLAN } from "./fixture.ts";
import { dangersIn, hostile, hostileRun, structureOf, withTexts } from "./structure.ts";

/** Whole documents in which every text is somebody else's: they look as with harmless texts, and nothing in them does anything. */

const texts = fc.array(hostile, { minLength: 1, maxLength: 30 });
const HARMLESS = ["harmless"];

const plan = (given: readonly string[], of: Plan = RICH_PLAN): Plan => withTexts(of, given);
const report = (given: readonly string[]): Report => withTexts(REPORT, given);

describe("a plan with hostile texts", () => {
  it.each([
    ["rich", RICH_PLAN],
    ["calm", CALM_PLAN],
  ])("has the structure of a harmless one: %s", (_name, of) => {
    const expected = structureOf(planToMarkdown(plan(HARMLESS, of)));
    fc.assert(
      fc.property(texts, (given) => {
        const markdown = planToMarkdown(plan(given, of));
        expect(dangersIn(markdown)).toEqual([]);
        expect(structureOf(markdown)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("stays harmless however much is cut", () => {
    const limits = fc.integer({ min: 2_000, max: 12_000 });
    fc.assert(
      fc.property(texts, limits, (given, limit) => {
        const markdown = planToMarkdown(plan(given), { limit });
        expect(markdown.length).toBeLessThanOrEqual(limit);
        expect(dangersIn(markdown)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("stays harmless and below the limit when each text is longer than a comment may be", () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        const markdown = planToMarkdown(plan([run.repeat(7)]));
        expect(markdown.length).toBeLessThanOrEqual(GITHUB_LIMIT);
        expect(dangersIn(markdown)).toEqual([]);
      }),
      { numRuns: 2 },
    );
  });
});

describe("a report with hostile texts", () => {
  it("has the structure of a harmless one", () => {
    const expected = structureOf(reportToMarkdown(report(HARMLESS)));
    fc.assert(
      fc.property(texts, (given) => {
        const markdown = reportToMarkdown(report(given));
        expect(dangersIn(markdown)).toEqual([]);
        expect(structureOf(markdown)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("stays harmless however much is cut", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 100, max: 4_000 }), (given, limit) => {
        const markdown = reportToMarkdown(report(given), { limit });
        expect(markdown.length).toBeLessThanOrEqual(limit);
        expect(dangersIn(markdown)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

/** The checkers themselves: a document in which something is live must not pass. */
describe("dangersIn", () => {
  it.each([
    "ask @team",
    "see #12",
    "see gh-3",
    "in a1b2c3d",
    "at https\\://x.example",
    "www\\.x.example",
    "a\\@b.example",
    "a :lock: b",
    "it costs $5",
    "[x](y)",
    "![x](y)",
    "[x]\n\n[x]: y",
    "a[^1]\n\n[^1]: b",
    "a <b>b</b>",
    "<!-- landline:x -->",
    "<details><summary>@x</summary>",
    "<details><summary><b>x</b></summary>",
    "    indented",
    "a\u202eb",
    `${"`".repeat(81)}a${"`".repeat(81)}`,
  ])("sees %j", (markdown) => {
    expect(dangersIn(markdown)).not.toEqual([]);
  });

  it("lets our own links and marker pass", () => {
    const own = { links: ["https://x.example/run"], html: ["<!-- landline:plan -->"] };
    const markdown = "<!-- landline:plan -->\n\nSee [the run](https://x.example/run), `@code`.";
    expect(dangersIn(markdown, own)).toEqual([]);
    expect(dangersIn(`${markdown}\n\n<!-- landline:plan -->`, own)).not.toEqual([]);
  });
});

describe("structureOf", () => {
  it.each([
    ["a heading", "a\n\n# b"],
    ["a setext heading", "a\n==="],
    ["a list", "a\n\n- b"],
    ["a rule", "a\n\n---"],
    ["a fence", "a\n\n```\nb\n```"],
    ["a table", "a\n\n|b|\n|-|"],
    ["bold words", "**a**"],
    ["struck words", "~~a~~"],
    ["a second paragraph", "a\n\nb"],
  ])("tells %s from plain words", (_name, markdown) => {
    expect(structureOf(markdown)).not.toEqual(structureOf("a"));
  });

  it("tells tables of other sizes apart", () => {
    const table = "| a | b |\n|---|---|\n| c | d |";
    expect(structureOf(table).tables).toEqual(["2×2"]);
    expect(structureOf(`${table}\n| e | f |`).tables).toEqual(["3×2"]);
    expect(structureOf(`${table}\n| e |`).tables).toEqual(["3×1-2"]);
  });
});
