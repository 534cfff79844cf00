import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import type { GitHubOptions } from "../../../src/sandbox/github/options.ts";
import { type GitHubServer, startGitHub } from "../../../src/sandbox/github/server.ts";

/** Everything a workflow's token may be given for pull requests. */
export const workflowPermissions = {
  contents: "write",
  "pull-requests": "write",
  issues: "write",
  checks: "write",
  deployments: "write",
  actions: "read",
} as const;

/** A bare repository with a clone beside it, in which people commit. */
export interface Repository {
  gitDir: string;
  git(...args: string[]): string;
  /** Commits files on a branch (made from `from` when new) as somebody, and pushes; answers with the commit. */
  push(login: string, branch: string, files: Record<string, string>, from?: string): Promise<string>;
  /** What a ref of the bare repository points at. */
  sha(ref: string): string;
}

/** A parsed answer. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

/** A GitHub with people, a repository with one commit on main, and ways to ask. */
export interface Place {
  server: GitHubServer;
  repository: Repository;
  /** Asks as the owner of a token; paths begin below `/repos/acme/network` unless they begin with `/orgs` or `/repos`. */
  ask(token: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Pushes a branch with one file and opens a pull request for it; answers with its number. */
  propose(login: string, branch: string, files?: Record<string, string>): Promise<number>;
}

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A new bare repository with a commit by ana on main. */
export async function newRepository(copyOf?: string): Promise<Repository> {
  const directory = mkdtempSync(join(tmpdir(), "landline-github-"));
  open.push(() => rmSync(directory, { recursive: true, force: true }));
  const gitDir = join(directory, "network.git");
  const work = join(directory, "work");
  if (copyOf === undefined) execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", gitDir]);
  else execFileSync("git", ["clone", "--quiet", "--bare", copyOf, gitDir], { stdio: "ignore" });
  execFileSync("git", ["clone", "--quiet", gitDir, work], { stdio: "ignore" });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", work, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
  const repository: Repository = {
    gitDir,
    git,
    sha: (ref) =>
      execFileSync("git", ["--git-dir", gitDir, "rev-parse", ref], { encoding: "utf8", stdio: "pipe" }).trim(),
    async push(login, branch, files, from = "origin/main") {
      git("fetch", "--quiet", "origin");
      const known = git("branch", "--remotes", "--list", `origin/${branch}`) !== "";
      git(
        "checkout",
        "--quiet",
        "-B",
        branch,
        ...(known ? [`origin/${branch}`] : copyOf === undefined && from === "" ? [] : [from]),
      );
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(work, path)), { recursive: true });
        await writeFile(join(work, path), text);
      }
      git("add", "--all");
      const who = ["-c", `user.name=${login}`, "-c", `user.email=${login}@users.example`];
      git(...who, "commit", "--quiet", "--allow-empty", "-m", `Change ${Object.keys(files).join(", ")}`);
      git("push", "--quiet", "--force", "origin", branch);
      return git("rev-parse", "HEAD");
    },
  };
  if (copyOf === undefined)
    await repository.push("ana", "main", { "README.md": "network\n", "specs/a.yaml": "a: 1\n" }, "");
  return repository;
}

/** Starts a GitHub with ana (admin), ben and eve (write), tom (read) and mallory (none). */
export async function newGitHub(options: Partial<GitHubOptions> = {}): Promise<Place> {
  const repository = await newRepository();
  const server = await startGitHub({
    repository: "acme/network",
    gitDir: repository.gitDir,
    users: [
      { login: "ana", permission: "admin" },
      { login: "ben", permission: "write" },
      { login: "eve", permission: "write" },
      { login: "tom", permission: "read" },
      { login: "mallory", permission: "none" },
    ],
    apps: [{ slug: "landline" }],
    tokens: {
      ana: { login: "ana" },
      ben: { login: "ben" },
      eve: { login: "eve" },
      tom: { login: "tom" },
      mallory: { login: "mallory" },
      run: { app: "github-actions", permissions: workflowPermissions },
      fork: { app: "github-actions", permissions: { contents: "read", "pull-requests": "read", checks: "read" } },
      app: { app: "landline", permissions: { ...workflowPermissions, members: "read", administration: "read" } },
    },
    log: (line) => {
      throw new Error(line);
    },
    ...options,
  });
  open.push(() => server.close());
  return placeOf(server, repository);
}

function placeOf(server: GitHubServer, repository: Repository): Place {
  const ask: Place["ask"] = async (token, method, path, body, headers = {}) => {
    const whole = /^\/(orgs|repos)\//.test(path) ? path : `/repos/acme/network${path}`;
    const response = await fetch(server.url + whole, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      redirect: "manual",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  return {
    server,
    repository,
    ask,
    async propose(login, branch, files = { [`specs/${branch}.yaml`]: `${branch}: 1\n` }) {
      await repository.push(login, branch, files);
      server.pushed(login, branch);
      const opened = await ask(login, "POST", "/pulls", { title: `Add ${branch}`, head: branch, base: "main" });
      if (opened.status !== 201) throw new Error(`could not open a pull request: ${JSON.stringify(opened.body)}`);
      return opened.body.number;
    },
  };
}
