import type { Change, Finding, Plan, Risk } from "../../model.ts";
import type { Piece } from "./budget.ts";
import { type ChangeContext, isWatched } from "./context.ts";
import { countWords, type Group, groupByConnection } from "./groups.ts";
import { findingPiece, handoffPiece, waitPiece } from "./markdown-blocks.ts";
import { diffLines, diffTitle, shortWatchLine, watchLine } from "./markdown-change.ts";
import { isTagOnly } from "./rows.ts";
import { codeInCell } from "./safe-markdown.ts";
import { isBlocking } from "./verdict.ts";
import { clip, visible } from "./visible.ts";
import { orderRisks, RISK_ORDER, RISK_WORDS } from "./words.ts";

/** The sorts of pieces that a plan's Markdown is made of; the words appear in the note on what was left out. */
export type Part =
  | "error"
  | "connection"
  | "connection without risks"
  | "change to look at"
  | "risky change"
  | "creation"
  | "update"
  | "tag change"
  | "warning"
  | "remark"
  | "wait"
  | "hand-off";

/** The changes of one connection. */
export interface Pieces {
  readonly connection: string;
  readonly counts: string;
  readonly changes: readonly Piece<Part>[];
}

export interface PlanPieces {
  readonly errors: readonly Piece<Part>[];
  readonly rows: readonly Piece<Part>[];
  readonly watched: readonly Piece<Part>[];
  readonly groups: readonly Pieces[];
  readonly warnings: readonly Piece<Part>[];
  readonly remarks: readonly Piece<Part>[];
  readonly waits: readonly Piece<Part>[];
  readonly handoffs: readonly Piece<Part>[];
}

/** Longest line of a diff that stands for a whole change, in characters. */
const SHORT_LINE = 200;

/** The table whose rows `rowPiece` writes. */
export const TABLE_HEAD: readonly string[] = [
  "| connection | create | update | replace | delete | risks | refused |",
  "|---|--:|--:|--:|--:|---|--:|",
];

/** All that a plan has to say, each part full and short. */
export function piecesOf(plan: Plan, context: ChangeContext): PlanPieces {
  const groups = groupByConnection(plan.changes);
  return {
    errors: findings(plan, "error", isBlocking),
    rows: groups.map((group) => rowPiece(group, context)),
    watched: watchedPieces(plan, context),
    groups: groups.map((group) => groupPieces(group, context)),
    warnings: findings(plan, "warning", isWarning),
    remarks: findings(plan, "remark", isRemark),
    waits: plan.waits.map(waitPiece),
    handoffs: plan.handoffs.map(handoffPiece),
  };
}

/** What nobody may overlook, one line each, what loses most first. */
export function watchedPieces(plan: Pick<Plan, "changes">, context: ChangeContext): Piece<Part>[] {
  const watched = plan.changes.filter((change) => isWatched(change, context)).toSorted(byWeight);
  return watched.map((change) => watchPiece(change, context));
}

export function groupPieces(group: Group, context: ChangeContext): Pieces {
  return {
    connection: clip(visible(group.connection), SHORT_LINE),
    counts: countWords(group.counts) || "the rest of a replacement",
    changes: group.changes.map((change) => changePiece(change, context)),
  };
}

/** What loses most comes first, also where not all of it fits; in plan order otherwise. */
function byWeight(a: Change, b: Change): number {
  return weight(a) - weight(b);
}

function weight({ action, risks }: Change): number {
  const own: readonly Risk[] = action === "delete" ? ["deletes"] : action === "replace" ? ["interrupts"] : [];
  const worst = orderRisks([...risks, ...own])[0];
  return worst === undefined ? RISK_ORDER.length : RISK_ORDER.indexOf(worst);
}

/** A finding that somebody has to think about, and that blocks nothing. */
export function isWarning(finding: Finding): boolean {
  return !isBlocking(finding) && !isRemark(finding);
}

export function isRemark(finding: Finding): boolean {
  return finding.waived !== undefined || finding.severity === "info";
}

export function findings(
  plan: Pick<Plan, "findings">,
  name: Part,
  belongs: (finding: Finding) => boolean,
): Piece<Part>[] {
  return plan.findings.filter(belongs).map((finding) => findingPiece(name, finding));
}

function watchPiece(change: Change, { refusals }: ChangeContext): Piece<Part> {
  const refusal = refusals.get(change.step);
  return { name: "change to look at", full: watchLine(change, refusal), short: shortWatchLine(change, refusal) };
}

function changePiece(change: Change, context: ChangeContext): Piece<Part> {
  return {
    name: partOf(change, context),
    full: diffLines(change, context).map(visible).join("\n"),
    short: clip(visible(diffTitle(change, context)), SHORT_LINE),
  };
}

function partOf(change: Change, context: ChangeContext): Part {
  if (isWatched(change, context)) return "risky change";
  if (change.action === "create") return "creation";
  return isTagOnly(change) ? "tag change" : "update";
}

/** A line of the table of connections. */
export function rowPiece(group: Group, context: ChangeContext): Piece<Part> {
  const refused = group.changes.filter((change) => context.refusals.has(change.step)).length;
  const watched = group.changes.some((change) => isWatched(change, context));
  const { create, update, replace, delete: deletions } = group.counts;
  const numbers = [create, update, replace, deletions].map(cell);
  const risks = group.risks.map((risk) => RISK_WORDS[risk]).join(", ");
  const name = codeInCell(clip(visible(group.connection), SHORT_LINE));
  const row = `| ${[name, ...numbers, risks, cell(refused)].join(" | ")} |`;
  return { name: watched ? "connection" : "connection without risks", full: row, short: row };
}

function cell(n: number): string {
  return n === 0 ? "" : String(n);
}
