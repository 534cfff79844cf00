import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Files by their path; `undefined` takes one away. */
export type Files = Readonly<Record<string, string | undefined>>;

/** A bare repository with a fork, and a clone in which people commit. */
export interface Branches {
  readonly gitDir: string;
  readonly forkDir: string;
  /** Where people commit. */
  readonly clone: string;
  /** Commits on a branch, made from main when it is not there yet, and pushes it. Gives the commit. */
  push(who: string, branch: string, files: Files, remote?: "origin" | "fork"): string;
  /** A file on a branch as it is on the server; undefined when it is not there. */
  read(branch: string, path: string): string | undefined;
  /** A fresh clone with this checked out, as actions/checkout leaves it: `ref` is fetched besides, and no branch is current. */
  checkout(commit: string, ref?: string): string;
  /** git in the clone. */
  git(...words: readonly string[]): string;
  /** git on the server. */
  onServer(...words: readonly string[]): string;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", LC_ALL: "C" };

const gitIn =
  (cwd: string) =>
  (...words: readonly string[]): string =>
    execFileSync("git", words, {
      cwd,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 1 << 28,
    }).trim();

/** Begins with one commit of ada on main: the files that are given, or the example project. */
export function branchesIn(folder: string, files: Files = exampleProject()): Branches {
  const [gitDir, forkDir, clone] = ["network.git", "fork.git", "clone"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const here = gitIn(folder);
  here("init", "-q", "--bare", "-b", "main", gitDir);
  here("clone", "-q", gitDir, clone);
  const git = gitIn(clone);
  const onServer = gitIn(gitDir);
  git("switch", "-q", "-c", "main");
  commit(git, clone, "ada", files);
  git("push", "-q", "origin", "main");
  here("clone", "-q", "--bare", gitDir, forkDir);
  git("remote", "add", "fork", forkDir);
  let checkouts = 0;
  return {
    gitDir,
    forkDir,
    clone,
    git,
    onServer,
    push(who, branch, changes, remote = "origin") {
      git("fetch", "-q", "--all", "--prune");
      const there = git("branch", "--remotes", "--list", `${remote}/${branch}`) !== "";
      git("checkout", "-q", "-B", branch, there ? `${remote}/${branch}` : "origin/main");
      commit(git, clone, who, changes);
      git("push", "-q", "--force", remote, branch);
      return git("rev-parse", "HEAD");
    },
    read(branch, path) {
      const there = onServer("ls-tree", "--name-only", branch, "--", path) !== "";
      // As it is: a file ends with a newline, which `trim` would take.
      return there
        ? execFileSync("git", ["show", `${branch}:${path}`], { cwd: gitDir, env, encoding: "utf8" })
        : undefined;
    },
    checkout(which, ref) {
      checkouts += 1;
      const at = join(folder, "checkouts", String(checkouts));
      here("clone", "-q", "--no-checkout", gitDir, at);
      const git = gitIn(at);
      if (ref !== undefined) git("fetch", "-q", "origin", `+${which}:refs/remotes/${ref.replace(/^refs\//, "")}`);
      git("checkout", "-q", "--detach", ref === undefined ? `origin/${which}` : which);
      return at;
    },
  };
}

function commit(git: (...words: readonly string[]) => string, folder: string, who: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    if (text === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  git("add", "--all", ".");
  const person = ["-c", `user.name=${who}`, "-c", `user.email=${who}@users.example`];
  git(...person, "commit", "-q", "--allow-empty", "-m", `Change ${Object.keys(files).slice(0, 3).join(", ")}`);
}

/** The example project as people find it in our repository. */
export function exampleProject(): Files {
  const specs = readdirSync(join(ROOT, "specs")).map((name) => `specs/${name}`);
  const paths = ["landline.yaml", "sandbox.yaml", ...specs].filter((path) => existsSync(join(ROOT, path)));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
}
