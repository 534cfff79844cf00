import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WORKFLOWS } from "../../src/commands/init-github.ts";
import type { GitHubServer } from "../../src/sandbox/github/server.ts";
import { type Branches, exampleProject, type Files } from "./scene-git.ts";
import { startSharedGitHub } from "./validated.ts";

/** What a life begins with: the project with its workflows, the people on GitHub, the built `landline`. */

export interface Process {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export const HOME = fileURLToPath(new URL("../../", import.meta.url));
export const APPROVING = "landline-approve-new-plan";
export const ROLES = {
  plan: "arn:aws:iam::111111111111:role/landline-plan",
  apply: "arn:aws:iam::111111111111:role/landline-apply",
};
const ACTION = `acme/landline@${"0123456789".repeat(4)}`;
const PEOPLE = ["alice", "bob", "ada", "mallory"] as const;

/** Random, as `findLeaks` wants them. */
export const secret = (prefix: string): string => `${prefix}_${randomBytes(18).toString("hex")}`;

/** The files, with the workflows as `landline init --github` writes them. */
export async function withWorkflows(folder: string, files: Files): Promise<Files> {
  mkdirSync(folder);
  const said = await landline(folder, {}, ["init", "--github", "--action", ACTION]);
  if (said.exit !== 0) throw new Error(said.err);
  const names = WORKFLOWS.map((name) => `.github/workflows/landline-${name}.yml`);
  return { ...files, ...Object.fromEntries(names.map((path) => [path, readFileSync(join(folder, path), "utf8")])) };
}

export function startGitHub({ gitDir, forkDir }: Branches, teamsToken: string, texts: string[]): Promise<GitHubServer> {
  return startSharedGitHub({
    repository: "acme/network",
    gitDir,
    forks: { "mallory/network": forkDir },
    users: [
      { login: "alice", permission: "write" },
      { login: "bob", permission: "write" },
      { login: "ada", permission: "admin" },
      { login: "mallory", permission: "read" },
    ],
    apps: [{ slug: "acme-teams" }],
    teams: [{ slug: "network-security", members: ["bob"] }],
    environments: [{ name: "landline-apply" }, { name: APPROVING, reviewers: ["bob"] }],
    tokens: {
      ...Object.fromEntries(PEOPLE.map((login) => [`t-${login}`, { login }])),
      [teamsToken]: { app: "acme-teams", permissions: { members: "read" } },
    },
    onExchange: ({ requestBody }) => texts.push(JSON.stringify(requestBody) ?? ""),
  });
}

/** The built `landline` as a process, with nothing of this one's environment. */
export function landline(
  cwd: string,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<Process> {
  const around = { PATH: process.env.PATH ?? "", HOME: cwd, ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(HOME, "dist/cli.js"), ...words], { cwd, env: around }, (error, out, err) => {
      resolve({ exit: error ? Number(error.code) : 0, out, err });
    });
  });
}

/** The example project with grants that do not end before the test: processes go by the clock on the wall. */
export function lastingProject(): Files {
  const until = new Date(Date.now() + 180 * 86_400_000).toISOString().slice(0, 10);
  return Object.fromEntries(
    Object.entries(exampleProject()).map(([path, text = ""]) => [
      path,
      text.replace(/until: \d{4}-\d{2}-\d{2}/g, `until: ${until}`),
    ]),
  );
}
