import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { CiOptions } from "../../src/commands/ci/open.ts";
import type { Io } from "../../src/commands/io.ts";
import { CommandError } from "../../src/commands/options.ts";
import type { Exchange } from "../../src/sandbox/github/options.ts";
import type { GitHubServer } from "../../src/sandbox/github/server.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { environmentOf, type Said } from "../scenarios/harness.ts";
import { findLeaks } from "./leaks.ts";
import type { LocalEvent } from "./runner/local.ts";
import type { Branches } from "./scene-git.ts";
import { PACE } from "./stage.ts";

/** A job of a workflow, with the command inside this process: how `Scene.run` carries one out. */

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
  /** The folder of the checkout in which the command runs: the action's `working-directory`. */
  readonly folder?: string;
  /** What the job uploads its files as; `landline-plan` when left out. */
  readonly artifact?: string;
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

/** Random, as `findLeaks` wants them. */
const secret = (prefix: string): string => `${prefix}_${randomBytes(18).toString("hex")}`;
/** What may read the members of teams. */
export const TEAMS_TOKEN = secret("ghs");

/** What a scene is made of. */
export interface Parts {
  readonly folder: string;
  readonly branches: Branches;
  readonly server: GitHubServer;
  readonly aws: Sandbox;
  readonly exchanges: Exchange[];
}

/** One job: begins a run on the local GitHub, checks out, runs the command, uploads, ends the run. */
export async function runJob<O extends CiOptions>(
  { folder, branches, server, aws, exchanges }: Parts,
  event: LocalEvent,
  command: CiCommand<O>,
  run: RunOptions<O>,
): Promise<Ran> {
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
  const cwd = join(checkout, run.folder ?? ".");
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
  const said = await inCloud(stranger ? undefined : aws, env, () => saying(cwd, env, (io) => command(options, io)));
  const left = filesIn(join(cwd, options.out));
  const posted = exchanges.slice(from).map(({ requestBody }) => JSON.stringify(requestBody) ?? "");
  const [summary, output] = [files.summary, files.output].map((path) => readFileSync(path, "utf8"));
  const texts = [said.out, said.err, summary ?? "", output ?? "", ...Object.values(left), ...posted];
  expect(findLeaks(texts, [token, TEAMS_TOKEN])).toEqual([]);

  if (Object.keys(left).length > 0) upload(server, runId, run.artifact ?? "landline-plan", left);
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
function upload(server: GitHubServer, runId: number, artifact: string, files: Readonly<Record<string, string>>): void {
  const { artifacts } = server.world;
  const old = artifacts.findIndex(({ run, name }) => run.id === runId && name === artifact);
  if (old >= 0) artifacts.splice(old, 1);
  server.uploadArtifact(runId, artifact, files);
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
export async function inCloud<T>(
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
export async function saying(
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
