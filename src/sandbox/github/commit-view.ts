import { isoSeconds } from "./clock.ts";
import type { Commit, Signature } from "./commits-git.ts";
import { nodeId, repoPage, repoUrl, userByEmail, userOrNull } from "./user-view.ts";
import type { World } from "./world.ts";

const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

/** GitHub's `commit`, without its files. */
export function commitView(world: World, commit: Commit) {
  const url = `${repoUrl(world)}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", Number.parseInt(commit.sha.slice(0, 8), 16)),
    url,
    html_url: `${repoPage(world)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      author: signatureView(commit.author),
      committer: signatureView(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${repoUrl(world)}/git/trees/${commit.tree}` },
      url: `${repoUrl(world)}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: unsigned,
    },
    author: userOrNull(world, userByEmail(world, commit.author.email)),
    committer: userOrNull(world, userByEmail(world, commit.committer.email)),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repoUrl(world)}/commits/${sha}`,
      html_url: `${repoPage(world)}/commit/${sha}`,
    })),
  };
}

/** A commit as events and runs carry it. */
export function simpleCommit(commit: Commit) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: isoSeconds(commit.author.at * 1000),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

/** A commit as the answers of the contents API carry it. */
export function gitCommit(world: World, commit: Commit) {
  const { commit: inner, sha, node_id, html_url, parents } = commitView(world, commit);
  const { author, committer, message, tree, url, verification } = inner;
  return { sha, node_id, url, html_url, author, committer, message, tree, parents, verification };
}

function signatureView({ name, email, at }: Signature) {
  return { name, email, date: isoSeconds(at * 1000) };
}
