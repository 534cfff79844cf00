import type { GitHub } from "./client.ts";
import { createOnce } from "./creating.ts";
import { GitHubError } from "./errors.ts";
import { answer, id, text, textOrNull } from "./fields.ts";
import { firstLine, marker, payloadOf, sameText } from "./marker.ts";
import { isOurs } from "./ours.ts";

/** Which issues are looked for: all of ours that carry the label and a marker of this sort. */
export interface IssueKind {
  /** GitHub makes the label when there is none. */
  readonly label: string;
  /** The word in the marker. */
  readonly what: string;
}

/** An issue of ours. */
export interface OurIssue {
  readonly number: number;
  readonly url: string;
  /** The payload of its marker: what it is about. */
  readonly key: string;
  readonly state: "open" | "closed";
  readonly title: string;
  readonly body: string;
}

export interface WantedIssue {
  readonly key: string;
  readonly state: "open" | "closed";
  readonly title: string;
  /** Its first line is `marker(what, key)`. */
  readonly body: string;
}

export type IssueResult = "opened" | "updated" | "closed" | "reopened" | "unchanged";

/**
 * Our issues of a kind, open and closed, by key: written by us, labelled, and with the marker as the first line. Of several with one key the
 * newest open one, else the newest.
 */
export async function issuesOf(github: GitHub, kind: IssueKind): Promise<ReadonlyMap<string, OurIssue>> {
  const { octokit, repository, identity } = github;
  const listed = await octokit.paginate(octokit.rest.issues.listForRepo, {
    owner: repository.owner,
    repo: repository.name,
    labels: kind.label,
    state: "all",
    per_page: 100,
  });
  const found = new Map<string, OurIssue>();
  for (const issue of listed) {
    const key = payloadOf(kind.what, issue.body ?? "");
    // GitHub lists pull requests as issues.
    if (key === undefined || issue.pull_request || !isOurs(identity, issue)) continue;
    const ours = plain(issue, key);
    const other = found.get(key);
    if (!other || before(other, ours)) found.set(key, ours);
  }
  return found;
}

/** Whether the second is the one to go on with: an open one rather than a closed one, then the newer. */
const before = (one: OurIssue, other: OurIssue): boolean =>
  one.state === other.state ? one.number < other.number : other.state === "open";

/**
 * Makes the issue about `wanted.key` say what it should: opened, updated in place, closed, reopened. At most one write, and none when nothing
 * changed. What is clean and has no issue gets none.
 * @param there what `issuesOf` found under this key
 */
export async function putIssue(
  github: GitHub,
  kind: IssueKind,
  wanted: WantedIssue,
  there: OurIssue | undefined,
): Promise<{ readonly issue: OurIssue | undefined; readonly result: IssueResult }> {
  if (firstLine(wanted.body) !== marker(kind.what, wanted.key))
    throw new Error("The first line of an issue's body is its marker.");
  if (!there) {
    if (wanted.state === "closed") return { issue: undefined, result: "unchanged" };
    return { issue: await open(github, kind, wanted), result: "opened" };
  }
  const result = resultOf(there, wanted);
  return result === "unchanged" ? { issue: there, result } : { issue: await change(github, there, wanted), result };
}

function resultOf(there: OurIssue, wanted: WantedIssue): IssueResult {
  if (there.state !== wanted.state) return wanted.state === "open" ? "reopened" : "closed";
  // What is over is not reworded.
  if (wanted.state === "closed") return "unchanged";
  return there.title === wanted.title && sameText(there.body, wanted.body) ? "unchanged" : "updated";
}

async function change({ octokit, repository }: GitHub, there: OurIssue, wanted: WantedIssue): Promise<OurIssue> {
  const reason = wanted.state === "closed" ? "completed" : "reopened";
  const { data } = await octokit.rest.issues.update({
    owner: repository.owner,
    repo: repository.name,
    issue_number: there.number,
    title: wanted.title,
    body: wanted.body,
    ...(there.state === wanted.state ? {} : { state: wanted.state, state_reason: reason }),
  });
  return plain(data, wanted.key);
}

function open(github: GitHub, kind: IssueKind, { key, title, body }: WantedIssue): Promise<OurIssue> {
  const { octokit, repository } = github;
  const { owner, name: repo } = repository;
  return createOnce(github, {
    create: async () => {
      const { data } = await octokit.rest.issues.create({ owner, repo, title, body, labels: [kind.label] });
      const labels = data.labels.map((label) => (typeof label === "string" ? label : label.name));
      if (!labels.includes(kind.label)) throw unlabelled(kind.label, data.html_url);
      return plain(data, key);
    },
    find: async () => (await issuesOf(github, kind)).get(key),
  });
}

/** GitHub drops labels in silence when the token may not set them; the next run would then not find the issue and open another. */
const unlabelled = (label: string, url: string): GitHubError =>
  new GitHubError(
    "permission",
    `GitHub opened ${url} without the label ${label}, by which it would be found again: the token may not set labels. ` +
      "Add `issues: write` under `permissions:` of the job, and the label to the issue.",
  );

function plain(data: unknown, key: string): OurIssue {
  const issue = answer(data);
  return {
    number: id(issue, "number"),
    url: text(issue, "html_url"),
    key,
    state: text(issue, "state") === "open" ? "open" : "closed",
    title: text(issue, "title"),
    body: textOrNull(issue, "body") ?? "",
  };
}
