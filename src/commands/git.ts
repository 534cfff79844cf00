import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { CommandError } from "./options.ts";

/** One entry of a commit's tree. Paths of trees are relative to the repository, with forward slashes. */
export interface TreeEntry {
  readonly path: string;
  readonly kind: "file" | "link" | "submodule";
  readonly object: string;
  /** In bytes; 0 for a submodule. */
  readonly size: number;
}

/** A path that differs between two commits. A rename is a deletion and an addition. */
export interface ChangedPath {
  readonly path: string;
  readonly how: "added" | "deleted" | "changed";
}

/** A repository as data: nothing that stands in it is ever executed, and its working tree is never touched. */
export interface Git {
  /** The folder of the repository, spelled as the folder that it was opened from. */
  readonly root: string;
  /** The commit that a name stands for; a CommandError when there is none. */
  commitOf(ref: string): string;
  /** Whether a commit is here. */
  has(commit: string): boolean;
  /** As `commitOf`; what is not here is fetched from origin first. `refspec` where the server needs another name than the one that is asked for. */
  fetched(ref: string, refspec?: string): string;
  parentsOf(commit: string): readonly string[];
  /** Whether history ends somewhere because it was not fetched. */
  isShallow(): boolean;
  /** Whether one commit is another one or among its ancestors; in a shallow clone it may not be seen that it is. */
  isAncestor(from: string, to: string): boolean;
  /** The commits after `from` up to `to` along the first parents, oldest first. A CommandError when `from` is not among the ancestors. */
  firstParents(from: string, to: string): readonly string[];
  changedPaths(from: string, to: string): readonly ChangedPath[];
  /** Every file, link and submodule of a commit below a folder; "" is everything. */
  entries(commit: string, folder: string): readonly TreeEntry[];
  /** What these objects hold, by id: asked in one go. */
  objects(ids: readonly string[]): ReadonlyMap<string, Buffer>;
  /** Paths in the working tree that are tracked, or are not ignored. */
  workingPaths(): readonly string[];
}

/**
 * Nothing that a checked-out repository can bring along is run: no hooks, no file watcher, no pager, no diff programs, no remote helper that
 * is a command, no question on the terminal.
 */
const SAFE = [
  "--no-pager",
  "--literal-pathspecs",
  ...[
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.askPass=",
    "diff.external=",
    "protocol.ext.allow=never",
  ].flatMap((setting) => ["-c", setting]),
];
const ENVIRONMENT = { GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0", GIT_NO_REPLACE_OBJECTS: "1", LC_ALL: "C" };
/** Variables that would lead git to another repository than the folder's own. */
const MISLEADING = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_NAMESPACE",
  "GIT_EXTERNAL_DIFF",
];
const MOST_OUTPUT = 512 * 1024 * 1024;
const FETCH_DEPTH =
  "With actions/checkout set fetch-depth: 0, so that the whole history is there; elsewhere run git fetch --unshallow";

interface Said {
  readonly status: number | null;
  readonly out: Buffer;
  readonly err: string;
}

/** Opens the repository around a folder. A CommandError when git is not installed or there is none. */
export function openGit(cwd: string, env: Readonly<Record<string, string | undefined>>): Git {
  const run = (words: readonly string[], input?: string): Said => spawn(words, cwd, env, input);
  const found = run(["rev-parse", "--show-cdup", "--is-inside-work-tree"]);
  const [up = "", inside] = found.out.toString("utf8").split("\n");
  if (found.status !== 0 || inside !== "true")
    throw new CommandError(`${cwd} is not in a git repository: ${firstLine(found.err) || "it has no working tree"}`);
  return gitAt(resolve(cwd, up), run);
}

function gitAt(root: string, run: (words: readonly string[], input?: string) => Said): Git {
  const text = (words: readonly string[], what: string): string => {
    const { status, out, err } = run(words);
    if (status !== 0)
      throw new CommandError(`git cannot ${what}: ${firstLine(err)}${isShallow(run) ? `. ${FETCH_DEPTH}` : ""}`);
    return out.toString("utf8");
  };
  const found = (ref: string): string | undefined => {
    const { status, out } = run(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
    return status === 0 ? out.toString("utf8").trim() : undefined;
  };
  const commitOf = (ref: string): string => found(ref) ?? fail(missing(ref, run));
  return {
    root,
    commitOf,
    has: (commit) => found(commit) !== undefined,
    fetched: (ref, refspec = ref) => found(ref) ?? fetch(ref, refspec, run, found),
    parentsOf: (commit) =>
      text(["rev-list", "--parents", "-1", commitOf(commit)], `read ${commit}`)
        .trim()
        .split(" ")
        .slice(1),
    isShallow: () => isShallow(run),
    isAncestor: (from, to) => run(["merge-base", "--is-ancestor", commitOf(from), commitOf(to)]).status === 0,
    firstParents: (from, to) => firstParents(commitOf(from), commitOf(to), text, run),
    changedPaths: (from, to) => changedPaths(commitOf(from), commitOf(to), text),
    entries: (commit, folder) => entriesOf(commitOf(commit), folder, text),
    objects: (ids) => objectsOf(ids, run),
    workingPaths: () =>
      zeros(
        text(
          ["-C", root, "ls-files", "-z", "--full-name", "--cached", "--others", "--exclude-standard"],
          "list the working tree",
        ),
      ),
  };
}

function spawn(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  input?: string,
): Said {
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !MISLEADING.includes(name)));
  const { status, stdout, stderr, error } = spawnSync("git", [...SAFE, ...words], {
    cwd,
    env: { ...clean, ...ENVIRONMENT },
    maxBuffer: MOST_OUTPUT,
    ...(input === undefined ? {} : { input }),
  });
  if (error) {
    const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new CommandError(
      absent
        ? "git is not installed, or is not on the PATH: install it, or plan without --changed-since"
        : `git does not run: ${error.message}`,
    );
  }
  return { status, out: stdout, err: stderr.toString("utf8") };
}

function fetch(
  ref: string,
  refspec: string,
  run: (words: readonly string[]) => Said,
  found: (ref: string) => string | undefined,
): string {
  // A refspec that begins with a dash would be an option.
  const { status, err } = run([
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-recurse-submodules",
    "--no-auto-gc",
    "--end-of-options",
    "origin",
    refspec,
  ]);
  if (status !== 0) throw new CommandError(`${missing(ref, run)} (git fetch origin ${refspec}: ${firstLine(err)})`);
  return found(ref) ?? found("FETCH_HEAD") ?? fail(missing(ref, run));
}

function missing(ref: string, run: (words: readonly string[]) => Said): string {
  const shallow = isShallow(run)
    ? `: the clone is shallow. ${FETCH_DEPTH}`
    : ". Fetch it first, or name a branch, tag or commit that is here";
  return `git knows no commit "${ref}" in this repository${shallow}`;
}

const isShallow = (run: (words: readonly string[]) => Said): boolean =>
  run(["rev-parse", "--is-shallow-repository"]).out.toString("utf8").trim() === "true";

type Text = (words: readonly string[], what: string) => string;

function firstParents(from: string, to: string, text: Text, run: (words: readonly string[]) => Said): string[] {
  if (run(["merge-base", "--is-ancestor", from, to]).status !== 0) {
    const shallow = isShallow(run) ? ` in this shallow clone. ${FETCH_DEPTH}` : "";
    throw new CommandError(`${from} is not among the ancestors of ${to}${shallow}`);
  }
  const list = text(
    ["rev-list", "--first-parent", "--reverse", `${from}..${to}`],
    `list the commits from ${from} to ${to}`,
  );
  return list.split("\n").filter((line) => line !== "");
}

const HOW: { readonly [status: string]: ChangedPath["how"] } = { A: "added", D: "deleted" };

function changedPaths(from: string, to: string, text: Text): ChangedPath[] {
  const plain = ["--name-status", "-z", "--no-renames", "--no-ext-diff", "--no-textconv"];
  const words = zeros(text(["diff-tree", "-r", ...plain, from, to], `compare ${from} with ${to}`));
  return Array.from({ length: words.length / 2 }, (_, index) => ({
    path: words[2 * index + 1] ?? "",
    how: HOW[words[2 * index] ?? ""] ?? "changed",
  }));
}

const KINDS: { readonly [mode: string]: TreeEntry["kind"] } = { "120000": "link", "160000": "submodule" };

function entriesOf(commit: string, folder: string, text: Text): TreeEntry[] {
  const where = folder === "" ? [] : ["--", `${folder}/`];
  const lines = zeros(
    text(["ls-tree", "-r", "-z", "-l", "--full-tree", commit, ...where], `list the files of ${commit}`),
  );
  return lines.map((line) => {
    const tab = line.indexOf("\t");
    const [mode = "", , object = "", size = ""] = line.slice(0, tab).split(/ +/);
    return { path: line.slice(tab + 1), kind: KINDS[mode] ?? "file", object, size: Number(size) || 0 };
  });
}

/** The answers of `cat-file --batch`: a line `ID TYPE SIZE`, so many bytes, a newline. */
function objectsOf(
  ids: readonly string[],
  run: (words: readonly string[], input?: string) => Said,
): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const asked = [...new Set(ids)];
  if (asked.length === 0) return found;
  const { status, out, err } = run(["cat-file", "--batch"], `${asked.join("\n")}\n`);
  if (status !== 0) throw new CommandError(`git cannot read files of a commit: ${firstLine(err)}`);
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(0x0a, at);
    const [id = "", type = "", size = ""] = out.subarray(at, end).toString("utf8").split(" ");
    if (type === "missing") throw new CommandError(`git has lost object ${id}: fetch the commit again`);
    const from = end + 1;
    found.set(id, out.subarray(from, from + Number(size)));
    at = from + Number(size) + 1;
  }
  return found;
}

const zeros = (text: string): string[] => text.split("\0").filter((one) => one !== "");

const firstLine = (text: string): string => text.trim().split("\n")[0] ?? "";

function fail(message: string): never {
  throw new CommandError(message);
}
