import { type Answer, type Call, type Needs, ok, param, type Route } from "./call.ts";
import { codeownersErrors } from "./codeowners.ts";
import { commitView } from "./commit-view.ts";
import { commitOf } from "./commits-git.ts";
import { ApiError, notFound } from "./errors.ts";
import { resolveCommit } from "./git.ts";
import type { RuleOptions } from "./options.ts";
import { page } from "./pages.ts";
import { repoPage, repoUrl } from "./user-view.ts";
import type { World } from "./world.ts";

const template = "/repos/{owner}/{repo}";
const toRead: Needs[] = [{ contents: "read" }];

/** Branches with their rules, in the new form (rulesets, which everybody may read) and the classic one (administrators only). */
export const branchRoutes: Route[] = [
  { method: "GET", template: `${template}/branches/{branch}`, needs: toRead, role: "read", handle: get },
  {
    method: "GET",
    template: `${template}/rules/branches/{branch}`,
    needs: [{ metadata: "read" }],
    role: "read",
    handle: rules,
  },
  {
    method: "GET",
    template: `${template}/branches/{branch}/protection`,
    needs: [{ administration: "read" }],
    role: "admin",
    handle: protection,
  },
  { method: "GET", template: `${template}/codeowners/errors`, needs: toRead, role: "read", handle: codeowners },
];

function get(call: Call): Answer {
  const { world } = call;
  const name = param(call, "branch");
  const sha = world.home.heads.get(name);
  if (sha === undefined) throw new ApiError(404, "Branch not found");
  const rule = world.rules.get(name);
  const url = `${repoUrl(world)}/branches/${name}`;
  const contexts = (rule?.requiredChecks ?? []).map(({ context }) => context);
  return ok({
    name,
    commit: commitView(world, commitOf(world.home.gitDir, sha)),
    _links: { self: url, html: `${repoPage(world)}/tree/${name}` },
    protected: rule !== undefined,
    protection: {
      enabled: rule !== undefined,
      required_status_checks: {
        enforcement_level: contexts.length === 0 ? "off" : "non_admins",
        contexts,
        checks: (rule?.requiredChecks ?? []).map(checkView),
      },
    },
    protection_url: `${url}/protection`,
  });
}

function checkView({ context, appId }: { context: string; appId?: number }) {
  return { context, app_id: appId ?? null };
}

function rules(call: Call): Answer {
  const { world, place } = call;
  const name = param(call, "branch");
  const rule = world.rules.get(name);
  const source = {
    ruleset_source_type: "Repository",
    ruleset_source: `${place.owner.login}/${place.name}`,
    ruleset_id: 1,
  };
  const path = `/repos/${place.owner.login}/${place.name}/rules/branches/${name}`;
  return page(call, path, rule ? rulesOf(rule) : [], (one) => ({ ...one, ...source }));
}

function rulesOf(rule: RuleOptions): object[] {
  const { requiredChecks = [] } = rule;
  const review = {
    type: "pull_request",
    parameters: {
      required_approving_review_count: rule.requiredApprovals ?? 0,
      dismiss_stale_reviews_on_push: rule.dismissStale ?? false,
      require_code_owner_review: rule.requireCodeOwners ?? false,
      require_last_push_approval: rule.requireLastPushApproval ?? false,
      required_review_thread_resolution: false,
      allowed_merge_methods: ["merge", "squash", "rebase"],
    },
  };
  const checks = {
    type: "required_status_checks",
    parameters: {
      strict_required_status_checks_policy: false,
      do_not_enforce_on_create: false,
      required_status_checks: requiredChecks.map(({ context, appId }) => ({
        context,
        ...(appId === undefined ? {} : { integration_id: appId }),
      })),
    },
  };
  const queue = {
    type: "merge_queue",
    parameters: {
      check_response_timeout_minutes: 60,
      grouping_strategy: "ALLGREEN",
      max_entries_to_build: 5,
      max_entries_to_merge: 5,
      merge_method: "MERGE",
      min_entries_to_merge: 1,
      min_entries_to_merge_wait_minutes: 5,
    },
  };
  return [review, ...(requiredChecks.length > 0 ? [checks] : []), ...(rule.mergeQueue ? [queue] : [])];
}

function protection(call: Call): Answer {
  const { world } = call;
  const name = param(call, "branch");
  if (!world.home.heads.has(name)) throw new ApiError(404, "Branch not found");
  const rule = world.rules.get(name);
  if (!rule) throw new ApiError(404, "Branch not protected");
  return ok(protectionView(world, name, rule));
}

function protectionView(world: World, name: string, rule: RuleOptions) {
  const url = `${repoUrl(world)}/branches/${name}/protection`;
  const checks = rule.requiredChecks ?? [];
  const enabled = (on: boolean) => ({ enabled: on });
  return {
    url,
    ...(checks.length === 0
      ? {}
      : {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: false,
            contexts: checks.map(({ context }) => context),
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: checks.map(checkView),
          },
        }),
    required_pull_request_reviews: {
      url: `${url}/required_pull_request_reviews`,
      dismiss_stale_reviews: rule.dismissStale ?? false,
      require_code_owner_reviews: rule.requireCodeOwners ?? false,
      require_last_push_approval: rule.requireLastPushApproval ?? false,
      required_approving_review_count: rule.requiredApprovals ?? 0,
    },
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: false },
    required_linear_history: enabled(false),
    allow_force_pushes: enabled(false),
    allow_deletions: enabled(false),
    block_creations: enabled(false),
    required_conversation_resolution: enabled(false),
    lock_branch: enabled(false),
    allow_fork_syncing: enabled(false),
  };
}

function codeowners(call: Call): Answer {
  const { world, query } = call;
  const sha = resolveCommit(world.home.gitDir, query.get("ref") ?? world.defaultBranch);
  const errors = sha === undefined ? undefined : codeownersErrors(world, sha);
  if (errors === undefined) throw notFound();
  return ok({ errors });
}
