import { resolve, sep } from "node:path";
import { styleText } from "node:util";
import { type Problem, renderProblems } from "../planner/specs/index.ts";
import type { Io } from "./io.ts";
import { type LoadedSpecs, loadSpecs } from "./spec-files.ts";

/** What `landline validate [PATH...]` was asked. */
export interface ValidateOptions {
  /** The project file, relative to `io.cwd`. */
  project: string;
  /** Show only the problems of these files and folders; checked is always the whole project, because specs refer to each other. */
  paths: readonly string[];
  format: "text" | "json";
}

/** `landline validate`: checks all specs and the project's own partner profiles offline. 0 when there is nothing to say, 1 when there are problems. */
export async function validate(options: ValidateOptions, io: Io): Promise<number> {
  const loaded = loadSpecs(options, io);
  const strange = options.paths.filter((path) => !covers(path, loaded, io.cwd));
  if (strange.length > 0) {
    io.err(`no spec or profile of this project lies in ${strange.join(", ")}\n`);
    return 1;
  }
  const problems = loaded.problems.filter(isWanted(options, io.cwd));
  const counts = { connections: loaded.connections.length, files: loaded.files, profiles: loaded.profileFiles.length };
  if (options.format === "json") {
    io.out(`${JSON.stringify({ ok: problems.length === 0, ...counts, problems: problems.map(flat) }, null, 2)}\n`);
  } else if (problems.length > 0) {
    const color = io.color ? styleText : undefined;
    io.out(`${renderProblems(problems, loaded.sources, color)}\n${summary(problems)}\n`);
  } else if (loaded.problems.length > 0) {
    io.out(`no problems in ${options.paths.join(", ")}; ${summary(loaded.problems)} elsewhere in the project\n`);
  } else {
    const profiles = counts.profiles === 0 ? "" : `, ${count(counts.profiles, "partner profile")}`;
    io.out(`${count(counts.connections, "connection")} in ${count(counts.files, "file")}${profiles}: no problems\n`);
  }
  return problems.length === 0 ? 0 : 1;
}

/** A path that names nothing would otherwise be reported as free of problems. */
function covers(path: string, loaded: LoadedSpecs, cwd: string): boolean {
  const files = [...loaded.sources.keys(), ...loaded.problems.map(({ at }) => at.file)];
  return files.some((file) => isWithin(resolve(cwd, file), resolve(cwd, path)));
}

function isWanted({ project, paths }: ValidateOptions, cwd: string): (problem: Problem) => boolean {
  const wanted = [project, ...paths].map((path) => resolve(cwd, path));
  return ({ at }) => paths.length === 0 || wanted.some((path) => isWithin(resolve(cwd, at.file), path));
}

function isWithin(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}${sep}`);
}

function flat({ code, message, at, hint }: Problem) {
  return { code, message, ...at, ...(hint === undefined ? {} : { hint }) };
}

function summary(problems: readonly Problem[]): string {
  const files = new Set(problems.map(({ at }) => at.file)).size;
  return `${count(problems.length, "problem")} in ${count(files, "file")}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
