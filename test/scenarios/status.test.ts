import {
  DescribeVpcEndpointConnectionsCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointsCommand,
  RejectVpcEndpointConnectionsCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import { type StatusOptions, status } from "../../src/commands/status.ts";
import type { ConnectionStatus } from "../../src/planner/status/index.ts";
import type { EndpointStatus, ServiceStatus } from "../../src/planner/status/parts.ts";
import { applyAll, connect, liftProtection, nameInSpec } from "./acts.ts";
import { asking } from "./asking.ts";
import { APPS, NETWORK, type Said, type Stage, startStage } from "./harness.ts";

/** What `landline status` says beside what AWS says to anybody who asks it, for each word that a state can have. */

const asked = (stage: Stage, more: Partial<StatusOptions> = {}): Promise<Said> =>
  asking(stage, (options, io) => status({ ...options, format: "json", ...more }, io));

async function statuses(stage: Stage): Promise<readonly ConnectionStatus[]> {
  const { exit, out, err } = await asked(stage);
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  return JSON.parse(out).connections;
}

const states = (all: readonly ConnectionStatus[]) =>
  Object.fromEntries(all.map(({ connection, state }) => [connection, state]));

/** Until everything that moves by itself has moved. */
async function settledStatuses(stage: Stage): Promise<readonly ConnectionStatus[]> {
  await statuses(stage);
  await statuses(stage);
  return statuses(stage);
}

const lower = (text: string | undefined) => (text ?? "").toLowerCase();

/** Everything that a status says of AWS's objects, asked of AWS again with plain calls, as the AWS CLI does. */
async function expectAwsToAgree(stage: Stage, all: readonly ConnectionStatus[]): Promise<void> {
  for (const { service, endpoints } of all) {
    if (service) expect(await serviceAsAwsSaysIt(stage, service.id)).toEqual(serviceAsWeSayIt(service));
    for (const endpoint of endpoints)
      expect(await endpointAsAwsSaysIt(stage, endpoint)).toEqual(endpointAsWeSayIt(endpoint));
  }
}

async function serviceAsAwsSaysIt(stage: Stage, id: string) {
  const { ec2, elbv2 } = stage.as(NETWORK);
  const { ServiceConfigurations } = await ec2.send(
    new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [id] }),
  );
  const { VpcEndpointConnections = [] } = await ec2.send(
    new DescribeVpcEndpointConnectionsCommand({ Filters: [{ Name: "service-id", Values: [id] }] }),
  );
  const [service] = ServiceConfigurations ?? [];
  const groups = (service?.NetworkLoadBalancerArns ?? []).map(
    async (LoadBalancerArn) =>
      (await elbv2.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }))).TargetGroups ?? [],
  );
  const health = (await Promise.all(groups))
    .flat()
    .map(
      async ({ TargetGroupArn }) =>
        (await elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions ?? [],
    );
  const { PrivateDnsNameConfiguration: proof } = service ?? {};
  return {
    name: service?.ServiceName,
    state: lower(service?.ServiceState),
    verification: proof?.State === undefined ? undefined : lower(proof.State),
    connections: VpcEndpointConnections.map(
      (one) => `${one.VpcEndpointId} ${one.VpcEndpointOwner} ${lower(one.VpcEndpointState)}`,
    ).sort(),
    targets: (await Promise.all(health))
      .flat()
      .map(
        ({ Target, TargetHealth }) =>
          `${Target?.Id}:${Target?.Port} ${lower(TargetHealth?.State)} ${TargetHealth?.Reason ?? ""}`,
      )
      .sort(),
  };
}

const serviceAsWeSayIt = ({ name, state, verification, connections, targets }: ServiceStatus) => ({
  name,
  state,
  verification: verification?.state,
  connections: connections.map((one) => `${one.endpointId} ${one.account} ${one.state}`).sort(),
  targets: targets.map((one) => `${one.target} ${one.state} ${one.reason ?? ""}`).sort(),
});

async function endpointAsAwsSaysIt(stage: Stage, { id, aliases }: EndpointStatus) {
  const { ec2, route53 } = stage.as(APPS);
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  const [endpoint] = VpcEndpoints;
  const names = (endpoint?.DnsEntries ?? []).map(({ DnsName }) => DnsName);
  const records = aliases.map(async ({ name, zoneId }) => {
    const { ResourceRecordSets = [] } = await route53.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        StartRecordName: name,
        StartRecordType: "A",
        MaxItems: 1,
      }),
    );
    const pointsTo = (ResourceRecordSets[0]?.AliasTarget?.DNSName ?? "").replace(/\.$/, "");
    return `${name} ${pointsTo} ${names.includes(pointsTo)}`;
  });
  return { state: lower(endpoint?.State), service: endpoint?.ServiceName, aliases: await Promise.all(records) };
}

const endpointAsWeSayIt = ({ state, service, aliases }: EndpointStatus) => ({
  state,
  service,
  aliases: aliases.map(({ name, pointsTo, pointsAtEndpoint }) => `${name} ${pointsTo} ${pointsAtEndpoint}`),
});

async function applied(): Promise<Stage> {
  const stage = await startStage();
  await applyAll(stage);
  return stage;
}

describe("each state, and that AWS says the same", () => {
  test("creating before the first apply; active, and waiting-partner while the partner has not told its name, after it", async () => {
    const stage = await startStage();
    expect(states(await statuses(stage))).toEqual({
      "event-stream": "waiting-partner",
      ledger: "creating",
      "payments-api": "creating",
    });
    await applyAll(stage);
    // New targets have not passed their health checks yet.
    const early = await statuses(stage);
    expect(states(early)).toMatchObject({ ledger: "creating" });
    const all = await settledStatuses(stage);
    expect(states(all)).toEqual({ "event-stream": "waiting-partner", ledger: "active", "payments-api": "active" });
    await expectAwsToAgree(stage, all);
  });

  test("waiting-us while a request waits for our answer, named or not; active when it is accepted", async () => {
    const stage = await applied();
    const id = await connect(stage);
    const all = await settledStatuses(stage);
    expect(states(all)).toMatchObject({ "payments-api": "waiting-us" });
    await expectAwsToAgree(stage, all);
    await nameInSpec(stage, id);
    expect(states(await statuses(stage))).toMatchObject({ "payments-api": "waiting-us" });
    await applyAll(stage);
    const accepted = await settledStatuses(stage);
    expect(states(accepted)).toMatchObject({ "payments-api": "active" });
    expect(accepted.find(({ connection }) => connection === "payments-api")?.service?.connections).toMatchObject([
      { endpointId: id, state: "available", expected: true, reason: "partner platform, ticket NET-20" },
    ]);
    await expectAwsToAgree(stage, accepted);
  });

  test("degraded while targets are not healthy, with AWS's reason", async () => {
    const stage = await applied();
    await settledStatuses(stage);
    const groups = Object.values(stage.sandbox.world.accounts[NETWORK]?.regions["us-east-1"]?.targetGroups ?? {});
    const target = groups.flatMap(({ targets }) => targets).find(({ id }) => id === "10.0.1.10");
    if (!target) throw new Error("no target 10.0.1.10");
    target.unhealthy = "Health checks failed";
    const all = await statuses(stage);
    expect(states(all)).toMatchObject({ ledger: "active", "payments-api": "degraded" });
    expect(all.find(({ connection }) => connection === "payments-api")).toMatchObject({
      reasons: ["1 of 2 targets is not healthy (Target.FailedHealthChecks)"],
      service: {
        targets: [
          { target: "10.0.1.10:8443", state: "unhealthy" },
          { target: "10.0.17.10:8443", state: "healthy" },
        ],
      },
    });
    await expectAwsToAgree(stage, all);
  });

  test("failed when our endpoint was turned away", async () => {
    const stage = await applied();
    const { id } = await stage.live("ledger/endpoint/main");
    const service = await stage.live("ledger/service");
    await stage
      .as(NETWORK)
      .ec2.send(new RejectVpcEndpointConnectionsCommand({ ServiceId: service.id, VpcEndpointIds: [id] }));
    const all = await settledStatuses(stage);
    expect(states(all)).toMatchObject({ ledger: "failed" });
    expect(all.find(({ connection }) => connection === "ledger")?.reasons[0]).toBe(`${id} is rejected`);
    await expectAwsToAgree(stage, all);
  });

  test("deleting when the spec is gone and its resources are not", async () => {
    const stage = await applied();
    liftProtection(stage);
    stage.remove("specs/payments-api.yaml");
    const all = await settledStatuses(stage);
    expect(states(all)).toEqual({ "event-stream": "waiting-partner", ledger: "active", "payments-api": "deleting" });
    await expectAwsToAgree(stage, all);
  });

  test("every field of a spec: verification, private DNS and aliases are as AWS shows them", async () => {
    const stage = await startStage({ fixture: "rich" });
    expect((await stage.apply()).exit).toBe(0);
    const all = await settledStatuses(stage);
    expect(all.find(({ connection }) => connection === "rich")?.service?.verification?.state).toBe("verified");
    await expectAwsToAgree(stage, all);
  });
});

test("the targets of a load balancer that a spec only refers to are looked at as well", async () => {
  const stage = await applied();
  const { elbv2 } = stage.as(NETWORK);
  const { LoadBalancers } = await elbv2.send(
    new CreateLoadBalancerCommand({
      Name: "legacy",
      Type: "network",
      Scheme: "internal",
      Subnets: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
    }),
  );
  const { LoadBalancerArn = "" } = LoadBalancers?.[0] ?? {};
  const group = {
    Name: "legacy",
    Protocol: "TCP",
    Port: 8443,
    VpcId: "vpc-0a1b2c3d4e5f60001",
    TargetType: "ip",
  } as const;
  const { TargetGroups } = await elbv2.send(new CreateTargetGroupCommand(group));
  const { TargetGroupArn } = TargetGroups?.[0] ?? {};
  await elbv2.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: "TCP",
      Port: 443,
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
  stage.write(
    "specs/legacy.yaml",
    `apiVersion: landline/v1
kind: Connection
metadata: { name: legacy }
service: { target: network-use1, loadBalancers: [{ arn: "${LoadBalancerArn}" }] }
`,
  );
  await settledStatuses(stage);
  await applyAll(stage);
  const legacy = async () => (await settledStatuses(stage)).find(({ connection }) => connection === "legacy");
  expect(await legacy()).toMatchObject({ state: "degraded", reasons: ["target group legacy has no targets"] });
  await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "10.0.1.77" }] }));
  expect(await legacy()).toMatchObject({
    state: "active",
    service: { targets: [{ target: "10.0.1.77:8443", state: "healthy" }] },
  });
  await expectAwsToAgree(stage, await statuses(stage));
});

test("a look at it writes nothing, and a plan does not pay for it", async () => {
  const stage = await applied();
  const before = (await stage.requests()).length;
  await statuses(stage);
  const looking = await stage.requests(before);
  expect(looking.filter(({ write }) => write)).toEqual([]);
  await stage.plan();
  const planning = await stage.requests(before + looking.length);
  const health = (calls: typeof looking) => calls.filter(({ action }) => action === "DescribeTargetHealth").length;
  // The specs list these targets, so a plan reads them as well, but not a second time.
  expect(health(looking)).toBe(health(planning));
  expect(looking.length).toBe(planning.length);
});

test("a target that cannot be read shows as that, and the exit code says so", async () => {
  const stage = await applied();
  await settledStatuses(stage);
  stage.edit("landline.yaml", "      plan: arn:aws:iam::222222222222:role/landline-plan\n", "");
  stage.edit("landline.yaml", "    roles:\n      apply: arn:aws:iam::222222222222:role/landline-apply\n", "");
  const { exit, out } = await asked(stage);
  expect(exit).toBe(1);
  const all: readonly ConnectionStatus[] = JSON.parse(out).connections;
  expect(states(all)).toEqual({ "event-stream": "degraded", ledger: "degraded", "payments-api": "active" });
  expect(all[0]?.reasons[0]).toMatch(
    /^not known: target apps-use1 is account 222222222222, but the credentials belong/,
  );
});
