import { mergeabilityOf } from "../../github/mergeability.ts";
import type { PullRequest } from "../../github/words.ts";
import { type MergeResult, treeOf } from "./merge-result.ts";
import type { Ci, CiOptions } from "./open.ts";

/** An open pull request merged into its base as that stands now; or why there is no such merge. */
export type Trial = { readonly merge: MergeResult } | "conflict" | NotNow;

export interface NotNow {
  readonly notNow: string;
  /** Whether it is none of our business any more; otherwise asking later may help. */
  readonly settled: boolean;
}

/** Seconds to wait before asking again: GitHub makes the merge after the first question, which takes it a moment. */
const PATIENCE = [1, 2, 4, 8];

/**
 * GitHub's trial merge of a pull request, read from git's objects.
 * @param base the merge must be into this commit of the base branch or a later one
 */
export async function trialOf(
  ci: Pick<Ci, "git" | "github" | "io">,
  { number, head }: PullRequest,
  base: string,
  options: Pick<CiOptions, "project">,
): Promise<Trial> {
  for (const seconds of [...PATIENCE, undefined]) {
    const { pull, mergeable, trial } = await mergeabilityOf(ci.github, number);
    if (pull.state !== "open") return { notNow: "it is closed by now", settled: true };
    if (pull.head.sha !== head.sha)
      return { notNow: "it was pushed to since; the run of that push plans it", settled: true };
    if (mergeable === false) return "conflict";
    const merge = mergeable && trial !== null ? mergeAt(ci, number, trial, options) : undefined;
    if (merge && merge.head === head.sha && ci.git.isAncestor(base, merge.result.base)) return { merge: merge.result };
    if (seconds !== undefined) await ci.github.pause(seconds);
  }
  return { notNow: "GitHub has not merged it on trial with the newest base yet; run the job again", settled: false };
}

function mergeAt(ci: Pick<Ci, "git" | "io">, number: number, trial: string, options: Pick<CiOptions, "project">) {
  const commit = ci.git.fetched(trial, `refs/pull/${number}/merge`);
  const [base, head] = ci.git.parentsOf(commit);
  return base === undefined ? undefined : { head, result: { commit, base, ...treeOf(ci, commit, options) } };
}
