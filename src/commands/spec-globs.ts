import { join, relative, sep } from "node:path";
import type { Problem, ProblemCode, ProjectDocument } from "../planner/specs/index.ts";
import type { FileTree, FolderEntry } from "./file-tree.ts";

/** Folders that never hold specs and are slow to look through. */
const SKIPPED = new Set(["node_modules", ".git"]);

/** Makes a path for people. */
type Shown = (path: string) => string;

/** What the project file's patterns find. */
type Sort = "specs" | "partners";

/** How each sort is called, and what it means that there are none. */
const WORDS = {
  specs: {
    folder: "specs folder",
    put: "put the specs themselves there",
    none: "an empty specs folder is never taken as a wish to delete everything: mend the pattern, or keep a spec",
  },
  partners: {
    folder: "folder of partner profiles",
    put: "put the profiles themselves there",
    none: "leave partners out of the project file when it has no profiles of its own, or mend the pattern",
  },
} as const;

/** One pattern of the project file, taken apart. */
interface Pattern {
  text: string;
  index: number;
  /** The folder before the first `*`, relative to the project: the specs folder, say. */
  folder: string;
  matches: (path: string) => boolean;
}

/** Where to look, and for what. */
export interface Search {
  readonly sort: Sort;
  /** The folder of the project file. */
  readonly folder: string;
  readonly project: ProjectDocument;
  readonly shown: Shown;
  readonly tree: FileTree;
}

/**
 * The files that the project's patterns find, as absolute paths. Nothing outside the folders before the stars is reached, neither by `..`
 * nor through links; and finding nothing is a problem, because to a plan "no specs" would mean "delete everything".
 */
export function findFiles({ sort, folder: projectFolder, project, shown, tree }: Search): {
  files: string[];
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const files = new Set<string>();
  const patterns = (project.spec[sort] ?? []).flatMap((text, index) => {
    const pattern = parsePattern(text, index);
    if (pattern === undefined) problems.push(badPattern(sort, project, text, index));
    return pattern ?? [];
  });
  for (const folder of new Set(patterns.map((pattern) => pattern.folder))) {
    const here = patterns.filter((pattern) => pattern.folder === folder);
    const matches = (path: string) => here.some((pattern) => pattern.matches(path));
    const walk = new Walk({ sort, project: projectFolder, folder, matches, shown, tree });
    const found = walk.run();
    for (const file of found.files) files.add(file);
    problems.push(...found.problems);
    if (found.files.length === 0 && found.problems.length === 0) problems.push(nothingFound(sort, project, here));
  }
  return { files: [...files], problems };
}

function badPattern(sort: Sort, project: ProjectDocument, text: string, index: number): Problem {
  return {
    code: `${sort}.pattern`,
    message: `the pattern ${JSON.stringify(text)} cannot be used`,
    at: project.at([sort, index]),
    hint: "write a path below the project file's folder, with forward slashes, * for any characters of a name and ** for any folders",
  };
}

function nothingFound(sort: Sort, project: ProjectDocument, patterns: readonly Pattern[]): Problem {
  const [first] = patterns;
  return {
    code: `${sort}.empty`,
    message: `no file matches ${patterns.map(({ text }) => JSON.stringify(text)).join(" or ")}`,
    at: project.at([sort, first?.index ?? 0]),
    hint: WORDS[sort].none,
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
  readonly sort: Sort;
  readonly project: string;
  /** The folder to look through, relative to the project. */
  readonly folder: string;
  readonly matches: (path: string) => boolean;
  readonly shown: Shown;
  readonly tree: FileTree;
}

/** One look through a folder of specs or profiles. */
class Walk {
  readonly #files: string[] = [];
  readonly #problems: Problem[] = [];
  readonly #sort: Sort;
  readonly #project: string;
  readonly #folder: string;
  readonly #matches: (path: string) => boolean;
  readonly #shown: Shown;
  readonly #tree: FileTree;
  #realFolder = "";

  constructor({ sort, project, folder, matches, shown, tree }: WalkThrough) {
    this.#sort = sort;
    this.#project = project;
    this.#folder = join(project, folder);
    this.#matches = matches;
    this.#shown = shown;
    this.#tree = tree;
  }

  run(): { files: string[]; problems: Problem[] } {
    const [folder, project] = [this.#tree.realPath(this.#folder), this.#tree.realPath(this.#project)];
    if (folder === undefined || project === undefined) {
      const { folder: noun } = WORDS[this.#sort];
      const hint = `make it, or mend ${this.#sort} in the project file`;
      this.#refuse(this.#folder, `${this.#sort}.empty`, `there is no such ${noun}`, hint);
    } else if (isInside(folder, project)) {
      this.#realFolder = folder;
      this.#look(this.#folder);
    } else {
      const { folder: noun, put } = WORDS[this.#sort];
      this.#refuse(this.#folder, "file.link", `the ${noun} is a link out of the project`, put);
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
      this.#refuse(folder, `${this.#sort}.empty`, `the folder cannot be read: ${reason}`);
      return [];
    }
  }

  /** A link may only name a file inside the folder. Linked folders inside it are found at their real place anyway. */
  #lookThroughLink(path: string): void {
    const kind = this.#tree.kindOf(path);
    const real = this.#tree.realPath(path);
    if (kind !== "folder" && !this.#wants(path)) return;
    if (kind === undefined || real === undefined) {
      this.#refuse(path, "file.unreadable", "this link leads to nothing", "mend or remove it");
    } else if (!isInside(real, this.#realFolder)) {
      this.#refuse(
        path,
        "file.link",
        `this link leads out of the ${WORDS[this.#sort].folder}`,
        "put the file itself there",
      );
    } else if (kind === "file") {
      this.#files.push(path);
    }
  }

  #refuseForeign(path: string, what: "link" | "submodule"): void {
    const { folder, put } = WORDS[this.#sort];
    this.#refuse(path, "file.link", `a ${what} stands in the ${folder}; in a commit none is followed`, put);
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
