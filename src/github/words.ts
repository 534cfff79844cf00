/**
 * What the rest of Landline knows of GitHub, as plain data. Nothing here knows what a plan means; everything here was checked against what
 * GitHub's API really sends, so that whoever gets it may rely on it.
 */

/** The repository that a run works for. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** As whom we post: a comment or a check is ours only when both agree with the token that posts now. */
export interface Identity {
  /** `github-actions[bot]` for the token of a workflow. */
  readonly login: string;
  /** The slug of the GitHub App behind it: `github-actions`. */
  readonly app: string;
}

/** A pull request as the API or an event tells it. */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly draft: boolean;
  /** Login of who opened it. */
  readonly author: string;
  readonly head: {
    readonly sha: string;
    readonly ref: string /** `owner/name`; null when the fork is gone. */;
    readonly repository: string | null;
  };
  readonly base: { readonly sha: string; readonly ref: string };
  /** The commit that it became on the base branch; null before the merge. */
  readonly mergeCommit: string | null;
  readonly url: string;
}

/** The latest word of a reviewer is what counts; older ones are listed too, in the order in which they were given. */
export interface Review {
  readonly reviewer: string;
  readonly state: "approved" | "changes-requested" | "commented" | "dismissed" | "pending";
  /** The head of the pull request that the reviewer saw. */
  readonly commit: string | null;
  /** ISO 8601; null while pending. */
  readonly submittedAt: string | null;
}

/** One of our check runs on a commit. */
export interface Check {
  readonly id: number;
  readonly name: string;
  readonly app: string;
  readonly headSha: string;
  readonly externalId: string | null;
  readonly conclusion: string | null;
  readonly completedAt: string | null;
  /** The Markdown that it shows. */
  readonly summary: string | null;
}

export type CheckConclusion = "success" | "failure" | "neutral" | "action_required";

/** A finding on a line of a file of the pull request. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: "failure" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
}

/** A check run to post, completed in the one call that creates it. */
export interface CheckToPost {
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: CheckConclusion;
  readonly externalId: string;
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly detailsUrl?: string;
}

/** What a run was started for. Everything else is refused with the list of what is understood. */
export type RunEvent =
  | {
      readonly name: "pull_request" | "pull_request_target" | "pull_request_review";
      readonly action: string;
      readonly pull: PullRequest;
    }
  | {
      readonly name: "push";
      readonly before: string;
      readonly after: string;
      readonly ref: string;
      readonly defaultBranch: string;
    }
  | {
      readonly name: "merge_group";
      readonly headSha: string;
      readonly headRef: string;
      readonly baseSha: string;
      readonly baseRef: string;
    }
  | { readonly name: "schedule" | "workflow_dispatch" }
  | {
      readonly name: "workflow_run";
      readonly run: {
        readonly id: number;
        readonly event: string;
        readonly headSha: string;
        readonly headRepository: string | null;
        readonly path: string;
      };
    };

/** Where a run stands, read from the standard environment of GitHub Actions. */
export interface Run {
  readonly repository: Repository;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly event: RunEvent;
  /** `GITHUB_SHA`: for pull requests the merge of head and base, not the head. */
  readonly sha: string;
  readonly ref: string;
  readonly id: number;
  readonly attempt: number;
  /** Files that GitHub reads after the step; absent outside Actions. */
  readonly summaryFile?: string;
  readonly outputFile?: string;
  /** Where a person sees the run. */
  readonly url: string;
}
