import type { GitHub } from "./client.ts";
import { answer, at } from "./fields.ts";
import { pullOf } from "./pull-fields.ts";
import type { PullRequest } from "./words.ts";

/** A pull request and what GitHub makes of merging it. */
export interface Mergeability {
  readonly pull: PullRequest;
  /** Null while GitHub is still trying: asking is what starts it, so ask again. */
  readonly mergeable: boolean | null;
  /** GitHub's trial merge, `refs/pull/N/merge`; of an older base while `mergeable` is null. */
  readonly trial: string | null;
}

/**
 * Whether a pull request could be merged. The trial merge is not made anew when its base moves, but when somebody asks for this very pull
 * request: https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-your-git-database#checking-mergeability-of-pull-requests
 */
export async function mergeabilityOf({ octokit, repository }: GitHub, number: number): Promise<Mergeability> {
  const { owner, name: repo } = repository;
  const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
  const source = answer(data);
  const [mergeable, trial] = [at(source, "mergeable"), at(source, "merge_commit_sha")];
  return {
    pull: pullOf(source),
    mergeable: typeof mergeable === "boolean" ? mergeable : null,
    trial: typeof trial === "string" ? trial : null,
  };
}
