import type { GitHub } from "./client.ts";
import { createOnce } from "./creating.ts";
import { GitHubError } from "./errors.ts";
import { answer, at, commit, id, text, textOrNull } from "./fields.ts";
import type { Annotation, Check, CheckToPost } from "./words.ts";

/** GitHub takes this many annotations in one call; what is over is the caller's to count in the summary. */
export const MOST_ANNOTATIONS = 50;

/**
 * Posts a completed check run in one call. Posting again under the same name makes a newer one, which is what GitHub shows and branch rules
 * judge.
 * @throws GitHubError when the token is not one of an app: GitHub takes check runs only from apps, and `GITHUB_TOKEN` is one.
 */
export async function postCheck(github: GitHub, check: CheckToPost): Promise<Check> {
  if (check.annotations.length > MOST_ANNOTATIONS) {
    throw new GitHubError(
      "invalid",
      `The check ${check.name} has ${check.annotations.length} annotations; GitHub takes at most ${MOST_ANNOTATIONS}.`,
    );
  }
  const began = Date.now();
  return createOnce(github, {
    create: () => create(github, check),
    find: async () => {
      const newest = (await checksOf(github, check.headSha, check.name))[0];
      return newest && isThis(newest, check, began) ? newest : undefined;
    },
  });
}

/** An older check may say the same; ours completed after we began, give or take the clocks. */
const isThis = (found: Check, check: CheckToPost, began: number): boolean =>
  found.externalId === check.externalId &&
  found.conclusion === check.conclusion &&
  Date.parse(found.completedAt ?? "") >= began - CLOCKS_MS;

const CLOCKS_MS = 30_000;

async function create({ octokit, repository }: GitHub, check: CheckToPost): Promise<Check> {
  const { data } = await octokit.rest.checks.create({
    owner: repository.owner,
    repo: repository.name,
    name: check.name,
    head_sha: check.headSha,
    status: "completed",
    conclusion: check.conclusion,
    external_id: check.externalId,
    ...(check.detailsUrl === undefined ? {} : { details_url: check.detailsUrl }),
    output: { title: check.title, summary: check.summary, annotations: check.annotations.map(annotation) },
  });
  return plain(data);
}

const annotation = ({ path, line, level, title, message }: Annotation) => ({
  path,
  start_line: line,
  end_line: line,
  annotation_level: level,
  title,
  message,
});

/**
 * Our check runs on a commit, the newest of each name, in the order of names. Asks for all runs rather than for the latest: GitHub takes for
 * the latest whichever claims to have completed last, and who posts a check says when it completed. Ids only grow.
 * @param name when given, only that check, which saves pages.
 */
export async function checksOf(github: GitHub, sha: string, name?: string): Promise<Check[]> {
  const newest = new Map((await allChecksOf(github, sha, name)).map((check) => [check.name, check]));
  return [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every check run of ours on a commit, in the order in which they were posted: what stood there at which time. */
export async function allChecksOf(
  { octokit, repository: { owner, name: repo }, identity }: GitHub,
  sha: string,
  name?: string,
): Promise<Check[]> {
  const runs = await octokit.paginate(octokit.rest.checks.listForRef, {
    owner,
    repo,
    ref: sha,
    filter: "all",
    per_page: 100,
    ...(name === undefined ? {} : { check_name: name }),
  });
  return runs
    .map(plain)
    .filter((check) => check.app === identity.app && check.headSha === sha)
    .sort((a, b) => a.id - b.id);
}

function plain(data: unknown): Check {
  const run = answer(data);
  return {
    id: id(run, "id"),
    name: text(run, "name"),
    app: typeof at(run, "app.slug") === "string" ? text(run, "app.slug") : "",
    headSha: commit(run, "head_sha"),
    externalId: textOrNull(run, "external_id"),
    conclusion: textOrNull(run, "conclusion"),
    completedAt: textOrNull(run, "completed_at"),
    summary: textOrNull(run, "output.summary"),
  };
}
