import type { Change, Plan } from "../../model.ts";
import { isLeftover, type PlaceOf, stepsOfOthers } from "./groups.ts";
import { type Refusals, refusalsOf } from "./verdict.ts";
import { KIND_WORDS } from "./words.ts";

/** What a change is shown with, besides itself: worked out once per plan, read by every writer. */
export interface ChangeContext {
  readonly refusals: Refusals;
  /** Steps of other connections that come first, by step. */
  readonly after: ReadonlyMap<string, readonly string[]>;
}

export function contextOf(plan: Plan, placeOf?: PlaceOf): ChangeContext {
  return { refusals: refusalsOf(plan), after: stepsOfOthers(plan, placeOf) };
}

/** The kind in words; the object that a replacement leaves behind is the "old" one. */
export function kindOf(change: Change): string {
  return isLeftover(change) ? `old ${KIND_WORDS[change.kind]}` : KIND_WORDS[change.kind];
}

/** A change that nobody may overlook: it carries a risk, takes something away, or is refused. */
export function isWatched(change: Change, { refusals }: ChangeContext): boolean {
  const takes = change.action === "delete" || change.action === "replace";
  return takes || change.risks.length > 0 || refusals.has(change.step);
}
