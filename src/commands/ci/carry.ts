import type { PullRequest } from "../../github/words.ts";
import type { Outcome, Plan } from "../../model.ts";
import {
  type PlanFile,
  planToJson,
  type Report,
  reportToJson,
  reportToMarkdown,
  reportToText,
} from "../../planner/writers/index.ts";
import { type DeploymentLine, reportComment } from "../../planner/writers/pull-request/index.ts";
import { textOptions } from "../plan.ts";
import { exitCodeOf, reportOn, runPlan } from "../run-plan.ts";
import { closeDeployments, openDeployments } from "./deployments.ts";
import { placesOf } from "./places.ts";
import { postComment, writeFiles, writeSummary } from "./post.ts";
import type { Look, Push } from "./push.ts";

/** A plan that may be carried out as it is, and whom to tell. */
export interface ToCarryOut {
  readonly look: Look;
  /** `#12`; for a plan of several, all of them. */
  readonly what: string;
  /** On whose comments the report goes. */
  readonly pulls: readonly PullRequest[];
  /** Who approved what, as plain lines. */
  readonly evidence: readonly string[];
  /** The plan that was reviewed, where it is not the fresh one. */
  readonly reviewed?: PlanFile;
  /** What this job uploads its files as. */
  readonly artifact: string;
}

/** Tells the deployments, applies, reports. Gives the exit code. */
export async function carryOut(push: Push, wanted: ToCarryOut): Promise<number> {
  const { ci, options, cloud, progress, pushed } = push;
  const { look, what, evidence } = wanted;
  const { specs, looked, plan: made } = look;
  const open = await openDeployments(ci, { sha: pushed.after, plan: made, what, evidence });
  let outcomes: readonly Outcome[] = [];
  let deployments: readonly DeploymentLine[] = [];
  try {
    outcomes = await runPlan({ options, specs, looked, made, cloud, progress, io: ci.io });
  } finally {
    deployments = await closeDeployments(ci, open, made, outcomes);
  }
  const report = await reportOn({ options, specs, cloud, made, outcomes, resume: resumeOf(push), io: ci.io });
  await tell(push, wanted, report, deployments);
  return exitCodeOf(outcomes, made);
}

/** The plan is empty by now: what was reviewed is so. */
export async function tellSettled(push: Push, wanted: ToCarryOut): Promise<void> {
  const { waits, handoffs } = wanted.look.plan;
  await tell(push, wanted, { plan: wanted.look.plan, outcomes: [], waits, handoffs, resume: resumeOf(push) }, []);
}

const resumeOf = ({ ci: { run } }: Push): string =>
  `gh run rerun ${run.id} --repo ${run.repository.owner}/${run.repository.name}`;

/** The log and the files come first: they are there even when GitHub does not take the comment. */
async function tell(
  { ci, options, head }: Push,
  { look, what, pulls, evidence, reviewed, artifact }: ToCarryOut,
  report: Report,
  deployments: readonly DeploymentLine[],
): Promise<void> {
  ci.io.out(`${what}\n${reportToText(report, textOptions(ci.io))}\n`);
  const word = fileWord(what);
  writeFiles(options, ci, {
    [`plan-${word}.json`]: planToJson(look.plan),
    [`report-${word}.json`]: reportToJson(report),
  });
  writeSummary(ci, `## ${what}\n\n${reportToMarkdown(report)}`);
  const body = reportComment({
    marker: ci.marker,
    report,
    plan: reviewed ? planOf(reviewed) : look.plan,
    targets: placesOf(head.specs.project),
    approvals: evidence,
    deployments,
    moreAt: { words: "the summary of the run", url: ci.run.url, artifact },
    rerun: ci.run.url,
  });
  for (const { number } of pulls) await postComment(ci, number, body);
}

const fileWord = (what: string): string => what.replace(/[^0-9a-z]+/gi, "-").replace(/^-|-$/g, "");

/** A plan file as the writers know plans. */
const planOf = ({ changes, ...file }: PlanFile): Plan => ({
  ...file,
  changes: changes.map(({ object: _, ...change }) => ({
    ...change,
    step: change.step ?? change.address,
    notes: change.notes ?? [],
  })),
});
