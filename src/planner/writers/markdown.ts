import type { Plan } from "../../model.ts";
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
import { contextOf } from "./context.ts";
import { orderNote } from "./groups.ts";
import { BLANK_LINE, brief, diffBlock, leftOutNote, section } from "./markdown-blocks.ts";
import { type Part, type Pieces, type PlanPieces, piecesOf, TABLE_HEAD } from "./markdown-pieces.ts";
import { code, inSummary } from "./safe-markdown.ts";
import { type Verdict, verdictOf } from "./verdict.ts";
import { count, ended, summaryLine, troubleWords } from "./words.ts";

/**
 * What goes first when the document is too long, from what a reviewer misses least. Deletions, replacements, changes with a risk, refused
 * changes and errors are shortened to one line, late, and never left out.
 */
const CUTS: readonly Cut<Part>[] = [
  { name: "tag change", to: "short" },
  { name: "tag change", to: "gone" },
  { name: "remark", to: "gone" },
  { name: "creation", to: "short" },
  { name: "update", to: "short" },
  { name: "creation", to: "gone" },
  { name: "update", to: "gone" },
  { name: "hand-off", to: "short" },
  { name: "risky change", to: "short" },
  { name: "connection without risks", to: "gone" },
  { name: "warning", to: "short" },
  { name: "wait", to: "short" },
  // Its line under "Look at these" stays.
  { name: "risky change", to: "gone" },
  { name: "change to look at", to: "short" },
  { name: "wait", to: "gone" },
  { name: "hand-off", to: "gone" },
  { name: "warning", to: "gone" },
  { name: "connection", to: "gone" },
  { name: "error", to: "short" },
];

const LIGHT: { readonly [L in Verdict["level"]]: string } = { nothing: "✅", calm: "🟢", risky: "🟠", refused: "🔴" };
const MOST_REASONS = 2;

/**
 * A plan as a Markdown document. The first line answers "may I merge?"; then come errors, a table of connections, what to look at,
 * the changes of each connection, and who we wait for. Never longer than `limit` (as long as a comment may be, if not given).
 */
export function planToMarkdown(plan: Plan, options: { readonly limit?: number | Limit } = {}): string {
  const limit = limitOf(options.limit ?? GITHUB_LIMIT);
  const context = contextOf(plan);
  const pieces = piecesOf(plan, context);
  const head = verdictLine(verdictOf(plan, context.refusals));
  const note = orderNote(context.after);
  const order = note === undefined ? [] : [note, ""];
  const layout = (show: Show<Part>, leftOut: LeftOut<Part>) => write(plan, pieces, { head, order, show, leftOut });
  return fitTo(allPieces(pieces), CUTS, limit, layout) ?? crowded(plan, head, pieces, limit);
}

const limitOf = (limit: number | Limit): Limit => (typeof limit === "number" ? characters(limit) : limit);

interface Page {
  readonly head: string;
  readonly order: readonly string[];
  readonly show: Show<Part>;
  readonly leftOut: LeftOut<Part>;
}

function write(plan: Plan, pieces: PlanPieces, { head, order, show, leftOut }: Page): string {
  const lines = [
    head,
    "",
    ...section("Errors", pieces.errors.map(show)),
    ...overview(plan, pieces, show, leftOut),
    ...section("Look at these", pieces.watched.map(show)),
    ...order,
    ...pieces.groups.flatMap((group) => details(group, pieces.groups.length === 1, show)),
    ...section("Warnings", pieces.warnings.map(show)),
    ...section("For information", pieces.remarks.map(show)),
    ...section("Waiting", pieces.waits.map(show)),
    ...section("Hand-offs", pieces.handoffs.map(show), BLANK_LINE),
    ...planId(plan),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function verdictLine({ level, headline, reasons }: Verdict): string {
  const shown = reasons
    .slice(0, MOST_REASONS)
    .map((reason) => brief(ended(reason)))
    .join(" ");
  const rest = reasons.length > MOST_REASONS ? ` And ${count(reasons.length - MOST_REASONS, "more reason")}.` : "";
  return `${LIGHT[level]} **${headline}**${shown === "" ? "" : ` ${shown}`}${rest}`;
}

function overview(plan: Plan, { rows }: PlanPieces, show: Show<Part>, leftOut: LeftOut<Part>): string[] {
  const trouble = troubleWords(plan.summary);
  const shown = rows.map(show).filter((row) => row !== undefined);
  const summary =
    plan.changes.length === 0 ? [] : [`${summaryLine(plan.summary)}${trouble === "" ? "" : ` ${trouble}.`}`, ""];
  const table = [...TABLE_HEAD, ...shown, ""];
  return [...summary, ...leftOutNote(leftOut), ...(shown.length === 0 ? [] : table)];
}

/** One connection, folded away; open when there is no other. */
function details(group: Pieces, alone: boolean, show: Show<Part>): string[] {
  const changes = diffBlock(group.changes, show);
  if (changes.length === 0) return [];
  const open = alone ? "<details open>" : "<details>";
  const summary = `${open}<summary>${inSummary(group.connection)}: ${group.counts}</summary>`;
  return [summary, "", ...changes, "</details>", ""];
}

function planId(plan: Plan): string[] {
  return plan.changes.length === 0 ? [] : [`Plan ${code(plan.planId)}.`];
}

function allPieces({ errors, rows, watched, groups, warnings, remarks, waits, handoffs }: PlanPieces): Piece<Part>[] {
  return [
    ...errors,
    ...rows,
    ...watched,
    ...groups.flatMap((group) => group.changes),
    ...warnings,
    ...remarks,
    ...waits,
    ...handoffs,
  ];
}

/** Nothing but the verdict and as many one-line changes and errors as fit. */
function crowded(plan: Plan, head: string, pieces: PlanPieces, limit: Limit): string {
  const start = `${head}\n\n${summaryLine(plan.summary)}`;
  return crowd(
    start,
    [...pieces.errors, ...pieces.watched].map((piece) => piece.short),
    limit,
  );
}
