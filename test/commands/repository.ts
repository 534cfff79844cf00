import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A git repository for the length of a test. */
export interface Repository {
  readonly folder: string;
  /** Runs git there and gives what it printed. */
  git(...words: readonly string[]): string;
  /** Writes files (`undefined` removes one), commits everything and gives the commit. */
  commit(files: { readonly [path: string]: string | undefined }): string;
}

export function repository(at?: string): Repository {
  const folder = at ?? realpathSync(mkdtempSync(join(tmpdir(), "landline-repository-")));
  if (at === undefined) onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const person = ["-c", "user.name=Ada", "-c", "user.email=ada@users.example", "-c", "commit.gpgsign=false"];
  const git = (...words: readonly string[]) =>
    execFileSync("git", [...person, ...words], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  git("init", "-q", "-b", "main");
  return {
    folder,
    git,
    commit(files) {
      for (const [path, text] of Object.entries(files)) {
        if (text === undefined) rmSync(join(folder, path));
        else {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
      }
      git("add", "--all", ".");
      git("commit", "-q", "--allow-empty", "-m", "a change");
      return git("rev-parse", "HEAD");
    },
  };
}
