import {
  CreateLoadBalancerCommand,
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it, test, vi } from "vitest";
import { gist, NETWORK } from "../scenarios/harness.ts";
import { openPage, typed } from "./page.ts";
import { meaning, shippedProfile, taken } from "./profile.ts";
import {
  applied,
  bodies,
  expectRefused,
  type Partnership,
  partnerAsks,
  partnerLeaves,
  settled,
  startPartnership,
  takenDown,
  verdicts,
} from "./stage.ts";

/** A deployment of the EMQX Platform connects to a service of ours, its side played by its own account. */

// Each goes through a whole life, of a dozen runs.
vi.setConfig({ testTimeout: 120_000 });

const EMQX = "444444444444";
const STRANGER = "555555555555";
/** In the zones of the deployment. */
const SUBNETS = ["subnet-0c1b2c3d4e5f60002", "subnet-0c1b2c3d4e5f60003"];
const THEIRS = ["subnet-0d1b2c3d4e5f60002", "subnet-0d1b2c3d4e5f60003"];
const ADDRESS = "10.30.17.5.telemetry.example.com";

const start = (): Promise<Partnership> => startPartnership({ name: "emqx", accounts: [EMQX, STRANGER] });
const accept = (stage: Partnership, endpoint: string): void =>
  stage.rewrite(
    "  acceptance: required\n",
    `  acceptance: required\n  connections:\n    accept:\n      - { endpoint: ${endpoint}, reason: "created by Kim in the console, NET-42" }\n`,
  );
const ids = async (stage: Partnership): Promise<string[]> => (await stage.handed()).map(({ id }) => id);

/** From nothing to a connection that is active; answers with the partner's endpoint. */
async function connected(stage: Partnership): Promise<string> {
  await applied(stage);
  await settled(stage, "waiting-partner");
  const endpoint = await partnerAsks(stage, EMQX, SUBNETS);
  accept(stage, endpoint);
  tell(stage);
  await applied(stage);
  await settled(stage, "active");
  return endpoint;
}

/** What has to be said before it may go. */
function leave(stage: Partnership): void {
  stage.rewrite("partner:\n", "state: absent\npartner:\n");
}
/** What the console shows once it works. */
function tell(stage: Partnership): void {
  stage.rewrite("    tier: dedicated\n", `    tier: dedicated\n    address: ${ADDRESS}\n`);
  stage.rewrite("service:\n", `${RUNNING}service:\n`);
}
const CONFIRMED = `  confirm: [{ id: emqx.unused, reason: "the rule to the database is deleted, NET-45" }]\n`;
const RUNNING = "  reported: { state: running, on: 2026-11-20 }\n";

test("R129 R135 R137 R138 R139 R140 R141 R142 R143 R145 R152 R153 from an empty account to a data integration, and down again", async () => {
  const stage = await start();
  const page = openPage("emqx");
  page.shows("spec", stage.spec());
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  expect(await ids(stage)).toEqual(["prepare"]);
  const done = (await applied(stage)).outcomes.map(({ address }) => address);
  const at = (part: string): number => done.findIndex((address) => address.endsWith(part));
  expect(at("nlb/database")).toBeLessThan(at("emqx/service"));
  expect(at("emqx/service")).toBeLessThan(at("service/allowlist"));

  await settled(stage, "waiting-partner");
  const { outputs } = await stage.live("emqx/service");
  const [create, ...more] = await stage.handed();
  expect({ id: create?.id, channel: create?.channel, more }).toEqual({ id: "create", channel: "console", more: [] });
  expect(create?.body.split("\n").slice(2)).toEqual([
    expect.stringContaining('click "Allow principals and go to the next step"'),
    `4. Endpoint service name: ${outputs.serviceName}`,
    '5. Click "Create PrivateLink".',
  ]);
  page.shows("create", typed("landline handoff emqx", await stage.handoffText()));

  const endpoint = await partnerAsks(stage, EMQX, SUBNETS);
  await settled(stage, "waiting-us");
  expect(await ids(stage)).toEqual(["approve"]);
  page.shows("asks", typed("landline handoff emqx", await stage.handoffText()));
  accept(stage, endpoint);
  await applied(stage);
  await settled(stage, "waiting-partner");
  expect(await ids(stage)).toEqual(["finish"]);
  page.shows("finish", typed("landline handoff emqx", await stage.handoffText()));

  const shown = await stage.captured(`PrivateLink\nStatus: running\nAddress: ${ADDRESS}\n`);
  page.shows("capture", typed("landline capture emqx < copied.txt", shown));
  expect(stage.spec()).toContain(`address: ${ADDRESS}`);
  await settled(stage, "active");
  expect(await bodies(stage)).toEqual([expect.stringContaining(`Server: ${ADDRESS}:5432\n`)]);
  page.shows("use", typed("landline handoff emqx", await stage.handoffText()));
  page.shows("status", typed("landline status emqx", await stage.statusText()));

  const verified = await stage.verifiedText();
  expect(verified.exit, verified.out).toBe(0);
  page.shows("verify", typed("landline verify emqx", verified));

  stage.rewrite("state: running", "state: failed");
  expect(await stage.states()).toEqual(["failed"]);
  leave(stage);
  await expectRefused(stage, "emqx.unused", "partner.attached", "partner.reported-state");
  page.shows("refused", errorsOf((await stage.plan({ format: "text" })).out));
  page.shows("remove", typed("landline handoff emqx", await stage.handoffText()));
  stage.rewrite("state: failed", "state: running");
  stage.rewrite("service:\n", `${CONFIRMED}service:\n`);
  await expectRefused(stage, "partner.attached");
  await partnerLeaves(stage, EMQX, endpoint);
  for (let looks = 0; looks < 5 && (await stage.plan()).exit === 3; looks++);
  page.shows("down", typed("landline apply --yes", await stage.apply({ format: "text", parallel: 1 })));
  await settled(stage, "absent");
  page.check();
});

/** The errors of a plan's text. */
const errorsOf = (text: string): string => /^Errors\n[\s\S]*?(?=\n\n)/m.exec(text)?.[0] ?? "";

test("R133 targets that are not healthy: nothing goes on until they are", async () => {
  const stage = await start();
  expect(await verdicts(stage, "emqx.")).toEqual(["info emqx.healthy deferred"]);
  await applied(stage);
  const { elbv2 } = stage.as(NETWORK);
  const { TargetGroups = [] } = await elbv2.send(new DescribeTargetGroupsCommand({}));
  const [TargetGroupArn] = TargetGroups.flatMap((group) => group.TargetGroupArn ?? []);
  await elbv2.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "10.10.17.10", Port: 5432 }] }));
  // What the plan mends it does not refuse.
  expect(await verdicts(stage, "emqx.")).toEqual(["info emqx.healthy deferred"]);
  await applied(stage);
  await settled(stage, "waiting-partner");
  stage.rewrite("10.10.17.10", "10.10.240.10");
  await applied(stage);
  await health(stage, "no answer");
  expect(await verdicts(stage, "emqx.")).toEqual(["error emqx.healthy"]);
  expect(await stage.states()).toEqual(["degraded"]);
  await health(stage, undefined);
  await settled(stage, "waiting-partner");
  const endpoint = await partnerAsks(stage, EMQX, SUBNETS);
  accept(stage, endpoint);
  tell(stage);
  await applied(stage);
  await settled(stage, "active");
  stage.rewrite("service:\n", `${CONFIRMED}service:\n`);
  await takenDown(stage, EMQX, endpoint);
});

/** What the health checks of all targets find from now on; undefined: that they are well. */
async function health(stage: Partnership, unhealthy: string | undefined): Promise<void> {
  const world = stage.world();
  for (const group of Object.values(world.accounts[NETWORK]?.regions["us-east-1"]?.targetGroups ?? {}))
    group.targets = group.targets.map(({ unhealthy: _before, ...target }) =>
      unhealthy === undefined ? target : { ...target, unhealthy },
    );
  await stage.putWorld(world);
  for (let looks = 0; looks < 5 && (await verdicts(stage, "emqx.")).some((said) => said.includes("deferred")); looks++);
}

test("R136 R150 only the endpoint of the deployment's own account, named by its id", async () => {
  const stage = await start();
  stage.rewrite(
    "  allowedPrincipals:\n",
    `  allowedPrincipals:\n    - { principal: "arn:aws:iam::${STRANGER}:root", reason: "an auditor, NET-23", until: 2027-01-31 }\n`,
  );
  await applied(stage);
  const [ours, stranger] = [await partnerAsks(stage, EMQX, SUBNETS), await partnerAsks(stage, STRANGER, THEIRS)];
  expect(await bodies(stage)).toEqual([expect.stringContaining(`approve: ${ours} of account ${EMQX} asks`)]);
  accept(stage, stranger);
  await expectRefused(stage, "partner.accept-account");
  stage.rewrite(`{ endpoint: ${stranger},`, `{ account: "${EMQX}",`);
  await expectRefused(stage, "partner.accept-form");
  stage.rewrite(`{ account: "${EMQX}",`, `{ endpoint: ${ours},`);
  const { plan } = await stage.plan();
  expect(gist(plan)).toEqual([`create emqx/service/acceptance/${ours}`]);
  await applied(stage);
  stage.rewrite(
    "    accept:\n",
    `    reject: [{ endpoint: ${stranger}, reason: "nobody knows it, NET-24" }]\n    accept:\n`,
  );
  tell(stage);
  await applied(stage);
  await settled(stage, "active");
  stage.rewrite("service:\n", `${CONFIRMED}service:\n`);
  await takenDown(stage, EMQX, ours);
});

test("R143 R144 R146 taking our side away first is refused, unless the partner is given up with a reason", async () => {
  const stage = await start();
  const endpoint = await connected(stage);
  stage.rewrite("service:\n", `${CONFIRMED}service:\n`);
  leave(stage);
  await expectRefused(stage, "partner.attached");
  stage.append('acknowledge: [{ finding: partner.attached, reason: "the deployment is gone, NET-46" }]');
  await expectRefused(stage, "partner.attached");
  stage.rewrite(
    "  acceptance: required\n",
    "  acceptance: required\n  disconnect: true\n  disconnectReason: the deployment is gone, NET-46\n",
  );
  const { plan } = await stage.plan();
  expect(plan.findings.filter(({ id }) => id === "partner.attached")).toMatchObject([
    { waived: "the deployment is gone, NET-46" },
  ]);
  await applied(stage);
  await settled(stage, "absent");
  expect(stage.world().accounts[EMQX]?.regions["us-east-1"]?.vpcEndpoints[endpoint]?.state).not.toBe("available");
  expect(meaning("emqx", "provider", "failed")).toMatchObject({
    is: "failed",
    hint: expect.stringMatching(/AWS side/),
  });
});

test("a file that goes before its time takes nothing along", async () => {
  const stage = await start();
  await connected(stage);
  stage.write("specs/other.yaml", OTHER);
  stage.remove("specs/emqx.yaml");
  const { exit, plan } = await stage.plan();
  expect(exit).toBe(3);
  expect(plan.findings.find(({ id }) => id === "partner.removal")?.message).toContain("(emqx)");
  expect(plan.changes.filter(({ connection, refused }) => connection === "emqx" && refused === undefined)).toEqual([]);
});

/** A project without specs is refused. */
const OTHER = `apiVersion: landline/v1
kind: Connection
metadata: { name: other }
endpoints:
  - target: apps-use1
    service: pending
    vpc: vpc-0b1b2c3d4e5f60001
    subnets: [subnet-0b1b2c3d4e5f60001]
    securityGroup: { ingress: [{ ports: 443, from: 10.20.0.0/16 }] }
`;

describe("what EMQX demands is asked for before the first write", () => {
  it.each([
    ["a tier without PrivateLink", "tier: dedicated", "tier: serverless", ["emqx.tier"]],
    ["R127 R151 zones that are not the same", "[use1-az4, use1-az6]", "[use1-az2, use1-az4]", ["emqx.zones"]],
    ["R127 a zone too many", "[use1-az4, use1-az6]", "[use1-az4]", ["emqx.zones"]],
    ["R127 a zone too few", "[use1-az4, use1-az6]", "[use1-az2, use1-az4, use1-az6]", ["emqx.zones"]],
    ["R130 R132 another protocol", "protocol: TCP\n", "protocol: TCP_UDP\n", ["emqx.protocol"]],
    [
      "R134 IPv6",
      "  acceptance: required\n",
      "  acceptance: required\n  ipAddressTypes: [ipv4, ipv6]\n",
      ["emqx.ipv4"],
    ],
    [
      "R137 an ARN that is not allowed",
      "principal: arn:aws:iam::444444444444:root",
      "principal: arn:aws:iam::555555555555:role/deployment",
      ["emqx.principals"],
    ],
    ["everybody lets himself in", "acceptance: required", "acceptance: automatic", ["partner.accept-automatic"]],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("R132 a load balancer that is open to the internet", async () => {
    const stage = await start();
    const made = await stage.as(NETWORK).elbv2.send(
      new CreateLoadBalancerCommand({
        Name: "public",
        Type: "network",
        Scheme: "internet-facing",
        Subnets: ["subnet-0a1b2c3d4e5f60002", "subnet-0a1b2c3d4e5f60003"],
      }),
    );
    const listeners = /loadBalancers:\n[\s\S]*? {2}acceptance/.exec(stage.spec())?.[0] ?? "";
    stage.rewrite(listeners, `loadBalancers: [{ arn: "${made.LoadBalancers?.[0]?.LoadBalancerArn}" }]\n  acceptance`);
    expect(await verdicts(stage, "emqx.scheme")).toEqual(["error emqx.scheme"]);
    expect((await stage.plan()).exit).toBe(3);
  });

  it("R131 health checks on the port that gets the traffic are a warning", async () => {
    const stage = await start();
    stage.rewrite("            healthCheck: { port: 5432 }\n", "");
    expect(await verdicts(stage, "emqx.")).toEqual(["warning emqx.health-check-port", "info emqx.healthy deferred"]);
  });

  it("partly common zones can be accepted with a reason", async () => {
    const stage = await start();
    stage.rewrite("[use1-az4, use1-az6]", "[use1-az4]");
    stage.append('acknowledge: [{ finding: emqx.zones, reason: "agreed with EMQX, ticket 815" }]');
    expect(await verdicts(stage, "emqx.zones")).toEqual(["error emqx.zones waived"]);
  });

  it.each([
    ["R128 no zones", "    zone_ids: [use1-az4, use1-az6]\n", "", "zone_ids"],
    [
      "R127 names of zones, which mean others in every account",
      "use1-az4, use1-az6",
      "us-east-1a, us-east-1b",
      "zone_ids",
    ],
    ["R136 no ARN", "    principal: arn:aws:iam::444444444444:root\n", "", "principal"],
    ["everybody as the ARN", "principal: arn:aws:iam::444444444444:root", 'principal: "*"', "principal"],
  ])("%s", async (_what, from, to, said) => {
    const stage = await start();
    stage.rewrite(from, to);
    const { exit, err } = await stage.plan();
    expect(exit).toBe(1);
    expect(err).toContain(said);
    expect(await stage.requests()).toEqual([]);
  });
});

describe("what EMQX shows", () => {
  it.each([
    ["R140", "running", "active"],
    ["R144", "failed", "failed"],
    ["R140", "Running", "active"],
  ])("%s: %s is %s", (_row, state, is) => {
    expect(meaning("emqx", "provider", state)).toMatchObject({ is });
  });

  it("another word means nothing", () => {
    expect(meaning("emqx", "provider", "not running")).toEqual({ state: "not running", on: "2026-11-20" });
  });

  it("R140 the address is taken from what was pasted", () => {
    expect(taken("emqx", `Status: running\nAddress: ${ADDRESS}\n`)).toEqual([`params.address ${ADDRESS}`]);
  });

  it("R126 it only ever connects to us", () => {
    expect(shippedProfile("emqx").spec.consumer).toBeUndefined();
  });
});
