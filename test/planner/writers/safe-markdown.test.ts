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
import { visible } from "../../../src/planner/writers/visible.ts";

/** What each function writes, by example; `safe-contexts` says that no text gets out. */

describe("inline", () => {
  it.each([
    ["a plain sentence, with a comma.", "a plain sentence, with a comma."],
    ["at 09:30:15 of 2026-03-01: 2 to 1", "at 09:30:15 of 2026-03-01: 2 to 1"],
    ["high-availability, gh-pages", "high-availability, gh-pages"],
    ["ask @acme/team", "ask @\u200bacme/team"],
    ["closes #1 and GH-2", "closes \\#\u200b1 and GH-\u200b2"],
    ["see https://x.example/y?a=1&b#c, or www.x.example.", "see `https://x.example/y?a=1&b#c`, or `www.x.example`."],
    ["ask net@partner.example: now", "ask `net@partner.example`: now"],
    ["<b>&amp; ![i](u) *x* _y_ | `z`", "\\<b\\>\\&amp; \\!\\[i\\](u) \\*x\\* \\_y\\_ \\| `z`"],
    ["it costs $5 or $PRICE?", "it costs `$5` or `$PRICE`?"],
    ["arn:aws:iam::222222222222:root. Done", "`arn:aws:iam::222222222222:root`. Done"],
    ["vpce-0aa11bb22cc33dd44 of 2 accounts", "`vpce-0aa11bb22cc33dd44` of 2 accounts"],
    ["in ABCDEF0 and CVE-2024-1", "in `ABCDEF0` and `CVE-2024-1`"],
    ["specs/a.yaml:100:7: a :lock: here", "`specs/a.yaml:100:7`: a `:lock:` here"],
    ["specs/a.yaml:31:7", "specs/a.yaml:31:7"],
    ["run `landline plan` now", "run `landline plan` now"],
    ["`a``b` and `", "`a`\u200b`b` and \\`"],
    ["`a\\``b`", "`a\\`\u200b`b`"],
    ["`a1b2c3d`0000000", "`a1b2c3d`\u200b`0000000`"],
    ["# heading", "\\#\u200b heading"],
    ["- item", "\\- item"],
    ["  - item  ", "\\- item"],
    ["1. item", "1\\. item"],
    [":--", "\\:--"],
    ["a\nb", "a\\\\nb"],
    ["", "(empty)"],
    ["  ", "(empty)"],
  ])("%j", (text, expected) => {
    expect(inline(text)).toBe(expected);
  });

  it("takes the pipes out of code in a table only", () => {
    expect(inline("a | `b|c`")).toBe("a \\| `b|c`");
    expect(inlineInCell("a | `b|c`")).toBe("a \\| `b\\u{7c}c`");
  });

  it.each(["a", "a-", "0a1b2c3-", "`a", "``", " ", "a:", "....", "@a.", "www.", "://", "$", "1a", ":a", "\u202e"])(
    "takes no time for 100,000 characters of %j",
    (piece) => {
      const text = piece.repeat(100_000 / piece.length);
      for (const whole of [text, `${text}!`, `x ${text} x`]) expect(inline(whole)).not.toBe("");
    },
    2_000,
  );
});

describe("code", () => {
  it.each([
    ["a", "`a`"],
    ["a`b", "``a`b``"],
    ["`a`", "`` `a` ``"],
    ["", "(empty)"],
    [" a", "`  a `"],
    ["  ", "`  `"],
    ["<!-- x", "`<\\u{21}-- x`"],
    ["`".repeat(16), `${"`".repeat(17)} ${"`".repeat(16)} ${"`".repeat(17)}`],
    [`a${"`".repeat(300)}1`, "`a\\u{60}{300}1`"],
  ])("%j", (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it("holds no pipe in a table", () => {
    expect(codeInCell("a|b\\|c")).toBe("`a\\u{7c}b\\\\u{7c}c`");
  });
});

describe("fence", () => {
  it("is longer than what is in it", () => {
    expect(fence(["````", "a"], "diff")).toBe("`````diff\n````\na\n`````");
    expect(fence([], "diff")).toBe("```diff\n```");
  });

  it("is never longer than GitHub's parser counts", () => {
    expect(fence(["`".repeat(256)], "diff")).toBe("```diff\n\\u{60}{256}\n```");
  });

  it("lets no marker through", () => {
    expect(fencedText("<!-- landline -->")).toBe("```text\n<\\u{21}-- landline -->\n```");
  });

  it("keeps what is unseen at the end of a text", () => {
    expect(fencedText("a \u00a0\ufeff\n \n")).toBe("```text\na \\u{a0}\\u{feff}\n```");
    expect(fencedText("\n\n")).toBe("```text\n\n```");
  });
});

describe("inSummary", () => {
  it.each([
    ["payments-api", "<code>payments-api</code>"],
    ['<b a="1">&amp; @x #1 a1b2c3d', "<code>&lt;b a=&quot;1&quot;&gt;&amp;amp; @x #1 a1b2c3d</code>"],
    ["a\n\nb", "<code>a\\n\\nb</code>"],
    ["", "(empty)"],
  ])("%j", (text, expected) => {
    expect(inSummary(text)).toBe(expected);
  });
});

describe("visible", () => {
  it.each([
    ["a b-é→…✅", "a b-é→…✅"],
    ["\r\n\t", "\\r\\n\\t"],
    ["\u001b\u0085\u202e\u200b\ufeff", "\\u{1b}\\u{85}\\u{202e}\\u{200b}\\u{feff}"],
    ["\u00a0\u3000\u2028", "\\u{a0}\\u{3000}\\u{2028}"],
    ["\u115f\u3164\u2800\u034f\u17b4", "\\u{115f}\\u{3164}\\u{2800}\\u{34f}\\u{17b4}"],
    ["\ufe0f\u{e0100}\u{e0041}", "\\u{fe0f}\\u{e0100}\\u{e0041}"],
    ["\ud800\ue000\uffff", "\\u{d800}\\u{e000}\\u{ffff}"],
  ])("%j", (text, expected) => {
    expect(visible(text)).toBe(expected);
    expect(visible(visible(text))).toBe(expected);
  });
});
