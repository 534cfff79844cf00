import { has, notAccessible } from "./access.ts";
import type { Call, Needs } from "./call.ts";
import type { Issue } from "./world.ts";

/** What an app needs depends on what the number stands for: `pull_requests` is enough for a pull request, not for an issue. */
export function guardIssue({ caller }: Call, issue: Issue, level: "read" | "write"): void {
  if (!caller.app) return;
  const needs: Needs[] = [{ issues: level }, ...(issue.pull ? [{ pull_requests: level } as const] : [])];
  if (!needs.some((one) => has(caller, one))) throw notAccessible(needs);
}
