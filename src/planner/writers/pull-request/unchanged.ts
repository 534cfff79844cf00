import type { Plan } from "../../../model.ts";
import type { Piece } from "../budget.ts";
import { code } from "../safe-markdown.ts";
import { clip, visible } from "../visible.ts";
import { count, listWords } from "../words.ts";
import type { CommentPart } from "./sections.ts";
import type { InScope } from "./words.ts";

/** So many names stand in the comment, the others are counted. */
const MOST_NAMES = 20;
const LONGEST_NAME = 60;

/** The connections that were planned and of which nothing changes, in one line; none when there are none. */
export function unchangedPiece(plan: Plan, scope: readonly InScope[]): Piece<CommentPart>[] {
  const changing = new Set(plan.changes.map(({ connection }) => connection));
  const names = [...new Set(scope.map(({ name }) => name))].filter((name) => !changing.has(name));
  if (names.length === 0) return [];
  const shown = names.slice(0, MOST_NAMES).map((name) => code(clip(visible(name), LONGEST_NAME)));
  const rest = names.length > MOST_NAMES ? [`${names.length - MOST_NAMES} more`] : [];
  return [
    {
      name: "connection without changes",
      full: `Planned too, and nothing changes: ${listWords([...shown, ...rest])}.`,
      short: `Planned too, and nothing changes: ${count(names.length, "connection")}.`,
    },
  ];
}
