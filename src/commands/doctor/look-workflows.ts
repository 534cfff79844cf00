import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import {
  CI_COMMANDS,
  type CiCommand,
  type ConcurrencyFacts,
  type JobFacts,
  type Permissions,
  type UseFacts,
  type WorkflowFacts,
} from "./workflow-facts.ts";

const FOLDER = join(".github", "workflows");

/** Reads the workflows of a repository that run `landline ci`, and those that cannot be read at all. Runs and fetches nothing. */
export function lookAtWorkflows(root: string): readonly WorkflowFacts[] {
  const workflows = filesIn(join(root, FOLDER)).map((name) =>
    readWorkflow(`.github/workflows/${name}`, readFileSync(join(root, FOLDER, name), "utf8")),
  );
  return workflows.filter(({ problem, jobs }) => problem !== undefined || jobs.some((job) => job.commands.length > 0));
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() && /\.ya?ml$/.test(entry.name) ? entry.name : [])).sort();
  } catch {
    return [];
  }
}

/** The text of one workflow as facts; never throws. */
export function readWorkflow(file: string, text: string): WorkflowFacts {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const failed = (problem = "") => ({ file, problem, events: [], jobs: [] });
  const [error] = document.errors;
  if (error) return failed(error.message.split("\n", 1)[0]);
  if (!isMap(document.contents)) return failed("it is not a mapping");
  let whole: Plain;
  try {
    whole = plain(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  const jobs = Object.entries(plain(whole.jobs)).map(([id, job]) =>
    readJob(id, plain(job), whole, (path) => lineOf(document.getIn(["jobs", id, ...path], true), lines)),
  );
  return { file, events: eventsOf(whole.on), jobs };
}

const lineOf = (node: unknown, lines: LineCounter): number =>
  isScalar(node) && node.range ? lines.linePos(node.range[0]).line : 0;

type Plain = { readonly [key: string]: unknown };
const plain = (value: unknown): Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Plain) : {};

/** `on: push`, `on: [push, schedule]` or a mapping. */
function eventsOf(on: unknown): string[] {
  if (typeof on === "string") return [on];
  return Array.isArray(on) ? on.map(String) : Object.keys(plain(on));
}

/** Where the value at a path within the job stands; 0 when that cannot be told. */
type LineOf = (path: readonly unknown[]) => number;

function readJob(id: string, job: Plain, workflow: Plain, line: LineOf): JobFacts {
  const steps = Array.isArray(job.steps) ? job.steps.map(plain) : [];
  const permissions = permissionsOf(job.permissions ?? workflow.permissions);
  const concurrency = concurrencyOf(job.concurrency ?? workflow.concurrency);
  const environment = typeof job.environment === "string" ? job.environment : plain(job.environment).name;
  return {
    id,
    commands: CI_COMMANDS.filter((command) => steps.some((step) => runs(step, command))),
    ...(permissions === undefined ? {} : { permissions }),
    ...(typeof environment === "string" ? { environment } : {}),
    ...(concurrency === undefined ? {} : { concurrency }),
    uses: usesOf(job, steps, line),
  };
}

/** A step runs a command by its own line (`landline ci plan`) or through the action (`command: ci plan`). */
function runs(step: Plain, command: CiCommand): boolean {
  const { run, uses } = step;
  const own = new RegExp(`\\b(?:landline|cli\\.js)\\b[^\\n;&|]*\\sci\\s+${command}\\b`);
  if (typeof run === "string" && own.test(run)) return true;
  if (typeof uses !== "string" || !isOurAction(uses)) return false;
  return new RegExp(`^\\s*(?:landline\\s+)?(?:ci\\s+)?${command}\\b`).test(String(plain(step.with).command ?? ""));
}

/** The action of this repository, or one of a repository that is called landline. */
const isOurAction = (uses: string): boolean => uses === "./" || /^[^/]+\/landline(?:-[\w-]+)?(?:\/[^@]*)?@/i.test(uses);

function permissionsOf(said: unknown): Permissions | undefined {
  if (said === undefined || said === null) return undefined;
  if (said === "read-all" || said === "write-all") return said;
  return texts(said);
}

function concurrencyOf(said: unknown): ConcurrencyFacts | undefined {
  if (said === undefined || said === null) return undefined;
  const { "cancel-in-progress": cancels, queue } = plain(said);
  // An expression may be true for some event: only what is plainly false, or not said, never cancels.
  const never = cancels === undefined || cancels === false || cancels === "false";
  return { cancels: !never, ...(typeof queue === "string" ? { queue } : {}) };
}

function usesOf({ uses: called }: Plain, steps: readonly Plain[], line: LineOf): UseFacts[] {
  return [
    ...(typeof called === "string" ? [{ line: line(["uses"]), name: called, with: {} }] : []),
    ...steps.flatMap(({ uses, with: said }, index) =>
      typeof uses === "string" ? [{ line: line(["steps", index, "uses"]), name: uses, with: texts(said) }] : [],
    ),
  ];
}

const texts = (value: unknown): { readonly [key: string]: string } =>
  Object.fromEntries(Object.entries(plain(value)).map(([key, text]) => [key, String(text)]));
