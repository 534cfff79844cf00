import type { Octokit } from "@octokit/rest";
import type { GitHub } from "./client.ts";
import { absentOn } from "./errors.ts";
import { answer, at } from "./fields.ts";
import { commitOf } from "./pulls.ts";
import { repositoryOf } from "./run.ts";
import type { PullRequest, Repository } from "./words.ts";

/** Everybody who may have made the last push to a pull request. */
export interface Pushers {
  readonly logins: readonly string[];
  /** Whether GitHub's record of that push was found; without it the logins come from the commit alone, which its author can make up. */
  readonly certain: boolean;
}

/** Commits made on GitHub's pages have this committer; it is nobody. */
const GITHUB_ITSELF = "web-flow";

/**
 * Who may be the last pusher: who GitHub recorded as pushing what is now the head, and author and committer of the head commit. A fork's pushes
 * are recorded in the fork, which may be gone or hidden.
 */
export async function pushersOf(github: GitHub, pull: Pick<PullRequest, "head">): Promise<Pushers> {
  const { owner, name: repo } = github.repository;
  const [record, head] = await Promise.all([
    recordOf(github.octokit, pull.head),
    github.octokit.rest.repos.getCommit({ owner, repo, ref: pull.head.sha, per_page: 1 }),
  ]);
  const { author, committer } = commitOf(head.data);
  const logins = [...record.actors, author ?? GITHUB_ITSELF, committer ?? GITHUB_ITSELF];
  return {
    logins: [...new Set(logins)].filter((login) => login !== GITHUB_ITSELF).sort(),
    certain: record.certain,
  };
}

interface PushRecord {
  readonly actors: readonly string[];
  readonly certain: boolean;
}

const UNKNOWN: PushRecord = { actors: [], certain: false };

/** The push of the head is at the top of its branch's activity, the newest coming first; this far down it is not worth looking. */
const MOST_PAGES = 3;

async function recordOf(octokit: Octokit, head: PullRequest["head"]): Promise<PushRecord> {
  if (head.repository === null) return UNKNOWN;
  const repository = repositoryOf(head.repository);
  return (await absentOn(["not-found", "permission"], () => pushOf(octokit, repository, head))) ?? UNKNOWN;
}

async function pushOf(octokit: Octokit, { owner, name }: Repository, head: PullRequest["head"]): Promise<PushRecord> {
  const ref = `refs/heads/${head.ref}`;
  const pages = octokit.paginate.iterator(octokit.rest.repos.listActivities, { owner, repo: name, ref, per_page: 100 });
  let seen = 0;
  for await (const { data } of pages) {
    // The same commit may have been pushed, replaced and pushed again; the newest push decides, the others count too.
    const pushes = data.filter((entry) => entry.ref === ref && entry.after === head.sha).map(actorOf);
    if (pushes.length > 0) {
      return { actors: pushes.filter((actor) => actor !== undefined), certain: pushes[0] !== undefined };
    }
    seen += 1;
    if (seen >= MOST_PAGES) break;
  }
  return UNKNOWN;
}

/** Undefined for accounts that are gone: GitHub sends null. */
function actorOf(entry: unknown): string | undefined {
  const actor = at(answer(entry), "actor.login");
  return typeof actor === "string" ? actor : undefined;
}
