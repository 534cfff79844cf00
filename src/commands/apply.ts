import type { Plan } from "../model.ts";
import { onlyReviewed } from "../planner/guard/reviewed.ts";
import { planToText, type Report, reportToJson, reportToMarkdown, reportToText } from "../planner/writers/index.ts";
import { openCloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { look, sha256 } from "./look.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { planFrom, textOptions } from "./plan.ts";
import { openProgress, type Progress } from "./progress.ts";
import { readReviewedPlan } from "./reviewed-plan.ts";
import { exitCodeOf, type RunOptions, reportOn, runPlan } from "./run-plan.ts";
import { checkOnly, specsToPlan } from "./specs.ts";

export interface ApplyOptions extends GlobalOptions, RunOptions {
  /** Apply only what this plan file holds. */
  readonly planFile?: string;
  readonly yes: boolean;
  readonly only?: readonly string[];
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
    const outcomes = await runPlan({ options, specs, looked, made, cloud, progress, io });
    const report = await reportOn({ options, specs, cloud, made, outcomes, resume: resumeCommand(options), io });
    io.out(renderReport(report, options.format, io));
    return exitCodeOf(outcomes, made);
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
