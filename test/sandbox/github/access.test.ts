import { expect, test } from "vitest";
import { startGitHub } from "../../../src/sandbox/github/server.ts";
import { newGitHub, newRepository } from "./helper.ts";

test("no token, a wrong one, and one that was revoked", async () => {
  const { server, ask } = await newGitHub();
  const bare = await fetch(`${server.url}/repos/acme/network`);
  expect(bare.status).toBe(401);
  expect((await ask("nobody", "GET", "/pulls")).body.message).toBe("Bad credentials");
  expect((await ask("ben", "GET", "/pulls")).status).toBe(200);
  server.revokeToken("ben");
  expect((await ask("ben", "GET", "/pulls")).status).toBe(401);
});

test("a fork's token reads and writes nothing, and the answer says what would have been enough", async () => {
  const { ask, propose, repository } = await newGitHub();
  const number = await propose("ben", "change");
  const head_sha = repository.sha("change");
  expect((await ask("fork", "GET", `/issues/${number}/comments`)).status).toBe(200);
  const comment = await ask("fork", "POST", `/issues/${number}/comments`, { body: "plan" });
  const check = await ask("fork", "POST", "/check-runs", { name: "landline", head_sha, conclusion: "success" });
  const merge = await ask("fork", "PUT", `/pulls/${number}/merge`, {});
  const review = await ask("fork", "POST", `/pulls/${number}/reviews`, { event: "APPROVE" });
  for (const refused of [comment, check, merge, review]) {
    expect([refused.status, refused.body.message]).toEqual([403, "Resource not accessible by integration"]);
  }
  expect(comment.headers.get("x-accepted-github-permissions")).toBe("issues=write; pull_requests=write");
  expect(check.headers.get("x-accepted-github-permissions")).toBe("checks=write");
  expect((await ask("fork", "GET", `/issues/${number}/comments`)).body).toEqual([]);
});

test("permission for pull requests is not enough for an issue", async () => {
  const { ask, propose, server } = await newGitHub();
  server.addToken("plan", { app: "github-actions", permissions: { "pull-requests": "write" } });
  const number = await propose("ben", "change");
  await ask("ben", "POST", "/issues", { title: "Drift" });
  const post = (to: number) => ask("plan", "POST", `/issues/${to}/comments`, { body: "x" });
  expect([(await post(number)).status, (await post(number + 1)).status]).toEqual([201, 403]);
});

test("what a workflow's token can never have is refused when the server starts", async () => {
  const { server, ask } = await newGitHub({
    teams: [{ slug: "net", members: ["eve"], pending: ["tom"] }],
    rules: { main: {} },
  });
  const give = () => server.addToken("x", { app: "github-actions", permissions: { administration: "read" } });
  expect(give).toThrow(/administration/);
  const team = (token: string, login: string) => ask(token, "GET", `/orgs/acme/teams/net/memberships/${login}`);
  expect((await team("run", "eve")).status).toBe(403);
  expect((await team("app", "eve")).body).toMatchObject({ state: "active" });
  expect((await team("app", "tom")).body).toMatchObject({ state: "pending" });
  expect((await team("ana", "ben")).status).toBe(404);
  const protection = (token: string) => ask(token, "GET", "/branches/main/protection");
  expect([
    (await protection("run")).status,
    (await protection("ben")).status,
    (await protection("ana")).status,
  ]).toEqual([403, 403, 200]);
});

test("a private repository is not there for outsiders; a public one may be read and commented on", async () => {
  const hidden = await newGitHub();
  expect((await hidden.ask("mallory", "GET", "/pulls")).status).toBe(404);
  const open = await newGitHub({ private: false });
  expect((await open.ask("mallory", "GET", "/pulls")).status).toBe(200);
  expect((await open.ask("mallory", "POST", "/issues", { title: "Hi" })).status).toBe(201);
  expect((await open.ask("mallory", "POST", "/labels", { name: "x" })).status).toBe(403);
});

test("permissions of people: four words and the finer role", async () => {
  const repository = await newRepository();
  const server = await startGitHub({
    repository: "acme/network",
    gitDir: repository.gitDir,
    basePath: "/api/v3",
    users: [
      { login: "mia", permission: "maintain" },
      { login: "tri", permission: "triage" },
      { login: "non", permission: "none" },
    ],
    tokens: { run: { app: "github-actions" } },
  });
  try {
    expect(server.url).toMatch(/\/api\/v3$/);
    const ask = (login: string) =>
      fetch(`${server.url}/repos/acme/network/collaborators/${login}/permission`, {
        headers: { authorization: "token run" },
      });
    const words = await Promise.all(["mia", "tri", "non"].map(async (login) => (await ask(login)).json()));
    expect(words).toMatchObject([
      { permission: "write", role_name: "maintain", user: { permissions: { push: true, admin: false } } },
      { permission: "read", role_name: "triage", user: { permissions: { push: false, triage: true } } },
      { permission: "none", role_name: "none", user: { permissions: { pull: false } } },
    ]);
    expect((await ask("nobody")).status).toBe(404);
    expect(
      (await fetch(`${server.webUrl}/repos/acme/network`, { headers: { authorization: "token run" } })).status,
    ).toBe(404);
  } finally {
    await server.close();
  }
});

test("names that nobody has are refused when the server starts", async () => {
  const { gitDir } = await newRepository();
  const start = (tokens: Record<string, { login?: string; app?: string }>) =>
    startGitHub({ repository: "acme/network", gitDir, tokens });
  await expect(start({ x: { login: "ghost" } })).rejects.toThrow(/ghost/);
  await expect(start({ x: { app: "ghost" } })).rejects.toThrow(/ghost/);
});
