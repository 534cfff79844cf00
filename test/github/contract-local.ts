import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GitHubServer } from "../../src/sandbox/github/server.ts";
import type { OnExchange } from "./contract-recorder.ts";
import { octokitFor, type Stage } from "./contract-stage.ts";
import { startSharedGitHub } from "./validated.ts";

/** Our local GitHub with one repository, and what only it knows. */
export interface LocalStage extends Stage {
  server: GitHubServer;
  /** A workflow of a fork: may read and no more. */
  reader: LocalStage["workflow"];
  /** Ends the server. @throws ContractError when an exchange was not as GitHub describes it */
  close(): Promise<void>;
}

const WORKFLOW = {
  actions: "read",
  checks: "write",
  contents: "write",
  deployments: "write",
  issues: "write",
  "pull-requests": "write",
} as const;

/** Nobody waits for the limits here; they have tests of their own. */
const ROOMY = { perHour: 100_000, creatingPerMinute: 100_000, creatingPerHour: 100_000, pointsPerMinute: 1_000_000 };

const FILES = {
  "README.md": "# Network\n",
  ".github/CODEOWNERS": "* @bob\nspecs/ @acme/nobody\n",
};

export async function startLocal(onExchange: OnExchange): Promise<LocalStage> {
  const folder = await mkdtemp(join(tmpdir(), "landline-github-"));
  const gitDir = join(folder, "network.git");
  beginRepository(gitDir);
  const server = await startSharedGitHub({
    repository: "acme/network",
    gitDir,
    users: [
      { login: "alice", permission: "write" },
      { login: "bob", permission: "admin" },
      { login: "mallory", permission: "none" },
    ],
    tokens: {
      "token-of-alice": { login: "alice" },
      "token-of-bob": { login: "bob" },
      "token-of-workflow": { app: "github-actions", permissions: WORKFLOW },
      "token-of-fork": { app: "github-actions", permissions: { contents: "read", "pull-requests": "read" } },
    },
    teams: [{ slug: "network", members: ["bob"], pending: ["alice"] }],
    rules: {
      release: {
        requiredApprovals: 1,
        dismissStale: true,
        requireLastPushApproval: true,
        requireCodeOwners: true,
        requiredChecks: [{ context: "landline / prod", appId: 15368 }],
        mergeQueue: true,
      },
    },
    environments: [
      {
        name: "prod",
        reviewers: ["bob", "team:network"],
        preventSelfReview: true,
        waitMinutes: 5,
        branches: "protected",
      },
      { name: "stage", branches: ["main"] },
      { name: "dev" },
    ],
    limits: ROOMY,
  });
  const as = (name: string) => octokitFor(server.url, `token-of-${name}`, onExchange);
  return {
    server,
    repository: { owner: "acme", repo: "network" },
    author: as("alice"),
    reviewer: as("bob"),
    workflow: as("workflow"),
    reader: as("fork"),
    close: async () => {
      await rm(folder, { recursive: true, force: true });
      await server.close();
    },
  };
}

/** Makes a bare repository whose `main` and `release` hold FILES. */
export function beginRepository(gitDir: string): void {
  const git = (args: string[], input = "") =>
    execFileSync("git", ["--git-dir", gitDir, "-c", "user.name=bob", "-c", "user.email=bob@users.example", ...args], {
      input,
      encoding: "utf8",
    }).trim();
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", gitDir]);
  for (const [path, text] of Object.entries(FILES)) {
    const blob = git(["hash-object", "-w", "--stdin"], text);
    execFileSync("git", ["--git-dir", gitDir, "update-index", "--add", "--cacheinfo", `100644,${blob},${path}`]);
  }
  const commit = git(["commit-tree", git(["write-tree"]), "-m", "Begin"]);
  for (const branch of ["main", "release"]) git(["update-ref", `refs/heads/${branch}`, commit]);
}
