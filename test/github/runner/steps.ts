import { spawn } from "node:child_process";
import { join, resolve as resolvePath } from "node:path";
import { commandFiles } from "./command-files.ts";
import { RunnerError } from "./error.ts";
import { type Contexts, holds, interpolate, statusOf, type Value } from "./expressions.ts";
import type { Action, Step } from "./files.ts";
import { BUILD, isOurs, ourAction } from "./ours.ts";
import { type StandIns, standIn } from "./stand-ins.ts";

export interface StepReport {
  /** Its name, or what it uses or runs. */
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped";
  /** Of the process; undefined for an action. */
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The `run:` lines that ran in it: its own, or those of our action. */
  readonly executed: readonly string[];
}

/** Where steps run: what expressions see, the environment that they share and may add to, and where their files lie. */
export interface Surroundings {
  readonly contexts: Omit<Contexts, "status">;
  readonly env: Readonly<Record<string, string>>;
  /** What steps put into the environment of those after them; one object for a whole job. */
  readonly exported: Record<string, string>;
  readonly folder: string;
  readonly workspace: string;
  readonly home: string;
  readonly gitDir: string;
  readonly standIns: StandIns;
}

export interface StepsResult {
  readonly failed: boolean;
  readonly steps: readonly StepReport[];
  /** The `steps` context: by id. */
  readonly context: Readonly<Record<string, Value>>;
}

/** Runs the steps of a job or of our action, one after the other. After a failure only those run whose `if:` says so. */
export async function runSteps(steps: readonly Step[], around: Surroundings): Promise<StepsResult> {
  const reports: StepReport[] = [];
  const context: Record<string, Value> = {};
  let failed = false;
  for (const [index, step] of steps.entries()) {
    const contexts = {
      ...around.contexts,
      closed: { ...around.contexts.closed, steps: context },
      status: statusOf(!failed),
    };
    const report = holds(step.if, contexts)
      ? await runStep(step, contexts, { ...around, folder: join(around.folder, String(index)) })
      : skipped(step);
    if (report.outcome === "failure") failed = true;
    if (step.id !== undefined) context[step.id] = { outcome: report.outcome, outputs: report.outputs };
    reports.push(report);
  }
  return { failed, steps: reports, context };
}

const titleOf = ({ name, uses, run = "" }: Step): string => name ?? uses ?? run;

const skipped = (step: Step): StepReport => ({ ...nothing(step), outcome: "skipped" });

const nothing = (step: Step) => ({
  name: titleOf(step),
  stdout: "",
  stderr: "",
  summary: "",
  outputs: {},
  executed: [],
});

async function runStep(step: Step, contexts: Contexts, around: Surroundings): Promise<StepReport> {
  const fill = (texts: Readonly<Record<string, string | number | boolean>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, interpolate(String(text), contexts)]));
  const env = { ...around.env, ...around.exported, ...fill(step.env) };
  if (step.run !== undefined) return runLine(step, step.run, env, contexts, around);
  const uses = step.uses ?? "";
  const inputs = fill(step.with);
  if (isOurs(uses)) return runOurs(step, inputs, env, around);
  try {
    const added = await standIn(uses, inputs, { ...around, env }, around.standIns);
    if (added === undefined) throw new RunnerError(`no stand-in for ${uses}`);
    Object.assign(around.exported, added);
    return { ...nothing(step), outcome: "success" };
  } catch (error) {
    if (error instanceof RunnerError) throw error;
    return { ...nothing(step), outcome: "failure", stderr: String(error) };
  }
}

async function runLine(
  step: Step,
  line: string,
  env: Record<string, string>,
  contexts: Contexts,
  around: Surroundings,
): Promise<StepReport> {
  if (line === BUILD) return { ...nothing(step), outcome: "success" };
  if (/\bnpm ci\b/.test(line))
    throw new RunnerError(`this line would install packages, and is not the one that is replaced: ${line}`);
  const files = commandFiles(around.folder);
  const cwd = resolvePath(around.workspace, interpolate(step["working-directory"] ?? ".", contexts));
  const { exitCode, stdout, stderr } = await bash(interpolate(line, contexts), cwd, { ...env, ...files.env });
  Object.assign(around.exported, files.environment());
  return {
    name: titleOf(step),
    outcome: exitCode === 0 ? "success" : "failure",
    exitCode,
    stdout,
    stderr,
    summary: files.summary(),
    outputs: files.outputs(),
    executed: [line],
  };
}

/** Our composite action: its steps see its inputs and nothing of the workflow's steps, needs or variables. */
async function runOurs(
  step: Step,
  given: Readonly<Record<string, string>>,
  env: Record<string, string>,
  around: Surroundings,
): Promise<StepReport> {
  const action = ourAction(around.home);
  const github = { ...(around.contexts.closed.github as Record<string, Value>), action_path: around.home };
  const inputs = inputsOf(action, given, { closed: { github }, open: {}, status: {} });
  const result = await runSteps(action.runs.steps, {
    ...around,
    contexts: { closed: { github, inputs }, open: {} },
    env: { ...env, GITHUB_ACTION_PATH: around.home },
  });
  const contexts: Contexts = { closed: { github, inputs, steps: result.context }, open: {}, status: {} };
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, interpolate(value, contexts)]);
  const said = (key: "stdout" | "stderr" | "summary"): string => result.steps.map((report) => report[key]).join("");
  const exitCode = result.steps.find((report) => report.exitCode !== undefined)?.exitCode;
  return {
    name: titleOf(step),
    outcome: result.failed ? "failure" : "success",
    ...(exitCode === undefined ? {} : { exitCode }),
    stdout: said("stdout"),
    stderr: said("stderr"),
    summary: said("summary"),
    outputs: Object.fromEntries(outputs),
    executed: result.steps.flatMap(({ executed }) => executed),
  };
}

function inputsOf(action: Action, given: Readonly<Record<string, string>>, contexts: Contexts): Record<string, Value> {
  const strange = Object.keys(given).filter((name) => !Object.hasOwn(action.inputs, name));
  if (strange.length > 0) throw new RunnerError(`our action has no input ${strange.join(", ")}`);
  return Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => {
      const value = given[name] ?? (input.default === undefined ? undefined : interpolate(input.default, contexts));
      if (value === undefined || (input.required === true && value === ""))
        throw new RunnerError(`our action needs the input ${name}`);
      return [name, value];
    }),
  );
}

/** As Actions starts bash. */
function bash(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? 128, stdout, stderr }));
  });
}
