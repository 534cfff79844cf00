import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { WORKFLOWS } from "../../src/commands/init-github.ts";
import { type GitHub, openGitHub } from "../../src/github/client.ts";
import type { GitHubServer } from "../../src/sandbox/github/server.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import {
  APPROVING,
  HOME,
  landline,
  lastingProject,
  type Process,
  ROLES,
  secret,
  startGitHub,
  withWorkflows,
} from "./life-beginning.ts";
import { filesUnder, textsOn } from "./life-texts.ts";
import { type Listener, listenTo } from "./listener.ts";
import { type EventPayload, readWorkflow, triggers } from "./runner/files.ts";
import { type LocalEvent, runLocally } from "./runner/local.ts";
import { type Branches, branchesIn, type Files } from "./scene-git.ts";
import type { JobReport, RunReport } from "./workflow-runner.ts";

/**
 * A repository with its workflows, from the first commit on: an event starts the workflows of main that it starts on GitHub, and their own
 * `run:` lines start the built `landline` as processes. alice writes, bob reviews and is in @acme/network-security, ada is an administrator,
 * mallory has a fork. Everything that is printed, posted or left is kept in `texts`.
 */
export interface Life {
  readonly server: GitHubServer;
  readonly aws: Sandbox;
  readonly branches: Branches;
  readonly as: (who: string) => GitHub;
  /** Commits, pushes, tells who did it. */
  push(who: string, branch: string, files: Files, remote?: "fork"): string;
  /** Runs everything that the newest event of this name starts, and what the ends of those runs start. */
  happened(name: string): Promise<Run[]>;
  /** Runs a run again, as the button does. */
  again(run: Run): Promise<Run>;
  /** The schedule comes round. */
  scheduled(): Promise<Run[]>;
  /** Who lets runs into the environment for new plans; nobody at first. */
  approver: string | undefined;
  readonly vars: Record<string, string>;
  /** `landline` in a fresh checkout of main, as a person with an identity for AWS. */
  landline(...words: readonly string[]): Promise<Process>;
  comments(number: number): string[];
  /** What people and machines could read so far. */
  texts(): string[];
  /** What nobody may read. */
  secrets(): string[];
  /** By workflow and job: the `run:` lines that were executed. */
  readonly executed: ReadonlyMap<string, ReadonlySet<string>>;
  /** The roles that were asked for, by the name of the session without the run. */
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>;
  /** The names of all files that runs left. */
  readonly left: ReadonlySet<string>;
  close(): Promise<void>;
}

/** One workflow that an event started. */
export interface Run extends RunReport {
  readonly workflow: string;
  readonly event: LocalEvent;
  readonly runId: number;
  /** A job of it; throws when there is none. */
  job(id: string): JobReport;
  /** What all steps of it said. */
  readonly said: string;
}

/** Files for the first commit; the workflows are added as `landline init --github` writes them. */
export async function startLife(files: Files = lastingProject()): Promise<Life> {
  if (!existsSync(join(HOME, "dist/cli.js")))
    throw new Error("dist/cli.js is not there: run `npm run build` first (`npm test` does)");
  const folder = mkdtempSync(join(tmpdir(), "landline-life-"));
  const project = await withWorkflows(join(folder, "init"), files);
  const branches = branchesIn(folder, project);
  const texts: string[] = [];
  const issued = { teams: secret("ghs"), aws: secret("aws"), session: secret("session"), jobs: [] as string[] };
  const server = await startGitHub(branches, issued.teams, texts);
  const aws = await startSandbox({ seed: files["sandbox.yaml"] ?? "" });
  const listener = await listenTo(aws);
  return lifeOf({ folder, branches, server, aws, listener, texts, issued });
}

interface Parts {
  readonly folder: string;
  readonly branches: Branches;
  readonly server: GitHubServer;
  readonly aws: Sandbox;
  readonly listener: Listener;
  readonly texts: string[];
  readonly issued: { readonly teams: string; readonly aws: string; readonly session: string; readonly jobs: string[] };
}

function lifeOf(parts: Parts): Life {
  const { folder, branches, server, aws, listener, texts, issued } = parts;
  const executed = new Map<string, Set<string>>();
  const roles = new Map<string, Set<string>>();
  const identity = {
    AWS_ENDPOINT_URL: listener.url,
    AWS_ACCESS_KEY_ID: "111111111111",
    AWS_SECRET_ACCESS_KEY: issued.aws,
    AWS_SESSION_TOKEN: issued.session,
    AWS_REGION: "us-east-1",
  };
  const vars: Record<string, string> = { LANDLINE_PLAN_ROLE: ROLES.plan, LANDLINE_APPLY_ROLE: ROLES.apply };
  const left = new Set<string>();
  let runs = 0;

  const life: Life = {
    server,
    aws,
    branches,
    vars,
    executed,
    roles,
    left,
    approver: undefined,
    as: (who) =>
      openGitHub({
        run: { repository: { owner: "acme", name: "network" }, apiUrl: server.url },
        token: `t-${who}`,
      }),
    push(who, branch, files, remote) {
      const sha = branches.push(who, branch, files, remote);
      server.pushed(who, branch, ...(remote === undefined ? [] : ["mallory/network"]));
      return sha;
    },
    happened(name) {
      const event = server.events().findLast((one) => one.name === name);
      if (!event) throw new Error(`there was no event ${name}`);
      return startAll(event);
    },
    scheduled: () => startAll(server.scheduled()),
    again: ({ workflow, event, runId }) => start(workflow, event, runId),
    landline: async (...words) => {
      const said = await landline(branches.checkout("main"), identity, words);
      texts.push(said.out, said.err);
      return said;
    },
    comments: (number) => server.world.comments.filter((one) => one.number === number).map(({ body }) => body),
    texts: () => [...texts, ...textsOn(server)],
    secrets: () => [issued.teams, issued.aws, issued.session, ...issued.jobs, ...listener.secrets],
    async close() {
      await server.close();
      await listener.close();
      await aws.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return life;

  async function startAll(event: LocalEvent, follows?: string): Promise<Run[]> {
    const started: Run[] = [];
    for (const name of WORKFLOWS) {
      const workflow = readWorkflow(textOf(name));
      if (!triggers(workflow, event.name, event.payload as EventPayload, follows)) continue;
      const run = await start(name, event, undefined, follows);
      const ended = server.events().findLast((one) => one.name === "workflow_run");
      started.push(run, ...(ended && event.name !== "workflow_run" ? await startAll(ended, workflow.name) : []));
    }
    return started;
  }

  function textOf(name: string): string {
    const text = branches.read("main", `.github/workflows/landline-${name}.yml`);
    if (text === undefined) throw new Error(`main has no workflow ${name}`);
    return text;
  }

  async function start(workflow: string, event: LocalEvent, again?: number, follows?: string): Promise<Run> {
    runs += 1;
    const at = join(folder, "runs", String(runs));
    const report = await runLocally({
      server: listening(server, issued.jobs),
      event,
      path: `.github/workflows/landline-${workflow}.yml`,
      workflow: textOf(workflow),
      home: HOME,
      gitDir: branches.gitDir,
      folder: at,
      vars,
      secrets: { LANDLINE_TEAMS_TOKEN: issued.teams },
      ...(follows === undefined ? {} : { follows }),
      ...(again === undefined ? {} : { again }),
      credentials({ role, session }) {
        addTo(roles, session.replace(/-\d+$/, ""), [role]);
        return identity;
      },
      enter,
    });
    const steps = report.jobs.flatMap((job) => job.steps);
    for (const { id, steps: own } of report.jobs)
      addTo(
        executed,
        `${workflow}/${id}`,
        own.flatMap((step) => step.executed),
      );
    const said = steps.map(({ stdout, stderr }) => `${stdout}${stderr}`).join("");
    texts.push(said, ...steps.map(({ summary, outputs }) => `${summary}${JSON.stringify(outputs)}`));
    for (const { path, text } of filesUnder(at)) {
      texts.push(text);
      left.add(path.split(sep).at(-1) ?? path);
    }
    return { ...report, workflow, event, said, job: (id) => jobOf(report, id) };
  }

  function enter(environment: string, runId: number): boolean {
    const { approver } = life;
    if (environment !== APPROVING) return true;
    if (approver === undefined) return false;
    server.world.runs.find(({ id }) => id === runId)?.waitsFor.push(environment);
    server.approveEnvironment(runId, environment, approver);
    return true;
  }
}

/** The server, with the tokens of jobs written down. Random ones: what the runner calls them would be found in any text. */
function listening(server: GitHubServer, jobs: string[]): GitHubServer {
  return {
    ...server,
    addToken(token, what) {
      jobs.push(token);
      server.addToken(token, what);
    },
  };
}

function addTo(map: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  map.set(key, new Set([...(map.get(key) ?? []), ...values]));
}

function jobOf({ jobs }: RunReport, id: string): JobReport {
  const job = jobs.find((one) => one.id === id);
  if (!job) throw new Error(`there is no job ${id}, but ${jobs.map((one) => one.id).join(", ")}`);
  return job;
}
