import { mayWrite } from "./access.ts";
import { bodyOf } from "./body.ts";
import { type Answer, type Call, created, type Needs, noContent, numberParam, ok, type Route } from "./call.ts";
import { forbidden, invalid, notFound } from "./errors.ts";
import { issueAt } from "./find.ts";
import { guardIssue } from "./issue-access.ts";
import { page } from "./pages.ts";
import { checkBody } from "./text-limits.ts";
import { appOrNull, association, issuePage, nodeId, repoUrl, userView } from "./user-view.ts";
import type { Comment, Issue, World } from "./world.ts";

const template = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const single = "/repos/{owner}/{repo}/issues/comments/{comment_id}";
const toRead: Needs[] = [{ issues: "read" }, { pull_requests: "read" }];
const toWrite: Needs[] = [{ issues: "write" }, { pull_requests: "write" }];

/** Comments of issues and pull requests. */
export const commentRoutes: Route[] = [
  { method: "GET", template, needs: toRead, role: "read", handle: list },
  { method: "POST", template, needs: toWrite, role: "read", handle: create },
  { method: "GET", template: single, needs: toRead, role: "read", handle: (call) => ok(shown(call, commentAt(call))) },
  { method: "PATCH", template: single, needs: toWrite, role: "read", handle: edit },
  { method: "DELETE", template: single, needs: toWrite, role: "read", handle: remove },
];

function list(call: Call): Answer {
  const { number } = issueAt(call);
  const since = call.query.get("since") ?? "";
  const found = call.world.comments.filter((comment) => comment.number === number && comment.updatedAt >= since);
  return page(call, `${repoPath(call)}/issues/${number}/comments`, found, (comment) => shown(call, comment));
}

function create(call: Call): Answer {
  const { world, caller } = call;
  const issue = issueAt(call);
  guardIssue(call, issue, "write");
  const comment: Comment = {
    id: world.nextId(),
    number: issue.number,
    body: readBody(call),
    user: caller.user,
    ...(caller.app === undefined ? {} : { app: caller.app }),
    createdAt: world.clock.iso(),
    updatedAt: world.clock.iso(),
  };
  world.comments.push(comment);
  issue.updatedAt = comment.createdAt;
  return created(commentView(world, issue, comment));
}

function edit(call: Call): Answer {
  const comment = commentAt(call);
  mustBeMine(call, comment);
  comment.body = readBody(call);
  comment.updatedAt = call.world.clock.iso();
  return ok(shown(call, comment));
}

function remove(call: Call): Answer {
  const comment = commentAt(call);
  mustBeMine(call, comment);
  call.world.comments.splice(call.world.comments.indexOf(comment), 1);
  return noContent;
}

/** Authors may change their own words; whoever may write to the repository, everybody's. */
function mustBeMine(call: Call, comment: Comment): void {
  guardIssue(call, issueOf(call, comment), "write");
  if (comment.user.id !== call.caller.user.id && !mayWrite(call.world, call.caller)) {
    throw forbidden("Must have admin rights to Repository.");
  }
}

function readBody(call: Call): string {
  const body = bodyOf(call, "IssueComment").requiredText("body");
  if (body.trim() === "") throw invalid("IssueComment", "body", "missing_field");
  checkBody("IssueComment", body);
  return body;
}

function commentAt(call: Call): Comment {
  const id = numberParam(call, "comment_id");
  const comment = call.world.comments.find((known) => known.id === id);
  if (!comment) throw notFound();
  return comment;
}

function issueOf({ world }: Call, { number }: Comment): Issue {
  const issue = world.issues.get(number);
  if (!issue) throw notFound();
  return issue;
}

function repoPath({ place }: Call): string {
  return `/repos/${place.owner.login}/${place.name}`;
}

function shown(call: Call, comment: Comment) {
  return commentView(call.world, issueOf(call, comment), comment);
}

/** GitHub's `issue-comment`. */
function commentView(world: World, issue: Issue, comment: Comment) {
  return {
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    url: `${repoUrl(world)}/issues/comments/${comment.id}`,
    html_url: `${issuePage(world, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repoUrl(world)}/issues/${issue.number}`,
    body: comment.body,
    user: userView(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(comment.user),
    performed_via_github_app: appOrNull(world, comment.app),
  };
}
