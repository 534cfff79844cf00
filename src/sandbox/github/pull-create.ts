import { has } from "./access.ts";
import { bodyOf } from "./body.ts";
import type { Call } from "./call.ts";
import { type ApiError, forbidden, invalid } from "./errors.ts";
import { emitPull } from "./events.ts";
import { nextNumber } from "./find.ts";
import { isAncestor } from "./git.ts";
import { checkedTitle } from "./issues.ts";
import { updateHeadRef } from "./pull-git.ts";
import { openPulls } from "./pushes.ts";
import { checkBody } from "./text-limits.ts";
import type { Place, Pull, PullIssue, World } from "./world.ts";

/** Opens a pull request from a branch here or in a fork (`owner:branch`). */
export function openPull(call: Call): PullIssue {
  const { world, caller } = call;
  if (caller.app?.slug === "github-actions" && !world.actionsMayPropose) {
    throw forbidden("GitHub Actions is not permitted to create or approve pull requests.");
  }
  const body = bodyOf(call, "PullRequest");
  const base = body.requiredText("base");
  const head = headOf(world, body.requiredText("head"));
  const [headSha, baseSha] = [head.place.heads.get(head.branch), world.home.heads.get(base)];
  if (baseSha === undefined) throw invalid("PullRequest", "base");
  if (headSha === undefined) throw invalid("PullRequest", "head");
  const text = body.text("body") ?? null;
  if (text !== null) checkBody("PullRequest", text);
  const title = checkedTitle(body.requiredText("title"));
  refuseSecond(world, head, base);
  // An app that may only write pull requests still has to see what it proposes.
  if (caller.app && world.private && !has(caller, { contents: "read" })) throw invalid("PullRequest", "head");
  const pull: Pull = { head, base, headSha, baseSha, draft: body.flag("draft", false), ...unmerged };
  const number = nextNumber(world);
  const now = world.clock.iso();
  const issue: PullIssue = {
    id: world.nextId(),
    number,
    title,
    body: text,
    user: caller.user,
    ...(caller.app === undefined ? {} : { app: caller.app }),
    ...{ state: "open", stateReason: null, labels: [], createdAt: now, updatedAt: now, closedAt: null, closedBy: null },
    pull: { ...pull, requestedReviewers: [] },
  };
  updateHeadRef(world, issue);
  if (isAncestor(world.home.gitDir, headSha, baseSha)) throw noCommits(base, head.branch);
  world.issues.set(number, issue);
  emitPull(world, issue, "opened", caller.user);
  return issue;
}

const unmerged = {
  tested: "",
  mergeable: null,
  mergeCommitSha: null,
  merged: false,
  mergedAt: null,
  mergedBy: null,
  requestedReviewers: [],
};

function headOf(world: World, text: string): { place: Place; branch: string } {
  const [owner, branch] = text.includes(":") ? text.split(":", 2) : [world.home.owner.login, text];
  const place = [world.home, ...world.forks].find((known) => known.owner.login === owner);
  if (!place || branch === undefined) throw invalid("PullRequest", "head");
  return { place, branch };
}

function refuseSecond(world: World, head: { place: Place; branch: string }, base: string): void {
  const same = openPulls(world).find(
    ({ pull }) => pull.base === base && pull.head.place === head.place && pull.head.branch === head.branch,
  );
  if (!same) return;
  const name = `${head.place.owner.login}:${head.branch}`;
  throw invalid("PullRequest", "head", "custom", `A pull request already exists for ${name}.`);
}

function noCommits(base: string, head: string): ApiError {
  return invalid("PullRequest", "base", "custom", `No commits between ${base} and ${head}`);
}
