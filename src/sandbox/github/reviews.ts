import { mayAs } from "./access.ts";
import { bodyOf } from "./body.ts";
import { type Answer, type Call, type Needs, numberParam, ok, type Route } from "./call.ts";
import { forbidden, invalid, notFound, unprocessableEntity } from "./errors.ts";
import { emitReview } from "./events.ts";
import { pullAt } from "./find.ts";
import { page } from "./pages.ts";
import { diffDigest, log } from "./pull-git.ts";
import { dismissReview, reviewView } from "./review-states.ts";
import { checkBody } from "./text-limits.ts";
import type { PullIssue, Review } from "./world.ts";

const template = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews";
const toRead: Needs[] = [{ pull_requests: "read" }];
const toWrite: Needs[] = [{ pull_requests: "write" }];
const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

/** Reviews of pull requests, oldest first. */
export const reviewRoutes: Route[] = [
  { method: "GET", template, needs: toRead, role: "read", handle: list },
  { method: "POST", template, needs: toWrite, role: "read", handle: submit },
  { method: "PUT", template: `${template}/{review_id}/dismissals`, needs: toWrite, role: "write", handle: dismiss },
];

function list(call: Call): Answer {
  const { world, place } = call;
  const issue = pullAt(call);
  const reviews = world.reviews.filter(({ number }) => number === issue.number);
  const path = `/repos/${place.owner.login}/${place.name}/pulls/${issue.number}/reviews`;
  return page(call, path, reviews, (review) => reviewView(world, issue, review));
}

function submit(call: Call): Answer {
  const { world, caller } = call;
  const issue = pullAt(call);
  const body = bodyOf(call, "PullRequestReview");
  const event = body.oneOf("event", ["APPROVE", "REQUEST_CHANGES", "COMMENT"]);
  if (event === undefined)
    throw unprocessableEntity("Reviews that wait to be submitted are not offered here: give an event");
  const text = body.text("body") ?? "";
  checkBody("PullRequestReview", text);
  if (event !== "APPROVE" && text === "") throw invalid("PullRequestReview", "body", "missing_field");
  refuseOwn(call, issue, event);
  if (event === "APPROVE" && caller.app?.slug === "github-actions" && !world.actionsMayPropose) {
    throw unprocessableEntity("GitHub Actions is not permitted to approve pull requests.");
  }
  const review: Review = {
    id: world.nextId(),
    number: issue.number,
    user: caller.user,
    body: text,
    state: states[event],
    commitId: commitOf(call, issue, body.text("commit_id")),
    submittedAt: world.clock.iso(),
    diff: diffDigest(world, issue.pull),
  };
  world.reviews.push(review);
  issue.updatedAt = review.submittedAt;
  const view = reviewView(world, issue, review);
  emitReview(world, issue, "submitted", view, caller.user);
  return ok(view);
}

/** Authors may comment on their own pull request, nothing else. */
function refuseOwn({ caller }: Call, issue: PullIssue, event: keyof typeof states): void {
  if (event === "COMMENT" || issue.user.id !== caller.user.id) return;
  throw unprocessableEntity(
    event === "APPROVE" ? "Can not approve your own pull request" : "Can not request changes on your own pull request",
  );
}

/** The commit that is reviewed: one of the pull request's, its head unless told. */
function commitOf({ world }: Call, { pull }: PullIssue, given: string | undefined): string {
  if (given === undefined || given === pull.headSha) return pull.headSha;
  if (!log(world, pull).some(({ sha }) => sha === given)) throw invalid("PullRequestReview", "commit_id");
  return given;
}

function dismiss(call: Call): Answer {
  const { world, caller } = call;
  const issue = pullAt(call);
  const id = numberParam(call, "review_id");
  const review = world.reviews.find((known) => known.id === id && known.number === issue.number);
  if (!review) throw notFound();
  bodyOf(call, "PullRequestReview").requiredText("message");
  if (!caller.app && !mayAs(world, caller.user.permission, "write")) throw forbidden("Must have write access.");
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
    throw unprocessableEntity("Can not dismiss a commented pull request review");
  }
  dismissReview(world, issue, review, caller.user);
  return ok(reviewView(world, issue, review));
}
