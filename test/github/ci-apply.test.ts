import { describe, expect, test } from "vitest";
import { ciApply } from "../../src/commands/ci/apply.ts";
import { addFaults } from "../sandbox/helper.ts";
import {
  alphaApplied,
  applied,
  approvedBy,
  drift,
  type Merging,
  planned,
  portsOf,
  proposed,
  requestsSoFar,
  startMerging,
  writesIn,
} from "./merging.ts";

/** The apply of a push: what was reviewed is carried out, told, and gone on with. The other half is in attacks.test.ts. */

const statesOf = (scene: Merging) =>
  scene.server.world.deployments.map(({ environment, statuses }) => [
    environment,
    ...statuses.map(({ state }) => state),
  ]);
const denied = (action: string) => ({ action, effect: "error-before", code: "UnauthorizedOperation", status: 403 });

describe("a merge that was reviewed", () => {
  test.each(["merge", "squash", "rebase"] as const)(
    "by %s is carried out and reported in the one comment",
    async (method) => {
      const scene = await startMerging();
      scene.push("alice", "topic", { "README.md": "# Ours\n" });
      const number = await proposed(scene);
      await scene.review(number, "bob");
      await scene.merge(number, "alice", method);
      const ran = await applied(scene);
      expect(ran).toMatchObject({ exit: 0, outputs: { result: "done" } });
      expect(await portsOf(scene, "alpha")).toEqual([[1001]]);
      expect(await portsOf(scene, "beta")).toEqual([]);
      const [comment = "", ...others] = scene.comments(number);
      expect(others).toEqual([]);
      expect(comment).toContain("2 done, 0 failed");
      expect(comment).toContain("approved by bob");
      expect(comment).toMatch(/vpce-0[0-9a-f]{16}/);
      expect(ran.summary).toContain("2 done, 0 failed");
      expect(Object.keys(ran.files).sort()).toEqual(["journal.jsonl", `plan-${number}.json`, `report-${number}.json`]);
    },
  );

  test("a deployment for each target tells how it went and who approved", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    expect(statesOf(scene)).toEqual([["apps-use1", "in_progress", "success"]]);
    const [deployment] = scene.server.world.deployments;
    expect(deployment).toMatchObject({ sha: scene.branches.onServer("rev-parse", "main"), task: "landline" });
    const payload = JSON.stringify(deployment?.payload);
    expect(payload).toContain("approved by bob");
    expect(payload).toMatch(/"planId":"sha256:/);
  });

  test("both of a merge queue, each in its own comment", async () => {
    const scene = await startMerging();
    const alpha = await proposed(scene);
    const beta = await planned(scene, "other", { "specs/beta.yaml": scene.connection("beta", "2001") });
    for (const number of [alpha, beta]) await scene.review(number, "bob");
    for (const number of [alpha, beta]) scene.server.enqueue(number, "alice", "squash");
    scene.server.landQueue(beta);
    expect((await applied(scene)).exit).toBe(0);
    expect([await portsOf(scene, "alpha"), await portsOf(scene, "beta")]).toEqual([[[1001]], [[2001]]]);
    for (const number of [alpha, beta]) expect(scene.comments(number)).toEqual([expect.stringContaining("2 done")]);
  });

  test("that changes no plan writes nothing, on AWS and on GitHub", async () => {
    const scene = await startMerging();
    const number = await planned(scene, "docs", { "README.md": "# Ours\n" });
    const [before] = scene.comments(number);
    await scene.merge(number, "alice");
    const looked = await requestsSoFar(scene);
    scene.forget();
    expect(await applied(scene)).toMatchObject({ exit: 0, outputs: { result: "done" } });
    expect(await requestsSoFar(scene)).toBe(looked);
    expect(scene.requests().filter(({ creating }) => creating)).toEqual([]);
    expect(scene.comments(number)).toEqual([before]);
  });

  test("that changes a spec and no plan leaves the comment that says so", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    const spec = scene.connection("alpha", "1001", " of others");
    const number = await planned(scene, "words", { "specs/alpha.yaml": spec });
    const comments = scene.comments(number);
    await scene.merge(number, "alice");
    scene.forget();
    expect((await applied(scene)).exit).toBe(0);
    expect(scene.requests().filter(({ creating }) => creating)).toEqual([]);
    expect(scene.comments(number)).toEqual(comments);
  });

  test("of which GitHub learns only a moment later", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await scene.review(number, "bob");
    const sha = await scene.merge(number, "alice");
    const issue = scene.server.world.issues.get(number);
    if (!issue?.pull) throw new Error("no pull request");
    issue.pull.mergeCommitSha = null;
    let asked = 0;
    const ran = await applied(scene, {
      before() {
        const pull = issue.pull;
        const known = Object.getOwnPropertyDescriptor(pull, "mergeCommitSha");
        if (!pull || !known) throw new Error("no pull request");
        // Known from the third look on: the first is of `merged`, the second of `brought`.
        Object.defineProperty(pull, "mergeCommitSha", {
          configurable: true,
          get: () => {
            asked += 1;
            return asked > 2 ? sha : null;
          },
          set() {},
        });
      },
    });
    expect(ran.exit).toBe(0);
    expect(await portsOf(scene, "alpha")).toEqual([[1001]]);
  });
});

describe("a run that stops half-way", () => {
  test("says what is left, and running it again goes on until nothing is", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await scene.review(number, "bob");
    await scene.merge(number, "alice");
    await addFaults(scene.aws, denied("CreateVpcEndpoint"));
    const first = await applied(scene);
    expect(first).toMatchObject({ exit: 4, outputs: { result: "partly" } });
    expect(scene.comments(number)).toEqual([expect.stringContaining("Applied in part.")]);
    expect(scene.comments(number)[0]).toContain("re-run the job");
    const before = await requestsSoFar(scene);
    const second = await applied(scene, { again: first.runId });
    expect(second.exit).toBe(0);
    expect(await writesIn(scene, before)).toEqual(["CreateVpcEndpoint"]);
    expect(scene.comments(number)).toEqual([expect.stringContaining("1 done, 0 failed")]);
    expect(statesOf(scene)).toEqual([
      ["apps-use1", "in_progress", "failure"],
      ["apps-use1", "in_progress", "success"],
    ]);
    const done = await requestsSoFar(scene);
    const third = await applied(scene, { again: first.runId });
    expect(third.exit).toBe(0);
    expect(await writesIn(scene, done)).toEqual([]);
    expect(statesOf(scene)).toHaveLength(2);
  });

  test("is an error when nothing came of it", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await scene.review(number, "bob");
    await scene.merge(number, "alice");
    await addFaults(scene.aws, denied("CreateSecurityGroup"));
    expect(await applied(scene)).toMatchObject({ exit: 1, outputs: { result: "failed" } });
  });

  test("the other pull requests of a push go on beside a refused one", async () => {
    const scene = await startMerging();
    const alpha = await proposed(scene);
    const beta = await planned(scene, "other", { "specs/beta.yaml": scene.connection("beta", "2001") });
    await scene.review(beta, "bob");
    for (const number of [alpha, beta]) scene.server.enqueue(number, "alice");
    scene.server.landQueue(beta);
    const ran = await applied(scene);
    expect(ran).toMatchObject({ exit: 4, outputs: { result: "partly" } });
    expect([await portsOf(scene, "alpha"), await portsOf(scene, "beta")]).toEqual([[], [[2001]]]);
    expect(scene.comments(alpha)).toEqual([expect.stringContaining("approval is missing")]);
    expect(scene.comments(beta)).toEqual([expect.stringContaining("2 done")]);
    // What was refused waits in the environment, alone.
    const second = await approvedBy(scene, ran, "bob");
    expect(second.exit).toBe(0);
    expect(await portsOf(scene, "alpha")).toEqual([[1001]]);
  });
});

describe("a new plan that a person approves in the environment", () => {
  test("is carried out with all that moved", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    const number = await proposed(scene, "1002");
    await scene.review(number, "bob");
    await drift(scene);
    await scene.merge(number, "alice");
    const run = await applied(scene);
    expect(run).toMatchObject({ exit: 3, outputs: { result: "refused" } });
    expect(scene.comments(number)[0]).toContain(run.outputs["plan-id"]);
    expect((await approvedBy(scene, run, "carol")).exit).toBe(0);
    expect(await portsOf(scene, "alpha")).toEqual([[1002]]);
    expect(scene.comments(number)).toEqual([expect.stringContaining("approved by carol in the environment")]);
  });

  test("is gone on with after a failure, as far as it was approved", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await scene.merge(number, "carol");
    const run = await applied(scene);
    await addFaults(scene.aws, denied("CreateVpcEndpoint"));
    const first = await approvedBy(scene, run, "bob");
    expect(first.exit).toBe(4);
    const approvedPlan = run.outputs["plan-id"] ?? "";
    const again = { again: run.runId, artifact: "landline-apply-new-plan", options: { parallel: 4, approvedPlan } };
    expect((await applied(scene, again)).exit).toBe(0);
    expect(await portsOf(scene, "alpha")).toEqual([[1001]]);
    expect((await applied(scene, again)).exit).toBe(0);
  });

  test("of a direct push too", async () => {
    const scene = await startMerging();
    scene.push("ada", "main", { "specs/alpha.yaml": scene.connection("alpha", "1001") });
    const run = await applied(scene);
    expect(run.exit).toBe(3);
    expect((await approvedBy(scene, run, "bob")).exit).toBe(0);
    expect(await portsOf(scene, "alpha")).toEqual([[1001]]);
  });

  test("is not offered for what the plan itself refuses", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    scene.push("ada", "main", { "specs/alpha.yaml": undefined, "landline.yaml": noDeletions(scene) });
    const run = await applied(scene);
    expect(run.exit).toBe(3);
    expect(run.outputs["plan-id"]).toBeUndefined();
    expect(await portsOf(scene, "alpha")).toEqual([[1001]]);
  });

  const noDeletions = (scene: Merging): string =>
    (scene.branches.read("main", "landline.yaml") ?? "").replace(
      /deletions: \{[^}]*\}/,
      "deletions: { max: 0, percent: 0 }",
    );
});

describe("what stops a run before it begins", () => {
  test("a push to another branch", async () => {
    const scene = await startMerging();
    scene.push("alice", "topic", { "README.md": "# Ours\n" });
    const ran = await applied(scene);
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain("refs/heads/topic");
  });

  test("another event", async () => {
    const scene = await startMerging();
    await proposed(scene);
    const ran = await scene.run(ciApply, { options: { parallel: 4 } });
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain("push");
  });

  test("no right to open a deployment: nothing is applied that cannot be told", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await scene.review(number, "bob");
    await scene.merge(number, "alice");
    const before = await requestsSoFar(scene);
    const permissions = { actions: "read", checks: "read", contents: "read", "pull-requests": "write" } as const;
    const ran = await applied(scene, { permissions });
    expect({ exit: ran.exit, writes: await writesIn(scene, before) }).toEqual({ exit: 1, writes: [] });
    expect(ran.err).toContain("deployments: write");
  });

  test("specs of the merge that cannot be read", async () => {
    const scene = await startMerging();
    scene.push("ada", "main", { "specs/alpha.yaml": "name: [" });
    const before = await requestsSoFar(scene);
    const ran = await applied(scene);
    expect({ exit: ran.exit, asked: (await requestsSoFar(scene)) - before }).toEqual({ exit: 1, asked: 0 });
    expect(ran.err).toContain("specs/alpha.yaml:1");
  });
});

test("a report that cannot be posted fails the job, and stands in its log and files", async () => {
  const scene = await startMerging();
  const number = await proposed(scene);
  await scene.review(number, "bob");
  await scene.merge(number, "alice");
  const permissions = {
    actions: "read",
    checks: "read",
    contents: "read",
    deployments: "write",
    "pull-requests": "read",
  } as const;
  const ran = await applied(scene, { permissions });
  expect(ran.exit).toBe(1);
  expect(ran.err).toContain("pull-requests: write");
  expect(ran.out).toContain("2 done");
  expect(ran.summary).toContain("2 done");
  expect(ran.files[`report-${number}.json`]).toContain('"done": 2');
  expect((await applied(scene)).exit).toBe(0);
  expect(scene.comments(number)).toEqual([expect.stringContaining("as it was reviewed already")]);
});
