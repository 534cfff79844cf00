import { fold, isMember, isTeam, lastWords, mayWrite, sameLogin, type Word } from "./reviews.ts";
import type { ApprovalFacts, Judged, Reason, Requirement, Uncounted, Verdict } from "./words.ts";

/** How much of a commit's hash people read. */
const SHORT = 7;

/**
 * Holds the reviews of a pull request against what a plan needs. An approval counts when it is its reviewer's last decision, of the head commit
 * and of the plan that is to be carried out, not dismissed, by somebody who may write, is not the author and cannot be the last pusher, and,
 * where the rule names people, is one of them.
 */
export function judge(requirements: readonly Requirement[], facts: ApprovalFacts): Verdict {
  const words = lastWords(facts.reviews);
  const judged = requirements.map((requirement) => judgeOne(requirement, words, facts));
  const objections = words
    .filter(({ review }) => review.state === "changes-requested")
    // Whose access could not be seen is taken at his word.
    .filter(({ reviewer }) => mayWrite(reviewer, facts) !== false)
    .map(({ reviewer }) => reviewer);
  const met = judged.length === 0 || (judged.every((one) => one.met) && objections.length === 0);
  return { met, head: facts.head, judged, objections, pusherKnown: facts.pushers.certain };
}

function judgeOne(requirement: Requirement, words: readonly Word[], facts: ApprovalFacts): Judged {
  const approvals = words.filter(
    ({ review, approvedBefore }) => review.state !== "changes-requested" || approvedBefore,
  );
  const looked = approvals.map((word) => ({ word, problem: problemOf(word, requirement, facts) }));
  const counted = looked
    .filter(({ problem }) => problem === undefined)
    .map(({ word }) => ({ reviewer: word.reviewer, submittedAt: word.review.submittedAt }));
  const needed = requirement.count + (facts.pushers.certain || requirement.count === 0 ? 0 : 1);
  return {
    requirement,
    needed,
    counted,
    uncounted: looked.flatMap(({ problem }) => problem ?? []),
    met: counted.length >= needed,
  };
}

function problemOf({ reviewer, review }: Word, { from }: Requirement, facts: ApprovalFacts): Uncounted | undefined {
  const no = (reason: Reason, message: string): Uncounted => ({ reviewer, reason, message });
  const { author, head, plan, pushers } = facts;
  if (review.state === "changes-requested")
    return no("superseded", `${reviewer} has asked for changes since; it takes a new approval`);
  if (review.state === "dismissed")
    return no("dismissed", `the review of ${reviewer} was dismissed; it takes a new one`);
  if (sameLogin(reviewer, author))
    return no("author", `${reviewer} opened the pull request: somebody else has to approve`);
  if (review.commit !== head)
    return no(
      "other-commit",
      `${reviewer} approved ${review.commit?.slice(0, SHORT) ?? "an unknown commit"}, the head is ${head.slice(0, SHORT)} now; it takes a new approval`,
    );
  if (pushers.logins.some((login) => sameLogin(login, reviewer)))
    return no("pusher", `${reviewer} pushed the last commit, or may have: somebody else has to approve`);
  if (plan !== undefined && review.plan !== plan)
    return no("other-plan", `${reviewer} approved before the plan was what it is now; it takes a new approval`);
  return problemOfPerson(reviewer, from, facts, no);
}

function problemOfPerson(
  reviewer: string,
  from: readonly string[],
  facts: ApprovalFacts,
  no: (reason: Reason, message: string) => Uncounted,
): Uncounted | undefined {
  const writes = mayWrite(reviewer, facts);
  if (writes !== true)
    return no(
      "no-write",
      writes === undefined
        ? `it cannot be seen whether ${reviewer} has write access to the repository`
        : `${reviewer} has no write access to the repository`,
    );
  if (from.length === 0) return undefined;
  if (from.some((entry) => !isTeam(entry) && sameLogin(entry.replace(/^@/, ""), reviewer))) return undefined;
  const teams = from.filter(isTeam).map((team) => ({ team, member: isMember(reviewer, team, facts) }));
  if (teams.some(({ member }) => member === true)) return undefined;
  const unseen = teams.filter(({ member }) => member === undefined).map(({ team }) => fold(team));
  if (unseen.length > 0)
    return no(
      "membership-unknown",
      `it cannot be seen whether ${reviewer} is in ${unseen.join(" or ")}: the workflow's own token does not see teams. Give LANDLINE_TEAMS_TOKEN a token that may read the organization's members`,
    );
  return no("not-named", `${reviewer} is not one of ${from.join(", ")}`);
}
