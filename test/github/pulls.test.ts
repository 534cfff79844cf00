import { describe, expect, test } from "vitest";
import { openPullRequests, pullRequest, pullsOfCommit } from "../../src/github/pulls.ts";
import { openPull, type Stage, stage } from "./stage.ts";

const at = { owner: "acme", repo: "network" };

const merge = async (scene: Stage, number: number, method: "merge" | "squash" | "rebase"): Promise<string> => {
  const { data } = await scene
    .door({ token: "t-carla" })
    .octokit.rest.pulls.merge({ ...at, pull_number: number, merge_method: method });
  return data.sha;
};

describe("a pull request", () => {
  test("is told as GitHub knows it; the trial merge is no merge", async () => {
    const scene = await stage();
    const { number, sha } = await openPull(scene);
    expect(await pullRequest(scene.github, number)).toMatchObject({
      number,
      title: "Change change",
      state: "open",
      merged: false,
      draft: false,
      author: "ana",
      head: { sha, ref: "change", repository: "acme/network" },
      base: { ref: "main" },
      mergeCommit: null,
    });
  });

  test.each(["merge", "squash", "rebase"] as const)("is found by the commit of its %s", async (method) => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const commit = await merge(scene, number, method);
    expect(await pullsOfCommit(scene.github, commit)).toMatchObject([
      { number, merged: true, state: "closed", mergeCommit: commit },
    ]);
  });

  test("is none for a direct push", async () => {
    const scene = await stage();
    const sha = scene.git.push("carla", "main", { "README.md": "# Direct\n" });
    expect(await pullsOfCommit(scene.github, sha)).toEqual([]);
  });
});

test("open pull requests into a branch come all, the oldest first, and only those", async () => {
  const scene = await stage();
  const first = await openPull(scene, "one");
  const second = await openPull(scene, "two");
  const third = await openPull(scene, "three");
  await merge(scene, second.number, "merge");
  expect((await openPullRequests(scene.github, "main")).map(({ number }) => number)).toEqual([
    first.number,
    third.number,
  ]);
  expect(await openPullRequests(scene.github, "one")).toEqual([]);
});
