import { emitReview } from "./events.ts";
import { association, issuePage, nodeId, repoUrl, userView } from "./user-view.ts";
import type { PullIssue, Review, User, World } from "./world.ts";

/** Ends an approval or a refusal; what was written stays. */
export function dismissReview(world: World, issue: PullIssue, review: Review, by: User | null): void {
  review.state = "DISMISSED";
  emitReview(world, issue, "dismissed", reviewView(world, issue, review), by);
}

/** GitHub's `pull-request-review`. */
export function reviewView(world: World, issue: PullIssue, review: Review) {
  const html = `${issuePage(world, issue)}#pullrequestreview-${review.id}`;
  const pull = `${repoUrl(world)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: userView(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    author_association: association(review.user),
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
  };
}
