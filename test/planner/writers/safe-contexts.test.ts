import fc from "fast-check";
import type { Nodes, Root } from "mdast";
import { toString as textOf } from "mdast-util-to-string";
import { describe, expect, it } from "vitest";
import {
  code,
  codeInCell,
  fence,
  fencedText,
  inline,
  inlineInCell,
  inSummary,
} from "../../../src/planner/writers/safe-markdown.ts";
import { visible, visibleLines } from "../../../src/planner/writers/visible.ts";
import { dangersIn, hostile, hostileRun, parse, structureOf } from "./structure.ts";

/** Each function in each place where the writers use it, read by a parser of GitHub's Markdown. */

/** The end of every document: it is read as ours only when nothing before it was left open. */
const END = "The end, in `code`.";

interface Place {
  readonly name: string;
  /** The document around the text. */
  readonly write: (text: string) => string;
  /** All that the reader of the document sees, END left out, for this text. */
  readonly reads: (text: string) => string;
}

const sentence = (text: string) => visible(text).trim() || "(empty)";
const span = (text: string) => visible(text) || "(empty)";
const cell = (text: string) => span(text.replaceAll("|", "\\u{7c}"));
const lines = (text: string) => visibleLines(text).join("\n");

const PLACES: readonly Place[] = [
  { name: "a paragraph", write: inline, reads: sentence },
  { name: "a sentence", write: (text) => `See ${inline(text)} here.`, reads: (text) => `See ${sentence(text)} here.` },
  {
    name: "a second line",
    write: (text) => `First\n${inline(text)}\n${inline(text)}`,
    reads: (text) => `First\n${sentence(text)}\n${sentence(text)}`,
  },
  {
    name: "list items",
    write: (text) => `- ${inline(text)}\n- **${inline(text)}** ${code(text)} at ${code(text)}: ${inline(text)}`,
    reads: (text) => `${sentence(text)}${sentence(text)} ${span(text)} at ${span(text)}: ${sentence(text)}`,
  },
  {
    name: "bold words",
    write: (text) => `**${inline(text)}** for ${code(text)} (${code(text)})`,
    reads: (text) => `${sentence(text)} for ${span(text)} (${span(text)})`,
  },
  {
    name: "a task",
    write: (text) => `- [ ] ${inline(text)}\n- [x] ${code(text)}`,
    reads: (text) => `${sentence(text)}${span(text)}`,
  },
  { name: "a heading", write: (text) => `#### ${inline(text)}`, reads: sentence },
  { name: "a heading of code", write: (text) => `#### ${code(text)}`, reads: span },
  {
    name: "a table",
    write: (text) =>
      `| a | b |\n|---|--:|\n| ${codeInCell(text)} | ${inlineInCell(text)} |\n| c | ${codeInCell(text)} |`,
    reads: (text) => `ab${cell(text)}${sentence(text)}c${cell(text)}`,
  },
  {
    name: "after code",
    write: (text) => `${code(text)} ${inline(text)} ${code("x")}, \\\` ${code(text)}`,
    reads: (text) => `${span(text)} ${sentence(text)} x, \` ${span(text)}`,
  },
  {
    name: "details",
    write: (text) =>
      `<details><summary>${inSummary(text)}: 1 to create</summary>\n\n${fence([text, `+ ${text}`], "diff")}\n\n</details>`,
    reads: (text) =>
      `<details><summary>${span(text)}: 1 to create</summary>${visible(text)}\n+ ${visible(text)}</details>`,
  },
  { name: "a block of lines", write: (text) => `Text:\n${fencedText(text)}`, reads: (text) => `Text:${lines(text)}` },
];

/** All that a reader sees, without our breaks, and with what the module says it writes otherwise. Backquotes become code: they are not counted. */
function seen(text: string): string {
  return text
    .replaceAll("\u200b", "")
    .replaceAll("\\u{7c}", "|")
    .replaceAll("\\u{21}", "!")
    .replace(/\\u\{60\}\{\d+\}/g, "")
    .replaceAll("`", "");
}

/** HTML as text; the parser gives it as it stands. */
function withoutEntities(node: Nodes | Root): string {
  if (node.type !== "html") return "children" in node ? node.children.map(withoutEntities).join("") : textOf(node);
  const bare = node.value.replace(/<\/?code>/g, "");
  return bare.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

function expectHarmless({ write, reads }: Place, text: string): void {
  const markdown = `${write(text)}\n\n${END}\n`;
  expect(dangersIn(markdown)).toEqual([]);
  expect(structureOf(markdown)).toEqual(structureOf(`${write("harmless")}\n\n${END}\n`));
  expect(seen(withoutEntities(parse(markdown)))).toBe(seen(`${reads(text)}The end, in code.`));
}

describe.each(PLACES)("$name", (place) => {
  it("holds any text as text", () => {
    fc.assert(
      fc.property(hostile, (text) => expectHarmless(place, text)),
      { numRuns: 120 },
    );
  });

  it.each(["", " ", "\n", "`", "`a\\``b`", "  # x", "  - x", "1. x", ":-", "\\", "a  ", `a${"`".repeat(300)}`])(
    "holds %j",
    (text) => expectHarmless(place, text),
  );
});

// The parser needs seconds for some of them, so not in every place.
describe.each(PLACES.filter(({ name }) => ["a sentence", "a table", "details"].includes(name)))("$name", (place) => {
  it("holds 10,000 characters of anything", () => {
    fc.assert(
      fc.property(hostileRun, (text) => expectHarmless(place, text)),
      { numRuns: 1 },
    );
  });
});
