import { expect, test } from "vitest";
import { newGitHub } from "./helper.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("a file is read at any ref; a directory lists one level", async () => {
  const { ask, propose } = await newGitHub();
  const number = await propose("ben", "change", { "specs/a.yaml": "a: 2\n", "specs/deep/ü.yaml": "deep: 1\n" });
  const read = async (query: string, path = "specs/a.yaml") =>
    (await ask("run", "GET", `/contents/${path}${query}`)).body;
  const text = async (query: string) => Buffer.from((await read(query)).content, "base64").toString();
  expect(await text("")).toBe("a: 1\n");
  for (const ref of ["change", `refs/pull/${number}/head`, `refs/pull/${number}/merge`])
    expect(await text(`?ref=${ref}`)).toBe("a: 2\n");
  const listed = await read("?ref=change", "specs");
  expect(listed.map((entry: { path: string; type: string }) => [entry.path, entry.type])).toEqual([
    ["specs/a.yaml", "file"],
    ["specs/deep", "dir"],
  ]);
  expect(await read("?ref=change", encodeURIComponent("specs/deep/ü.yaml"))).toMatchObject({
    size: 8,
    encoding: "base64",
  });
  const missing = [await ask("run", "GET", "/contents/none"), await ask("run", "GET", "/contents/specs?ref=none")];
  expect(missing.map(({ status }) => status)).toEqual([404, 404]);
  expect((await ask("run", "GET", "/contents/specs%2F..%2Fspecs")).status).toBe(422);
});

test("a file is written on a branch, and never over something unseen", async () => {
  const { ask, repository } = await newGitHub();
  const main = repository.sha("main");
  const ref = await ask("run", "POST", "/git/refs", { ref: "refs/heads/propose/x", sha: main });
  expect(ref.body).toMatchObject({ ref: "refs/heads/propose/x", object: { sha: main, type: "commit" } });
  expect((await ask("run", "GET", "/git/ref/heads/propose/x")).body.object.sha).toBe(main);
  expect((await ask("run", "POST", "/git/refs", { ref: "refs/heads/propose/x", sha: main })).status).toBe(422);
  expect((await ask("run", "POST", "/git/refs", { ref: "refs/heads/y", sha: "0".repeat(40) })).status).toBe(422);
  expect((await ask("run", "POST", "/git/refs", { ref: "heads/y", sha: main })).status).toBe(422);
  const put = (path: string, text: string, more: object = {}) =>
    ask("run", "PUT", `/contents/${path}`, { message: "Propose", content: base64(text), branch: "propose/x", ...more });
  const made = await put("specs/new/x.yaml", "x: 1\n");
  expect([made.status, made.body.commit.sha, made.body.commit.parents[0].sha]).toEqual([
    201,
    repository.sha("propose/x"),
    main,
  ]);
  expect((await put("specs/new/x.yaml", "x: 2\n")).status).toBe(422);
  expect((await put("specs/new/x.yaml", "x: 2\n", { sha: "0".repeat(40) })).status).toBe(409);
  expect((await put("specs/new/x.yaml", "x: 2\n", { sha: made.body.content.sha })).status).toBe(200);
  expect((await put("specs/y.yaml", "y", { branch: "none" })).status).toBe(404);
  expect((await put("specs/y.yaml", "y", { content: "?" })).status).toBe(422);
  const names = repository.git("--git-dir", repository.gitDir, "ls-tree", "-r", "--name-only", "propose/x").split("\n");
  expect(names).toEqual(["README.md", "specs/a.yaml", "specs/new/x.yaml"]);
  expect(repository.git("--git-dir", repository.gitDir, "show", "propose/x:specs/new/x.yaml")).toBe("x: 2");
  expect(repository.sha("main")).toBe(main);
  const activity = (await ask("run", "GET", "/activity?ref=propose/x")).body;
  const said = activity.map((entry: { activity_type: string; actor: { login: string } }) => [
    entry.activity_type,
    entry.actor.login,
  ]);
  const bot = "github-actions[bot]";
  expect(said).toEqual([
    ["push", bot],
    ["push", bot],
    ["branch_creation", bot],
  ]);
});

test("comparing counts from where two branches parted", async () => {
  const { ask, repository } = await newGitHub();
  const parted = repository.sha("main");
  await repository.push("ben", "change", { "specs/b.yaml": "b: 1\n" });
  await repository.push("ana", "main", { "specs/c.yaml": "c: 1\n" });
  const { body } = await ask("run", "GET", "/compare/main...change");
  expect(body).toMatchObject({ status: "diverged", ahead_by: 1, behind_by: 1, merge_base_commit: { sha: parted } });
  expect(body.files.map((file: { filename: string }) => file.filename)).toEqual(["specs/b.yaml"]);
  expect((await ask("run", "GET", `/compare/${parted}...main`)).body).toMatchObject({ status: "ahead", behind_by: 0 });
  expect((await ask("run", "GET", "/compare/main...none")).status).toBe(404);
  const commit = (await ask("run", "GET", "/commits/change")).body;
  expect(commit).toMatchObject({
    sha: repository.sha("change"),
    stats: { total: 1 },
    author: { login: "ben" },
    files: [{ status: "added" }],
  });
  expect((await ask("run", "GET", `/commits/${"0".repeat(40)}`)).status).toBe(422);
});

test("activity tells who moved a branch, also when the commit says somebody else", async () => {
  const { ask, repository, server } = await newGitHub();
  const first = await repository.push("ben", "change", { "specs/b.yaml": "b: 1\n" });
  await ask("run", "GET", "/activity");
  const second = await repository.push("ben", "change", { "specs/b.yaml": "b: 2\n" });
  server.pushed("eve", "change");
  repository.git("push", "--quiet", "--force", "origin", `${first}:change`);
  await ask("run", "GET", "/activity");
  await repository.push("stranger", "other", {});
  const { body } = await ask("run", "GET", "/activity");
  const said = body.map(
    (entry: { ref: string; activity_type: string; after: string; actor: { login: string } | null }) => [
      entry.ref.slice(11),
      entry.activity_type,
      entry.after,
      entry.actor?.login,
    ],
  );
  expect(said).toEqual([
    ["other", "branch_creation", repository.sha("other"), undefined],
    ["change", "force_push", first, "ben"],
    ["change", "push", second, "eve"],
    ["change", "branch_creation", first, "ben"],
  ]);
  expect((await ask("run", "GET", "/activity?actor=eve")).body).toHaveLength(1);
  expect(() => server.pushed("eve", "change")).toThrow(/nothing was pushed/);
  const paged = await ask("run", "GET", "/activity?per_page=3");
  const next = /<([^>]+)>; rel="next"/.exec(paged.headers.get("link") ?? "")?.[1] ?? "";
  const rest = await (await fetch(next, { headers: { authorization: "Bearer run" } })).json();
  expect([paged.body.length, rest]).toMatchObject([3, [{ activity_type: "branch_creation", after: first }]]);
});

test("branch rules are told to everybody, and CODEOWNERS is read as GitHub reads it", async () => {
  const rules = {
    main: { requiredApprovals: 2, dismissStale: true, requiredChecks: [{ context: "landline", appId: 15368 }] },
  };
  const { ask, repository } = await newGitHub({ rules, teams: [{ slug: "net", members: ["ana"] }] });
  const found = (await ask("fork", "GET", "/rules/branches/main")).body;
  expect(found).toMatchObject([
    { type: "pull_request", parameters: { required_approving_review_count: 2, dismiss_stale_reviews_on_push: true } },
    {
      type: "required_status_checks",
      parameters: { required_status_checks: [{ context: "landline", integration_id: 15368 }] },
    },
  ]);
  expect((await ask("fork", "GET", "/rules/branches/other")).body).toEqual([]);
  expect((await ask("run", "GET", "/branches/main")).body).toMatchObject({
    protected: true,
    commit: { sha: repository.sha("main") },
  });
  expect((await ask("run", "GET", "/codeowners/errors")).status).toBe(404);
  const lines = ["# owners", "specs/ @ana @acme/net", "*.yaml @tom @ghost", "!x @ana", "docs/ nobody", ""];
  await repository.push("ana", "main", { ".github/CODEOWNERS": lines.join("\n") });
  const { errors } = (await ask("run", "GET", "/codeowners/errors")).body;
  expect(
    errors.map((error: { line: number; column: number; kind: string }) => [error.line, error.column, error.kind]),
  ).toEqual([
    [3, 8, "Unknown owner"],
    [3, 13, "Unknown owner"],
    [4, 1, "Invalid pattern"],
    [5, 7, "Invalid owner"],
  ]);
});
