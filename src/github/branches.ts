import type { GitHub } from "./client.ts";
import { createOnce } from "./creating.ts";
import { absentOn, GitHubError, isProblem } from "./errors.ts";
import { answer, commit, text } from "./fields.ts";
import { commitOf } from "./pulls.ts";

/** The commit that a branch stands at; undefined when there is no such branch. */
export async function branchSha({ octokit, repository }: GitHub, branch: string): Promise<string | undefined> {
  const { owner, name: repo } = repository;
  const found = await absentOn(["not-found"], () => octokit.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }));
  return found && commit(answer(found.data), "object.sha");
}

export interface BranchWanted {
  readonly branch: string;
  /** The commit that it begins at. */
  readonly from: string;
}

/**
 * A branch of ours to put a proposal on: created, or used again when everything on it that `from` does not have was committed by us.
 * @throws GitHubError `invalid` when somebody else has committed to a branch of this name: it is left alone.
 */
export async function ourBranch(github: GitHub, { branch, from }: BranchWanted): Promise<"created" | "reused"> {
  if ((await branchSha(github, branch)) !== undefined) {
    await assertOurs(github, branch, from);
    return "reused";
  }
  const { owner, name: repo } = github.repository;
  try {
    await createOnce(github, {
      create: async () => {
        await github.octokit.rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha: from });
        return true;
      },
      find: async () => ((await branchSha(github, branch)) === undefined ? undefined : true),
    });
    return "created";
  } catch (error) {
    // Another run was quicker: GitHub says 422 "Reference already exists".
    if (!isProblem(error, "invalid") || (await branchSha(github, branch)) === undefined) throw error;
    await assertOurs(github, branch, from);
    return "reused";
  }
}

/** By the author's e-mail, which can be made up: this keeps people's work from being mixed with ours; what is merged is for the review to judge. */
async function assertOurs({ octokit, repository, identity }: GitHub, branch: string, from: string): Promise<void> {
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
    owner: repository.owner,
    repo: repository.name,
    basehead: `${from}...${branch}`,
    per_page: 100,
  });
  const foreign = data.commits.map(commitOf).find(({ author }) => author !== identity.login);
  if (!foreign && data.total_commits <= data.commits.length) return;
  throw new GitHubError(
    "invalid",
    `The branch ${branch} is not only ours: ${foreign?.author ?? "somebody"} committed to it` +
      `${foreign ? ` (${foreign.sha.slice(0, 7)})` : ""}. Landline leaves it alone; rename or delete it.`,
  );
}

export interface FileToPut {
  readonly branch: string;
  readonly path: string;
  readonly content: string;
  /** The commit's message. */
  readonly message: string;
}

/** Commits one file to a branch; nothing when it has this content already. */
export async function putFile(github: GitHub, file: FileToPut): Promise<"committed" | "unchanged"> {
  const there = await blobOf(github, file);
  if (there?.content === file.content) return "unchanged";
  const { octokit, repository } = github;
  await createOnce(github, {
    create: async () => {
      await octokit.rest.repos.createOrUpdateFileContents({
        owner: repository.owner,
        repo: repository.name,
        path: file.path,
        branch: file.branch,
        message: file.message,
        content: Buffer.from(file.content, "utf8").toString("base64"),
        // GitHub refuses when the file is no longer what we saw; so the client must not repeat it by itself either.
        ...(there ? { sha: there.sha } : {}),
        request: { retries: 0 },
      });
      return true;
    },
    find: async () => ((await blobOf(github, file))?.content === file.content ? true : undefined),
  });
  return "committed";
}

interface Blob {
  readonly sha: string;
  readonly content: string;
}

async function blobOf({ octokit, repository }: GitHub, { path, branch }: FileToPut): Promise<Blob | undefined> {
  const { owner, name: repo } = repository;
  const found = await absentOn(["not-found"], () => octokit.rest.repos.getContent({ owner, repo, path, ref: branch }));
  if (!found) return undefined;
  const blob = answer(found.data);
  if (Array.isArray(found.data) || text(blob, "type") !== "file") {
    throw new GitHubError("invalid", `${path} on the branch ${branch} is not a file. Landline leaves it alone.`);
  }
  // GitHub sends files over a megabyte without their content.
  if (text(blob, "encoding") !== "base64") {
    throw new GitHubError(
      "invalid",
      `${path} on the branch ${branch} is too large to be compared. Landline leaves it alone.`,
    );
  }
  return { sha: text(blob, "sha"), content: Buffer.from(text(blob, "content"), "base64").toString("utf8") };
}
