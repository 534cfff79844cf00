import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { apply } from "../../src/commands/apply.ts";
import type { CiOptions } from "../../src/commands/ci/open.ts";
import type { Io } from "../../src/commands/io.ts";
import { CommandError } from "../../src/commands/options.ts";
import { type GitHub, openGitHub } from "../../src/github/client.ts";
import type { Exchange, GitHubOptions } from "../../src/sandbox/github/options.ts";
import type { GitHubServer } from "../../src/sandbox/github/server.ts";
import type { LoggedRequest } from "../../src/sandbox/requests.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";
import { environmentOf, type Said } from "../scenarios/harness.ts";
import { findLeaks } from "./leaks.ts";
import type { LocalEvent } from "./runner/local.ts";
import { type Branches, branchesIn, type Files } from "./scene-git.ts";
import { PACE } from "./stage.ts";
import { startValidatedGitHub } from "./validated.ts";

/**
 * Acme's repository on a local GitHub, its project on a sandbox of AWS, and its people:
 *
 * - alice writes and opens pull requests, bob reviews and is in @acme/network-security, carol writes as well, ada is an administrator,
 *   mallory may read and has a fork.
 * - `run` carries out a command of `landline ci` for an event, as a job of a workflow would: in a fresh checkout, with the variables of
 *   Actions, a token of that job, and an upload of what it leaves.
 *
 * Every exchange with GitHub must be as its description says, and no run may print, post or leave a secret.
 */
export interface Scene {
  readonly server: GitHubServer;
  readonly aws: Sandbox;
  /** The bare repository that is GitHub's, and the one of mallory's fork. */
  readonly gitDir: string;
  readonly branches: Branches;
  /** Commits files on a branch (made from main when it is new), pushes it, tells who did it. Gives the commit. */
  push(who: string, branch: string, files: Files): string;
  /** The same in the fork of mallory. */
  pushToFork(branch: string, files: Files): string;
  /** Changes a file of main's newest version on a branch: what `push` takes. Throws when it does not say `from`. */
  edited(path: string, from: string | RegExp, to: string): Files;
  /** Opens a pull request into main; a branch of the fork is `mallory:branch`. Gives its number. */
  openPull(who: string, branch: string, title?: string): Promise<number>;
  review(number: number, who: string, event?: "APPROVE" | "REQUEST_CHANGES" | "COMMENT"): Promise<number>;
  dismiss(number: number, review: number, who: string): Promise<void>;
  merge(number: number, who: string, method?: "merge" | "squash" | "rebase"): Promise<string>;
  /** GitHub as somebody sees it. */
  as(who: string): GitHub;
  /** The newest event of this name; throws when there was none. */
  event(name: string): LocalEvent;
  run<O extends CiOptions>(command: CiCommand<O>, options?: RunOptions<O>): Promise<Ran>;
  /** The bodies of all comments on a pull request, oldest first. */
  comments(number: number): string[];
  /** The check runs on a commit, oldest first. */
  checks(sha: string): GitHubServer["world"]["checkRuns"][number][];
  head(number: number): string;
  /** What GitHub was asked since the last `forget`. */
  requests(): ReturnType<GitHubServer["requests"]>;
  forget(): void;
  /** What AWS was asked, from the n-th request on. */
  awsRequests(since?: number): Promise<LoggedRequest[]>;
  /** Applies main as an administrator would by hand, so that the cloud is as the specs say. */
  applyMain(): Promise<void>;
}

export type CiCommand<O extends CiOptions> = (options: O, io: Io) => Promise<number>;

export interface RunOptions<O extends CiOptions = CiOptions> {
  /** The newest event of the name that is given; the newest `pull_request` when left out. */
  readonly event?: LocalEvent | string;
  readonly as?: "pull_request_target";
  /** What the command takes besides. */
  readonly options?: Partial<O>;
  /** An earlier run that is run again. */
  readonly again?: number;
  /** What the token may do; all that our workflows ask for when left out, and only reading for a fork's `pull_request`. */
  readonly permissions?: Readonly<Record<string, "read" | "write">>;
  readonly env?: Readonly<Record<string, string>>;
  /** Something that happens in the checkout before the command. */
  before?(folder: string): void | Promise<void>;
}

/** What a run said and left. */
export interface Ran extends Said {
  readonly runId: number;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What it left to be uploaded. */
  readonly files: Readonly<Record<string, string>>;
  /** The event of its end: what `workflow_run` starts on. */
  readonly ended: LocalEvent;
}

export interface SceneOptions {
  readonly github?: Partial<GitHubOptions>;
  readonly aws?: SandboxOptions;
  /** The files on main; the example project when left out. */
  readonly files?: Files;
  /** How a local GitHub is started; with every exchange held against GitHub's description when left out. */
  readonly start?: (options: GitHubOptions) => Promise<GitHubServer>;
}

/** The day on which everything takes place: no grant of the examples has ended. */
export const TODAY = new Date("2026-11-20T12:00:00.000Z");

/** What the tokens of our workflows may do, taken together. */
export const PERMISSIONS = {
  actions: "read",
  checks: "write",
  contents: "write",
  deployments: "write",
  issues: "write",
  "pull-requests": "write",
} as const;

const PEOPLE = ["alice", "bob", "carol", "ada", "mallory"] as const;

export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), "landline-scene-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const branches = branchesIn(folder, options.files);
  const exchanges: Exchange[] = [];
  const server = await startGitHub(branches, options, exchanges);
  const seed = branches.read("main", "sandbox.yaml");
  const aws = await startSandbox({ ...(seed === undefined ? {} : { seed }), ...options.aws });
  onTestFinished(() => aws.close());
  return sceneOf({ folder, branches, server, aws, exchanges });
}

function startGitHub(
  branches: Branches,
  { github = {}, start = startValidatedGitHub }: SceneOptions,
  exchanges: Exchange[],
) {
  return start({
    repository: "acme/network",
    gitDir: branches.gitDir,
    forks: { "mallory/network": branches.forkDir },
    users: [
      { login: "alice", permission: "write" },
      { login: "bob", permission: "write" },
      { login: "carol", permission: "write" },
      { login: "ada", permission: "admin" },
      { login: "mallory", permission: "read" },
    ],
    apps: [{ slug: "acme-teams" }, { slug: "other-bot" }],
    teams: [{ slug: "network-security", members: ["bob"] }],
    now: TODAY.getTime(),
    ...github,
    tokens: {
      ...Object.fromEntries(PEOPLE.map((login) => [`t-${login}`, { login }])),
      [TEAMS_TOKEN]: { app: "acme-teams", permissions: { members: "read" } },
      "t-other-bot": { app: "other-bot", permissions: PERMISSIONS },
      ...github.tokens,
    },
    onExchange(exchange) {
      exchanges.push(exchange);
      github.onExchange?.(exchange);
    },
  });
}

/** Random, as `findLeaks` wants them. */
const secret = (prefix: string): string => `${prefix}_${randomBytes(18).toString("hex")}`;
const TEAMS_TOKEN = secret("ghs");

interface Parts {
  readonly folder: string;
  readonly branches: Branches;
  readonly server: GitHubServer;
  readonly aws: Sandbox;
  readonly exchanges: Exchange[];
}

function sceneOf(parts: Parts): Scene {
  const { branches, server, aws, exchanges } = parts;
  let forgotten = 0;
  const scene: Scene = {
    server,
    aws,
    gitDir: branches.gitDir,
    branches,
    push(who, branch, files) {
      const sha = branches.push(who, branch, files);
      server.pushed(who, branch);
      return sha;
    },
    pushToFork(branch, files) {
      const sha = branches.push("mallory", branch, files, "fork");
      server.pushed("mallory", branch, "mallory/network");
      return sha;
    },
    edited(path, from, to) {
      const text = branches.read("main", path) ?? "";
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`${path} on main does not say ${from}`);
      return { [path]: changed };
    },
    ...people(server),
    event(name) {
      const found = server.events().findLast((event) => event.name === name);
      if (!found) throw new Error(`there was no event ${name}`);
      return found;
    },
    run: (command, options = {}) => runJob(parts, scene, command, options),
    comments: (number) => server.world.comments.filter((comment) => comment.number === number).map(({ body }) => body),
    checks: (sha) => server.world.checkRuns.filter(({ headSha }) => headSha === sha),
    head(number) {
      const pull = server.world.issues.get(number)?.pull;
      if (!pull) throw new Error(`there is no pull request ${number}`);
      return pull.headSha;
    },
    requests: () => server.requests().slice(forgotten),
    forget() {
      forgotten = server.requests().length;
      exchanges.length = 0;
    },
    async awsRequests(since = 0) {
      return (await (await fetch(`${aws.url}/_sandbox/requests?since=${since}`)).json()) as LoggedRequest[];
    },
    async applyMain() {
      const checkout = branches.checkout("main");
      const options = { project: "landline.yaml", sandbox: false, jsonLogs: false, quiet: true } as const;
      const more = { format: "text", yes: true, parallel: 8 } as const;
      const said = await inCloud(aws, {}, () =>
        saying(checkout, {}, (io) => apply({ ...options, ...more }, io, undefined)),
      );
      expect({ exit: said.exit, err: said.err }).toEqual({ exit: 0, err: "" });
    },
  };
  return scene;
}

/** What people do on GitHub's pages. */
function people(server: GitHubServer): Pick<Scene, "as" | "openPull" | "review" | "dismiss" | "merge"> {
  const repository = { owner: "acme", name: "network" };
  const place = { owner: "acme", repo: "network" };
  const as = (who: string): GitHub =>
    openGitHub({ run: { repository, apiUrl: server.url }, token: `t-${who}`, pace: PACE });
  return {
    as,
    async openPull(who, branch, title = `Change ${branch}`) {
      const { data } = await as(who).octokit.rest.pulls.create({ ...place, head: branch, base: "main", title });
      return data.number;
    },
    async review(number, who, event = "APPROVE") {
      const body = event === "APPROVE" ? {} : { body: "Please look at this again." };
      const { data } = await as(who).octokit.rest.pulls.createReview({ ...place, pull_number: number, event, ...body });
      return data.id;
    },
    async dismiss(number, review, who) {
      const which = { pull_number: number, review_id: review, message: "Not any more." };
      await as(who).octokit.rest.pulls.dismissReview({ ...place, ...which });
    },
    async merge(number, who, method = "merge") {
      const { data } = await as(who).octokit.rest.pulls.merge({ ...place, pull_number: number, merge_method: method });
      return data.sha;
    },
  };
}

/** One job: begins a run on the local GitHub, checks out, runs the command, uploads, ends the run. */
async function runJob<O extends CiOptions>(
  { folder, branches, server, aws, exchanges }: Parts,
  scene: Scene,
  command: CiCommand<O>,
  run: RunOptions<O>,
): Promise<Ran> {
  const event = typeof run.event === "object" ? run.event : scene.event(run.event ?? "pull_request");
  const head = headOf(event);
  const stranger =
    head.headRepository !== "acme/network" && run.as === undefined && event.name.startsWith("pull_request");
  const runId = run.again ?? server.beginRun({ event: run.as ?? event.name, actor: event.actor, ...head });
  const attempt = run.again === undefined ? 1 : server.rerun(run.again);
  const token = secret("ghs");
  const permissions = run.permissions ?? (stranger ? readingOnly : PERMISSIONS);
  server.addToken(token, { app: "github-actions", permissions });

  const files = jobFiles(join(folder, "jobs", `${runId}-${attempt}`), event);
  const as = run.as === undefined ? {} : { as: run.as };
  const actions = server.runnerEnvironment(event, { runId, attempt, eventPath: files.event, ...as });
  const checkout = branches.checkout(actions.GITHUB_SHA ?? "", actions.GITHUB_REF ?? "");
  await run.before?.(checkout);
  const env = {
    ...actions,
    PATH: process.env.PATH ?? "",
    HOME: folder,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_OUTPUT: files.output,
    GITHUB_TOKEN: token,
    ...(stranger ? {} : { LANDLINE_TEAMS_TOKEN: TEAMS_TOKEN }),
    ...run.env,
  };
  const from = exchanges.length;
  const options = { ...OPTIONS, ...run.options } as O;
  // A fork's job gets no identity for AWS.
  const said = await inCloud(stranger ? undefined : aws, env, () =>
    saying(checkout, env, (io) => command(options, io)),
  );
  const left = filesIn(join(checkout, options.out));
  const posted = exchanges.slice(from).map(({ requestBody }) => JSON.stringify(requestBody) ?? "");
  const [summary, output] = [files.summary, files.output].map((path) => readFileSync(path, "utf8"));
  const texts = [said.out, said.err, summary ?? "", output ?? "", ...Object.values(left), ...posted];
  expect(findLeaks(texts, [token, TEAMS_TOKEN])).toEqual([]);

  if (Object.keys(left).length > 0) upload(server, runId, left);
  const ended = server.finishRun(runId, said.exit === 0 ? "success" : "failure");
  return { ...said, runId, summary: summary ?? "", outputs: outputsOf(output ?? ""), files: left, ended };
}

const OPTIONS: CiOptions = {
  project: "landline.yaml",
  sandbox: false,
  jsonLogs: false,
  quiet: false,
  out: "landline-plan",
  pace: PACE,
};

const readingOnly = {
  contents: "read",
  "pull-requests": "read",
  checks: "read",
  issues: "read",
  actions: "read",
} as const;

function headOf({ sha, ref, payload }: LocalEvent) {
  const pull = payload.pull_request as
    | {
        readonly head: {
          readonly sha: string;
          readonly ref: string;
          readonly repo: { readonly full_name: string } | null;
        };
      }
    | undefined;
  if (!pull) return { headSha: sha, headBranch: ref.replace(/^refs\/heads\//, ""), headRepository: "acme/network" };
  const { head } = pull;
  return { headSha: head.sha, headBranch: head.ref, ...(head.repo ? { headRepository: head.repo.full_name } : {}) };
}

function jobFiles(folder: string, event: LocalEvent): { event: string; summary: string; output: string } {
  mkdirSync(folder, { recursive: true });
  const paths = {
    event: join(folder, "event.json"),
    summary: join(folder, "summary.md"),
    output: join(folder, "output"),
  };
  writeFileSync(paths.event, JSON.stringify(event.payload));
  for (const path of [paths.summary, paths.output]) writeFileSync(path, "");
  return paths;
}

/** As upload-artifact does with `overwrite`. */
function upload(server: GitHubServer, runId: number, files: Readonly<Record<string, string>>): void {
  const { artifacts } = server.world;
  const old = artifacts.findIndex(({ run, name }) => run.id === runId && name === "landline-plan");
  if (old >= 0) artifacts.splice(old, 1);
  server.uploadArtifact(runId, "landline-plan", files);
}

const outputsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [[line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]])),
  );

function filesIn(folder: string): Record<string, string> {
  try {
    return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  } catch {
    return {};
  }
}

/** The SDK reads the process's own variables; without a sandbox nothing in them leads anywhere. */
async function inCloud<T>(
  aws: Sandbox | undefined,
  env: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const nowhere = {
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nowhere",
    AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
  };
  const cloud = aws ? environmentOf(aws) : nowhere;
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("AWS_")));
  for (const [name, value] of Object.entries({ ...cloud, ...own })) vi.stubEnv(name, value);
  try {
    return await work();
  } finally {
    vi.unstubAllEnvs();
  }
}

/** Ends a command as the front door does: what a person can mend is told and becomes an exit code, anything else is a bug and stays one. */
async function saying(
  cwd: string,
  env: Readonly<Record<string, string>>,
  command: (io: Io) => Promise<number>,
): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Io = {
    out: (more) => void out.push(more),
    err: (more) => void err.push(more),
    color: false,
    cwd,
    env,
    now: () => TODAY,
    isTTY: false,
  };
  try {
    const exit = await command(io);
    return { exit, out: out.join(""), err: err.join("") };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { exit: error.exitCode, out: out.join(""), err: `${err.join("")}landline: ${error.message}\n` };
  }
}

/** Writes a file below a folder, and the folders on the way. */
export function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
