import { execFileSync } from "node:child_process";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import type { Check } from "../../src/commands/doctor/check.ts";
import { doctor } from "../../src/commands/doctor.ts";
import { actionsFor } from "../../src/commands/iam.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { cloud, common, exampleSeed, type Workplace, workplace } from "./workplace.ts";

const OURS = ["111111111111", "222222222222"] as const;
const quiet = { ...common, quiet: true };

/** What doctor says in a folder. */
async function look(place: Workplace, env: Record<string, string> = {}) {
  const { exit, out, err } = await place.run((io) => doctor({ ...quiet, format: "json" }, { ...io, env }));
  const { ok, counts, checks } = JSON.parse(out) as { ok: boolean; counts: object; checks: Check[] };
  expect(err).toBe("");
  return { exit, ok, counts, checks, find: (id: string, about?: string) => pick(checks, id, about) };
}

const pick = (checks: readonly Check[], id: string, about?: string): readonly string[] =>
  checks.filter((check) => check.id === id && (about === undefined || check.about === about)).map(({ state }) => state);

describe("landline doctor, in an AWS that holds roles to the printed policies", () => {
  let place: Workplace;
  let sandbox: Sandbox;

  beforeEach(async () => {
    const seed = parse(exampleSeed());
    for (const account of OURS)
      seed.accounts[account].roles = Object.fromEntries(
        (["plan", "apply"] as const).map((mode) => [`landline-${mode}`, { policy: policy(actionsFor(mode)) }]),
      );
    const started = await cloud(JSON.stringify(seed));
    sandbox = started.sandbox;
    for (const [name, value] of Object.entries(started.env)) vi.stubEnv(name, value);
    place = workplace();
    return () => vi.unstubAllEnvs();
  });

  const policy = (Action: readonly string[]) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow" as const, Action: [...Action], Resource: "*" }],
  });
  const give = (mode: "plan" | "apply", Action: readonly string[]) => {
    const role = sandbox.world.accounts[OURS[0]]?.roles[`landline-${mode}`];
    if (role) role.policy = policy(Action);
  };

  it("finds AWS well, and changes nothing in it", async () => {
    const before = structuredClone(sandbox.world);
    const { exit, ok, checks } = await look(place);
    expect(checks.filter(({ id, state }) => id.startsWith("aws.") && state !== "ok")).toEqual([]);
    expect(checks.filter(({ id }) => id.startsWith("aws."))).toHaveLength(1 + 4 * 3);
    expect([exit, ok]).toEqual([0, true]);
    expect(sandbox.world).toEqual(before);
    const calls = (await (await fetch(`${sandbox.url}/_sandbox/requests`)).json()) as { write: boolean }[];
    expect(calls.length).toBeGreaterThan(100);
    expect(calls.filter(({ write }) => write)).toEqual([]);
  });

  it("finds a read that is missing, and names it", async () => {
    give(
      "plan",
      actionsFor("plan").filter((action) => action !== "route53:ListHostedZones"),
    );
    const { exit, checks, find } = await look(place);
    expect(exit).toBe(1);
    expect(find("aws.reads", "network-use1 plan")).toEqual(["broken"]);
    expect(find("aws.reads", "apps-use1 plan")).toEqual(["ok"]);
    const wrong = checks.find(({ state }) => state === "broken");
    expect(wrong?.found).toContain("route53:ListHostedZones");
    expect(wrong?.mend.join()).toContain("landline iam --mode plan");
  });

  it("finds a plan role that could write, down to a single action", async () => {
    give("plan", [...actionsFor("plan"), "ec2:DeleteVpcEndpoints"]);
    const { exit, checks, find } = await look(place);
    expect([exit, find("aws.writes", "network-use1 plan")]).toEqual([1, ["broken"]]);
    expect(checks.find(({ state }) => state === "broken")?.found).toContain("ec2:DeleteVpcEndpoints");
  });

  it("finds an apply role that cannot tag what it makes", async () => {
    give(
      "apply",
      actionsFor("apply").filter((action) => action !== "ec2:CreateTags"),
    );
    expect((await look(place)).find("aws.writes", "network-use1 apply")).toEqual(["broken"]);
  });

  it("finds a role that lets nobody in: wrong for the plan, right for the apply of a pull request", async () => {
    const account = sandbox.world.accounts[OURS[0]];
    if (account) account.roles = { other: { name: "other" } };
    const alone = await look(place);
    expect(alone.find("aws.role", "network-use1 plan")).toEqual(["broken"]);
    expect(alone.find("aws.role", "network-use1 apply")).toEqual(["unknown"]);
    const onPullRequest = await look(place, { GITHUB_EVENT_NAME: "pull_request" });
    expect(onPullRequest.find("aws.role", "network-use1 apply")).toEqual(["ok"]);
    expect(onPullRequest.find("aws.role", "apps-use1 apply")).toEqual(["broken"]);
    const onMerge = await look(place, { GITHUB_EVENT_NAME: "push" });
    expect(onMerge.find("aws.role", "network-use1 apply")).toEqual(["broken"]);
    expect(onMerge.find("aws.role", "apps-use1 apply")).toEqual(["ok"]);
  });

  it("finds credentials of the wrong account where a target names no role", async () => {
    place.edit("landline.yaml", /\n {4}roles:\n {6}plan: arn:aws:iam::2.*\n {6}apply: .*\n/, "\n");
    const { find } = await look(place);
    expect(find("aws.role", "apps-use1 plan")).toEqual(["broken"]);
    expect(find("aws.reads", "apps-use1 plan")).toEqual([]);
    expect(find("project.roles", "apps-use1")).toEqual(["warning"]);
  });

  it("looks at AWS although a spec has a problem, and not without a project file", async () => {
    place.write("specs/odd.yaml", "kind: Odd\n");
    const odd = await look(place);
    expect([odd.exit, odd.find("project.specs"), odd.find("aws.reads", "network-use1 plan")]).toEqual([
      1,
      ["broken"],
      ["ok"],
    ]);
    const empty = await look(workplace({ empty: true }));
    expect([empty.exit, empty.find("project.file"), empty.find("aws.credentials")]).toEqual([1, ["broken"], []]);
  });
});

describe("landline doctor, elsewhere", () => {
  it("without credentials says how to come by them, and is not worried", async () => {
    const nowhere = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_EC2_METADATA_DISABLED: "true" };
    const files = { AWS_CONFIG_FILE: "/nowhere", AWS_SHARED_CREDENTIALS_FILE: "/nowhere", AWS_PROFILE: undefined };
    for (const [name, value] of Object.entries({ ...nowhere, ...files })) vi.stubEnv(name, value);
    const { exit, checks, find } = await look(workplace());
    vi.unstubAllEnvs();
    expect([exit, find("aws.credentials"), find("aws.role")]).toEqual([0, ["unknown"], []]);
    expect(checks.find(({ id }) => id === "aws.credentials")?.mend.join()).toContain("AWS_PROFILE");
  });

  it("on the embedded AWS warns of roles without a policy", async () => {
    const place = workplace();
    const said = await place.run((io) => doctor({ ...quiet, sandbox: true, format: "json" }, io));
    const { checks } = JSON.parse(said.out) as { checks: Check[] };
    expect([said.exit, pick(checks, "aws.writes", "network-use1 plan")]).toEqual([0, ["warning"]]);
  });

  it("tells a shallow clone from a whole one, and reads the workflows at its root", async () => {
    const [origin, place] = [workplace(), workplace({ empty: true })];
    const git = (...words: string[]) => execFileSync("git", words, { stdio: "pipe", env: { ...process.env, ...ME } });
    git("init", "-q", origin.folder);
    origin.write("w/landline.yaml", origin.read("landline.yaml"));
    origin.write(".github/workflows/plan.yml", "on: push\njobs: { p: { steps: [{ run: landline ci plan }] } }\n");
    for (const message of ["one", "two"]) {
      origin.write("w/note", message);
      git("-C", origin.folder, "add", ".");
      git("-C", origin.folder, "commit", "-qm", message);
    }
    git("clone", "-q", "--depth=1", `file://${origin.folder}`, `${place.folder}/clone`);
    const lookIn = async (cwd: string) => {
      const said = await place.run((io) => doctor({ ...quiet, sandbox: true, format: "json" }, { ...io, cwd }));
      return (JSON.parse(said.out) as { checks: Check[] }).checks;
    };
    expect(pick(await lookIn(origin.folder), "machine.git")).toEqual(["ok"]);
    const shallow = await lookIn(`${place.folder}/clone/w`);
    expect(pick(shallow, "machine.git")).toEqual(["warning"]);
    expect(shallow.find(({ id }) => id === "workflows.trigger")?.about).toBe(".github/workflows/plan.yml, job p");
  });

  const ME = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b" };

  it("refuses a repository that is none", async () => {
    const said = await workplace().run((io) => doctor({ ...quiet, sandbox: true, format: "text", github: "acme" }, io));
    expect(said.exit).toBe(1);
    expect(said.err).toContain("OWNER/REPO");
  });
});
