import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { type ProjectDocument, parseProject } from "../../planner/specs/index.ts";
import type { Io } from "../io.ts";
import { readSchemas } from "../schema-files.ts";
import { loadSpecs } from "../spec-files.ts";
import { type Seen, seen, unseen } from "./check.ts";

/** What can be seen without asking anybody. */
export interface LocalFacts {
  readonly node: { readonly version: string; readonly least: string };
  readonly git: Seen<GitFacts>;
  /** Absent when the project file cannot be used. */
  readonly project?: ProjectDocument;
  readonly specs: { readonly connections: number; readonly problems: readonly SpecProblem[] };
}

export interface GitFacts {
  readonly version: string;
  /** Absolute; absent outside of a repository. */
  readonly root?: string;
  /** Whether the history is cut off: earlier commits are not here. */
  readonly shallow: boolean;
}

export interface SpecProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Looks at the machine and at the project's files. `project` is relative to `io.cwd`. */
export async function lookLocal(options: { readonly project: string }, io: Io): Promise<LocalFacts> {
  const loaded = loadSpecs(options, io);
  const project = loaded.project ?? projectAlone(loaded.sources);
  return {
    node: { version: process.versions.node, least: leastNode() },
    git: await lookAtGit(io.cwd),
    ...(project ? { project } : {}),
    specs: {
      connections: loaded.connections.length,
      problems: loaded.problems.map(({ at, message }) => ({ file: at.file, line: at.line, message })),
    },
  };
}

/** A sound project file is worth looking at even when a spec has problems. The first file read is the project file. */
function projectAlone(sources: ReadonlyMap<string, string>): ProjectDocument | undefined {
  for (const [path, text] of sources) {
    const { project } = parseProject({ path, text }, readSchemas());
    return project && !project.partial ? project : undefined;
  }
  return undefined;
}

/** The version that our package asks for: `>=20.19` is `20.19`. */
function leastNode(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { engines: { node: string } }).engines.node.replace(/^\D*/, "");
}

const run = promisify(execFile);

/** Asks git, which runs nothing of the repository's: no hooks, no file-system monitor, no prompts. */
async function lookAtGit(cwd: string): Promise<Seen<GitFacts>> {
  const git = async (...words: readonly string[]): Promise<string> => {
    const safe = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];
    const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
    const { stdout } = await run("git", [...safe, ...words], { cwd, env, timeout: 10_000 });
    return stdout.trim();
  };
  let version: string;
  try {
    version = (await git("--version")).replace(/^git version /, "");
  } catch {
    return unseen("git is not installed, or not in PATH", "install git 2.30 or later");
  }
  try {
    const [root = "", shallow = ""] = (await git("rev-parse", "--show-toplevel", "--is-shallow-repository")).split(
      "\n",
    );
    return seen({ version, root, shallow: shallow === "true" });
  } catch {
    return seen({ version, shallow: false });
  }
}
