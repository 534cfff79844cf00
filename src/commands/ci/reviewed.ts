import { artifactsFor, downloadArtifact } from "../../github/artifacts.ts";
import { allChecksOf } from "../../github/checks.ts";
import type { GitHub } from "../../github/client.ts";
import { isProblem } from "../../github/errors.ts";
import type { Check, PullRequest } from "../../github/words.ts";
import type { ProjectDocument } from "../../planner/specs/index.ts";
import type { ReadPlan } from "../../planner/writers/index.ts";
import { CommandError } from "../options.ts";
import { checkedPlan } from "../reviewed-plan.ts";
import type { PlansShown } from "./approvals.ts";
import { PLAN_ARTIFACT, PLAN_FILE, targetOfCheck } from "./names.ts";

/**
 * What people could see of a plan on a pull request. The comment is not asked: everybody who may write may edit it. The checks of the head
 * commit say which plan it was, and the artifact of that run what was in it.
 */
export interface ShownPlan extends PlansShown {
  /** Whether every target's check was green: a plan with errors shows changes that it refuses. */
  readonly green: boolean;
}

const PLAN_ID = /^sha256:[0-9a-f]{64}$/;

/** The plan that the newest checks of a pull request's head stand for, one of each target; or why there is none, in a sentence. */
export async function shownPlan(
  github: GitHub,
  pull: Pick<PullRequest, "number" | "head">,
  project: ProjectDocument,
): Promise<ShownPlan | string> {
  return shownIn(await allChecksOf(github, pull.head.sha), pull, project);
}

/** The same, from all checks of ours on that commit in the order in which they were posted. */
export function shownIn(
  checks: readonly Check[],
  { number, head }: Pick<PullRequest, "number" | "head">,
  project: ProjectDocument,
): ShownPlan | string {
  const all = ofTargets(checks, project);
  const now = standing(all);
  const where = `the last commit of pull request ${number} (${head.sha.slice(0, 12)})`;
  if (now.length === 0)
    return `there is no check of Landline on ${where}: its plan was never made, so nobody has reviewed it`;
  const planId = idOf(now);
  if (planId === undefined)
    return `the checks of Landline on ${where} do not stand for one plan; run the plan again and have it approved`;
  return { planId, green: now.every(({ conclusion }) => conclusion === "success"), at: historyOf(all) };
}

/** What stood on a pull request before a plan that was made just now. */
export async function plansBefore(
  github: GitHub,
  { head }: Pick<PullRequest, "head">,
  project: ProjectDocument,
  planId: string,
): Promise<PlansShown> {
  return { planId, at: historyOf(ofTargets(await allChecksOf(github, head.sha), project)) };
}

const ofTargets = (checks: readonly Check[], project: ProjectDocument): readonly Check[] =>
  checks.filter(({ name }) => isOfTarget(name, project));

const historyOf =
  (checks: readonly Check[]): PlansShown["at"] =>
  (time) =>
    idOf(standing(checks, time));

function isOfTarget(name: string, { spec }: ProjectDocument): boolean {
  const target = targetOfCheck(name);
  return target !== undefined && Object.hasOwn(spec.targets, target);
}

/** The newest check of every name that was there at a time. */
function standing(checks: readonly Check[], time?: string): readonly Check[] {
  const then = time === undefined ? Number.POSITIVE_INFINITY : Date.parse(time);
  const there = checks.filter(({ completedAt }) => completedAt !== null && Date.parse(completedAt) <= then);
  return [...new Map(there.map((check) => [check.name, check])).values()];
}

/** The one plan that these checks stand for. */
function idOf(checks: readonly Check[]): string | undefined {
  const [id, ...others] = new Set(checks.map(({ externalId }) => externalId ?? ""));
  return id !== undefined && others.length === 0 && PLAN_ID.test(id) ? id : undefined;
}

/** So many artifacts are looked into: each run of the plan leaves one. */
const MOST_ARTIFACTS = 10;

/**
 * The plan itself, from the artifact of a run for this very head: by name, commit, branch and repository, and only when its digests are those
 * of what it says and give the id of the checks. Undefined when there is none such.
 */
export async function shownPlanFile(
  github: GitHub,
  { head }: Pick<PullRequest, "head">,
  planId: string,
  project: ProjectDocument,
  log: (line: string) => void,
): Promise<ReadPlan | undefined> {
  const found = await artifactsFor(github, { name: PLAN_ARTIFACT, headSha: head.sha, headBranch: head.ref });
  for (const artifact of found.slice(0, MOST_ARTIFACTS)) {
    const read = await readArtifact(github, artifact, project);
    if (typeof read === "string") log(`${read}: not used\n`);
    else if (read.plan.planId === planId) return read;
    else log(`artifact ${artifact.id} holds plan ${read.plan.planId}: not used\n`);
  }
  return undefined;
}

/** A plan out of an artifact, or why it is none. Whoever made it is not trusted. */
export async function readArtifact(
  github: GitHub,
  artifact: Parameters<typeof downloadArtifact>[1],
  project: ProjectDocument,
): Promise<ReadPlan | string> {
  const name = `artifact ${artifact.id}`;
  try {
    const text = (await downloadArtifact(github, artifact)).get(PLAN_FILE);
    return text === undefined ? `${name} has no ${PLAN_FILE}` : checkedPlan(text, name, project);
  } catch (error) {
    if (error instanceof CommandError || isProblem(error, "invalid", "not-found")) return error.message;
    throw error;
  }
}
