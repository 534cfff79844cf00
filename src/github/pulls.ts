import type { GitHub } from "./client.ts";
import { answer, at, commit, login } from "./fields.ts";
import { pullOf } from "./pull-fields.ts";
import type { PullRequest } from "./words.ts";

/** As GitHub knows it now. @throws GitHubError `not-found` */
export async function pullRequest({ octokit, repository }: GitHub, number: number): Promise<PullRequest> {
  const { owner, name: repo } = repository;
  const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
  return pullOf(answer(data));
}

/** The open pull requests into a branch, the one that was opened first coming first. */
export async function openPullRequests({ octokit, repository }: GitHub, base: string): Promise<PullRequest[]> {
  const { owner, name: repo } = repository;
  const pulls = await octokit.paginate(octokit.rest.pulls.list, {
    owner,
    repo,
    base,
    state: "open",
    sort: "created",
    direction: "asc",
    per_page: 100,
  });
  return pulls.map((pull) => pullOf(answer(pull)));
}

/**
 * The pull requests that a commit belongs to: for a commit on the default branch the merged one that brought it, whether by merge, squash or
 * rebase; for other commits also open ones. None for a direct push.
 */
export async function pullsOfCommit({ octokit, repository }: GitHub, sha: string): Promise<PullRequest[]> {
  const { owner, name: repo } = repository;
  const pulls = await octokit.paginate(octokit.rest.repos.listPullRequestsAssociatedWithCommit, {
    owner,
    repo,
    commit_sha: sha,
    per_page: 100,
  });
  return pulls.map((pull) => pullOf(answer(pull)));
}

/** A commit of a pull request; a login is null when GitHub knows nobody by the commit's e-mail address. */
export interface PullCommit {
  readonly sha: string;
  readonly author: string | null;
  readonly committer: string | null;
}

/** A commit as the API tells it. The logins follow from e-mail addresses, which whoever commits can choose: they accuse, they prove nothing. */
export function commitOf(data: unknown): PullCommit {
  const source = answer(data);
  return { sha: commit(source, "sha"), author: loginOrNull(data, "author"), committer: loginOrNull(data, "committer") };
}

/** Null, or an empty object when the address belongs to nobody. */
const loginOrNull = (data: unknown, path: string): string | null =>
  typeof at(answer(data), `${path}.login`) === "string" ? login(answer(data), path) : null;
