import { allChecksOf } from "../../github/checks.ts";
import { sameText } from "../../github/marker.ts";
import type { Check, CheckToPost, PullRequest } from "../../github/words.ts";
import type { Plan } from "../../model.ts";
import type { ProjectDocument } from "../../planner/specs/index.ts";
import { type CheckOutput, conflictCheck, noPlanCheck } from "../../planner/writers/pull-request/index.ts";
import { type Changed, changedFrom } from "../changed.ts";
import { CommandError } from "../options.ts";
import { planNow } from "../plan.ts";
import { inRepository, planChecks } from "./checks.ts";
import type { MergeResult } from "./merge-result.ts";
import { movedOutput, stillShown } from "./moved.ts";
import { checkName, PLAN_ARTIFACT, targetOfCheck } from "./names.ts";
import type { Ci, CiOptions } from "./open.ts";
import { moreAt, placesOf } from "./places.ts";
import { postChecks } from "./post.ts";
import { readMerge } from "./read-merge.ts";
import { shownIn } from "./reviewed.ts";
import { trialOf } from "./trial-merge.ts";

/** What open pull requests are held against: a commit of their base branch, and the project there. */
export interface Base {
  readonly branch: string;
  readonly commit: string;
  readonly project: ProjectDocument;
}

/**
 * What a second look at a pull request came to. `agrees`: its plan is the one that is shown. `moved`: it is another one by now, or there is
 * none any more. `passed`: there is nothing to hold it against, and its own run looks after it.
 */
export type Rechecked = "agrees" | "moved" | "conflict" | "passed";

/** A pull request under its second look. */
interface Subject {
  readonly ci: Ci;
  readonly options: CiOptions;
  readonly pull: PullRequest;
  /** Our checks on its head, in the order in which they were posted. */
  readonly there: readonly Check[];
}

/**
 * Plans an open pull request anew and says at its checks whether the plan is still the one that people look at. Writes nothing when the
 * checks say so already. @throws CommandError when no plan could be made, so that nobody knows
 */
export async function recheck(ci: Ci, options: CiOptions, pull: PullRequest, base: Base): Promise<Rechecked> {
  const { owner, name } = ci.run.repository;
  // A fork was never planned: its commits may even be those of a branch of ours.
  if (pull.head.repository?.toLowerCase() !== `${owner}/${name}`.toLowerCase()) return "passed";
  const there = (await allChecksOf(ci.github, pull.head.sha)).filter(
    (check) => targetOfCheck(check.name) !== undefined,
  );
  if (there.length === 0) return "passed";
  const subject = { ci, options, pull, there };
  const trial = await trialOf(ci, pull, base.commit, options);
  if (trial === "conflict") return conflicting(subject, base);
  if ("merge" in trial) return replanned(subject, trial.merge, base);
  if (trial.settled) return passing(subject, trial.notNow);
  throw new CommandError(trial.notNow);
}

function passing({ ci, pull }: Pick<Subject, "ci" | "pull">, why: string): "passed" {
  ci.io.err(`pull request ${pull.number}: ${why}\n`);
  return "passed";
}

async function conflicting(subject: Subject, { branch, project }: Base): Promise<Rechecked> {
  const shown = shownIn(subject.there, subject.pull, project);
  if (typeof shown === "string") return passing(subject, shown);
  await say(
    subject,
    everywhere(subject, project, shown.planId, "neutral", { ...conflictCheck(branch), annotations: [] }),
  );
  return "conflict";
}

async function replanned(subject: Subject, merge: MergeResult, base: Base): Promise<Rechecked> {
  const { ci, options, pull, there } = subject;
  const read = readMerge(ci, merge, options);
  const project = read.project ?? base.project;
  const shown = shownIn(there, pull, project);
  if (typeof shown === "string") return passing(subject, shown);
  const red = async (output: Output): Promise<Rechecked> => {
    await say(subject, everywhere(subject, project, shown.planId, "failure", output));
    return "moved";
  };
  if ("problems" in read) return red(noPlanCheck({ problems: read.problems }));
  const changed = changedOr(() => changedFrom(ci.git, merge.base, { ...merge, specs: read.specs }, options, ci.io));
  if (typeof changed === "string") return red(noPlanCheck({ reason: changed }));
  const plan = await planOf(subject, changed);
  const file = await stillShown(ci, pull, shown.planId, plan, project);
  if (file !== "same") return red({ ...movedOutput(shown.planId, plan, file), annotations: [] });
  const targets = placesOf(project);
  const input = { headSha: pull.head.sha, plan, specs: changed.specs, targets, moreAt: moreAt(pull, PLAN_ARTIFACT) };
  // What is shown is the plan of the artifact: its id stays, also where the same operations come in another order.
  await say(
    subject,
    planChecks(ci, input).map((check) => ({ ...check, externalId: shown.planId })),
  );
  return "agrees";
}

/** Specs that were lost on the way are a fault of the change; whatever else goes wrong is not. */
function changedOr(work: () => Changed): Changed | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}

/** A plan that could not see everything says nothing about whether anything has moved. */
async function planOf({ ci, options }: Subject, { specs, only }: Changed): Promise<Plan> {
  const plan = await planNow(specs, only, options, ci.io);
  const blind = plan.findings.find(({ id }) => id === "target.unreadable");
  if (blind) throw new CommandError(blind.message);
  return plan;
}

type Output = Pick<CheckOutput, "title" | "summary" | "annotations">;

/** The same words at every target: they are about the plan as a whole, and a rule may require any of the checks. */
function everywhere(
  { ci, pull }: Subject,
  project: ProjectDocument,
  externalId: string,
  conclusion: CheckToPost["conclusion"],
  { title, summary, annotations }: Output,
): CheckToPost[] {
  const same = { conclusion, externalId, title, summary, annotations: inRepository(ci, annotations) };
  return placesOf(project).map(({ name }) => ({
    ...same,
    name: checkName(name),
    headSha: pull.head.sha,
    detailsUrl: ci.run.url,
  }));
}

/** Posts those that say something else than the newest of their name does. */
async function say({ ci, there }: Subject, checks: readonly CheckToPost[]): Promise<void> {
  const newest = new Map(there.map((check) => [check.name, check]));
  await postChecks(
    ci,
    checks.filter((check) => !isSaid(newest.get(check.name), check)),
  );
}

/** A green check need not be reworded; of the others the reason counts. */
const isSaid = (there: Check | undefined, { conclusion, externalId, summary }: CheckToPost): boolean =>
  there?.conclusion === conclusion &&
  there.externalId === externalId &&
  (conclusion === "success" || sameText(there.summary ?? "", summary));
