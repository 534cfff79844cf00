import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, onTestFinished } from "vitest";
import { type GitHub, type Opening, openGitHub } from "../../src/github/client.ts";
import type { GitHubOptions } from "../../src/sandbox/github/options.ts";
import type { GitHubServer } from "../../src/sandbox/github/server.ts";
import { startValidatedGitHub } from "./validated.ts";

/** What the token of a workflow is given here: what our example workflows ask for, taken together. */
export const PERMISSIONS = {
  actions: "read",
  checks: "write",
  contents: "write",
  deployments: "write",
  issues: "write",
  "pull-requests": "write",
} as const;

/** A local GitHub with acme/network in it, and a door as the workflow of that repository would have it. */
export interface Stage {
  readonly server: GitHubServer;
  readonly github: GitHub;
  /** What the door told about its waits. */
  readonly log: string[];
  /** A clone that pushes go out from. */
  readonly git: Git;
  /** Another door, as somebody else or with other settings. */
  door(opening: Partial<Opening>): GitHub;
}

type Files = Readonly<Record<string, string>>;

export interface Git {
  /** Commits files on a branch (made from main when it is not there), pushes, and tells who did it. Returns the commit. */
  push(who: string, branch: string, files: Files): string;
  /** Commits without pushing. */
  commit(who: string, branch: string, files: Files): string;
  /** Pushes a branch as it is, and tells who did it. */
  pushAs(who: string, branch: string): void;
  run(...args: string[]): string;
}

export const TOKEN = "ghs_workflowToken0123456789";

/** A second takes a millisecond, and an answer is waited for as long as one of this machine can take. */
export const PACE = { secondMs: 1, timeoutMs: 2_000 };

export async function stage(options: Partial<GitHubOptions> = {}, start = startValidatedGitHub): Promise<Stage> {
  const folder = newFolder();
  const gitDir = join(folder, BARE);
  const server = await start({
    repository: "acme/network",
    gitDir,
    users: [
      { login: "ana", permission: "write" },
      { login: "ben", permission: "write" },
      { login: "carla", permission: "admin" },
      { login: "mallory", permission: "read" },
    ],
    apps: [{ slug: "other-bot" }],
    ...options,
    tokens: {
      [TOKEN]: { app: "github-actions", permissions: PERMISSIONS },
      "t-other": { app: "other-bot", permissions: PERMISSIONS },
      "t-ana": { login: "ana" },
      "t-ben": { login: "ben" },
      "t-carla": { login: "carla" },
      "t-mallory": { login: "mallory" },
      ...options.tokens,
    },
  });
  const log: string[] = [];
  const door = (opening: Partial<Opening>): GitHub =>
    openGitHub({
      run: { repository: { owner: "acme", name: "network" }, apiUrl: server.url },
      token: TOKEN,
      log: (line) => log.push(line),
      pace: PACE,
      ...opening,
    });
  return { server, github: door({}), log, door, git: gitOf(gitIn(folder), folder, server) };
}

function gitOf(run: RunGit, folder: string, server: GitHubServer): Git {
  const commit: Git["commit"] = (who, branch, files) => commitFiles(run, folder, who, branch, files);
  const pushAs: Git["pushAs"] = (who, branch) => {
    run("push", "-q", "--force", "origin", branch);
    server.pushed(who, branch);
  };
  return {
    run,
    commit,
    pushAs,
    push(who, branch, files) {
      const sha = commit(who, branch, files);
      pushAs(who, branch);
      return sha;
    },
  };
}

/** A pull request by ana, opened as herself. */
export async function openPull({ git, door }: Stage, branch = "change"): Promise<{ number: number; sha: string }> {
  const sha = git.push("ana", branch, { [`specs/${branch}.yaml`]: `name: ${branch}\n` });
  const { data } = await door({ token: "t-ana" }).octokit.rest.pulls.create({
    owner: "acme",
    repo: "network",
    head: branch,
    base: "main",
    title: `Change ${branch}`,
  });
  return { number: data.number, sha };
}

/** The requests that write, as `POST /path`. */
export const writes = ({ server }: Stage): string[] =>
  server.requests().flatMap(({ method, path, creating }) => (creating ? [`${method} ${path}`] : []));

type RunGit = (...args: string[]) => string;

const ENV = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

const gitIn =
  (folder: string): RunGit =>
  (...args) =>
    execFileSync("git", args, { cwd: join(folder, "clone"), env: ENV, stdio: "pipe", encoding: "utf8" }).trim();

/** A folder with a bare repository that has a first commit on main, and a clone of it. Made once, copied for every test: git is slow to start. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "landline-github-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  template ??= makeTemplate();
  cpSync(template, folder, { recursive: true });
  return folder;
}

let template: string | undefined;

afterAll(() => {
  if (template !== undefined) rmSync(template, { recursive: true, force: true });
  template = undefined;
});

function makeTemplate(): string {
  const folder = mkdtempSync(join(tmpdir(), "landline-github-template-"));
  const start = (...args: string[]) => execFileSync("git", args, { cwd: folder, env: ENV, stdio: "pipe" });
  start("init", "-q", "--bare", "-b", "main", BARE);
  start("clone", "-q", BARE, "clone");
  const git = gitIn(folder);
  git("remote", "set-url", "origin", `../${BARE}`);
  commitFiles(git, folder, "carla", "main", { "README.md": "# Network\n" });
  git("push", "-q", "origin", "main");
  return folder;
}

const BARE = "network.git";

function commitFiles(git: RunGit, folder: string, who: string, branch: string, files: Files): string {
  if (git("branch", "--show-current") !== branch) {
    const known = git("branch", "--list", branch) !== "";
    git("switch", "-q", ...(known ? [branch] : ["-c", branch, "main"]));
  }
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, "clone", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    git("add", path);
  }
  const person = ["-c", `user.name=${who}`, "-c", `user.email=${who}@users.example`];
  git(...person, "commit", "-q", "-m", `Change ${Object.keys(files).join(", ")}`);
  return git("rev-parse", "HEAD");
}

/** A server that says whatever a test wants. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
