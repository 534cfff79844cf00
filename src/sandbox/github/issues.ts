import { mayWrite } from "./access.ts";
import { bodyOf } from "./body.ts";
import { type Answer, type Call, created, type Needs, ok, type Route } from "./call.ts";
import { forbidden, invalid } from "./errors.ts";
import { emitPull } from "./events.ts";
import { issueAt, nextNumber } from "./find.ts";
import { guardIssue } from "./issue-access.ts";
import { issueView } from "./issue-view.ts";
import { labelNamed } from "./labels.ts";
import { page } from "./pages.ts";
import { isPull } from "./pull-view.ts";
import { closePull } from "./pushes.ts";
import { checkBody } from "./text-limits.ts";
import type { Issue } from "./world.ts";

const template = "/repos/{owner}/{repo}/issues";
const single = `${template}/{issue_number}`;
const either = (level: "read" | "write"): Needs[] => [{ issues: level }, { pull_requests: level }];

/** Issues; pull requests are issues too. */
export const issueRoutes: Route[] = [
  { method: "GET", template, needs: either("read"), role: "read", handle: list },
  { method: "POST", template, needs: [{ issues: "write" }], role: "read", handle: create },
  {
    method: "GET",
    template: single,
    needs: either("read"),
    role: "read",
    handle: (call) => ok(issueView(call.world, issueAt(call))),
  },
  { method: "PATCH", template: single, needs: either("write"), role: "read", handle: edit },
];

function list(call: Call): Answer {
  const { world, query, place } = call;
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter(Boolean);
  const creator = query.get("creator");
  const since = query.get("since") ?? "";
  const found = [...world.issues.values()].filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      labels.every((name) => issue.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())) &&
      (creator === null || issue.user.login === creator) &&
      issue.updatedAt >= since,
  );
  const sorted = found.sort((one, other) => other.number - one.number);
  if (query.get("direction") === "asc") sorted.reverse();
  return page(call, `/repos/${place.owner.login}/${place.name}/issues`, sorted, (issue) => issueView(world, issue));
}

function create(call: Call): Answer {
  const { world, caller } = call;
  const body = bodyOf(call, "Issue");
  const title = checkedTitle(body.requiredText("title"));
  const text = body.text("body") ?? null;
  if (text !== null) checkBody("Issue", text);
  const issue: Issue = {
    id: world.nextId(),
    number: nextNumber(world),
    title,
    body: text,
    user: caller.user,
    ...(caller.app === undefined ? {} : { app: caller.app }),
    state: "open",
    stateReason: null,
    // Labels of somebody who may not set them are left out without a word, as GitHub does.
    labels: mayWrite(world, caller) ? (body.texts("labels") ?? []).map((name) => labelNamed(world, name)) : [],
    createdAt: world.clock.iso(),
    updatedAt: world.clock.iso(),
    closedAt: null,
    closedBy: null,
  };
  world.issues.set(issue.number, issue);
  return created(issueView(world, issue));
}

function edit(call: Call): Answer {
  const { world, caller } = call;
  const issue = issueAt(call);
  guardIssue(call, issue, "write");
  if (issue.user.id !== caller.user.id && !mayWrite(world, caller))
    throw forbidden("Must have admin rights to Repository.");
  const body = bodyOf(call, "Issue");
  const text = body.text("body");
  if (text !== undefined) checkBody("Issue", text);
  const title = body.text("title");
  const labels = mayWrite(world, caller) ? body.texts("labels") : undefined;
  const state = body.oneOf("state", ["open", "closed"]);
  const reason = body.oneOf("state_reason", ["completed", "not_planned", "duplicate", "reopened"]);
  if (title !== undefined) issue.title = checkedTitle(title);
  if (text !== undefined) issue.body = text;
  if (labels !== undefined) issue.labels = labels.map((name) => labelNamed(world, name));
  if (state !== undefined && state !== issue.state) setState(call, issue, state, reason);
  issue.updatedAt = world.clock.iso();
  return ok(issueView(world, issue));
}

/** Opens or closes, with the reason that GitHub notes when none is given. */
export function setState(call: Call, issue: Issue, state: "open" | "closed", reason?: string): void {
  const { world, caller } = call;
  if (isPull(issue)) {
    if (state === "closed") closePull(world, issue, caller.user);
    else reopenPull(call, issue);
    return;
  }
  issue.state = state;
  issue.stateReason = reason ?? (state === "closed" ? "completed" : "reopened");
  issue.closedAt = state === "closed" ? world.clock.iso() : null;
  issue.closedBy = state === "closed" ? caller.user : null;
}

function reopenPull({ world, caller }: Call, issue: Issue): void {
  if (!isPull(issue)) return;
  if (issue.pull.merged)
    throw invalid("PullRequest", "state", "invalid", "state cannot be changed. The pull request is merged.");
  const head = issue.pull.head.place.heads.get(issue.pull.head.branch);
  if (head !== issue.pull.headSha) {
    throw invalid("PullRequest", "state", "invalid", "state cannot be changed. The head branch was deleted or moved.");
  }
  Object.assign(issue, { state: "open", closedAt: null, closedBy: null });
  issue.pull.baseSha = world.home.heads.get(issue.pull.base) ?? issue.pull.baseSha;
  emitPull(world, issue, "reopened", caller.user);
}

/** GitHub allows 256 characters. */
export function checkedTitle(title: string): string {
  if (title.trim() === "") throw invalid("Issue", "title", "missing_field");
  if ([...title].length > 256)
    throw invalid("Issue", "title", "custom", "title is too long (maximum is 256 characters)");
  return title;
}
