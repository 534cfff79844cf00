import type { GitHub } from "./client.ts";
import { createOnce } from "./creating.ts";
import { absentOn } from "./errors.ts";
import { firstLine, sameText } from "./marker.ts";
import { isOurs } from "./ours.ts";

/** A comment of ours on a pull request or issue. */
export interface Comment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
}

export interface CommentToPost {
  /** Of the pull request or issue. */
  readonly number: number;
  /** From `marker()`; must be the first line of the body. */
  readonly marker: string;
  readonly body: string;
}

export interface Posted {
  readonly id: number;
  readonly url: string;
  readonly result: "created" | "updated" | "unchanged";
}

/**
 * Our comment with this marker: written by us and the marker is exactly its first line. The newest when there are several; the older ones are
 * left alone. Reads all pages, because the newest is on the last.
 */
export async function findComment(
  { octokit, repository: { owner, name }, identity }: GitHub,
  { number, marker }: Pick<CommentToPost, "number" | "marker">,
): Promise<Comment | undefined> {
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    owner,
    repo: name,
    issue_number: number,
    per_page: 100,
  });
  const ours = comments.filter((comment) => isOurs(identity, comment) && firstLine(comment.body ?? "") === marker);
  return ours
    .map(plain)
    .reduce<Comment | undefined>((newest, one) => (newest && newest.id > one.id ? newest : one), undefined);
}

/**
 * Puts our one comment on a pull request: creates it, or makes it say what it should say. The text that stands there is what is compared, so a
 * comment that somebody edited is mended. At most one write; none when nothing changed.
 * @throws GitHubError `too-long` when the body is over 65,536 characters.
 */
export async function upsertComment(github: GitHub, wanted: CommentToPost): Promise<Posted> {
  const { marker, body } = wanted;
  if (firstLine(body) !== marker) throw new Error("The first line of a comment's body is its marker.");
  const there = await findComment(github, wanted);
  if (!there) return { ...(await create(github, wanted)), result: "created" };
  const { id, url } = there;
  if (sameText(there.body, body)) return { id, url, result: "unchanged" };
  // Somebody may delete it between our look and our write.
  const updated = await absentOn(["not-found"], () => update(github, id, body));
  return updated ? { id, url, result: "updated" } : { ...(await create(github, wanted)), result: "created" };
}

async function update({ octokit, repository: { owner, name } }: GitHub, id: number, body: string): Promise<true> {
  await octokit.rest.issues.updateComment({ owner, repo: name, comment_id: id, body });
  return true;
}

async function create(github: GitHub, wanted: CommentToPost): Promise<Pick<Comment, "id" | "url">> {
  const { octokit, repository } = github;
  const { id, url } = await createOnce(github, {
    create: async () => {
      const { data } = await octokit.rest.issues.createComment({
        owner: repository.owner,
        repo: repository.name,
        issue_number: wanted.number,
        body: wanted.body,
      });
      return plain(data);
    },
    find: () => findComment(github, wanted),
  });
  return { id, url };
}

const plain = ({ id, html_url, body }: { id: number; html_url: string; body?: string }): Comment => ({
  id,
  url: html_url,
  body: body ?? "",
});
