import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { apply } from "../../src/commands/apply.ts";
import type { CiOptions } from "../../src/commands/ci/open.ts";
import { type GitHub, openGitHub } from "../../src/github/client.ts";
import type { Exchange, GitHubOptions } from "../../src/sandbox/github/options.ts";
import type { GitHubServer } from "../../src/sandbox/github/server.ts";
import type { LoggedRequest } from "../../src/sandbox/requests.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";
import type { LocalEvent } from "./runner/local.ts";
import { type Branches, branchesIn, type Files } from "./scene-git.ts";
import {
  type CiCommand,
  inCloud,
  type Parts,
  PERMISSIONS,
  type Ran,
  type RunOptions,
  runJob,
  saying,
  TEAMS_TOKEN,
  TODAY,
} from "./scene-job.ts";
import { PACE } from "./stage.ts";
import { startValidatedGitHub } from "./validated.ts";

export { type CiCommand, PERMISSIONS, type Ran, type RunOptions, TODAY } from "./scene-job.ts";

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

export interface SceneOptions {
  readonly github?: Partial<GitHubOptions>;
  readonly aws?: SandboxOptions;
  /** The files on main; the example project when left out. */
  readonly files?: Files;
  /** How a local GitHub is started; with every exchange held against GitHub's description when left out. */
  readonly start?: (options: GitHubOptions) => Promise<GitHubServer>;
}

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
    run(command, options = {}) {
      const { event = "pull_request" } = options;
      return runJob(parts, typeof event === "object" ? event : scene.event(event), command, options);
    },
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
