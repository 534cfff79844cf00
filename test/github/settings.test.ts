import { describe, expect, onTestFinished, test } from "vitest";
import { branchRules, classicProtection } from "../../src/github/branch-rules.ts";
import { approvalsOfRun, environments } from "../../src/github/environments.ts";
import { codeownersErrors, oidcSubject, repositorySettings } from "../../src/github/settings.ts";
import { accessOf, classicScopes } from "../../src/github/token.ts";
import { startGitHub } from "../../src/sandbox/github/server.ts";
import { stage, writes } from "./stage.ts";

test("the repository is told with its ids", async () => {
  const scene = await stage();
  const about = await repositorySettings(scene.github);
  expect(about).toMatchObject({ fullName: "acme/network", defaultBranch: "main", private: true });
  expect(about.id).toBe(scene.server.world.home.id);
  expect(about.ownerId).toBe(scene.server.world.home.owner.id);
});

test("CODEOWNERS errors are told by line; no file is no errors", async () => {
  const scene = await stage();
  expect((await codeownersErrors(scene.github)) ?? []).toEqual([]);
  scene.git.push("carla", "main", { ".github/CODEOWNERS": "* @ana\nspecs/ @nobody-here\n" });
  expect(await codeownersErrors(scene.github)).toMatchObject([{ path: ".github/CODEOWNERS", line: 2 }]);
});

test("the OIDC subject is the default, or made of claims", async () => {
  const scene = await stage();
  expect(await oidcSubject(scene.github)).not.toHaveProperty("claims");
  const custom = await stage({ oidcClaims: ["repo", "context"] });
  expect(await oidcSubject(custom.github)).toMatchObject({ claims: ["repo", "context"] });
  const blind = await stage({ tokens: { "t-blind": { app: "github-actions", permissions: {} } } });
  expect(await oidcSubject(blind.door({ token: "t-blind" }))).toBeUndefined();
});

describe("the rules of a branch", () => {
  test("are nothing where nothing is set up", async () => {
    const scene = await stage();
    expect(await branchRules(scene.github, "main")).toEqual({
      checks: [],
      mergeQueue: false,
      refusesForcePushes: false,
      refusesDeletion: false,
    });
  });

  test("are told with checks and the apps that are pinned to them", async () => {
    const scene = await stage({
      rules: {
        main: {
          requiredApprovals: 2,
          dismissStale: true,
          requireLastPushApproval: true,
          requiredChecks: [{ context: "landline / prod", appId: 15368 }, { context: "tests" }],
          mergeQueue: true,
        },
      },
    });
    expect(await branchRules(scene.github, "main")).toMatchObject({
      pullRequest: { approvals: 2, dismissesStale: true, lastPushApproval: true, codeOwners: false },
      checks: [{ name: "landline / prod", appId: 15368 }, { name: "tests" }],
      mergeQueue: true,
    });
    expect((await branchRules(scene.github, "main")).checks[1]).not.toHaveProperty("appId");
  });

  test("of the classic sort are hidden from a workflow", async () => {
    const scene = await stage({ rules: { main: { requiredApprovals: 1 } } });
    expect(await classicProtection(scene.github, "main")).toBeUndefined();
    const admin = scene.door({ token: "t-carla" });
    expect(await classicProtection(admin, "main")).toMatchObject({ pullRequest: { approvals: 1 } });
    expect(await classicProtection(admin, "other")).toBe("none");
  });
});

describe("environments", () => {
  const options = {
    teams: [{ slug: "network", members: ["ben"] }],
    environments: [
      { name: "prod", reviewers: ["carla", "team:network"], preventSelfReview: true, branches: "protected" as const },
      { name: "dev", branches: ["main"] },
      { name: "open" },
    ],
  };

  test("are told with who guards them", async () => {
    const scene = await stage(options);
    expect(await environments(scene.github)).toEqual([
      {
        name: "prod",
        reviewers: [
          { type: "user", name: "carla" },
          { type: "team", name: "network" },
        ],
        preventsSelfReview: true,
        branches: "protected",
      },
      { name: "dev", reviewers: [], preventsSelfReview: false, branches: "listed" },
      { name: "open", reviewers: [], preventsSelfReview: false, branches: "all" },
    ]);
  });

  test("were entered by runs that somebody let in", async () => {
    const scene = await stage(options);
    const run = scene.server.beginRun({ event: "push", headSha: "a".repeat(40), actor: "ana", environments: ["prod"] });
    expect(await approvalsOfRun(scene.github, run)).toEqual([]);
    scene.server.approveEnvironment(run, "prod", "carla", { comment: "Fine." });
    expect(await approvalsOfRun(scene.github, run)).toEqual([
      { environments: ["prod"], state: "approved", by: "carla", comment: "Fine." },
    ]);
  });
});

describe("what a token may do", () => {
  // The probes send empty bodies on purpose, which GitHub's description does not allow: so without the contract here.
  const tokens = {
    "t-some": { app: "github-actions", permissions: { checks: "write", "pull-requests": "read", contents: "read" } },
  } as const;

  test("is found out without leaving a trace", async () => {
    const scene = await stage({ tokens }, startedUnchecked);
    const some = scene.door({ token: "t-some" });
    expect(await accessOf(some, "checks")).toBe("write");
    expect(await accessOf(some, "pull-requests")).toBe("read");
    expect(await accessOf(some, "contents")).toBe("read");
    expect(await accessOf(some, "deployments")).toBe("none");
    // Who may read pull requests may list issues, as GitHub lists both together.
    expect(await accessOf(some, "issues")).toBe("read");
    expect(await accessOf(some, "actions")).toBe("none");
    for (const scope of ["checks", "contents", "deployments", "issues", "pull-requests"] as const) {
      expect(await accessOf(scene.github, scope)).toBe("write");
    }
    expect(await accessOf(scene.github, "actions")).toBe("read");
    const { issues, checkRuns, deployments, comments } = scene.server.world;
    expect([issues.size, checkRuns.length, deployments.length, comments.length]).toEqual([0, 0, 0, 0]);
    expect(writes(scene).every((call) => call.startsWith("POST "))).toBe(true);
  });

  test("is not guessed when GitHub does not answer", async () => {
    const scene = await stage({}, startedUnchecked);
    scene.server.fault({ kind: "status-before", method: "POST", path: /check-runs/ });
    await expect(accessOf(scene.github, "checks")).rejects.toMatchObject({ kind: "unreachable" });
  });

  test("is in the scopes of a person's token, and of no other", async () => {
    const scene = await stage();
    expect(await classicScopes(scene.github)).toBeUndefined();
    expect(await classicScopes(scene.door({ token: "t-carla" }))).toEqual(["repo", "read:org"]);
  });
});

const startedUnchecked: typeof startGitHub = async (options) => {
  const server = await startGitHub(options);
  onTestFinished(() => server.close());
  return server;
};
