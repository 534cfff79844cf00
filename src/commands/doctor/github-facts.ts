import type { BranchRules } from "../../github/branch-rules.ts";
import type { Environment } from "../../github/environments.ts";
import type { CodeownersError, OidcSubject, RepositorySettings } from "../../github/settings.ts";
import type { Access, Scope } from "../../github/token.ts";
import type { Seen } from "./check.ts";

/** What was seen of a repository on GitHub, as plain data. What the token may not see is unseen, each thing by itself. */
export interface GitHubFacts {
  /** `owner/name`, as it was asked for. */
  readonly repository: string;
  readonly about: RepositorySettings;
  readonly token: Seen<TokenFacts>;
  readonly rules: Seen<BranchFacts>;
  readonly environments: Seen<readonly Environment[]>;
  /** Undefined: there is no such file. */
  readonly codeowners: Seen<readonly CodeownersError[] | undefined>;
  readonly subject: Seen<OidcSubject>;
  /** Everybody that the project's approval rules name, by `@user` or `@org/team` as written. */
  readonly approvers: { readonly [name: string]: Seen<Approver> };
}

export interface TokenFacts {
  /** The scopes of a person's classic token; absent for every other kind. */
  readonly scopes?: readonly string[];
  readonly access: { readonly [S in Scope]: Access };
  /** Whether a workflow holds it, and not a person at a terminal. */
  readonly inWorkflow: boolean;
}

/** What holds on the default branch, from all rulesets and, as far as it shows, the classic protection together. */
export interface BranchFacts {
  readonly branch: string;
  readonly rules: BranchRules;
  /** The branch has a protection that this token may not read: what the rules lack may stand there. */
  readonly hidden: boolean;
}

/** `missing`: a token that sees the organization's teams does not see this one. */
export type Approver =
  | { readonly is: "user"; readonly mayWrite: boolean }
  | { readonly is: "team" }
  | { readonly is: "missing" };
