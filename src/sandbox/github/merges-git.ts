import { commitOf, log, type Signature, writeCommit } from "./commits-git.ts";
import { git, mergeBase, run } from "./git.ts";
import type { MergeMethod } from "./world.ts";

/** Who merges what with which words. */
export interface MergeInput {
  base: string;
  head: string;
  message: string;
  author: Signature;
  committer: Signature;
}

/** The tree of both together; undefined on conflict. */
export function mergedTree(gitDir: string, base: string, head: string): string | undefined {
  if (mergeBase(gitDir, base, head) === undefined) return undefined;
  const { status, out } = run(gitDir, ["merge-tree", "--write-tree", base, head]);
  return status === 0 ? out.toString("utf8").slice(0, 40) : undefined;
}

/** The new head of the base after merging one way or another; undefined on conflict. */
export function merge(gitDir: string, method: MergeMethod, input: MergeInput): string | undefined {
  return method === "rebase" ? replay(gitDir, input) : join(gitDir, method, input);
}

function join(gitDir: string, method: "merge" | "squash", input: MergeInput): string | undefined {
  const tree = mergedTree(gitDir, input.base, input.head);
  if (tree === undefined) return undefined;
  const parents = method === "merge" ? [input.base, input.head] : [input.base];
  return writeCommit(gitDir, { ...input, tree, parents });
}

/** Each commit of the head again on top of the base. Merges in between are left out, as GitHub does. */
function replay(gitDir: string, input: MergeInput): string | undefined {
  let onto = input.base;
  for (const commit of log(gitDir, "--reverse", "--topo-order", "--no-merges", `${input.base}..${input.head}`)) {
    const tree = pickedTree(gitDir, onto, commit.sha, commit.parents[0]);
    if (tree === undefined) return undefined;
    onto = writeCommit(gitDir, { ...commit, tree, parents: [onto], committer: input.committer });
  }
  return onto;
}

/**
 * What a cherry-pick gives. git 2.39 cannot be told the merge base, so a commit is made that has the tree of `onto` and the
 * picked commit's parent: the base of these two is that parent.
 */
function pickedTree(gitDir: string, onto: string, picked: string, parent: string | undefined): string | undefined {
  if (parent === undefined) return undefined;
  const target = commitOf(gitDir, onto);
  return mergedTree(gitDir, writeCommit(gitDir, { ...target, parents: [parent] }), picked);
}

/** A tree with one file put in its place. */
export function treeWithFile(gitDir: string, commit: string, path: string, content: Uint8Array): string {
  const blob = run(gitDir, ["hash-object", "-w", "--stdin"], content).out.toString("utf8").trim();
  return putEntry(gitDir, `${commit}^{tree}`, path.split("/"), `100644 blob ${blob}`);
}

/** Without an index file, which would need git's environment: level by level through `ls-tree` and `mktree`. */
function putEntry(gitDir: string, tree: string | undefined, path: readonly string[], leaf: string): string {
  const [name = "", ...deeper] = path;
  const entries = tree === undefined ? [] : git(gitDir, "ls-tree", "-z", tree).split("\0").filter(Boolean);
  const present = entries.find((entry) => nameOf(entry) === name);
  const below = present?.includes(" tree ") ? present.slice(12, 52) : undefined;
  const entry = deeper.length === 0 ? leaf : `040000 tree ${putEntry(gitDir, below, deeper, leaf)}`;
  const others = entries.filter((other) => other !== present);
  const input = [...others, `${entry}\t${name}`].map((line) => `${line}\0`).join("");
  return run(gitDir, ["mktree", "-z"], input).out.toString("utf8").trim();
}

function nameOf(entry: string): string {
  return entry.slice(entry.indexOf("\t") + 1);
}
