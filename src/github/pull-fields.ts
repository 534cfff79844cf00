import { at, commit, commitOrNull, flag, id, login, type Source, text, textOrNull } from "./fields.ts";
import type { PullRequest } from "./words.ts";

/**
 * A pull request out of an event (`prefix` is `pull_request.`) or out of any of the API's lists and single answers. All of them have
 * `merged_at`; `merged` is only in some.
 */
export function pullOf(source: Source, prefix = ""): PullRequest {
  const merged = textOrNull(source, `${prefix}merged_at`) !== null;
  return {
    number: id(source, `${prefix}number`),
    title: text(source, `${prefix}title`),
    state: text(source, `${prefix}state`) === "open" ? "open" : "closed",
    merged,
    draft: at(source, `${prefix}draft`) === undefined ? false : flag(source, `${prefix}draft`),
    author: login(source, `${prefix}user`),
    head: {
      sha: commit(source, `${prefix}head.sha`),
      ref: text(source, `${prefix}head.ref`),
      // Null when the fork was deleted.
      repository: textOrNull(source, `${prefix}head.repo.full_name`),
    },
    base: { sha: commit(source, `${prefix}base.sha`), ref: text(source, `${prefix}base.ref`) },
    // On an open pull request the same field is GitHub's trial merge.
    mergeCommit: merged ? commitOrNull(source, `${prefix}merge_commit_sha`) : null,
    url: text(source, `${prefix}html_url`),
  };
}
