import { pullRequest } from "../../github/pulls.ts";
import type { Plan } from "../../model.ts";
import { type ChecklistItem, checklistOf } from "../../planner/approvals/index.ts";
import { planToText } from "../../planner/writers/index.ts";
import { planToJson } from "../../planner/writers/json.ts";
import { planToMarkdown } from "../../planner/writers/markdown.ts";
import { jobSummary, planComment } from "../../planner/writers/pull-request/index.ts";
import { type Changed, changedFrom, scopeWords } from "../changed.ts";
import type { Io } from "../io.ts";
import { CommandError, EXIT } from "../options.ts";
import { planNow, textOptions } from "../plan.ts";
import type { ReadSpecs } from "../specs.ts";
import { approvalsOf, requirementsFor, unreviewed } from "./approvals.ts";
import { planChecks } from "./checks.ts";
import { commentOnFork, planFork } from "./fork.ts";
import { type CiOnPull, type MergeResult, mergeResult, PULL_EVENTS } from "./merge-result.ts";
import { PLAN_ARTIFACT, PLAN_FILE, PLAN_TEXT } from "./names.ts";
import { postNoPlan } from "./no-plan.ts";
import { asCommand, type CiOptions, ciOn, openCi, wrongEvent } from "./open.ts";
import { moreAt, placesOf } from "./places.ts";
import { postChecks, postComment, postNewChecks, writeFiles, writeOutputs, writeSummary } from "./post.ts";
import { type KnownProject, readMerge } from "./read-merge.ts";
import { plansBefore } from "./reviewed.ts";

/** `landline ci plan`: what a pull request would change, told on the pull request. Reads the cloud only, and a fork's not even that. */
export function ciPlan(options: CiOptions, io: Io): Promise<number> {
  return asCommand(async () => {
    const ci = openCi(options, io);
    const afterRun = ciOn(ci, "workflow_run");
    if (afterRun) return commentOnFork(afterRun);
    const onPull = ciOn(ci, ...PULL_EVENTS);
    if (!onPull) return wrongEvent("plan", ci, ...PULL_EVENTS, "workflow_run");
    return isFork(onPull) ? planFork(onPull, options) : planPull(onPull, options);
  });
}

/** A fork that is gone counts as one. */
function isFork({ run: { event, repository } }: CiOnPull): boolean {
  const { owner, name } = repository;
  return event.pull.head.repository?.toLowerCase() !== `${owner}/${name}`.toLowerCase();
}

/** Look, plan, show, post. */
async function planPull(ci: CiOnPull, options: CiOptions): Promise<number> {
  if (!(await isStillOpen(ci))) return EXIT.done;
  const merge = mergeResult(ci, options);
  const read = readMerge(ci, merge, options);
  if ("problems" in read) return postNoPlan(ci, read, { problems: read.problems });
  try {
    const changed = changedOf(ci, merge, read.specs, options);
    const plan = await planNow(changed.specs, changed.only, options, ci.io);
    await show({ ci, options, changed, plan });
    return plan.summary.errors > 0 ? EXIT.refused : EXIT.done;
  } catch (error) {
    if (error instanceof CommandError) await tellFailure(ci, read, error);
    throw error;
  }
}

/** The comment of an earlier push must not stand there as if it were about this one. */
async function tellFailure(ci: CiOnPull, known: KnownProject, { message, exitCode }: CommandError): Promise<void> {
  try {
    await postNoPlan(ci, known, { reason: message });
  } catch (error) {
    const untold = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${message}\nThe pull request could not be told: ${untold}`, exitCode);
  }
}

/** Right after a push there is nothing to ask: no review can be of the new head yet, and the pull request is as the event says. */
const isFresh = ({ run: { event, attempt } }: CiOnPull): boolean =>
  attempt === 1 && event.name !== "pull_request_review" && ["opened", "synchronize"].includes(event.action);

/** A review after the merge, or a run that is run again, must not write over the report of the merge or over the plan of a later push. */
async function isStillOpen(ci: CiOnPull): Promise<boolean> {
  const { pull } = ci.run.event;
  const now = isFresh(ci) ? pull : await pullRequest(ci.github, pull.number);
  if (now.state !== "open") ci.io.err(`pull request ${pull.number} is closed: nothing is planned\n`);
  else if (now.head.sha !== pull.head.sha)
    ci.io.err(`pull request ${pull.number} was pushed to since: the run of that push plans it\n`);
  else return true;
  return false;
}

function changedOf(ci: CiOnPull, { base, tree, paths }: MergeResult, specs: ReadSpecs, options: CiOptions): Changed {
  const changed = changedFrom(ci.git, base, { specs, tree, paths }, options, ci.io);
  if (!options.quiet) ci.io.err(`${scopeWords(changed, specs)}\n`);
  return changed;
}

interface Made {
  readonly ci: CiOnPull;
  readonly options: CiOptions;
  readonly changed: Changed;
  readonly plan: Plan;
}

/** The comment comes before the checks: where they are required nothing can be merged whose plan nobody could read. */
async function show({ ci, options, changed, plan }: Made): Promise<void> {
  const { pull } = ci.run.event;
  writeFiles(options, ci, { [PLAN_FILE]: planToJson(plan), [PLAN_TEXT]: planToMarkdown(plan) });
  writeSummary(ci, jobSummary(plan));
  writeOutputs(ci, { "plan-id": plan.planId, changes: plan.changes.length, verdict: verdictOf(plan) });
  ci.io.out(`${planToText(plan, textOptions(ci.io))}\n`);
  const targets = placesOf(changed.specs.project);
  const checklist = await checklistFor(ci, changed, plan);
  const scope = changed.scope.reached;
  const more = moreAt(pull, PLAN_ARTIFACT);
  await postComment(ci, pull.number, planComment({ marker: ci.marker, plan, targets, checklist, moreAt: more, scope }));
  const checks = planChecks(ci, { headSha: pull.head.sha, plan, specs: changed.specs, targets, moreAt: more });
  await (isFresh(ci) ? postChecks : postNewChecks)(ci, checks);
}

async function checklistFor(ci: CiOnPull, { before, specs }: Changed, plan: Plan): Promise<ChecklistItem[]> {
  const { pull } = ci.run.event;
  const requirements = requirementsFor(plan, before?.project, specs.project);
  if (isFresh(ci) || requirements.length === 0) return checklistOf(unreviewed(pull, requirements));
  const shown = await plansBefore(ci.github, pull, specs.project, plan.planId);
  return checklistOf(await approvalsOf(ci.github, pull, requirements, shown));
}

/** The step's output `verdict`: `refused`, `changes` or `nothing`; where there is no plan, `invalid`. */
function verdictOf({ summary, changes }: Plan): string {
  if (summary.errors > 0) return "refused";
  return changes.length > 0 ? "changes" : "nothing";
}
