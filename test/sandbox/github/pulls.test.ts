import { expect, test } from "vitest";
import { newGitHub, newRepository } from "./helper.ts";

test("issues and pull requests share their numbers, and pull requests are issues too", async () => {
  const { ask, propose } = await newGitHub();
  const issue = await ask("ben", "POST", "/issues", { title: "Drift", labels: ["landline"] });
  const number = await propose("ben", "change");
  expect([issue.body.number, number]).toEqual([1, 2]);
  const { body } = await ask("tom", "GET", "/issues?state=all");
  expect(
    body.map((one: { number: number; pull_request?: object }) => [one.number, one.pull_request !== undefined]),
  ).toEqual([
    [2, true],
    [1, false],
  ]);
  expect((await ask("tom", "GET", "/pulls/1")).status).toBe(404);
  const labelled = await ask("tom", "GET", "/issues?labels=LANDLINE");
  expect(labelled.body.map((one: { number: number }) => one.number)).toEqual([1]);
});

test("labels of somebody who may not set them are left out without a word", async () => {
  const { ask } = await newGitHub();
  const { status, body } = await ask("tom", "POST", "/issues", { title: "Drift", labels: ["landline"] });
  expect([status, body.labels]).toEqual([201, []]);
});

test("issues close with a reason and open again", async () => {
  const { ask } = await newGitHub();
  await ask("run", "POST", "/issues", { title: "Drift" });
  const closed = await ask("run", "PATCH", "/issues/1", { state: "closed", state_reason: "completed" });
  expect(closed.body).toMatchObject({
    state: "closed",
    state_reason: "completed",
    closed_by: { login: "github-actions[bot]" },
  });
  expect((await ask("run", "GET", "/issues")).body).toEqual([]);
  const opened = await ask("run", "PATCH", "/issues/1", { state: "open" });
  expect(opened.body).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null });
  expect((await ask("tom", "PATCH", "/issues/1", { title: "mine" })).status).toBe(403);
});

test("the test merge holds both sides; on conflict there is none", async () => {
  const { ask, propose, repository, server } = await newGitHub();
  const number = await propose("ben", "change", { "specs/a.yaml": "a: 2\n" });
  const clean = (await ask("run", "GET", `/pulls/${number}`)).body;
  expect(clean).toMatchObject({
    mergeable: true,
    mergeable_state: "clean",
    changed_files: 1,
    additions: 1,
    deletions: 1,
    commits: 1,
  });
  const merge = repository.sha(`refs/pull/${number}/merge`);
  expect(clean.merge_commit_sha).toBe(merge);
  expect([`${merge}^1`, `${merge}^2`].map(repository.sha)).toEqual([repository.sha("main"), repository.sha("change")]);
  await repository.push("ana", "main", { "specs/a.yaml": "a: 3\n" });
  expect((await ask("run", "GET", `/pulls/${number}`)).body).toMatchObject({
    mergeable: false,
    mergeable_state: "dirty",
    merge_commit_sha: null,
  });
  expect(() => repository.sha(`refs/pull/${number}/merge`)).toThrow();
  expect(repository.sha(`refs/pull/${number}/head`)).toBe(repository.sha("change"));
  await repository.push("ben", "change", { "specs/a.yaml": "a: 4\n" }, "origin/change");
  const event = server.events().at(-1);
  expect(event?.payload).toMatchObject({ action: "synchronize", pull_request: { mergeable: false } });
  expect(() => server.runnerEnvironment(event ?? fail())).toThrow(/conflicts/);
});

function fail(): never {
  throw new Error("there is no event");
}

test("files and commits of a pull request count from where it left the base", async () => {
  const { ask, propose, repository } = await newGitHub();
  const number = await propose("ben", "change", { "specs/a.yaml": "a: 2\n", "specs/ü b.yaml": "b: 1\n" });
  await repository.push("ana", "main", { "specs/later.yaml": "later: 1\n" });
  const files = (await ask("run", "GET", `/pulls/${number}/files`)).body;
  expect(
    files.map((file: { filename: string; status: string; additions: number }) => [
      file.filename,
      file.status,
      file.additions,
    ]),
  ).toEqual([
    ["specs/a.yaml", "modified", 1],
    ["specs/ü b.yaml", "added", 1],
  ]);
  const commits = (await ask("run", "GET", `/pulls/${number}/commits`)).body;
  expect(commits).toMatchObject([
    { sha: repository.sha("change"), author: { login: "ben" }, committer: { login: "ben" } },
  ]);
});

test("a second pull request for the same branch, one without commits and one for no branch are refused", async () => {
  const { ask, propose, repository } = await newGitHub();
  await propose("ben", "change");
  repository.git("push", "--quiet", "origin", "origin/main:refs/heads/same");
  const open = (head: string) => ask("ben", "POST", "/pulls", { title: "x", head, base: "main" });
  const refused = [await open("change"), await open("same"), await open("none")];
  expect(refused.map(({ status }) => status)).toEqual([422, 422, 422]);
  expect(refused.map(({ body }) => body.errors[0].field)).toEqual(["head", "base", "head"]);
  expect(refused[0]?.body.errors[0].message).toBe("A pull request already exists for acme:change.");
});

test("deleting the branch closes the pull request", async () => {
  const { ask, propose, repository } = await newGitHub();
  const number = await propose("ben", "change");
  repository.git("push", "--quiet", "origin", ":change");
  expect((await ask("run", "GET", `/pulls/${number}`)).body).toMatchObject({ state: "closed", merged: false });
});

test("a merge by hand that is pushed to the base counts as merged", async () => {
  const { ask, propose, repository, server } = await newGitHub();
  const number = await propose("ben", "change");
  repository.git("fetch", "--quiet", "origin");
  repository.git("checkout", "--quiet", "-B", "main", "origin/main");
  repository.git(
    "-c",
    "user.name=ana",
    "-c",
    "user.email=ana@users.example",
    "merge",
    "--quiet",
    "--no-ff",
    "-m",
    "By hand",
    "origin/change",
  );
  const merge = repository.git("rev-parse", "HEAD");
  repository.git("push", "--quiet", "origin", "main");
  server.pushed("ana", "main");
  const { body } = await ask("run", "GET", `/pulls/${number}`);
  expect(body).toMatchObject({ state: "closed", merged: true, merge_commit_sha: merge, merged_by: { login: "ana" } });
  const found = await ask("run", "GET", `/commits/${merge}/pulls`);
  expect(found.body.map((pull: { number: number }) => pull.number)).toEqual([number]);
});

test("a fork's branch is brought over as refs/pull, and its pushes are noticed", async () => {
  const fork = await newRepository();
  const { ask, repository, server } = await newGitHub({ private: false, forks: { "mallory/network": fork.gitDir } });
  fork.git("fetch", "--quiet", repository.gitDir, "main");
  const base = fork.git("rev-parse", "FETCH_HEAD");
  await fork.push("mallory", "evil", { "specs/evil.yaml": "evil: 1\n" }, base);
  server.pushed("mallory", "evil", "mallory/network");
  const opened = await ask("mallory", "POST", "/pulls", { title: "Hi", head: "mallory:evil", base: "main" });
  expect(opened.body).toMatchObject({
    head: { repo: { full_name: "mallory/network", fork: true } },
    base: { repo: { fork: false } },
  });
  expect(opened.body.author_association).toBe("NONE");
  const pushed = await fork.push("mallory", "evil", { "specs/evil.yaml": "evil: 2\n" }, base);
  const { body } = await ask("run", "GET", `/pulls/${opened.body.number}`);
  expect(body.head.sha).toBe(pushed);
  expect(repository.sha(`refs/pull/${opened.body.number}/head`)).toBe(pushed);
  const activity = await ask("run", "GET", "/activity?ref=evil");
  expect(activity.body).toEqual([]);
});
