import type { Change, Plan } from "../../model.ts";
import { compareText } from "../collections.ts";
import type { FileChange, PlanFile } from "../writers/json.ts";

/** How a plan differs from the one that was reviewed, operation by operation; each list in the order of its plan. */
export interface Delta {
  readonly onlyReviewed: readonly FileChange[];
  readonly onlyFresh: readonly Change[];
  /** The same step with another digest, or refused in one of the two. */
  readonly changed: readonly { readonly reviewed: FileChange; readonly fresh: Change }[];
}

type Operation = Pick<FileChange, "address" | "step" | "digest" | "refused">;

/** What was reviewed as a file holds it against what would be done now. */
export function deltaOf(reviewed: readonly FileChange[], fresh: Pick<Plan, "changes">): Delta {
  const stays = new Set(fresh.changes.map(wordOf));
  const known = new Set(reviewed.map(wordOf));
  const open = reviewed.filter((change) => !stays.has(wordOf(change)));
  const news = fresh.changes.filter((change) => !known.has(wordOf(change)));
  const byStep = new Map(open.map((change) => [stepOf(change), change]));
  const now = new Set(news.map(stepOf));
  return {
    onlyReviewed: open.filter((change) => !now.has(stepOf(change))),
    onlyFresh: news.filter((change) => !byStep.has(stepOf(change))),
    changed: news.flatMap((change) => {
      const before = byStep.get(stepOf(change));
      return before ? [{ reviewed: before, fresh: change }] : [];
    }),
  };
}

/**
 * Whether a plan would do what the reviewed one would: by its id (the same digests in the same order), or against the plan itself (the same
 * digests in any order, and of these the same ones refused).
 */
export function sameOperations(
  reviewed: Pick<PlanFile, "changes"> | string,
  fresh: Pick<Plan, "planId" | "changes">,
): boolean {
  if (typeof reviewed === "string") return reviewed === fresh.planId;
  const [before, now] = [reviewed.changes, fresh.changes].map((changes) => changes.map(wordOf).sort(compareText));
  return before?.join("\n") === now?.join("\n");
}

const stepOf = ({ step, address }: Operation): string => step ?? address;

/** Of several objects at an address the step of one may be called otherwise once another is gone; its digest stays. */
const wordOf = ({ digest, refused }: Operation): string => (refused === undefined ? digest : `${digest} refused`);
