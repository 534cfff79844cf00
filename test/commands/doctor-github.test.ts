import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Check } from "../../src/commands/doctor/check.ts";
import { doctor } from "../../src/commands/doctor.ts";
import type { GitHubOptions } from "../../src/sandbox/github/options.ts";
import { startGitHub } from "../../src/sandbox/github/server.ts";
import { stage, TOKEN } from "../github/stage.ts";
import { common, workplace } from "./workplace.ts";

/** The settings that docs/github.md asks for. */
const settings: Partial<GitHubOptions> = {
  teams: [{ slug: "network-security", members: ["ana"] }],
  rules: {
    main: {
      requiredApprovals: 1,
      dismissStale: true,
      requireLastPushApproval: true,
      requiredChecks: ["apps-use1", "network-use1"].map((target) => ({
        context: `landline / ${target}`,
        appId: 15368,
      })),
    },
  },
  environments: [
    { name: "landline-apply", branches: ["main"] },
    { name: "landline-approve-new-plan", reviewers: ["ana", "ben"], preventSelfReview: true },
  ],
};

const WORKFLOWS = ["plan", "apply", "drift"];

/** Doctor in the example project with this repository's workflows, asked about a local GitHub. Answers with what it says of GitHub. */
async function look(options: Partial<GitHubOptions>, env: Record<string, string> = {}) {
  // The probes of a token are requests that GitHub has to refuse: they are not as its description says, on purpose.
  const { server } = await stage(options, async (all) => {
    const started = await startGitHub(all);
    onTestFinished(() => started.close());
    return started;
  });
  const place = workplace();
  for (const name of WORKFLOWS)
    place.write(
      `.github/workflows/${name}.yml`,
      readFileSync(new URL(`../../.github/workflows/${name}.yml`, import.meta.url), "utf8"),
    );
  const all = { GITHUB_API_URL: server.url, GITHUB_REPOSITORY: "acme/network", GITHUB_TOKEN: TOKEN, ...env };
  const said = await place.run((io) =>
    doctor({ ...common, quiet: true, sandbox: true, format: "json" }, { ...io, env: all }),
  );
  const checks = (JSON.parse(said.out) as { checks: Check[] }).checks.filter(({ id }) => id.startsWith("github."));
  const states = (state: Check["state"]) => checks.filter((check) => check.state === state).map(({ id }) => id);
  return { server, said, checks, states, find: (id: string) => checks.find((check) => check.id === id) };
}

describe("landline doctor on GitHub", () => {
  it("finds an administrator's view of a well-kept repository well", async () => {
    const { said, states } = await look(settings, { GITHUB_TOKEN: "t-carla" });
    expect(states("broken")).toEqual([]);
    expect(states("unknown")).toEqual([]);
    expect(states("warning")).toEqual([]);
    expect(said.exit).toBe(0);
  });

  it("finds what an empty repository lacks", async () => {
    const { said, states } = await look({}, { GITHUB_TOKEN: "t-carla" });
    expect(said.exit).toBe(1);
    expect(states("broken")).toEqual([
      "github.pull-requests",
      "github.required-checks",
      "github.environment",
      "github.environment",
    ]);
  });

  it("says what a workflow's token does not see, and what it would need", async () => {
    const permissions = { contents: "read", "pull-requests": "write", checks: "write" } as const;
    const tokens = { "t-plan": { app: "github-actions", permissions } };
    const { said, find, states } = await look({ ...settings, tokens }, { GITHUB_TOKEN: "t-plan" });
    expect(said.exit).toBe(0);
    expect(states("unknown").sort()).toEqual(["github.approvers", "github.environment", "github.force-pushes"]);
    expect(find("github.environment")?.mend.join()).toContain("actions: read");
    expect(find("github.approvers")?.mend.join()).toContain("LANDLINE_TEAMS_TOKEN");
    expect(said.out).toMatch(/has to name repo:acme@\d+\/network@\d+:environment:landline-apply"/);
    expect(find("github.token")?.found).toContain("enough for landline ci plan");
  });

  it("sees teams with a token for them", async () => {
    const seen = await look(settings, { LANDLINE_TEAMS_TOKEN: "t-carla" });
    expect(seen.find("github.approvers")).toMatchObject({ about: "@acme/network-security", state: "ok" });
    const gone = await look({ ...settings, teams: [] }, { LANDLINE_TEAMS_TOKEN: "t-carla" });
    expect(gone.find("github.approvers")).toMatchObject({ state: "broken" });
  });

  it("takes what GitHub refuses, or does not answer, for unknown", async () => {
    for (const env of [
      { GITHUB_TOKEN: "t-nobody" },
      { GITHUB_REPOSITORY: "acme/other" },
      { GITHUB_API_URL: "http://127.0.0.1:1" },
    ]) {
      const { said, checks } = await look(settings, env);
      expect(checks).toMatchObject([{ id: "github.access", state: "unknown", mend: [expect.stringMatching(/\w/)] }]);
      expect(said.exit).toBe(0);
    }
  });

  it.each([
    ["a token", { GITHUB_TOKEN: "" }, "GITHUB_TOKEN"],
    ["a repository", { GITHUB_REPOSITORY: "" }, "--github OWNER/REPO"],
  ])("without %s says how to give one", async (_, env, line) => {
    const { server, checks } = await look(settings, env);
    expect(checks).toMatchObject([{ id: "github.access", state: "unknown" }]);
    expect(checks[0]?.mend.join()).toContain(line);
    expect(server.requests()).toEqual([]);
  });

  it("changes nothing and tells nobody the token", async () => {
    const { server, said } = await look(settings);
    expect(said.out + said.err).not.toContain(TOKEN);
    const writing = server.requests().filter(({ method }) => method !== "GET");
    expect(writing.length).toBeGreaterThan(0);
    expect(writing.filter(({ status }) => status !== 422 && status !== 403)).toEqual([]);
  });
});
