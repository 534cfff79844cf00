import { describe, expect, test } from "vitest";
import { createDeployment, type DeploymentToCreate, setDeploymentStatus } from "../../src/github/deployments.ts";
import { openPull, type Stage, stage, writes } from "./stage.ts";

const wanted = (sha: string, more: Partial<DeploymentToCreate> = {}): DeploymentToCreate => ({
  sha,
  environment: "prod",
  description: "Apply 2 changes",
  key: "run 1 attempt 1",
  payload: { approvedBy: ["ben"] },
  ...more,
});

const deployments = ({ server }: Stage) => server.world.deployments;

describe("a deployment", () => {
  test("is made although checks are red and main has moved on", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    await scene.github.octokit.rest.checks.create({
      owner: "acme",
      repo: "network",
      name: "tests",
      head_sha: sha,
      status: "completed",
      conclusion: "failure",
    });
    scene.git.push("carla", "main", { "README.md": "# On\n" });
    const id = await createDeployment(scene.github, wanted(sha));
    expect(deployments(scene)).toMatchObject([
      { id, sha, environment: "prod", task: "landline", description: "Apply 2 changes" },
    ]);
    expect(deployments(scene)[0]?.payload).toEqual({ approvedBy: ["ben"], key: "run 1 attempt 1" });
  });

  test.each(["status-after", "drop-after", "timeout-after", "status-before", "drop-before"] as const)(
    "is made once after %s",
    async (kind) => {
      const scene = await stage();
      const { sha } = await openPull(scene);
      await createDeployment(scene.github, wanted(sha, { key: "run 1 attempt 0" }));
      scene.server.fault({ kind, method: "POST", path: /\/deployments$/ });
      const github = scene.door({ pace: { secondMs: 1, timeoutMs: 300 } });
      const id = await createDeployment(github, wanted(sha));
      expect(deployments(scene)).toHaveLength(2);
      expect(id).toBe(deployments(scene)[1]?.id);
    },
  );

  test("of another app with our key is not taken for ours", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    await createDeployment(scene.door({ token: "t-other" }), wanted(sha));
    scene.server.fault({ kind: "drop-before", method: "POST", path: /\/deployments$/ });
    await createDeployment(scene.github, wanted(sha));
    expect(deployments(scene)).toHaveLength(2);
  });

  test("has statuses, each once", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const id = await createDeployment(scene.github, wanted(sha));
    const logUrl = "https://github.example/run/1";
    await setDeploymentStatus(scene.github, id, { state: "in_progress", description: "", logUrl });
    scene.server.fault({ kind: "drop-after", method: "POST", path: /\/statuses$/ });
    await setDeploymentStatus(scene.github, id, { state: "success", description: "2 done", logUrl });
    expect(
      deployments(scene)[0]?.statuses.map(({ state, description, logUrl: url }) => [state, description, url]),
    ).toEqual([
      ["in_progress", "", logUrl],
      ["success", "2 done", logUrl],
    ]);
  });

  test("has descriptions of at most 140 characters, cut between characters", async () => {
    const scene = await stage();
    const { sha } = await openPull(scene);
    const id = await createDeployment(scene.github, wanted(sha, { description: "🙂".repeat(140) }));
    await setDeploymentStatus(scene.github, id, {
      state: "failure",
      description: `${"🙂".repeat(140)}x`,
      logUrl: "https://x.example",
    });
    expect(deployments(scene)[0]?.description).toBe("🙂".repeat(140));
    expect(deployments(scene)[0]?.statuses[0]?.description).toBe(`${"🙂".repeat(139)}…`);
  });

  test("needs its permission", async () => {
    const scene = await stage({ tokens: { "t-read": { app: "github-actions", permissions: { contents: "read" } } } });
    const { sha } = await openPull(scene);
    const failure = await createDeployment(scene.door({ token: "t-read" }), wanted(sha)).catch(
      (error: unknown) => error,
    );
    expect(String(failure)).toContain("`deployments: write`");
    expect(writes(scene).filter((call) => call.endsWith("/deployments"))).toHaveLength(1);
  });
});
