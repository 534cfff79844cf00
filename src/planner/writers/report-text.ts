import type { Outcome, Result } from "../../model.ts";
import { groupBy } from "../collections.ts";
import { columnOf, joinSections, paragraph, type Sheet, sheetOf, type TextOptions, type TextStyle } from "./layout.ts";
import { countResults, type Report, reportLine, resumeWords, stepsNotReached } from "./report.ts";
import { handoffSection, waitSection } from "./text-blocks.ts";
import { visible } from "./visible.ts";
import { RESULTS, SIGN } from "./words.ts";

const RESULT_SIGN: { readonly [R in Result]: string } = { done: "✓", failed: "✗", skipped: "○", refused: "⊘" };
const RESULT_STYLE: { readonly [R in Result]: TextStyle } = {
  done: "green",
  failed: "red",
  skipped: "yellow",
  refused: "magenta",
};

const INDENT = "        ";
const MOST_STEP = 60;

/**
 * What an apply did, for a terminal: each connection's steps in the order in which they came about, then what we wait for, the hand-offs,
 * the command to go on with, and the counts last.
 */
export function reportToText(report: Report, options: TextOptions): string {
  const sheet = sheetOf(options);
  const groups = groupBy(report.outcomes, (outcome) => outcome.connection);
  return joinSections([
    ...[...groups].map(([connection, outcomes]) => connectionLines(sheet, connection, outcomes)),
    notReached(sheet, report),
    waitSection(sheet, report.waits),
    handoffSection(sheet, report.handoffs),
    closing(sheet, report),
  ]);
}

function connectionLines(sheet: Sheet, connection: string, outcomes: readonly Outcome[]): string[] {
  const counts = countResults(outcomes);
  const words = RESULTS.filter((result) => counts[result] > 0).map((result) =>
    sheet.paint(RESULT_STYLE[result], `${counts[result]} ${result}`),
  );
  const column = columnOf(
    outcomes.map((outcome) => visible(outcome.step)),
    MOST_STEP,
  );
  return [
    `${sheet.paint("bold", visible(connection))}${sheet.paint("dim", "  ·  ")}${words.join(", ")}`,
    ...outcomes.flatMap((outcome) => outcomeLines(sheet, outcome, column)),
  ];
}

/** What is done takes one line; anything else says why below it. */
function outcomeLines(sheet: Sheet, outcome: Outcome, column: number): string[] {
  const style = RESULT_STYLE[outcome.result];
  const head = `  ${sheet.paint(style, RESULT_SIGN[outcome.result])} ${SIGN[outcome.action]} ${visible(outcome.step).padEnd(column)}`;
  const id = outcome.id === undefined ? "" : sheet.paint("dim", visible(outcome.id));
  if (outcome.result === "done") {
    const line = [head, visible(outcome.message), id].filter((part) => part !== "").join("  ");
    return [line.trimEnd()];
  }
  const code = outcome.code === undefined ? "" : `${outcome.code}: `;
  const first = [head, sheet.paint(style, outcome.result), id].filter((part) => part !== "").join("  ");
  return [first, ...paragraph(sheet, undefined, INDENT, `${code}${outcome.message}`)];
}

function notReached(sheet: Sheet, report: Report): string[] {
  const steps = stepsNotReached(report);
  if (steps.length === 0) return [];
  return [sheet.paint("bold", "Not reached"), ...steps.map((step) => `  · ${visible(step)}`)];
}

function closing(sheet: Sheet, report: Report): string[] {
  const counts = countResults(report.outcomes);
  const style = counts.failed > 0 ? "red" : counts.skipped + counts.refused > 0 ? "yellow" : "green";
  const journal = report.journal === undefined ? [] : [sheet.paint("dim", `Journal: ${visible(report.journal)}`)];
  const words = resumeWords(report);
  const resume = words ? [`${words}: ${sheet.paint("bold", visible(report.resume))}`] : [];
  return [...journal, ...resume, sheet.paint(style, reportLine(counts))];
}
