import { type Call, numberParam } from "./call.ts";
import { notFound } from "./errors.ts";
import { isPull } from "./pull-view.ts";
import type { Issue, PullIssue, World } from "./world.ts";

/** The issue or pull request that the path names. @throws ApiError 404 */
export function issueAt(call: Call): Issue {
  const issue = call.world.issues.get(numberParam(call, "issue_number"));
  if (!issue) throw notFound();
  return issue;
}

/** The pull request that the path names. @throws ApiError 404, for an issue too */
export function pullAt(call: Call): PullIssue {
  const issue = call.world.issues.get(numberParam(call, "pull_number"));
  if (!issue || !isPull(issue)) throw notFound();
  return issue;
}

/** Issues and pull requests share their numbers. */
export function nextNumber(world: World): number {
  return Math.max(0, ...world.issues.keys()) + 1;
}
