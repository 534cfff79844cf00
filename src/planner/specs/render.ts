import { type Problem, sortProblems } from "./problem.ts";

/** How a piece of the text is to be shown; the names are those of `styleText`. */
export type Style = "bold" | "red" | "cyan" | "dim";

/** Longer lines are cut around the caret: a minified file is one line of megabytes. */
const WIDEST = 160;

/** All problems as text: place, code, message, the line with a caret, and what to do. One blank line between two problems. */
export function renderProblems(
  problems: readonly Problem[],
  sources: ReadonlyMap<string, string>,
  color: (style: Style, text: string) => string = (_style, text) => text,
): string {
  const lines = new Map([...sources].map(([path, text]) => [path, text.split("\n")]));
  return sortProblems(problems)
    .map((problem) => renderProblem(problem, lines.get(problem.at.file), color))
    .join("\n");
}

function renderProblem(
  { code, message, at, hint }: Problem,
  lines: readonly string[] | undefined,
  color: (style: Style, text: string) => string,
): string {
  const place = visible(`${at.file}:${at.line}:${at.column}`);
  const text = [`${color("bold", place)} ${color("red", code)} ${visible(message)}`];
  const line = lines?.[at.line - 1];
  if (line !== undefined) {
    const gutter = String(at.line).padStart(5);
    const { shown, before } = excerpt(line, at.column);
    text.push(
      `${color("dim", `${gutter} |`)} ${visible(shown)}`,
      `${color("dim", `${" ".repeat(gutter.length)} |`)} ${before}${color("red", "^")}`,
    );
  }
  if (hint !== undefined) text.push(`${color("cyan", "      =")} ${visible(hint)}`);
  return `${text.join("\n")}\n`;
}

/** The line, cut when it is very long, and blanks that reach to the column; tabs stay tabs so that the caret stays under its character. */
function excerpt(line: string, column: number): { shown: string; before: string } {
  const from = column <= WIDEST ? 0 : column - WIDEST / 2;
  const shown = line.slice(from, from + WIDEST).trimEnd();
  const before = line.slice(from, column - 1).replace(/[^\t]/gu, " ");
  return { shown: `${shown}${line.length > from + WIDEST ? " ..." : ""}`, before };
}

/** Specs come from strangers: control and direction characters must not reach the terminal. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (char) =>
    char === "\t" ? char : "\ufffd",
  );
}
