import { describe, expect, test } from "vitest";
import { allChecksOf, checksOf, MOST_ANNOTATIONS, postCheck } from "../../src/github/checks.ts";
import type { CheckToPost } from "../../src/github/words.ts";
import { openPull, stage, writes } from "./stage.ts";

const check = (headSha: string, more: Partial<CheckToPost> = {}): CheckToPost => ({
  name: "landline / prod",
  headSha,
  conclusion: "success",
  externalId: "sha256:abc",
  title: "2 changes",
  summary: "Nothing is lost.",
  annotations: [],
  ...more,
});

const LINE = { path: "specs/change.yaml", line: 1, level: "warning", title: "T", message: "M" } as const;

describe("a check run", () => {
  test("is posted completed, in one call, with its annotations", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const before = writes(scene).length;
    const posted = await postCheck(
      scene.github,
      check(sha, { annotations: [LINE], detailsUrl: "https://github.example/run", conclusion: "failure" }),
    );
    expect(writes(scene).slice(before)).toEqual(["POST /repos/acme/network/check-runs"]);
    expect(posted).toMatchObject({
      app: "github-actions",
      headSha: sha,
      conclusion: "failure",
      externalId: "sha256:abc",
    });
    expect(scene.server.world.checkRuns[0]).toMatchObject({
      status: "completed",
      detailsUrl: "https://github.example/run",
      annotations: [
        { path: LINE.path, start_line: 1, end_line: 1, annotation_level: "warning", title: "T", message: "M" },
      ],
    });
  });

  test("takes as many annotations as GitHub, and no more", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const annotations = Array.from({ length: MOST_ANNOTATIONS }, () => LINE);
    await postCheck(scene.github, check(sha, { annotations }));
    const before = writes(scene).length;
    await expect(postCheck(scene.github, check(sha, { annotations: [...annotations, LINE] }))).rejects.toMatchObject({
      kind: "invalid",
    });
    expect(writes(scene)).toHaveLength(before);
  });

  test.each(["status-after", "drop-after", "timeout-after", "status-before", "drop-before"] as const)(
    "is there once after %s",
    async (kind) => {
      const scene = await stage();
      const { sha } = await openPull(scene);
      // An older run says the same: it must not be taken for the new one.
      await postCheck(scene.github, check(sha));
      scene.server.world.checkRuns.forEach((run) => {
        run.completedAt = "2020-01-01T00:00:00Z";
      });
      scene.server.fault({ kind, method: "POST", path: /check-runs$/ });
      const github = scene.door({ pace: { secondMs: 1, timeoutMs: 300 } });
      const posted = await postCheck(github, check(sha));
      expect(scene.server.world.checkRuns).toHaveLength(2);
      expect(posted.id).toBe(scene.server.world.checkRuns[1]?.id);
    },
  );

  test("by a person is refused: GitHub takes them from apps only", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    await expect(postCheck(scene.door({ token: "t-carla" }), check(sha))).rejects.toMatchObject({ kind: "permission" });
  });

  test("over a limit of length is told apart", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const summary = "x".repeat(65_536);
    await expect(postCheck(scene.github, check(sha, { summary }))).rejects.toMatchObject({ httpStatus: 422 });
  });
});

describe("our check runs on a commit", () => {
  test("are the newest of each name, of our app only, behind more than a page of others", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const other = scene.door({ token: "t-other" });
    await postCheck(scene.github, check(sha, { externalId: "old" }));
    const newest = await postCheck(scene.github, check(sha, { externalId: "new" }));
    const second = await postCheck(scene.github, check(sha, { name: "landline / dev" }));
    await postCheck(other, check(sha, { externalId: "forged" }));
    const { checkRuns, nextId } = scene.server.world;
    for (let count = 0; count < 120; count += 1)
      checkRuns.push(...checkRuns.slice(3, 4).map((one) => ({ ...one, id: nextId() })));
    expect(await checksOf(scene.github, sha)).toEqual([second, newest]);
    expect(await checksOf(scene.github, sha, "landline / prod")).toEqual([newest]);
    expect(await checksOf(scene.github, sha, "landline / none")).toEqual([]);
  });

  test("are all there in the order in which they were posted, without those of other apps", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    await postCheck(scene.door({ token: "t-other" }), check(sha, { externalId: "forged" }));
    for (const externalId of ["1", "2", "1"]) await postCheck(scene.github, check(sha, { externalId }));
    const all = await allChecksOf(scene.github, sha);
    expect(all.map(({ externalId }) => externalId)).toEqual(["1", "2", "1"]);
  });

  test("are judged by when they were made, not by when they claim to have completed", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const { octokit } = scene.github;
    await octokit.rest.checks.create({
      owner: "acme",
      repo: "network",
      name: "landline / prod",
      head_sha: sha,
      status: "completed",
      conclusion: "success",
      completed_at: "2099-01-01T00:00:00Z",
      external_id: "backdated",
    });
    const newest = await postCheck(scene.github, check(sha, { conclusion: "failure" }));
    expect(await checksOf(scene.github, sha)).toEqual([newest]);
    // GitHub itself would leave out all but the last to complete.
    expect(scene.server.requests().at(-1)?.query).toContain("filter=all");
  });

  test("of another commit do not count", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    await postCheck(scene.github, check(sha));
    const next = scene.git.push("ana", "change", { "specs/change.yaml": "name: other\n" });
    expect(await checksOf(scene.github, next)).toEqual([]);
  });
});
