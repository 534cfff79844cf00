import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/model.ts";
import { planToMarkdown, reportToMarkdown } from "../../../src/planner/writers/index.ts";
import { code, codeInCell, fence, fencedText, inline, inSummary } from "../../../src/planner/writers/safe-markdown.ts";
import { change, REPORT, RICH_PLAN } from "./fixture.ts";

/** Pieces of Markdown that do something, mixed with plain words and any characters. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."`|@#<>&\\[]()!*_~$-+=.:/ \n\r\t",
        "```",
        "````",
        "~~~",
        "@everyone",
        "#1",
        "GH-12",
        "a1b2c3d4e5",
        "https://evil.example",
        "www.evil.example",
        "![x](http://x)",
        "</details>",
        "<!-- m -->",
        "&#64;x",
        "\n\n# Approved\n",
        "\n| a | b |\n|---|---|\n",
        "\u202e",
        "\u200b",
        "1. ",
      ),
      fc.string({ unit: "grapheme", maxLength: 6 }),
      fc.constantFrom("connection", "arn:aws:iam::222222222222:root"),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(""));

/** Text with code spans taken out, as CommonMark finds them: a run of backquotes up to the next run of the same length. */
function outsideCode(text: string): string {
  let rest = text;
  let outside = "";
  for (let start = rest.search(/(?<!\\)(?:\\\\)*`/); start >= 0; start = rest.search(/(?<!\\)(?:\\\\)*`/)) {
    const begin = rest.indexOf("`", start + (/^\\*/.exec(rest.slice(start))?.[0].length ?? 0));
    const run = /^`+/.exec(rest.slice(begin))?.[0] ?? "`";
    const after = rest.slice(begin + run.length);
    const end = new RegExp(`(?<!\`)${run}(?!\`)`).exec(after);
    if (end === null) throw new Error(`a code span without an end: ${JSON.stringify(text)}`);
    outside += `${rest.slice(0, begin)}\uffff`;
    rest = after.slice(end.index + run.length);
  }
  return outside + rest;
}

/** What must not stand outside code: each character that does something needs a backslash, each mention a break. */
function expectHarmless(text: string): void {
  const bare = outsideCode(text);
  const unescaped = bare.replace(/\\[\\`*_[\]<>&~|$^!#:.+=-]/g, "");
  expect(unescaped).not.toMatch(/[`*_[\]<>&~|$^!]/);
  expect(bare).not.toMatch(/[@#](?!\u200b)|GH-(?!\u200b)/i);
  expect(bare).not.toMatch(/(?<!\\):\/\/|www\./i);
  expect(bare).not.toMatch(/(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])/);
  expect(bare).not.toMatch(/[\n\r]/);
}

/** The lines of a document outside its fences; fails when a fence stays open or anything stands in it that ends it. */
function outsideFences(markdown: string): string[] {
  const outside: string[] = [];
  let open = "";
  for (const line of markdown.split("\n")) {
    const ticks = /^ {0,3}(`{3,})/.exec(line)?.[1] ?? "";
    if (open === "" && ticks !== "") open = ticks;
    else if (open !== "" && ticks.length >= open.length && line.trim() === ticks) open = "";
    else if (open === "") outside.push(line);
  }
  expect(open, "a fence stays open").toBe("");
  return outside;
}

describe("inline", () => {
  it.each([
    ["a plain sentence, with a comma.", "a plain sentence, with a comma."],
    ["ask @acme/team", "ask @\u200bacme/team"],
    ["closes #1 and GH-2", "closes \\#\u200b1 and GH-\u200b2"],
    ["see https://x.example/y or www.x.example", "see https\\://x.example/y or www\\.x.example"],
    ["<b>&amp; ![i](u) *x* _y_ | `z` $m$", "\\<b\\>\\&amp; \\!\\[i\\](u) \\*x\\* \\_y\\_ \\| `z` \\$m\\$"],
    ["arn:aws:iam::222222222222:root. Done", "`arn:aws:iam::222222222222:root`. Done"],
    ["vpce-0aa11bb22cc33dd44 of 2 accounts", "`vpce-0aa11bb22cc33dd44` of 2 accounts"],
    ["run `landline plan` now", "run `landline plan` now"],
    ["`a``b` and `", "`a`\u200b`b` and \\`"],
    ["# heading", "\\#\u200b heading"],
    ["- item", "\\- item"],
    ["1. item", "1\u200b. item"],
    ["a\nb", "a\\\\nb"],
  ])("%s", (text, expected) => {
    expect(inline(text)).toBe(expected);
  });

  it("leaves nothing active outside code, whatever the text", () => {
    fc.assert(
      fc.property(hostile, (text) => expectHarmless(inline(text))),
      { numRuns: 2_000 },
    );
  });

  it("is linear: a long text takes no time", () => {
    expect(inline("a-".repeat(50_000)).length).toBeGreaterThan(99_000);
    expect(inline("0a1b2c3-".repeat(20_000)).length).toBeGreaterThan(150_000);
  });
});

describe("code", () => {
  it.each([
    ["a", "`a`"],
    ["a`b", "``a`b``"],
    ["`a`", "`` `a` ``"],
    ["", "(empty)"],
    [" a", "`  a `"],
    ["<!-- x", "`<\\u{21}-- x`"],
  ])("%j", (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it("is one code span and nothing else, whatever the text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        fc.pre(text !== "");
        expect(outsideCode(code(text))).toBe("\uffff");
        expect(codeInCell(text)).not.toContain("|");
        expect(outsideCode(codeInCell(text))).toBe("\uffff");
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("fence", () => {
  it("cannot be left, whatever the text", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 5 }), (texts) => {
        expect(outsideFences(fence(texts, "diff"))).toEqual([]);
        expect(outsideFences(fencedText(texts.join("\n")))).toEqual([]);
        expect(fence(texts, "diff")).not.toContain("<!--");
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("inSummary", () => {
  it("leaves no HTML and no mention, whatever the text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const html = inSummary(text);
        expect(html.replace(/&(?:amp|lt|gt|quot);/g, "")).not.toMatch(/[<>&"]/);
        expect(html).not.toMatch(/[@#](?!\u200b)/);
        expect(html).not.toContain("\n");
      }),
    );
  });
});

/** A plan in which every text is the given one. */
function planOf(text: string): Plan {
  const id = text || "x";
  const base = { connection: id, target: text, kind: "vpc-endpoint" as const, notes: [text, text] };
  return {
    ...RICH_PLAN,
    planId: text,
    project: text,
    changes: [
      change({
        ...base,
        address: `${id}/1`,
        action: "create",
        differences: [
          { attribute: "vpcId", after: text },
          { attribute: "subnetIds", after: [text, `${text}2`] },
        ],
      }),
      change({
        ...base,
        address: `${id}/2`,
        action: "update",
        risks: ["moves-dns"],
        refused: id,
        differences: [{ attribute: text, before: [text], after: [] }],
      }),
      change({
        ...base,
        address: `${id}/3`,
        action: "replace",
        dependsOn: [`${id}/1`],
        connection: `${id}2`,
        differences: [{ attribute: "policy", before: { [text]: text }, after: { a: text } }],
      }),
    ],
    findings: [
      { id, severity: "error", connection: id, address: text, message: text, at: { file: text, line: 1, column: 1 } },
      { id, severity: "warning", message: text, waived: text },
      { id, severity: "info", message: text, deferred: text },
    ],
    waits: [{ connection: id, on: "us", for: text, since: text, until: text }],
    handoffs: [{ connection: id, id, title: text, ready: false, body: text }],
  };
}

/** Checks a whole document: only our own HTML, tables that keep their columns, nothing active in any line of text. */
function expectHarmlessDocument(markdown: string): void {
  const columns = new Set<number>();
  for (const line of outsideFences(markdown)) {
    if (/^<details(?: open)?><summary>[^<>]*<\/summary>$/.test(line) || line === "</details>") continue;
    if (line.startsWith("|")) {
      columns.add(outsideCode(line).match(/\|/g)?.length ?? 0);
      expect(line).not.toMatch(/[\\]\|/);
      continue;
    }
    // Our own marks: the list, the heading, the bold words.
    expectHarmless(line.replace(/^(?:- |#### )/, "").replaceAll("**", ""));
  }
  expect(columns.size).toBeLessThanOrEqual(1);
}

describe("a document made of hostile texts", () => {
  it("is harmless as a plan", () => {
    fc.assert(
      fc.property(hostile, (text) => expectHarmlessDocument(planToMarkdown(planOf(text)))),
      { numRuns: 300 },
    );
  });

  it("is harmless however much is cut", () => {
    const limits = fc.integer({ min: 1_200, max: 6_000 });
    fc.assert(
      fc.property(hostile, limits, (text, limit) => {
        const markdown = planToMarkdown(planOf(text.repeat(3)), { limit });
        expect(markdown.length).toBeLessThanOrEqual(limit);
        expectHarmlessDocument(markdown);
      }),
      { numRuns: 200 },
    );
  });

  it("is harmless as a report", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const outcomes = REPORT.outcomes.map((one) => ({
          ...one,
          step: text || "x",
          message: text,
          code: text,
          id: text,
        }));
        const { waits, handoffs } = planOf(text);
        expectHarmlessDocument(reportToMarkdown({ ...REPORT, outcomes, waits, handoffs, journal: text, resume: text }));
      }),
      { numRuns: 200 },
    );
  });
});
