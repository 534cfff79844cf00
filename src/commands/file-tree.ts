import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";

/** What a folder holds under a name. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "submodule" | "other";
}

/**
 * Where project and specs are read from: the working tree, or a commit as if it were checked out. Paths are absolute. What cannot be read
 * throws an Error whose message is for people.
 */
export interface FileTree {
  /** Whether links may lead to files; where not, every link is refused. */
  readonly followsLinks: boolean;
  /** What a path is in the end, through links; undefined when it leads to nothing. */
  kindOf(path: string): "file" | "folder" | "other" | undefined;
  /** The path without links; undefined when it leads to nothing. */
  realPath(path: string): string | undefined;
  list(folder: string): readonly FolderEntry[];
  /** In bytes. */
  sizeOf(path: string): number;
  read(path: string): Buffer;
  /** These are going to be read, which may be cheaper in one go. */
  prepare(paths: readonly string[]): void;
}

/** The files as they lie in the working tree. */
export const workingTree: FileTree = {
  followsLinks: true,
  kindOf(path) {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) return undefined;
    return status.isDirectory() ? "folder" : status.isFile() ? "file" : "other";
  },
  realPath(path) {
    try {
      return realpathSync(path);
    } catch {
      return undefined;
    }
  },
  list: (folder) =>
    readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      kind: entry.isSymbolicLink() ? "link" : entry.isDirectory() ? "folder" : entry.isFile() ? "file" : "other",
    })),
  sizeOf: (path) => statSync(path).size,
  read: (path) => readFileSync(path),
  prepare() {},
};
