import { describe, expect, test } from "vitest";
import type { GitHub } from "../../src/github/client.ts";
import { findComment, upsertComment } from "../../src/github/comment.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { marker } from "../../src/github/marker.ts";
import { openPull, type Stage, stage, writes } from "./stage.ts";

const MARKER = marker("plan", "landline.yaml");
const BODY = `${MARKER}\n### Yes, merge this\n\nOne connection is added.\n`;

const post = (github: GitHub, number: number, body: string) =>
  github.octokit.rest.issues.createComment({ owner: "acme", repo: "network", issue_number: number, body });

const bodies = ({ server }: Stage): string[] => server.world.comments.map(({ body }) => body);

describe("our one comment", () => {
  test("is created, left alone, and updated in place", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const put = (body: string) => upsertComment(scene.github, { number, marker: MARKER, body });
    const first = await put(BODY);
    expect(first.result).toBe("created");
    expect(first.url).toContain(`/pull/${number}`);
    const before = writes(scene).length;
    expect(await put(BODY)).toEqual({ ...first, result: "unchanged" });
    expect(writes(scene)).toHaveLength(before);
    expect(await put(`${BODY}Two.\n`)).toEqual({ ...first, result: "updated" });
    expect(writes(scene).slice(before)).toEqual([`PATCH /repos/acme/network/issues/comments/${first.id}`]);
    expect(bodies(scene)).toHaveLength(1);
    expect(bodies(scene)[0]).toContain("Two.");
  });

  test("is found behind more than a hundred others", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const { data: model } = await post(scene.door({ token: "t-ana" }), number, "Comment");
    const { comments, nextId } = scene.server.world;
    const like = comments.find(({ id }) => id === model.id);
    if (like) for (let count = 0; count < 130; count += 1) comments.push({ ...like, id: nextId() });
    const { id } = await upsertComment(scene.github, { number, marker: MARKER, body: BODY });
    const before = scene.server.requests().length;
    expect(await upsertComment(scene.github, { number, marker: MARKER, body: BODY })).toMatchObject({
      id,
      result: "unchanged",
    });
    const reads = scene.server.requests().slice(before);
    expect(reads.map(({ method }) => method)).toEqual(["GET", "GET"]);
    expect(reads[0]?.query).toContain("per_page=100");
  });

  test.each([
    ["another author", "t-mallory"],
    ["another app", "t-other"],
  ])("is not one that %s forged", async (_, token) => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const { data: forged } = await post(scene.door({ token }), number, BODY);
    expect(await findComment(scene.github, { number, marker: MARKER })).toBeUndefined();
    const ours = await upsertComment(scene.github, { number, marker: MARKER, body: BODY });
    expect(ours.result).toBe("created");
    expect(ours.id).not.toBe(forged.id);
  });

  test("needs the app to agree where GitHub tells it, and does without where it does not", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    await post(scene.github, number, BODY);
    const renamed = scene.door({ identity: { login: "github-actions[bot]", app: "other-bot" } });
    expect(await findComment(renamed, { number, marker: MARKER })).toBeUndefined();
    await post(scene.door({ token: "t-ana" }), number, BODY);
    const asAna = scene.door({ identity: { login: "ana", app: "any" } });
    expect((await findComment(asAna, { number, marker: MARKER }))?.body).toBe(BODY);
  });

  test.each([
    ["on a later line", `Look:\n${MARKER}\n`],
    ["with something before it", ` ${MARKER}\n`],
    ["with something behind it", `${MARKER} x\n`],
    ["of another project", `${marker("plan", "other.yaml")}\n`],
  ])("has its marker not %s", async (_, body) => {
    const scene = await stage();
    const { number } = await openPull(scene);
    await post(scene.github, number, body);
    expect(await findComment(scene.github, { number, marker: MARKER })).toBeUndefined();
  });

  test("is the newest of several; the others are left alone", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    await post(scene.github, number, `${MARKER}\nfirst`);
    const { data: newest } = await post(scene.github, number, `${MARKER}\nsecond`);
    const result = await upsertComment(scene.github, { number, marker: MARKER, body: BODY });
    expect(result).toMatchObject({ id: newest.id, result: "updated" });
    expect(bodies(scene)).toEqual([`${MARKER}\nfirst`, BODY]);
  });

  test("is mended when somebody edited it, however little", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const { id } = await upsertComment(scene.github, { number, marker: MARKER, body: BODY });
    await scene.door({ token: "t-ana" }).octokit.rest.issues.updateComment({
      owner: "acme",
      repo: "network",
      comment_id: id,
      body: BODY.replace("One connection is added.", "No connection is added."),
    });
    expect(await upsertComment(scene.github, { number, marker: MARKER, body: BODY })).toMatchObject({
      id,
      result: "updated",
    });
    expect(bodies(scene)).toEqual([BODY]);
  });

  test("is the same with a browser's line ends and without the blanks that GitHub trims", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    await post(scene.github, number, BODY.replaceAll("\n", "\r\n").trimEnd());
    expect((await upsertComment(scene.github, { number, marker: MARKER, body: BODY })).result).toBe("unchanged");
  });

  test("is kept on an Enterprise server too, whose API has a path", async () => {
    const scene = await stage({ basePath: "/api/v3" });
    const { number } = await openPull(scene);
    const put = () => upsertComment(scene.github, { number, marker: MARKER, body: BODY });
    expect([(await put()).result, (await put()).result]).toEqual(["created", "unchanged"]);
  });

  test("is created when it disappears between our look and our write", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const { id } = await upsertComment(scene.github, { number, marker: MARKER, body: BODY });
    scene.server.fault({ kind: "status-before", method: "PATCH", path: /\/issues\/comments\//, status: 404 });
    const again = await upsertComment(scene.github, { number, marker: MARKER, body: `${BODY}!` });
    expect(again.result).toBe("created");
    expect(again.id).not.toBe(id);
  });
});

describe("when GitHub stumbles, there is still exactly one comment", () => {
  test.each([
    ["5xx before the effect", "status-before"],
    ["5xx after the effect", "status-after"],
    ["a connection that breaks before the effect", "drop-before"],
    ["a connection that breaks after the effect", "drop-after"],
    ["no answer before the effect", "timeout-before"],
    ["no answer after the effect", "timeout-after"],
  ] as const)("after %s", async (_, kind) => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const github = scene.door({ pace: { secondMs: 1, timeoutMs: 300 } });
    scene.server.fault({ kind, method: "POST", path: /\/comments$/ });
    const { result, id } = await upsertComment(github, { number, marker: MARKER, body: BODY });
    expect(result).toBe("created");
    expect(scene.server.world.comments.map((comment) => comment.id)).toEqual([id]);
    const posts = writes(scene).filter((call) => call.endsWith("/comments"));
    expect(posts).toHaveLength(kind.endsWith("after") ? 1 : 2);
  });

  test.each(["status-before", "drop-after", "timeout-before"] as const)("after an update with %s", async (kind) => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const github = scene.door({ pace: { secondMs: 1, timeoutMs: 300 } });
    await upsertComment(github, { number, marker: MARKER, body: BODY });
    scene.server.fault({ kind, method: "PATCH" });
    expect((await upsertComment(github, { number, marker: MARKER, body: `${BODY}!` })).result).toBe("updated");
    expect(bodies(scene)).toEqual([`${BODY}!`]);
  });

  test("after a lost page of the list: a broken list is no empty list", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const { id } = await upsertComment(scene.github, { number, marker: MARKER, body: BODY });
    scene.server.fault({ kind: "drop-before", method: "GET", path: /\/comments$/, times: 2 });
    expect(await upsertComment(scene.github, { number, marker: MARKER, body: BODY })).toMatchObject({
      id,
      result: "unchanged",
    });
  });

  test("and an error when it goes on and on", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    scene.server.fault({ kind: "status-before", method: "POST", path: /\/comments$/, times: 100 });
    const failure = upsertComment(scene.github, { number, marker: MARKER, body: BODY });
    await expect(failure).rejects.toMatchObject({ kind: "unreachable", httpStatus: 502 });
    expect(writes(scene).filter((call) => call.endsWith("/comments"))).toHaveLength(3);
  });
});

describe("refusals", () => {
  test("a body over GitHub's limit", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const fits = `${MARKER}\n`.padEnd(65_536, "x");
    expect((await upsertComment(scene.github, { number, marker: MARKER, body: fits })).result).toBe("created");
    await expect(upsertComment(scene.github, { number, marker: MARKER, body: `${fits}x` })).rejects.toMatchObject({
      kind: "too-long",
      httpStatus: 422,
    });
  });

  test("a read-only token: the line for the workflow is printed", async () => {
    const scene = await stage({
      tokens: { "t-fork": { app: "github-actions", permissions: { "pull-requests": "read" } } },
    });
    const { number } = await openPull(scene);
    const failure = await upsertComment(scene.door({ token: "t-fork" }), { number, marker: MARKER, body: BODY }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(GitHubError);
    expect(failure).toMatchObject({ kind: "permission", httpStatus: 403 });
    expect(String(failure)).toContain("`pull-requests: write`");
    expect(String(failure)).not.toContain("t-fork");
    expect(bodies(scene)).toEqual([]);
  });

  test("a pull request that is not there", async () => {
    const scene = await stage();
    await expect(upsertComment(scene.github, { number: 999, marker: MARKER, body: BODY })).rejects.toMatchObject({
      kind: "not-found",
    });
  });

  test("a body without its marker is our own mistake", async () => {
    const scene = await stage();
    await expect(upsertComment(scene.github, { number: 1, marker: MARKER, body: "hello" })).rejects.not.toBeInstanceOf(
      GitHubError,
    );
  });
});
