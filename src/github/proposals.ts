import { type BranchWanted, type FileToPut, ourBranch, putFile } from "./branches.ts";
import type { GitHub } from "./client.ts";
import { createOnce } from "./creating.ts";
import { answer, login } from "./fields.ts";
import { pullOf } from "./pull-fields.ts";
import type { PullRequest } from "./words.ts";

/** A change that we suggest: files on a branch of ours, and a pull request. */
export interface Proposal extends BranchWanted {
  /** The branch to merge into. */
  readonly base: string;
  readonly files: readonly Pick<FileToPut, "path" | "content">[];
  /** Also the message of the commits. */
  readonly title: string;
  readonly body: string;
}

/** `declined`: our pull request from this branch was closed without a merge. Then nothing is written: no means no. */
export type ProposalResult = "opened" | "updated" | "unchanged" | "declined" | "merged";

/** Proposes once: the same proposal again changes nothing, and one that somebody closed stays closed. */
export async function propose(
  github: GitHub,
  proposal: Proposal,
): Promise<{ readonly pull: PullRequest; readonly result: ProposalResult }> {
  const earlier = await pullFrom(github, proposal);
  if (earlier && earlier.state === "closed") return { pull: earlier, result: earlier.merged ? "merged" : "declined" };
  await ourBranch(github, proposal);
  const commits: string[] = [];
  for (const file of proposal.files) {
    commits.push(await putFile(github, { ...file, branch: proposal.branch, message: proposal.title }));
  }
  if (earlier) return { pull: earlier, result: commits.includes("committed") ? "updated" : "unchanged" };
  return { pull: await open(github, proposal), result: "opened" };
}

/** Our newest pull request from this branch of this repository, an open one first; other people's do not count. */
async function pullFrom(github: GitHub, { branch, base }: Proposal): Promise<PullRequest | undefined> {
  const { octokit, repository, identity } = github;
  const { owner, name: repo } = repository;
  const listed = await octokit.paginate(octokit.rest.pulls.list, {
    owner,
    repo,
    base,
    head: `${owner}:${branch}`,
    state: "all",
    per_page: 100,
  });
  const ours = listed
    .filter((pull) => login(answer(pull), "user") === identity.login)
    .map((pull) => pullOf(answer(pull)))
    .filter(({ head }) => head.ref === branch && head.repository?.toLowerCase() === `${owner}/${repo}`.toLowerCase())
    .sort((a, b) => b.number - a.number);
  return ours.find(({ state }) => state === "open") ?? ours[0];
}

function open(github: GitHub, proposal: Proposal): Promise<PullRequest> {
  const { octokit, repository } = github;
  const { branch: head, base, title, body } = proposal;
  return createOnce(github, {
    create: async () => {
      const { data } = await octokit.rest.pulls.create({
        owner: repository.owner,
        repo: repository.name,
        head,
        base,
        title,
        body,
      });
      return pullOf(answer(data));
    },
    find: () => pullFrom(github, proposal),
  });
}
