import { Octokit } from "@octokit/rest";
import { type OnExchange, recordingFetch } from "./contract-recorder.ts";

/** A GitHub with a repository that has a `main` branch, and the people who act in the scenes. */
export interface Stage {
  repository: { owner: string; repo: string };
  /** Opens the pull requests; may write. */
  author: Octokit;
  /** May write and administer. */
  reviewer: Octokit;
  /** The token of a workflow: `github-actions[bot]` where the server knows apps. */
  workflow: Octokit;
}

/** Something that people and workflows do with GitHub. It asserts what GitHub would do; the contract asserts the form of every exchange. */
export type Scene = (stage: Stage) => Promise<void>;

/** A pull request of one changed file, with its head. */
export interface OpenedPull {
  number: number;
  branch: string;
  sha: string;
  path: string;
}

/** Plain Octokit, without the plugins that `github/client.ts` adds. */
export function octokitFor(baseUrl: string, token: string, onExchange: OnExchange): Octokit {
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  return new Octokit({ auth: token, baseUrl, log, request: { fetch: recordingFetch(baseUrl, onExchange) } });
}

let branches = 0;

/** A branch off main with one more file. */
export async function newBranch({ repository, author }: Stage): Promise<{ branch: string; sha: string; path: string }> {
  branches += 1;
  const branch = `change-${branches}`;
  const path = `specs/change-${branches}.yaml`;
  const main = await author.git.getRef({ ...repository, ref: "heads/main" });
  await author.git.createRef({ ...repository, ref: `refs/heads/${branch}`, sha: main.data.object.sha });
  const content = Buffer.from(`name: change-${branches}\n`).toString("base64");
  const put = await author.repos.createOrUpdateFileContents({
    ...repository,
    path,
    branch,
    message: `Add ${path}`,
    content,
  });
  return { branch, sha: put.data.commit.sha ?? "", path };
}

/** A pull request by the author. */
export async function openPull(stage: Stage): Promise<OpenedPull> {
  const { branch, sha, path } = await newBranch(stage);
  const made = await stage.author.pulls.create({
    ...stage.repository,
    title: `Change ${branch}`,
    head: branch,
    base: "main",
    body: "What it does.",
  });
  return { number: made.data.number, branch, sha, path };
}

/** Waits for the server to refuse with this status, and returns what GitHub says about it. @throws Error when it does anything else */
export async function refused(call: Promise<unknown>, status: number): Promise<string> {
  const outcome = await call.then(
    () => ({ status: "no refusal", message: "" }),
    (error: { status?: number; message: string }) => ({ status: error.status, message: error.message }),
  );
  if (outcome.status === status) return outcome.message;
  throw new Error(`wanted a refusal with ${status}, got ${outcome.status ?? outcome.message}`);
}
