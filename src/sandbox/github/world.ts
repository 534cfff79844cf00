import type { Clock } from "./clock.ts";
import type { EnvironmentOptions, LimitOptions, Role, RuleOptions, TeamOptions } from "./options.ts";

export interface User {
  readonly login: string;
  readonly id: number;
  readonly type: "User" | "Bot" | "Organization";
  readonly permission: Role;
  readonly email: string;
}

export interface App {
  readonly slug: string;
  readonly id: number;
}

/** Who a request comes from. With an app, `permissions` says everything that it may do. */
export interface Caller {
  readonly token: string;
  readonly user: User;
  readonly app?: App;
  readonly permissions: ReadonlyMap<string, "read" | "write">;
}

/** A repository with its git; forks have one too. */
export interface Place {
  readonly id: number;
  readonly owner: User;
  readonly name: string;
  readonly gitDir: string;
  readonly fork: boolean;
  /** Branch heads as they were at the last look. */
  heads: Map<string, string>;
}

export interface Label {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

/** An issue, or the issue side of a pull request. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly user: User;
  readonly app?: App;
  state: "open" | "closed";
  stateReason: string | null;
  labels: Label[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: User | null;
  pull?: Pull;
}

/** An issue that is known to be a pull request. */
export type PullIssue = Issue & { pull: Pull };

/** What a pull request has beyond an issue. */
export interface Pull {
  readonly head: { readonly place: Place; readonly branch: string };
  readonly base: string;
  headSha: string;
  /** Base head at the last look while open; what it was merged into afterwards. */
  baseSha: string;
  draft: boolean;
  /** Heads for which the test merge below was made. */
  tested: string;
  mergeable: boolean | null;
  /** The test merge while open; what it became afterwards. */
  mergeCommitSha: string | null;
  merged: boolean;
  mergedAt: string | null;
  mergedBy: User | null;
  requestedReviewers: User[];
}

export interface Comment {
  readonly id: number;
  readonly number: number;
  body: string;
  readonly user: User;
  readonly app?: App;
  readonly createdAt: string;
  updatedAt: string;
}

export interface Review {
  readonly id: number;
  readonly number: number;
  readonly user: User;
  body: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  readonly commitId: string;
  readonly submittedAt: string;
  /** What the reviewer saw: digest of the diff. GitHub dismisses when this changes, not when the head merely moves. */
  readonly diff: string;
}

export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: string;
  message: string;
  title: string | null;
  raw_details: string | null;
}

export interface CheckRun {
  readonly id: number;
  readonly app: App;
  readonly headSha: string;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: string;
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: Annotation[];
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly creator: User;
  readonly app?: App;
  readonly createdAt: string;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: unknown;
  readonly environment: string;
  readonly description: string | null;
  readonly creator: User;
  readonly app?: App;
  readonly createdAt: string;
  statuses: DeploymentStatus[];
}

export interface Activity {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly timestamp: string;
  readonly type: "push" | "force_push" | "branch_deletion" | "branch_creation" | "pr_merge" | "merge_queue_merge";
  readonly actor: User | null;
}

export interface Approval {
  readonly environment: string;
  readonly state: "approved" | "rejected";
  readonly user: User;
  readonly comment: string;
}

export interface WorkflowRun {
  readonly id: number;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly headPlace: Place;
  readonly path: string;
  readonly actor: User;
  readonly createdAt: string;
  attempt: number;
  status: "queued" | "in_progress" | "waiting" | "completed";
  conclusion: string | null;
  /** Environments whose reviewers it waits for. */
  waitsFor: string[];
  approvals: Approval[];
}

export interface Artifact {
  readonly id: number;
  readonly run: WorkflowRun;
  readonly name: string;
  readonly zip: Uint8Array;
  readonly digest: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface Environment extends EnvironmentOptions {
  readonly id: number;
}

/** Something GitHub would start workflows for. */
export interface GitHubEvent {
  readonly id: number;
  /** `pull_request`, `push`, … as in GITHUB_EVENT_NAME. */
  readonly name: string;
  /** The webhook payload, as in the file at GITHUB_EVENT_PATH. */
  readonly payload: Record<string, unknown>;
  /** As in GITHUB_SHA and GITHUB_REF. */
  readonly sha: string;
  readonly ref: string;
  readonly actor: string;
}

export type MergeMethod = "merge" | "squash" | "rebase";

/** One entry of the merge queue: its head holds the pull request and all entries before it. */
export interface MergeGroup {
  readonly number: number;
  readonly ref: string;
  readonly headSha: string;
  readonly baseSha: string;
  readonly base: string;
  readonly user: User;
  readonly method: MergeMethod;
}

/** Everything that this GitHub knows, apart from what is in git. */
export interface World {
  readonly clock: Clock;
  readonly home: Place;
  readonly forks: Place[];
  readonly defaultBranch: string;
  readonly private: boolean;
  readonly createdAt: string;
  readonly users: User[];
  readonly apps: App[];
  readonly tokens: Map<string, Caller>;
  readonly teams: readonly (TeamOptions & { readonly id: number })[];
  readonly rules: ReadonlyMap<string, RuleOptions>;
  readonly environments: Environment[];
  readonly actionsMayPropose: boolean;
  readonly oidcClaims: readonly string[] | undefined;
  readonly limits: Required<LimitOptions>;
  /** Address of the API and of the web pages, without a slash at the end. */
  api: string;
  web: string;
  readonly issues: Map<number, Issue>;
  readonly labels: Label[];
  readonly comments: Comment[];
  readonly reviews: Review[];
  readonly checkRuns: CheckRun[];
  readonly deployments: Deployment[];
  readonly activity: Activity[];
  readonly runs: WorkflowRun[];
  readonly artifacts: Artifact[];
  readonly events: GitHubEvent[];
  readonly queue: MergeGroup[];
  /** With what signed addresses are signed. */
  readonly secret: string;
  /** A number that nothing else has. */
  nextId(): number;
}
