import { bodyOf } from "./body.ts";
import { type Answer, type Call, ok, type Route } from "./call.ts";
import { signatureOf } from "./contents.ts";
import { ApiError } from "./errors.ts";
import { emitPush } from "./events.ts";
import { pullAt } from "./find.ts";
import { moveRef } from "./git.ts";
import { checkRules } from "./merge-rules.ts";
import { merge } from "./merges-git.ts";
import { look, markMerged, record, tellPullsInto } from "./pushes.ts";
import type { Activity, MergeMethod, PullIssue, User, World } from "./world.ts";

/** Merging a pull request into its base, for real: the branch in git moves. */
export const mergeRoutes: Route[] = [
  {
    method: "PUT",
    template: "/repos/{owner}/{repo}/pulls/{pull_number}/merge",
    needs: [{ contents: "write" }],
    role: "write",
    handle: mergePull,
  },
];

function mergePull(call: Call): Answer {
  const { world, caller } = call;
  const issue = pullAt(call);
  const body = bodyOf(call, "PullRequest");
  const method = body.oneOf("merge_method", ["merge", "squash", "rebase"]) ?? "merge";
  const sha = body.text("sha");
  if (sha !== undefined && sha !== issue.pull.headSha) {
    throw new ApiError(409, "Head branch was modified. Review and try the merge again.");
  }
  if (issue.state !== "open" || issue.pull.draft) throw new ApiError(405, "Pull Request is not mergeable");
  checkRules(world, issue, caller.user);
  const words = { title: body.text("commit_title"), message: body.text("commit_message") };
  const merged = mergeCommit(world, issue, method, issue.pull.baseSha, caller.user, words);
  if (merged === undefined) throw new ApiError(405, "Pull Request is not mergeable");
  land(world, issue, merged, caller.user, "pr_merge");
  return ok({ sha: merged, merged: true, message: "Pull Request successfully merged" });
}

/** Makes the commit or commits that a merge puts on the base, without moving the branch; undefined on conflict. */
export function mergeCommit(
  world: World,
  issue: PullIssue,
  method: MergeMethod,
  base: string,
  by: User,
  words: { title?: string | undefined; message?: string | undefined } = {},
): string | undefined {
  const at = Math.floor(world.clock.now() / 1000);
  const { head, headSha } = issue.pull;
  const squash = method === "squash";
  const title =
    words.title ??
    (squash
      ? `${issue.title} (#${issue.number})`
      : `Merge pull request #${issue.number} from ${head.place.owner.login}/${head.branch}`);
  const message = words.message ?? (squash ? "" : issue.title);
  return merge(world.home.gitDir, method, {
    base,
    head: headSha,
    message: message === "" ? title : `${title}\n\n${message}`,
    // A squashed commit belongs to who opened the pull request; the merge itself to who pressed the button.
    author: signatureOf(squash ? issue.user : by, at),
    committer: method === "rebase" ? signatureOf(by, at) : { name: "GitHub", email: "noreply@github.com", at },
  });
}

/** Moves the base to the merge and closes the pull request as merged. */
export function land(world: World, issue: PullIssue, sha: string, by: User, type: Activity["type"]): void {
  const { base } = issue.pull;
  const before = world.home.heads.get(base) ?? issue.pull.baseSha;
  const move = { before, after: sha, forced: false };
  if (!moveRef(world.home.gitDir, `refs/heads/${base}`, before, sha)) {
    throw new ApiError(405, "Base branch was modified. Review and try the merge again.");
  }
  world.home.heads.set(base, sha);
  record(world, base, move, type, by);
  emitPush(world, base, move, by);
  markMerged(world, issue, sha, by);
  tellPullsInto(world, base, sha, by);
  look(world);
}
