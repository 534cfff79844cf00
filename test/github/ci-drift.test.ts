import {
  CreateVpcEndpointCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointsCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { type CiDriftOptions, ciDrift } from "../../src/commands/ci/drift.ts";
import { ciPlan } from "../../src/commands/ci/plan.ts";
import { payloadOf } from "../../src/github/marker.ts";
import { clients } from "../sandbox/helper.ts";
import { APPS, applied, drift, startMerging } from "./merging.ts";
import { type Ran, type RunOptions, type Scene, startScene } from "./scene.ts";

const PARTNER = "402592597372";
const NETWORK = "111111111111";

/** The drift workflow as the schedule starts it, on main as it is, with the rights of its job. */
function drifted(scene: Scene, { options, ...more }: RunOptions<CiDriftOptions> = {}): Promise<Ran> {
  const propose = options?.propose ?? false;
  const permissions = propose
    ? ({ contents: "write", "pull-requests": "write", issues: "write" } as const)
    : ({ contents: "read", issues: "write" } as const);
  return scene.run(ciDrift, { event: scene.server.scheduled(), permissions, options: { propose }, ...more });
}

const writes = (scene: Scene): string[] =>
  scene
    .requests()
    .filter(({ creating, login }) => creating && login === "github-actions[bot]")
    .map(({ method, path }) => `${method} ${path.replace("/repos/acme/network/", "")}`);

/** Issues that are no pull requests, as somebody sees them on the page. */
const issues = (scene: Scene) =>
  [...scene.server.world.issues.values()]
    .filter(({ pull }) => pull === undefined)
    .map(({ number, state, user, title, body, labels }) => ({
      number,
      state,
      who: user.login,
      title,
      about: payloadOf("drift", body ?? ""),
      body: body ?? "",
      labels: labels.map((label) => (typeof label === "string" ? label : label.name)),
    }));
const ours = (scene: Scene) => issues(scene).filter(({ who }) => who === "github-actions[bot]");
const place = { owner: "acme", repo: "network" };

describe("the issue of a connection", () => {
  it("is opened, updated in place, closed and opened again: one, whatever happens, and no write without news", async () => {
    const scene = await startMerging();
    await scene.applyMain();
    expect(await drifted(scene)).toMatchObject({ exit: 0, outputs: { drift: "0" } });
    expect(issues(scene)).toEqual([]);

    await drift(scene, 22);
    scene.forget();
    expect(await drifted(scene)).toMatchObject({ exit: 2, outputs: { drift: "1" } });
    expect(writes(scene)).toEqual(["POST issues"]);
    const [first] = ours(scene);
    expect(first).toMatchObject({ state: "open", about: "acme-network/alpha", labels: ["landline-drift"] });
    expect(first?.body).toContain("10.9.0.0/16");

    scene.forget();
    expect((await drifted(scene)).exit).toBe(2);
    expect(writes(scene)).toEqual([]);

    await drift(scene, 23);
    await drifted(scene);
    const path = `PATCH issues/${first?.number}`;
    expect(writes(scene)).toEqual([path]);
    expect(ours(scene).map(({ body }) => body.includes("tcp 23"))).toEqual([true]);

    await scene.applyMain();
    expect((await drifted(scene)).exit).toBe(0);
    expect(writes(scene)).toEqual([path, path]);
    expect(ours(scene).map(({ state }) => state)).toEqual(["closed"]);
    await drifted(scene);
    expect(writes(scene)).toEqual([path, path]);

    await drift(scene, 24);
    expect((await drifted(scene)).exit).toBe(2);
    expect(writes(scene)).toEqual([path, path, path]);
    expect(ours(scene).map(({ number, state }) => [number, state])).toEqual([[first?.number, "open"]]);
  });

  it("is not somebody else's who writes the same, and not a stranger's among many", async () => {
    const scene = await startMerging();
    await scene.applyMain();
    await drift(scene);
    await drifted(scene);
    const [real] = ours(scene);
    const forged = { ...place, title: real?.title ?? "", body: real?.body ?? "", labels: ["landline-drift"] };
    await scene.as("alice").octokit.rest.issues.create(forged);
    // So many that ours is on the second page.
    const template = [...scene.server.world.issues.values()].at(-1);
    if (!template) throw new Error("no issue");
    for (let number = 100; number < 220; number++)
      scene.server.world.issues.set(number, { ...structuredClone(template), id: 9000 + number, number });
    await drift(scene, 23);
    scene.forget();
    await drifted(scene);
    expect(writes(scene)).toEqual([`PATCH issues/${real?.number}`]);
    expect(ours(scene)).toHaveLength(1);
    expect(issues(scene).filter(({ body }) => body === real?.body).length).toBe(121);
  });

  it("is closed when its connection is gone for good, and those of other projects stay", async () => {
    const scene = await startMerging();
    const brakes = (text = "") => text.replace("percent: 25", "percent: 100");
    scene.push("ada", "main", { "landline.yaml": brakes(scene.branches.read("main", "landline.yaml")) });
    await scene.applyMain();
    await drift(scene);
    await drifted(scene);
    scene.push("ada", "main", {
      "landline.yaml": scene.branches.read("main", "landline.yaml")?.replace("name: acme-network", "name: other"),
    });
    scene.forget();
    expect(await drifted(scene)).toMatchObject({ exit: 2 });
    expect(ours(scene).find(({ about }) => about === "acme-network/alpha")?.state).toBe("open");
    scene.push("ada", "main", {
      "landline.yaml": scene.branches.read("main", "landline.yaml")?.replace("name: other", "name: acme-network"),
      "specs/alpha.yaml": undefined,
    });
    expect(await drifted(scene)).toMatchObject({ exit: 2 });
    expect(ours(scene).find(({ about }) => about === "acme-network/alpha")).toMatchObject({
      state: "open",
      body: expect.stringContaining("no spec wants it"),
    });
    await scene.applyMain();
    expect((await drifted(scene)).exit).toBe(0);
    expect(ours(scene).find(({ about }) => about === "acme-network/alpha")?.state).toBe("closed");
  });

  it.each([
    ["an answer that is lost", { kind: "drop-after" }],
    ["an error after the fact", { kind: "status-after" }],
    ["a limit of writes", { kind: "secondary", retryAfter: 1 }],
  ] as const)("is opened once, with %s", async (_what, fault) => {
    const scene = await startMerging({ github: { now: Date.now() } });
    await scene.applyMain();
    await drift(scene);
    scene.server.fault({ method: "POST", path: /issues$/, ...fault });
    expect((await drifted(scene)).exit).toBe(2);
    expect(ours(scene)).toHaveLength(1);
  });
});

/** The example project, applied, with the name of payments-api's service. */
async function startPayments(): Promise<{ readonly scene: Scene; readonly service: string }> {
  const scene = await startScene({ github: { rules: { main: { requiredApprovals: 0 } } } });
  await scene.applyMain();
  const { ec2 } = clients(scene.aws, NETWORK);
  const { ServiceConfigurations = [] } = await ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({}));
  const found = ServiceConfigurations.find(({ Tags = [] }) =>
    Tags.some(({ Value = "" }) => Value.startsWith("payments-api")),
  );
  if (!found?.ServiceName) throw new Error("payments-api has no service");
  return { scene, service: found.ServiceName };
}

const partner = (scene: Scene) => clients(scene.aws, PARTNER).ec2;

/** The partner asks to connect. Gives the endpoint's id. */
async function ask(scene: Scene, ServiceName: string): Promise<string> {
  const { VpcEndpoint } = await partner(scene).send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: "Interface",
      VpcId: "vpc-0c1b2c3d4e5f60001",
      ServiceName,
      SubnetIds: ["subnet-0c1b2c3d4e5f60001"],
      SecurityGroupIds: ["sg-0c1b2c3d4e5f60001"],
    }),
  );
  return VpcEndpoint?.VpcEndpointId ?? "";
}

/** Whether the partner is connected, as the partner sees it. */
async function stateOf(scene: Scene, id: string): Promise<string | undefined> {
  const { VpcEndpoints = [] } = await partner(scene).send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  return VpcEndpoints[0]?.State;
}

const SPEC = "specs/payments-api.yaml";

describe("a grant that is about to end", () => {
  it("is listed from thirty days before, at its line, without being drift", async () => {
    const { scene } = await startPayments();
    const until = (text: string) =>
      scene.push("ada", "main", scene.edited(SPEC, /NET-12", until: [\d-]+/, `NET-12", until: ${text}`));
    until("2026-12-21");
    expect((await drifted(scene)).exit).toBe(0);
    expect(issues(scene)).toEqual([]);
    until("2026-12-20");
    expect(await drifted(scene)).toMatchObject({ exit: 0, outputs: { drift: "0" } });
    const [issue, ...others] = ours(scene);
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ about: "acme-network/payments-api", state: "open" });
    const line = (scene.branches.read("main", SPEC) ?? "").split("\n").findIndex((one) => one.includes("NET-12")) + 1;
    for (const part of ["402592597372:root", "2026-12-20", "NET-12", `${SPEC}:${line}`])
      expect(issue?.body).toContain(part);
    expect(issue?.body).not.toContain("NET-15");
    until("2027-06-30");
    await drifted(scene);
    expect(ours(scene).map(({ state }) => state)).toEqual(["closed"]);
  });
});

/** Takes the rights of the plan role in the applications' account away, until they are given back. */
function withoutRights(scene: Scene): () => void {
  const roles = scene.aws.world.accounts[APPS]?.roles ?? {};
  const rights = roles["landline-plan"];
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow" as const, Action: ["sts:*"], Resource: "*" }] };
  roles["landline-plan"] = { name: "landline-plan", policy };
  return () => {
    if (rights) roles["landline-plan"] = rights;
    else delete roles["landline-plan"];
  };
}

describe("a target that cannot be read", () => {
  it("leaves its issues as they are, also of specs that are gone by now", async () => {
    const { scene } = await startPayments();
    await drift(scene, 22, "ledger");
    await drifted(scene);
    expect(ours(scene).map(({ about }) => about)).toEqual(["acme-network/ledger"]);
    const giveBack = withoutRights(scene);
    scene.forget();
    expect(await drifted(scene)).toMatchObject({ exit: 1, outputs: { drift: "0" } });
    expect([writes(scene), ours(scene).map(({ state }) => state)]).toEqual([[], ["open"]]);
    scene.push("ada", "main", { "specs/ledger.yaml": undefined, "specs/event-stream.yaml": undefined });
    await drifted(scene);
    expect([writes(scene), ours(scene).map(({ state }) => state)]).toEqual([[], ["open"]]);
    giveBack();
    expect((await drifted(scene)).exit).toBe(2);
    expect(writes(scene)).toEqual([`PATCH issues/${ours(scene)[0]?.number}`]);
  });

  it("leaves the issue of a connection whose spec is gone and of which nothing can be seen elsewhere", async () => {
    const scene = await startMerging();
    await scene.applyMain();
    await drift(scene);
    await drifted(scene);
    withoutRights(scene);
    scene.push("ada", "main", { "specs/alpha.yaml": undefined });
    scene.forget();
    expect((await drifted(scene)).exit).toBe(1);
    expect([writes(scene), ours(scene).map(({ state }) => state)]).toEqual([[], ["open"]]);
  });
});

describe("a request that no spec names", () => {
  const propose = (scene: Scene) => drifted(scene, { options: { propose: true } });
  const pullsOf = (scene: Scene) => [...scene.server.world.issues.values()].filter(({ pull }) => pull !== undefined);
  const branchOf = (id: string) => `landline/accept-${id}`;

  it("is listed in the issue, and with --propose becomes a pull request whose merge accepts it", async () => {
    const { scene, service } = await startPayments();
    const asked = await ask(scene, service);
    expect((await drifted(scene)).exit).toBe(2);
    expect(ours(scene)).toMatchObject([
      { about: "acme-network/payments-api", body: expect.stringContaining(asked), state: "open" },
    ]);
    expect(ours(scene)[0]?.body).not.toContain("difference");
    expect(pullsOf(scene)).toEqual([]);

    scene.forget();
    const ran = await propose(scene);
    expect(ran.exit).toBe(2);
    expect(writes(scene)).toEqual(["POST git/refs", "PUT contents/specs%2Fpayments-api.yaml", "POST pulls"]);
    const [pull] = pullsOf(scene);
    const number = pull?.number ?? 0;
    for (const part of [asked, PARTNER, "NET-12", "2027-03-31", "- [ ] "]) expect(pull?.body).toContain(part);
    expect(ran.summary).toContain(`#${number}`);
    const [before, after] = ["main", branchOf(asked)].map((branch) => scene.branches.read(branch, SPEC) ?? "");
    expect(after?.startsWith(before ?? "-")).toBe(true);
    expect(after?.slice(before?.length).split("\n").length).toBe(4);

    scene.forget();
    await propose(scene);
    expect(writes(scene)).toEqual([]);

    // GitHub starts nothing for what a workflow has opened, so that somebody opens it again.
    for (const state of ["closed", "open"] as const)
      await scene.as("carol").octokit.rest.pulls.update({ ...place, pull_number: number, state });
    expect((await scene.run(ciPlan)).exit).toBe(0);
    await scene.review(number, "bob");
    expect(await stateOf(scene, asked)).toBe("pendingAcceptance");
    await scene.merge(number, "bob");
    expect((await applied(scene)).exit).toBe(0);
    await expect.poll(() => stateOf(scene, asked)).toBe("available");
    scene.forget();
    expect((await propose(scene)).exit).toBe(0);
    expect(ours(scene).map(({ state }) => state)).toEqual(["closed"]);
    expect(writes(scene)).toHaveLength(1);
  });

  it("is not proposed again after somebody has said no, and a branch that people work on is left to them", async () => {
    const { scene, service } = await startPayments();
    const [refused, theirs] = [await ask(scene, service), await ask(scene, service)];
    await propose(scene);
    const numberOf = (id: string) => pullsOf(scene).find(({ pull }) => pull?.head.branch === branchOf(id))?.number ?? 0;
    expect(pullsOf(scene)).toHaveLength(2);
    await scene.as("bob").octokit.rest.pulls.update({ ...place, pull_number: numberOf(refused), state: "closed" });
    const text = scene.branches.read(branchOf(theirs), SPEC) ?? "";
    scene.push("carol", branchOf(theirs), {
      [SPEC]: text.replace(/asked for by account \d+ on [^"]+/, "agreed, NET-99"),
    });
    scene.push("ada", "main", scene.edited(SPEC, "team-payments", "team-money"));
    scene.forget();
    const ran = await propose(scene);
    expect(ran.exit).toBe(2);
    expect(writes(scene)).toEqual([]);
    expect(ran.err).toContain(`${refused}: not proposed again after #${numberOf(refused)}`);
    expect(ran.err).toContain(`${theirs}: left alone`);
    expect(scene.branches.read(branchOf(theirs), SPEC)).toContain("NET-99");
  });

  it("is not proposed for an account that may not ask any more, nor where the spec cannot be edited by a program", async () => {
    const { scene, service } = await startPayments();
    const asked = await ask(scene, service);
    const text = scene.branches.read("main", SPEC) ?? "";
    scene.push("ada", "main", { [SPEC]: text.replace(/ {2}allowedPrincipals:[\s\S]*/, "  allowedPrincipals: []\n") });
    const ran = await propose(scene);
    expect(ran.err).toContain(`${asked}: not proposed, because no principal of account ${PARTNER}`);
    scene.push("ada", "main", { [SPEC]: `${text}  connections: { accept: &none [], reject: *none }\n` });
    const again = await propose(scene);
    expect(again.err).toContain(`${asked}: not proposed: in ${SPEC} `);
    expect(pullsOf(scene)).toEqual([]);
    expect(ours(scene)[0]?.body).toContain(asked);
  });

  it("needs the rights of the second job, and says which", async () => {
    const { scene, service } = await startPayments();
    await ask(scene, service);
    const permissions = { contents: "read", issues: "write" } as const;
    const ran = await drifted(scene, { options: { propose: true }, permissions });
    expect(ran).toMatchObject({ exit: 1, err: expect.stringMatching(/pull-requests: |contents: write/) });
    expect(ours(scene)).toHaveLength(1);
  });
});

describe("refused", () => {
  it("is a run for another branch or another event", async () => {
    const scene = await startMerging();
    expect(await drifted(scene, { event: "push" })).toMatchObject({
      exit: 1,
      err: expect.stringContaining("schedule"),
    });
    const event = { ...scene.server.dispatched("ada"), ref: "refs/heads/topic" };
    expect(await drifted(scene, { event })).toMatchObject({ exit: 1, err: expect.stringContaining("main") });
  });
});
