import { DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { applyAll, connect, disconnect, liftProtection, nameInSpec, raiseBrakes, removeSpecs } from "./acts.ts";
import { essenceOf } from "./essence.ts";
import { APPS, expectNothingToDo, gist, NETWORK, type Stage, startStage } from "./harness.ts";

/** From the first apply to the last, as teams live it. */

/** The writes of an apply that has to succeed, by action and in order. */
async function writesOf(stage: Stage): Promise<string[]> {
  const since = (await stage.requests()).length;
  await applyAll(stage);
  return (await stage.requests(since)).filter(({ write }) => write).map(({ action }) => action);
}

/** Fails unless these actions were called, each for the first time after all calls of the one before. */
function expectOrder(writes: readonly string[], ...actions: readonly string[]): void {
  const first = actions.map((action) => writes.indexOf(action));
  const last = actions.map((action) => writes.lastIndexOf(action));
  expect(first, writes.join(", ")).not.toContain(-1);
  for (const [index, action] of actions.entries()) {
    if (index > 0) expect(first[index], `${action} in ${writes.join(", ")}`).toBeGreaterThan(last[index - 1] ?? -1);
  }
}

/** AWS keeps the network interfaces of what is deleted for a while. */
async function untilInterfacesAreGone(stage: Stage): Promise<void> {
  for (let looks = 0; looks < 10; looks++) {
    for (const account of [NETWORK, APPS]) await stage.as(account).ec2.send(new DescribeNetworkInterfacesCommand({}));
  }
}

const NEW_VPC = "vpc-0b1b2c3d4e5f60009";
const moveEndpoint = (stage: Stage): void => {
  stage.edit("specs/ledger.yaml", "vpc: vpc-0b1b2c3d4e5f60001", `vpc: ${NEW_VPC}`);
  stage.edit("specs/ledger.yaml", "[subnet-0b1b2c3d4e5f60001, subnet-0b1b2c3d4e5f60002]", "[subnet-0b1b2c3d4e5f60091]");
};

test("an endpoint moves to another VPC: the new one first, then its name, then the old one goes", async () => {
  const stage = await startStage({ fixture: "rich" });
  await applyAll(stage);
  const old = await stage.live("ledger/endpoint/main");
  moveEndpoint(stage);
  const { plan } = await stage.plan();
  const group = await stage.live("ledger/endpoint/main/security-group");
  expect(gist(plan)).toEqual([
    "replace ledger/endpoint/main/security-group vpcId",
    "replace ledger/endpoint/main securityGroupIds subnetIds vpcId",
    "replace ledger/endpoint/main/acceptance endpointId",
    "update ledger/endpoint/main/dns/ledger.apps.internal.example.com targetDnsName targetZoneId",
    `delete ledger/endpoint/main#${old.id}`,
    `delete ledger/endpoint/main/security-group#${group.id}`,
  ]);
  const writes = await writesOf(stage);
  expectOrder(
    writes,
    "CreateSecurityGroup",
    "CreateVpcEndpoint",
    "AcceptVpcEndpointConnections",
    "ChangeResourceRecordSets",
    "DeleteVpcEndpoints",
    "DeleteSecurityGroup",
  );
  await expectNothingToDo(stage);
  const now = await stage.live("ledger/endpoint/main");
  expect(now.attributes.vpcId).toBe(NEW_VPC);
  const record = await stage.live("ledger/endpoint/main/dns/ledger.apps.internal.example.com");
  expect(record.attributes.targetDnsName).toBe(now.outputs.dnsName);
});

test("a move that is cut short anywhere is ended by the next apply", async () => {
  const stage = await startStage({ fixture: "rich" });
  await applyAll(stage);
  const before = stage.world();
  moveEndpoint(stage);
  const since = (await stage.requests()).length;
  await applyAll(stage);
  const calls = await stage.requests(since);
  await untilInterfacesAreGone(stage);
  const end = essenceOf(stage.world());
  for (const [index, { write, action }] of calls.entries()) {
    if (!write) continue;
    const what = `cut short after call ${index + 1}, ${action}`;
    await stage.putWorld(before);
    await stage.faults({
      skip: index + 1,
      times: 1_000_000,
      effect: "error-before",
      code: "InternalError",
      status: 400,
    });
    await stage.apply();
    await stage.clearFaults();
    const { exit, err } = await stage.apply();
    expect({ what, exit }, err).toEqual({ what, exit: 0 });
    await expectNothingToDo(stage, what);
    await untilInterfacesAreGone(stage);
    expect({ what, world: essenceOf(stage.world()) }).toEqual({ what, world: end });
  }
}, 120_000);

describe("the end of everything", () => {
  test("goes against the order in which things were made", async () => {
    const stage = await startStage();
    await applyAll(stage);
    stage.remove("specs/ledger.yaml");
    raiseBrakes(stage);
    const writes = await writesOf(stage);
    const endpoint = "DeleteVpcEndpoints";
    expectOrder(
      writes,
      "ChangeResourceRecordSets",
      endpoint,
      "DeleteVpcEndpointServiceConfigurations",
      "DeleteLoadBalancer",
    );
    expectOrder(writes, endpoint, "DeleteSecurityGroup");
    expectOrder(writes, "DeleteListener", "DeleteTargetGroup");
    await expectNothingToDo(stage);
  });

  test("leaves nothing behind", async () => {
    const stage = await startStage();
    const empty = essenceOf(stage.world());
    await applyAll(stage);
    liftProtection(stage);
    await applyAll(stage);
    removeSpecs(stage);
    await applyAll(stage);
    await expectNothingToDo(stage);
    await untilInterfacesAreGone(stage);
    expect(essenceOf(stage.world())).toEqual(empty);
  });

  test("waits for a partner who is still connected, and goes on when the partner has left", async () => {
    const stage = await startStage();
    await applyAll(stage);
    const endpoint = await connect(stage);
    await nameInSpec(stage, endpoint);
    await applyAll(stage);
    liftProtection(stage);
    await applyAll(stage);
    removeSpecs(stage);
    const { exit, plan } = await stage.plan();
    expect({ exit, errors: plan.findings.filter(({ severity }) => severity === "error") }).toMatchObject({
      exit: 3,
      errors: [
        {
          id: "service.connected",
          connection: "payments-api",
          message: expect.stringContaining(`${endpoint} of account 402592597372, available`),
        },
      ],
    });
    expect((await stage.apply()).exit).toBe(4);
    await disconnect(stage, endpoint);
    await applyAll(stage);
    await expectNothingToDo(stage);
    const left = (await stage.look()).targets.flatMap(({ resources }) => resources.map(({ address }) => address));
    expect(left).toEqual([]);
  });
});

test("a DNS name moves from one connection to another", async () => {
  const stage = await startStage({ fixture: "rich" });
  await applyAll(stage);
  stage.edit(
    "specs/ledger.yaml",
    "      - { name: ledger.apps.internal.example.com, zone: Z0PRIVATE00000000001, evaluateTargetHealth: true }\n",
    "      - { name: ledger-two.apps.internal.example.com, zone: Z0PRIVATE00000000001 }\n",
  );
  stage.edit(
    "specs/rich.yaml",
    "    securityGroups: [sg-0b1b2c3d4e5f60004]\n",
    "    securityGroups: [sg-0b1b2c3d4e5f60004]\n    aliases:\n      - { name: ledger.apps.internal.example.com, zone: Z0PRIVATE00000000001 }\n",
  );
  await applyAll(stage);
  await expectNothingToDo(stage);
  const { attributes } = await stage.live("rich/endpoint/plain/dns/ledger.apps.internal.example.com");
  expect(attributes.targetDnsName).toBe((await stage.live("rich/endpoint/plain")).outputs.dnsName);
});

test("another connection of the same build is made anew, and takes the DNS name along", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.edit("specs/ledger.yaml", "name: ledger\n  owner", "name: ledger-two\n  owner");
  expect((await stage.plan()).exit).toBe(3);
  const another = 'acknowledge: [{ finding: rename.possible, reason: "a second ledger" }]';
  stage.edit("specs/ledger.yaml", "\nservice:", `\n${another}\nservice:`);
  raiseBrakes(stage);
  await applyAll(stage);
  await expectNothingToDo(stage);
  const { attributes } = await stage.live("ledger-two/endpoint/main/dns/ledger.apps.internal.example.com");
  expect(attributes.targetDnsName).toBe((await stage.live("ledger-two/endpoint/main")).outputs.dnsName);
});

test("a load balancer behind a service gives way to another", async () => {
  const stage = await startStage({ fixture: "rich" });
  await applyAll(stage);
  stage.edit("specs/rich-udp.yaml", "    - name: udp\n", "    - name: other\n");
  raiseBrakes(stage);
  await applyAll(stage);
  await expectNothingToDo(stage);
  const { id } = await stage.live("rich-udp/service/nlb/other");
  expect((await stage.live("rich-udp/service")).attributes.loadBalancerArns).toEqual([id]);
});

test("a service takes another private DNS name, proof and all, in one apply", async () => {
  const stage = await startStage({ fixture: "rich" });
  await applyAll(stage);
  stage.edit("specs/rich.yaml", "name: api.example.com", "name: payments.example.com");
  await applyAll(stage);
  await expectNothingToDo(stage);
  const { attributes } = await stage.live("rich/service/private-dns");
  expect(attributes).toMatchObject({ name: "payments.example.com", state: "verified" });
  const names = stage.world().accounts[NETWORK]?.hostedZones.Z0PUBLIC000000000001?.records.map(({ name }) => name);
  expect(names).not.toContainEqual(expect.stringContaining("api.example.com"));
});

test("a waiting connection goes on when the partner has told the name of the service", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.edit(
    "specs/payments-api.yaml",
    "  allowedPrincipals:\n",
    '  allowedPrincipals:\n    - { principal: "arn:aws:iam::222222222222:root", reason: "ours", until: 2027-03-31 }\n',
  );
  await applyAll(stage);
  const { outputs } = await stage.live("payments-api/service");
  stage.edit("specs/event-stream.yaml", "service: pending", `service: ${outputs.serviceName}`);
  await applyAll(stage);
  const { exit, plan } = await stage.plan();
  expect({ exit, changes: gist(plan), waits: plan.waits.map(({ on, for: what }) => `${on}: ${what}`) }).toMatchObject({
    exit: 0,
    changes: [],
    waits: [expect.stringContaining("partner: the owner of")],
  });
});
