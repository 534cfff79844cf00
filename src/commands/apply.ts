import { dirname, join, relative, resolve } from "node:path";
import { apply as carryOut } from "../applier/apply.ts";
import { openJournal } from "../applier/journal.ts";
import { Outputs } from "../applier/outputs.ts";
import type { Outcome, Plan } from "../model.ts";
import { onlyReviewed } from "../planner/guard/reviewed.ts";
import { renamesOf } from "../planner/renames/index.ts";
import { indexSnapshot } from "../planner/snapshot-index.ts";
import { planToText, type Report, reportToJson, reportToMarkdown, reportToText } from "../planner/writers/index.ts";
import { type Cloud, openCloud } from "./cloud.ts";
import { doorsTo } from "./doors.ts";
import type { Io } from "./io.ts";
import { type Looked, look, sha256 } from "./look.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { planFrom, textOptions } from "./plan.ts";
import { openProgress, type Progress } from "./progress.ts";
import { readReviewedPlan } from "./reviewed-plan.ts";
import { checkOnly, type Specs, specsToPlan } from "./specs.ts";

export interface ApplyOptions extends GlobalOptions {
  /** Apply only what this plan file holds. */
  readonly planFile?: string;
  readonly yes: boolean;
  readonly only?: readonly string[];
  readonly parallel: number;
  readonly journal?: string;
  readonly format: "text" | "markdown" | "json";
}

/** Asks a person on the terminal; undefined where there is none. */
export type Ask = ((question: string) => Promise<string>) | undefined;

/** `landline apply`: look, plan, show, ask, apply, report. */
export async function apply(options: ApplyOptions, io: Io, ask: Ask): Promise<number> {
  const specs = specsToPlan(options, io);
  const only = checkOnly(options.only, specs);
  const reviewed =
    options.planFile === undefined ? undefined : readReviewedPlan(options.planFile, specs.project, io.cwd);
  const progress = openProgress(io, options);
  const cloud = await openCloud(specs.project, options, io);
  try {
    const looked = await look(specs, only, cloud, progress, io);
    const fresh = planFrom(specs, looked.snapshot, only, io);
    const made = reviewed ? onlyReviewed(fresh, reviewed, sha256) : fresh;
    const goes = made.changes.filter(({ refused }) => refused === undefined);
    showPlan(made, options, progress, io);
    if (goes.length === 0) return nothingToDo(made, options, io);
    if (!(await agreed(goes.length, options, ask))) return declined(io);
    const outcomes = await run({ options, specs, looked, made, cloud, progress, io });
    const report = await reportOn({ options, specs, cloud, made, outcomes, io });
    io.out(renderReport(report, options.format, io));
    return exitCode(outcomes, made);
  } finally {
    await cloud.close();
  }
}

/** With --format json or markdown stdout holds the report alone, and with --json-logs stderr holds JSON lines alone. */
function showPlan(made: Plan, { format, jsonLogs }: ApplyOptions, progress: Progress, io: Io): void {
  const { planId, summary } = made;
  if (format !== "text" && jsonLogs) progress.say("planned", { planId, summary });
  else (format === "text" ? io.out : io.err)(`${planToText(made, textOptions(io))}\n`);
}

/** Who asked for JSON gets JSON in this case too. */
function nothingToDo(made: Plan, options: ApplyOptions, io: Io): number {
  const { waits, handoffs } = made;
  const report = { plan: made, outcomes: [], waits, handoffs, resume: resumeCommand(options) };
  if (options.format !== "text") io.out(renderReport(report, options.format, io));
  return made.changes.length > 0 || made.summary.errors > 0 ? EXIT.refused : EXIT.done;
}

interface Run {
  readonly options: ApplyOptions;
  readonly specs: Specs;
  readonly looked: Looked;
  readonly made: Plan;
  readonly cloud: Cloud;
  readonly progress: Progress;
  readonly io: Io;
}

async function run({ options, specs, looked, made, cloud, progress, io }: Run): Promise<Outcome[]> {
  const journal = openJournal(journalPath(options, io), io.now);
  let ended = 0;
  try {
    return await carryOut({
      planId: made.planId,
      changes: made.changes,
      doors: doorsTo(specs, looked, cloud, io),
      outputs: new Outputs(indexSnapshot(looked.snapshot, renamesOf(specs.connections)).live),
      journal,
      parallel: options.parallel,
      progress({ change, outcome }) {
        if (!outcome) return progress.live(`${ended}/${made.changes.length} ${change.action} ${change.step} ...`);
        ended += 1;
        progress.say(
          `${ended}/${made.changes.length} ${outcome.result} ${change.action} ${change.step}: ${outcome.message}${outcome.id ? ` (${outcome.id})` : ""}`,
          { ...outcome },
        );
      },
    });
  } finally {
    progress.clear();
    journal.close();
  }
}

const journalPath = ({ journal, project }: ApplyOptions, io: Io): string =>
  resolve(io.cwd, journal ?? join(dirname(project), ".landline", "journal.jsonl"));

/** What is true after the run: who we wait for now and what to tell them, with the ids that exist since. */
async function reportOn(run: Reported): Promise<Report> {
  const { options, made, outcomes, io } = run;
  const touched = new Set(outcomes.map(({ connection }) => connection));
  const after = await planAfter(run, touched);
  const untouched = <T extends { readonly connection: string }>(items: readonly T[]) =>
    items.filter(({ connection }) => !touched.has(connection));
  return {
    plan: made,
    outcomes,
    waits: after ? [...untouched(made.waits), ...after.waits] : made.waits,
    handoffs: after ? [...untouched(made.handoffs), ...after.handoffs] : made.handoffs,
    journal: relative(io.cwd, journalPath(options, io)),
    resume: resumeCommand(options),
  };
}

interface Reported extends Omit<Run, "looked" | "progress"> {
  readonly outcomes: readonly Outcome[];
}

/** What was done is reported even when the cloud cannot be looked at any more; waits and hand-offs are then those of before. */
async function planAfter({ specs, cloud, io }: Reported, touched: ReadonlySet<string>): Promise<Plan | undefined> {
  const known = specs.connections.map(({ spec }) => spec.metadata.name).filter((name) => touched.has(name));
  if (known.length === 0) return undefined;
  const quiet = { say() {}, live() {}, clear() {} };
  try {
    return planFrom(specs, (await look(specs, known, cloud, quiet, io)).snapshot, known, io);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    io.err(`The waits and hand-offs in the report are those of before this run: ${error.message}\n`);
    return undefined;
  }
}

function resumeCommand({ planFile, project, sandbox, only }: ApplyOptions): string {
  const words = [
    "landline apply",
    planFile,
    project === "landline.yaml" ? undefined : `--project ${project}`,
    sandbox ? "--sandbox" : undefined,
    only?.length ? `--only ${only.join(" ")}` : undefined,
  ];
  return words.filter((word) => word !== undefined).join(" ");
}

async function agreed(count: number, { yes }: ApplyOptions, ask: Ask): Promise<boolean> {
  if (yes) return true;
  if (!ask)
    throw new CommandError(
      "this is not a terminal, so nobody can be asked: review the plan above and run again with --yes",
      EXIT.refused,
    );
  const answer = await ask(
    `Apply ${count === 1 ? "this change" : `these ${count} changes`}? Only "yes" is taken for an answer: `,
  );
  return answer.trim() === "yes";
}

function declined(io: Io): number {
  io.err("Not applied; nothing was changed.\n");
  return EXIT.refused;
}

function renderReport(report: Report, format: ApplyOptions["format"], io: Io): string {
  if (format === "json") return reportToJson(report);
  return `${format === "markdown" ? reportToMarkdown(report) : reportToText(report, textOptions(io))}\n`;
}

/**
 * A step that waits for somebody else is no failure; one that was not tried because of a failure is told by that failure. An error of a
 * connection that had no changes is still open when the changes of the others are done.
 */
function exitCode(outcomes: readonly Outcome[], made: Plan): number {
  const some = (result: Outcome["result"]) => outcomes.some((outcome) => outcome.result === result);
  if (!some("failed") && !some("refused")) return made.summary.errors > 0 ? EXIT.partly : EXIT.done;
  if (some("done")) return EXIT.partly;
  return some("failed") ? EXIT.error : EXIT.refused;
}
