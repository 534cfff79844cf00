import { type Answer, type Call, type Needs, numberParam, ok, type Route } from "./call.ts";
import { isReviewer, reviewersView } from "./environments.ts";
import { notFound } from "./errors.ts";
import { runView } from "./run-view.ts";
import { nodeId, repoPage, repoUrl, userView } from "./user-view.ts";
import type { Approval, Environment, WorkflowRun, World } from "./world.ts";

const template = "/repos/{owner}/{repo}/actions/runs/{run_id}";
const needs: Needs[] = [{ actions: "read" }];

/** Runs of workflows, and the environments for which they wait or waited. */
export const runRoutes: Route[] = [
  { method: "GET", template, needs, role: "read", handle: (call) => ok(runView(call.world, runAt(call))) },
  { method: "GET", template: `${template}/approvals`, needs, role: "read", handle: approvals },
  { method: "GET", template: `${template}/pending_deployments`, needs, role: "read", handle: pending },
];

/** The run that the path names. @throws ApiError 404 */
export function runAt(call: Call): WorkflowRun {
  const id = numberParam(call, "run_id");
  const run = call.world.runs.find((known) => known.id === id);
  if (!run) throw notFound();
  return run;
}

function approvals(call: Call): Answer {
  return ok(runAt(call).approvals.map((approval) => approvalView(call.world, approval)));
}

function approvalView(world: World, { environment, state, user, comment }: Approval) {
  const known = world.environments.filter(({ name }) => name === environment);
  return {
    environments: known.map((one) => ({
      ...brief(world, one),
      created_at: world.createdAt,
      updated_at: world.createdAt,
    })),
    state,
    user: userView(world, user),
    comment,
  };
}

function pending(call: Call): Answer {
  const { world, caller } = call;
  const run = runAt(call);
  const waiting = world.environments.filter(({ name }) => run.waitsFor.includes(name));
  return ok(
    waiting.map((environment) => ({
      environment: brief(world, environment),
      wait_timer: environment.waitMinutes ?? 0,
      wait_timer_started_at: run.createdAt,
      current_user_can_approve: !caller.app && mayApprove(world, run, environment, caller.user),
      reviewers: reviewersView(world, environment),
    })),
  );
}

/** Reviewers only, and whoever started the run only where that is allowed. */
export function mayApprove(
  world: World,
  run: WorkflowRun,
  environment: Environment,
  user: WorkflowRun["actor"],
): boolean {
  return isReviewer(world, environment, user) && !(environment.preventSelfReview && run.actor.id === user.id);
}

function brief(world: World, { id, name }: Environment) {
  const encoded = encodeURIComponent(name);
  return {
    id,
    node_id: nodeId("Environment", id),
    name,
    url: `${repoUrl(world)}/environments/${encoded}`,
    html_url: `${repoPage(world)}/deployments/activity_log?environments_filter=${encoded}`,
  };
}
