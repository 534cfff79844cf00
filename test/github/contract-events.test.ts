import { expect, onTestFinished, test } from "vitest";
import { githubContract, githubOpenApi } from "./contract-fixture.ts";
import { startLocal } from "./contract-local.ts";
import { openPull } from "./contract-stage.ts";

test("every event is as GitHub describes its webhook", async () => {
  const stage = await startLocal(() => {});
  onTestFinished(() => stage.close());
  const { repository, author, reviewer, server } = stage;
  const { number, branch, sha } = await openPull(stage);
  const pull = { ...repository, pull_number: number };
  const review = await reviewer.pulls.createReview({ ...pull, event: "APPROVE" });
  const content = Buffer.from("more: true\n").toString("base64");
  const file = { path: "more.yaml", branch, message: "More", content };
  await author.repos.createOrUpdateFileContents({ ...repository, ...file });
  await reviewer.pulls.dismissReview({ ...pull, review_id: review.data.id, message: "The plan moved." });
  await author.pulls.update({ ...pull, state: "closed" });
  await author.pulls.update({ ...pull, state: "open" });
  server.enqueue(number, "bob");
  server.landQueue(number);
  server.finishRun(server.beginRun({ event: "pull_request", headSha: sha, headBranch: branch, actor: "alice" }));
  server.dispatched("alice");
  server.scheduled();

  // As in the file at GITHUB_EVENT_PATH, where members that are undefined do not exist.
  const events: ReturnType<typeof server.events> = JSON.parse(JSON.stringify(server.events()));
  expect(events.flatMap((event) => githubContract.checkEvent(event))).toEqual([]);
  const told = events.map(({ name, payload }) => [name, payload.action].filter(Boolean).join("_").replaceAll("_", "-"));
  expect([...new Set(told)].sort()).toEqual([...Object.keys(githubOpenApi.webhooks), "schedule"].sort());
});

test("an event of an unknown action, and one without its sender, are violations", () => {
  const unknown = githubContract.checkEvent({ name: "pull_request", payload: { action: "opend" } });
  expect(unknown).toEqual([expect.stringContaining("pull-request-opend: no such webhook")]);
  const bare = githubContract.checkEvent({ name: "workflow_dispatch", payload: {} });
  expect(bare).toEqual(expect.arrayContaining([expect.stringContaining("required property 'sender'")]));
});
