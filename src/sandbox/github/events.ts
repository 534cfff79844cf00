import { simpleCommit } from "./commit-view.ts";
import { commitOf } from "./commits-git.ts";
import { testMerge } from "./pull-git.ts";
import { pullSimple, pullView } from "./pull-view.ts";
import { repositoryView } from "./repository-view.ts";
import { organizationView, repoPage, userView } from "./user-view.ts";
import type { GitHubEvent, MergeGroup, PullIssue, User, World } from "./world.ts";

/** Stands in an event for "there was no commit". */
export const noCommit = "0".repeat(40);

/** Adds an event to the list, in the shape of a webhook. */
export function emit(world: World, event: Omit<GitHubEvent, "id" | "actor">, actor: User | null): GitHubEvent {
  const sender = actor ?? world.home.owner;
  const payload = {
    ...event.payload,
    repository: repositoryView(world, world.home),
    organization: organizationView(world),
    sender: userView(world, sender),
  };
  const whole = { ...event, id: world.nextId(), actor: sender.login, payload };
  world.events.push(whole);
  return whole;
}

/** `opened`, `synchronize`, `closed`, `reopened`: runs on the test merge, or on the head when there is none. */
export function emitPull(world: World, issue: PullIssue, action: string, actor: User | null, more: object = {}): void {
  testMerge(world, issue);
  const payload = { action, number: issue.number, pull_request: pullView(world, issue), ...more };
  emit(world, { name: "pull_request", payload, ...pullPlace(issue) }, actor);
}

/** `submitted` or `dismissed`; the payload carries the pull request in its shorter form, and the state in small letters. */
export function emitReview(
  world: World,
  issue: PullIssue,
  action: string,
  review: { state: string },
  actor: User | null,
): void {
  testMerge(world, issue);
  const lower = { ...review, state: review.state.toLowerCase() };
  const payload = { action, review: lower, pull_request: pullSimple(world, issue) };
  emit(world, { name: "pull_request_review", payload, ...pullPlace(issue) }, actor);
}

function pullPlace({ number, pull }: PullIssue): { sha: string; ref: string } {
  return { sha: pull.mergeCommitSha ?? pull.headSha, ref: `refs/pull/${number}/merge` };
}

/** How a branch moved. */
export interface Move {
  before: string;
  after: string;
  forced: boolean;
}

/** A push to a branch; `after` is zeros when the branch went. */
export function emitPush(world: World, branch: string, { before, after, forced }: Move, pusher: User | null): void {
  const ref = `refs/heads/${branch}`;
  const gone = after === noCommit;
  const payload = {
    ref,
    before,
    after,
    created: before === noCommit,
    deleted: gone,
    forced,
    base_ref: null,
    compare: `${repoPage(world)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: [],
    head_commit: gone ? null : headCommit(world, after),
    pusher: { name: pusher?.login ?? "unknown", email: pusher?.email ?? null },
  };
  emit(world, { name: "push", payload, sha: after, ref }, pusher);
}

function headCommit(world: World, sha: string) {
  const commit = simpleCommit(commitOf(world.home.gitDir, sha));
  return { ...commit, distinct: true, url: `${repoPage(world)}/commit/${sha}`, added: [], removed: [], modified: [] };
}

/** The merge queue asks for checks on an entry's head. */
export function emitMergeGroup(world: World, group: MergeGroup): GitHubEvent {
  const payload = {
    action: "checks_requested",
    merge_group: {
      head_sha: group.headSha,
      head_ref: group.ref,
      base_sha: group.baseSha,
      base_ref: `refs/heads/${group.base}`,
      head_commit: simpleCommit(commitOf(world.home.gitDir, group.headSha)),
    },
  };
  return emit(world, { name: "merge_group", payload, sha: group.headSha, ref: group.ref }, group.user);
}

/** A schedule or a person's click: on the default branch as it is. */
export function emitPlain(
  world: World,
  name: "schedule" | "workflow_dispatch",
  workflow: string,
  actor: User | null,
): GitHubEvent {
  const sha = world.home.heads.get(world.defaultBranch) ?? noCommit;
  const ref = `refs/heads/${world.defaultBranch}`;
  const payload = { workflow, ...(name === "schedule" ? { schedule: "0 6 * * *" } : { inputs: null, ref }) };
  return emit(world, { name, payload, sha, ref }, actor);
}
