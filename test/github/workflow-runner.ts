import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { RunnerError } from "./runner/error.ts";
import { type Contexts, holds, interpolate, statusOf, type Value } from "./runner/expressions.ts";
import { type EventPayload, type Job, needsOf, type Permissions, readWorkflow, triggers } from "./runner/files.ts";
import { BUILD, isOurs, ourAction } from "./runner/ours.ts";
import type { StandIns } from "./runner/stand-ins.ts";
import { runSteps, type StepReport } from "./runner/steps.ts";

/**
 * A small runner of GitHub Actions for our own workflows: it picks the jobs that an event starts, evaluates the expressions, and runs every
 * `run:` line with bash as a process of its own, in a fresh workspace, with the files and variables that Actions gives. What it does not know is
 * an error. It does not do: concurrency (jobs run one after the other), time-outs, matrices, services, problem matchers.
 *
 * Stand-ins: the actions of others (runner/stand-ins.ts); our own action is read from `home`, whether a workflow says `./` or `OWNER/REPO@COMMIT`;
 * its line that builds Landline is not run, because `home` is built already.
 */
export interface RunnerOptions extends StandIns {
  /** The workflow's text. */
  readonly workflow: string;
  /** The folder with our `action.yml` and a built `dist/`. */
  readonly home: string;
  /** As the event's file has it; must be what `environment.GITHUB_EVENT_PATH` holds. */
  readonly payload: EventPayload & { readonly [name: string]: unknown };
  /** `GITHUB_*` for the event: GITHUB_EVENT_NAME, GITHUB_REPOSITORY, GITHUB_REF, GITHUB_SHA, GITHUB_RUN_ID, GITHUB_API_URL, ... and whatever else every process gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** The bare repository that checkouts come from. */
  readonly gitDir: string;
  /** An empty folder for workspaces and files. */
  readonly folder: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Name of the workflow whose run has ended, for `workflow_run`; the payload's unless told. */
  readonly follows?: string;
  /** The job's `GITHUB_TOKEN`, which can do what its `permissions:` say. */
  token(job: { readonly id: string; readonly permissions: Permissions }): string;
  /** Asked before a job that names an environment: whether its rules let the job run. A job that may not fails, as a rejected one does on GitHub. */
  enter?(environment: string, job: string): boolean | Promise<boolean>;
}

export interface JobReport {
  readonly id: string;
  readonly needs: readonly string[];
  readonly result: "success" | "failure" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepReport[];
  readonly workspace: string;
}

export interface RunReport {
  /** False when the event does not start this workflow: then there are no jobs. */
  readonly triggered: boolean;
  readonly conclusion: "success" | "failure";
  readonly jobs: readonly JobReport[];
  /** The `run:` lines that were executed, as the files have them. */
  readonly executed: readonly string[];
}

/** Runs a workflow for one event. */
export async function runWorkflow(options: RunnerOptions): Promise<RunReport> {
  const workflow = readWorkflow(options.workflow);
  const event = options.environment.GITHUB_EVENT_NAME ?? "";
  if (!triggers(workflow, event, options.payload, options.follows))
    return { triggered: false, conclusion: "success", jobs: [], executed: [] };
  const jobs = new Map<string, JobReport>();
  for (const id of inOrder(workflow.jobs)) {
    const job = workflow.jobs[id];
    if (job) jobs.set(id, await runJob(id, job, jobs, workflow.name, options));
  }
  const reports = [...jobs.values()];
  return {
    triggered: true,
    conclusion: reports.some(({ result }) => result === "failure") ? "failure" : "success",
    jobs: reports,
    executed: reports.flatMap(({ steps }) => steps.flatMap(({ executed }) => executed)),
  };
}

/** All `run:` lines of a workflow and of our action where the workflow uses it, without those that stand-ins replace. */
export function runLinesOf(workflow: string, home: string): string[] {
  const steps = Object.values(readWorkflow(workflow).jobs).flatMap((job) => job.steps);
  const action = steps.some(({ uses }) => uses !== undefined && isOurs(uses)) ? ourAction(home).runs.steps : [];
  return [...new Set([...steps, ...action].flatMap(({ run }) => (run === undefined || run === BUILD ? [] : [run])))];
}

function inOrder(jobs: Readonly<Record<string, Job>>): string[] {
  const ordered: string[] = [];
  const visit = (id: string, path: readonly string[]): void => {
    const job = jobs[id];
    if (!job) throw new RunnerError(`a job needs ${id}, which is not there`);
    if (path.includes(id)) throw new RunnerError(`jobs need each other: ${[...path, id].join(" → ")}`);
    for (const needed of needsOf(job)) visit(needed, [...path, id]);
    if (!ordered.includes(id)) ordered.push(id);
  };
  for (const id of Object.keys(jobs)) visit(id, []);
  return ordered;
}

async function runJob(
  id: string,
  job: Job,
  earlier: ReadonlyMap<string, JobReport>,
  workflow: string,
  options: RunnerOptions,
): Promise<JobReport> {
  const workspace = join(options.folder, id, "workspace");
  const without = { id, needs: needsOf(job), outputs: {}, steps: [], workspace };
  const needed = needsOf(job).flatMap((name) => earlier.get(name) ?? []);
  const before = { closed: { ...contexts(options), needs: needsContext(needed) }, open: open(options) };
  const well = ancestors(needed, earlier).every(({ result }) => result === "success");
  if (!holds(job.if, { ...before, status: statusOf(well) })) return { ...without, result: "skipped" };
  if (job.environment !== undefined && options.enter && !(await options.enter(job.environment, id)))
    return { ...without, result: "failure" };

  mkdirSync(workspace, { recursive: true });
  const token = options.token({ id, permissions: job.permissions });
  const github = { ...(contexts(options).github as Record<string, Value>), token, job: id, workflow, workspace };
  const result = await runSteps(job.steps, {
    contexts: { closed: { ...before.closed, github }, open: before.open },
    env: { ...base(options), GITHUB_JOB: id, GITHUB_WORKFLOW: workflow, GITHUB_WORKSPACE: workspace },
    folder: dirname(workspace),
    exported: {},
    workspace,
    home: options.home,
    gitDir: options.gitDir,
    standIns: options,
  });
  const all: Contexts = { closed: { ...before.closed, github, steps: result.context }, open: before.open, status: {} };
  const outputs = Object.entries(job.outputs ?? {}).map(([name, text]) => [name, interpolate(text, all)]);
  return {
    ...without,
    result: result.failed ? "failure" : "success",
    outputs: Object.fromEntries(outputs),
    steps: result.steps,
    workspace,
  };
}

/** What a job needs, and what that needs: success() of a job asks all of them. */
const ancestors = (needed: readonly JobReport[], earlier: ReadonlyMap<string, JobReport>): JobReport[] =>
  needed.flatMap((job) => [
    job,
    ...ancestors(
      job.needs.flatMap((name) => earlier.get(name) ?? []),
      earlier,
    ),
  ]);

const needsContext = (needed: readonly JobReport[]): Value =>
  Object.fromEntries(needed.map(({ id, result, outputs }) => [id, { result, outputs }]));

const open = ({ vars = {}, secrets = {} }: RunnerOptions): Record<string, Value> => ({ vars, secrets });

/** What every process of a job gets: nothing of ours but the way to programs. */
const base = ({ environment, folder }: RunnerOptions): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: folder,
  LANG: "C.UTF-8",
  CI: "true",
  GITHUB_ACTIONS: "true",
  RUNNER_OS: "Linux",
  RUNNER_TEMP: folder,
  ...environment,
});

function contexts({ environment, payload }: RunnerOptions): Record<string, Value> {
  const of = (name: string): string => environment[`GITHUB_${name}`] ?? "";
  return {
    github: {
      event: payload as unknown as Value,
      event_name: of("EVENT_NAME"),
      repository: of("REPOSITORY"),
      ref: of("REF"),
      sha: of("SHA"),
      run_id: of("RUN_ID"),
      run_attempt: of("RUN_ATTEMPT"),
      actor: of("ACTOR"),
      api_url: of("API_URL"),
      server_url: of("SERVER_URL"),
    },
  };
}
