import { CreateSecurityGroupCommand } from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import { applyAll, connect, removeSpecs } from "./acts.ts";
import { essenceOf } from "./essence.ts";
import { APPS, NETWORK, type Stage, startStage } from "./harness.ts";

/** What Landline does not do. */

/** Errors of a plan: what and where. */
async function refusals(stage: Stage): Promise<{ exit: number; errors: string[] }> {
  const { exit, plan } = await stage.plan();
  const errors = plan.findings.filter(({ severity }) => severity === "error");
  return { exit, errors: errors.map(({ id, connection, address }) => [id, address ?? connection].join(" ").trim()) };
}

/** Fails unless an apply is refused as a whole. */
async function expectRefusedApply(stage: Stage): Promise<void> {
  const since = (await stage.requests()).length;
  const before = essenceOf(stage.world());
  const { exit, err } = await stage.apply();
  expect(exit, err).toBe(3);
  expect((await stage.requests(since)).filter(({ write }) => write)).toEqual([]);
  expect(essenceOf(stage.world())).toEqual(before);
}

describe("a plan only reads", () => {
  test.each([
    ["an empty cloud", async () => {}],
    ["a cloud that is as specified", applyAll],
    [
      "a cloud that is to be torn down",
      async (stage: Stage) => {
        await applyAll(stage);
        removeSpecs(stage);
      },
    ],
  ])("of %s", async (_what, prepare) => {
    const stage = await startStage();
    await prepare(stage);
    const since = (await stage.requests()).length;
    const before = essenceOf(stage.world());
    await stage.plan();
    const calls = await stage.requests(since);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter(({ write }) => write)).toEqual([]);
    expect(essenceOf(stage.world())).toEqual(before);
  });
});

describe("protection", () => {
  test("outlives the spec that said it", async () => {
    const stage = await startStage();
    await applyAll(stage);
    stage.remove("specs/payments-api.yaml");
    expect(await refusals(stage)).toMatchObject({
      exit: 3,
      errors: expect.arrayContaining(["protected payments-api"]),
    });
    await expectRefusedApply(stage);
  });

  test("keeps an object from being replaced", async () => {
    const stage = await startStage();
    await applyAll(stage);
    stage.edit("specs/payments-api.yaml", "type: ip\n", "type: instance\n");
    stage.edit("specs/payments-api.yaml", '["10.0.1.10", "10.0.17.10"]', '["i-0a1b2c3d4e5f60001"]');
    expect(await refusals(stage)).toMatchObject({
      exit: 3,
      errors: expect.arrayContaining(["protected payments-api"]),
    });
    await expectRefusedApply(stage);
  });
});

test("the brakes hold a run that deletes much, until they are raised", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.remove("specs/ledger.yaml");
  expect(await refusals(stage)).toEqual({ exit: 3, errors: ["deletions.brake"] });
  await expectRefusedApply(stage);
  stage.edit(
    "landline.yaml",
    "deletions: { max: 5, percent: 25 }",
    'deletions: { max: 8, percent: 60, reason: "ledger moves away" }',
  );
  expect(await refusals(stage)).toEqual({ exit: 2, errors: [] });
});

describe("a connection request", () => {
  test("that nobody named is told and never accepted", async () => {
    const stage = await startStage();
    await applyAll(stage);
    const endpoint = await connect(stage);
    const { exit, plan } = await stage.plan();
    expect({ exit, changes: plan.changes }).toEqual({ exit: 0, changes: [] });
    const told = plan.findings.filter(({ id }) => id === "connection.unexpected").map(({ message }) => message);
    expect(told).toEqual([expect.stringContaining(`${endpoint} of account 402592597372`)]);
    const since = (await stage.requests()).length;
    expect((await stage.apply()).exit).toBe(0);
    expect((await stage.requests(since)).filter(({ write }) => write)).toEqual([]);
    const [seen] = Object.values(stage.world().accounts["402592597372"]?.regions["us-east-1"]?.vpcEndpoints ?? {});
    expect(seen?.state).toBe("pendingAcceptance");
  });
});

describe("--only", () => {
  test("plans and applies one connection", async () => {
    const stage = await startStage();
    const since = (await stage.requests()).length;
    const { plan } = await stage.plan({ only: ["payments-api"] });
    expect(new Set(plan.changes.map(({ connection }) => connection))).toEqual(new Set(["payments-api"]));
    expect((await stage.requests(since)).length).toBeLessThanOrEqual(25);
    expect((await stage.apply({ only: ["payments-api"] })).exit).toBe(0);
    const live = (await stage.look()).targets.flatMap(({ resources }) => resources);
    expect(new Set(live.map(({ connection }) => connection))).toEqual(new Set(["payments-api"]));
    expect((await stage.plan({ only: ["payments-api"] })).exit).toBe(0);
    expect((await stage.plan()).plan.summary).toMatchObject({ create: 9, unchanged: 5 });
  });

  test("leaves the drift and the removal of others alone", async () => {
    const stage = await startStage();
    await applyAll(stage);
    stage.remove("specs/ledger.yaml");
    stage.edit("specs/payments-api.yaml", "intervalSeconds: 10", "intervalSeconds: 20");
    expect((await stage.apply({ only: ["payments-api"] })).exit).toBe(0);
    expect((await stage.plan()).plan.summary).toMatchObject({ update: 0, delete: 8, unchanged: 6 });
  });

  test("says so when what it needs belongs to another connection", async () => {
    const stage = await startStage();
    stage.edit("specs/event-stream.yaml", "service: pending", "service: { connection: payments-api }");
    stage.edit(
      "specs/payments-api.yaml",
      "  allowedPrincipals:\n",
      '  allowedPrincipals:\n    - { principal: "arn:aws:iam::222222222222:root", reason: "ours", until: 2027-03-31 }\n',
    );
    const { exit, plan } = await stage.plan({ only: ["event-stream"] });
    const errors = plan.findings.filter(({ severity }) => severity === "error").map(({ id }) => id);
    expect({ exit, errors: [...new Set(errors)] }).toEqual({ exit: 3, errors: ["reference.unplanned"] });
    expect((await stage.apply({ only: ["event-stream", "payments-api"] })).exit).toBe(0);
  });

  test("of a connection that is not there is a mistake", async () => {
    const stage = await startStage();
    const { exit, err } = await stage.plan({ only: ["payment-api"] });
    expect({ exit, err }).toEqual({ exit: 1, err: expect.stringContaining('did you mean "payments-api"') });
  });
});

describe("an object of somebody else", () => {
  const VPC = "vpc-0a1b2c3d4e5f60001";
  const APPS_VPC = "vpc-0b1b2c3d4e5f60001";

  /** The name that an object is going to have. */
  async function nameOf(stage: Stage, address: string): Promise<string> {
    const { changes } = (await stage.plan()).plan;
    const name = changes
      .find((change) => change.address === address)
      ?.differences.find((one) => one.attribute === "name");
    return String(name?.after);
  }
  const strangers: readonly [string, string, (stage: Stage, address: string) => Promise<unknown>][] = [
    [
      "a load balancer's name",
      "ledger/service/nlb/ledger",
      async (stage, address) =>
        stage.as(NETWORK).elbv2.send(
          new CreateLoadBalancerCommand({
            Name: await nameOf(stage, address),
            Type: "network",
            Scheme: "internal",
            Subnets: ["subnet-0a1b2c3d4e5f60001"],
          }),
        ),
    ],
    [
      "a load balancer's name and the mark of another project",
      "ledger/service/nlb/ledger",
      async (stage, address) =>
        stage.as(NETWORK).elbv2.send(
          new CreateLoadBalancerCommand({
            Name: await nameOf(stage, address),
            Type: "network",
            Scheme: "internal",
            Subnets: ["subnet-0a1b2c3d4e5f60001"],
            Tags: [
              { Key: "landline:project", Value: "another-project" },
              { Key: "landline:address", Value: address },
            ],
          }),
        ),
    ],
    [
      "a target group's name",
      "ledger/service/nlb/ledger/target-group/5432",
      async (stage, address) =>
        stage.as(NETWORK).elbv2.send(
          new CreateTargetGroupCommand({
            Name: await nameOf(stage, address),
            Protocol: "TCP",
            Port: 5432,
            VpcId: VPC,
            TargetType: "ip",
          }),
        ),
    ],
    [
      "a security group's name",
      "ledger/endpoint/main/security-group",
      async (stage, address) =>
        stage.as(APPS).ec2.send(
          new CreateSecurityGroupCommand({
            GroupName: await nameOf(stage, address),
            Description: "Landline ledger/endpoint/main",
            VpcId: APPS_VPC,
          }),
        ),
    ],
    [
      "a DNS name",
      "ledger/endpoint/main/dns/ledger.apps.internal.example.com",
      (stage) =>
        stage.as(APPS).route53.send(
          new ChangeResourceRecordSetsCommand({
            HostedZoneId: "Z0PRIVATE00000000001",
            ChangeBatch: {
              Changes: [
                {
                  Action: "CREATE",
                  ResourceRecordSet: {
                    Name: "ledger.apps.internal.example.com",
                    Type: "CNAME",
                    TTL: 60,
                    ResourceRecords: [{ Value: "legacy.example.com" }],
                  },
                },
              ],
            },
          }),
        ),
    ],
  ];

  test.each(strangers)("that has %s is named and never touched", async (_what, address, take) => {
    const stage = await startStage();
    await take(stage, address);
    const before = strangersIn(stage);
    expect(await refusals(stage)).toEqual({ exit: 3, errors: [`not-ours ${address}`] });
    const { exit, outcomes } = await stage.apply();
    expect(exit).toBe(4);
    expect(new Set(outcomes.map(({ connection, result }) => `${connection} ${result}`))).toEqual(
      new Set(["ledger refused", "payments-api done"]),
    );
    expect(strangersIn(stage)).toEqual(before);
  });

  test("that has a listener's port is named and never touched", async () => {
    const stage = await startStage();
    await applyAll(stage);
    const balancer = await stage.live("ledger/service/nlb/ledger");
    const group = await stage.live("ledger/service/nlb/ledger/target-group/5432");
    await stage.as(NETWORK).elbv2.send(
      new CreateListenerCommand({
        LoadBalancerArn: balancer.id,
        Port: 5433,
        Protocol: "TCP",
        DefaultActions: [{ Type: "forward", TargetGroupArn: group.id }],
      }),
    );
    stage.edit(
      "specs/ledger.yaml",
      "      listeners:\n",
      "      listeners:\n        - { port: 5433, protocol: TCP, targetGroup: { port: 5433, type: ip } }\n",
    );
    const before = strangersIn(stage);
    expect(await refusals(stage)).toEqual({ exit: 3, errors: ["not-ours ledger/service/nlb/ledger/listener/5433"] });
    await expectRefusedApply(stage);
    expect(strangersIn(stage)).toEqual(before);
  });

  /** Everything without the mark of our project that Landline might have touched. */
  function strangersIn(stage: Stage): unknown[] {
    const { accounts } = stage.world();
    return Object.values(accounts).flatMap(({ regions, hostedZones }) => [
      ...Object.values(regions).flatMap(({ loadBalancers, targetGroups, listeners, securityGroups }) =>
        [loadBalancers, targetGroups, listeners, securityGroups]
          .flatMap((objects): object[] => Object.values(objects))
          .filter((object) => !isOurs(object))
          .map(({ settle: _, state: __, ...object }: { settle?: unknown; state?: unknown }) => object),
      ),
      ...Object.values(hostedZones).flatMap(({ records }) => records.filter(({ type }) => type === "CNAME")),
    ]);
  }

  const isOurs = (object: { readonly tags?: { readonly [key: string]: string } }): boolean =>
    object.tags?.["landline:project"] === "acme-network";
});
