// @ts-check
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { Departure, landline } from "../stage.mjs";

/**
 * The stage of the pull-request demo: the project as a repository on the local GitHub, the people of it, and its jobs. A job is what the workflow
 * runs in the end: the command line in a fresh checkout, with the variables of GitHub Actions and a token of its own.
 *
 * @import { GitHubServer } from "../../src/sandbox/github/server.ts"
 * @typedef {GitHubServer["events"] extends () => (infer Event)[] ? Event : never} Event
 * @typedef {{ event: string, of: "plan" | "apply" | "drift", again?: number, exit?: number, says?: string | RegExp, cut?: number, show?: (text: string, errors: string) => string }} Job
 */

/** @param {string} path */
const load = (path) => import(new URL(`../../dist/sandbox/${path}`, import.meta.url).href);
/** @type {typeof import("../../src/sandbox/github/server.ts")} */
const { startGitHub } = await load("github/server.js");
/** @type {typeof import("../../src/sandbox/server.ts")} */
const { startSandbox } = await load("server.js");

export const REPOSITORY = "acme/network";

/** alice writes, bob reviews for the security team; both may write. */
const PEOPLE = ["alice", "bob"];
const TEAM = { slug: "network-security", members: ["bob"] };

/** @typedef {Awaited<ReturnType<typeof setScene>>} Scene */

/**
 * The files of a project as the first commit of `main`, a GitHub and an AWS around them.
 * @param {string} project a folder
 */
export async function setScene(project) {
  const folder = mkdtempSync(join(tmpdir(), "landline-pr-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const gitDir = join(folder, "network.git");
  gitIn(folder)("init", "-q", "--bare", "-b", "main", gitDir);
  writeFileSync(join(project, ".gitignore"), ".landline/\n");
  const git = gitIn(project);
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", gitDir);
  commit(git, "alice", "The project");
  git("push", "-q", "origin", "main");
  const teamsToken = `ghs_${randomBytes(18).toString("hex")}`;
  const github = await startGitHub({
    repository: REPOSITORY,
    gitDir,
    users: PEOPLE.map((login) => ({ login, permission: "write" })),
    apps: [{ slug: "acme-teams" }],
    teams: [TEAM],
    tokens: {
      ...Object.fromEntries(PEOPLE.map((login) => [login, { login }])),
      [teamsToken]: { app: "acme-teams", permissions: { members: "read" } },
    },
  });
  const aws = await startSandbox({ seed: readFileSync(join(project, "sandbox.yaml"), "utf8") });
  return {
    folder,
    project,
    gitDir,
    git,
    github,
    aws,
    /** What a shell of somebody with an identity for AWS has. */
    identity: { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: "111111111111", AWS_SECRET_ACCESS_KEY: "sandbox" },
    teamsToken,
    async close() {
      await github.close();
      await aws.close();
    },
  };
}

/**
 * Commits everything on the branch that is checked out and pushes it.
 * @param {Scene} scene @param {string} who @param {string} message
 */
export function push({ git, github }, who, message) {
  commit(git, who, message);
  const branch = git("branch", "--show-current");
  git("push", "-q", "origin", branch);
  github.pushed(who, branch);
}

/** What somebody does on GitHub's pages. @param {Scene} scene @param {string} who @param {string} method @param {string} path @param {object} [body] */
export async function onGitHub({ github }, who, method, path, body) {
  const response = await fetch(`${github.url}/repos/${REPOSITORY}${path}`, {
    method,
    headers: { authorization: `Bearer ${who}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer = /** @type {{ message?: string }} */ (await response.json());
  if (!response.ok) throw new Departure(`GitHub answered ${response.status} to ${method} ${path}: ${answer.message}`);
  return answer;
}

/** Runs a job for the newest event of a name. Gives the id of its run. @param {Scene} scene @param {string} words @param {Job} job */
export async function runJob(scene, words, { event: name, of, again, ...told }) {
  const { github } = scene;
  const event = name === "schedule" ? github.scheduled() : github.events().findLast((one) => one.name === name);
  if (!event) throw new Departure(`there was no ${name}`);
  const runId = again ?? github.beginRun({ event: name, actor: event.actor, ...headOf(event) });
  const attempt = again === undefined ? 1 : github.rerun(again);
  const token = `ghs_${randomBytes(18).toString("hex")}`;
  github.addToken(token, { app: "github-actions", permissions: permissionsOf(scene, of) });
  const place = join(scene.folder, "jobs", `${runId}-${attempt}`);
  const eventPath = join(place, "event.json");
  mkdirSync(place, { recursive: true });
  writeFileSync(eventPath, JSON.stringify(event.payload));
  const workspace = checkOut(scene.gitDir, event, join(place, "workspace"));
  await landline(workspace, words, {
    ...told,
    env: {
      ...github.runnerEnvironment(event, { runId, attempt, eventPath }),
      ...scene.identity,
      GITHUB_TOKEN: token,
      LANDLINE_TEAMS_TOKEN: scene.teamsToken,
      GITHUB_STEP_SUMMARY: join(place, "summary.md"),
      GITHUB_OUTPUT: join(place, "output"),
      FORCE_COLOR: "0",
    },
  });
  keepFiles(scene, runId, words, join(workspace, "landline-plan"));
  github.finishRun(runId, told.exit ? "failure" : "success");
  return runId;
}

/** What the workflow in the repository asks for, for its job of the same name. @param {Scene} scene @param {Job["of"]} name */
function permissionsOf({ project }, name) {
  const { jobs } = parse(readFileSync(join(project, `.github/workflows/landline-${name}.yml`), "utf8"));
  const { "id-token": _, ...permissions } = jobs[name].permissions;
  return permissions;
}

/** @param {Event} event */
function headOf({ sha, ref, payload }) {
  const pull = /** @type {{ head: { sha: string, ref: string } } | undefined} */ (payload.pull_request);
  return pull
    ? { headSha: pull.head.sha, headBranch: pull.head.ref }
    : { headSha: sha, headBranch: ref.replace("refs/heads/", "") };
}

/** As actions/checkout with `fetch-depth: 0`. @param {string} gitDir @param {Event} event @param {string} workspace */
function checkOut(gitDir, { sha, ref }, workspace) {
  mkdirSync(workspace);
  const git = gitIn(workspace);
  git("init", "-q");
  git("remote", "add", "origin", `file://${gitDir}`);
  git(
    "fetch",
    "-q",
    "origin",
    "+refs/heads/*:refs/remotes/origin/*",
    `+${sha}:refs/remotes/${ref.replace("refs/", "")}`,
  );
  git("checkout", "-q", "--detach", sha);
  return workspace;
}

/** As actions/upload-artifact. @param {Scene} scene @param {number} runId @param {string} words @param {string} folder */
function keepFiles({ github }, runId, words, folder) {
  try {
    const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);
    const { artifacts } = github.world;
    const name = `landline-${words.split(" ").at(-1)}`;
    const old = artifacts.findIndex((one) => one.run.id === runId && one.name === name);
    if (old >= 0) artifacts.splice(old, 1);
    github.uploadArtifact(runId, name, Object.fromEntries(files));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
  }
}

/** Our comments on a pull request. @param {Scene} scene @param {number} number */
export const commentsOn = ({ github }, number) =>
  github.world.comments.filter((comment) => comment.number === number).map(({ body }) => body);

/** The newest check run of each name on the head of a pull request. @param {Scene} scene @param {number} number */
export function checksOn({ github }, number) {
  const head = github.world.issues.get(number)?.pull?.headSha;
  const runs = github.world.checkRuns.filter(({ headSha }) => headSha === head);
  return [...new Map(runs.map((run) => [run.name, run])).values()];
}

/** @param {string} cwd */
const gitIn =
  (cwd) =>
  (/** @type {string[]} */ ...words) =>
    execFileSync("git", words, {
      cwd,
      env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();

/** @param {ReturnType<typeof gitIn>} git @param {string} who @param {string} message */
function commit(git, who, message) {
  git("add", "--all", ".");
  git("-c", `user.name=${who}`, "-c", `user.email=${who}@users.example`, "commit", "-q", "-m", message);
}
