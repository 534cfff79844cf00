import { ask } from "./git.ts";

/** One changed file between two commits. */
export interface ChangedFile {
  path: string;
  /** For a rename: where it was. */
  previous?: string;
  status: "added" | "removed" | "modified" | "renamed" | "changed";
  /** The blob as it is afterwards, or was when it is removed. */
  blob: string;
  additions: number;
  deletions: number;
}

const words: Record<string, ChangedFile["status"]> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  T: "changed",
};

/** Changed files in git's order, renames found. */
export function changedFiles(gitDir: string, from: string, to: string): ChangedFile[] {
  const lines = countsByPath(diff(gitDir, "--numstat", "-z", "-M", from, to));
  const fields = diff(gitDir, "--raw", "-z", "-M", "--no-abbrev", from, to).split("\0");
  const files: ChangedFile[] = [];
  while (fields.length > 1) {
    const [, , before = "", after = "", letter = ""] = (fields.shift() ?? "").split(" ");
    const status = words[letter.charAt(0)] ?? "changed";
    const first = fields.shift() ?? "";
    const path = status === "renamed" ? (fields.shift() ?? "") : first;
    const counts = lines.get(path) ?? { additions: 0, deletions: 0 };
    const blob = status === "removed" ? before : after;
    files.push({ path, status, blob, ...counts, ...(status === "renamed" ? { previous: first } : {}) });
  }
  return files;
}

/** What `git diff` prints about two commits given by their full ids. */
export function diff(gitDir: string, ...args: string[]): string {
  return ask(gitDir, ["diff", ...args]).out.toString("utf8");
}

/** `12\t3\tpath\0`, or for a rename `12\t3\t\0old\0new\0`. */
function countsByPath(text: string): Map<string, { additions: number; deletions: number }> {
  const fields = text.split("\0");
  const found = new Map<string, { additions: number; deletions: number }>();
  while (fields.length > 1) {
    const [added = "", removed = "", name = ""] = (fields.shift() ?? "").split("\t");
    const path = name === "" ? (fields.splice(0, 2)[1] ?? "") : name;
    found.set(path, { additions: Number(added) || 0, deletions: Number(removed) || 0 });
  }
  return found;
}
