import { createHash } from "node:crypto";
import { type Commit, log as gitLog, writeCommit } from "./commits-git.ts";
import { diff } from "./diff-git.ts";
import { fetchCommit, mergeBase, run, setRef } from "./git.ts";
import { mergedTree } from "./merges-git.ts";
import type { Pull, PullIssue, World } from "./world.ts";

/** Where the pull request left the base; its diff counts from there, not from the base's head. */
export function startOf(world: World, { baseSha, headSha }: Pull): string {
  return mergeBase(world.home.gitDir, baseSha, headSha) ?? baseSha;
}

/** The pull request's own commits, oldest first. */
export function log(world: World, pull: Pull): Commit[] {
  return gitLog(world.home.gitDir, "--reverse", "--topo-order", `${startOf(world, pull)}..${pull.headSha}`);
}

/** How much it changes. */
export function diffStat(world: World, pull: Pull) {
  const lines = diff(world.home.gitDir, "--numstat", startOf(world, pull), pull.headSha).split("\n").filter(Boolean);
  const sum = (column: number): number =>
    lines.reduce((total, line) => total + (Number(line.split("\t")[column]) || 0), 0);
  return { additions: sum(0), deletions: sum(1), changed_files: lines.length };
}

/** Digest of what a reviewer sees; GitHub calls an approval stale when this changes. */
export function diffDigest(world: World, pull: Pull): string {
  const text = diff(world.home.gitDir, "--no-color", "--full-index", startOf(world, pull), pull.headSha);
  return createHash("sha256").update(text).digest("hex");
}

/** Brings `refs/pull/N/head` to where the branch is, from a fork too. */
export function updateHeadRef(world: World, { number, pull }: PullIssue): void {
  const ref = `refs/pull/${number}/head`;
  const { gitDir } = pull.head.place;
  if (gitDir === world.home.gitDir) setRef(gitDir, ref, pull.headSha);
  else fetchCommit(world.home.gitDir, gitDir, pull.headSha, ref);
}

/**
 * Makes the test merge, `refs/pull/N/merge`, unless these two heads were tried already. On conflict there is none, and the old one goes:
 * GitHub then starts no workflows for the pull request.
 */
export function testMerge(world: World, { number, pull, user }: PullIssue): void {
  const tested = `${pull.baseSha} ${pull.headSha}`;
  if (pull.merged || pull.tested === tested) return;
  const { gitDir } = world.home;
  const tree = mergedTree(gitDir, pull.baseSha, pull.headSha);
  const at = Math.floor(world.clock.now() / 1000);
  const author = { name: user.login, email: user.email, at };
  const committer = { name: "GitHub", email: "noreply@github.com", at };
  const message = `Merge ${pull.headSha} into ${pull.baseSha}`;
  const parents = [pull.baseSha, pull.headSha];
  const sha = tree === undefined ? undefined : writeCommit(gitDir, { tree, parents, author, committer, message });
  pull.tested = tested;
  pull.mergeable = sha !== undefined;
  pull.mergeCommitSha = sha ?? null;
  if (sha !== undefined || refExists(gitDir, `refs/pull/${number}/merge`))
    setRef(gitDir, `refs/pull/${number}/merge`, sha);
}

function refExists(gitDir: string, ref: string): boolean {
  return run(gitDir, ["show-ref", "--verify", "--quiet", ref]).status === 0;
}
