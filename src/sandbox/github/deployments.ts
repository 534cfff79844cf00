import { bodyOf } from "./body.ts";
import { type Answer, type Call, created, numberParam, ok, type Route } from "./call.ts";
import { latest } from "./checks.ts";
import { ApiError, invalid, notFound } from "./errors.ts";
import { resolveCommit } from "./git.ts";
import { page } from "./pages.ts";
import { appOrNull, nodeId, repoUrl, userView } from "./user-view.ts";
import type { Deployment, DeploymentStatus, World } from "./world.ts";

const template = "/repos/{owner}/{repo}/deployments";
const statusTemplate = `${template}/{deployment_id}/statuses`;
const states = ["error", "failure", "inactive", "in_progress", "queued", "pending", "success"] as const;
const toRead = [{ deployments: "read" }] as const;
const toWrite = [{ deployments: "write" }] as const;

/** Deployments and their statuses. */
export const deploymentRoutes: Route[] = [
  { method: "GET", template, needs: toRead, role: "read", handle: list },
  { method: "POST", template, needs: toWrite, role: "write", handle: create },
  {
    method: "GET",
    template: `${template}/{deployment_id}`,
    needs: toRead,
    role: "read",
    handle: (call) => ok(deploymentView(call.world, deploymentAt(call))),
  },
  { method: "GET", template: statusTemplate, needs: toRead, role: "read", handle: statuses },
  { method: "POST", template: statusTemplate, needs: toWrite, role: "write", handle: addStatus },
];

function list(call: Call): Answer {
  const { world, query, place } = call;
  const wanted = (["sha", "ref", "task", "environment"] as const).filter((key) => query.has(key));
  const found = world.deployments.filter((deployment) => wanted.every((key) => deployment[key] === query.get(key)));
  const path = `/repos/${place.owner.login}/${place.name}/deployments`;
  return page(call, path, found.reverse(), (deployment) => deploymentView(world, deployment));
}

function create(call: Call): Answer {
  const { world, caller, body: given } = call;
  const body = bodyOf(call, "Deployment");
  const ref = body.requiredText("ref");
  const sha = resolveCommit(world.home.gitDir, ref);
  if (sha === undefined) throw new ApiError(422, `No ref found for: ${ref}`);
  refuseBehind(call, sha, body.flag("auto_merge", true));
  refuseRed(world, sha, body.texts("required_contexts"));
  const deployment: Deployment = {
    id: world.nextId(),
    sha,
    ref,
    task: body.text("task") ?? "deploy",
    payload: given.payload ?? {},
    environment: body.text("environment") ?? "production",
    description: body.text("description") ?? null,
    creator: caller.user,
    ...(caller.app === undefined ? {} : { app: caller.app }),
    createdAt: world.clock.iso(),
    statuses: [],
  };
  world.deployments.push(deployment);
  return created(deploymentView(world, deployment));
}

/** By default GitHub first merges the default branch into a branch that lacks some of it, and makes no deployment; that is not offered. */
function refuseBehind({ world }: Call, sha: string, autoMerge: boolean): void {
  const main = world.home.heads.get(world.defaultBranch);
  if (autoMerge && sha !== main) {
    throw new ApiError(409, `Conflict merging ${world.defaultBranch} into ${sha}: give auto_merge false`);
  }
}

/** Without `required_contexts` every check on the commit has to be green. */
function refuseRed(world: World, sha: string, required: string[] | undefined): void {
  const runs = latest(world.checkRuns.filter((run) => run.headSha === sha));
  const red = runs.filter(
    ({ conclusion }) => conclusion !== "success" && conclusion !== "neutral" && conclusion !== "skipped",
  );
  const green = runs.filter((run) => !red.includes(run)).map(({ name }) => name);
  const blocking =
    required === undefined ? red.map(({ name }) => name) : required.filter((name) => !green.includes(name));
  if (blocking.length > 0) throw new ApiError(409, `Commit status checks failed for ${sha}: ${blocking.join(", ")}`);
}

function statuses(call: Call): Answer {
  const { world, place } = call;
  const deployment = deploymentAt(call);
  const path = `/repos/${place.owner.login}/${place.name}/deployments/${deployment.id}/statuses`;
  return page(call, path, [...deployment.statuses].reverse(), (status) => statusView(world, deployment, status));
}

function addStatus(call: Call): Answer {
  const { world, caller } = call;
  const deployment = deploymentAt(call);
  const body = bodyOf(call, "DeploymentStatus");
  const state = body.oneOf("state", states);
  if (state === undefined) throw invalid("DeploymentStatus", "state", "missing_field");
  const description = body.text("description") ?? "";
  if ([...description].length > 140) {
    throw invalid("DeploymentStatus", "description", "custom", "description is too long (maximum is 140 characters)");
  }
  const status: DeploymentStatus = {
    id: world.nextId(),
    state,
    description,
    logUrl: body.text("log_url") ?? body.text("target_url") ?? "",
    environmentUrl: body.text("environment_url") ?? "",
    creator: caller.user,
    ...(caller.app === undefined ? {} : { app: caller.app }),
    createdAt: world.clock.iso(),
  };
  deployment.statuses.push(status);
  return created(statusView(world, deployment, status));
}

function deploymentAt(call: Call): Deployment {
  const id = numberParam(call, "deployment_id");
  const deployment = call.world.deployments.find((known) => known.id === id);
  if (!deployment) throw notFound();
  return deployment;
}

function deploymentView(world: World, deployment: Deployment) {
  const url = `${repoUrl(world)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId("Deployment", deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: userView(world, deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: repoUrl(world),
    transient_environment: false,
    production_environment: deployment.environment === "production",
    performed_via_github_app: appOrNull(world, deployment.app),
  };
}

function statusView(world: World, { id, environment }: Deployment, status: DeploymentStatus) {
  const deployment = `${repoUrl(world)}/deployments/${id}`;
  return {
    url: `${deployment}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DeploymentStatus", status.id),
    state: status.state,
    creator: userView(world, status.creator),
    description: status.description,
    environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: deployment,
    repository_url: repoUrl(world),
    performed_via_github_app: appOrNull(world, status.app),
  };
}
