import type { GitHub } from "../../github/client.ts";
import { pushersOf } from "../../github/pushers.ts";
import { type Permission, permissionOf, reviewsOf } from "../../github/reviews.ts";
import { isTeamMember } from "../../github/teams.ts";
import type { PullRequest, Review } from "../../github/words.ts";
import type { Plan } from "../../model.ts";
import {
  type ApprovalFacts,
  judge,
  questionsOf,
  type Requirement,
  requirementsOf,
  type Verdict,
} from "../../planner/approvals/index.ts";
import { canonical } from "../../planner/canonical.ts";
import type { ProjectDocument } from "../../planner/specs/index.ts";

/**
 * What a plan needs to be approved, by the rules of all these versions. Those before the change count as well: a pull request that weakens
 * them is judged by them. A rule that stands in several is asked once.
 */
export function requirementsFor(
  plan: Pick<Plan, "changes">,
  ...versions: readonly (ProjectDocument | undefined)[]
): Requirement[] {
  const rules = versions.flatMap((project) => project?.spec.policy.approvals ?? []);
  return requirementsOf(plan, [...new Map(rules.map((rule) => [canonical(rule), rule])).values()]);
}

/** Which plan a pull request showed when, for approvals that came before the plan that they are taken for. */
export interface PlansShown {
  /** The plan that is to be approved. */
  readonly planId: string;
  /** The plan that stood there at a time (ISO 8601); undefined when there was none. */
  at(time: string): string | undefined;
}

/** Asks GitHub for the reviews of a pull request and judges them. With nothing required nothing is asked. */
export async function approvalsOf(
  github: GitHub,
  pull: Pick<PullRequest, "number" | "author" | "head">,
  requirements: readonly Requirement[],
  shown?: PlansShown,
): Promise<Verdict> {
  if (requirements.length === 0) return judge([], nothingSeen(pull));
  const reviews = (await reviewsOf(github, pull.number)).map((review) => withPlan(review, shown));
  const questions = questionsOf(requirements, { head: pull.head.sha, reviews });
  const [pushers, permissions, teams] = await Promise.all([
    pushersOf(github, pull),
    permissionsOf(github, questions.permissions),
    teamsOf(github, questions.members),
  ]);
  const plan = shown === undefined ? {} : { plan: shown.planId };
  return judge(requirements, { ...nothingSeen(pull), ...plan, reviews, pushers, permissions, teams });
}

function withPlan(review: Review, shown: PlansShown | undefined): ApprovalFacts["reviews"][number] {
  const plan = review.submittedAt === null ? undefined : shown?.at(review.submittedAt);
  return plan === undefined ? review : { ...review, plan };
}

/** What stands right after a push: no review of the new head can be there yet, so nothing is asked. */
export const unreviewed = (pull: Pick<PullRequest, "author" | "head">, requirements: readonly Requirement[]): Verdict =>
  judge(requirements, nothingSeen(pull));

const nothingSeen = ({ author, head }: Pick<PullRequest, "author" | "head">): ApprovalFacts => ({
  author,
  head: head.sha,
  pushers: { logins: [], certain: true },
  reviews: [],
  permissions: {},
  teams: {},
});

async function permissionsOf(
  github: GitHub,
  logins: readonly string[],
): Promise<{ readonly [login: string]: Permission }> {
  const found = await Promise.all(logins.map(async (login) => [login, await permissionOf(github, login)] as const));
  return Object.fromEntries(found);
}

async function teamsOf(
  github: GitHub,
  members: readonly { readonly team: string; readonly login: string }[],
): Promise<ApprovalFacts["teams"]> {
  const found = await Promise.all(
    members.map(async ({ team, login }) => {
      const [org = "", slug = ""] = team.replace(/^@/, "").split("/");
      return { team, login, member: await isTeamMember(github, org, slug, login) };
    }),
  );
  const teams: { [team: string]: { [login: string]: boolean | undefined } } = {};
  for (const { team, login, member } of found) teams[team] = { ...teams[team], [login]: member };
  return teams;
}
