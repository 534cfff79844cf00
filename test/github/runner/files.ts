import { parse } from "yaml";
import { RunnerError } from "./error.ts";

/** A workflow file and an action file, as far as ours use the syntax. A key that the runner does not know is an error and not ignored. */
export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, Trigger | readonly { readonly cron: string }[] | null>>;
  readonly permissions: Permissions;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Trigger {
  readonly types?: readonly string[];
  readonly branches?: readonly string[];
  readonly workflows?: readonly string[];
}

export type Permissions = Readonly<Record<string, string>>;

export interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress": boolean;
  readonly queue?: string;
}

export interface Job {
  readonly name: string;
  readonly "runs-on": string;
  readonly "timeout-minutes": number;
  readonly permissions: Permissions;
  readonly steps: readonly Step[];
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly concurrency?: Concurrency;
  readonly outputs?: Readonly<Record<string, string>>;
}

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly shell?: string;
  readonly "working-directory"?: string;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const WORKFLOW = ["name", "on", "permissions", "concurrency", "jobs"];
const JOB = [
  ..."name runs-on timeout-minutes permissions steps if needs environment concurrency outputs".split(" "),
] as const;
const STEP = ["id", "name", "if", "uses", "with", "run", "env", "shell", "working-directory"];
const ACTION = ["name", "description", "inputs", "outputs", "runs"];

export function readWorkflow(text: string): Workflow {
  const workflow = parse(text) as Workflow;
  only(WORKFLOW, workflow, "workflow");
  for (const [id, job] of Object.entries(workflow.jobs)) {
    only(JOB, job, `job ${id}`);
    for (const step of job.steps) only(STEP, step, `step of job ${id}`);
  }
  return workflow;
}

export function readAction(text: string): Action {
  const action = parse(text) as Action;
  only(ACTION, action, "action");
  if (action.runs.using !== "composite") throw new RunnerError(`an action that runs with ${action.runs.using}`);
  for (const step of action.runs.steps) only(STEP, step, "step of the action");
  return action;
}

function only(known: readonly string[], found: object, where: string): void {
  const strange = Object.keys(found).filter((key) => !known.includes(key));
  if (strange.length > 0) throw new RunnerError(`${where}: the runner does not know ${strange.join(", ")}`);
}

/** The jobs that a job waits for. */
export const needsOf = ({ needs = [] }: Job): readonly string[] => (typeof needs === "string" ? [needs] : needs);

/** Whether an event starts a workflow: its name, its activity type, its branch, the name of the workflow that it follows. */
export function triggers(workflow: Workflow, name: string, payload: EventPayload, follows?: string): boolean {
  if (!Object.hasOwn(workflow.on, name)) return false;
  const trigger = workflow.on[name] ?? {};
  if (isTimes(trigger)) return true;
  const { types, branches, workflows } = trigger;
  if (branches && name !== "push") throw new RunnerError(`branches of ${name} are not understood here`);
  return (
    (types === undefined || types.includes(payload.action ?? "")) &&
    (branches === undefined || branches.includes((payload.ref ?? "").replace(/^refs\/heads\//, ""))) &&
    (workflows === undefined || workflows.includes(follows ?? payload.workflow_run?.name ?? ""))
  );
}

const isTimes = (trigger: Trigger | readonly unknown[]): trigger is readonly unknown[] => Array.isArray(trigger);

export interface EventPayload {
  readonly action?: string;
  readonly ref?: string;
  readonly workflow_run?: { readonly name?: string };
}
