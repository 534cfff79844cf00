import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { htmlOf } from "../../demo/pr/markdown.mjs";
import { pageOf } from "../../demo/pr/page.mjs";

/** The page of `npm run demo:pr`, held against everything that our writers write: it may leave nothing out, and nothing foreign may come alive. */
const GOLDEN = new URL("../planner/writers/golden/pull-request/", import.meta.url);
const golden = readdirSync(GOLDEN).filter((name) => name.endsWith(".md"));
const read = (name: string): string => readFileSync(new URL(name, GOLDEN), "utf8");
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

const TAGS =
  "a b blockquote br circle code defs del details div em h1 h2 h3 h4 h5 h6 hr input li marker ol p path pre rect span strong summary svg table tbody td text th thead tr ul".split(
    " ",
  );

describe.each(golden)("%s", (name) => {
  const markdown = read(name);
  const html = htmlOf(markdown);

  it("has only elements of its own, and all of them end", () => {
    const tags = [...html.matchAll(/<\/?([a-z]+\d?)/gi)].map(([, tag = ""]) => tag);
    expect(tags.filter((tag) => !TAGS.includes(tag))).toEqual([]);
    for (const tag of ["details", "table", "pre", "ul", "svg", "span", "li"])
      expect(count(html, new RegExp(`<${tag}[ >]`, "g")), tag).toBe(count(html, new RegExp(`</${tag}>`, "g")));
    expect(html).not.toMatch(/<[^>]*\son\w+=/);
    expect(html).not.toContain("<!--");
  });

  it("colours every line of every difference", () => {
    const fences = [...markdown.matchAll(/^(`{3,})diff\n([\s\S]*?)\n\1$/gm)].map(([, , text = ""]) => text);
    const lines = fences.flatMap((text) => text.split("\n"));
    expect(count(html, /<span class="line /g)).toBe(lines.length);
    for (const [sign, style] of Object.entries({ "+": "added", "-": "removed", "!": "changed", "#": "remark" }))
      expect(count(html, new RegExp(`class="line ${style}"`, "g"))).toBe(
        lines.filter((line) => line.startsWith(sign)).length,
      );
  });

  it("draws every box and every arrow of the picture", () => {
    const fences = [...markdown.matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm)].map(([, text = ""]) => text).join("\n");
    expect(count(html, /<text class="kind"/g)).toBe(count(fences, /:::/g));
    expect(count(html, /<path class="arrow"/g)).toBe(count(fences, / --> | -->\|/g));
    expect(count(html, /<rect class="frame"/g)).toBe(count(fences, /subgraph /g));
  });
});

it("does not draw a picture that it does not understand", () => {
  const picture = (line: string): string =>
    `\`\`\`mermaid\nflowchart LR\n  n0["added: endpoint<br/>a"]:::added\n  ${line}\n\`\`\``;
  expect(() => htmlOf(picture("n0 -.-> n1"))).toThrow("n0 -.-> n1");
  expect(htmlOf(picture("classDef added fill:#fff"))).toContain("<svg");
});

it("escapes titles and names", () => {
  const page = pageOf("<one>", [
    {
      id: "x",
      caption: "<two>",
      title: "<three>",
      number: 1,
      state: "Open",
      about: "",
      entries: [{ checks: [{ name: "<four>", title: "<five>", conclusion: "failure" }], words: "<six>" }],
    },
  ]);
  for (const word of ["one", "two", "three", "four", "five", "six"]) {
    expect(page).not.toContain(`<${word}>`);
    expect(page).toContain(`&lt;${word}&gt;`);
  }
});
