import { commitOf } from "./commits-git.ts";
import { emitPull, emitPush, type Move, noCommit } from "./events.ts";
import { git, isAncestor } from "./git.ts";
import { readHeads } from "./heads.ts";
import { diffDigest, testMerge, updateHeadRef } from "./pull-git.ts";
import { isPull } from "./pull-view.ts";
import { dismissReview } from "./review-states.ts";
import { userByEmail } from "./user-view.ts";
import type { Activity, Place, PullIssue, User, World } from "./world.ts";

/** Heads of the merge queue are the queue's own business. */
const queuePrefix = "gh-readonly-queue/";

/** Who is known to have pushed what. */
export interface Known {
  user: User;
  place: Place;
  branch: string;
}

/** Looks which branches moved since the last time, here and in the forks, and does what GitHub does on a push. */
export function look(world: World, known?: Known): void {
  for (const place of [world.home, ...world.forks]) {
    const now = readHeads(place.gitDir);
    const before = place.heads;
    place.heads = now;
    for (const branch of new Set([...before.keys(), ...now.keys()])) {
      const [was, is] = [before.get(branch), now.get(branch)];
      if (was !== is && !branch.startsWith(queuePrefix)) {
        const pusher = known?.place === place && known.branch === branch ? known.user : undefined;
        moved(world, place, branch, was, is, pusher);
      }
    }
  }
}

/** Looks, and makes the test merges of all open pull requests; a single request makes only those that it shows. */
export function lookAtAll(world: World): void {
  look(world);
  for (const issue of openPulls(world)) testMerge(world, issue);
}

function moved(
  world: World,
  place: Place,
  branch: string,
  was: string | undefined,
  is: string | undefined,
  by?: User,
): void {
  const pusher = by ?? (is === undefined ? null : userByEmail(world, commitOf(place.gitDir, is).committer.email));
  const forced = was !== undefined && is !== undefined && !isAncestor(place.gitDir, was, is);
  const move: Move = { before: was ?? noCommit, after: is ?? noCommit, forced };
  if (!place.fork) {
    record(world, branch, move, typeOf(move), pusher);
    emitPush(world, branch, move, pusher);
  }
  for (const issue of openPulls(world)) {
    const { head } = issue.pull;
    if (head.place === place && head.branch === branch) headMoved(world, issue, is, pusher);
  }
  if (!place.fork && is !== undefined) tellPullsInto(world, branch, is, pusher);
}

/** Tells every open pull request into this branch that the branch moved. */
export function tellPullsInto(world: World, branch: string, sha: string, by: User | null): void {
  for (const issue of openPulls(world)) if (issue.pull.base === branch) baseMoved(world, issue, sha, by);
}

function typeOf({ before, after, forced }: Move): Activity["type"] {
  if (before === noCommit) return "branch_creation";
  if (after === noCommit) return "branch_deletion";
  return forced ? "force_push" : "push";
}

/** Writes a move of a branch into the repository's activity. */
export function record(world: World, branch: string, move: Move, type: Activity["type"], actor: User | null): void {
  const { before, after } = move;
  const ref = `refs/heads/${branch}`;
  world.activity.push({ id: world.nextId(), before, after, ref, timestamp: world.clock.iso(), type, actor });
}

/** A pull request whose branch is deleted is closed; any other push is a `synchronize`. */
function headMoved(world: World, issue: PullIssue, head: string | undefined, pusher: User | null): void {
  if (head === undefined) {
    closePull(world, issue, pusher);
    return;
  }
  const before = issue.pull.headSha;
  issue.pull.headSha = head;
  issue.updatedAt = world.clock.iso();
  updateHeadRef(world, issue);
  dismissStale(world, issue, pusher);
  emitPull(world, issue, "synchronize", pusher, { before, after: head });
}

/** Commits that reach the base by a plain push count as merged, as on GitHub. */
function baseMoved(world: World, issue: PullIssue, base: string, pusher: User | null): void {
  const { gitDir } = world.home;
  const before = issue.pull.baseSha;
  if (isAncestor(gitDir, issue.pull.headSha, base) && !isAncestor(gitDir, issue.pull.headSha, before)) {
    markMerged(world, issue, firstWith(gitDir, issue.pull.headSha, before, base), pusher);
    return;
  }
  issue.pull.baseSha = base;
  dismissStale(world, issue, pusher);
}

/** The commit on the base's own line that brought the head in. */
function firstWith(gitDir: string, head: string, before: string, after: string): string {
  const line = git(gitDir, "rev-list", "--first-parent", "--reverse", `${before}..${after}`).split("\n");
  return line.find((sha) => isAncestor(gitDir, head, sha)) ?? after;
}

/** The diff is what was approved: when it changes, the approval goes. A head that moves without changing the diff keeps it. */
function dismissStale(world: World, issue: PullIssue, by: User | null): void {
  if (!world.rules.get(issue.pull.base)?.dismissStale) return;
  const approvals = world.reviews.filter(({ number, state }) => number === issue.number && state === "APPROVED");
  if (approvals.length === 0) return;
  const digest = diffDigest(world, issue.pull);
  for (const review of approvals) if (review.diff !== digest) dismissReview(world, issue, review, by);
}

/** Closes a pull request that was not merged. */
export function closePull(world: World, issue: PullIssue, by: User | null): void {
  issue.state = "closed";
  issue.closedAt = world.clock.iso();
  issue.updatedAt = issue.closedAt;
  issue.closedBy = by;
  emitPull(world, issue, "closed", by);
}

/** Closes a pull request as merged into this commit. */
export function markMerged(world: World, issue: PullIssue, sha: string, by: User | null): void {
  Object.assign(issue.pull, { merged: true, mergedAt: world.clock.iso(), mergedBy: by, mergeCommitSha: sha });
  closePull(world, issue, by);
}

export function openPulls(world: World): PullIssue[] {
  return [...world.issues.values()].filter(isPull).filter(({ state }) => state === "open");
}
