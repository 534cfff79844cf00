import { dirname, join, relative, resolve } from "node:path";
import { apply as carryOut } from "../applier/apply.ts";
import { openJournal } from "../applier/journal.ts";
import { Outputs } from "../applier/outputs.ts";
import type { Outcome, Plan } from "../model.ts";
import { renamesOf } from "../planner/renames/index.ts";
import { indexSnapshot } from "../planner/snapshot-index.ts";
import type { Report } from "../planner/writers/index.ts";
import type { Cloud } from "./cloud.ts";
import { doorsTo } from "./doors.ts";
import type { Io } from "./io.ts";
import { type Looked, look } from "./look.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { planFrom } from "./plan.ts";
import type { Progress } from "./progress.ts";
import type { Specs } from "./specs.ts";

/** How a plan is carried out, whoever asked for it. */
export interface RunOptions extends Pick<GlobalOptions, "project"> {
  readonly parallel: number;
  /** Where every step is recorded; beside the project file when left out. */
  readonly journal?: string;
}

/** A plan that is to be carried out, with what it was made of. */
export interface PlanRun {
  readonly options: RunOptions;
  readonly specs: Specs;
  readonly looked: Looked;
  readonly made: Plan;
  readonly cloud: Cloud;
  readonly progress: Progress;
  readonly io: Io;
}

/** Carries out what the plan does not refuse, and tells each step. */
export async function runPlan({ options, specs, looked, made, cloud, progress, io }: PlanRun): Promise<Outcome[]> {
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

const journalPath = ({ journal, project }: RunOptions, io: Io): string =>
  resolve(io.cwd, journal ?? join(dirname(project), ".landline", "journal.jsonl"));

/** A run that is over. */
export interface EndedRun extends Omit<PlanRun, "looked" | "progress"> {
  readonly outcomes: readonly Outcome[];
  /** The command to go on with. */
  readonly resume: string;
}

/** What is true after the run: who we wait for now and what to tell them, with the ids that exist since. */
export async function reportOn(run: EndedRun): Promise<Report> {
  const { options, made, outcomes, resume, io } = run;
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
    resume,
  };
}

/** What was done is reported even when the cloud cannot be looked at any more; waits and hand-offs are then those of before. */
async function planAfter({ specs, cloud, io }: EndedRun, touched: ReadonlySet<string>): Promise<Plan | undefined> {
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

/**
 * A step that waits for somebody else is no failure; one that was not tried because of a failure is told by that failure. An error of a
 * connection that had no changes is still open when the changes of the others are done.
 */
export function exitCodeOf(outcomes: readonly Outcome[], made: Plan): number {
  const some = (result: Outcome["result"]) => outcomes.some((outcome) => outcome.result === result);
  if (!some("failed") && !some("refused")) return made.summary.errors > 0 ? EXIT.partly : EXIT.done;
  if (some("done")) return EXIT.partly;
  return some("failed") ? EXIT.error : EXIT.refused;
}
