import type { GitHub } from "./client.ts";
import { absentOn } from "./errors.ts";
import { answer, at, flag } from "./fields.ts";

/** What holds for a branch. Of several rules about the same thing the strictest is given, as GitHub applies it. */
export interface BranchRules {
  /** Absent: one may push without a pull request. */
  readonly pullRequest?: {
    readonly approvals: number;
    readonly dismissesStale: boolean;
    readonly lastPushApproval: boolean;
    readonly codeOwners: boolean;
  };
  readonly checks: readonly RequiredCheck[];
  readonly mergeQueue: boolean;
  readonly refusesForcePushes: boolean;
  readonly refusesDeletion: boolean;
}

export interface RequiredCheck {
  readonly name: string;
  /** The app that has to report it; absent: whoever may write may report it. */
  readonly appId?: number;
}

/** The rules of all rulesets that are active for a branch, of the repository and above. Everybody who may read may see them. */
export async function branchRules({ octokit, repository }: GitHub, branch: string): Promise<BranchRules> {
  const { owner, name: repo } = repository;
  const rules = await octokit.paginate(octokit.rest.repos.getBranchRules, { owner, repo, branch, per_page: 100 });
  const types = new Set(rules.map(({ type }) => type));
  const each = <T>(type: string, read: (parameters: unknown) => T): T[] =>
    rules.filter((rule) => rule.type === type).map((rule) => read(at(answer(rule), "parameters")));
  return {
    ...merged(each("pull_request", pullRequestRule)),
    checks: each("required_status_checks", (parameters) =>
      checksIn(parameters, "required_status_checks", "integration_id"),
    ).flat(),
    mergeQueue: types.has("merge_queue"),
    refusesForcePushes: types.has("non_fast_forward"),
    refusesDeletion: types.has("deletion"),
  };
}

/**
 * The classic protection of a branch; `"none"` when it has none. Undefined when the token may not see it: it takes administration rights, which
 * no workflow's token has.
 */
export async function classicProtection(
  { octokit, repository }: GitHub,
  branch: string,
): Promise<BranchRules | "none" | undefined> {
  const { owner, name: repo } = repository;
  const seen = await absentOn(["permission"], async () => ({
    found: await absentOn(["not-found"], () => octokit.rest.repos.getBranchProtection({ owner, repo, branch })),
  }));
  if (!seen) return undefined;
  if (!seen.found) return "none";
  const source = answer(seen.found.data);
  const reviews = at(source, "required_pull_request_reviews");
  return {
    ...(reviews === undefined ? {} : { pullRequest: classicReviews(reviews) }),
    checks: checksIn(at(source, "required_status_checks"), "checks", "app_id"),
    mergeQueue: false,
    refusesForcePushes: at(source, "allow_force_pushes.enabled") !== true,
    refusesDeletion: at(source, "allow_deletions.enabled") !== true,
  };
}

/** Whether anything protects the branch, rulesets or classic protection: shows to everybody who may read, unlike what it says. */
export async function isProtected({ octokit, repository }: GitHub, branch: string): Promise<boolean> {
  const { owner, name: repo } = repository;
  const { data } = await octokit.rest.repos.getBranch({ owner, repo, branch });
  return flag(answer(data), "protected");
}

type PullRequestRule = NonNullable<BranchRules["pullRequest"]>;

const pullRequestRule = (parameters: unknown): PullRequestRule => ({
  approvals: Number(at(answer(parameters), "required_approving_review_count") ?? 0),
  dismissesStale: at(answer(parameters), "dismiss_stale_reviews_on_push") === true,
  lastPushApproval: at(answer(parameters), "require_last_push_approval") === true,
  codeOwners: at(answer(parameters), "require_code_owner_review") === true,
});

/** The same under the older names. */
const classicReviews = (reviews: unknown): PullRequestRule => ({
  approvals: Number(at(answer(reviews), "required_approving_review_count") ?? 0),
  dismissesStale: at(answer(reviews), "dismiss_stale_reviews") === true,
  lastPushApproval: at(answer(reviews), "require_last_push_approval") === true,
  codeOwners: at(answer(reviews), "require_code_owner_reviews") === true,
});

function merged(rules: readonly PullRequestRule[]): Pick<BranchRules, "pullRequest"> {
  if (rules.length === 0) return {};
  return {
    pullRequest: {
      approvals: Math.max(...rules.map(({ approvals }) => approvals)),
      dismissesStale: rules.some(({ dismissesStale }) => dismissesStale),
      lastPushApproval: rules.some(({ lastPushApproval }) => lastPushApproval),
      codeOwners: rules.some(({ codeOwners }) => codeOwners),
    },
  };
}

function checksIn(holder: unknown, list: string, appField: string): RequiredCheck[] {
  const checks = at(answer(holder), list);
  return (Array.isArray(checks) ? checks : []).map((check: unknown) => {
    const app = at(answer(check), appField);
    // Classic protection writes "any app" as null or -1.
    return {
      name: String(at(answer(check), "context")),
      ...(typeof app === "number" && app > 0 ? { appId: app } : {}),
    };
  });
}
