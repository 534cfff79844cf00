import { type BranchRules, branchRules, classicProtection, isProtected } from "../../github/branch-rules.ts";
import { type GitHub, openGitHub } from "../../github/client.ts";
import { environments } from "../../github/environments.ts";
import { GitHubError } from "../../github/errors.ts";
import { permissionOf } from "../../github/reviews.ts";
import { apiUrlOf, repositoryOf } from "../../github/run.ts";
import { codeownersErrors, oidcSubject, repositorySettings } from "../../github/settings.ts";
import { isTeamVisible } from "../../github/teams.ts";
import { accessOf, classicScopes } from "../../github/token.ts";
import type { ProjectDocument } from "../../planner/specs/index.ts";
import type { Io } from "../io.ts";
import { CommandError } from "../options.ts";
import { type Seen, seen, unseen } from "./check.ts";
import type { Approver, BranchFacts, GitHubFacts, TokenFacts } from "./github-facts.ts";

/**
 * A person waits for this: what is limited is said instead of waited for. The handful of requests that probe the token are refused ones, and
 * need not be as far apart as real writes.
 */
const PACE = { secondMs: 100, waits: 0, timeoutMs: 15_000 } as const;

/** Reads the repository's settings with GITHUB_TOKEN; what the token may not see is said, thing by thing. */
export async function lookAtGitHub(
  named: string | undefined,
  project: ProjectDocument | undefined,
  io: Io,
): Promise<Seen<GitHubFacts>> {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY, LANDLINE_TEAMS_TOKEN: teamsToken } = io.env;
  const repository = checkedName(named) ?? GITHUB_REPOSITORY;
  if (!repository)
    return unseen("nobody said which repository it is", "landline doctor --github OWNER/REPO, with GITHUB_TOKEN set");
  if (!token)
    return unseen(
      "there is no GITHUB_TOKEN",
      `GITHUB_TOKEN=$(gh auth token) landline doctor --github ${repository}; in a workflow: env: { GITHUB_TOKEN: \${{ github.token }} }`,
    );
  return trying(async () => {
    const apiUrl = apiUrlOf({ GITHUB_API_URL: io.env.GITHUB_API_URL || "https://api.github.com" });
    const run = { repository: repositoryOf(repository), apiUrl };
    const github = openGitHub({ run, token, ...(teamsToken ? { teamsToken } : {}), pace: PACE });
    const asking = {
      approvers: approversOf(project),
      seesTeams: Boolean(teamsToken),
      inWorkflow: io.env.GITHUB_ACTIONS === "true",
    };
    return look(github, repository, asking);
  });
}

function checkedName(name: string | undefined): string | undefined {
  if (name === undefined || /^[\w.-]+\/[\w.-]+$/.test(name)) return name;
  throw new CommandError(`--github ${name}: a repository is named OWNER/REPO, as in acme/network`);
}

const approversOf = (project: ProjectDocument | undefined): readonly string[] => [
  ...new Set((project?.spec.policy.approvals ?? []).flatMap(({ from }) => from ?? [])),
];

interface Asking {
  readonly approvers: readonly string[];
  /** Whether there is a token for teams. */
  readonly seesTeams: boolean;
  readonly inWorkflow: boolean;
}

async function look(github: GitHub, repository: string, asking: Asking): Promise<GitHubFacts> {
  const about = await repositorySettings(github);
  const [token, rules, places, codeowners, subject, people] = await Promise.all([
    trying(() => lookAtToken(github, asking.inWorkflow)),
    trying(() => lookAtBranch(github, about.defaultBranch)),
    trying(() => environments(github)),
    trying(() => codeownersErrors(github)),
    lookAtSubject(github),
    Promise.all(
      asking.approvers.map(async (name) => [name, await lookAtApprover(github, name, asking.seesTeams)] as const),
    ),
  ]);
  return {
    repository,
    about,
    token,
    rules,
    environments: places,
    codeowners,
    subject,
    approvers: Object.fromEntries(people),
  };
}

/** A refusal is a thing that could not be seen; its message ends in what to do about it. */
async function trying<T>(call: () => Promise<T>): Promise<Seen<T>> {
  try {
    return seen(await call());
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const [why = "", ...needs] = error.message.split(/(?<=[.)])\s+(?=[A-Z])/);
    return unseen(why.replace(/\.$/, ""), needs.join(" ") || "look at it in the repository's settings");
  }
}

async function lookAtToken(github: GitHub, inWorkflow: boolean): Promise<TokenFacts> {
  const scopes = await classicScopes(github);
  const [actions, checks, contents, deployments, issues, pulls] = await Promise.all([
    accessOf(github, "actions"),
    accessOf(github, "checks"),
    accessOf(github, "contents"),
    accessOf(github, "deployments"),
    accessOf(github, "issues"),
    accessOf(github, "pull-requests"),
  ]);
  const access = { actions, checks, contents, deployments, issues, "pull-requests": pulls };
  return { ...(scopes ? { scopes } : {}), access, inWorkflow };
}

async function lookAtBranch(github: GitHub, branch: string): Promise<BranchFacts> {
  const [rules, classic] = await Promise.all([branchRules(github, branch), classicProtection(github, branch)]);
  if (classic === "none") return { branch, rules, hidden: false };
  if (classic) return { branch, rules: together(rules, classic), hidden: false };
  return { branch, rules, hidden: await isProtected(github, branch) };
}

/** Rulesets and classic protection hold side by side: of two rules about the same thing the stricter one. */
function together(a: BranchRules, b: BranchRules): BranchRules {
  const [first, second] = [a.pullRequest, b.pullRequest];
  const both = first &&
    second && {
      approvals: Math.max(first.approvals, second.approvals),
      dismissesStale: first.dismissesStale || second.dismissesStale,
      lastPushApproval: first.lastPushApproval || second.lastPushApproval,
      codeOwners: first.codeOwners || second.codeOwners,
    };
  const pullRequest = both ?? first ?? second;
  return {
    ...(pullRequest ? { pullRequest } : {}),
    checks: [...a.checks, ...b.checks],
    mergeQueue: a.mergeQueue || b.mergeQueue,
    refusesForcePushes: a.refusesForcePushes || b.refusesForcePushes,
    refusesDeletion: a.refusesDeletion || b.refusesDeletion,
  };
}

async function lookAtSubject(github: GitHub): Promise<GitHubFacts["subject"]> {
  const found = await trying(() => oidcSubject(github));
  if (!found.seen) return found;
  if (found.value) return seen(found.value);
  return unseen("the form of its OIDC subjects does not show to this token", "an administrator's token shows it");
}

async function lookAtApprover(github: GitHub, name: string, seesTeams: boolean): Promise<Seen<Approver>> {
  const [owner = "", slug] = name.slice(1).split("/");
  if (slug === undefined)
    return trying(async () => {
      const permission = await permissionOf(github, owner);
      return { is: "user", mayWrite: permission === "admin" || permission === "write" };
    });
  const visible = await trying(() => isTeamVisible(github, owner, slug));
  if (!visible.seen) return visible;
  if (visible.value) return seen({ is: "team" });
  if (seesTeams) return seen({ is: "missing" });
  return unseen(
    "who is in the team does not show to this token, nor whether there is one",
    "LANDLINE_TEAMS_TOKEN: a token with Members: read in the organization; the workflows take it from the secret of that name",
  );
}
