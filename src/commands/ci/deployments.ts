import { createDeployment, setDeploymentStatus } from "../../github/deployments.ts";
import { GitHubError } from "../../github/errors.ts";
import type { Outcome, Plan } from "../../model.ts";
import { asSet } from "../../planner/collections.ts";
import type { DeploymentLine } from "../../planner/writers/pull-request/index.ts";
import type { Ci } from "./open.ts";

/** What is told about an apply to one target. */
interface Deployment {
  readonly target: string;
  readonly id: number;
}

export interface DeploymentsInput {
  /** The commit that is applied. */
  readonly sha: string;
  readonly plan: Plan;
  /** What of a push it is about: `#12`, a commit. */
  readonly what: string;
  /** Who approved what; kept with the deployment. */
  readonly evidence: readonly string[];
}

/**
 * Opens a deployment for each target that is going to be touched, before anything is: a run that may not tell does not act.
 * @throws GitHubError
 */
export async function openDeployments(
  { github, run }: Pick<Ci, "github" | "run">,
  { sha, plan, what, evidence }: DeploymentsInput,
): Promise<Deployment[]> {
  const open: Deployment[] = [];
  for (const target of asSet(plan.changes.map((change) => change.target))) {
    const id = await createDeployment(github, {
      sha,
      environment: target,
      description: `Landline: ${what}`,
      key: `${run.id}/${run.attempt}/${what}/${target}`,
      payload: { planId: plan.planId, what, approvals: evidence },
    });
    await setDeploymentStatus(github, id, {
      state: "in_progress",
      description: "Applying what was reviewed",
      logUrl: run.url,
    });
    open.push({ target, id });
  }
  return open;
}

/** Says how each of them ended. The cloud is changed by now: a status that cannot be set is a line in the log. */
export async function closeDeployments(
  { github, run, io }: Pick<Ci, "github" | "run" | "io">,
  open: readonly Deployment[],
  plan: Plan,
  outcomes: readonly Outcome[],
): Promise<DeploymentLine[]> {
  const lines: DeploymentLine[] = [];
  for (const { target, id } of open) {
    const { state, description } = endOf(target, plan, outcomes);
    try {
      await setDeploymentStatus(github, id, { state, description, logUrl: run.url });
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      io.err(`the status of the deployment to ${target} could not be set: ${error.message}\n`);
    }
    lines.push({ target, state, url: run.url });
  }
  return lines;
}

function endOf(target: string, plan: Plan, outcomes: readonly Outcome[]) {
  const results = new Map(outcomes.map(({ step, result }) => [step, result]));
  const own = plan.changes.filter((change) => change.target === target).map(({ step }) => results.get(step));
  const done = own.filter((result) => result === "done").length;
  const state = done === own.length ? ("success" as const) : ("failure" as const);
  return { state, description: `${done} of ${own.length} changes done` };
}
