import { type Answer, type Call, type Needs, ok, param, type Route } from "./call.ts";
import { commitView } from "./commit-view.ts";
import { commitOf, log } from "./commits-git.ts";
import { changedFiles } from "./diff-git.ts";
import { notFound, unprocessable } from "./errors.ts";
import { fileView } from "./files.ts";
import { isAncestor, mergeBase, resolveCommit } from "./git.ts";
import { page } from "./pages.ts";
import { isPull, pullSimple } from "./pull-view.ts";
import { openPulls } from "./pushes.ts";
import { repoPage, repoUrl } from "./user-view.ts";
import type { PullIssue, World } from "./world.ts";

const template = "/repos/{owner}/{repo}";
const toRead: Needs[] = [{ contents: "read" }];

/** At most so many files are shown with a commit or a comparison. */
const mostFiles = 300;

/** Commits, what lies between them, and the pull requests that they belong to. */
export const commitRoutes: Route[] = [
  { method: "GET", template: `${template}/commits/{ref}`, needs: toRead, role: "read", handle: get },
  { method: "GET", template: `${template}/compare/{basehead}`, needs: toRead, role: "read", handle: compare },
  {
    method: "GET",
    template: `${template}/commits/{commit_sha}/pulls`,
    needs: [{ contents: "read", pull_requests: "read" }],
    role: "read",
    handle: pulls,
  },
];

/** The tree of a commit without parents is compared with this one, which git always knows. */
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

function get(call: Call): Answer {
  const { world } = call;
  const sha = commitAt(call, param(call, "ref"));
  const commit = commitOf(world.home.gitDir, sha);
  const files = changedFiles(world.home.gitDir, commit.parents[0] ?? emptyTree, sha);
  const sum = (key: "additions" | "deletions"): number => files.reduce((total, file) => total + file[key], 0);
  const [additions, deletions] = [sum("additions"), sum("deletions")];
  return ok({
    ...commitView(world, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.slice(0, mostFiles).map((file) => fileView(world, sha, file)),
  });
}

/** `base...head`: what head has that base has not, counted from where they parted. */
function compare(call: Call): Answer {
  const { world } = call;
  const { gitDir } = world.home;
  const [baseRef, headRef] = param(call, "basehead").split("...");
  if (baseRef === undefined || headRef === undefined) throw notFound();
  const [base, head] = [resolveCommit(gitDir, baseRef), resolveCommit(gitDir, headRef)];
  if (base === undefined || head === undefined) throw notFound();
  const parted = mergeBase(gitDir, base, head);
  if (parted === undefined) throw notFound();
  const ahead = log(gitDir, "--reverse", "--topo-order", `${base}..${head}`);
  const behind = log(gitDir, `${head}..${base}`).length;
  const range = `${baseRef}...${headRef}`;
  const commits = page(call, `/repos/${world.home.owner.login}/${world.home.name}/compare/${range}`, ahead, (commit) =>
    commitView(world, commit),
  );
  // Without paging GitHub gives up to 250 commits at once.
  const paged = call.query.has("per_page") || call.query.has("page");
  const shown = paged ? commits.body : ahead.slice(0, 250).map((commit) => commitView(world, commit));
  const first = (call.query.get("page") ?? "1") === "1";
  const files = first ? changedFiles(gitDir, parted, head).slice(0, mostFiles) : [];
  const html = `${repoPage(world)}/compare/${range}`;
  const answer = {
    url: `${repoUrl(world)}/compare/${range}`,
    html_url: html,
    permalink_url: `${repoPage(world)}/compare/${base}...${head}`,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commitView(world, commitOf(gitDir, base)),
    merge_base_commit: commitView(world, commitOf(gitDir, parted)),
    status: statusOf(ahead.length, behind),
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: shown,
    ...(first ? { files: files.map((file) => fileView(world, head, file)) } : {}),
  };
  return ok(answer, paged ? commits.headers : {});
}

function statusOf(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? "identical" : "behind";
  return behind === 0 ? "ahead" : "diverged";
}

/** On the default branch: the merged pull request that brought the commit. Anywhere else: all pull requests that hold it. */
function pulls(call: Call): Answer {
  const { world, place } = call;
  const given = param(call, "commit_sha");
  const sha = commitAt(call, given);
  const main = world.home.heads.get(world.defaultBranch);
  const onMain = main !== undefined && isAncestor(world.home.gitDir, sha, main);
  const merged = [...world.issues.values()].filter(isPull).filter(({ pull }) => pull.merged);
  const found = onMain ? merged.filter((issue) => brought(world, issue, sha)) : elsewhere(world, merged, sha);
  const path = `/repos/${place.owner.login}/${place.name}/commits/${given}/pulls`;
  return page(call, path, found, (issue) => pullSimple(world, issue));
}

/** Whether the merge of this pull request put the commit on the base: the merge itself, or one of those it brought along. */
function brought(world: World, { pull }: PullIssue, sha: string): boolean {
  const { gitDir } = world.home;
  if (pull.mergeCommitSha === null) return false;
  if (pull.mergeCommitSha === sha) return true;
  return isAncestor(gitDir, sha, pull.mergeCommitSha) && !isAncestor(gitDir, sha, pull.baseSha);
}

function elsewhere(world: World, merged: readonly PullIssue[], sha: string): PullIssue[] {
  return [...openPulls(world), ...merged].filter(
    ({ pull }) => isAncestor(world.home.gitDir, sha, pull.headSha) && !isAncestor(world.home.gitDir, sha, pull.baseSha),
  );
}

function commitAt({ world }: Call, ref: string): string {
  const sha = resolveCommit(world.home.gitDir, ref);
  if (sha !== undefined) return sha;
  const name = /^[0-9a-f]{40}$/.test(ref) ? "SHA" : "ref";
  throw unprocessable(`No commit found for ${name}: ${ref}`);
}
