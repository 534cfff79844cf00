import type { GitHub } from "./client.ts";
import { answer, at, login, text, textOrNull } from "./fields.ts";

/** A deployment environment and what guards it. */
export interface Environment {
  readonly name: string;
  /** Logins, and teams by their slug; one of them has to approve. */
  readonly reviewers: readonly { readonly type: "user" | "team"; readonly name: string }[];
  /** Whether who started the run is kept from approving it. */
  readonly preventsSelfReview: boolean;
  /** Which branches may run in it: those with protection, those of a list, or all. */
  readonly branches: "protected" | "listed" | "all";
}

export async function environments({ octokit, repository }: GitHub): Promise<Environment[]> {
  const { owner, name: repo } = repository;
  const listed = await octokit.paginate(octokit.rest.repos.getAllEnvironments, { owner, repo, per_page: 100 });
  return (listed as readonly unknown[]).map(plain);
}

function plain(data: unknown): Environment {
  const source = answer(data);
  const rules = at(source, "protection_rules");
  const review = (Array.isArray(rules) ? rules : []).find((rule) => at(answer(rule), "type") === "required_reviewers");
  const reviewers = at(answer(review), "reviewers");
  return {
    name: text(source, "name"),
    reviewers: (Array.isArray(reviewers) ? reviewers : []).map(reviewerOf),
    preventsSelfReview: at(answer(review), "prevent_self_review") === true,
    branches: branchesOf(source.value),
  };
}

function reviewerOf(data: unknown): Environment["reviewers"][number] {
  const isTeam = at(answer(data), "type") === "Team";
  return isTeam
    ? { type: "team", name: text(answer(data), "reviewer.slug") }
    : { type: "user", name: login(answer(data), "reviewer") };
}

function branchesOf(data: unknown): Environment["branches"] {
  if (at(answer(data), "deployment_branch_policy.protected_branches") === true) return "protected";
  return at(answer(data), "deployment_branch_policy.custom_branch_policies") === true ? "listed" : "all";
}

/** A person's word on a run that waited for an environment. */
export interface EnvironmentApproval {
  readonly environments: readonly string[];
  readonly state: "approved" | "rejected" | "pending";
  readonly by: string;
  readonly comment: string;
}

/** Who let a run into which environments. GitHub keeps these for all attempts of the run together. */
export async function approvalsOfRun({ octokit, repository }: GitHub, runId: number): Promise<EnvironmentApproval[]> {
  const { owner, name: repo } = repository;
  const { data } = await octokit.rest.actions.getReviewsForRun({ owner, repo, run_id: runId });
  return data.map((entry) => {
    const source = answer(entry);
    const state = text(source, "state");
    return {
      environments: entry.environments.map((environment) => text(answer(environment), "name")),
      state: state === "approved" || state === "rejected" ? state : "pending",
      by: login(source, "user"),
      comment: textOrNull(source, "comment") ?? "",
    };
  });
}
