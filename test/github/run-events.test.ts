import { expect, test } from "vitest";
import { pullRequest } from "../../src/github/pulls.ts";
import { readRun } from "../../src/github/run.ts";
import { openPull, type Stage, stage } from "./stage.ts";

/** Every event so far, read as a job of GitHub Actions would read it. */
const runs = ({ server }: Stage) =>
  server.events().map((event) => {
    const env = server.runnerEnvironment(event, { eventPath: "/event.json", approved: true });
    return readRun(env, () => JSON.stringify(event.payload));
  });

test("the events of a pull request's life are read as the API tells the same", async () => {
  const scene = await stage();
  const { number, sha } = await openPull(scene);
  const opened = await pullRequest(scene.github, number);
  const ben = scene.door({ token: "t-ben" }).octokit.rest.pulls;
  const at = { owner: "acme", repo: "network", pull_number: number };
  await ben.createReview({ ...at, event: "APPROVE" });
  const { data } = await ben.merge({ ...at, merge_method: "squash" });

  const all = runs(scene);
  const find = (name: string, action?: string) =>
    all
      .map(({ event }) => event)
      .find((event) => event.name === name && (!action || ("action" in event && event.action === action)));
  expect(find("pull_request", "opened")).toMatchObject({ pull: opened });
  expect(find("pull_request_review")).toMatchObject({
    action: "submitted",
    pull: { number, head: { sha }, merged: false },
  });
  expect(find("pull_request", "closed")).toMatchObject({ pull: await pullRequest(scene.github, number) });
  const push = all.map(({ event }) => event).findLast((event) => event.name === "push");
  expect(push).toMatchObject({ after: data.sha, ref: "refs/heads/main", defaultBranch: "main" });
  expect(all.at(-1)).toMatchObject({ repository: { owner: "acme", name: "network" }, apiUrl: scene.server.url });
});

test("a merge group and the run behind a run are read", async () => {
  const scene = await stage({ rules: { main: { mergeQueue: true } } });
  const { number, sha } = await openPull(scene);
  scene.server.enqueue(number, "ben");
  const run = scene.server.beginRun({ event: "pull_request", headSha: sha, headBranch: "change", actor: "ana" });
  scene.server.finishRun(run);
  const events = runs(scene).map(({ event }) => event);
  const main = scene.git.run("rev-parse", "origin/main");
  expect(events.find(({ name }) => name === "merge_group")).toMatchObject({
    baseSha: main,
    baseRef: "refs/heads/main",
  });
  expect(events.find(({ name }) => name === "workflow_run")).toMatchObject({
    run: { id: run, event: "pull_request", headSha: sha, headRepository: "acme/network" },
  });
});
