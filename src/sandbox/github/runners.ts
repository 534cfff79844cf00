import { createHash } from "node:crypto";
import { zipSync } from "fflate";
import { isoSeconds } from "./clock.ts";
import { emit, noCommit } from "./events.ts";
import { fullName } from "./repository-view.ts";
import { runView, workflowView } from "./run-view.ts";
import { mayApprove } from "./runs.ts";
import type { Environment, GitHubEvent, User, WorkflowRun, World } from "./world.ts";

const day = 24 * 60 * 60 * 1000;

/** A run that is to begin. */
export interface RunInput {
  /** `pull_request`, `push`, … */
  event: string;
  headSha: string;
  headBranch?: string;
  /** `owner/name` of a fork; the repository itself unless told. */
  headRepository?: string;
  /** `.github/workflows/plan.yml` unless told. */
  path?: string;
  /** Login of who started it. */
  actor: string;
  /** Environments of its jobs; the run waits for those that have reviewers. */
  environments?: readonly string[];
}

/** Begins a run; environments that nobody set up come into being without rules, as on GitHub. */
export function beginRun(world: World, input: RunInput, actor: User): WorkflowRun {
  const wanted = input.headRepository ?? fullName(world.home);
  const headPlace = [world.home, ...world.forks].find((place) => fullName(place) === wanted);
  if (!headPlace) throw new Error(`${wanted} is neither the repository nor one of its forks`);
  const environments = (input.environments ?? []).map((name) => environmentNamed(world, name));
  const waitsFor = environments.filter(({ reviewers = [] }) => reviewers.length > 0).map(({ name }) => name);
  const run: WorkflowRun = {
    id: world.nextId(),
    event: input.event,
    headSha: input.headSha,
    headBranch: input.headBranch ?? null,
    headPlace,
    path: input.path ?? ".github/workflows/plan.yml",
    actor,
    createdAt: world.clock.iso(),
    attempt: 1,
    status: waitsFor.length > 0 ? "waiting" : "in_progress",
    conclusion: null,
    waitsFor,
    approvals: [],
  };
  world.runs.push(run);
  return run;
}

function environmentNamed(world: World, name: string): Environment {
  const known = world.environments.find((environment) => environment.name === name);
  if (known) return known;
  const made: Environment = { id: world.nextId(), name };
  world.environments.push(made);
  return made;
}

/** Ends a run; workflows on `workflow_run` start, on the default branch whatever the run was on. */
export function finishRun(world: World, id: number, conclusion: string): GitHubEvent {
  const run = runWith(world, id);
  if (run.waitsFor.length > 0) throw new Error(`run ${id} still waits for approval of ${run.waitsFor.join(", ")}`);
  Object.assign(run, { status: "completed", conclusion });
  const payload = { action: "completed", workflow: workflowView(world, run.path), workflow_run: runView(world, run) };
  const sha = world.home.heads.get(world.defaultBranch) ?? noCommit;
  return emit(world, { name: "workflow_run", payload, sha, ref: `refs/heads/${world.defaultBranch}` }, run.actor);
}

/** A person pressed "Re-run": the same run, one attempt more. */
export function rerun(world: World, id: number): number {
  const run = runWith(world, id);
  if (run.status !== "completed") throw new Error(`run ${id} is still under way`);
  Object.assign(run, { status: "in_progress", conclusion: null });
  run.attempt++;
  return run.attempt;
}

/** What a run uploads: a zip with its digest. A name can be used once per run. */
export function uploadArtifact(
  world: World,
  runId: number,
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): number {
  const run = runWith(world, runId);
  if (world.artifacts.some((artifact) => artifact.run === run && artifact.name === name)) {
    throw new Error(`run ${runId} has an artifact named ${name} already`);
  }
  const bytes = Object.entries(files).map(([path, content]): [string, Uint8Array] => [
    path,
    typeof content === "string" ? Buffer.from(content) : content,
  ]);
  const zip = zipSync(Object.fromEntries(bytes), { mtime: world.clock.now() });
  const digest = `sha256:${createHash("sha256").update(zip).digest("hex")}`;
  const now = world.clock.now();
  const id = world.nextId();
  world.artifacts.push({
    id,
    run,
    name,
    zip,
    digest,
    createdAt: isoSeconds(now),
    expiresAt: isoSeconds(now + 90 * day),
  });
  return id;
}

/** A reviewer's word on an environment that a run waits for. @throws Error when that is not theirs to say */
export function reviewEnvironment(
  world: World,
  runId: number,
  name: string,
  user: User,
  { state = "approved", comment = "" }: { state?: "approved" | "rejected"; comment?: string } = {},
): void {
  const run = runWith(world, runId);
  const environment = world.environments.find((known) => known.name === name);
  if (!environment || !run.waitsFor.includes(name)) throw new Error(`run ${runId} does not wait for ${name}`);
  if (!mayApprove(world, run, environment, user)) {
    const why =
      run.actor.id === user.id ? "started the run, and self-review is prevented" : "is not among its reviewers";
    throw new Error(`${user.login} may not approve ${name}: ${user.login} ${why}`);
  }
  run.approvals.push({ environment: name, state, user, comment });
  run.waitsFor = state === "rejected" ? [] : run.waitsFor.filter((other) => other !== name);
  if (state === "rejected") Object.assign(run, { status: "completed", conclusion: "failure" });
  else if (run.waitsFor.length === 0) run.status = "in_progress";
}

function runWith(world: World, id: number): WorkflowRun {
  const run = world.runs.find((known) => known.id === id);
  if (!run) throw new Error(`there is no run ${id}`);
  return run;
}
