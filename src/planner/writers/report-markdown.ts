import type { Outcome, Result } from "../../model.ts";
import {
  type Cut,
  characters,
  crowd,
  fitTo,
  GITHUB_LIMIT,
  type LeftOut,
  type Limit,
  type Piece,
  type Show,
} from "./budget.ts";
import { BLANK_LINE, brief, handoffPiece, leftOutNote, section, waitPiece } from "./markdown-blocks.ts";
import { countResults, type Report, reportLine, resumeWords, stepsNotReached } from "./report.ts";
import { code, inline } from "./safe-markdown.ts";
import { clip, visible } from "./visible.ts";
import { RESULTS } from "./words.ts";

type Part = `${Result} step` | "step not reached" | "wait" | "hand-off";

/** What failed or was refused is shortened last and never left out. */
const CUTS: readonly Cut<Part>[] = [
  { name: "done step", to: "short" },
  { name: "done step", to: "gone" },
  { name: "hand-off", to: "short" },
  { name: "skipped step", to: "short" },
  { name: "skipped step", to: "gone" },
  { name: "step not reached", to: "gone" },
  { name: "wait", to: "short" },
  { name: "wait", to: "gone" },
  { name: "hand-off", to: "gone" },
  { name: "refused step", to: "short" },
  { name: "failed step", to: "short" },
];

const TITLE: { readonly [R in Result]: string } = {
  failed: "Failed",
  refused: "Refused",
  skipped: "Skipped",
  done: "Done",
};
/** What needs somebody comes first. */
const ORDER: readonly Result[] = ["failed", "refused", "skipped", "done"];
const SHORT = 160;

/** What an apply did, in Markdown. Never longer than `limit` characters (GitHub's limit for a comment if not given). */
export function reportToMarkdown(report: Report, options: { readonly limit?: number } = {}): string {
  const limit = characters(options.limit ?? GITHUB_LIMIT);
  return reportDocument([headline(report), ""], next(report), report, limit);
}

/** The same with a beginning of one's own: `top`, then what was left out, then `next`, then all outcomes. Never longer than the limit. */
export function reportDocument(top: readonly string[], next: readonly string[], report: Report, limit: Limit): string {
  const parts = partsOf(report);
  const all = [
    ...ORDER.flatMap((result) => parts.outcomes[result]),
    ...parts.notReached,
    ...parts.waits,
    ...parts.handoffs,
  ];
  const layout = (show: Show<Part>, leftOut: LeftOut<Part>) => {
    const lines = [...top, ...leftOutNote(leftOut), ...next, ...partLines(parts, show)];
    return `${lines.join("\n").trimEnd()}\n`;
  };
  return fitTo(all, CUTS, limit, layout) ?? crowd(top.join("\n").trimEnd(), shortLines(parts), limit);
}

interface Parts {
  readonly outcomes: { readonly [R in Result]: readonly Piece<Part>[] };
  readonly notReached: readonly Piece<Part>[];
  readonly waits: readonly Piece<Part>[];
  readonly handoffs: readonly Piece<Part>[];
}

function partsOf(report: Report): Parts {
  const of = (result: Result) => report.outcomes.filter((outcome) => outcome.result === result).map(outcomePiece);
  return {
    outcomes: { done: of("done"), failed: of("failed"), skipped: of("skipped"), refused: of("refused") },
    notReached: stepsNotReached(report).map(notReachedPiece),
    waits: report.waits.map(waitPiece),
    handoffs: report.handoffs.map(handoffPiece),
  };
}

function partLines(parts: Parts, show: Show<Part>): string[] {
  return [
    ...ORDER.flatMap((result) => section(TITLE[result], parts.outcomes[result].map(show))),
    ...section("Not reached", parts.notReached.map(show)),
    ...section("Waiting", parts.waits.map(show)),
    ...section("Hand-offs", parts.handoffs.map(show), BLANK_LINE),
  ];
}

/** `✅ **Applied: 7 done, 0 failed, 0 skipped, 0 refused.**` */
export function headline(report: Report): string {
  const counts = countResults(report.outcomes);
  const light =
    counts.failed > 0 ? "🔴" : RESULTS.some((result) => result !== "done" && counts[result] > 0) ? "🟠" : "✅";
  return `${light} **${reportLine(counts)}**`;
}

function next(report: Report): string[] {
  const lead = resumeWords(report);
  const resume = lead ? [`${lead}: ${code(clip(visible(report.resume), SHORT))}.`] : [];
  const journal = report.journal === undefined ? [] : [`Journal: ${code(clip(visible(report.journal), SHORT))}.`];
  const words = [...resume, ...journal].join(" ");
  return words === "" ? [] : [words, ""];
}

function outcomePiece(outcome: Outcome): Piece<Part> {
  const id = outcome.id === undefined ? "" : ` (${code(outcome.id)})`;
  const reason = outcome.code === undefined ? "" : `${code(outcome.code)}: `;
  return {
    name: `${outcome.result} step`,
    full: `- ${outcome.action} ${code(outcome.step)}${id}: ${reason}${inline(outcome.message)}`,
    short: `- ${outcome.action} ${code(clip(visible(outcome.step), SHORT))}: ${brief(outcome.code ?? outcome.message)}`,
  };
}

function notReachedPiece(step: string): Piece<Part> {
  return { name: "step not reached", full: `- ${code(step)}`, short: `- ${code(clip(visible(step), SHORT))}` };
}

/** When not even all cuts help: as many of the failed and refused steps as fit. */
function shortLines({ outcomes }: Parts): string[] {
  return [...outcomes.failed, ...outcomes.refused].map((piece) => piece.short);
}
