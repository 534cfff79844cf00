import { expect, test } from "vitest";
import { newGitHub } from "./helper.ts";

const creating = { method: "POST", path: /\/issues$/ };

test.each([
  ["status-before", 503, 0],
  ["status-after", 503, 1],
  ["secondary", 403, 0],
  ["primary", 403, 0],
] as const)("%s answers %i and leaves %i issues", async (kind, status, made) => {
  const { ask, server } = await newGitHub();
  server.fault({ ...creating, kind, status: 503, retryAfter: 7 });
  const answer = await ask("run", "POST", "/issues", { title: "x" });
  expect([answer.status, server.world.issues.size]).toEqual([status, made]);
  if (kind === "secondary") expect(answer.headers.get("retry-after")).toBe("7");
  if (kind === "primary") expect(answer.headers.get("x-ratelimit-remaining")).toBe("0");
  else expect((await ask("run", "POST", "/issues", { title: "x" })).status).toBe(201);
});

test.each([
  ["drop-before", 0],
  ["drop-after", 1],
] as const)("%s cuts the connection and leaves %i issues", async (kind, made) => {
  const { ask, server } = await newGitHub();
  server.fault({ ...creating, kind });
  await expect(ask("run", "POST", "/issues", { title: "x" })).rejects.toThrow();
  expect(server.world.issues.size).toBe(made);
  expect(server.requests().at(-1)).toMatchObject({
    method: "POST",
    status: 0,
    login: "github-actions[bot]",
    creating: true,
  });
});

test.each([
  ["timeout-before", 0],
  ["timeout-after", 1],
] as const)("%s never answers and leaves %i issues", async (kind, made) => {
  const { server } = await newGitHub();
  server.fault({ ...creating, kind });
  const request = fetch(`${server.url}/repos/acme/network/issues`, {
    method: "POST",
    headers: { authorization: "Bearer run" },
    body: JSON.stringify({ title: "x" }),
    signal: AbortSignal.timeout(400),
  });
  await expect(request).rejects.toThrow(/timeout/i);
  expect(server.world.issues.size).toBe(made);
});

test("a fault meets only what it names, after as many as it skips, as often as it says", async () => {
  const { ask, server } = await newGitHub();
  server.fault({ ...creating, kind: "status-before", skip: 1, times: 2, status: 500 });
  expect((await ask("run", "GET", "/issues")).status).toBe(200);
  const statuses: number[] = [];
  for (let index = 0; index < 4; index++) statuses.push((await ask("run", "POST", "/issues", { title: "x" })).status);
  expect(statuses).toEqual([201, 500, 500, 201]);
  server.fault({ ...creating, kind: "status-before" });
  server.clearFaults();
  expect((await ask("run", "POST", "/issues", { title: "x" })).status).toBe(201);
});

test("an answer that waits", async () => {
  const { ask, server } = await newGitHub();
  server.fault({ kind: "delay", delayMs: 300 });
  const began = Date.now();
  expect((await ask("run", "GET", "/issues")).status).toBe(200);
  expect(Date.now() - began).toBeGreaterThanOrEqual(290);
});

test("nonsense is refused in GitHub's shape", async () => {
  const { ask, server } = await newGitHub();
  const post = (body: string) =>
    fetch(`${server.url}/repos/acme/network/issues`, {
      method: "POST",
      headers: { authorization: "Bearer run" },
      body,
    });
  expect((await post("{")).status).toBe(400);
  expect((await post("[]")).status).toBe(400);
  expect((await post("{}")).status).toBe(422);
  expect((await post('{"title":3}')).status).toBe(422);
  expect((await ask("run", "GET", "/issues/abc")).status).toBe(404);
  expect((await ask("run", "POST", "/graphql", { query: "x" })).status).toBe(404);
  expect((await ask("run", "GET", "/nothing")).body).toMatchObject({ message: "Not Found", status: "404" });
});
