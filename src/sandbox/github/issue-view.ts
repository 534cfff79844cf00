import { appOrNull, association, issuePage, labelView, nodeId, repoUrl, userOrNull, userView } from "./user-view.ts";
import type { Issue, World } from "./world.ts";

/** GitHub's `issue`; for a pull request with the `pull_request` member that tells it apart. */
export function issueView(world: World, issue: Issue) {
  const url = `${repoUrl(world)}/issues/${issue.number}`;
  return {
    id: issue.id,
    node_id: nodeId("Issue", issue.id),
    url,
    repository_url: repoUrl(world),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(world, issue),
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: userView(world, issue.user),
    labels: issue.labels.map((label) => labelView(world, label)),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: world.comments.filter(({ number }) => number === issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: userOrNull(world, issue.closedBy),
    author_association: association(issue.user),
    performed_via_github_app: appOrNull(world, issue.app),
    ...(issue.pull === undefined ? {} : { draft: issue.pull.draft, pull_request: pullLinks(world, issue) }),
  };
}

function pullLinks(world: World, issue: Issue) {
  const page = issuePage(world, issue);
  return {
    url: `${repoUrl(world)}/pulls/${issue.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: issue.pull?.mergedAt ?? null,
  };
}
