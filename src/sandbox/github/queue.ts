import { emitMergeGroup, emitPush } from "./events.ts";
import { setRef } from "./git.ts";
import { missingChecks } from "./merge-rules.ts";
import { mergeCommit } from "./merging.ts";
import { isPull } from "./pull-view.ts";
import { markMerged, record, tellPullsInto } from "./pushes.ts";
import type { GitHubEvent, MergeGroup, MergeMethod, PullIssue, User, World } from "./world.ts";

/** Puts a pull request at the end of its base's merge queue and asks for checks on the group's head. @throws Error on conflict */
export function enqueue(
  world: World,
  number: number,
  by: User,
  method: MergeMethod = "merge",
): { group: MergeGroup; event: GitHubEvent } {
  const issue = openPull(world, number);
  const { base } = issue.pull;
  const ahead = world.queue.findLast((group) => group.base === base);
  const baseSha = ahead?.headSha ?? issue.pull.baseSha;
  const headSha = mergeCommit(world, issue, method, baseSha, by);
  if (headSha === undefined)
    throw new Error(`pull request ${number} conflicts with ${base} or with what is queued before it`);
  const ref = `refs/heads/gh-readonly-queue/${base}/pr-${number}-${baseSha}`;
  setRef(world.home.gitDir, ref, headSha);
  const group: MergeGroup = { number, ref, headSha, baseSha, base, user: by, method };
  world.queue.push(group);
  return { group, event: emitMergeGroup(world, group) };
}

/**
 * Moves the base forward to this entry's head, which holds all entries before it; the entries leave the queue, merged.
 * @throws Error while a required check of the group's head is not green
 */
export function landQueue(world: World, number: number): string {
  const last = world.queue.findIndex((group) => group.number === number);
  const group = world.queue[last];
  if (!group) throw new Error(`pull request ${number} is not in the merge queue`);
  const missing = missingChecks(world, group.headSha, world.rules.get(group.base)?.requiredChecks ?? []);
  if (missing.length > 0) throw new Error(`the merge queue waits for ${missing.join(", ")} on ${group.headSha}`);
  const landed = world.queue.splice(0, last + 1);
  const before = landed[0]?.baseSha ?? group.baseSha;
  const move = { before, after: group.headSha, forced: false };
  setRef(world.home.gitDir, `refs/heads/${group.base}`, group.headSha);
  world.home.heads.set(group.base, group.headSha);
  record(world, group.base, move, "merge_queue_merge", group.user);
  emitPush(world, group.base, move, group.user);
  for (const entry of landed) landEntry(world, entry);
  tellPullsInto(world, group.base, group.headSha, group.user);
  return group.headSha;
}

function landEntry(world: World, { number, baseSha, headSha, ref, user }: MergeGroup): void {
  const issue = openPull(world, number);
  issue.pull.baseSha = baseSha;
  setRef(world.home.gitDir, ref, undefined);
  markMerged(world, issue, headSha, user);
}

/** Takes an entry out; those after it are built anew on what is left, as GitHub does. */
export function dequeue(world: World, number: number): void {
  const place = world.queue.findIndex((group) => group.number === number);
  if (place < 0) throw new Error(`pull request ${number} is not in the merge queue`);
  const removed = world.queue.splice(place);
  for (const { ref } of removed) setRef(world.home.gitDir, ref, undefined);
  for (const { number: next, user, method } of removed.slice(1)) enqueue(world, next, user, method);
}

function openPull(world: World, number: number): PullIssue {
  const issue = world.issues.get(number);
  if (!issue || !isPull(issue) || issue.state !== "open") throw new Error(`there is no open pull request ${number}`);
  return issue;
}
