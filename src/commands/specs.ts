import { styleText } from "node:util";
import type { Profiles } from "../planner/partners/profile.ts";
import {
  type ConnectionDocument,
  didYouMean,
  type ProjectDocument,
  parseProject,
  renderProblems,
  type SourceFile,
} from "../planner/specs/index.ts";
import { type FileTree, workingTree } from "./file-tree.ts";
import type { Io } from "./io.ts";
import { CommandError, type GlobalOptions } from "./options.ts";
import { readSchemas } from "./schema-files.ts";
import { loadSpecs } from "./spec-files.ts";

export interface Specs {
  readonly project: ProjectDocument;
  readonly connections: readonly ConnectionDocument[];
  /** The partner profiles that they may name. */
  readonly profiles: Profiles;
  /** Earlier versions of connections that a plan is about: what they have left behind is to be found. Absent: nobody compares with earlier ones. */
  readonly former?: readonly ConnectionDocument[];
}

/** Specs with the files that they were read from, as problems name them. */
export interface ReadSpecs extends Specs {
  readonly files: readonly string[];
}

/** Specs that may be planned from. Any problem ends the run, with all of them shown. */
export function specsToPlan(options: Pick<GlobalOptions, "project">, io: Io, tree: FileTree = workingTree): ReadSpecs {
  // The day does not matter here: a grant that has ended since it was written is no reason to stop, the plan revokes it.
  const loaded = loadSpecs(options, { cwd: io.cwd, now: () => new Date(0) }, tree);
  const { project, connections, profiles, sources } = loaded;
  if (project) return { project, connections, profiles, files: [...sources.keys()] };
  io.err(`${renderProblems(loaded.problems, loaded.sources, io.color ? styleText : undefined)}\n`);
  const count = loaded.problems.length;
  throw new CommandError(
    `${count} problem${count === 1 ? "" : "s"} in the specs: nothing was planned. \`landline validate\` shows them again after a correction`,
  );
}

/** A project to import into, with the files that it has already. */
export interface LoadedProject extends Specs {
  readonly sources: readonly SourceFile[];
}

/** As `specsToPlan`; but to import is also how a project comes to its first spec, so that having none is no problem. */
export function projectToImportInto(options: Pick<GlobalOptions, "project">, io: Io): LoadedProject {
  const loaded = loadSpecs(options, { cwd: io.cwd, now: () => new Date(0) });
  const written = [...loaded.sources].filter(([path]) => !loaded.profileFiles.includes(path));
  const files = written.map(([path, text]) => ({ path, text }));
  const [projectFile] = files;
  if (!loaded.project && projectFile && loaded.problems.every(({ code }) => code === "specs.empty")) {
    const { project } = parseProject(projectFile, readSchemas());
    if (project) return { project, connections: [], profiles: loaded.profiles, sources: [] };
  }
  const { project, connections, profiles } = specsToPlan(options, io);
  return { project, connections, profiles, sources: files.filter(({ path }) => path !== project.file) };
}

/** The names of `--only`, each one a connection of the project or one whose resources are to be found and removed. */
export function checkOnly(only: readonly string[] | undefined, { connections }: Specs): readonly string[] | undefined {
  if (!only || only.length === 0) return undefined;
  const names = connections.map(({ spec }) => spec.metadata.name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const meant = didYouMean(unknown, names);
    throw new CommandError(
      `no connection "${unknown}" in this project${meant ? `; did you mean "${meant}"?` : ""} (what a removed spec leaves behind is found by a plan without --only)`,
    );
  }
  return [...new Set(only)].sort();
}
