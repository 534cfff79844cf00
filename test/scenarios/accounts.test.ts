import { ModifyVpcEndpointServicePermissionsCommand, RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
} from "@aws-sdk/client-route-53";
import { expect, test } from "vitest";
import { clients } from "../sandbox/helper.ts";
import { APPS, expectNothingToDo, gist, NETWORK, type Stage, startStage } from "./harness.ts";

/** The account that owns the names. */
const NAMES = "333333333333";
const ZONE = "Z0SHARED000000000001";
const SPEC = "specs/orders.yaml";
/** A project has at least one spec; nothing of this one exists. */
const LATER = `apiVersion: landline/v1
kind: Connection
metadata: { name: later }
endpoints:
  - { target: apps-euw1, service: pending, vpc: { name: apps }, subnets: { tags: { tier: private } }, securityGroups: [{ name: app }] }
`;

/** Three accounts, two Regions, one spec in which all that exists already is called by its name. */
async function startAccounts(): Promise<Stage> {
  const stage = await startStage({ fixture: "three-accounts" });
  for (const name of ["event-stream", "ledger", "payments-api"]) stage.remove(`specs/${name}.yaml`);
  return stage;
}

async function applied(): Promise<Stage> {
  const stage = await startAccounts();
  const { exit, err } = await stage.apply();
  expect(exit, err).toBe(0);
  return stage;
}

test("a service in one account, its consumer in another Region, the name in a third account: up and at rest", async () => {
  const stage = await startAccounts();
  const { plan } = await stage.plan();
  expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(plan.changes.map(({ address, step = address, target }) => `${target} ${step}`)).toEqual([
    "apps-euw1 orders/endpoint/main/security-group",
    "network-use1 orders/service/nlb/orders",
    "network-use1 orders/service",
    "network-use1 orders/service/allowlist",
    "network-use1 orders/service/nlb/orders/target-group/443",
    "network-use1 orders/service/nlb/orders/listener/443",
    "network-use1 orders/service/private-dns",
    "apps-euw1 orders/endpoint/main",
    "network-use1 orders/endpoint/main/acceptance",
    "apps-euw1 orders/endpoint/main#private-name",
    "names-use1 orders/endpoint/main/dns/orders.shared.example.com",
  ]);
  expect((await stage.apply()).exit).toBe(0);
  await expectNothingToDo(stage);
  const endpoint = await stage.live("orders/endpoint/main");
  expect(endpoint.attributes).toMatchObject({
    serviceRegion: "us-east-1",
    vpcId: "vpc-0b1b2c3d4e5f60001",
    privateDnsEnabled: true,
  });
  expect(endpoint.state).toBe("available");
  expect(await recordsOf(stage)).toEqual([endpoint.outputs.dnsName]);
});

/** Where the aliases of the third account lead. */
async function recordsOf({ as }: Stage): Promise<(string | undefined)[]> {
  const { ResourceRecordSets = [] } = await as(NAMES).route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: ZONE }),
  );
  return ResourceRecordSets.flatMap(({ AliasTarget }) => AliasTarget?.DNSName?.replace(/\.$/, "") ?? []);
}

/** What everything is called that the spec calls by its name. */
const IDS = [
  ["{ tags: { tier: private }, vpc: { name: hub } }", "[subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]"],
  ["{ name: apps }", "vpc-0b1b2c3d4e5f60001"],
  ["{ tags: { tier: private } }", "[subnet-0b1b2c3d4e5f60001, subnet-0b1b2c3d4e5f60002]"],
  ["{ securityGroup: { name: app } }", "sg-0b1b2c3d4e5f60004"],
  ["zone: shared.example.com", `zone: ${ZONE}`],
  ["zone: example.com", "zone: Z0PUBLIC000000000001"],
] as const;

test("ids written out change nothing, because names and tags stood for just these; those cost four calls more", async () => {
  const stage = await applied();
  const named = await callsOfLimitedPlan(stage);
  for (const [name, id] of IDS) stage.edit(SPEC, name, id);
  await expectNothingToDo(stage);
  // Two lists of VPCs and one of security groups; zones are listed instead of asked for one by one, and so are subnets.
  expect(named).toBeLessThanOrEqual((await callsOfLimitedPlan(stage)) + 4);
});

/** What `--only` asks of AWS to find that nothing has to be done, beside one session for each role. */
async function callsOfLimitedPlan(stage: Stage): Promise<number> {
  const before = (await stage.requests()).length;
  const { exit, err } = await stage.plan({ only: ["orders"] });
  expect(exit, err).toBe(0);
  const calls = (await stage.requests(before)).filter(({ action }) => action !== "AssumeRole");
  expect(new Set(calls.map(({ account, region }) => `${account} ${region}`))).toEqual(
    new Set([`${NETWORK} us-east-1`, `${APPS} eu-west-1`, `${NAMES} us-east-1`]),
  );
  return calls.length;
}

test("drifts in each of the accounts, is mended, gets another name, and comes down: one life", async () => {
  const stage = await applied();
  const born = await idsOf(stage);
  await driftEverywhere(stage);
  expect(gist((await stage.plan()).plan)).toEqual([
    expect.stringMatching(/^update orders\/endpoint\/main\/dns\/orders\.shared\.example\.com .*targetDnsName/),
    "update orders/endpoint/main/security-group ingress",
    "update orders/service/allowlist principals",
  ]);
  expect((await stage.apply()).exit).toBe(0);
  await expectNothingToDo(stage, "mended");
  expect(await idsOf(stage)).toEqual(born);

  await rename(stage);
  await expectNothingToDo(stage, "renamed");
  expect(await idsOf(stage)).toEqual(born);
  stage.edit(SPEC, "  renamedFrom: orders\n", "");
  stage.edit(SPEC, "    renamedFrom: main\n", "");
  await expectNothingToDo(stage, "the old names are forgotten");

  await takeDown(stage, "sales/endpoint/eu");
});

/** What there is, by what AWS calls it. */
async function idsOf(stage: Stage): Promise<string[]> {
  const { targets } = await stage.look();
  return targets.flatMap(({ target, resources }) => resources.map(({ kind, id }) => `${target} ${kind} ${id}`)).sort();
}

/** One change by hand in each account. */
async function driftEverywhere(stage: Stage): Promise<void> {
  const service = await stage.live("orders/service");
  const group = await stage.live("orders/endpoint/main/security-group");
  await stage.as(NETWORK).ec2.send(
    new ModifyVpcEndpointServicePermissionsCommand({
      ServiceId: service.id,
      AddAllowedPrincipals: ["arn:aws:iam::402592597372:root"],
    }),
  );
  await clients(stage.sandbox, APPS, "eu-west-1").ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: group.id,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId: "sg-0b1b2c3d4e5f60004" }] },
      ],
    }),
  );
  await stage.as(NAMES).route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: ZONE,
      ChangeBatch: {
        Changes: [
          {
            Action: "UPSERT",
            ResourceRecordSet: {
              Name: "orders.shared.example.com",
              Type: "A",
              TTL: 60,
              ResourceRecords: [{ Value: "10.9.9.9" }],
            },
          },
        ],
      },
    }),
  );
}

/** The connection and its endpoint get other names: marks move in all three accounts, and nothing is made or goes. */
async function rename(stage: Stage): Promise<void> {
  stage.edit(SPEC, "metadata: { name: orders }\n", "metadata:\n  name: sales\n  renamedFrom: orders\n");
  stage.edit(SPEC, "  - target: apps-euw1\n", "  - name: eu\n    renamedFrom: main\n    target: apps-euw1\n");
  const { plan } = await stage.plan();
  expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(plan.summary).toMatchObject({ create: 0, replace: 0, delete: 0 });
  expect(new Set(plan.changes.map(({ target }) => target))).toEqual(
    new Set(["apps-euw1", "names-use1", "network-use1"]),
  );
  const { exit, err } = await stage.apply();
  expect(exit, err).toBe(0);
  expect((await stage.live("sales/endpoint/eu")).state).toBe("available");
}

/** Without its spec everything goes, the consumer's side first, and nothing is left. */
async function takeDown(stage: Stage, endpoint: string): Promise<void> {
  stage.remove(SPEC);
  stage.write("specs/later.yaml", LATER);
  const { plan } = await stage.plan();
  const steps = plan.changes.map(({ action, address }) => `${action} ${address}`);
  expect(steps.indexOf(`delete ${endpoint}/dns/orders.shared.example.com`)).toBeLessThan(
    steps.indexOf(`delete ${endpoint}`),
  );
  expect(steps.indexOf(`delete ${endpoint}`)).toBeLessThan(steps.indexOf("delete sales/service"));
  const { exit, err } = await stage.apply();
  expect(exit, err).toBe(0);
  const left = await stage.look();
  expect(left.targets.flatMap(({ resources }) => resources.map(({ address }) => address))).toEqual([]);
  expect(await recordsOf(stage)).toEqual([]);
}

test("a zone that the endpoint's own account does not have is an error at the field, and nothing is touched", async () => {
  const stage = await applied();
  stage.edit(SPEC, ", target: names-use1", "");
  const { plan } = await stage.plan();
  const errors = plan.findings.filter(({ severity }) => severity === "error");
  expect(errors.map(({ id, at }) => `${id} ${at?.file}:${at?.line}`)).toEqual([`selector.empty ${SPEC}:28`]);
  expect(plan.changes).toEqual([]);
});

test("a private zone that already answers the service's name in the VPC is found before anything is made", async () => {
  const stage = await startAccounts();
  await clients(stage.sandbox, APPS, "eu-west-1").route53.send(
    new CreateHostedZoneCommand({
      Name: "orders.example.com",
      CallerReference: "mine",
      VPC: { VPCId: "vpc-0b1b2c3d4e5f60001", VPCRegion: "eu-west-1" },
    }),
  );
  const { exit, plan } = await stage.plan();
  expect(exit).toBe(3);
  const errors = plan.findings.filter(({ severity }) => severity === "error");
  expect(errors.map(({ id, at }) => `${id} ${at?.file}:${at?.line}`)).toEqual([`private-dns.conflict ${SPEC}:26`]);
});

test("a run that ends before the acceptance goes on within its review: the name comes last", async () => {
  const stage = await startAccounts();
  stage.write("plan.json", (await stage.plan()).out);
  const [service, action] = ["ec2", "AcceptVpcEndpointConnections"];
  await stage.faults({ service, action, effect: "error-before", code: "UnauthorizedOperation", status: 403 });
  await stage.apply({ planFile: "plan.json" });
  expect((await stage.live("orders/endpoint/main")).attributes.privateDnsEnabled).toBe(false);
  await stage.clearFaults();
  const { exit, err } = await stage.apply({ planFile: "plan.json" });
  expect(exit, err).toBe(0);
  expect((await stage.live("orders/endpoint/main")).attributes.privateDnsEnabled).toBe(true);
  await expectNothingToDo(stage);
});

test("a name moves to a zone of another account: made there, then gone here", async () => {
  const stage = await applied();
  await stage
    .as(APPS)
    .route53.send(new CreateHostedZoneCommand({ Name: "shared.example.com", CallerReference: "theirs" }));
  stage.edit(SPEC, ", target: names-use1", "");
  expect((await stage.plan()).plan.changes.map(({ action, kind, target }) => `${action} ${kind} ${target}`)).toEqual([
    "replace dns-record apps-euw1",
    "delete dns-record names-use1",
  ]);
  const { exit, err } = await stage.apply();
  expect(exit, err).toBe(0);
  expect(await recordsOf(stage)).toEqual([]);
  await expectNothingToDo(stage);
});

test("a snapshot holds what names and tags stand for: planning from the file finds the same", async () => {
  const stage = await startAccounts();
  stage.write("cloud.json", JSON.stringify(await stage.look()));
  const [fresh, kept] = [await stage.plan(), await stage.plan({ snapshot: ["cloud.json"] })];
  expect(kept.err).toBe("");
  expect(kept.plan.planId).toBe(fresh.plan.planId);
  expect(kept.plan.changes.length).toBeGreaterThan(8);
});
