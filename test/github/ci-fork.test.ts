import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commentMarker } from "../../src/commands/ci/names.ts";
import { ciPlan } from "../../src/commands/ci/plan.ts";
import { dangersIn } from "../planner/writers/structure.ts";
import type { LocalEvent } from "./runner/local.ts";
import { type Ran, type Scene, startScene } from "./scene.ts";
import type { Files } from "./scene-git.ts";

const NAME = "landline-offline.json";
const MARKER = commentMarker("landline.yaml");

/** Mallory opens a pull request from her fork, and the plan workflow runs for it without credentials. */
async function forked(scene: Scene, files: Files): Promise<Ran & { readonly number: number }> {
  scene.pushToFork("change", files);
  const number = await scene.openPull("mallory", "mallory:change");
  scene.forget();
  return { ...(await scene.run(ciPlan)), number };
}

const ledger = (scene: Scene, to = "port: 5433") => scene.edited("specs/ledger.yaml", "port: 5432", to);
const posted = (scene: Scene): string[] =>
  scene.requests().flatMap(({ creating, method }) => (creating ? [method] : []));
const left = ({ files }: Ran) => JSON.parse(files[NAME] ?? "null");

/** What the plan workflow's run is after Mallory's own workflow ran in it: it may have left anything. */
function hostileRun(scene: Scene, files: Readonly<Record<string, string | Uint8Array>>, headSha?: string): LocalEvent {
  const head = { headBranch: "change", headRepository: "mallory/network" };
  const sha = headSha ?? scene.branches.git("rev-parse", "change");
  const runId = scene.server.beginRun({ event: "pull_request", actor: "mallory", headSha: sha, ...head });
  if (Object.keys(files).length > 0) scene.server.uploadArtifact(runId, "landline-plan", files);
  return scene.server.finishRun(runId, "success");
}

describe("a pull request from a fork", () => {
  it("is validated offline and leaves what it found to a run that may comment; no cloud and no GitHub is asked", async () => {
    const scene = await startScene();
    const changes = { ...ledger(scene), "specs/event-stream.yaml": undefined };
    const ran = await forked(scene, changes);
    expect([ran.exit, ran.outputs, scene.requests(), await scene.awsRequests()]).toEqual([
      0,
      { verdict: "offline" },
      [],
      [],
    ]);
    expect(Object.keys(ran.files)).toEqual([NAME]);
    expect(left(ran)).toEqual({
      formatVersion: 1,
      number: ran.number,
      headSha: scene.head(ran.number),
      problems: [],
      connections: [
        { name: "event-stream", change: "removed", file: "specs/event-stream.yaml" },
        { name: "ledger", change: "changed", file: "specs/ledger.yaml" },
      ],
    });

    const after = await scene.run(ciPlan, { event: ran.ended });
    expect(after.exit).toBe(0);
    const [body = ""] = scene.comments(ran.number);
    expect(body.split("\n")[0]).toBe(MARKER);
    expect(body.split("\n")[1]).toMatch(/^🟠 \*\*Not yet: the specs are valid, and there is no plan/);
    expect(body).toMatch(/- removed `event-stream`[\s\S]*- changed `ledger`/);
    expect(await scene.awsRequests()).toEqual([]);

    scene.pushToFork("change", ledger(scene, "port: 5434"));
    const again = await scene.run(ciPlan);
    await scene.run(ciPlan, { event: again.ended });
    expect(scene.comments(ran.number)).toHaveLength(1);
  });

  it("with mistakes gets them beside its lines by the runner, and in the comment", async () => {
    const scene = await startScene();
    const ran = await forked(scene, ledger(scene, "port: 99999"));
    expect([ran.exit, ran.outputs]).toEqual([1, { verdict: "invalid" }]);
    expect(ran.out).toContain("::error file=specs/ledger.yaml,line=15,col=17,title=value.range::");
    expect(left(ran)).toMatchObject({ problems: [{ code: "value.range", at: { line: 15 } }], connections: [] });
    expect((await scene.run(ciPlan, { event: ran.ended })).exit).toBe(0);
    expect(scene.comments(ran.number)[0]?.split("\n")[1]).toMatch(/^🔴 \*\*No, do not merge: 1 problem/);
  });

  it("is read from git, where a link leads nowhere", async () => {
    const scene = await startScene();
    const { branches } = scene;
    branches.push("mallory", "change", {}, "fork");
    symlinkSync("ledger.yaml", join(branches.clone, "specs", "link.yaml"));
    const ran = await forked(scene, {});
    expect([ran.exit, left(ran).problems]).toEqual([
      1,
      [expect.objectContaining({ code: "file.link", at: { file: "specs/link.yaml", line: 1, column: 1 } })],
    ]);
  });

  it("gets its comment directly on pull_request_target, and still no cloud", async () => {
    const scene = await startScene();
    scene.pushToFork("change", ledger(scene));
    const number = await scene.openPull("mallory", "mallory:change");
    const ran = await scene.run(ciPlan, { as: "pull_request_target" });
    expect([ran.exit, ran.files, await scene.awsRequests()]).toEqual([0, {}, []]);
    expect(scene.comments(number)).toEqual([expect.stringContaining("- changed `ledger`")]);
    expect(scene.checks(scene.head(number))).toEqual([]);
  });

  it("is one as well when the fork is gone", async () => {
    const scene = await startScene();
    scene.pushToFork("change", ledger(scene));
    await scene.openPull("mallory", "mallory:change");
    const event = structuredClone(scene.event("pull_request"));
    (event.payload.pull_request as { head: { repo: unknown } }).head.repo = null;
    const ran = await scene.run(ciPlan, { event, as: "pull_request_target" });
    expect([ran.exit, ran.outputs, await scene.awsRequests()]).toEqual([0, { verdict: "offline" }, []]);
  });
});

describe("the run after it", () => {
  it("does nothing for a branch of the repository, which has its comment", async () => {
    const scene = await startScene();
    scene.push("alice", "change", ledger(scene));
    await scene.openPull("alice", "change");
    const { ended } = await scene.run(ciPlan);
    scene.forget();
    const after = await scene.run(ciPlan, { event: ended });
    expect([after.exit, scene.requests()]).toEqual([0, []]);
  });

  it("posts nothing when the pull request was closed or pushed to since", async () => {
    const scene = await startScene();
    const { ended, number } = await forked(scene, ledger(scene));
    scene.pushToFork("change", ledger(scene, "port: 5434"));
    expect((await scene.run(ciPlan, { event: ended })).exit).toBe(3);
    const newer = await scene.run(ciPlan);
    await scene
      .as("ada")
      .octokit.rest.pulls.update({ owner: "acme", repo: "network", pull_number: number, state: "closed" });
    expect((await scene.run(ciPlan, { event: newer.ended })).exit).toBe(3);
    expect(scene.comments(number)).toEqual([]);
  });

  it("makes harmless what the fork wrote", async () => {
    const scene = await startScene();
    const { number } = await forked(scene, ledger(scene));
    const nasty = `${MARKER}\n@acme/network-security #1 ![x](http://x.example/y.png) </details>\n\`\`\`\n# Approved`;
    const file = {
      formatVersion: 1,
      number,
      headSha: scene.head(number),
      problems: [{ code: "value.form", message: nasty, hint: nasty, at: { file: nasty, line: 1, column: 1 } }],
      connections: [{ name: nasty.slice(0, 100), change: "removed", file: nasty }],
    };
    const event = hostileRun(scene, { [NAME]: JSON.stringify(file), "plan.json": "{}" });
    expect((await scene.run(ciPlan, { event })).exit).toBe(0);
    const [body = ""] = scene.comments(number);
    expect(body.startsWith(`${MARKER}\n🔴`)).toBe(true);
    expect(dangersIn(body, { html: [MARKER] })).toEqual([]);
  });

  it("takes an artifact of its own run only, whoever else used the name", async () => {
    const scene = await startScene();
    const { ended, number } = await forked(scene, ledger(scene));
    const good = scene.server.world.artifacts.at(-1);
    const forged = { formatVersion: 1, number, headSha: scene.head(number), problems: [], connections: [] };
    hostileRun(scene, { [NAME]: JSON.stringify(forged) });
    scene.push("carol", "other", { "README.md": "# x\n" });
    const headSha = scene.branches.git("rev-parse", "other");
    const theirs = scene.server.beginRun({ event: "pull_request", actor: "carol", headSha, headBranch: "other" });
    scene.server.uploadArtifact(theirs, "landline-plan", { [NAME]: JSON.stringify(forged) });
    scene.forget();
    expect((await scene.run(ciPlan, { event: ended })).exit).toBe(0);
    expect(scene.comments(number)).toEqual([expect.stringContaining("- changed `ledger`")]);
    const fetched = scene.requests().filter(({ path }) => path.includes("/artifacts/"));
    expect(fetched.map(({ path }) => path)).toEqual([`/repos/acme/network/actions/artifacts/${good?.id}/zip`]);
  });
});

/** What Mallory's run may leave, told of the honest file; refused with exit 3 (hostile) or 1 (nothing that can be read). */
const HOSTILE: Readonly<
  Record<string, readonly [exit: number, make: (honest: object) => Files | Record<string, Uint8Array>]>
> = {
  "the number of another pull request": [3, (honest) => ({ [NAME]: JSON.stringify({ ...honest, number: 1 }) })],
  "a number that is none": [3, (honest) => ({ [NAME]: JSON.stringify({ ...honest, number: "2/../1" }) })],
  "a number with a fraction": [3, (honest) => ({ [NAME]: JSON.stringify({ ...honest, number: 2.5 }) })],
  "another commit": [3, (honest) => ({ [NAME]: JSON.stringify({ ...honest, headSha: "0".repeat(40) }) })],
  "a field too many": [3, (honest) => ({ [NAME]: JSON.stringify({ ...honest, body: "Approved" }) })],
  "a field that is inherited": [
    3,
    (honest) => ({ [NAME]: JSON.stringify(honest).replace("{", '{"__proto__":{"a":1},') }),
  ],
  "a change of another sort": [
    3,
    (honest) => ({
      [NAME]: JSON.stringify({ ...honest, connections: [{ name: "a", change: "approved", file: "b" }] }),
    }),
  ],
  "a code that is Markdown": [
    3,
    (honest) => ({
      [NAME]: JSON.stringify({
        ...honest,
        problems: [{ code: "# Approved", message: "", at: { file: "", line: 1, column: 1 } }],
      }),
    }),
  ],
  "another format": [3, (honest) => ({ [NAME]: JSON.stringify({ ...honest, formatVersion: 2 }) })],
  "no JSON": [3, () => ({ [NAME]: "<!-- landline -->" })],
  "another file": [3, () => ({ "plan.json": "{}" })],
  "no artifact": [1, () => ({})],
  "no text": [1, () => ({ [NAME]: new Uint8Array([0xff, 0xfe, 0x00]) })],
  "a bomb": [1, () => ({ [NAME]: "0".repeat(9_000_000) })],
  "too many files": [1, () => Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`${n}.json`, "{}"]))],
};

describe("the run after it refuses, and posts nothing anywhere, when the fork's run left", () => {
  it.each(Object.entries(HOSTILE))("%s", async (_name, [exit, make]) => {
    const scene = await startScene();
    scene.push("alice", "honest", ledger(scene, "port: 7777"));
    await scene.openPull("alice", "honest");
    scene.pushToFork("change", ledger(scene));
    const number = await scene.openPull("mallory", "mallory:change");
    const honest = { formatVersion: 1, number, headSha: scene.head(number), problems: [], connections: [] };
    const event = hostileRun(scene, make(honest) as Record<string, string>);
    scene.forget();
    const ran = await scene.run(ciPlan, { event });
    expect([ran.exit, posted(scene), scene.server.world.comments]).toEqual([exit, [], []]);
    expect(ran.err).toMatch(/^landline: .{20}/m);
  });

  it("the number of a pull request whose head it is not", async () => {
    const scene = await startScene();
    scene.push("alice", "honest", ledger(scene, "port: 7777"));
    const victim = await scene.openPull("alice", "honest");
    scene.pushToFork("change", ledger(scene));
    await scene.openPull("mallory", "mallory:change");
    // She has the victim's commit in her fork as well, so that her file and her run agree with its head; only the repository does not.
    scene.branches.git("push", "-q", "fork", "honest:stolen");
    const file = { formatVersion: 1, number: victim, headSha: scene.head(victim), problems: [], connections: [] };
    scene.forget();
    for (const headSha of [scene.head(victim), undefined]) {
      const event = hostileRun(scene, { [NAME]: JSON.stringify(file) }, headSha);
      expect((await scene.run(ciPlan, { event })).exit).toBe(3);
    }
    expect(posted(scene)).toEqual([]);
  });
});
