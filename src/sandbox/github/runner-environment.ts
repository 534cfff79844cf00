import { asObject } from "./body.ts";
import { noCommit } from "./events.ts";
import { fullName } from "./repository-view.ts";
import type { GitHubEvent, World } from "./world.ts";

/** How a job is started from an event. */
export interface RunnerOptions {
  /** `pull_request_target` for a workflow on that event; its payload is the one of `pull_request`. */
  as?: "pull_request_target";
  runId?: number;
  attempt?: number;
  /** A person approved the run of a pull request that a workflow's token made or changed; without that, GitHub does not run it. */
  approved?: boolean;
  /** Where the test wrote the payload. */
  eventPath?: string;
  /** Name of the workflow. */
  workflow?: string;
}

/** The variables that GitHub Actions sets for a job. @throws Error for an event that starts no workflows */
export function runnerEnvironment(
  world: World,
  event: GitHubEvent,
  { as, approved = false, runId = 1, attempt = 1, eventPath, workflow = "plan" }: RunnerOptions = {},
): Record<string, string> {
  const name = as ?? event.name;
  const pull = asObject(event.payload.pull_request);
  if (name === "pull_request" && pull?.mergeable === false) {
    throw new Error("GitHub starts no workflows on pull_request while the pull request conflicts with its base");
  }
  refuseOwnEvents(event, approved);
  const [sha, ref] = as === undefined ? [event.sha, event.ref] : onDefaultBranch(world);
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: name,
    ...(eventPath === undefined ? {} : { GITHUB_EVENT_PATH: eventPath }),
    GITHUB_SHA: sha,
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    GITHUB_REF_TYPE: ref.startsWith("refs/tags/") ? "tag" : "branch",
    GITHUB_REF_PROTECTED: String(world.rules.has(ref.replace(/^refs\/heads\//, ""))),
    GITHUB_BASE_REF: refOf(pull?.base),
    GITHUB_HEAD_REF: refOf(pull?.head),
    GITHUB_REPOSITORY: fullName(world.home),
    GITHUB_REPOSITORY_ID: String(world.home.id),
    GITHUB_REPOSITORY_OWNER: world.home.owner.login,
    GITHUB_REPOSITORY_OWNER_ID: String(world.home.owner.id),
    GITHUB_ACTOR: event.actor,
    GITHUB_TRIGGERING_ACTOR: event.actor,
    GITHUB_API_URL: world.api,
    GITHUB_SERVER_URL: world.web,
    GITHUB_RUN_ID: String(runId),
    GITHUB_RUN_NUMBER: "1",
    GITHUB_RUN_ATTEMPT: String(attempt),
    GITHUB_WORKFLOW: workflow,
    GITHUB_WORKFLOW_REF: `${fullName(world.home)}/.github/workflows/${workflow}.yml@${ref}`,
    GITHUB_JOB: workflow,
  };
}

/** What a workflow does with its own token starts no workflows, or they would go round for ever. */
function refuseOwnEvents({ name, actor }: GitHubEvent, approved: boolean): void {
  if (actor !== "github-actions[bot]" || !["push", "pull_request", "pull_request_review"].includes(name)) return;
  if (name === "push") throw new Error("a push by a workflow's own token starts no workflows on GitHub");
  if (!approved) throw new Error(`GitHub runs ${name} of a workflow's own token only after a person approved the run`);
}

function onDefaultBranch(world: World): [sha: string, ref: string] {
  return [world.home.heads.get(world.defaultBranch) ?? noCommit, `refs/heads/${world.defaultBranch}`];
}

function refOf(side: unknown): string {
  const ref = asObject(side)?.ref;
  return typeof ref === "string" ? ref : "";
}
