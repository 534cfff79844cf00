import { styleText } from "node:util";
import { kindInfos } from "../kinds/index.ts";
import type { Plan, Snapshot } from "../model.ts";
import { makePlan } from "../planner/plan.ts";
import { planToHtml, planToJson, planToMarkdown, planToText, type TextOptions } from "../planner/writers/index.ts";
import { openCloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { look, sha256 } from "./look.ts";
import { EXIT, type GlobalOptions } from "./options.ts";
import { openProgress } from "./progress.ts";
import { writeResult } from "./results.ts";
import { readSnapshots } from "./snapshot-files.ts";
import { checkOnly, type Specs, specsToPlan } from "./specs.ts";

export interface PlanOptions extends GlobalOptions {
  readonly format: "text" | "markdown" | "json" | "html";
  /** Write the result here instead of stdout. */
  readonly out?: string;
  readonly only?: readonly string[];
  /** Exit 2 when there are changes. */
  readonly detailedExitcode: boolean;
  /** Plan from these files instead of the cloud. */
  readonly snapshot?: readonly string[];
  readonly verbose: boolean;
}

/** `landline plan`: look, plan, show. Reads only. */
export async function plan(options: PlanOptions, io: Io): Promise<number> {
  const specs = specsToPlan(options, io);
  const only = checkOnly(options.only, specs);
  const made = options.snapshot
    ? planFrom(specs, readSnapshots(options.snapshot, { specs, only }, io.cwd), only, io)
    : await planNow(specs, only, options, io);
  write(render(made, options, io), options, io);
  return exitCode(made, options.detailedExitcode);
}

/** Looks at the cloud and plans from what it sees. */
export async function planNow(
  specs: Specs,
  only: readonly string[] | undefined,
  options: GlobalOptions,
  io: Io,
): Promise<Plan> {
  const cloud = await openCloud(specs.project, options, io);
  try {
    const { snapshot } = await look(specs, only, cloud, openProgress(io, options), io);
    return planFrom(specs, snapshot, only, io);
  } finally {
    await cloud.close();
  }
}

/** The pure step: specs and a snapshot to a plan. */
export const planFrom = (
  { project, connections }: Specs,
  snapshot: Snapshot,
  only: readonly string[] | undefined,
  io: Io,
): Plan =>
  makePlan({
    project,
    connections,
    snapshot,
    kinds: kindInfos,
    now: io.now().toISOString(),
    sha256,
    ...(only ? { only } : {}),
  });

/** How text is painted on this terminal. */
export const textOptions = (io: Io, verbose = false): TextOptions => ({
  color: io.color ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text,
  verbose,
});

function render(made: Plan, { format, verbose }: Pick<PlanOptions, "format" | "verbose">, io: Io): string {
  if (format === "json") return planToJson(made);
  if (format === "markdown") return planToMarkdown(made);
  if (format === "html") return planToHtml(made);
  return planToText(made, textOptions(io, verbose));
}

function write(text: string, { out, ...options }: PlanOptions, io: Io): void {
  if (out === undefined) io.out(text.endsWith("\n") ? text : `${text}\n`);
  else {
    writeResult(out, text, io);
    openProgress(io, options).say(`plan written to ${out}`);
  }
}

/** A refused plan is 3 whether or not it has changes: it cannot be applied as it stands. */
function exitCode(made: Plan, detailed: boolean): number {
  if (made.summary.errors > 0) return EXIT.refused;
  return detailed && made.changes.length > 0 ? EXIT.changes : EXIT.done;
}
