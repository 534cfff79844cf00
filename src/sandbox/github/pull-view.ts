import { diffStat, log } from "./pull-git.ts";
import { fullName, repositoryView } from "./repository-view.ts";
import { association, issuePage, labelView, nodeId, repoUrl, userOrNull, userView } from "./user-view.ts";
import type { Issue, Place, Pull, PullIssue, World } from "./world.ts";

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== undefined;
}

/** GitHub's `pull-request-simple`, as lists have it. */
export function pullSimple(world: World, issue: PullIssue) {
  const { pull, number } = issue;
  return {
    id: issue.id,
    node_id: nodeId("PullRequest", issue.id),
    number,
    state: issue.state,
    locked: false,
    active_lock_reason: null,
    title: issue.title,
    body: issue.body,
    user: userView(world, issue.user),
    labels: issue.labels.map((label) => labelView(world, label)),
    milestone: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.requestedReviewers.map((user) => userView(world, user)),
    requested_teams: [],
    draft: pull.draft,
    head: side(world, pull.head.place, pull.head.branch, pull.headSha),
    base: side(world, world.home, pull.base, pull.baseSha),
    author_association: association(issue.user),
    auto_merge: null,
    ...addresses(world, issue),
  };
}

/** GitHub's `pull-request`, with the counts that cost a look into git. */
export function pullView(world: World, issue: PullIssue) {
  const { pull, number } = issue;
  return {
    ...pullSimple(world, issue),
    merged: pull.merged,
    mergeable: pull.merged ? null : pull.mergeable,
    rebaseable: pull.merged ? null : pull.mergeable,
    mergeable_state: mergeableState(pull),
    merged_by: userOrNull(world, pull.mergedBy),
    comments: world.comments.filter((comment) => comment.number === number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: log(world, pull).length,
    ...diffStat(world, pull),
  };
}

function mergeableState({ merged, mergeable, draft }: Pull): string {
  if (merged || mergeable === null) return "unknown";
  if (!mergeable) return "dirty";
  return draft ? "draft" : "clean";
}

function side(world: World, place: Place, ref: string, sha: string) {
  const label = `${place.owner.login}:${ref}`;
  return { label, ref, sha, user: userView(world, place.owner), repo: repositoryView(world, place) };
}

/** The pull request as checks and runs name it. */
export function pullMinimal(world: World, { id, number, pull }: PullIssue) {
  const brief = (place: Place) => ({ id: place.id, name: place.name, url: `${world.api}/repos/${fullName(place)}` });
  return {
    id,
    number,
    url: `${repoUrl(world)}/pulls/${number}`,
    head: { ref: pull.head.branch, sha: pull.headSha, repo: brief(pull.head.place) },
    base: { ref: pull.base, sha: pull.baseSha, repo: brief(world.home) },
  };
}

function addresses(world: World, issue: PullIssue) {
  const url = `${repoUrl(world)}/pulls/${issue.number}`;
  const issueUrl = `${repoUrl(world)}/issues/${issue.number}`;
  const page = issuePage(world, issue);
  const urls = {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repoUrl(world)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: `${repoUrl(world)}/statuses/${issue.pull.headSha}`,
  };
  const link = (href: string) => ({ href });
  return {
    ...urls,
    _links: {
      self: link(url),
      html: link(page),
      issue: link(issueUrl),
      comments: link(urls.comments_url),
      review_comments: link(urls.review_comments_url),
      review_comment: link(urls.review_comment_url),
      commits: link(urls.commits_url),
      statuses: link(urls.statuses_url),
    },
  };
}
