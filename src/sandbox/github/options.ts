/** What a person may do in the repository, strongest first. */
export const roles = ["admin", "maintain", "write", "triage", "read", "none"] as const;
export type Role = (typeof roles)[number];

/** Permissions of an app's token, in a workflow's words (`pull-requests: write`) or the API's (`pull_requests`). */
export type Permissions = Readonly<Record<string, "read" | "write">>;

/** A person. Their e-mail in git is `<login>@users.example`. */
export interface UserOptions {
  login: string;
  /** Given out in order unless told. */
  id?: number;
  /** `read` unless told. */
  permission?: Role;
}

/** A GitHub App besides `github-actions`, which is always there. Its user is `<slug>[bot]`. */
export interface AppOptions {
  slug: string;
  id?: number;
}

/** What a token stands for: a person (`login`), or an app with exactly these permissions. */
export interface TokenOptions {
  /** A person's login; left out for an app's token, which acts as `<app>[bot]`. */
  login?: string;
  app?: string;
  /** Only for an app: what is not named here is refused. `metadata: read` is always there. */
  permissions?: Permissions;
}

/** A team of the organisation; `pending` members have not accepted yet. */
export interface TeamOptions {
  slug: string;
  members: readonly string[];
  pending?: readonly string[];
}

/** The rules of one branch, as rulesets and classic protection both would have it. Admins pass them. */
export interface RuleOptions {
  requiredApprovals?: number;
  /** Approvals end when the pull request's diff changes. */
  dismissStale?: boolean;
  requireLastPushApproval?: boolean;
  requireCodeOwners?: boolean;
  /** Names of checks that must be green; `appId` pins who may report them. */
  requiredChecks?: readonly { context: string; appId?: number }[];
  mergeQueue?: boolean;
}

/** A deployment environment. */
export interface EnvironmentOptions {
  name: string;
  /** Logins, or `team:<slug>`. At most six; one suffices. */
  reviewers?: readonly string[];
  preventSelfReview?: boolean;
  waitMinutes?: number;
  /** `protected`: only branches with rules; a list: branches by name; left out: any. */
  branches?: "protected" | readonly string[];
}

/** What GitHub lets one caller do in a while. */
export interface LimitOptions {
  /** Requests an hour and token; GitHub gives a workflow's token 1,000. */
  perHour?: number;
  /** Requests that create or change something, per user: 80 a minute, 500 an hour. */
  creatingPerMinute?: number;
  creatingPerHour?: number;
  /** A read is one point, a write five; 900 a minute. */
  pointsPerMinute?: number;
}

/** One request with its answer, as it went over the wire. */
export interface Exchange {
  method: string;
  /** Path below the base path, without the query. */
  path: string;
  /** The operation's path as GitHub's OpenAPI description writes it; undefined when there is no such operation. */
  template?: string;
  query: Record<string, string>;
  requestBody: unknown;
  status: number;
  /** Parsed JSON; undefined for an empty or a binary answer. */
  responseBody: unknown;
  headers: Record<string, string>;
}

export interface GitHubOptions {
  /** `owner/name`; the owner is an organisation. */
  repository: string;
  /** A bare git repository on disk; what is pushed there is pushed. */
  gitDir: string;
  /** `main` unless told. */
  defaultBranch?: string;
  /** True unless told: then reads need permissions too. */
  private?: boolean;
  /** Forks by `owner/name`, each a bare git repository; the owner must be among the users. */
  forks?: Readonly<Record<string, string>>;
  users?: readonly UserOptions[];
  apps?: readonly AppOptions[];
  /** The setting "Allow GitHub Actions to create and approve pull requests": true unless told, while GitHub's own default is off. */
  actionsMayPropose?: boolean;
  /** By the token's text. */
  tokens?: Readonly<Record<string, TokenOptions>>;
  teams?: readonly TeamOptions[];
  /** By branch name. */
  rules?: Readonly<Record<string, RuleOptions>>;
  environments?: readonly EnvironmentOptions[];
  /** Parts of the OIDC subject when the repository has its own; left out: GitHub's default. */
  oidcClaims?: readonly string[];
  limits?: LimitOptions;
  /** `/api/v3` to look like GitHub Enterprise Server; empty unless told. */
  basePath?: string;
  /** Where time starts, milliseconds since 1970; it moves with the machine's clock unless `stopped`. */
  now?: number;
  /** Time moves only by `clock.advance`. */
  stopped?: boolean;
  /** 0 takes any free port. */
  port?: number;
  /** Milliseconds that every answer waits. */
  latencyMs?: number;
  /** Shown every exchange after it was answered. */
  onExchange?: (exchange: Exchange) => void;
  /** Told about mistakes of the server itself; silent unless given. */
  log?: (line: string) => void;
}
