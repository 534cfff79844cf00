import { compareText } from "../collections.ts";
import type { ApprovalFacts, Review } from "./words.ts";

/** GitHub takes logins and names of teams in capitals and in small letters for the same. */
export const fold = (name: string): string => name.toLowerCase();

export const sameLogin = (a: string, b: string): boolean => fold(a) === fold(b);

/** What a reviewer has said: the last decision, and whether there was an approval before it. */
export interface Word {
  readonly reviewer: string;
  readonly review: Review;
  readonly approvedBefore: boolean;
}

/** A comment decides nothing and takes nothing back; a pending review was not given yet. */
const DECIDES: ReadonlySet<Review["state"]> = new Set(["approved", "changes-requested", "dismissed"]);

/** The last decision of every reviewer, by login. */
export function lastWords(reviews: readonly Review[]): Word[] {
  const words = new Map<string, Word>();
  for (const review of inOrder(reviews.filter(({ state }) => DECIDES.has(state)))) {
    const before = words.get(fold(review.reviewer));
    const approvedBefore = before !== undefined && (before.approvedBefore || before.review.state === "approved");
    words.set(fold(review.reviewer), { reviewer: review.reviewer, review, approvedBefore });
  }
  return [...words.values()].sort((a, b) => compareText(fold(a.reviewer), fold(b.reviewer)));
}

/** By the time at which they were given; those of the same second stay as GitHub lists them. */
const inOrder = (reviews: readonly Review[]): Review[] =>
  [...reviews].sort((a, b) => compareText(a.submittedAt ?? "", b.submittedAt ?? ""));

const WRITES: ReadonlySet<string> = new Set(["admin", "maintain", "write"]);

/** Whether somebody may write to the repository; undefined when that could not be seen. */
export function mayWrite(login: string, { permissions }: Pick<ApprovalFacts, "permissions">): boolean | undefined {
  const permission = byName(permissions, login);
  return permission === undefined ? undefined : WRITES.has(fold(permission));
}

/** Whether somebody is in a team; undefined when that could not be seen. */
export const isMember = (login: string, team: string, { teams }: Pick<ApprovalFacts, "teams">): boolean | undefined =>
  byName(byName(teams, team) ?? {}, login);

/** Own members only: somebody may be called `constructor`. */
function byName<T>(record: { readonly [name: string]: T | undefined }, name: string): T | undefined {
  return Object.entries(record).find(([key]) => sameLogin(key, name))?.[1];
}

export const isTeam = (entry: string): boolean => entry.includes("/");
