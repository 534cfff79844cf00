import type { GitHub } from "./client.ts";
import { answer, at, commit, login, text, textOrNull } from "./fields.ts";
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

/** A file that a pull request touches. */
export interface PullFile {
  readonly path: string;
  /** GitHub's word: added, removed, modified, renamed, copied, changed, unchanged. */
  readonly status: string;
  readonly previousPath: string | null;
}

/** GitHub lists no more than this; a longer list must not be taken for the whole. */
const MOST_FILES = 3000;
const MOST_COMMITS = 250;

export async function filesOf(
  { octokit, repository }: GitHub,
  number: number,
): Promise<{ readonly files: readonly PullFile[]; readonly complete: boolean }> {
  const { owner, name: repo } = repository;
  const listed = await octokit.paginate(octokit.rest.pulls.listFiles, {
    owner,
    repo,
    pull_number: number,
    per_page: 100,
  });
  const files = listed.map((file) => ({
    path: text(answer(file), "filename"),
    status: text(answer(file), "status"),
    previousPath: textOrNull(answer(file), "previous_filename"),
  }));
  return { files, complete: files.length < MOST_FILES };
}

/** A commit of a pull request; a login is null when GitHub knows nobody by the commit's e-mail address. */
export interface PullCommit {
  readonly sha: string;
  readonly author: string | null;
  readonly committer: string | null;
}

export async function commitsOf(
  { octokit, repository }: GitHub,
  number: number,
): Promise<{ readonly commits: readonly PullCommit[]; readonly complete: boolean }> {
  const { owner, name: repo } = repository;
  const listed = await octokit.paginate(octokit.rest.pulls.listCommits, {
    owner,
    repo,
    pull_number: number,
    per_page: 100,
  });
  const commits = listed.map(commitOf);
  return { commits, complete: commits.length < MOST_COMMITS };
}

/** A commit as the API tells it. The logins follow from e-mail addresses, which whoever commits can choose: they accuse, they prove nothing. */
export function commitOf(data: unknown): PullCommit {
  const source = answer(data);
  return { sha: commit(source, "sha"), author: loginOrNull(data, "author"), committer: loginOrNull(data, "committer") };
}

/** Null, or an empty object when the address belongs to nobody. */
const loginOrNull = (data: unknown, path: string): string | null =>
  typeof at(answer(data), `${path}.login`) === "string" ? login(answer(data), path) : null;
