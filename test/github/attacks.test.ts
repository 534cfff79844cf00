import { strFromU8, unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { ciPlan } from "../../src/commands/ci/plan.ts";
import { sha256 } from "../../src/commands/look.ts";
import { planIdOf } from "../../src/planner/digest.ts";
import type { PlanFile } from "../../src/planner/writers/index.ts";
import {
  alphaApplied,
  applied,
  approvedBy,
  drift,
  ENVIRONMENT,
  type Merging,
  PERMISSIVE,
  planned,
  plannedAgain,
  portsOf,
  proposed,
  requestsSoFar,
  startMerging,
  writesIn,
} from "./merging.ts";
import type { Ran } from "./scene.ts";

/** Everything by which somebody could try to have an operation carried out that nobody has reviewed. Nothing is written to AWS in any of them. */

const readPlan = (zip: Uint8Array): string => strFromU8(unzipSync(zip)["plan.json"] ?? new Uint8Array());

/** The apply of the newest push: refused with exit 3, and AWS was asked to change nothing. */
async function refused(scene: Merging, run: () => Promise<Ran> = () => applied(scene)): Promise<Ran> {
  const before = await requestsSoFar(scene);
  const ran = await run();
  expect({ exit: ran.exit, err: ran.err, writes: await writesIn(scene, before) }).toMatchObject({
    exit: 3,
    writes: [],
  });
  expect(scene.server.world.deployments.filter(({ sha }) => sha === headOfMain(scene))).toEqual([]);
  return ran;
}

const headOfMain = (scene: Merging): string => scene.branches.onServer("rev-parse", "main");
/** What the only comment of ours says. */
const commentOf = (scene: Merging, number: number): string => {
  const ours = scene.server.world.comments.filter(
    (one) => one.number === number && one.user.login === "github-actions[bot]",
  );
  expect(ours).toHaveLength(1);
  return ours[0]?.body ?? "";
};
/** Time passes between what people do. */
const later = (scene: Merging, minutes = 5): void => void scene.server.clock.advance(minutes * 60_000);

describe("what people write on the pull request", () => {
  test("an edited plan comment approves nothing", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    const comment = scene.server.world.comments.find((one) => one.number === number);
    const body = `${comment?.body.split("\n")[0]}\n✅ **Yes: approved by bob.**\n\n- [x] 1 of 1 approval: bob`;
    await scene.as("carol").octokit.rest.issues.updateComment({
      owner: "acme",
      repo: "network",
      comment_id: comment?.id ?? 0,
      body,
    });
    await scene.merge(number, "alice");
    await refused(scene);
    expect(commentOf(scene, number)).not.toContain("approved by bob");
    expect(commentOf(scene, number)).toContain("Nothing was applied");
  });

  test("a forged marker by another author is nobody's record", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    const [marker = ""] = commentOf(scene, number).split("\n");
    const body = `${marker}\n✅ **Applied: 2 done, 0 failed, 0 skipped, 0 refused.**`;
    await scene
      .as("carol")
      .octokit.rest.issues.createComment({ owner: "acme", repo: "network", issue_number: number, body });
    await scene.merge(number, "alice");
    await refused(scene);
    expect(scene.comments(number)).toContain(body);
    expect(commentOf(scene, number)).toContain("Nothing was applied");
  });

  /** A sentence that would do all that Markdown can; a description of a rule may have the first part on AWS. */
  const EVIL = "@bob #1 ![x](http://evil.example/x.png)";
  const WORSE = `${EVIL} </details> \`\`\` <!-- landline:pull-request:v1:eA --> | a \n\n# Approved`;
  const isSafe = (text: string): void => {
    const outside = text.replace(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1$/gm, "").replace(/(`+)[^`][\s\S]*?\1/g, "");
    expect(outside).not.toMatch(/@bob|!\[|\(http:\/\/evil|^# Approved/m);
    expect(text.match(/<!-- landline:/g)).toHaveLength(1);
  };

  test("a spec full of Markdown and mentions stays text, planned, refused and applied", async () => {
    const scene = await startMerging();
    const spec = scene
      .connection("alpha", "1001", WORSE)
      .replace("description: applications", `description: "${EVIL}"`);
    const number = await planned(scene, "topic", { "specs/alpha.yaml": spec });
    expect(commentOf(scene, number)).toContain("evil.example");
    isSafe(commentOf(scene, number));
    await scene.merge(number, "alice");
    await refused(scene);
    expect(commentOf(scene, number)).toContain("Nothing was applied");
    isSafe(commentOf(scene, number));
    await scene.review(number, "bob");
    expect((await applied(scene)).exit).toBe(0);
    expect(commentOf(scene, number)).toContain("2 done");
    isSafe(commentOf(scene, number));
  });

  test("a connection named in Markdown is no connection", async () => {
    const scene = await startMerging();
    const spec = scene.connection("alpha", "1001").replace("name: alpha", `name: ${JSON.stringify(WORSE)}`);
    scene.push("alice", "topic", { "specs/alpha.yaml": spec });
    const number = await scene.openPull("alice", "topic");
    expect((await scene.run(ciPlan)).exit).toBe(1);
    isSafe(commentOf(scene, number));
    await scene.review(number, "bob");
    await scene.merge(number, "alice");
    const before = await requestsSoFar(scene);
    const ran = await applied(scene);
    expect({ exit: ran.exit, writes: await writesIn(scene, before) }).toEqual({ exit: 1, writes: [] });
    isSafe(commentOf(scene, number));
  });
});

describe("approvals", () => {
  test("one from before a later push is not one of what was pushed", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await scene.review(number, "bob");
    scene.push("alice", "topic", { "specs/alpha.yaml": scene.connection("alpha", "1002") });
    await scene.run(ciPlan);
    await scene.merge(number, "alice");
    const ran = await refused(scene);
    expect(ran.out).toContain("takes a new approval");
  });

  test("the author's own, however it came about", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await expect(scene.review(number, "alice")).rejects.toThrow(/own pull request/i);
    await scene.review(number, "bob");
    const review = scene.server.world.reviews.find((one) => one.number === number);
    const alice = scene.server.world.users.find(({ login }) => login === "alice");
    if (!review || !alice) throw new Error("no review");
    Object.assign(review, { user: alice });
    await scene.merge(number, "alice");
    await refused(scene);
    expect(commentOf(scene, number)).toContain("opened the pull request");
  });

  test("the last pusher's", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    scene.push("bob", "topic", { "specs/alpha.yaml": scene.connection("alpha", "1002") });
    await scene.run(ciPlan);
    await scene.review(number, "bob");
    await scene.merge(number, "alice");
    await refused(scene);
    expect(commentOf(scene, number)).toContain("pushed the last commit");
  });

  test("a dismissed one", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    const review = await scene.review(number, "bob");
    await scene.dismiss(number, review, "ada");
    await scene.merge(number, "alice");
    await refused(scene);
    expect(commentOf(scene, number)).toContain("was dismissed");
  });

  test("none: an administrator merges without", async () => {
    const scene = await startMerging({ github: { rules: { main: { requiredApprovals: 1 } } } });
    const number = await proposed(scene);
    await expect(scene.merge(number, "alice")).rejects.toThrow();
    await scene.merge(number, "ada");
    await refused(scene);
    expect(commentOf(scene, number)).toContain("approval is missing");
  });

  test("rules that the same pull request weakens still hold for it", async () => {
    const scene = await startMerging();
    const files = { "landline.yaml": PERMISSIVE, "specs/alpha.yaml": scene.connection("alpha", "1001") };
    const number = await planned(scene, "topic", files);
    await scene.merge(number, "alice");
    await refused(scene);
    expect(commentOf(scene, number)).toContain("approval is missing");
  });

  test("rules that an earlier merge of the same push weakened still hold", async () => {
    const scene = await startMerging();
    const weakening = await planned(scene, "weaken", { "landline.yaml": PERMISSIVE });
    const number = await proposed(scene);
    for (const one of [weakening, number]) scene.server.enqueue(one, "alice");
    scene.server.landQueue(number);
    await refused(scene);
    expect(commentOf(scene, number)).toContain("approval is missing");
  });
});

describe("a plan that moved", () => {
  test("between approval and merge: what is new was not approved", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    const number = await proposed(scene, "1002");
    await scene.review(number, "bob");
    await drift(scene);
    await scene.merge(number, "alice");
    const ran = await refused(scene);
    expect(commentOf(scene, number)).toContain("Different now");
    expect(ran.outputs["plan-id"]).toMatch(/^sha256:/);
  });

  test("and was posted again after the approval: the approval is of the plan that stood there then", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    const number = await proposed(scene, "1002");
    later(scene);
    await scene.review(number, "bob");
    await drift(scene);
    later(scene);
    expect((await plannedAgain(scene)).exit).toBe(0);
    await scene.merge(number, "alice");
    await refused(scene);
    expect(commentOf(scene, number)).toContain("approved before the plan was what it is now");
    later(scene);
    await scene.review(number, "bob");
    expect((await applied(scene)).exit).toBe(0);
    expect(await portsOf(scene, "alpha")).toEqual([[1002]]);
  });

  test("because a sibling merge has edited the same connection", async () => {
    const scene = await startMerging();
    const { first, second } = await siblings(scene);
    await scene.merge(first, "alice");
    expect((await applied(scene)).exit).toBe(0);
    await scene.merge(second, "alice");
    await refused(scene);
    expect(commentOf(scene, second)).toContain("another merge has edited it");
  });

  test("because two in one push edit the same connection", async () => {
    const scene = await startMerging();
    const { first, second } = await siblings(scene);
    for (const number of [first, second]) scene.server.enqueue(number, "alice");
    scene.server.landQueue(second);
    await refused(scene);
    for (const number of [first, second]) expect(commentOf(scene, number)).toContain("another merge has edited it");
  });
});

/** Two approved pull requests that change different lines of one spec. */
async function siblings(scene: Merging): Promise<{ first: number; second: number }> {
  const text = scene.connection("alpha", "1000");
  const first = await planned(scene, "first", { "specs/alpha.yaml": text.replace("1000", "1001") });
  const second = await planned(scene, "second", {
    "specs/alpha.yaml": text.replace(", subnet-0b1b2c3d4e5f60002]", "]"),
  });
  for (const number of [first, second]) await scene.review(number, "bob");
  return { first, second };
}

describe("forged records", () => {
  /** A pull request whose approved plan is the first half of what a fresh one would do. */
  async function moved(scene: Merging): Promise<number> {
    await alphaApplied(scene);
    const number = await proposed(scene, "1002");
    await scene.review(number, "bob");
    await drift(scene);
    return number;
  }
  /** The plan that would be carried out now, as an attacker can make it as well as we. */
  async function freshPlan(scene: Merging): Promise<PlanFile> {
    const ran = await scene.run(ciPlan, { env: { LANDLINE_BOT: "other-bot[bot]", GITHUB_TOKEN: "t-other-bot" } });
    return JSON.parse(ran.files["plan.json"] ?? "") as PlanFile;
  }
  const genuine = (scene: Merging): PlanFile => {
    const path = scene.server.world.artifacts.findLast(({ name }) => name === "landline-plan");
    if (!path) throw new Error("no artifact");
    return JSON.parse(readPlan(path.zip)) as PlanFile;
  };
  /** Another run for the same head uploads under the name that we look for, later than ours. */
  function upload(scene: Merging, number: number, plan: PlanFile, more: object = {}): void {
    const run = { event: "push", headSha: scene.head(number), headBranch: "topic", actor: "alice", ...more };
    const id = scene.server.beginRun(run);
    scene.server.uploadArtifact(id, "landline-plan", { "plan.json": JSON.stringify(plan) });
  }

  test("a check by another app stands for nothing", async () => {
    const scene = await startMerging();
    const number = await moved(scene);
    const fresh = await freshPlan(scene);
    upload(scene, number, fresh);
    expect(scene.checks(scene.head(number)).filter(({ app }) => app.slug === "other-bot")).not.toEqual([]);
    await scene.merge(number, "alice");
    await refused(scene);
  });

  test("an artifact with other changes: digests are of what it says", async () => {
    const scene = await startMerging();
    const number = await moved(scene);
    const { planId } = genuine(scene);
    const fresh = await freshPlan(scene);
    // Besides what the run above left: as it is, with the reviewed plan's id; with the reviewed digests on the new changes; and honest about its id.
    upload(scene, number, { ...fresh, planId });
    const digests = genuineOf(scene, planId).changes.map(({ digest }) => digest);
    const changes = fresh.changes.map((change, index) => ({ ...change, digest: digests[index] ?? change.digest }));
    expect(planIdOf(changes, sha256)).toBe(planId);
    upload(scene, number, { ...fresh, planId, changes });
    upload(scene, number, fresh);
    await scene.merge(number, "alice");
    const ran = await refused(scene);
    expect(ran.err.match(/not used/g)).toHaveLength(4);
    expect(commentOf(scene, number)).toContain("Different now");
  });

  const genuineOf = (scene: Merging, planId: string): PlanFile => {
    const plans = scene.server.world.artifacts.flatMap(({ name, zip }) =>
      name === "landline-plan" ? [JSON.parse(readPlan(zip)) as PlanFile] : [],
    );
    const found = plans.find((plan) => plan.planId === planId);
    if (!found) throw new Error(`no artifact of ${planId}`);
    return found;
  };

  test("an artifact with other intents: a sibling's edit is seen in the branch itself", async () => {
    const scene = await startMerging();
    const { first, second } = await siblings(scene);
    const reviewed = genuine(scene);
    await scene.merge(first, "alice");
    expect((await applied(scene)).exit).toBe(0);
    await scene.merge(second, "alice");
    const now = await refused(scene);
    const wanted = JSON.parse(now.files["plan.json"] ?? "") as PlanFile;
    expect(wanted.connections).not.toEqual(reviewed.connections);
    upload(
      scene,
      second,
      { ...reviewed, ...(wanted.connections ? { connections: wanted.connections } : {}) },
      { headBranch: "second" },
    );
    await refused(scene);
    expect(commentOf(scene, second)).toContain("to be something else by now than the branch of");
  });

  test("a re-used artifact name: another branch and a fork upload the very same plan", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    const reviewed = genuine(scene);
    await scene.review(number, "bob");
    // Part of the plan is done already, so that what was in it has to be known.
    await scene.merge(number, "alice");
    await fetch(`${scene.aws.url}/_sandbox/faults`, {
      method: "POST",
      body: JSON.stringify([
        { action: "CreateVpcEndpoint", effect: "error-before", code: "UnauthorizedOperation", status: 403 },
      ]),
    });
    expect((await applied(scene)).exit).toBe(4);
    const { artifacts } = scene.server.world;
    const kept = artifacts.splice(
      artifacts.findIndex(({ name }) => name === "landline-plan"),
      1,
    );
    upload(scene, number, reviewed, { headBranch: "other" });
    upload(scene, number, reviewed, { headRepository: "mallory/network" });
    const before = await requestsSoFar(scene);
    const ran = await applied(scene);
    expect({ exit: ran.exit, writes: await writesIn(scene, before) }).toEqual({ exit: 3, writes: [] });
    expect(commentOf(scene, number)).toContain("no artifact of the plan workflow holds the reviewed one");
    artifacts.push(...kept);
    expect((await applied(scene)).exit).toBe(0);
  });
});

describe("ways around the pull request", () => {
  test("a fork's merge has no plan, whatever the fork uploads", async () => {
    const scene = await startMerging();
    scene.pushToFork("topic", { "specs/alpha.yaml": scene.connection("alpha", "1001") });
    const number = await scene.openPull("mallory", "mallory:topic");
    await scene.run(ciPlan);
    await scene.review(number, "bob");
    await scene.merge(number, "ada");
    await refused(scene);
    expect(commentOf(scene, number)).toContain("there is no check of Landline");
  });

  test("a merge without a plan", async () => {
    const scene = await startMerging();
    scene.push("alice", "topic", { "specs/alpha.yaml": scene.connection("alpha", "1001") });
    const number = await scene.openPull("alice", "topic");
    await scene.review(number, "bob");
    await scene.merge(number, "alice");
    await refused(scene);
    expect(commentOf(scene, number)).toContain("there is no check of Landline");
  });

  test("a direct push", async () => {
    const scene = await startMerging();
    const sha = scene.push("ada", "main", { "specs/alpha.yaml": scene.connection("alpha", "1001") });
    const ran = await refused(scene);
    expect(ran.summary).toContain(sha.slice(0, 12));
    expect(ran.outputs["plan-id"]).toMatch(/^sha256:/);
  });

  test("a merge of somebody's own making that brings more than the pull request", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await scene.review(number, "bob");
    const { git } = scene.branches;
    git("checkout", "-q", "-B", "main", "origin/main");
    git(
      "-c",
      "user.name=ada",
      "-c",
      "user.email=ada@users.example",
      "merge",
      "-q",
      "--no-ff",
      "--no-commit",
      "origin/topic",
    );
    scene.push("ada", "main", { "specs/alpha.yaml": scene.connection("alpha", "1-65535") });
    await refused(scene);
    expect(await portsOf(scene, "alpha")).toEqual([]);
  });

  test("a force push: nobody can tell what came how", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await scene.review(number, "bob");
    await scene.merge(number, "alice");
    const { git } = scene.branches;
    git("fetch", "-q", "origin");
    git("checkout", "-q", "-B", "main", "origin/main~2");
    git("-c", "user.name=ada", "-c", "user.email=ada@users.example", "commit", "-q", "--allow-empty", "-m", "Replaced");
    git("push", "-q", "--force", "origin", "main");
    scene.server.pushed("ada", "main");
    const ran = await refused(scene);
    expect(ran.err).toContain("its history was replaced");
  });

  test("an old run again, after a later merge has changed the same connection", async () => {
    const scene = await startMerging();
    const number = await proposed(scene);
    await scene.merge(number, "alice");
    const event = scene.event("push");
    await refused(scene);
    const newer = await proposed(scene, "1002", "newer");
    await scene.review(newer, "bob");
    await scene.merge(newer, "alice");
    await scene.review(number, "bob");
    const before = await requestsSoFar(scene);
    const ran = await applied(scene, { event });
    expect({ exit: ran.exit, writes: await writesIn(scene, before) }).toEqual({ exit: 3, writes: [] });
    expect(commentOf(scene, number)).toContain("a later push");
    expect(ran.outputs["plan-id"]).toBeUndefined();
    expect((await applied(scene)).exit).toBe(0);
    expect(await portsOf(scene, "alpha")).toEqual([[1002]]);
  });
});

describe("the environment", () => {
  /** An approved merge whose plan moved, and the run that refused it. */
  async function refusedRun(scene: Merging): Promise<{ number: number; run: Ran }> {
    const number = await proposed(scene);
    await scene.merge(number, "carol");
    return { number, run: await refused(scene) };
  }

  test("an approval by the author", async () => {
    const scene = await startMerging();
    const { number, run } = await refusedRun(scene);
    await refused(scene, () => approvedBy(scene, run, "alice"));
    expect(commentOf(scene, number)).toContain("somebody else has to");
  });

  test("an approval by who pushed directly", async () => {
    const scene = await startMerging({ github: { environments: [{ name: ENVIRONMENT, reviewers: ["ada", "bob"] }] } });
    scene.push("ada", "main", { "specs/alpha.yaml": scene.connection("alpha", "1001") });
    const run = await refused(scene);
    await refused(scene, () => approvedBy(scene, run, "ada"));
  });

  test("another approval of an earlier attempt does not cover the author's", async () => {
    const scene = await startMerging();
    const { run } = await refusedRun(scene);
    await refused(scene, () => approvedBy(scene, run, "bob", { planId: `sha256:${"0".repeat(64)}` }));
    await refused(scene, () => approvedBy(scene, run, "alice"));
    const { "plan-id": planId = "" } = run.outputs;
    expect((await approvedBy(scene, run, "bob", { comment: `yes, ${planId.slice(7, 19)}` })).exit).toBe(0);
  });

  test("the id of another plan", async () => {
    const scene = await startMerging();
    const { number, run } = await refusedRun(scene);
    const planId = `sha256:${"0".repeat(64)}`;
    await refused(scene, () => approvedBy(scene, run, "bob", { planId }));
    expect(commentOf(scene, number)).toContain(planId);
  });

  test("nobody's approval", async () => {
    const scene = await startMerging();
    const { run } = await refusedRun(scene);
    const { "plan-id": approvedPlan = "" } = run.outputs;
    await refused(scene, () => applied(scene, { options: { approvedPlan } }));
  });

  test("a plan that moved after the approval", async () => {
    const scene = await startMerging();
    await alphaApplied(scene);
    const number = await proposed(scene, "1002");
    await scene.merge(number, "carol");
    const run = await refused(scene);
    await drift(scene);
    await refused(scene, () => approvedBy(scene, run, "bob"));
  });
});
