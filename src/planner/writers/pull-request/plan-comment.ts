import type { Plan } from "../../../model.ts";
import { characters, fitTo, GITHUB_LIMIT, type LeftOut, type Limit, type Piece, type Show } from "../budget.ts";
import { type ChangeContext, contextOf } from "../context.ts";
import { orderNote } from "../groups.ts";
import { section } from "../markdown-blocks.ts";
import { findings } from "../markdown-pieces.ts";
import { isBlocking } from "../verdict.ts";
import { count, summaryLine, troubleWords } from "../words.ts";
import { cutNote, footer, noteLines, quietLines, sectionLines } from "./blocks.ts";
import { checklistLines } from "./checklist.ts";
import { crowdedComment } from "./crowded.ts";
import { CUTS } from "./cuts.ts";
import { whereText } from "./links.ts";
import { pictureBlock, pictureOf } from "./picture.ts";
import { type CommentPart, placeOf, type Sections, sectionPieces, sectionsOf } from "./sections.ts";
import { unchangedPiece } from "./unchanged.ts";
import { changesNothing, mergeLine } from "./verdict.ts";
import type { ChecklistItem, InScope, MoreAt, Place } from "./words.ts";

export interface PlanCommentInput {
  /** The line by which the comment is found again; comes first. */
  readonly marker: string;
  readonly plan: Plan;
  /** All targets of the project, in its order. */
  readonly targets: readonly Place[];
  /** What the merge waits for besides the plan's errors: approvals. */
  readonly checklist: readonly ChecklistItem[];
  readonly moreAt: MoreAt;
  /** The connections that were planned, where it is worth saying why. */
  readonly scope?: readonly InScope[];
  /** In characters; GitHub's limit if not given. */
  readonly limit?: number;
}

/**
 * The plan as the one comment on its pull request: may I merge, what is missing for it, what changes in which target, a picture, and where the
 * whole of it is. Never longer than GitHub allows; the same plan always gives the same text.
 */
export function planComment(input: PlanCommentInput): string {
  const { marker, plan, checklist } = input;
  const limit = characters(input.limit ?? GITHUB_LIMIT);
  if (changesNothing(plan, checklist)) return `${marker}\n${nothingLine(input)}\n`;
  const context = contextOf(plan, placeOf);
  const top = (room: "wide" | "narrow") => [
    mergeLine(plan, checklist, context.refusals),
    "",
    ...checklistLines(plan, checklist, room),
  ];
  const counts = countsLine(plan);
  const crowd = { marker, top: top("narrow"), counts, moreAt: input.moreAt };
  return planDocument([marker, ...top("wide")], counts, input, limit) ?? crowdedComment(plan, crowd, context, limit);
}

/** A document that begins with `top`, then errors, then `counts`, and goes on with all there is to say about the plan; undefined when that does not fit. */
export function planDocument(
  top: readonly string[],
  counts: string,
  { plan, targets, scope = [], moreAt }: Omit<PlanCommentInput, "marker" | "checklist">,
  limit: Limit,
): string | undefined {
  const context = contextOf(plan, placeOf);
  const pieces = piecesOf(plan, context, targets, scope);
  const all = [...pieces.errors, ...sectionPieces(pieces.middle), ...pieces.unchanged, ...pieces.picture];
  const note = orderNote(context.after, pieces.middle.sections.length > 1 ? "section" : "connection");
  const layout = (show: Show<CommentPart>, leftOut: LeftOut<CommentPart>) => {
    const lines = [
      ...top,
      ...section("Errors", pieces.errors.map(show)),
      ...(counts === "" ? [] : [counts, ""]),
      ...cutNote(leftOut, moreAt),
      ...noteLines(pieces.middle.general, show),
      ...(note === undefined ? [] : [note, ""]),
      ...middleLines(pieces.middle, show),
      ...pieces.unchanged.flatMap((piece) => withBlank(show(piece))),
      ...section("Picture", pieces.picture.map(show)),
      ...footer(plan.planId, moreAt),
    ];
    return `${lines.join("\n").trimEnd()}\n`;
  };
  return fitTo(all, CUTS, limit, layout);
}

interface CommentPieces {
  readonly errors: readonly Piece<CommentPart>[];
  readonly middle: Sections;
  readonly unchanged: readonly Piece<CommentPart>[];
  readonly picture: readonly Piece<CommentPart>[];
}

function piecesOf(
  plan: Plan,
  context: ChangeContext,
  targets: readonly Place[],
  scope: readonly InScope[],
): CommentPieces {
  const picture = pictureBlock(pictureOf(plan, targets));
  return {
    errors: findings(plan, "error", isBlocking),
    middle: sectionsOf(plan, context, targets, scope),
    unchanged: unchangedPiece(plan, scope),
    picture: picture === undefined ? [] : [{ name: "picture", full: picture, short: picture }],
  };
}

function middleLines({ sections, quiet }: Sections, show: Show<CommentPart>): string[] {
  const still = quiet.flatMap(({ connection, notes }) => quietLines(connection, notes, show));
  return [
    ...sections.flatMap((one) => sectionLines(one, sections.length === 1, show)),
    ...(sections.length > 1 && still.length > 0 ? ["### Without changes", ""] : []),
    ...still,
  ];
}

/** `Plan: 7 to create, …; 12 unchanged. 1 error.` Empty when nothing changes. */
export function countsLine(plan: Plan): string {
  if (plan.changes.length === 0) return "";
  const trouble = troubleWords(plan.summary);
  return `${summaryLine(plan.summary)}${trouble === "" ? "" : ` ${trouble}.`}`;
}

/** One line, warnings counted: a pull request that changes nothing should not make anybody read. */
function nothingLine({ plan, moreAt }: PlanCommentInput): string {
  const { warnings } = plan.summary;
  const more = warnings === 0 ? "" : ` ${count(warnings, "warning")}, see ${whereText(moreAt)}.`;
  return `✅ **This pull request changes no plan.**${more}`;
}

function withBlank(text: string | undefined): string[] {
  return text === undefined ? [] : [text, ""];
}
