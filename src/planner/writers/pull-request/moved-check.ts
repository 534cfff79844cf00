import type { Plan } from "../../../model.ts";
import type { Delta } from "../../changed/delta.ts";
import { characters, crowd, fitTo, type LeftOut, type Show } from "../budget.ts";
import { leftOutNote } from "../markdown-blocks.ts";
import { code, inline } from "../safe-markdown.ts";
import { clip, visible } from "../visible.ts";
import { ended } from "../words.ts";
import { type DeltaPart, deltaLines, deltaPieces, deltaWords } from "./delta.ts";
import { allOf, DELTA_CUTS, listOf } from "./refusal-comment.ts";

const SUMMARY_LIMIT = 65_535;
const LONGEST_REASON = 600;

export interface MovedInput {
  /** The id of the plan that stands in the comment; absent when there was none. */
  readonly reviewedId?: string;
  readonly fresh: Plan;
  /** Absent when the plan that was posted is not to be had any more. */
  readonly delta?: Delta;
  /** What may have moved it, where that is known: another pull request was merged, the cloud changed. */
  readonly because?: string;
}

/** Why the check of an open pull request turned red: its plan is no longer the one that people look at. */
export function movedCheck(input: MovedInput): { readonly title: string; readonly summary: string } {
  const { fresh, delta } = input;
  const pieces = delta === undefined ? { gone: [], fresh: [], differing: [] } : deltaPieces(delta);
  const limit = characters(SUMMARY_LIMIT);
  const head = headOf(input);
  const layout = (show: Show<DeltaPart>, leftOut: LeftOut<DeltaPart>) => {
    const rest = "Plan again to see all of it.";
    const lines = [
      ...head,
      ...leftOutNote(leftOut, rest),
      ...deltaLines(pieces, show),
      `Plan now ${code(fresh.planId)}.`,
    ];
    return `${lines.join("\n").trimEnd()}\n`;
  };
  const summary =
    fitTo(allOf(pieces), DELTA_CUTS, limit, layout) ?? crowd(head.join("\n").trimEnd(), listOf(pieces), limit);
  return { title: `The plan moved${movedWords(delta)}`, summary };
}

const movedWords = (delta: Delta | undefined): string => (delta === undefined ? "" : `: ${deltaWords(delta)}`);

function headOf({ reviewedId, delta, because }: MovedInput): string[] {
  const reviewed = reviewedId === undefined ? "" : ` It was ${code(reviewedId)}.`;
  return [
    `🔴 **The plan moved since it was posted${movedWords(delta)}.**${reviewed}`,
    "",
    ...(because === undefined ? [] : [inline(ended(clip(visible(because), LONGEST_REASON))), ""]),
    "A merge would apply nothing that is new. To go on, re-run the plan (or push to the branch), look at the new plan, and have it approved again.",
    "",
  ];
}

/** What the check of an open pull request says while its branch cannot be merged: nothing is wrong with the plan, and nobody can make a new one. */
export function conflictCheck(branch: string): { readonly title: string; readonly summary: string } {
  return {
    title: "The branch conflicts with its base",
    summary: `⚪ **The branch conflicts with ${code(clip(visible(branch), 255))}, so nobody can tell what a merge would do.** Bring it up to date; its plan is then made anew.\n`,
  };
}
