import { count } from "../../../planner/writers/words.ts";
import { broken, type Check, ok, warning } from "../check.ts";
import { listed } from "../words.ts";
import { type CiCommand, type JobFacts, type Permissions, placeOf, type WorkflowFacts } from "../workflow-facts.ts";

type Level = "read" | "write";

type Needs = { readonly [scope: string]: Level };

/** What each command asks of GITHUB_TOKEN, and nothing more. */
const NEEDS: { readonly [C in CiCommand]: Needs } = {
  plan: { contents: "read", "pull-requests": "write", checks: "write" },
  apply: { contents: "read", "pull-requests": "write", checks: "read", actions: "read", deployments: "write" },
  check: { contents: "read", "pull-requests": "read", checks: "write" },
  drift: { contents: "read", issues: "write" },
};

/** Started by `workflow_run`, a plan only posts what the run of a fork left in its artifact. */
const FORK_COMMENT: Needs = { contents: "read", "pull-requests": "write", actions: "read" };

/** What a job may write besides: the branch and the pull request of a proposal, a session on AWS. */
const MAY: { readonly [C in CiCommand]: readonly string[] } = {
  plan: ["id-token"],
  apply: ["id-token"],
  check: ["id-token"],
  drift: ["contents", "pull-requests", "id-token"],
};

/** Whether the jobs' permissions are enough for their commands, and no more than that. */
export function checkPermissions(workflows: readonly WorkflowFacts[]): readonly Check[] {
  const jobs = workflows.flatMap((workflow) =>
    workflow.jobs.filter(({ commands }) => commands.length > 0).map((job) => judge(workflow, job)),
  );
  const wrong = jobs.flatMap((check) => check ?? []);
  if (jobs.length === 0 || wrong.length > 0) return wrong;
  return [
    ok("workflows.permissions")(
      "",
      `the tokens of ${count(jobs.length, "job")} have what their commands need, no more`,
    ),
  ];
}

function judge(workflow: WorkflowFacts, job: JobFacts): Check | undefined {
  const place = placeOf(workflow, job);
  const needs = needsOf(workflow, job);
  const lines = Object.entries(needs).map(([scope, level]) => `${scope}: ${level}`);
  const whole = `permissions: { ${lines.join(", ")} }`;
  if (job.permissions === undefined)
    return warning("workflows.permissions")(place, "names no permissions: the repository's setting decides", whole);
  const short = Object.entries(needs).filter(([scope, level]) => !grants(job.permissions, scope, level));
  if (short.length > 0)
    return broken("workflows.permissions")(
      place,
      `the token lacks ${listed(short.map(([scope, level]) => `${scope}: ${level}`))}`,
      whole,
    );
  const spare = spareOf(job, needs);
  if (spare.length > 0)
    return warning("workflows.permissions")(place, `the token may do more than it needs: ${listed(spare)}`, whole);
  return undefined;
}

/** Of all commands of the job together. Signing in to AWS by OIDC needs a token of its own. */
function needsOf({ events }: WorkflowFacts, { commands, uses }: JobFacts): Needs {
  const forks = events.every((event) => event === "workflow_run");
  const needs: { [scope: string]: Level } = {};
  for (const command of commands)
    for (const [scope, level] of Object.entries(command === "plan" && forks ? FORK_COMMENT : NEEDS[command]))
      if (needs[scope] !== "write") needs[scope] = level;
  const signsIn = uses.some(
    (use) => use.name.startsWith("aws-actions/configure-aws-credentials@") && use.with["role-to-assume"] !== undefined,
  );
  return signsIn ? { ...needs, "id-token": "write" } : needs;
}

function grants(permissions: Permissions | undefined, scope: string, level: Level): boolean {
  if (permissions === "write-all") return true;
  if (permissions === "read-all") return level === "read";
  const has = permissions?.[scope];
  return has === "write" || has === level;
}

function spareOf({ commands, permissions }: JobFacts, needs: Needs): string[] {
  if (permissions === "write-all") return ["write-all"];
  if (permissions === "read-all" || permissions === undefined) return [];
  const may = new Set(commands.flatMap((command) => MAY[command]));
  return Object.entries(permissions).flatMap(([scope, level]) =>
    level === "write" && needs[scope] !== "write" && !may.has(scope) ? [`${scope}: write`] : [],
  );
}

/** Whether a token with these permissions could run the command. */
export const isEnough = (command: CiCommand, permissions: { readonly [scope: string]: string }): boolean =>
  Object.entries(NEEDS[command]).every(([scope, level]) => grants(permissions, scope, level));
