import { describe, expect, test } from "vitest";
import { openGitHub } from "../../src/github/client.ts";
import { pullRequest } from "../../src/github/pulls.ts";
import { pushersOf } from "../../src/github/pushers.ts";
import { permissionOf, reviewsOf } from "../../src/github/reviews.ts";
import { isTeamMember } from "../../src/github/teams.ts";
import { openPull, PACE, type Stage, serve, stage, TOKEN } from "./stage.ts";

type Event = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

const review = (scene: Stage, token: string, number: number, event: Event) =>
  scene.door({ token }).octokit.rest.pulls.createReview({
    owner: "acme",
    repo: "network",
    pull_number: number,
    event,
    ...(event === "APPROVE" ? {} : { body: "Why?" }),
  });

describe("reviews", () => {
  test("come in their order, with the commit that was seen", async () => {
    const scene = await stage();
    const { number, sha } = await openPull(scene);
    await review(scene, "t-ben", number, "COMMENT");
    await review(scene, "t-ben", number, "APPROVE");
    const next = scene.git.push("ana", "change", { "specs/change.yaml": "name: two\n" });
    await review(scene, "t-carla", number, "REQUEST_CHANGES");
    expect(await reviewsOf(scene.github, number)).toMatchObject([
      { reviewer: "ben", state: "commented", commit: sha },
      { reviewer: "ben", state: "approved", commit: sha },
      { reviewer: "carla", state: "changes-requested", commit: next },
    ]);
  });

  test("that were dismissed say so", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const { data } = await review(scene, "t-ben", number, "APPROVE");
    await scene.door({ token: "t-carla" }).octokit.rest.pulls.dismissReview({
      owner: "acme",
      repo: "network",
      pull_number: number,
      review_id: data.id,
      message: "Look again.",
    });
    expect(await reviewsOf(scene.github, number)).toMatchObject([{ reviewer: "ben", state: "dismissed" }]);
  });

  test("are all there when there are more than a hundred", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    await review(scene, "t-ben", number, "COMMENT");
    const { reviews: given, nextId } = scene.server.world;
    for (let count = 0; count < 103; count += 1)
      given.push(...given.slice(0, 1).map((one) => ({ ...one, id: nextId() })));
    await review(scene, "t-ben", number, "APPROVE");
    const reviews = await reviewsOf(scene.github, number);
    expect(reviews).toHaveLength(105);
    expect(reviews.at(-1)?.state).toBe("approved");
  });
});

test.each([
  ["ana", "write"],
  ["carla", "admin"],
  ["mallory", "read"],
  ["nobody-of-this-name", "none"],
])("the permission of %s is %s", async (login, permission) => {
  const scene = await stage();
  expect(await permissionOf(scene.github, login)).toBe(permission);
});

describe("team membership", () => {
  const teams = [{ slug: "network", members: ["ana"], pending: ["ben"] }];

  test("needs a token that may see it", async () => {
    const scene = await stage({ teams });
    expect(await isTeamMember(scene.github, "acme", "network", "ana")).toBeUndefined();
  });

  test("is seen with the other token, and an invitation is none", async () => {
    const scene = await stage({ teams });
    const github = scene.door({ teamsToken: "t-carla" });
    expect(await isTeamMember(github, "acme", "network", "ana")).toBe(true);
    expect(await isTeamMember(github, "acme", "network", "ben")).toBe(false);
    expect(await isTeamMember(github, "acme", "network", "mallory")).toBe(false);
  });

  test("of a team that is not there is not known", async () => {
    const scene = await stage({ teams });
    const github = scene.door({ teamsToken: "t-carla" });
    expect(await isTeamMember(github, "acme", "no-such-team", "ana")).toBeUndefined();
  });
});

describe("who may have pushed last", () => {
  test("is who pushed the head, and who made its commit", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    scene.git.push("ana", "change", { "specs/change.yaml": "name: two\n" });
    const pull = await pullRequest(scene.github, number);
    expect(await pushersOf(scene.github, pull)).toEqual({ logins: ["ana"], certain: true });
  });

  test("is also somebody who pushed what another had committed", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    scene.git.push("ana", "change", { "specs/change.yaml": "name: two\n" });
    scene.git.commit("ana", "change", { "specs/change.yaml": "name: three\n" });
    scene.git.pushAs("ben", "change");
    const pull = await pullRequest(scene.github, number);
    expect(await pushersOf(scene.github, pull)).toEqual({ logins: ["ana", "ben"], certain: true });
  });

  test("is not certain when GitHub has no record of the push", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const pull = await pullRequest(scene.github, number);
    scene.server.world.activity.length = 0;
    expect(await pushersOf(scene.github, pull)).toEqual({ logins: ["ana"], certain: false });
  });

  test("is not certain when the account that pushed is gone", async () => {
    const scene = await stage();
    const { number, sha } = await openPull(scene);
    const pull = await pullRequest(scene.github, number);
    const { activity } = scene.server.world;
    for (const [at, entry] of activity.entries()) if (entry.after === sha) activity[at] = { ...entry, actor: null };
    expect(await pushersOf(scene.github, pull)).toEqual({ logins: ["ana"], certain: false });
  });

  test("is not who pushed another branch to the same commit", async () => {
    const scene = await stage();
    const { number, sha } = await openPull(scene);
    scene.git.run("branch", "copy", sha);
    scene.git.pushAs("ben", "copy");
    const pull = await pullRequest(scene.github, number);
    expect((await pushersOf(scene.github, pull)).logins).toEqual(["ana"]);
  });

  test("is not read from what a server says of other branches", async () => {
    const sha = "a".repeat(40);
    const apiUrl = await serve((request, response) => {
      const activity = [{ after: sha, ref: "refs/heads/other", actor: { login: "ben" } }];
      const commit = { sha, author: { login: "ana" }, committer: {} };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(request.url?.includes("/activity") ? activity : commit));
    });
    const github = openGitHub({
      run: { repository: { owner: "acme", name: "network" }, apiUrl },
      token: TOKEN,
      pace: PACE,
    });
    const pull = { head: { sha, ref: "change", repository: "acme/network" } };
    expect(await pushersOf(github, pull)).toEqual({ logins: ["ana"], certain: false });
  });

  test("is not certain for a fork that is gone, or that hides its activity", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const pull = await pullRequest(scene.github, number);
    const gone = { head: { ...pull.head, repository: null } };
    expect((await pushersOf(scene.github, gone)).certain).toBe(false);
    const hidden = { head: { ...pull.head, repository: "mallory/network" } };
    expect((await pushersOf(scene.github, hidden)).certain).toBe(false);
    expect(scene.server.requests().some(({ path }) => path === "/repos/mallory/network/activity")).toBe(true);
  });

  test("costs two requests", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const pull = await pullRequest(scene.github, number);
    const before = scene.server.requests().length;
    await pushersOf(scene.github, pull);
    expect(scene.server.requests()).toHaveLength(before + 2);
  });

  test("leaves out GitHub itself, which commits what is merged on its pages", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const pull = await pullRequest(scene.github, number);
    const main = scene.git.push("carla", "main", { "README.md": "# Other\n" });
    const web = ["-c", "user.name=GitHub", "-c", "user.email=noreply@github.com"];
    scene.git.run("switch", "-q", "change");
    scene.git.run(...web, "merge", "-q", "--no-ff", "-m", "Update", main);
    scene.git.pushAs("ben", "change");
    const head = { head: { ...pull.head, sha: scene.git.run("rev-parse", "HEAD") } };
    expect(await pushersOf(scene.github, head)).toEqual({ logins: ["ben"], certain: true });
  });
});
