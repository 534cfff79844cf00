import { simpleCommit } from "./commit-view.ts";
import { commitOf } from "./commits-git.ts";
import { pullMinimal } from "./pull-view.ts";
import { openPulls } from "./pushes.ts";
import { minimalRepository } from "./repository-view.ts";
import { nodeId, repoPage, repoUrl, userView } from "./user-view.ts";
import type { WorkflowRun, World } from "./world.ts";

/** GitHub's `workflow-run`. A run of a fork names no pull requests, which is why nobody may rely on them. */
export function runView(world: World, run: WorkflowRun) {
  const url = `${repoUrl(world)}/actions/runs/${run.id}`;
  const head = commitOf(run.headPlace.gitDir, run.headSha);
  const workflowId = workflowIdOf(run.path);
  const pulls = run.headPlace.fork ? [] : openPulls(world).filter(({ pull }) => pull.headSha === run.headSha);
  return {
    id: run.id,
    node_id: nodeId("WorkflowRun", run.id),
    name: nameOf(run.path),
    display_title: head.message.split("\n")[0] ?? "",
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    run_number: world.runs.filter(({ path, id }) => path === run.path && id <= run.id).length,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflowId,
    check_suite_id: run.id,
    check_suite_node_id: nodeId("CheckSuite", run.id),
    url,
    html_url: `${repoPage(world)}/actions/runs/${run.id}`,
    pull_requests: pulls.map((issue) => pullMinimal(world, issue)),
    created_at: run.createdAt,
    updated_at: run.createdAt,
    run_started_at: run.createdAt,
    actor: userView(world, run.actor),
    triggering_actor: userView(world, run.actor),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repoUrl(world)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repoUrl(world)}/actions/workflows/${workflowId}`,
    head_commit: simpleCommit(head),
    repository: minimalRepository(world, world.home),
    head_repository: minimalRepository(world, run.headPlace),
  };
}

/** The workflow file behind a run. */
export function workflowView(world: World, path: string) {
  const id = workflowIdOf(path);
  return {
    id,
    node_id: nodeId("Workflow", id),
    name: nameOf(path),
    path,
    state: "active",
    created_at: world.createdAt,
    updated_at: world.createdAt,
    url: `${repoUrl(world)}/actions/workflows/${id}`,
    html_url: `${repoPage(world)}/blob/${world.defaultBranch}/${path}`,
    badge_url: `${repoPage(world)}/workflows/${nameOf(path)}/badge.svg`,
  };
}

/** A number that stays the same for the same workflow file. */
function workflowIdOf(path: string): number {
  return [...path].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

/** The workflow's name: that of its file, without the ending. */
function nameOf(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.ya?ml$/, "");
}
