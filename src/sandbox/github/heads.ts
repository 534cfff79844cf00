import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Branches with their heads, read from git's files: this is looked at with every request, and starting git each time would be most of the
 * server's work. Git writes each ref into a file of its own and now and then gathers them in `packed-refs`; the file of its own wins.
 */
export function readHeads(gitDir: string): Map<string, string> {
  const heads = new Map<string, string>();
  readLoose(join(gitDir, "refs", "heads"), "", heads);
  // In this order: a ref that is being gathered right now is seen in one place or the other.
  for (const line of unlessGone(() => readFileSync(join(gitDir, "packed-refs"), "utf8"), "").split("\n")) {
    const [, sha, branch] = /^([0-9a-f]{40}) refs\/heads\/(.+)$/.exec(line) ?? [];
    if (sha !== undefined && branch !== undefined && !heads.has(branch)) heads.set(branch, sha);
  }
  return heads;
}

/** While git writes a ref, a `.lock` file lies beside it. */
function readLoose(directory: string, prefix: string, heads: Map<string, string>): void {
  for (const entry of unlessGone(() => readdirSync(directory, { withFileTypes: true }), [])) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) readLoose(path, `${prefix}${entry.name}/`, heads);
    else if (!entry.name.endsWith(".lock")) {
      const sha = unlessGone(() => readFileSync(path, "utf8"), "").trim();
      if (/^[0-9a-f]{40}$/.test(sha)) heads.set(prefix + entry.name, sha);
    }
  }
}

/** Git may remove a file between our seeing it and our reading it. */
function unlessGone<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return otherwise;
    throw error;
  }
}
