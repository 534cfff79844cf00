import { dirname, resolve } from "node:path";
import { type Problem, type ProjectDocument, parseProject, renderProblems } from "../../planner/specs/index.ts";
import { commitTree } from "../commit-tree.ts";
import { readSchemas } from "../schema-files.ts";
import { type LoadedSpecs, loadSpecs } from "../spec-files.ts";
import type { ReadSpecs } from "../specs.ts";
import type { MergeResult } from "./merge-result.ts";
import type { Ci, CiOptions } from "./open.ts";

/** The specs of a pull request as it would be merged, or what is wrong with them. */
export type ReadMerge = KnownProject & ({ readonly specs: ReadSpecs } | { readonly problems: readonly Problem[] });

/** The project as far as it is known: the one of the base where the pull request's own cannot be read; undefined where neither can. */
export interface KnownProject {
  readonly project: ProjectDocument | undefined;
}

/** Reads them. Problems are shown in the log, with their lines. */
export function readMerge(ci: Pick<Ci, "git" | "io">, { tree, base }: MergeResult, options: CiOptions): ReadMerge {
  // As in every plan the day does not matter: what has ended since it was written is no mistake.
  const loaded = loadSpecs(options, { cwd: ci.io.cwd, now: () => new Date(0) }, tree);
  const { project, connections, profiles, problems, sources } = loaded;
  if (project) return { project, specs: { project, connections, profiles, files: [...sources.keys()] } };
  ci.io.err(`${renderProblems(problems, sources)}\n`);
  return { project: projectAlone(loaded) ?? projectAlone(loadBase(ci, base, options)), problems };
}

/** A commit's specs, read from git's objects. */
export function loadBase({ git, io }: Pick<Ci, "git" | "io">, commit: string, options: CiOptions): LoadedSpecs {
  const tree = commitTree(git, commit, dirname(resolve(io.cwd, options.project)));
  return loadSpecs(options, { cwd: io.cwd, now: () => new Date(0) }, tree);
}

/** A sound project file is known even when a spec has problems. The first file read is the project file. */
export function projectAlone({ project, sources }: LoadedSpecs): ProjectDocument | undefined {
  if (project) return project;
  const [first] = sources;
  if (!first) return undefined;
  const read = parseProject({ path: first[0], text: first[1] }, readSchemas());
  return read.problems.length === 0 ? read.project : undefined;
}
