// @ts-check
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

/**
 * A project as a repository on the local GitHub, with one pull request, and what a job of Actions gets there. It serves from the benchmark's own
 * process, which does nothing else meanwhile.
 *
 * @typedef {import("../src/sandbox/github/server.ts").GitHubServer} GitHubServer
 * @typedef {{ push(file: string, from: string, to: string): void, job(): Job, saidAt(): number, requests: GitHubServer["requests"], close(): Promise<void> }} Repository
 * @typedef {{ cwd: string, env: Record<string, string> }} Job
 */

/** @type {typeof import("../src/sandbox/github/server.ts")} */
const { startGitHub } = await import(new URL("../dist/sandbox/github/server.js", import.meta.url).href);

const NAME = "bench/network";
const BRANCH = "change";
const PERSON = { token: "t-alice", login: "alice" };
const JOB = {
  token: "t-job",
  permissions: /** @type {const} */ ({ contents: "read", "pull-requests": "write", checks: "write" }),
};

/**
 * @param {string} project the folder whose files are `main`
 * @param {string} place an empty folder
 * @param {number} latencyMs what every answer waits
 * @returns {Promise<Repository>}
 */
export async function startRepository(project, place, latencyMs) {
  const [gitDir, clone] = [join(place, "network.git"), join(place, "clone")];
  share(project, gitDir, clone);
  let said = 0;
  const server = await startGitHub({
    repository: NAME,
    gitDir,
    latencyMs,
    users: [{ login: PERSON.login, permission: "write" }],
    tokens: {
      [PERSON.token]: { login: PERSON.login },
      [JOB.token]: { app: "github-actions", permissions: JOB.permissions },
    },
    onExchange({ path, status }) {
      if (path.endsWith("/comments") && status < 300) said = performance.now();
    },
  });
  const git = gitIn(clone);
  git("switch", "-q", "-c", BRANCH);
  commit(git, "A branch");
  git("push", "-q", "origin", BRANCH);
  server.pushed(PERSON.login, BRANCH);
  await openPull(server.url);
  let jobs = 0;
  return {
    push(file, from, to) {
      replaceIn(join(clone, file), from, to);
      commit(git, `Change ${file}`);
      git("push", "-q", "origin", BRANCH);
      server.pushed(PERSON.login, BRANCH);
    },
    job: () => jobOf(server, gitDir, join(place, `job-${++jobs}`)),
    saidAt: () => said,
    requests: server.requests,
    close: server.close,
  };
}

/** A bare repository with the project on `main`, and a clone to work in. @param {string} project @param {string} gitDir @param {string} clone */
function share(project, gitDir, clone) {
  mkdirSync(clone, { recursive: true });
  const git = gitIn(project);
  git("init", "-q", "-b", "main");
  commit(git, "The estate");
  git("clone", "-q", "--bare", ".", gitDir);
  git("clone", "-q", gitDir, clone);
  rmSync(join(project, ".git"), { recursive: true });
}

/** @param {string} url */
async function openPull(url) {
  const response = await fetch(`${url}/repos/${NAME}/pulls`, {
    method: "POST",
    headers: { authorization: `Bearer ${PERSON.token}` },
    body: JSON.stringify({ title: "Change one connection", head: BRANCH, base: "main" }),
  });
  if (!response.ok) throw new Error(`the pull request was not opened: ${response.status} ${await response.text()}`);
}

/**
 * The job that the newest event starts: the merge checked out as actions/checkout does with the whole history, and the variables of Actions.
 * @param {GitHubServer} server @param {string} gitDir @param {string} place
 * @returns {Job}
 */
function jobOf(server, gitDir, place) {
  const event = server.events().findLast(({ name }) => name === "pull_request");
  if (!event) throw new Error("the pull request caused no event");
  const eventPath = join(place, "event.json");
  const cwd = join(place, "workspace");
  mkdirSync(cwd, { recursive: true });
  writeFileSync(eventPath, JSON.stringify(event.payload));
  const git = gitIn(cwd);
  git("init", "-q");
  git("remote", "add", "origin", `file://${gitDir}`);
  git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*", `+${event.sha}:refs/remotes/pull/merge`);
  git("checkout", "-q", "--detach", event.sha);
  const files = { GITHUB_STEP_SUMMARY: join(place, "summary.md"), GITHUB_OUTPUT: join(place, "output") };
  return { cwd, env: { ...server.runnerEnvironment(event, { eventPath }), ...files, GITHUB_TOKEN: JOB.token } };
}

/** @param {string} cwd */
const gitIn =
  (cwd) =>
  (/** @type {string[]} */ ...words) =>
    execFileSync("git", words, { cwd, env: { ...process.env, ...UNCONFIGURED }, stdio: ["ignore", "pipe", "pipe"] });

/** No one's settings, signing keys or hooks. */
const UNCONFIGURED = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

/** @param {ReturnType<typeof gitIn>} git @param {string} message */
function commit(git, message) {
  git("add", "--all", ".");
  const who = ["-c", `user.name=${PERSON.login}`, "-c", `user.email=${PERSON.login}@users.example`];
  git(...who, "commit", "-q", "--allow-empty", "-m", message);
}

/** @param {string} path @param {string} from @param {string} to */
function replaceIn(path, from, to) {
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${path} does not say ${from}`);
  writeFileSync(path, text.replace(from, to));
}
