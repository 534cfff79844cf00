import { styleText } from "node:util";
import { kindInfos } from "../kinds/index.ts";
import type { Plan, Snapshot } from "../model.ts";
import { declaredBy } from "../planner/changed/index.ts";
import { makePlan } from "../planner/plan.ts";
import { planToHtml, planToJson, planToMarkdown, planToText, type TextOptions } from "../planner/writers/index.ts";
import { changedSince, type Planned, scopeWords } from "./changed.ts";
import { openCloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { look, sha256 } from "./look.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { openProgress } from "./progress.ts";
import { writeResult } from "./results.ts";
import { readSnapshots } from "./snapshot-files.ts";
import { checkOnly, type Specs, specsToPlan } from "./specs.ts";

export interface PlanOptions extends GlobalOptions {
  readonly format: "text" | "markdown" | "json" | "html";
  /** Write the result here instead of stdout. */
  readonly out?: string;
  readonly only?: readonly string[];
  /** Plan what the difference between this commit and the working tree reaches. */
  readonly changedSince?: string;
  /** Exit 2 when there are changes. */
  readonly detailedExitcode: boolean;
  /** Plan from these files instead of the cloud. */
  readonly snapshot?: readonly string[];
  readonly verbose: boolean;
}

/** `landline plan`: look, plan, show. Reads only. */
export async function plan(options: PlanOptions, io: Io): Promise<number> {
  const { specs, only } = planned(options, io);
  const made = options.snapshot
    ? planFrom(specs, readSnapshots(options.snapshot, { specs, only }, io.cwd), only, io)
    : await planNow(specs, only, options, io);
  write(render(made, options, io), options, io);
  return exitCode(made, options.detailedExitcode);
}

/** The specs, and which of their connections this plan is about. */
function planned(options: PlanOptions, io: Io): Planned {
  const specs = specsToPlan(options, io);
  const { changedSince: ref } = options;
  if (ref === undefined) return { specs, only: checkOnly(options.only, specs) };
  if (options.only?.length)
    throw new CommandError("--changed-since and --only both say what is to be planned: leave one of the two out");
  const changed = changedSince(ref, specs, options, io);
  openProgress(io, options).say(scopeWords(changed, specs), { reached: changed.scope.reached });
  return changed;
}

/** Looks at the cloud and plans from what it sees. */
export async function planNow(
  specs: Specs,
  only: readonly string[] | undefined,
  options: GlobalOptions,
  io: Io,
  asked?: string,
): Promise<Plan> {
  const cloud = await openCloud(specs.project, options, io);
  try {
    const { snapshot } = await look(specs, only, cloud, openProgress(io, options), io);
    return planFrom(specs, snapshot, only, io, asked);
  } finally {
    await cloud.close();
  }
}

/** The pure step: specs and a snapshot to a plan. `asked`: the id of a hand-off that is wanted, due or not. */
export const planFrom = (
  { project, connections, profiles, former }: Specs,
  snapshot: Snapshot,
  only: readonly string[] | undefined,
  io: Io,
  asked?: string,
): Plan =>
  makePlan({
    project,
    connections,
    profiles,
    snapshot,
    kinds: kindInfos,
    now: io.now().toISOString(),
    sha256,
    ...(only ? { only } : {}),
    ...(asked === undefined ? {} : { asked }),
    ...(only && former ? { elsewhere: declaredOutside(connections, only) } : {}),
  });

const declaredOutside = (connections: Specs["connections"], only: readonly string[]): number =>
  connections
    .filter(({ spec }) => !only.includes(spec.metadata.name))
    .reduce((sum, document) => sum + declaredBy(document), 0);

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
