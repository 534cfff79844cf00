import { join, relative, sep } from "node:path";
import type { Problem, ProblemCode, ProjectDocument } from "../planner/specs/index.ts";
import type { FileTree, FolderEntry } from "./file-tree.ts";

/** Folders that never hold specs and are slow to look through. */
const SKIPPED = new Set(["node_modules", ".git"]);

/** Makes a path for people. */
type Shown = (path: string) => string;

/** One pattern of the project's `specs`, taken apart. */
interface Pattern {
  text: string;
  index: number;
  /** The folder before the first `*`, relative to the project: the specs folder. */
  folder: string;
  matches: (path: string) => boolean;
}

/**
 * The files that the project's `specs` patterns find, as absolute paths. Nothing outside the specs folder is reached, neither by `..` nor
 * through links; and finding nothing is a problem, because to a plan "no specs" would mean "delete everything".
 */
export function findSpecs(
  projectFolder: string,
  project: ProjectDocument,
  shown: Shown,
  tree: FileTree,
): { files: string[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const files = new Set<string>();
  const patterns = project.spec.specs.flatMap((text, index) => {
    const pattern = parsePattern(text, index);
    if (pattern === undefined) problems.push(badPattern(project, text, index));
    return pattern ?? [];
  });
  for (const folder of new Set(patterns.map((pattern) => pattern.folder))) {
    const here = patterns.filter((pattern) => pattern.folder === folder);
    const matches = (path: string) => here.some((pattern) => pattern.matches(path));
    const walk = new Walk({ project: projectFolder, folder, matches, shown, tree });
    const found = walk.run();
    for (const file of found.files) files.add(file);
    problems.push(...found.problems);
    if (found.files.length === 0 && found.problems.length === 0) problems.push(nothingFound(project, here));
  }
  return { files: [...files], problems };
}

function badPattern(project: ProjectDocument, text: string, index: number): Problem {
  return {
    code: "specs.pattern",
    message: `the pattern ${JSON.stringify(text)} cannot be used`,
    at: project.at(["specs", index]),
    hint: "write a path below the project file's folder, with forward slashes, * for any characters of a name and ** for any folders",
  };
}

function nothingFound(project: ProjectDocument, patterns: readonly Pattern[]): Problem {
  const [first] = patterns;
  return {
    code: "specs.empty",
    message: `no file matches ${patterns.map(({ text }) => JSON.stringify(text)).join(" or ")}`,
    at: project.at(["specs", first?.index ?? 0]),
    hint: "an empty specs folder is never taken as a wish to delete everything: mend the pattern, or keep a spec",
  };
}

/** Taking `specs/**` + `/*.yaml` apart; undefined for what leaves the project or uses more than stars. */
function parsePattern(text: string, index: number): Pattern | undefined {
  const segments = text.replace(/^(\.\/)+/, "").split("/");
  const bad = segments.some((name) => name === "" || name === "." || name === ".." || /[?[\]{}!\\:]|\*{3}/.test(name));
  if (bad || segments.some((name) => name.includes("**") && name !== "**")) return undefined;
  const firstStar = segments.findIndex((name) => name.includes("*"));
  const folder = segments.slice(0, firstStar === -1 ? -1 : firstStar).join("/");
  // A name that begins with a dot is only found by a pattern that says the dot.
  const parts = segments.map((name, at) => {
    if (name !== "**") return `${name.startsWith("*") ? "(?!\\.)" : ""}${name.split("*").map(literal).join("[^/]*")}`;
    return at === segments.length - 1 ? "(?:(?!\\.)[^/]+/)*(?!\\.)[^/]+" : "(?:(?!\\.)[^/]+/)*";
  });
  const joined = parts
    .map((part, at) => (segments[at] === "**" || at === parts.length - 1 ? part : `${part}/`))
    .join("");
  const regex = new RegExp(`^${joined}$`);
  return { text, index, folder, matches: (path) => regex.test(path) };
}

function literal(text: string): string {
  return text.replace(/[.+^$()|]/g, "\\$&");
}

/** What is looked through, and for what. */
interface WalkThrough {
  readonly project: string;
  /** The specs folder, relative to the project. */
  readonly folder: string;
  readonly matches: (path: string) => boolean;
  readonly shown: Shown;
  readonly tree: FileTree;
}

/** One look through a specs folder. */
class Walk {
  readonly #files: string[] = [];
  readonly #problems: Problem[] = [];
  readonly #project: string;
  readonly #folder: string;
  readonly #matches: (path: string) => boolean;
  readonly #shown: Shown;
  readonly #tree: FileTree;
  #realFolder = "";

  constructor({ project, folder, matches, shown, tree }: WalkThrough) {
    this.#project = project;
    this.#folder = join(project, folder);
    this.#matches = matches;
    this.#shown = shown;
    this.#tree = tree;
  }

  run(): { files: string[]; problems: Problem[] } {
    const [folder, project] = [this.#tree.realPath(this.#folder), this.#tree.realPath(this.#project)];
    if (folder === undefined || project === undefined) {
      this.#refuse(
        this.#folder,
        "specs.empty",
        "there is no such specs folder",
        "make it, or mend specs in the project file",
      );
    } else if (isInside(folder, project)) {
      this.#realFolder = folder;
      this.#look(this.#folder);
    } else {
      this.#refuse(
        this.#folder,
        "file.link",
        "the specs folder is a link out of the project",
        "put the specs themselves there",
      );
    }
    return { files: this.#files, problems: this.#problems };
  }

  #look(folder: string): void {
    for (const entry of this.#entries(folder)) {
      const path = join(folder, entry.name);
      if (entry.kind === "link" && !this.#tree.followsLinks) this.#refuseForeign(path, "link");
      else if (entry.kind === "link") this.#lookThroughLink(path);
      else if (entry.kind === "submodule") this.#refuseForeign(path, "submodule");
      else if (entry.kind === "folder" && !SKIPPED.has(entry.name)) this.#look(path);
      else if (entry.kind === "file" && this.#wants(path)) this.#files.push(path);
    }
  }

  #entries(folder: string): readonly FolderEntry[] {
    try {
      return this.#tree.list(folder);
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/,.*/, "") : String(error);
      this.#refuse(folder, "specs.empty", `the folder cannot be read: ${reason}`);
      return [];
    }
  }

  /** A link may only name a file inside the specs folder. Linked folders inside it are found at their real place anyway. */
  #lookThroughLink(path: string): void {
    const kind = this.#tree.kindOf(path);
    const real = this.#tree.realPath(path);
    if (kind !== "folder" && !this.#wants(path)) return;
    if (kind === undefined || real === undefined) {
      this.#refuse(path, "file.unreadable", "this link leads to nothing", "mend or remove it");
    } else if (!isInside(real, this.#realFolder)) {
      this.#refuse(path, "file.link", "this link leads out of the specs folder", "put the file itself there");
    } else if (kind === "file") {
      this.#files.push(path);
    }
  }

  #refuseForeign(path: string, what: "link" | "submodule"): void {
    const message = `a ${what} stands in the specs folder; in a commit none is followed`;
    this.#refuse(path, "file.link", message, "put the specs themselves there");
  }

  #wants(path: string): boolean {
    return this.#matches(relative(this.#project, path).split(sep).join("/"));
  }

  #refuse(path: string, code: ProblemCode, message: string, hint?: string): void {
    const at = { file: this.#shown(path), line: 1, column: 1 };
    this.#problems.push({ code, message, at, ...(hint === undefined ? {} : { hint }) });
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
