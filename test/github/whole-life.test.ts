import {
  CreateVpcEndpointCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointServicesCommand,
  EC2Client,
  ModifyVpcEndpointServicePermissionsCommand,
} from "@aws-sdk/client-ec2";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WORKFLOWS, workflow } from "../../src/commands/init-github.ts";
import type { LoggedRequest } from "../../src/sandbox/requests.ts";
import { findLeaks } from "./leaks.ts";
import { type Life, type Run, startLife } from "./life.ts";
import { HOME, lastingProject, ROLES } from "./life-beginning.ts";
import { type Job, readWorkflow } from "./runner/files.ts";
import { BUILD, isOurs, ourAction } from "./runner/ours.ts";

/**
 * The whole life of connections on GitHub, with nothing in between: the workflows that `landline init --github` writes start the built `landline`
 * as processes, on the sandbox and on a local GitHub that is held to GitHub's description. The tests are one story and build on each other.
 */

const NETWORK = "111111111111";
const PARTNER = "402592597372";
const CONNECTOR = `arn:aws:iam::${PARTNER}:role/connector`;
const PAYMENTS = "specs/payments-api.yaml";
const LEDGER = "specs/ledger.yaml";

const today = lastingProject();
const [payments = "", ledger = ""] = [today[PAYMENTS], today[LEDGER]];
const granted = payments.indexOf("    - {\n");
/** Before the story the ledger has no spec, and the connector no grant. */
const before = { ...today, [PAYMENTS]: payments.slice(0, granted), [LEDGER]: undefined };

// Some forty processes, one after the other.
vi.setConfig({ testTimeout: 240_000 });

let life: Life;
beforeAll(async () => {
  const files = Object.fromEntries(Object.entries(before).filter(([, text]) => text !== undefined));
  life = await startLife(files);
  const applied = await life.landline("apply", "--yes", "--quiet");
  expect({ exit: applied.exit, err: applied.err }).toEqual({ exit: 0, err: "" });
}, 240_000);
afterAll(() => life.close());

const only = (runs: readonly Run[], name: string): Run => {
  const [run, ...others] = runs.filter((one) => one.workflow === name);
  if (!run || others.length > 0) throw new Error(`the workflow ${name} ran ${others.length + (run ? 1 : 0)} times`);
  return run;
};
const results = (run: Run) => Object.fromEntries(run.jobs.map(({ id, result }) => [id, result]));
const issues = () => [...life.server.world.issues.values()].filter(({ pull }) => pull === undefined);
const place = { owner: "acme", repo: "network" };

describe("a pull request from the first push to the drift after it", () => {
  let applied: Run;

  it("is planned, and told in one comment and a check for each target", async () => {
    expect(payments.slice(granted)).toContain(CONNECTOR);
    life.push("alice", "ledger", { [LEDGER]: ledger, [PAYMENTS]: payments });
    await life.as("alice").octokit.rest.pulls.create({ ...place, head: "ledger", base: "main", title: "The ledger" });
    const run = only(await life.happened("pull_request"), "plan");
    expect(results(run), run.said).toEqual({ plan: "success", check: "skipped" });
    expect(life.comments(1)).toHaveLength(1);
    expect(life.comments(1)[0]).toMatch(/0 of 1 approval from .*network-security/);
    expect(life.server.world.checkRuns.map(({ name, conclusion }) => [name, conclusion]).sort()).toEqual([
      ["landline / apps-use1", "success"],
      ["landline / network-use1", "success"],
    ]);
    expect(life.server.world.artifacts.map(({ name }) => name)).toEqual(["landline-plan"]);
  });

  it("keeps that one comment up to date on a second push", async () => {
    const [first] = life.comments(1);
    const asked = (await calls()).length;
    life.push("alice", "ledger", { [LEDGER]: ledger.replace("5432, from: 10.20.0.0/16", "5432, from: 10.20.0.0/20") });
    const run = only(await life.happened("pull_request"), "plan");
    expect(run.conclusion, run.said).toBe("success");
    expect(life.comments(1)).toHaveLength(1);
    expect(life.comments(1)[0]).not.toBe(first);
    expect(life.comments(1)[0]).toContain("10.20.0.0/20");
    const since = (await calls()).slice(asked);
    expect(since.length).toBeGreaterThan(0);
    expect(since.filter(({ write }) => write)).toEqual([]);
  });

  it("counts the approval of the team that the project asks for", async () => {
    await life.as("bob").octokit.rest.pulls.createReview({ ...place, pull_number: 1, event: "APPROVE" });
    const run = only(await life.happened("pull_request_review"), "plan");
    expect(run.conclusion, run.said).toBe("success");
    expect(life.comments(1)).toHaveLength(1);
    expect(life.comments(1)[0]).toMatch(/\[x\] 1 of 1 approval from .*network-security: bob/);
    expect(life.comments(1)[0]).not.toContain("[ ]");
  });

  it("is applied by its merge, and reported in the same comment", async () => {
    await life.as("alice").octokit.rest.pulls.merge({ ...place, pull_number: 1 });
    applied = only(await life.happened("push"), "apply");
    expect(results(applied), applied.said).toEqual({
      apply: "success",
      "approve-new-plan": "skipped",
      "apply-new-plan": "skipped",
      check: "success",
      "check-again": "skipped",
    });
    expect(life.comments(1)).toHaveLength(1);
    expect(life.comments(1)[0]).toContain("Applied: 10 done, 0 failed");
    const deployments = life.server.world.deployments.map(({ environment, statuses }) => [
      environment,
      ...statuses.map(({ state }) => state),
    ]);
    expect(deployments.sort()).toEqual([
      ["apps-use1", "in_progress", "success"],
      ["network-use1", "in_progress", "success"],
    ]);
    await expectNothingToDo();
  });

  it("finds what somebody changes behind our back, and keeps one issue about it", async () => {
    await removeConnector();
    const run = only(await life.scheduled(), "drift");
    expect(results(run), run.said).toEqual({ drift: "failure", propose: "skipped", check: "success" });
    expect(issues().map(({ title, state }) => [title.includes("payments-api"), state])).toEqual([[true, "open"]]);
    const [issue] = issues();
    expect(issue?.body).toContain(CONNECTOR);

    const asked = life.server.requests().length;
    await life.scheduled();
    expect(issues()).toHaveLength(1);
    expect(
      life.server
        .requests()
        .slice(asked)
        .filter(({ creating }) => creating),
    ).toEqual([]);
  });

  it("is repaired by running its apply again, which closes the issue", async () => {
    const run = await life.again(applied);
    expect(run.job("apply").result, run.said).toBe("success");
    expect(life.comments(1)).toHaveLength(1);
    expect(life.comments(1)[0]).toContain("Applied: 1 done, 0 failed");
    await expectNothingToDo();
    const drift = only(await life.scheduled(), "drift");
    expect(drift.job("drift").result, drift.said).toBe("success");
    expect(issues().map(({ state, stateReason }) => [state, stateReason])).toEqual([["closed", "completed"]]);
  });

  it("asks a person where the way back is one that nobody has reviewed", async () => {
    await turnOffCrossZone();
    await life.scheduled();
    expect(issues().map(({ state, stateReason }) => [state, stateReason])).toEqual([["open", "reopened"]]);
    const refused = await life.again(applied);
    expect(results(refused), refused.said).toEqual({
      apply: "failure",
      "approve-new-plan": "failure", // nobody approves
      "apply-new-plan": "skipped",
      check: "success",
      "check-again": "skipped",
    });
    const { "plan-id": planId = "" } = refused.job("apply").outputs;
    expect(planId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(life.comments(1)[0]).toContain(planId);

    life.approver = "bob";
    const approved = await life.again(applied);
    expect(results(approved), approved.said).toEqual({
      apply: "failure",
      "approve-new-plan": "success",
      "apply-new-plan": "success",
      check: "success",
      "check-again": "success",
    });
    expect(life.comments(1)).toHaveLength(1);
    expect(life.comments(1)[0]).toContain("approved by bob in the environment");
    await expectNothingToDo();
    await life.scheduled();
    expect(issues().map(({ state }) => state)).toEqual(["closed"]);
  });
});

describe("other ways in", () => {
  it("validates a fork without a way to AWS, and comments from the default branch", async () => {
    const asked = (await calls()).length;
    life.push("mallory", "idea", { [LEDGER]: ledger.replace("owner: team-ledger", "owner: 7") }, "fork");
    const { data } = await life
      .as("mallory")
      .octokit.rest.pulls.create({ ...place, head: "mallory:idea", base: "main", title: "An idea" });
    const runs = await life.happened("pull_request");
    expect(
      only(runs, "plan")
        .job("plan")
        .steps.map(({ outcome }) => outcome),
    ).toEqual(["success", "skipped", "failure"]);
    const comment = only(runs, "fork-comment");
    expect(comment.conclusion, comment.said).toBe("success");
    expect(life.comments(data.number)).toHaveLength(1);
    expect(life.comments(data.number)[0]).toContain(LEDGER);
    expect((await calls()).slice(asked)).toEqual([]);
  });

  it("turns a request that no spec names into a pull request, which the merge queue takes", async () => {
    const endpoint = await knock();
    life.vars.LANDLINE_PROPOSE = "true";
    const run = only(await life.scheduled(), "drift");
    expect(results(run), run.said).toMatchObject({ drift: "skipped", check: "success" });
    const proposed = [...life.server.world.issues.values()].findLast(({ pull }) => pull !== undefined);
    if (!proposed) throw new Error("nothing was proposed");
    const { number } = proposed;
    expect(proposed).toMatchObject({ state: "open", user: { login: "github-actions[bot]" } });
    expect(life.branches.read(`landline/accept-${endpoint}`, PAYMENTS)).toContain(endpoint);

    // What a workflow's own token does starts no workflows: somebody takes it up.
    for (const state of ["closed", "open"] as const)
      await life.as("alice").octokit.rest.pulls.update({ ...place, pull_number: number, state });
    const planned = only(await life.happened("pull_request"), "plan");
    expect(planned.conclusion, planned.said).toBe("success");
    expect(life.comments(number)[0]).toContain("accepts a connection");
    await life.as("bob").octokit.rest.pulls.createReview({ ...place, pull_number: number, event: "APPROVE" });
    await life.happened("pull_request_review");

    life.server.enqueue(number, "alice");
    const queued = only(await life.happened("merge_group"), "plan");
    expect(results(queued), queued.said).toEqual({ plan: "skipped", check: "success" });
    life.server.landQueue(number);
    const merged = only(await life.happened("push"), "apply");
    expect(merged.conclusion, merged.said).toBe("success");
    expect(life.comments(number)[0]).toContain("Applied: 1 done, 0 failed");
    await expectNothingToDo();
  });
});

describe("the workflows", () => {
  it.each(WORKFLOWS)("%s: every run: line of every job was carried out", (name) => {
    const { jobs } = readWorkflow(workflow(name, { action: "./", branch: "main" }));
    const missing = Object.entries(jobs).flatMap(([id, job]) =>
      linesOf(job).filter((line) => !life.executed.get(`${name}/${id}`)?.has(line)),
    );
    expect(Object.values(jobs).flatMap(linesOf)).not.toEqual([]);
    expect(missing).toEqual([]);
  });

  it("ask for the role that may write only where something is applied", () => {
    expect(Object.fromEntries([...life.roles].map(([session, roles]) => [session, [...roles]]))).toEqual({
      "landline-plan": [ROLES.plan],
      "landline-check": [ROLES.plan],
      "landline-drift": [ROLES.plan],
      "landline-apply": [ROLES.apply],
    });
  });
});

it("tells no secret: not in logs, not on GitHub, not in files", () => {
  const [texts, secrets] = [life.texts(), life.secrets()];
  expect(secrets.length).toBeGreaterThan(10);
  expect([...life.left]).toEqual(expect.arrayContaining(["plan.json", "journal.jsonl", "config"]));
  for (const words of ["Applied: 10 done", "landline-drift", '"digest"']) expect(texts.join("\n")).toContain(words);
  expect(findLeaks(texts, secrets)).toEqual([]);
});

const action = ourAction(HOME).runs.steps.flatMap(({ run }) => (run === undefined || run === BUILD ? [] : [run]));

/** A job's own lines, and those of our action where it uses it; but for the one that builds what is built already. */
const linesOf = ({ steps }: Job): string[] =>
  steps.flatMap(({ run, uses = "" }) => [...(run === undefined ? [] : [run]), ...(isOurs(uses) ? action : [])]);

/** What the account of the network team, of the applications or of the partner does by itself. */
const as = (account: string) => ({
  endpoint: life.aws.url,
  region: "us-east-1",
  credentials: { accessKeyId: account, secretAccessKey: "any" },
});

async function removeConnector(): Promise<void> {
  const client = new EC2Client(as(NETWORK));
  const { ServiceConfigurations = [] } = await client.send(new DescribeVpcEndpointServiceConfigurationsCommand({}));
  const ours = ServiceConfigurations.find(({ Tags = [] }) => Tags.some(({ Value }) => Value === "payments-api"));
  await client.send(
    new ModifyVpcEndpointServicePermissionsCommand({
      ServiceId: ours?.ServiceId,
      RemoveAllowedPrincipals: [CONNECTOR],
    }),
  );
}

async function turnOffCrossZone(): Promise<void> {
  const client = new ElasticLoadBalancingV2Client(as(NETWORK));
  const { LoadBalancers = [] } = await client.send(new DescribeLoadBalancersCommand({}));
  const payments = LoadBalancers.find(({ LoadBalancerName = "" }) => LoadBalancerName.startsWith("payments"));
  await client.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: payments?.LoadBalancerArn,
      Attributes: [{ Key: "load_balancing.cross_zone.enabled", Value: "false" }],
    }),
  );
}

/** The partner asks to be connected to the one service of ours that it may see. */
async function knock(): Promise<string> {
  const client = new EC2Client(as(PARTNER));
  const Filters = [{ Name: "service-type", Values: ["Interface"] }];
  const { ServiceNames: [ServiceName] = [] } = await client.send(new DescribeVpcEndpointServicesCommand({ Filters }));
  const { VpcEndpoint } = await client.send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: "Interface",
      VpcId: "vpc-0c1b2c3d4e5f60001",
      ServiceName,
      SubnetIds: ["subnet-0c1b2c3d4e5f60001", "subnet-0c1b2c3d4e5f60002"],
      SecurityGroupIds: ["sg-0c1b2c3d4e5f60001"],
    }),
  );
  return VpcEndpoint?.VpcEndpointId ?? "";
}

async function calls(): Promise<LoggedRequest[]> {
  return (await (await fetch(`${life.aws.url}/_sandbox/requests`)).json()) as LoggedRequest[];
}

async function expectNothingToDo(): Promise<void> {
  const { exit, out, err } = await life.landline("plan", "--detailed-exitcode", "--quiet");
  expect({ exit, out, err }).toEqual({ exit: 0, out, err: "" });
}
