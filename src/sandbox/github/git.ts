import { spawnSync } from "node:child_process";

const mebibyte = 1024 * 1024;

/** Runs git in a bare repository. Synchronous on purpose: a request is handled in one piece, so nothing can come in between. */
export function run(
  gitDir: string,
  args: readonly string[],
  input?: string | Uint8Array,
): { status: number; out: Buffer } {
  const done = spawnSync("git", ["--git-dir", gitDir, "-c", "core.hooksPath=/dev/null", ...args], {
    input: input ?? "",
    maxBuffer: 512 * mebibyte,
  });
  if (done.error) throw done.error;
  if (done.status === null || done.status > 1) throw new GitError(args, done.stderr.toString("utf8"));
  return { status: done.status, out: done.stdout };
}

const answers = new Map<string, { status: number; out: Buffer }>();

/**
 * Like `run`, for questions about commits given by their full ids: the answer can never change, so git is asked once. Starting a process
 * is what costs time here.
 */
export function ask(gitDir: string, args: readonly string[]): { status: number; out: Buffer } {
  const key = [gitDir, ...args].join("\0");
  const known = answers.get(key) ?? run(gitDir, args);
  answers.set(key, known);
  return known;
}

/** git itself refused. */
export class GitError extends Error {
  constructor(args: readonly string[], stderr: string) {
    super(`git ${args.join(" ")}: ${stderr.trim()}`);
  }
}

/** What git printed, without the newline at the end. @throws GitError when it did not succeed */
export function git(gitDir: string, ...args: string[]): string {
  const { status, out } = run(gitDir, args);
  if (status !== 0) throw new GitError(args, `exit ${status}`);
  return out.toString("utf8").replace(/\n$/, "");
}

/** The full commit id behind a branch, a tag, `refs/…` or an id; undefined when there is none. */
export function resolveCommit(gitDir: string, ref: string): string | undefined {
  const wanted =
    /^[0-9a-f]{7,40}$/.test(ref) || ref.startsWith("refs/") ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  for (const name of wanted) {
    if (!/^[\w./@+-]+$/.test(name)) continue;
    const { status, out } = run(gitDir, ["rev-parse", "--quiet", "--verify", "--end-of-options", `${name}^{commit}`]);
    if (status === 0) return out.toString("utf8").trim();
  }
  return undefined;
}

/** Whether one commit is in the history of another; both by their full ids. */
export function isAncestor(gitDir: string, older: string, newer: string): boolean {
  return ask(gitDir, ["merge-base", "--is-ancestor", older, newer]).status === 0;
}

/** Newest common commit of two, by their full ids; undefined for unrelated histories. */
export function mergeBase(gitDir: string, one: string, other: string): string | undefined {
  const { status, out } = ask(gitDir, ["merge-base", one, other]);
  return status === 0 ? out.toString("utf8").trim() : undefined;
}

/** Points a ref at a commit, or removes it. */
export function setRef(gitDir: string, ref: string, sha: string | undefined): void {
  if (sha === undefined) git(gitDir, "update-ref", "-d", ref);
  else git(gitDir, "update-ref", ref, sha);
}

/** Moves a ref only if it is where it was thought to be; false when somebody else was faster. */
export function moveRef(gitDir: string, ref: string, from: string, to: string): boolean {
  try {
    git(gitDir, "update-ref", ref, to, from);
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}

/** Brings a commit of another repository (a fork) over, under the given ref. */
export function fetchCommit(gitDir: string, from: string, sha: string, ref: string): void {
  git(gitDir, "fetch", "--quiet", "--no-tags", from, `+${sha}:${ref}`);
}
