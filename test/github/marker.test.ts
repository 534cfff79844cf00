import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { firstLine, marker, payloadOf, sameText } from "../../src/github/marker.ts";
import { isOurs } from "../../src/github/ours.ts";

describe("the marker", () => {
  test("holds nothing that could end the comment, and gives back what was put in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (payload) => {
        const line = marker("plan", payload);
        expect(line).toMatch(/^<!-- [A-Za-z0-9_:.-]+ -->$/);
        expect(sortsOf(`${line}\ntext`)).toEqual(["html", "paragraph"]);
        expect(payloadOf("plan", `${line}\ntext`)).toBe(payload);
      }),
      { examples: [["--> <b>"], [""], ["ü—🙂"], ["payments-api"], [">>>???~~~"], [" \u1427\uf900"]] },
    );
  });

  test.each(["", "Plan", "two words", "a:b", "x-->"])("is not made of the word %j", (what) => {
    expect(() => marker(what, "x")).toThrow();
  });

  test.each([
    ["another word", marker("drift", "x")],
    ["another version", marker("plan", "x").replace(":v1:", ":v2:")],
    ["no payload of ours", "<!-- landline:plan:v1:a -->"],
    ["the second line", `\n${marker("plan", "x")}`],
    ["more on the line", `${marker("plan", "x")} x`],
  ])("is not read from %s", (_, body) => {
    expect(payloadOf("plan", body)).toBeUndefined();
  });
});

/** What GitHub's Markdown makes of a text: the sorts of its blocks. */
const sortsOf = (body: string): string[] =>
  fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children.map(({ type }) => type);

test("lines end with LF or CRLF", () => {
  expect(firstLine("a\r\nb")).toBe("a");
  expect(firstLine("a\nb")).toBe("a");
  expect(sameText("a  \r\nb\r\n\r\n", "a\nb")).toBe(true);
  expect(sameText("a\nb", "a\n\nb")).toBe(false);
  expect(sameText("a b", "ab")).toBe(false);
});

const US = { login: "github-actions[bot]", app: "github-actions" };

test.each([
  ["our login through our app", "github-actions[bot]", { slug: "github-actions" }, true],
  ["our login through another app", "github-actions[bot]", { slug: "evil" }, false],
  ["our login, the app left out", "github-actions[bot]", undefined, true],
  ["our login, the app null", "github-actions[bot]", null, true],
  ["another login through our app", "mallory", { slug: "github-actions" }, false],
  ["a login like ours", "github-actions", null, false],
] as const)("%s: %s", (_, login, via, ours) => {
  const app = via === undefined ? {} : { performed_via_github_app: via };
  expect(isOurs(US, { user: { login }, ...app })).toBe(ours);
});

test("nobody is not us", () => {
  expect(isOurs(US, { user: null })).toBe(false);
});
