import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ciPlan } from "../../src/commands/ci/plan.ts";
import type { GitHub } from "../../src/github/client.ts";
import { payloadOf } from "../../src/github/marker.ts";
import { readPlanFile } from "../../src/planner/writers/index.ts";
import { type Ran, type Scene, startScene } from "./scene.ts";

/** Opens a pull request of alice's that moves the ledger to another port. */
async function openLedgerPull(scene: Scene): Promise<number> {
  scene.push("alice", "change", scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"));
  return scene.openPull("alice", "change");
}

const ledger = (scene: Scene, to: string) => scene.edited("specs/ledger.yaml", "port: 5432", to);
const README = { "README.md": "# Network\n" };

/** What a run wrote, as `POST issues/1/comments`. */
const writes = (scene: Scene): string[] =>
  scene
    .requests()
    .filter(({ creating, login }) => creating && login === "github-actions[bot]")
    .map(({ method, path }) => `${method} ${path.replace("/repos/acme/network/", "")}`);

const headline = (body = ""): string => body.split("\n")[1] ?? "";
const checkTuples = (scene: Scene, number: number) =>
  scene.checks(scene.head(number)).map(({ name, conclusion }) => [name, conclusion]);

function planOf({ files }: Ran) {
  const schema = JSON.parse(readFileSync(new URL("../../schema/plan.v1.schema.json", import.meta.url), "utf8"));
  const read = readPlanFile(files["plan.json"] ?? "", schema);
  if ("problem" in read) throw new Error(read.problem);
  return read.plan;
}

const comment = (github: GitHub, number: number, body: string) =>
  github.octokit.rest.issues.createComment({ owner: "acme", repo: "network", issue_number: number, body });

describe("landline ci plan on pull_request", () => {
  it("posts one comment and a green check for each target, and leaves the plan for the workflow and the runner", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    const ran = await scene.run(ciPlan);

    expect({ exit: ran.exit, writes: writes(scene) }).toEqual({
      exit: 0,
      writes: ["POST issues/1/comments", "POST check-runs", "POST check-runs"],
    });
    const { planId, changes } = planOf(ran);
    expect(changes.map(({ connection }) => connection)).toEqual(changes.map(() => "ledger"));
    const [body = ""] = scene.comments(number);
    expect(payloadOf("pull-request", body)).toBe("landline.yaml");
    expect(body).toContain(planId);
    expect(body).toContain("(http://");
    expect(
      scene
        .checks(scene.head(number))
        .map((check) => [check.name, check.conclusion, check.externalId, check.detailsUrl]),
    ).toEqual(
      ["landline / apps-use1", "landline / network-use1"].map((name) => [
        name,
        "success",
        planId,
        `${scene.server.webUrl}/acme/network/actions/runs/${ran.runId}`,
      ]),
    );
    expect(ran.outputs).toEqual({ "plan-id": planId, changes: String(changes.length), verdict: "changes" });
    expect(ran.summary).toContain(planId);
    expect(ran.files["plan.md"]).toContain(planId);
    const asked = await scene.awsRequests();
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ write }) => write)).toEqual([]);
  });

  it("keeps one comment over many pushes, which always tells of the last", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    const ids: string[] = [];
    for (const port of [5434, 5435, 5436]) {
      scene.push("alice", "change", ledger(scene, `port: ${port}`));
      const ran = await scene.run(ciPlan);
      ids.push(planOf(ran).planId);
      expect(scene.comments(number)).toHaveLength(1);
      expect(scene.comments(number)[0]).toContain(ids.at(-1));
    }
    expect(new Set(ids).size).toBe(3);
    expect(writes(scene).filter((write) => /comments/.test(write))).toEqual([
      "POST issues/1/comments",
      ...ids.slice(1).map(() => expect.stringMatching(/^PATCH issues\/comments\/\d+$/)),
    ]);
  });

  it("does not send a comment again that says what it should, and then needs a request and one more for each check", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    await scene.run(ciPlan);
    const [before] = scene.comments(number);
    scene.push("alice", "change", README);
    scene.forget();
    expect((await scene.run(ciPlan)).exit).toBe(0);
    expect(scene.comments(number)).toEqual([before]);
    expect(scene.requests().map(({ method, path }) => `${method} ${path.replace("/repos/acme/network/", "")}`)).toEqual(
      ["GET issues/1/comments", "POST check-runs", "POST check-runs"],
    );
  });

  it("says in one line that a pull request changes no plan, and posts the checks that a rule may require", async () => {
    const scene = await startScene();
    scene.push("alice", "readme", README);
    const number = await scene.openPull("alice", "readme");
    const ran = await scene.run(ciPlan);
    expect(ran).toMatchObject({ exit: 0, outputs: { changes: "0", verdict: "nothing" } });
    expect(scene.comments(number)[0]?.trimEnd().split("\n")).toHaveLength(2);
    expect(checkTuples(scene, number)).toEqual([
      ["landline / apps-use1", "success"],
      ["landline / network-use1", "success"],
    ]);
    // Nothing is reached, so nothing is looked at.
    expect(await scene.awsRequests()).toEqual([]);
  });

  it("mends a comment that somebody edited, and leaves those of others alone that look like ours", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    await scene.run(ciPlan);
    const [ours = ""] = scene.comments(number);
    const [{ id } = { id: 0 }] = scene.server.world.comments;
    const forged = ours.replace(/🟠.*/, "🟢 **Yes: 1 change, no risks.**");
    await scene
      .as("carol")
      .octokit.rest.issues.updateComment({ owner: "acme", repo: "network", comment_id: id, body: forged });
    for (const who of ["mallory", "other-bot"]) await comment(scene.as(who), number, forged);
    scene.push("alice", "change", README);
    await scene.run(ciPlan);
    expect(scene.comments(number)).toEqual([ours, forged, forged]);
  });
});

describe("approvals in the comment", () => {
  it("follow the reviews, and begin again with a push; a review posts no check again", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    await scene.run(ciPlan);
    expect(scene.comments(number)[0]?.match(/^- \[ \] .*approval/gm)).toHaveLength(2);

    await scene.review(number, "carol");
    await scene.run(ciPlan, { event: "pull_request_review" });
    const [half = ""] = scene.comments(number);
    expect(half.match(/^- \[ \] .*network-security.*carol is not one of/gm)).toHaveLength(1);
    expect(half.match(/^- \[x\] 1 of 1 approval: carol/gm)).toHaveLength(1);

    scene.forget();
    await scene.review(number, "bob");
    await scene.run(ciPlan, { event: "pull_request_review" });
    const [whole = ""] = scene.comments(number);
    expect(whole.match(/^- \[x\] /gm)).toHaveLength(2);
    expect(headline(whole)).toMatch(/^🟠 \*\*Yes, if /);
    expect(writes(scene)).toEqual([expect.stringMatching(/^PATCH issues\/comments/)]);

    scene.push("alice", "change", ledger(scene, "port: 5999"));
    await scene.run(ciPlan);
    expect(scene.comments(number)[0]?.match(/^- \[x\]/gm)).toBeNull();
  });

  it("are asked for by the rules of the base as well, when the pull request weakens them", async () => {
    const scene = await startScene();
    const weaker = scene.edited("landline.yaml", /approvals:[\s\S]*$/, "approvals: [{ risks: [any], count: 1 }]\n");
    scene.push("alice", "change", { ...ledger(scene, "port: 5433"), ...weaker });
    const number = await scene.openPull("alice", "change");
    await scene.run(ciPlan);
    expect(scene.comments(number)[0]?.match(/^- \[ \] .*approval.*$/gm)).toEqual([
      expect.stringContaining("network-security"),
      expect.stringContaining("any change"),
    ]);
  });

  it("do not count when they are of the author, of who pushed last or of an earlier commit", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    await scene.review(number, "bob");
    scene.push("carol", "change", ledger(scene, "port: 5434"));
    await scene.review(number, "carol");
    await scene.run(ciPlan, { event: "pull_request_review" });
    const [body = ""] = scene.comments(number);
    expect(body.match(/^- \[x\]/gm)).toBeNull();
    expect(body).toMatch(/bob approved .*, the head is/);
    expect(body).toContain("carol pushed the last commit");
  });
});

describe("a run that comes too late", () => {
  it("writes nothing on a merged pull request: the report of the merge stays", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    const first = await scene.run(ciPlan);
    await scene.review(number, "bob");
    const review = scene.event("pull_request_review");
    await scene.merge(number, "ada");
    scene.forget();
    const late = await scene.run(ciPlan, { event: review });
    const again = await scene.run(ciPlan, { again: first.runId });
    expect([late.exit, again.exit, late.files, writes(scene)]).toEqual([0, 0, {}, []]);
  });

  it("leaves a pull request to the run of a later push", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    await scene.review(number, "bob");
    const review = scene.event("pull_request_review");
    scene.push("alice", "change", ledger(scene, "port: 5434"));
    scene.forget();
    expect((await scene.run(ciPlan, { event: review })).exit).toBe(0);
    expect(writes(scene)).toEqual([]);
  });

  it("posts a check again in a run that is run again, when the check has turned red since", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    const { runId } = await scene.run(ciPlan);
    const before = scene.checks(scene.head(number));
    const [red] = before;
    if (red) red.conclusion = "failure";
    scene.forget();
    await scene.run(ciPlan, { again: runId });
    expect(writes(scene)).toEqual(["POST check-runs"]);
    expect(scene.checks(scene.head(number)).at(-1)).toMatchObject({ name: red?.name, conclusion: "success" });
  });
});

describe("landline ci plan on pull_request_target", () => {
  it("plans the trial merge from git's objects, while the base branch stays checked out", async () => {
    const scene = await startScene();
    const number = await openLedgerPull(scene);
    const there = await scene.run(ciPlan);
    let folder = "";
    const target = await scene.run(ciPlan, {
      as: "pull_request_target",
      before: (checkout) => {
        folder = checkout;
      },
    });
    expect(target.exit).toBe(0);
    expect(planOf(target)).toEqual(planOf(there));
    expect(scene.comments(number)).toHaveLength(1);
    expect(readFileSync(`${folder}/specs/ledger.yaml`, "utf8")).toContain("port: 5432");
  });

  it("refuses a merge that is of another push than its event, and writes nothing", async () => {
    const scene = await startScene();
    await openLedgerPull(scene);
    const event = scene.event("pull_request");
    scene.push("alice", "change", ledger(scene, "port: 5434"));
    scene.forget();
    const ran = await scene.run(ciPlan, { event, as: "pull_request_target" });
    expect([ran.exit, writes(scene), await scene.awsRequests()]).toEqual([1, [], []]);
    expect(ran.err).toContain("own run plans it");
  });

  it("says that there is no merge while the branch conflicts with its base", async () => {
    const scene = await startScene();
    await openLedgerPull(scene);
    scene.push("ada", "main", ledger(scene, "port: 6000"));
    scene.server.refresh();
    scene.forget();
    const ran = await scene.run(ciPlan, { as: "pull_request_target" });
    expect([ran.exit, writes(scene)]).toEqual([1, []]);
    expect(ran.err).toContain("GitHub has no merge of pull request 1");
  });
});

describe("a project that is not at the root of its repository", () => {
  it("has paths in GitHub's words in checks, and a comment of its own", async () => {
    const scene = await startScene();
    const files = Object.fromEntries(
      ["landline.yaml", "specs/ledger.yaml"].map((path) => [`west/${path}`, scene.branches.read("main", path)]),
    );
    scene.push("ada", "main", files);
    const bad = files["west/specs/ledger.yaml"]?.replace("port: 5432", "port: 99999");
    scene.push("alice", "change", { "west/specs/ledger.yaml": bad });
    const number = await scene.openPull("alice", "change");
    expect((await scene.run(ciPlan)).exit).toBe(0);
    expect((await scene.run(ciPlan, { folder: "west" })).exit).toBe(1);
    expect(scene.comments(number).map((body) => payloadOf("pull-request", body))).toEqual([
      "landline.yaml",
      "west/landline.yaml",
    ]);
    const { annotations } = scene.checks(scene.head(number)).at(-1) ?? {};
    expect(annotations?.map(({ path }) => path)).toEqual(["west/specs/ledger.yaml"]);
  });
});
