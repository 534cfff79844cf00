import { execFileSync } from "node:child_process";
import { DescribeSecurityGroupsCommand, RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { ciCheck } from "../../src/commands/ci/check.ts";
import { clients } from "../sandbox/helper.ts";
import {
  APPS,
  alphaApplied,
  drift,
  type Merging,
  planned,
  proposed,
  requestsSoFar,
  startMerging,
  writesIn,
} from "./merging.ts";
import type { Ran, RunOptions, Scene } from "./scene.ts";

/** The check as the schedule starts it, on main as it is. */
function checked(scene: Scene, more: RunOptions = {}): Promise<Ran> {
  return scene.run(ciCheck, { event: scene.server.scheduled(), ...more });
}

/** What a workflow with the rights of ours wrote, as `POST check-runs`. */
const writes = (scene: Scene): string[] =>
  scene
    .requests()
    .filter(({ creating, login }) => creating && login === "github-actions[bot]")
    .map(({ method, path }) => `${method} ${path.replace("/repos/acme/network/", "")}`);

/** The newest check of each name on the head of a pull request. */
function newest(scene: Scene, number: number) {
  const all = scene.checks(scene.head(number));
  return [...new Map(all.map((check) => [check.name, check])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
const conclusions = (scene: Scene, number: number) => newest(scene, number).map(({ conclusion }) => conclusion);
const ids = (scene: Scene, number: number) => [...new Set(newest(scene, number).map(({ externalId }) => externalId))];
const BOTH = ["POST check-runs", "POST check-runs"];

/** Takes the rule away that `drift` has made. */
async function undrift(scene: Scene, port = 22): Promise<void> {
  const { ec2 } = clients(scene.aws, APPS);
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const group = SecurityGroups.find(({ GroupName }) => GroupName?.includes("alpha"));
  await ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: group?.GroupId ?? "",
      IpPermissions: [{ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp: "10.9.0.0/16" }] }],
    }),
  );
}

/** alpha with one subnet fewer: another place of the file than its ports. */
const smaller = (scene: Merging, ports: string) =>
  scene.connection("alpha", ports).replace(", subnet-0b1b2c3d4e5f60002]", "]");

describe("an open pull request", () => {
  it("whose plan has not moved is left as it is", async () => {
    const scene = await startMerging();
    await proposed(scene);
    scene.forget();
    const since = await requestsSoFar(scene);
    const ran = await checked(scene);
    expect(ran).toMatchObject({ exit: 0, outputs: { checked: "1", moved: "0" } });
    expect(writes(scene)).toEqual([]);
    expect(await writesIn(scene, since)).toEqual([]);
    expect(ran.out).toContain("#1: ");
    expect(ran.summary).toContain("#1: ");
  });

  it("turns red when the cloud moved, says why once, and green again when it moved back", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    const number = await proposed(scene, "1002");
    const [reviewed] = ids(scene, number);
    await drift(scene);
    scene.forget();
    expect(await checked(scene)).toMatchObject({ exit: 0, outputs: { moved: "1" } });
    expect(writes(scene)).toEqual(BOTH);
    expect(conclusions(scene, number)).toEqual(["failure", "failure"]);
    // What people look at is still the plan that was posted.
    expect(ids(scene, number)).toEqual([reviewed]);
    const [check] = newest(scene, number);
    expect(check?.title).toBe("The plan moved: 1 operation differs");
    expect(check?.summary).toContain("the cloud is no longer as it was");
    expect(check?.summary).toContain("10.9.0.0/16");

    scene.forget();
    expect(await checked(scene)).toMatchObject({ exit: 0, outputs: { moved: "1" } });
    expect(writes(scene)).toEqual([]);

    await undrift(scene);
    expect(await checked(scene)).toMatchObject({ exit: 0, outputs: { moved: "0" } });
    expect(writes(scene)).toEqual(BOTH);
    expect(conclusions(scene, number)).toEqual(["success", "success"]);
    expect(ids(scene, number)).toEqual([reviewed]);
  });

  it("says anew when it moved on", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    const number = await proposed(scene, "1002");
    await drift(scene, 22);
    await checked(scene);
    await drift(scene, 23);
    scene.forget();
    await checked(scene);
    expect(writes(scene)).toEqual(BOTH);
    expect(newest(scene, number)[0]?.summary).toContain("tcp 23");
  });

  it("turns red after the push of a merge that edits the same connection", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    const sibling = await planned(scene, "sibling", { "specs/alpha.yaml": smaller(scene, "1000") });
    await scene.merge(sibling, "ada");
    scene.forget();
    expect(await scene.run(ciCheck, { event: "push" })).toMatchObject({
      exit: 0,
      outputs: { checked: "1", moved: "1" },
    });
    expect(conclusions(scene, number)).toEqual(["failure", "failure"]);
    expect(newest(scene, number)[0]?.summary).toContain("what another pull request has made of it");
  });

  it("that conflicts is neither green nor red, and is planned again when that is over", async () => {
    const scene = await startMerging();
    const number = await proposed(scene, "1001");
    const [reviewed] = ids(scene, number);
    const other = await planned(scene, "other", { "specs/alpha.yaml": scene.connection("alpha", "1003") });
    await scene.merge(other, "ada");
    scene.forget();
    expect((await checked(scene)).exit).toBe(0);
    expect(conclusions(scene, number)).toEqual(["neutral", "neutral"]);
    await checked(scene);
    expect(writes(scene)).toEqual(BOTH);
    scene.push("ada", "main", { "specs/alpha.yaml": scene.connection("alpha", "1000") });
    expect((await checked(scene)).exit).toBe(0);
    expect([conclusions(scene, number), ids(scene, number)]).toEqual([["success", "success"], [reviewed]]);
  });

  it("turns red where a merge has made its specs impossible", async () => {
    const scene = await startMerging();
    const number = await planned(scene, "one", { "specs/gamma.yaml": scene.connection("gamma", "3000") });
    scene.push("ada", "main", { "specs/also.yaml": scene.connection("gamma", "3001") });
    scene.forget();
    expect(await checked(scene)).toMatchObject({ exit: 0, outputs: { moved: "1" } });
    expect(conclusions(scene, number)).toEqual(["failure", "failure"]);
    expect(newest(scene, number)[0]?.title).toMatch(/^No plan/);
    scene.forget();
    await checked(scene);
    expect(writes(scene)).toEqual([]);
  });

  it("is left to its own run while that has posted nothing, and a fork's always", async () => {
    const scene = await startMerging();
    scene.push("alice", "fresh", { "specs/alpha.yaml": scene.connection("alpha", "1004") });
    await scene.openPull("alice", "fresh");
    // The fork's head is a commit that our own branch had, green checks and all.
    const number = await proposed(scene, "1005", "theirs");
    scene.branches.onServer("push", "-q", scene.branches.forkDir, "theirs:theirs");
    scene.server.pushed("mallory", "theirs", "mallory/network");
    const forked = await scene.openPull("mallory", "mallory:theirs");
    expect(scene.head(forked)).toBe(scene.head(number));
    scene.push("ada", "main", { "specs/alpha.yaml": smaller(scene, "1000") });
    await scene
      .as("alice")
      .octokit.rest.pulls.update({ owner: "acme", repo: "network", pull_number: number, state: "closed" });
    scene.forget();
    const ran = await checked(scene);
    expect(ran).toMatchObject({ exit: 0, outputs: { checked: "2", moved: "0" } });
    expect(writes(scene)).toEqual([]);
  });

  it("of which no plan could be made keeps its checks, and the job fails", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    const roles = scene.aws.world.accounts[APPS]?.roles ?? {};
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow" as const, Action: ["sts:*"], Resource: "*" }],
    };
    roles["landline-plan"] = { name: "landline-plan", policy };
    scene.forget();
    const ran = await checked(scene);
    expect(ran).toMatchObject({ exit: 1, outputs: { moved: "0" } });
    expect(ran.err).toContain("pull request 1: target apps-use1");
    expect([writes(scene), conclusions(scene, number)]).toEqual([[], ["success", "success"]]);
  });

  it("turns red also for a token that may not read artifacts, without saying what moved", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    const number = await proposed(scene, "1002");
    await drift(scene);
    const permissions = { contents: "read", "pull-requests": "read", checks: "write" } as const;
    const ran = await checked(scene, { permissions });
    expect(ran).toMatchObject({ exit: 0, outputs: { moved: "1" } });
    expect(ran.err).toContain("actions: read");
    expect(newest(scene, number).map(({ conclusion, title }) => [conclusion, title])).toEqual([
      ["failure", "The plan moved"],
      ["failure", "The plan moved"],
    ]);
  });

  it.each([
    ["an answer that is lost", { kind: "drop-after" }],
    ["an error after the fact", { kind: "status-after" }],
    ["an error before it", { kind: "status-before" }],
    ["a limit of writes", { kind: "secondary", retryAfter: 1 }],
  ] as const)("is told once, with %s", async (_what, fault) => {
    const scene = await startMerging({ github: { now: Date.now() } });
    await alphaApplied(scene);
    const number = await proposed(scene, "1002");
    await drift(scene);
    const before = scene.checks(scene.head(number)).length;
    scene.server.fault({ method: "POST", path: /check-runs$/, ...fault });
    expect((await checked(scene)).exit).toBe(0);
    expect(scene.checks(scene.head(number)).length).toBe(before + 2);
    expect(conclusions(scene, number)).toEqual(["failure", "failure"]);
  });
});

describe("a group of the merge queue", () => {
  const grouped = (scene: Scene, number: number, event = scene.server.enqueue(number, "ada").event): Promise<Ran> =>
    scene.run(ciCheck, { event });
  /** The checks on the commit of a pull request's group. */
  function ofGroup(scene: Scene, number: number) {
    const group = scene.server.world.queue.find((one) => one.number === number);
    return scene.checks(group?.headSha ?? "").map(({ name, conclusion }) => `${name}: ${conclusion}`);
  }
  const GREEN = ["landline / apps-use1: success", "landline / network-use1: success"];
  const beta = (scene: Merging, ports: string) => ({ "specs/beta.yaml": scene.connection("beta", ports) });

  it("of one pull request after the other is green, and lands with the checks that a rule requires", async () => {
    const github = { rules: { main: { requiredApprovals: 0, requiredChecks: [{ context: "landline / apps-use1" }] } } };
    const scene = await startMerging({ github });
    const [one, two] = [await proposed(scene), await planned(scene, "two", beta(scene, "2001"))];
    expect([(await grouped(scene, one)).exit, (await grouped(scene, two)).exit]).toEqual([0, 0]);
    expect([ofGroup(scene, one), ofGroup(scene, two)]).toEqual([GREEN, GREEN]);
    expect(scene.server.landQueue(two)).toBe(scene.branches.onServer("rev-parse", "main"));
  });

  it("that brings two pull requests at once is held to the plans of both", async () => {
    const scene = await startMerging();
    const [one, two] = [await proposed(scene), await planned(scene, "two", beta(scene, "2001"))];
    const base = scene.server.enqueue(one, "ada").group.baseSha;
    const { event } = scene.server.enqueue(two, "ada");
    const payload = structuredClone(event.payload) as { merge_group: { base_sha: string } };
    payload.merge_group.base_sha = base;
    expect((await grouped(scene, two, { ...event, payload })).exit).toBe(0);
    expect(ofGroup(scene, two)).toEqual(GREEN);
  });

  it("whose pull requests both edit a connection is red where they meet", async () => {
    const scene = await startMerging();
    const one = await proposed(scene);
    const two = await planned(scene, "two", { "specs/alpha.yaml": smaller(scene, "1000") });
    await grouped(scene, one);
    expect((await grouped(scene, two)).exit).toBe(0);
    expect(ofGroup(scene, one)).toEqual(GREEN);
    expect(ofGroup(scene, two)).toContain("landline / apps-use1: failure");
  });

  it("is red when a pull request was never planned, and when the cloud has moved since", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    const moved = await proposed(scene, "1002", "moved");
    scene.push("alice", "unplanned", beta(scene, "2002"));
    const unplanned = await scene.openPull("alice", "unplanned");
    await drift(scene);
    expect((await grouped(scene, moved)).exit).toBe(0);
    expect((await grouped(scene, unplanned)).exit).toBe(0);
    expect(ofGroup(scene, moved)).toContain("landline / apps-use1: failure");
    expect(ofGroup(scene, unplanned)).toContain("landline / apps-use1: failure");
  });

  it("of specs that cannot be is red, and so is the job", async () => {
    const scene = await startMerging();
    const one = await planned(scene, "one", { "specs/gamma.yaml": scene.connection("gamma", "3000") });
    const two = await planned(scene, "two", { "specs/also.yaml": scene.connection("gamma", "3001") });
    await grouped(scene, one);
    expect((await grouped(scene, two)).exit).toBe(1);
    expect(ofGroup(scene, two)).toEqual(GREEN.map((line) => line.replace("success", "failure")));
  });
});

describe("refused", () => {
  it("is a run for another branch or another event", async () => {
    const scene = await startMerging();
    await proposed(scene);
    expect(await scene.run(ciCheck)).toMatchObject({ exit: 1, err: expect.stringContaining("pull_request") });
    const dispatched = { ...scene.server.dispatched("ada"), ref: "refs/heads/topic" };
    expect(await checked(scene, { event: dispatched })).toMatchObject({
      exit: 1,
      err: expect.stringContaining("main"),
    });
  });

  it("is a checkout of something else", async () => {
    const scene = await startMerging();
    const before = (folder: string) => void execFileSync("git", ["checkout", "-q", "HEAD^"], { cwd: folder });
    expect(await checked(scene, { before })).toMatchObject({ exit: 1, err: expect.stringContaining("check out") });
  });
});
