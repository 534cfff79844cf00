import { dirname, resolve } from "node:path";
import type { PullRequest } from "../../github/words.ts";
import { commitTree } from "../commit-tree.ts";
import { type FileTree, workingTree } from "../file-tree.ts";
import { CommandError } from "../options.ts";
import type { Ci, CiOn, CiOptions } from "./open.ts";

/** The events that are about one pull request. */
export const PULL_EVENTS = ["pull_request", "pull_request_review", "pull_request_target"] as const;
export type CiOnPull = CiOn<(typeof PULL_EVENTS)[number]>;

/** A pull request as it would be merged: GitHub's trial merge of its head into its base. */
export interface MergeResult {
  readonly commit: string;
  /** The base that was merged into. */
  readonly base: string;
  /** The files of the merge. */
  readonly tree: FileTree;
  /** Every path of it, absolute. */
  paths(): readonly string[];
}

/**
 * The trial merge that an event is about. On `pull_request` it is checked out. On `pull_request_target` the base branch is, so that nothing
 * of the pull request is ever run, and the merge is read from git's objects.
 * @throws CommandError when it is not the merge of the head that the event tells of
 */
export function mergeResult(ci: CiOnPull, options: Pick<CiOptions, "project">): MergeResult {
  return ci.run.event.name === "pull_request_target" ? fetchedMerge(ci, options) : checkedOutMerge(ci);
}

/** The same from git's objects alone, where links lead nowhere: for specs of strangers. */
export function mergeAsData(ci: CiOnPull, options: Pick<CiOptions, "project">): MergeResult {
  const { commit, base } = mergeResult(ci, options);
  return { commit, base, ...treeOf(ci, commit, options) };
}

function checkedOutMerge({ git, run }: CiOnPull): MergeResult {
  const { pull } = run.event;
  const commit = git.commitOf("HEAD");
  const [base, head] = git.parentsOf(commit);
  if (commit !== run.sha || base === undefined || head !== pull.head.sha)
    throw new CommandError(notTheMerge(commit, pull));
  return { commit, base, tree: workingTree, paths: () => git.workingPaths().map((path) => resolve(git.root, path)) };
}

function notTheMerge(commit: string, { number, head }: PullRequest): string {
  return (
    `the checkout is at ${short(commit)}, which is not GitHub's merge of ${short(head.sha)} (pull request ${number}) into its base. ` +
    "Check out without `ref:` and with `fetch-depth: 0`, and plan before anything is committed"
  );
}

function fetchedMerge(ci: CiOnPull, options: Pick<CiOptions, "project">): MergeResult {
  const { number, head } = ci.run.event.pull;
  const commit = mergeRef(ci, number);
  const [base, second] = ci.git.parentsOf(commit);
  if (base === undefined || second !== head.sha)
    throw new CommandError(
      `GitHub's merge of pull request ${number} is of ${short(second ?? commit)}, this run is for ${short(head.sha)}: ` +
        "either there was another push, whose own run plans it, or the branch conflicts with its base and has to be brought up to date",
    );
  return { commit, base, ...treeOf(ci, commit, options) };
}

function mergeRef({ git }: CiOnPull, number: number): string {
  try {
    return git.fetched(`refs/pull/${number}/merge`);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(
      `GitHub has no merge of pull request ${number}: most likely its branch conflicts with its base and has to be brought up to date (${error.message})`,
    );
  }
}

/** The files of a commit, from git's objects. */
export function treeOf({ git, io }: Pick<Ci, "git" | "io">, commit: string, { project }: Pick<CiOptions, "project">) {
  const tree = commitTree(git, commit, dirname(resolve(io.cwd, project)));
  return { tree, paths: () => git.entries(commit, "").map(({ path }) => resolve(git.root, path)) };
}

const short = (commit: string): string => commit.slice(0, 12);
