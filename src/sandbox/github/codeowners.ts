import { mayAs } from "./access.ts";
import { entryAt, readBlob } from "./tree-git.ts";
import type { World } from "./world.ts";

/** Where GitHub looks, first found first. */
const places = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** GitHub's complaints about a CODEOWNERS file: owners that do not exist or may not write, patterns it does not know. */
export function codeownersErrors(world: World, sha: string): object[] | undefined {
  for (const path of places) {
    const entry = entryAt(world.home.gitDir, sha, path);
    if (entry?.type !== "file") continue;
    const lines = readBlob(world.home.gitDir, entry.sha).toString("utf8").split("\n");
    return lines.flatMap((line, index) => lineErrors(world, path, line, index + 1));
  }
  return undefined;
}

function lineErrors(world: World, path: string, source: string, line: number): object[] {
  const text = source.replace(/(^|\s)#.*$/, "");
  const [pattern, ...owners] = text.trim().split(/\s+/);
  if (!pattern) return [];
  const error = (kind: string, at: string, suggestion: string) => {
    const column = source.indexOf(at) + 1;
    const message = `${kind} on line ${line}: ${suggestion}\n\n  ${source}\n  ${" ".repeat(column - 1)}^`;
    return { line, column, kind, source: `${source}\n`, suggestion, message, path };
  };
  if (pattern.startsWith("!") || /[[\]]/.test(pattern)) {
    return [error("Invalid pattern", pattern, "negation and character ranges do not work in a CODEOWNERS file")];
  }
  return owners
    .filter((owner) => !ownerKnown(world, owner))
    .map((owner) =>
      owner.startsWith("@")
        ? error("Unknown owner", owner, `make sure ${owner} exists and has write access to the repository`)
        : error("Invalid owner", owner, "owners are @user, @org/team or an e-mail"),
    );
}

function ownerKnown(world: World, owner: string): boolean {
  if (/^[^@\s]+@[^@\s]+$/.test(owner)) return true;
  const [, first = "", team] = /^@([^/\s]+)(?:\/(\S+))?$/.exec(owner) ?? [];
  if (team !== undefined) return first === world.home.owner.login && world.teams.some(({ slug }) => slug === team);
  const user = world.users.find(({ login }) => login.toLowerCase() === first.toLowerCase());
  return user !== undefined && mayAs({ ...world, private: true }, user.permission, "write");
}
