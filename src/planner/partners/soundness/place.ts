import type { Position } from "../../specs/problem.ts";

/**
 * Where a character of a text stands in its file, when the text is written there as it is: on one line, or as a block of lines below the
 * place where it begins. Otherwise the place where it begins.
 */
export function placeWithin(lines: readonly string[], at: Position, text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  const row = before.length - 1;
  const wanted = text.split("\n")[row] ?? "";
  const written = text.includes("\n") ? [at.line + row, at.line - 1 + row] : [at.line - 1, at.line];
  for (const index of written) {
    const column = (lines[index] ?? "").indexOf(wanted, index === at.line - 1 ? at.column - 1 : 0);
    if (column >= 0) return { ...at, line: index + 1, column: column + (before.at(-1) ?? "").length + 1 };
  }
  return at;
}
