import type { GitHub } from "./client.ts";
import { isProblem } from "./errors.ts";

/** What a workflow can grant and Landline uses, in the words of `permissions:`. */
export type Scope = "actions" | "checks" | "contents" | "deployments" | "issues" | "pull-requests";

/** How much of one permission the token has. */
export type Access = "write" | "read" | "none";

/** Where a call with an empty body is refused: with 403 without the permission, with 422 with it. Nothing can come of it. */
const WRITES: { readonly [S in Scope]: string | undefined } = {
  // Nothing that needs it is harmless, and nothing of ours needs it.
  actions: undefined,
  checks: "check-runs",
  contents: "git/refs",
  deployments: "deployments",
  issues: "issues",
  "pull-requests": "pulls",
};

const READS: { readonly [S in Scope]: string } = {
  actions: "actions/artifacts?per_page=1",
  checks: "commits/HEAD/check-runs?per_page=1",
  contents: "commits/HEAD?per_page=1",
  deployments: "deployments?per_page=1",
  issues: "issues?per_page=1",
  "pull-requests": "pulls?per_page=1",
};

/**
 * Finds out by harmless calls what the token may do, as GitHub has no way to ask. One call when it may write, two when not. In a public
 * repository everybody may read, so `read` says little there.
 */
export async function accessOf({ octokit, repository: { owner, name } }: GitHub, scope: Scope): Promise<Access> {
  const base = `/repos/${owner}/${name}`;
  const write = WRITES[scope];
  if (write !== undefined && (await allowed(() => octokit.request(`POST ${base}/${write}`, { data: {} }))))
    return "write";
  return (await allowed(() => octokit.request(`GET ${base}/${READS[scope]}`))) ? "read" : "none";
}

/** Refused for what was sent is not refused for who sent it. A 404 is how GitHub refuses in private repositories. */
async function allowed(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (isProblem(error, "invalid")) return true;
    if (isProblem(error, "permission", "not-found")) return false;
    throw error;
  }
}

/** The scopes of a person's classic token; undefined for every other kind, which has permissions instead. */
export async function classicScopes({ octokit, repository }: GitHub): Promise<readonly string[] | undefined> {
  const { headers } = await octokit.rest.repos.get({ owner: repository.owner, repo: repository.name });
  const scopes = headers["x-oauth-scopes"];
  return scopes === undefined
    ? undefined
    : scopes
        .split(",")
        .map((scope) => scope.trim())
        .filter((scope) => scope !== "");
}
