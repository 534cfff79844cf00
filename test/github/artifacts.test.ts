import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { artifactsFor, artifactsOfRun, downloadArtifact } from "../../src/github/artifacts.ts";
import { openGitHub } from "../../src/github/client.ts";
import { openPull, PACE, type Stage, stage, TOKEN } from "./stage.ts";

const NAME = "landline-plan";
const PLAN = { "plan.json": '{"version":1}' };

/** A run of the plan workflow that uploads a plan. */
function upload(
  { server }: Stage,
  headSha: string,
  more: { branch?: string; repository?: string; files?: Record<string, string> } = {},
) {
  const { branch = "change", repository, files = PLAN } = more;
  const run = server.beginRun({
    event: "pull_request",
    headSha,
    headBranch: branch,
    actor: "ana",
    ...(repository === undefined ? {} : { headRepository: repository }),
  });
  return { run, artifact: server.uploadArtifact(run, NAME, files) };
}

const ids = (found: readonly { id: number }[]): number[] => found.map(({ id }) => id);

describe("the artifacts of a commit", () => {
  test("are those of this name and this commit, the newest first", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const first = upload(scene, sha);
    const second = upload(scene, sha);
    scene.server.uploadArtifact(second.run, "logs", { "a.txt": "a" });
    const found = await artifactsFor(scene.github, { name: NAME, headSha: sha });
    expect(ids(found)).toEqual([second.artifact, first.artifact]);
    expect(found[0]).toMatchObject({ name: NAME, headSha: sha, headBranch: "change", runId: second.run });
    expect(found[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("are never those of the same name from another branch or a fork, however new", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const ours = upload(scene, sha);
    const other = scene.git.push("mallory", "evil", { "specs/evil.yaml": "x\n" });
    upload(scene, other, { branch: "evil", files: { "plan.json": "forged" } });
    upload(scene, sha, { branch: "evil" });
    const forked = upload(scene, sha);
    const run = scene.server.world.runs.find(({ id }) => id === forked.run);
    if (run) Object.assign(run, { headPlace: { ...run.headPlace, id: 4711 } });
    const found = await artifactsFor(scene.github, { name: NAME, headSha: sha, headBranch: "change" });
    expect(ids(found)).toEqual([ours.artifact]);
  });

  test("are found behind more than a page of others", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const { artifact } = upload(scene, sha);
    for (let count = 0; count < 110; count += 1) upload(scene, "b".repeat(40));
    expect(ids(await artifactsFor(scene.github, { name: NAME, headSha: sha }))).toEqual([artifact]);
  });

  test("are none when they have expired", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    upload(scene, sha);
    scene.server.clock.advance(200 * 24 * 3_600_000);
    expect(await artifactsFor(scene.github, { name: NAME, headSha: sha })).toEqual([]);
  });
});

test("what one run uploaded is its own", async () => {
  const scene = await stage();
  const { sha } = await openPull(scene);
  const { run, artifact } = upload(scene, sha);
  upload(scene, sha);
  scene.server.uploadArtifact(run, "logs", { "a.txt": "a" });
  expect(ids(await artifactsOfRun(scene.github, run, NAME))).toEqual([artifact]);
});

describe("downloading", () => {
  test("gives the files as text, and shows the token to GitHub only", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    upload(scene, sha, { files: { "plan.json": '{"ü":1}', "report/a.md": "# A" } });
    const [artifact] = await artifactsFor(scene.github, { name: NAME, headSha: sha });
    if (!artifact) throw new Error("no artifact");
    const files = await downloadArtifact(scene.github, artifact);
    expect(Object.fromEntries(files)).toEqual({ "plan.json": '{"ü":1}', "report/a.md": "# A" });
  });

  test("refuses what is not what its digest says", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    upload(scene, sha);
    const [artifact] = await artifactsFor(scene.github, { name: NAME, headSha: sha });
    if (!artifact) throw new Error("no artifact");
    const wrong = { ...artifact, digest: `sha256:${"0".repeat(64)}` };
    await expect(downloadArtifact(scene.github, wrong)).rejects.toMatchObject({ kind: "invalid" });
    expect((await downloadArtifact(scene.github, { ...artifact, digest: null })).size).toBe(1);
  });

  test("refuses a bomb and a giant, by what GitHub says and by what comes", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    upload(scene, sha, { files: { bomb: "x".repeat(1_000_000) } });
    const [artifact] = await artifactsFor(scene.github, { name: NAME, headSha: sha });
    if (!artifact) throw new Error("no artifact");
    const limits = { packed: 10_000, unpacked: 999_999, files: 10 };
    await expect(downloadArtifact(scene.github, artifact, limits)).rejects.toThrow(/unpacked bytes/);
    await expect(downloadArtifact(scene.github, { ...artifact, size: 10_001 }, limits)).rejects.toThrow(/10001 bytes/);
    const lying = { ...artifact, size: 1 };
    await expect(downloadArtifact(scene.github, lying, { ...limits, packed: 100 })).rejects.toThrow(/at most 100/);
  });

  test("sends no token to where the zip lies, and survives that place failing", async () => {
    const seen: (string | undefined)[] = [];
    const bytes = Buffer.from("not a zip");
    const store = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(request.url === "/zip" ? 200 : 500).end(bytes);
    });
    let place = "/zip";
    const api = createServer((_, response) => {
      const { port } = store.address() as AddressInfo;
      response.writeHead(302, { location: `http://127.0.0.1:${port}${place}` }).end();
    });
    for (const server of [store, api]) {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void server.close());
    }
    const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const github = openGitHub({ run: { repository: { owner: "o", name: "r" }, apiUrl }, token: TOKEN, pace: PACE });
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    const artifact = { id: 1, name: NAME, digest, size: bytes.length };
    await expect(downloadArtifact(github, artifact)).rejects.toThrow(/is no zip/);
    place = "/gone";
    await expect(downloadArtifact(github, artifact)).rejects.toMatchObject({ kind: "unreachable" });
    expect(seen).toEqual([undefined, undefined]);
  });
});
