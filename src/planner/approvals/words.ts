import type { Action, Risk } from "../../model.ts";

/**
 * Approvals as plain data: what a plan asks for, what was seen of a pull request, and what follows. Nothing here knows where the facts come
 * from; the names are those of the door to GitHub, so that its answers fit as they are.
 */

/** One rule of `policy.approvals` that a plan brings into force. */
export interface Requirement {
  /** As the rule says; `any` stands for every change. */
  readonly risks: readonly (Risk | "any")[];
  /** How many different people have to approve. */
  readonly count: number;
  /** `@user` and `@org/team`; empty: anybody with write access. */
  readonly from: readonly string[];
  /** The changes that bring the rule into force, in the order of the plan. */
  readonly why: readonly Cause[];
}

/** One change that a rule is about. */
export interface Cause {
  readonly step: string;
  readonly action: Action;
  /** Those of its risks that the rule names; all of them under `any`. */
  readonly risks: readonly Risk[];
}

/** One review of a pull request. */
export interface Review {
  readonly reviewer: string;
  readonly state: "approved" | "changes-requested" | "commented" | "dismissed" | "pending";
  /** The head of the pull request that the reviewer saw. */
  readonly commit: string | null;
  /** ISO 8601; null while pending. */
  readonly submittedAt: string | null;
  /** The id of the plan that stood on the pull request then; absent when there was none, or when nobody asked. */
  readonly plan?: string;
}

/** What was seen of a pull request and its people. Logins and names of teams are the same in capitals and in small letters. */
export interface ApprovalFacts {
  /** Login of who opened it. */
  readonly author: string;
  /** The commit that is to be approved. */
  readonly head: string;
  /** The plan that is to be approved; absent: an approval of the commit is one of its plan. */
  readonly plan?: string;
  /** Everybody who may have pushed that commit. Not `certain`: it may have been somebody else still. */
  readonly pushers: { readonly logins: readonly string[]; readonly certain: boolean };
  /** In the order in which they were given. */
  readonly reviews: readonly Review[];
  /** Access to the repository by login: `admin`, `maintain` and `write` may write. Absent: it could not be seen. */
  readonly permissions: { readonly [login: string]: string | undefined };
  /** Membership by team (`@org/team`) and login. Absent: it could not be seen. */
  readonly teams: { readonly [team: string]: { readonly [login: string]: boolean | undefined } };
}

/** Why an approval does not count. */
export type Reason =
  | "other-commit"
  | "other-plan"
  | "dismissed"
  | "superseded"
  | "author"
  | "pusher"
  | "no-write"
  | "not-named"
  | "membership-unknown";

/** An approval that was given and does not count. */
export interface Uncounted {
  readonly reviewer: string;
  readonly reason: Reason;
  /** One sentence, plain text: why, and what would make it count. */
  readonly message: string;
}

/** An approval that counts. */
export interface Counted {
  readonly reviewer: string;
  readonly submittedAt: string | null;
}

/** One requirement held against the facts. */
export interface Judged {
  readonly requirement: Requirement;
  /** `count`, and one more while nobody can tell who pushed last: of so many people at most one can be the pusher. */
  readonly needed: number;
  readonly counted: readonly Counted[];
  readonly uncounted: readonly Uncounted[];
  readonly met: boolean;
}

/** Everything that approvals say about a merge. */
export interface Verdict {
  /** Whether the plan may be carried out: every requirement is met and nobody objects. */
  readonly met: boolean;
  /** The commit that approvals had to be of. */
  readonly head: string;
  readonly judged: readonly Judged[];
  /** Who has write access and asks for changes since, sorted. They stop a plan that needs approval at all. */
  readonly objections: readonly string[];
  /** Whether it was seen who pushed last. */
  readonly pusherKnown: boolean;
}
