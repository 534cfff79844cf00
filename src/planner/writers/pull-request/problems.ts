import type { Problem } from "../../specs/problem.ts";
import type { Piece } from "../budget.ts";
import { brief } from "../markdown-blocks.ts";
import { code, inline } from "../safe-markdown.ts";
import { clip, visible } from "../visible.ts";
import { positionText } from "../words.ts";

const LONGEST_PLACE = 120;

/** A mistake in a spec as an item of a list. */
export function problemPiece({ code: id, message, at, hint }: Problem): Piece<"problem"> {
  const place = code(clip(visible(positionText(at)), LONGEST_PLACE));
  return {
    name: "problem",
    full: `- ${place} ${code(id)}: ${inline(message)}${hint === undefined ? "" : ` (${inline(hint)})`}`,
    short: `- ${place} ${code(id)}: ${brief(message)}`,
  };
}
