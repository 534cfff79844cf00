import type { PullRequest } from "../../github/words.ts";
import type { Plan } from "../../model.ts";
import { checklistOf, evidenceOf } from "../../planner/approvals/index.ts";
import { type Delta, deltaOf } from "../../planner/changed/index.ts";
import { asSet } from "../../planner/collections.ts";
import { onlyReviewedMerge } from "../../planner/guard/reviewed-merge.ts";
import type { PlanFile, ReadPlan } from "../../planner/writers/index.ts";
import { isBlocking } from "../../planner/writers/verdict.ts";
import { sha256 } from "../look.ts";
import { CommandError } from "../options.ts";
import { approvalsOf, requirementsFor } from "./approvals.ts";
import { type Block, short } from "./blocks.ts";
import { type Look, lookAndPlan, overtaken, type Push, type Reach, reachOf, unlikeBranch } from "./push.ts";
import { type ShownPlan, shownPlan, shownPlanFile } from "./reviewed.ts";

/** One part of a push held against what was reviewed of it. */
export interface Assessed {
  readonly block: Block;
  /** Absent when no plan could be made. */
  readonly look?: Look;
  /** Why nothing of it is carried out, in sentences; empty: all of it may be. */
  readonly reasons: readonly string[];
  /** Whether the approval of a person could settle all of the reasons. */
  readonly approvable: boolean;
  /** Who approved what; for the report. */
  readonly evidence: readonly string[];
  /** What was reviewed, where it had to be read: when it is not the fresh plan to the letter. */
  readonly reviewed?: PlanFile;
  readonly delta?: Delta;
  /** The exit code that an error of this part asks for. */
  readonly exitCode?: number;
}

/**
 * Plans a part of a push afresh and holds it against the plan that was reviewed and against the approvals; all or nothing of it goes on.
 * Undefined when it changes no plan.
 */
export async function assess(push: Push, block: Block): Promise<Assessed | undefined> {
  try {
    const reach = reachOf(push, block);
    if (reach.only?.length === 0) return undefined;
    return await judged(push, block, reach, await lookAndPlan(push, reach));
  } catch (error) {
    // What went wrong with one pull request is told there and stops no other one.
    if (!(error instanceof CommandError)) throw error;
    const { message, exitCode } = error;
    return { block, reasons: [message], approvable: false, evidence: [], exitCode };
  }
}

/** Whether there is nothing to carry out and nothing to refuse. */
export const isSettled = ({ look, reasons }: Assessed): boolean =>
  reasons.length === 0 && look !== undefined && look.plan.changes.length === 0;

async function judged(push: Push, block: Block, reach: Reach, look: Look): Promise<Assessed | undefined> {
  const { plan } = look;
  if (plan.changes.length === 0 && plan.summary.errors === 0) return settled(push, block, look);
  const lasting = [...errorsOf(plan), ...(await overtakenWords(push, plan))];
  const review = block.pull
    ? await reviewOf(push, block.pull, reach, plan)
    : { reasons: [directPush(block)], evidence: [] };
  const reasons = [...lasting, ...review.reasons];
  return { block, look, ...review, reasons, approvable: lasting.length === 0 };
}

/** Nothing is left to do. Worth telling only where there was something: the comment that says there is nothing may stay. */
async function settled({ ci, head }: Push, block: Block, look: Look): Promise<Assessed | undefined> {
  const shown = block.pull ? await shownPlan(ci.github, block.pull, head.specs.project) : undefined;
  if (shown === undefined || typeof shown === "string" || shown.planId === look.plan.planId) return undefined;
  return { block, look, reasons: [], approvable: false, evidence: ["everything is as it was reviewed already"] };
}

/** What the plan itself refuses: nobody's approval makes it possible. */
function errorsOf(plan: Plan): string[] {
  const errors = plan.findings.filter(isBlocking).map(({ message }) => message);
  const refused = plan.changes.filter((change) => change.refused !== undefined).length;
  return errors.length === 0 && refused > 0 ? [`${refused} of ${plan.changes.length} changes are refused`] : errors;
}

async function overtakenWords(push: Push, plan: Plan): Promise<string[]> {
  const names = await overtaken(push, touchedBy(plan));
  if (names.length === 0) return [];
  return [
    `a later push to ${push.pushed.branch} has changed ${names.join(", ")} again, so this run, which is for ${short(push.pushed.after)}, leaves it to the run of that push`,
  ];
}

const touchedBy = ({ changes }: Plan): string[] => asSet(changes.map(({ connection }) => connection));

const directPush = ({ commits }: Block): string =>
  `${commits.length === 1 ? "commit" : "commits"} ${commits.map(short).join(", ")} came without a pull request, so nobody has reviewed a plan`;

type Review = Pick<Assessed, "reasons" | "evidence" | "reviewed" | "delta">;

async function reviewOf(push: Push, pull: PullRequest, reach: Reach, plan: Plan): Promise<Review> {
  const { ci, head } = push;
  const shown = await shownPlan(ci.github, pull, head.specs.project);
  if (typeof shown === "string") return { reasons: [shown], evidence: [] };
  const content = await contentOf(push, pull, shown, plan);
  const requirements = requirementsFor(plan, ...reach.rules);
  const verdict = await approvalsOf(ci.github, pull, requirements, shown);
  const missing = checklistOf(verdict)
    .filter(({ done, blocks }) => blocks && !done)
    .map(({ text }) => `approval is missing: ${text}`);
  const evidence = requirements.length === 0 ? ["policy.approvals asks for no approval"] : evidenceOf(verdict);
  return { ...content, reasons: [...content.reasons, ...missing], evidence };
}

/** Whether what would be done is what was reviewed. The very same plan needs no look at what was in it. */
async function contentOf(
  push: Push,
  pull: PullRequest,
  { planId, green }: ShownPlan,
  plan: Plan,
): Promise<Omit<Review, "evidence">> {
  if (green && planId === plan.planId) return { reasons: [] };
  const { ci, head } = push;
  const file = await shownPlanFile(ci.github, pull, planId, head.specs.project, ci.io.err);
  if (!file)
    return {
      reasons: [
        `the plan is not the reviewed one any more (${planId} then, ${plan.planId} now), and no artifact of the plan workflow holds the reviewed one, so nobody can tell what of it was reviewed`,
      ],
    };
  return { ...heldTo(plan, file, `the reviewed plan of #${pull.number}`, unlikeBranchOf(push, pull)) };
}

/** Which of these connections the pull request's own branch wants otherwise, in words. */
function unlikeBranchOf(push: Push, pull: PullRequest): (plan: Plan) => string[] {
  return (plan) =>
    unlikeBranch(push, pull, touchedBy(plan)).map(
      (name) =>
        `${name} is to be something else by now than the branch of #${pull.number} at ${short(pull.head.sha)} says: another merge has edited it, or what it uses of the project`,
    );
}

/**
 * What keeps a plan from being what a file says was reviewed. What the file says of intents is not covered by the plan's id, so that it alone
 * is not believed: `besides` tells what speaks against it.
 */
export function heldTo(
  plan: Plan,
  { plan: reviewed, reviewed: steps }: ReadPlan,
  name: string,
  besides: (plan: Plan) => string[] = () => [],
): Pick<Assessed, "reasons" | "reviewed" | "delta"> & { readonly reviewed: PlanFile } {
  const made = onlyReviewedMerge(plan, { name, steps, intents: reviewed.connections }, sha256);
  const more = made.findings.slice(0, made.findings.length - plan.findings.length).map(({ message }) => message);
  return { reasons: [...more, ...besides(plan)], reviewed, delta: deltaOf(reviewed.changes, plan) };
}
