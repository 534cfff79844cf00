import { expect, test } from "vitest";
import { newGitHub, type Place } from "./helper.ts";

function last({ server }: Place, name: string) {
  const event = server.events().findLast((one) => one.name === name);
  if (!event) throw new Error(`there is no ${name}`);
  return event;
}

test("opening and pushing start runs on the test merge", async () => {
  const place = await newGitHub();
  const number = await place.propose("ben", "change");
  const opened = last(place, "pull_request");
  expect(opened.payload).toMatchObject({
    action: "opened",
    number,
    sender: { login: "ben" },
    repository: { full_name: "acme/network" },
  });
  await place.repository.push("eve", "change", { "specs/change.yaml": "change: 2\n" });
  place.server.pushed("eve", "change");
  const pushed = last(place, "pull_request");
  const head = place.repository.sha("change");
  expect(pushed.payload).toMatchObject({
    action: "synchronize",
    after: head,
    sender: { login: "eve" },
    pull_request: { head: { sha: head } },
  });
  expect(place.server.runnerEnvironment(pushed, { eventPath: "event.json", runId: 7, attempt: 2 })).toMatchObject({
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_EVENT_PATH: "event.json",
    GITHUB_SHA: place.repository.sha(`refs/pull/${number}/merge`),
    GITHUB_REF: `refs/pull/${number}/merge`,
    GITHUB_HEAD_REF: "change",
    GITHUB_BASE_REF: "main",
    GITHUB_REPOSITORY: "acme/network",
    GITHUB_API_URL: place.server.url,
    GITHUB_SERVER_URL: place.server.webUrl,
    GITHUB_RUN_ID: "7",
    GITHUB_RUN_ATTEMPT: "2",
    GITHUB_ACTOR: "eve",
  });
});

test("pull_request_target runs on the default branch, whatever the pull request holds", async () => {
  const place = await newGitHub();
  await place.propose("ben", "change");
  const main = await place.repository.push("ana", "main", { "specs/c.yaml": "c: 1\n" });
  const environment = place.server.runnerEnvironment(last(place, "pull_request"), { as: "pull_request_target" });
  expect(environment).toMatchObject({
    GITHUB_EVENT_NAME: "pull_request_target",
    GITHUB_SHA: main,
    GITHUB_REF: "refs/heads/main",
    GITHUB_HEAD_REF: "change",
  });
});

test("a push names both ends, who did it, and whether it was forced", async () => {
  const place = await newGitHub();
  const before = place.repository.sha("main");
  const after = await place.repository.push("ana", "main", { "specs/c.yaml": "c: 1\n" });
  const event = last(place, "push");
  expect(event).toMatchObject({ sha: after, ref: "refs/heads/main", actor: "ana" });
  expect(event.payload).toMatchObject({
    before,
    after,
    ref: "refs/heads/main",
    forced: false,
    created: false,
    pusher: { name: "ana" },
    head_commit: { id: after },
  });
  place.repository.git("push", "--quiet", "--force", "origin", `${before}:main`);
  expect(last(place, "push").payload).toMatchObject({ after: before, forced: true });
});

test("reviews carry the pull request and the state in small letters", async () => {
  const place = await newGitHub();
  const number = await place.propose("ben", "change");
  await place.ask("eve", "POST", `/pulls/${number}/reviews`, { event: "APPROVE" });
  const event = last(place, "pull_request_review");
  expect(event).toMatchObject({
    ref: `refs/pull/${number}/merge`,
    actor: "eve",
    sha: place.repository.sha(`refs/pull/${number}/merge`),
  });
  expect(event.payload).toMatchObject({ action: "submitted", review: { state: "approved" }, pull_request: { number } });
});

test("schedules and clicks run on the default branch as it is", async () => {
  const place = await newGitHub();
  const main = await place.repository.push("ana", "main", {});
  expect(place.server.scheduled()).toMatchObject({ name: "schedule", sha: main, ref: "refs/heads/main" });
  expect(place.server.dispatched("ben")).toMatchObject({ name: "workflow_dispatch", sha: main, actor: "ben" });
});

test("what a workflow does with its own token starts nothing; a person may let its pull request run", async () => {
  const place = await newGitHub();
  const { ask, repository, server } = place;
  await ask("run", "POST", "/git/refs", { ref: "refs/heads/propose", sha: repository.sha("main") });
  const file = { message: "Propose", content: Buffer.from("x: 1\n").toString("base64"), branch: "propose" };
  await ask("run", "PUT", "/contents/specs/x.yaml", file);
  expect((await ask("run", "POST", "/pulls", { title: "x", head: "propose", base: "main" })).status).toBe(201);
  expect(() => server.runnerEnvironment(last(place, "push"))).toThrow(/starts no workflows/);
  expect(() => server.runnerEnvironment(last(place, "pull_request"))).toThrow(/approved/);
  const environment = server.runnerEnvironment(last(place, "pull_request"), { approved: true });
  expect(environment).toMatchObject({ GITHUB_REF: "refs/pull/1/merge", GITHUB_ACTOR: "github-actions[bot]" });
});

test("the setting that keeps workflows from opening and approving pull requests", async () => {
  const { ask, propose, repository } = await newGitHub({ actionsMayPropose: false });
  const number = await propose("ben", "change");
  repository.git("push", "--quiet", "origin", "origin/main:refs/heads/other");
  const opened = await ask("run", "POST", "/pulls", { title: "x", head: "other", base: "main" });
  expect([opened.status, opened.body.message]).toEqual([
    403,
    "GitHub Actions is not permitted to create or approve pull requests.",
  ]);
  expect((await ask("run", "POST", `/pulls/${number}/reviews`, { event: "APPROVE" })).status).toBe(422);
  expect((await ask("app", "POST", `/pulls/${number}/reviews`, { event: "APPROVE" })).status).toBe(200);
});
