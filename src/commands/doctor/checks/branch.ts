import type { BranchRules } from "../../../github/branch-rules.ts";
import { broken, type Check, ok, unknown, warning } from "../check.ts";
import type { BranchFacts } from "../github-facts.ts";
import { listed } from "../words.ts";
import { jobsThatRun, type WorkflowFacts } from "../workflow-facts.ts";

/** The app behind the checks that a workflow's own token reports: https://api.github.com/apps/github-actions */
const GITHUB_ACTIONS = 15368;

interface Asked {
  readonly targets: readonly string[];
  readonly workflows: readonly WorkflowFacts[];
}

/** The rules of the default branch, where a merge is an apply. */
export function checkBranch({ branch, rules, hidden }: BranchFacts, asked: Asked): readonly Check[] {
  const checks = [
    ...checkPullRequest(rules, branch),
    ...checkRequired(rules, branch, asked.targets),
    checkForcePushes(rules, branch),
  ];
  return [...(hidden ? checks.map(perhaps) : checks), ...checkQueue(rules, asked.workflows)];
}

/** What the rulesets lack may stand in a classic protection, which takes an administrator's token to read. */
function perhaps(check: Check): Check {
  if (check.state === "ok") return check;
  const found = `as far as the rulesets say, ${check.found}`;
  return unknown(check.id)(
    check.about,
    found,
    "a classic branch protection is there too; a token with Administration: read shows what it says",
    ...check.mend,
  );
}

const where = (branch: string): string => `Settings > Rules > Rulesets, for ${branch}`;

function checkPullRequest({ pullRequest }: BranchRules, branch: string): readonly Check[] {
  const id = "github.pull-requests";
  if (!pullRequest)
    return [
      broken(id)(
        branch,
        "one may push without a pull request: what nobody reviewed is refused only by the apply",
        `${where(branch)}: Require a pull request before merging`,
      ),
    ];
  const checks: Check[] = [];
  if (!pullRequest.dismissesStale)
    checks.push(
      warning(id)(
        branch,
        "approvals outlive later pushes: GitHub lets the merge happen, and the apply refuses it",
        `${where(branch)}: Dismiss stale pull request approvals when new commits are pushed`,
      ),
    );
  if (!pullRequest.lastPushApproval)
    checks.push(
      warning(id)(
        branch,
        "who pushed last may be the one who approves: GitHub lets the merge happen, and the apply refuses it",
        `${where(branch)}: Require approval of the most recent reviewable push`,
      ),
    );
  if (pullRequest.approvals === 0)
    checks.push(
      warning(id)(
        branch,
        "a pull request may be merged without an approval; the apply then asks for those of policy.approvals",
        `${where(branch)}: Required approvals: 1`,
      ),
    );
  return checks.length > 0 ? checks : [ok(id)(branch, "changes come by pull request, approved as they are merged")];
}

function checkRequired(
  { checks: required }: BranchRules,
  branch: string,
  targets: readonly string[],
): readonly Check[] {
  const id = "github.required-checks";
  const names = targets.map((target) => `landline / ${target}`);
  const missing = names.filter((name) => !required.some((check) => check.name === name));
  const loose = required.filter(({ name, appId }) => names.includes(name) && appId === undefined);
  const others = required.filter(
    ({ name, appId }) => names.includes(name) && appId !== undefined && appId !== GITHUB_ACTIONS,
  );
  const unused = required.filter(({ name }) => name.startsWith("landline / ") && !names.includes(name));
  const lines = `${where(branch)}: Require status checks to pass`;
  const checks: Check[] = [];
  if (missing.length > 0)
    checks.push(
      broken(id)(
        branch,
        `a merge does not wait for ${listed(missing)}`,
        `${lines}: add ${listed(missing)}, with GitHub Actions as the source`,
      ),
    );
  if (loose.length > 0)
    checks.push(
      warning(id)(
        branch,
        `anybody who may write can report ${listed(loose.map(({ name }) => name))}: no source is pinned`,
        `${lines}: choose GitHub Actions, or the app that LANDLINE_BOT names, as the source of each`,
      ),
    );
  if (unused.length > 0)
    checks.push(
      broken(id)(
        branch,
        `a merge waits for ${listed(unused.map(({ name }) => name))}, which no target reports: it waits forever`,
        `${lines}: remove ${listed(unused.map(({ name }) => name))}`,
      ),
    );
  if (checks.length > 0) return checks;
  const pinned =
    others.length > 0 ? `, from app ${listed([...new Set(others.map(({ appId }) => String(appId)))])}` : "";
  return [ok(id)(branch, `a merge waits for ${listed(names)}${pinned}`)];
}

function checkForcePushes({ refusesForcePushes }: BranchRules, branch: string): Check {
  if (refusesForcePushes) return ok("github.force-pushes")(branch, "force pushes are refused");
  return warning("github.force-pushes")(
    branch,
    "its history can be rewritten: what was applied can no longer be told from what was reviewed",
    `${where(branch)}: Block force pushes`,
  );
}

/** A queue waits for the checks on its own commit; nobody reports them unless a workflow starts for it. */
function checkQueue({ mergeQueue }: BranchRules, workflows: readonly WorkflowFacts[]): readonly Check[] {
  if (!mergeQueue) return [];
  const jobs = [...jobsThatRun(workflows, "check"), ...jobsThatRun(workflows, "plan")];
  if (jobs.some(({ workflow }) => workflow.events.includes("merge_group")))
    return [ok("workflows.merge-queue")("", "the merge queue gets its checks")];
  const [first] = jobs;
  return [
    broken("workflows.merge-queue")(
      first?.workflow.file ?? "",
      "the branch has a merge queue, but no workflow that runs landline ci check starts for it: the queue waits forever",
      "add to its on: merge_group",
    ),
  ];
}
