import { basename, dirname, relative, resolve, sep } from "node:path";
import { everything, type Scope, scopeOf, type Version } from "../planner/changed/index.ts";
import { commitTree } from "./commit-tree.ts";
import { type FileTree, workingTree } from "./file-tree.ts";
import { type Git, openGit } from "./git.ts";
import type { Io } from "./io.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { loadSpecs } from "./spec-files.ts";
import { type ReadSpecs, type Specs, specsToPlan } from "./specs.ts";

/** What a plan is made of, and of which connections; `only` is absent where it is about all of them. */
export interface Planned {
  readonly specs: Specs;
  readonly only: readonly string[] | undefined;
}

/** The part of a project that a change reaches. */
export interface Changed extends Planned {
  /** Why each connection is in it. */
  readonly scope: Scope;
  /** The commit that was compared with. */
  readonly base: string;
  /** The version there: a policy that a change weakens is still the one that judges it. Absent when it cannot be read. */
  readonly before?: Version;
}

/** Specs with where they came from. */
export interface Head {
  readonly specs: ReadSpecs;
  readonly tree: FileTree;
  /** Every path of the tree, absolute. Asked for only when a spec is missed. */
  paths(): readonly string[];
}

/** What the difference between a commit and the working tree reaches. */
export function changedSince(ref: string, specs: ReadSpecs, options: Pick<GlobalOptions, "project">, io: Io): Changed {
  const git = openGit(dirname(resolve(io.cwd, options.project)), io.env);
  const paths = () => git.workingPaths().map((path) => resolve(git.root, path));
  return changedFrom(git, git.commitOf(ref), { specs, tree: workingTree, paths }, options, io);
}

/** The project and its specs as a commit has them, read without touching the working tree. */
export function headAt(git: Git, commit: string, options: Pick<GlobalOptions, "project">, io: Io): Head {
  const folder = dirname(resolve(io.cwd, options.project));
  const tree = commitTree(git, commit, folder);
  const paths = () => git.entries(commit, "").map(({ path }) => resolve(git.root, path));
  return { specs: specsToPlan(options, io, tree), tree, paths };
}

/**
 * What the step from a commit to these specs reaches. Specs that are gone although nobody has deleted them are an error: nothing is deleted
 * because a pattern or a folder changed.
 */
export function changedFrom(
  git: Git,
  base: string,
  head: Head,
  options: Pick<GlobalOptions, "project">,
  io: Io,
): Changed {
  const { specs } = head;
  const read = readBase(git, base, options, io);
  if (typeof read === "string") return { specs, only: undefined, scope: everything(specs.connections, read), base };
  const scope = scopeOf(read, specs);
  refuseVanished(read, scope, head, io.cwd);
  if (scope.everything) return { specs, only: undefined, scope, base, before: read };
  const only = scope.reached.map(({ name }) => name);
  const former = read.connections.filter(({ spec }) => only.includes(spec.metadata.name));
  return { specs: { ...specs, former }, only, scope, base, before: read };
}

/** The version to compare with, or why there is none to be had: then nothing can be left out. */
function readBase(git: Git, commit: string, options: Pick<GlobalOptions, "project">, io: Io): Version | string {
  const projectPath = resolve(io.cwd, options.project);
  const tree = commitTree(git, commit, dirname(projectPath));
  const short = commit.slice(0, 12);
  if (tree.kindOf(projectPath) === undefined) return `there is no ${options.project} in ${short}`;
  const { project, connections, profiles, problems } = loadSpecs(
    options,
    { cwd: io.cwd, now: () => new Date(0) },
    tree,
  );
  if (project) return { project, connections, profiles };
  const [first] = problems;
  const where = first ? `, the first in ${first.at.file}:${first.at.line}` : "";
  return `the specs of ${short} have ${problems.length === 1 ? "a problem" : `${problems.length} problems`}${where}`;
}

/** So many lost connections are named in the message. */
const NAMED = 10;

function refuseVanished(base: Version, scope: Scope, head: Head, cwd: string): void {
  const removed = base.connections.filter(({ spec }) => scope.removed.includes(spec.metadata.name));
  const lost = removed.flatMap(({ file, spec: { metadata } }) => {
    const at = whereItIs(resolve(cwd, file), metadata.name, head, cwd);
    return at === undefined ? [] : [`${metadata.name} (${file}${at})`];
  });
  if (lost.length === 0) return;
  const more = lost.length > NAMED ? ` and ${lost.length - NAMED} more` : "";
  const what = lost.length === 1 ? "1 connection has" : `${lost.length} connections have`;
  throw new CommandError(
    `${what} no spec any more, though nobody has deleted it: ${lost.slice(0, NAMED).join(", ")}${more}. ` +
      `Mend specs in ${head.specs.project.file} or move the files back; to remove a connection delete its file, or take it out of it`,
    EXIT.refused,
  );
}

/** Where a spec that is not read any more still lies; undefined when it is really gone. */
function whereItIs(path: string, name: string, { specs, tree, paths }: Head, cwd: string): string | undefined {
  const read = new Set(specs.files.map((file) => resolve(cwd, file)));
  if (tree.kindOf(path) === "file") return read.has(path) ? undefined : ", which no pattern of specs matches";
  const moved = paths().find(
    (other) => basename(other) === basename(path) && !read.has(other) && says(tree, other, name),
  );
  return moved === undefined
    ? undefined
    : ` is now ${relative(cwd, moved).split(sep).join("/")}, which no pattern of specs matches`;
}

function says(tree: FileTree, path: string, name: string): boolean {
  if (tree.kindOf(path) !== "file") return false;
  return new RegExp(`\\bname:\\s*["']?${name}["']?\\s*([,}#]|$)`, "m").test(tree.read(path).toString("utf8"));
}

/** So many connections are named in a line of progress; the plan shows them all. */
const LISTED = 20;

/** How many connections a plan is about and why, for people. */
export function scopeWords({ scope, base }: Changed, { connections }: Specs): string {
  const since = `the changes since ${base.slice(0, 12)}`;
  const total = connections.length === 1 ? "1 connection" : `${connections.length} connections`;
  const [first] = scope.reached;
  if (scope.everything) return `${since} reach all ${total}${first ? `: ${first.why}` : ""}`;
  if (!first) return `${since} reach none of ${total}`;
  const lines = scope.reached.slice(0, LISTED).map(({ name, why }) => `${name} (${why})`);
  const more = scope.reached.length > LISTED ? ` and ${scope.reached.length - LISTED} more` : "";
  return `${since} reach ${scope.reached.length} of ${total}: ${lines.join(", ")}${more}`;
}
