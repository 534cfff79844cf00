import { mayWrite } from "./access.ts";
import { bodyOf } from "./body.ts";
import { type Answer, type Call, created, type Needs, ok, type Route } from "./call.ts";
import { commitView } from "./commit-view.ts";
import { changedFiles } from "./diff-git.ts";
import { forbidden } from "./errors.ts";
import { fileView } from "./files.ts";
import { pullAt } from "./find.ts";
import { checkedTitle, setState } from "./issues.ts";
import { page } from "./pages.ts";
import { openPull } from "./pull-create.ts";
import { log, startOf, testMerge } from "./pull-git.ts";
import { isPull, pullSimple, pullView } from "./pull-view.ts";
import { checkBody } from "./text-limits.ts";
import { userView } from "./user-view.ts";
import type { PullIssue } from "./world.ts";

const template = "/repos/{owner}/{repo}/pulls";
const single = `${template}/{pull_number}`;
const toRead: Needs[] = [{ pull_requests: "read" }];
const toWrite: Needs[] = [{ pull_requests: "write" }];

/** GitHub shows no more changed files of one pull request, and no more commits. */
const mostFiles = 3000;
const mostCommits = 250;

/** Pull requests as such; reviews and merging have their own files. */
export const pullRoutes: Route[] = [
  { method: "GET", template, needs: toRead, role: "read", handle: list },
  { method: "POST", template, needs: toWrite, role: "read", handle: (call) => created(shown(call, openPull(call))) },
  { method: "GET", template: single, needs: toRead, role: "read", handle: (call) => ok(shown(call, pullAt(call))) },
  { method: "PATCH", template: single, needs: toWrite, role: "read", handle: edit },
  { method: "GET", template: `${single}/files`, needs: toRead, role: "read", handle: files },
  { method: "GET", template: `${single}/commits`, needs: toRead, role: "read", handle: commits },
  { method: "GET", template: `${single}/requested_reviewers`, needs: toRead, role: "read", handle: requested },
];

/** Opening a page is what makes GitHub try the merge. */
function shown({ world }: Call, issue: PullIssue) {
  testMerge(world, issue);
  return pullView(world, issue);
}

function list(call: Call): Answer {
  const { world, query } = call;
  const state = query.get("state") ?? "open";
  const [base, head] = [query.get("base"), query.get("head")];
  const found = [...world.issues.values()]
    .filter(isPull)
    .filter(
      ({ pull, state: now }) =>
        (state === "all" || now === state) &&
        (base === null || pull.base === base) &&
        (head === null || `${pull.head.place.owner.login}:${pull.head.branch}` === head),
    );
  const key = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  found.sort((one, other) => one[key].localeCompare(other[key]) || one.number - other.number);
  // Newest first unless sorted on purpose: GitHub's default direction depends on whether `sort` is given as `created`.
  if ((query.get("direction") ?? (key === "createdAt" ? "desc" : "asc")) === "desc") found.reverse();
  return page(call, pullsPath(call), found, (issue) => pullSimple(world, issue));
}

function edit(call: Call): Answer {
  const { world, caller } = call;
  const issue = pullAt(call);
  if (issue.user.id !== caller.user.id && !mayWrite(world, caller))
    throw forbidden("Must have admin rights to Repository.");
  const body = bodyOf(call, "PullRequest");
  const [title, text] = [body.text("title"), body.text("body")];
  const state = body.oneOf("state", ["open", "closed"]);
  if (text !== undefined) checkBody("PullRequest", text);
  if (title !== undefined) issue.title = checkedTitle(title);
  if (text !== undefined) issue.body = text;
  if (state !== undefined && state !== issue.state) setState(call, issue, state);
  issue.updatedAt = world.clock.iso();
  return ok(shown(call, issue));
}

function files(call: Call): Answer {
  const { world } = call;
  const { pull, number } = pullAt(call);
  const changed = changedFiles(world.home.gitDir, startOf(world, pull), pull.headSha).slice(0, mostFiles);
  return page(call, `${pullsPath(call)}/${number}/files`, changed, (file) => fileView(world, pull.headSha, file));
}

function commits(call: Call): Answer {
  const { world } = call;
  const { pull, number } = pullAt(call);
  const own = log(world, pull).slice(0, mostCommits);
  return page(call, `${pullsPath(call)}/${number}/commits`, own, (commit) => commitView(world, commit));
}

function requested(call: Call): Answer {
  const { pull } = pullAt(call);
  return ok({ users: pull.requestedReviewers.map((user) => userView(call.world, user)), teams: [] });
}

function pullsPath({ place }: Call): string {
  return `/repos/${place.owner.login}/${place.name}/pulls`;
}
