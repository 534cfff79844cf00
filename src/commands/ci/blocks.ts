import { pullsOfCommit } from "../../github/pulls.ts";
import type { PullRequest } from "../../github/words.ts";
import { CommandError, EXIT } from "../options.ts";
import type { Ci } from "./open.ts";

/** A part of a push: the commits in a row that one pull request brought, or that nobody's pull request did. */
export interface Block {
  /** Absent for commits that were pushed directly. */
  readonly pull?: PullRequest;
  /** Oldest first; never empty. */
  readonly commits: readonly string[];
  /** The commit that the block was put on. */
  readonly base: string;
  readonly last: string;
}

/** What a push did to a branch. */
export interface Pushed {
  readonly before: string;
  readonly after: string;
  readonly branch: string;
}

/** A push of more commits than this is not of one day's merges: each commit costs a request. */
const MOST_COMMITS = 250;

/** The parts of a push in their order: one for a merge or a squash, several for a merge queue. @throws CommandError after a force push */
export async function blocksOf(ci: Pick<Ci, "git" | "github">, pushed: Pushed): Promise<Block[]> {
  const commits = commitsOf(ci, pushed);
  const owners = await ownersOf(ci, commits, pushed.branch);
  const blocks: Block[] = [];
  for (const [index, commit] of commits.entries()) {
    const pull = owners[index];
    const open = blocks.at(-1);
    if (open && open.pull?.number === pull?.number)
      blocks[blocks.length - 1] = { ...open, commits: [...open.commits, commit], last: commit };
    else
      blocks.push({
        ...(pull ? { pull } : {}),
        commits: [commit],
        base: open?.last ?? pushed.before,
        last: commit,
      });
  }
  return blocks;
}

/** A pull request lands on the first parents: what it was made of lies beside them. */
function commitsOf({ git }: Pick<Ci, "git">, { before, after, branch }: Pushed): readonly string[] {
  const commits = isKnown(git, before, after) ? git.firstParents(before, after) : undefined;
  if (commits === undefined)
    throw new CommandError(
      `${branch} was at ${short(before)} before this push, which is not behind ${short(after)}: the branch is new or its history was replaced, ` +
        "so nobody can tell which pull requests brought what. Nothing was applied. Look at `landline plan`, " +
        "and bring what should be done in a pull request; forbid force pushes to this branch",
      EXIT.refused,
    );
  if (commits.length > MOST_COMMITS)
    throw new CommandError(
      `the push has ${commits.length} commits, and at most ${MOST_COMMITS} are taken for merges. Nothing was applied: ` +
        "bring what should be done in a pull request",
      EXIT.refused,
    );
  return commits;
}

/** In a shallow clone `firstParents` tells what is missing, and how to have it. */
function isKnown(git: Ci["git"], before: string, after: string): boolean {
  if (/^0+$/.test(before)) return false;
  return (git.has(before) && git.isAncestor(before, after)) || git.isShallow();
}

/** Seconds to wait before asking again: GitHub links the commits of a merge to it a moment later. */
const PATIENCE = [2, 5];

async function ownersOf(
  { github }: Pick<Ci, "github">,
  commits: readonly string[],
  branch: string,
): Promise<(PullRequest | undefined)[]> {
  const ask = async (): Promise<(PullRequest | undefined)[]> => {
    const owners: (PullRequest | undefined)[] = [];
    for (const [index, commit] of commits.entries())
      owners.push(ownerOf(await pullsOfCommit(github, commit), commits, index, branch));
    return owners;
  };
  let owners = await ask();
  for (const seconds of PATIENCE) {
    if (owners.every((owner) => owner !== undefined)) break;
    await github.pause(seconds);
    owners = await ask();
  }
  return owners;
}

/** The pull request that was merged into this branch by this push and brought this commit; of several the one that landed first. */
function ownerOf(
  pulls: readonly PullRequest[],
  commits: readonly string[],
  index: number,
  branch: string,
): PullRequest | undefined {
  const landed = ({ mergeCommit }: PullRequest): number => (mergeCommit === null ? -1 : commits.indexOf(mergeCommit));
  return pulls
    .filter((pull) => pull.merged && pull.base.ref === branch && landed(pull) >= index)
    .sort((a, b) => landed(a) - landed(b))[0];
}

export const short = (commit: string): string => commit.slice(0, 12);
