import { ask, run } from "./git.ts";

/** A name, an e-mail and a moment, as git keeps them. */
export interface Signature {
  name: string;
  email: string;
  /** Seconds since 1970. */
  at: number;
}

/** A commit as git has it. */
export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

const format = ["%H", "%T", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%B"].join("%x1f");

/** Commits that `git log` gives for these arguments (commits by their full ids), in its order. */
export function log(gitDir: string, ...args: string[]): Commit[] {
  const text = ask(gitDir, ["log", "-z", `--format=${format}`, ...args, "--"]).out.toString("utf8");
  return text.split("\0").filter(Boolean).map(parse);
}

/** One commit by its id. */
export function commitOf(gitDir: string, sha: string): Commit {
  const [commit] = log(gitDir, "-1", sha);
  if (!commit) throw new Error(`git has no commit ${sha}`);
  return commit;
}

function parse(text: string): Commit {
  const [sha = "", tree = "", parents = "", an = "", ae = "", at = "", cn = "", ce = "", ct = "", ...rest] =
    text.split("\x1f");
  return {
    sha,
    tree,
    parents: parents.split(" ").filter(Boolean),
    author: { name: an, email: ae, at: Number(at) },
    committer: { name: cn, email: ce, at: Number(ct) },
    message: rest.join("\x1f").trimEnd(),
  };
}

/** Writes a commit object. By hand, because `git commit-tree` takes author and committer from the environment only. */
export function writeCommit(gitDir: string, commit: Omit<Commit, "sha">): string {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signature(commit.author)}`,
    `committer ${signature(commit.committer)}`,
  ];
  const text = `${lines.join("\n")}\n\n${commit.message}\n`;
  const { out } = run(gitDir, ["hash-object", "-t", "commit", "-w", "--stdin"], text);
  return out.toString("utf8").trim();
}

function signature({ name, email, at }: Signature): string {
  return `${name} <${email}> ${at} +0000`;
}
