import { dirname, relative, resolve, sep } from "node:path";
import { loadProfiles } from "../planner/partners/load.ts";
import type { Profiles } from "../planner/partners/profile.ts";
import {
  type ConnectionDocument,
  type Problem,
  type ProblemCode,
  type ProjectDocument,
  parseConnections,
  parseProject,
  type SourceFile,
  sortProblems,
} from "../planner/specs/index.ts";
import { type FileTree, workingTree } from "./file-tree.ts";
import type { Io } from "./io.ts";
import { shippedProfiles } from "./profile-files.ts";
import { readSchemas } from "./schema-files.ts";
import { findFiles } from "./spec-globs.ts";

/** The most a spec file may hold; a person writes a hundredth of it. */
const MOST_BYTES = 1_048_576;

/** What the project file and its specs say. With any problem nothing may be planned from them, so the project is not given then. */
export interface LoadedSpecs {
  /** There exactly when there are no problems. */
  project?: ProjectDocument;
  /** Sorted by name; empty when there are problems. */
  connections: ConnectionDocument[];
  /** The partner profiles that specs may name, ours and the project's own; empty when there are problems. */
  profiles: Profiles;
  problems: Problem[];
  /** How many spec files were read. */
  files: number;
  /** The profile files of the project, by the path that problems name. */
  profileFiles: readonly string[];
  /** The text of every file read, by the path that problems name: what `renderProblems` shows lines from. */
  sources: Map<string, string>;
}

/**
 * Reads the project file, all specs and profiles it names and the files of `paths` besides, and checks them all together.
 * `project` and `paths` are relative to `io.cwd`, and so are the paths in problems. The files come from `tree`; in a commit every link is refused.
 */
export function loadSpecs(
  options: { project: string; paths?: readonly string[] },
  io: Pick<Io, "cwd" | "now">,
  tree: FileTree = workingTree,
): LoadedSpecs {
  const reader = new SpecReader(io.cwd, tree);
  const projectPath = resolve(io.cwd, options.project);
  const projectFile = reader.read(projectPath, "run landline init to make one, or name it with --project");
  if (projectFile === undefined) return reader.failed([]);
  const schemas = readSchemas();
  const { project, problems } = parseProject(projectFile, schemas);
  if (project === undefined) return reader.failed(problems);

  const search = { folder: dirname(projectPath), project, shown: reader.shown, tree };
  const found = findFiles({ sort: "specs", ...search });
  const foundProfiles = findFiles({ sort: "partners", ...search });
  const own = reader.readAll(foundProfiles.files.sort());
  const known = loadProfiles({ shipped: shippedProfiles(), own }, schemas);
  const named = (options.paths ?? [])
    .map((path) => resolve(io.cwd, path))
    .filter((path) => tree.kindOf(path) !== "folder" && !foundProfiles.files.includes(path));
  const files = reader.readAll([...new Set([...found.files, ...named])].sort());
  const complete = found.problems.length === 0 && reader.problems.length === 0;
  const today = io.now().toISOString().slice(0, 10);
  const { profiles } = known;
  const profilesComplete = known.complete && foundProfiles.problems.length === 0 && reader.problems.length === 0;
  const parsed = parseConnections(files, project, { schemas, today, profiles, profilesComplete, complete });
  const counts = { files: files.length, profileFiles: own.map(({ path }) => path) };
  const all = [...problems, ...found.problems, ...foundProfiles.problems, ...known.problems, ...parsed.problems];
  if (all.length + reader.problems.length > 0) return reader.failed(all, counts);
  return { project, connections: parsed.connections, profiles, problems: [], ...counts, sources: reader.sources };
}

const NOTHING = { files: 0, profileFiles: [] };

/** Reads text files and keeps what went wrong, and every text for showing lines of it later. */
class SpecReader {
  readonly problems: Problem[] = [];
  readonly sources = new Map<string, string>();
  readonly #cwd: string;
  readonly #tree: FileTree;

  constructor(cwd: string, tree: FileTree) {
    this.#cwd = cwd;
    this.#tree = tree;
  }

  /** A path as people see it: relative to where they stand, with forward slashes. */
  readonly shown = (path: string): string => relative(this.#cwd, path).split(sep).join("/") || ".";

  /** The result when something is wrong. */
  failed(problems: readonly Problem[], counts: Pick<LoadedSpecs, "files" | "profileFiles"> = NOTHING): LoadedSpecs {
    const all = sortProblems([...this.problems, ...problems]);
    return { connections: [], profiles: new Map(), problems: all, ...counts, sources: this.sources };
  }

  /** The texts of those files that can be used. */
  readAll(paths: readonly string[]): SourceFile[] {
    this.#tree.prepare(paths.filter((path) => !this.#isTooLarge(path)));
    return paths.flatMap((path) => this.read(path) ?? []);
  }

  /** A file's text, or undefined with a problem when it cannot be used. */
  read(path: string, hint?: string): SourceFile | undefined {
    try {
      const size = this.#tree.sizeOf(path);
      if (size > MOST_BYTES) {
        const message = `the file holds ${size} bytes; at most ${MOST_BYTES} (1 MiB) are read`;
        return this.#refuse(path, "file.size", message, "split it into several files");
      }
      return this.#decode(path, this.#tree.read(path));
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/,.*/, "") : String(error);
      return this.#refuse(path, "file.unreadable", `the file cannot be read: ${reason}`, hint);
    }
  }

  /** Not where its size cannot be told: reading says why. */
  #isTooLarge(path: string): boolean {
    try {
      return this.#tree.sizeOf(path) > MOST_BYTES;
    } catch {
      return false;
    }
  }

  #decode(path: string, bytes: Buffer): SourceFile | undefined {
    const file = this.shown(path);
    const lossy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    this.sources.set(file, lossy);
    const encoded = Buffer.from(lossy);
    if (!encoded.equals(bytes)) {
      const offset = bytes.findIndex((byte, index) => byte !== encoded[index]);
      const lines = bytes.subarray(0, offset).toString("utf8").split("\n");
      const at = { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
      const message = `byte ${(bytes[offset] ?? 0).toString(16).padStart(2, "0")} is not UTF-8`;
      this.problems.push({ code: "file.encoding", message, at, hint: "save the file as UTF-8" });
      return undefined;
    }
    return { path: file, text: lossy };
  }

  #refuse(path: string, code: ProblemCode, message: string, hint?: string): undefined {
    const at = { file: this.shown(path), line: 1, column: 1 };
    this.problems.push({ code, message, at, ...(hint === undefined ? {} : { hint }) });
  }
}
