import { mayAs } from "./access.ts";
import { latest } from "./checks.ts";
import { ApiError } from "./errors.ts";
import { git } from "./git.ts";
import { userByEmail } from "./user-view.ts";
import type { PullIssue, Review, User, World } from "./world.ts";

/** Holds a merge against the rules of its branch; administrators pass them. @throws ApiError 405 */
export function checkRules(world: World, issue: PullIssue, by: User): void {
  const rule = world.rules.get(issue.pull.base);
  if (!rule || by.permission === "admin") return;
  if (rule.mergeQueue) refuse("Changes must be made through the merge queue");
  const missing = missingChecks(world, issue.pull.headSha, rule.requiredChecks ?? []);
  if (missing.length > 0) refuse(`Required status check "${missing[0]}" is expected.`);
  const needed = rule.requiredApprovals ?? 0;
  const opinions = latestOpinions(world, issue);
  if (opinions.some(({ state }) => state === "CHANGES_REQUESTED")) refuse("Changes have been requested.");
  const approvals = opinions.filter(({ state }) => state === "APPROVED");
  if (approvals.length < needed) {
    refuse(
      `At least ${needed} approving review${needed === 1 ? " is" : "s are"} required by reviewers with write access.`,
    );
  }
  const pusher = lastPusher(world, issue);
  if (rule.requireLastPushApproval && !approvals.some(({ user }) => user.id !== pusher?.id)) {
    refuse("New changes require approval from someone other than the last pusher.");
  }
}

function refuse(reason: string): never {
  throw new ApiError(405, `Repository rule violations found\n\n${reason}`);
}

/** Names of required checks that are not green on this commit. */
export function missingChecks(
  world: World,
  sha: string,
  required: readonly { context: string; appId?: number }[],
): string[] {
  const runs = latest(world.checkRuns.filter((run) => run.headSha === sha));
  const green = (context: string, appId: number | undefined): boolean =>
    runs.some(
      ({ name, app, conclusion }) =>
        name === context &&
        (appId === undefined || app.id === appId) &&
        ["success", "neutral", "skipped"].includes(conclusion ?? ""),
    );
  return required.filter(({ context, appId }) => !green(context, appId)).map(({ context }) => context);
}

/** The last word of each reviewer who may write; a mere comment takes nothing back. */
function latestOpinions(world: World, { number }: PullIssue): Review[] {
  const counting = world.reviews.filter(
    (review) =>
      review.number === number &&
      review.state !== "COMMENTED" &&
      mayAs({ ...world, private: true }, review.user.permission, "write"),
  );
  return [...new Map(counting.map((review) => [review.user.id, review])).values()];
}

function lastPusher(world: World, { pull }: PullIssue): User | null {
  const entry = world.activity.findLast(({ after }) => after === pull.headSha);
  return entry ? entry.actor : userByEmail(world, git(world.home.gitDir, "log", "-1", "--format=%ce", pull.headSha));
}
