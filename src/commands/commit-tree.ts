import { dirname, join, relative, sep } from "node:path";
import type { FileTree, FolderEntry } from "./file-tree.ts";
import type { Git, TreeEntry } from "./git.ts";

/**
 * The files of a commit below a folder of the repository, under the paths that they would have if they were checked out. Nothing is written,
 * and no link is followed: what it leads to belongs to whoever made the commit.
 */
export function commitTree(git: Git, commit: string, folder: string): FileTree {
  const within = (path: string): string => relative(git.root, path).split(sep).join("/");
  const entries = new Map(git.entries(commit, within(folder)).map((entry) => [join(git.root, entry.path), entry]));
  const folders = foldersOf(entries, git.root);
  // The folder itself is there even when the commit has nothing below it yet.
  if (!folders.has(folder)) folders.set(folder, new Map());
  const read = new Map<string, Buffer>();
  const fileAt = (path: string): TreeEntry => {
    const entry = entries.get(path);
    if (entry?.kind === "file") return entry;
    throw new Error(
      entry ? `it is a ${entry.kind} in commit ${short(commit)}` : `no such file in commit ${short(commit)}`,
    );
  };
  const fetch = (paths: readonly string[]): void => {
    const files = paths.map((path) => ({ path, object: fileAt(path).object })).filter(({ path }) => !read.has(path));
    const objects = git.objects(files.map(({ object }) => object));
    for (const { path, object } of files) read.set(path, objects.get(object) ?? Buffer.alloc(0));
  };
  return {
    followsLinks: false,
    kindOf: (path) => (folders.has(path) ? "folder" : entries.get(path)?.kind === "file" ? "file" : undefined),
    realPath: (path) => (folders.has(path) || entries.get(path)?.kind === "file" ? path : undefined),
    list: (path) => [...(folders.get(path)?.values() ?? [])],
    sizeOf: (path) => fileAt(path).size,
    read(path) {
      fetch([path]);
      return read.get(path) ?? Buffer.alloc(0);
    },
    prepare: (paths) => fetch(paths.filter((path) => entries.get(path)?.kind === "file")),
  };
}

const short = (commit: string): string => commit.slice(0, 12);

/** Every folder with what lies in it. Git knows files only. */
function foldersOf(entries: ReadonlyMap<string, TreeEntry>, root: string): Map<string, Map<string, FolderEntry>> {
  const folders = new Map<string, Map<string, FolderEntry>>();
  const put = (path: string, kind: FolderEntry["kind"]): void => {
    const parent = dirname(path);
    const here = folders.get(parent) ?? new Map<string, FolderEntry>();
    const name = path.slice(parent.endsWith(sep) ? parent.length : parent.length + 1);
    const known = folders.has(parent);
    folders.set(parent, here.set(name, { name, kind }));
    if (!known && parent !== root && parent !== dirname(parent)) put(parent, "folder");
  };
  for (const [path, { kind }] of entries) put(path, kind);
  return folders;
}
