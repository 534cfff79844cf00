import { asSet } from "../collections.ts";
import { fold, isTeam, lastWords } from "./reviews.ts";
import type { Requirement, Review } from "./words.ts";

/** What has to be asked about people before `judge` can say anything: one question each, and none that decides nothing. */
export interface Questions {
  /** Whose access to the repository. */
  readonly permissions: readonly string[];
  readonly members: readonly { readonly team: string; readonly login: string }[];
}

/** Asks only about those who approved this head, or who asked for changes. */
export function questionsOf(
  requirements: readonly Requirement[],
  { head, reviews }: { readonly head: string; readonly reviews: readonly Review[] },
): Questions {
  if (requirements.length === 0) return { permissions: [], members: [] };
  const words = lastWords(reviews);
  const approved = words.filter(({ review }) => review.state === "approved" && review.commit === head);
  const objecting = words.filter(({ review }) => review.state === "changes-requested");
  const logins = (of: typeof words) => asSet(of.map(({ reviewer }) => reviewer));
  const teams = asSet(requirements.flatMap(({ from }) => from.filter(isTeam).map(fold)));
  return {
    permissions: logins([...approved, ...objecting]),
    members: teams.flatMap((team) => logins(approved).map((login) => ({ team, login }))),
  };
}
