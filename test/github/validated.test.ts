import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { GitHubOptions } from "../../src/sandbox/github/options.ts";
import { beginRepository } from "./contract-local.ts";
import { startSharedGitHub, startValidatedGitHub } from "./validated.ts";

const REPOSITORY = "/repos/acme/network";

test("what GitHub describes passes, and is shown to the caller's own hook too", async () => {
  const shown: string[] = [];
  const server = await startValidatedGitHub({ ...(await options()), onExchange: ({ path }) => shown.push(path) });
  expect((await get(server.url, REPOSITORY)).status).toBe(200);
  expect(shown).toEqual([REPOSITORY]);
});

test("what the client sends against the description is told when the server ends, once", async () => {
  const server = await startSharedGitHub(await options());
  await get(server.url, `${REPOSITORY}/issues?perpage=100`);
  await get(server.url, `${REPOSITORY}/lables`);
  await expect(server.close()).rejects.toMatchObject({
    violations: [expect.stringMatching(/query: .*"perpage"/), expect.stringMatching(/no such operation/)],
  });
  await expect(server.close()).resolves.toBeUndefined();
});

test("a base path does not hide a violation", async () => {
  const server = await startSharedGitHub({ ...(await options()), basePath: "/api/v3" });
  await get(server.url, `${REPOSITORY}/issues?perpage=100`);
  await expect(server.close()).rejects.toMatchObject({ violations: [expect.stringMatching(/query/)] });
});

async function options(): Promise<GitHubOptions> {
  const folder = await mkdtemp(join(tmpdir(), "landline-github-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const gitDir = join(folder, "network.git");
  beginRepository(gitDir);
  return {
    repository: "acme/network",
    gitDir,
    users: [{ login: "alice", permission: "write" }],
    tokens: { "token-of-alice": { login: "alice" } },
  };
}

function get(url: string, path: string): Promise<Response> {
  return fetch(`${url}${path}`, { headers: { authorization: "Bearer token-of-alice" } });
}
