import { git, run } from "./git.ts";

/** A file or a directory at a commit. */
export interface Entry {
  path: string;
  sha: string;
  /** Bytes; 0 for a directory. */
  size: number;
  type: "file" | "dir";
  /** What a directory holds, one level deep. */
  entries?: Entry[];
}

/** What is at a path; undefined when there is nothing. */
export function entryAt(gitDir: string, commit: string, path: string): Entry | undefined {
  const [entry] = listed(gitDir, commit, path);
  if (entry?.type !== "dir") return entry;
  return { ...entry, entries: listed(gitDir, commit, `${path}/`) };
}

/** Lines of `ls-tree -l`: mode, type, id, size, path. `:(literal)` paths would not keep the slash at the end, so globbing is off for all. */
function listed(gitDir: string, commit: string, path: string): Entry[] {
  const text = git(gitDir, "--literal-pathspecs", "ls-tree", "-l", "-z", commit, path);
  return text
    .split("\0")
    .filter(Boolean)
    .map((line) => {
      const [meta = "", name = ""] = line.split("\t", 2);
      const [, type, sha = "", size = ""] = meta.split(/ +/);
      return { path: name, sha, size: Number(size) || 0, type: type === "tree" ? "dir" : "file" };
    });
}

/** The bytes of a file. */
export function readBlob(gitDir: string, sha: string): Buffer {
  return run(gitDir, ["cat-file", "blob", sha]).out;
}
