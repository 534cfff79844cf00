import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visible, visibleLines } from "../../../src/planner/writers/visible.ts";
import { annotationCommand, harmlessLines } from "../../../src/planner/writers/workflow-commands.ts";
import { hostile } from "./structure.ts";

interface Command {
  readonly name: string;
  readonly properties: { readonly [name: string]: string };
  readonly data: string;
}

/** Counts for nothing where .NET compares texts by the rules of a language. */
const NOTHING = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{DI}]/gu;
const unescaped = (text: string) => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n");
const dataOf = (text: string) => unescaped(text).replaceAll("%25", "%");
const propertyOf = (text: string) =>
  unescaped(text).replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%25", "%");

/** A line as the runner takes it, which knows every name for a command: it trims, then wants `::` at the start and once more. */
function commandIn(line: string): Command | undefined {
  const rest = line.trimStart();
  if (!rest.startsWith("::")) return undefined;
  const end = rest.indexOf("::", 2);
  if (end < 0) return undefined;
  const info = rest.slice(2, end);
  const space = info.indexOf(" ");
  const given =
    space < 0
      ? []
      : info
          .slice(space + 1)
          .trim()
          .split(",");
  const pairs = given.map((pair): [string, string] => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), propertyOf(pair.slice(equals + 1))];
  });
  return {
    name: space < 0 ? info : info.slice(0, space),
    properties: Object.fromEntries(pairs.filter(([name, value]) => name !== "" && value !== "")),
    data: dataOf(rest.slice(end + 2)),
  };
}

/** Stricter than the runner: any `::` at a line's start and any `##[`, with what it might overlook taken out, and with colours off. */
function isSuspicious(line: string): boolean {
  const bare = [line, line.replaceAll(/\p{Cc}\[[0-9;]*m/gu, "")].map((text) => text.trim().replace(NOTHING, "").trim());
  return bare.some((text) => text.startsWith("::") || text.includes("##["));
}

const linesOf = (text: string) => text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);

const forLog = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "::",
        ":",
        "##[",
        "#",
        "[",
        "error",
        "add-mask",
        "::error::x",
        "::stop-commands::x",
        "##[group]x",
      ),
      fc.constantFrom(
        " ",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\v",
        "\u0085",
        "\u2028",
        "\u00a0",
        "\ufeff",
        "%0A",
        "%",
        ",",
        "=",
      ),
      fc.constantFrom("\u001b[31m", "\u001b[0m", "\u001b", "\u0000", "\u200b", "\u00ad", "\u202e", "\ufe0f", "\ud800"),
      hostile,
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(""));

describe("harmlessLines", () => {
  it.each([
    ["plain: a::b # [x] ::", "plain: a::b # [x] ::"],
    ["::error::x", "\\::error::x"],
    ["  ::error::x", "  \\::error::x"],
    ["a\n\t::add-mask::a\r\n::x", "a\n\t\\::add-mask::a\r\n\\::x"],
    ["\u001b[31m::error::x", "\u001b[31m\\::error::x"],
    ["\u200b:\u00ad:error::x", "\u200b\\:\u00ad:error::x"],
    ["done ##[error]x ###[y", "done #\\#[error]x ##\\#[y"],
    [": : a", ": : a"],
    ["", ""],
  ])("%j", (text, expected) => {
    expect(harmlessLines(text)).toBe(expected);
  });

  it("leaves no command in any line, whatever the text", () => {
    fc.assert(
      fc.property(forLog, (text) => {
        const lines = linesOf(harmlessLines(text));
        expect(lines.filter(isSuspicious)).toEqual([]);
        expect(lines.filter((line) => commandIn(line) !== undefined)).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  it("only ever adds backslashes, and adds none twice", () => {
    fc.assert(
      fc.property(forLog, (text) => {
        const once = harmlessLines(text);
        expect(once.replaceAll("\\", "")).toBe(text.replaceAll("\\", ""));
        expect(harmlessLines(once)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(["\n", " ", "\t", "\ufeff", "\u001b", "\t[m", "#", "##", ":", "\u200b", "\u001b[31m", "#\u200b"])(
    "takes no time for 100,000 characters of %j",
    (piece) => {
      const text = piece.repeat(100_000 / piece.length);
      expect(harmlessLines(`${text}x`).length).toBeGreaterThanOrEqual(text.length);
    },
    2_000,
  );
});

describe("annotationCommand", () => {
  it.each([
    [
      { level: "error", title: "policy.open", message: "too open", file: "specs/a.yaml", line: 7, column: 3 },
      "::error file=specs/a.yaml,line=7,col=3,title=policy.open::too open",
    ],
    [{ level: "notice", title: "", message: "" }, "::notice::"],
    [
      { level: "warning", title: "a:b,c", message: "100%\nx, y: z", file: "a,b:c%.yaml" },
      "::warning file=a%2Cb%3Ac%25.yaml,title=a%3Ab%2Cc::100%25%0Ax, y: z",
    ],
  ] as const)("%j", (given, expected) => {
    expect(annotationCommand(given)).toBe(expected);
  });

  it("is one command with exactly these values, whatever the texts", () => {
    const levels = fc.constantFrom("error" as const, "warning" as const, "notice" as const);
    fc.assert(
      fc.property(levels, forLog, forLog, forLog, fc.nat(), (level, file, title, message, line) => {
        const text = annotationCommand({ level, file, line, column: 1, title, message });
        expect(text).not.toMatch(/[\n\r]/);
        const command = commandIn(text);
        expect(command?.name).toBe(level);
        expect(command?.data).toBe(harmlessLines(visibleLines(message).join("\n")));
        const { title: sent, ...place } = command?.properties ?? {};
        expect(place).toEqual({ ...(file === "" ? {} : { file }), line: String(line), col: "1" });
        expect(sent ?? "").toBe(harmlessLines(visible(title)).trimEnd());
      }),
      { numRuns: 2_000 },
    );
  });

  it("shows no command in the lines of its message", () => {
    const command = commandIn(annotationCommand({ level: "error", title: "x", message: "a\n::error::b\n##[group]c" }));
    expect(command?.data).toBe("a\n\\::error::b\n#\\#[group]c");
  });
});
