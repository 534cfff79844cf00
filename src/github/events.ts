import { GitHubError } from "./errors.ts";
import { at, commit, id, type Source, text, textOrNull } from "./fields.ts";
import { pullOf } from "./pull-fields.ts";
import type { RunEvent } from "./words.ts";

/** How each event that Landline understands is read from its payload. */
const EVENTS: { readonly [Name in RunEvent["name"]]: (payload: Source) => RunEvent } = {
  pull_request: pullEvent("pull_request"),
  pull_request_target: pullEvent("pull_request_target"),
  pull_request_review: pullEvent("pull_request_review"),
  push: (payload) => ({
    name: "push",
    before: commit(payload, "before"),
    after: commit(payload, "after"),
    ref: text(payload, "ref"),
    defaultBranch: text(payload, "repository.default_branch"),
  }),
  merge_group: (payload) => ({
    name: "merge_group",
    headSha: commit(payload, "merge_group.head_sha"),
    headRef: text(payload, "merge_group.head_ref"),
    baseSha: commit(payload, "merge_group.base_sha"),
    baseRef: text(payload, "merge_group.base_ref"),
  }),
  schedule: () => ({ name: "schedule" }),
  workflow_dispatch: () => ({ name: "workflow_dispatch" }),
  workflow_run: (payload) => ({
    name: "workflow_run",
    run: {
      id: id(payload, "workflow_run.id"),
      event: text(payload, "workflow_run.event"),
      headSha: commit(payload, "workflow_run.head_sha"),
      headRepository: textOrNull(payload, "workflow_run.head_repository.full_name"),
      path: text(payload, "workflow_run.path"),
    },
  }),
};

function pullEvent(name: "pull_request" | "pull_request_target" | "pull_request_review") {
  return (payload: Source): RunEvent => ({
    name,
    action: text(payload, "action"),
    pull: pullOf(payload, "pull_request."),
  });
}

/** @throws GitHubError for an event that Landline does not know, and for a payload without what it needs. */
export function eventOf(name: string, payload: Source, repository: string): RunEvent {
  if (!Object.hasOwn(EVENTS, name)) {
    throw new GitHubError(
      "invalid",
      `GITHUB_EVENT_NAME: Landline does not know the event ${JSON.stringify(name)}. ` +
        `Start it on one of ${Object.keys(EVENTS).join(", ")}.`,
    );
  }
  const from = at(payload, "repository.full_name");
  if (from !== undefined && String(from).toLowerCase() !== repository.toLowerCase()) {
    throw new GitHubError(
      "invalid",
      `${payload.where}: the event is about ${JSON.stringify(from)}, but GITHUB_REPOSITORY is ${JSON.stringify(repository)}.`,
    );
  }
  return EVENTS[name as RunEvent["name"]](payload);
}
