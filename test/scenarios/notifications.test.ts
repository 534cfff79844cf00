import { CreateVpcEndpointConnectionNotificationCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import type { Notification } from "../../src/sandbox/world.ts";
import { applyAll, raiseBrakes } from "./acts.ts";
import { APPS, expectNothingToDo, gist, NETWORK, type Stage, startStage } from "./harness.ts";

const TOPIC = "arn:aws:sns:us-east-1:222222222222:endpoints";
const OF_LEDGER = "ledger/endpoint/main/notification/us-east-1:222222222222:endpoints";

const notificationsOf = (stage: Stage, account: string): Notification[] =>
  Object.values(stage.world().accounts[account]?.regions["us-east-1"]?.notifications ?? {});
const say = (stage: Stage): void =>
  stage.edit("specs/ledger.yaml", "    aliases:\n", `    notifications: [{ topic: "${TOPIC}" }]\n    aliases:\n`);
const unsay = (stage: Stage): void =>
  stage.edit("specs/ledger.yaml", `    notifications: [{ topic: "${TOPIC}" }]\n`, "");

test("a notification that nobody declared on a service of ours is shown and removed; others' are left alone", async () => {
  const stage = await startStage();
  await applyAll(stage);
  const { id: ServiceId } = await stage.live("ledger/service");
  const hang = { ConnectionNotificationArn: "arn:aws:sns:us-east-1:111111111111:spy", ConnectionEvents: ["Accept"] };
  await stage.as(NETWORK).ec2.send(new CreateVpcEndpointConnectionNotificationCommand({ ServiceId, ...hang }));
  const step = "delete ledger/service/notification/us-east-1:111111111111:spy";
  expect(gist((await stage.plan()).plan)).toEqual([step]);
  expect(gist((await stage.plan({ only: ["ledger"] })).plan)).toEqual([step]);
  expect(gist((await stage.plan({ only: ["payments-api"] })).plan)).toEqual([]);
  await applyAll(stage);
  await expectNothingToDo(stage);
  expect(notificationsOf(stage, NETWORK)).toEqual([]);
});

test("a notification that was taken away comes back, although AWS remembers the first one's token", async () => {
  const stage = await startStage();
  await applyAll(stage);
  for (const change of [say, unsay, say]) {
    change(stage);
    await applyAll(stage);
    await expectNothingToDo(stage);
    expect(notificationsOf(stage, APPS)).toHaveLength(change === say ? 1 : 0);
  }
});

test("the notification of an endpoint that is replaced moves to the new one, and goes before the endpoint goes", async () => {
  const stage = await startStage();
  raiseBrakes(stage);
  say(stage);
  await applyAll(stage);
  const [before] = notificationsOf(stage, APPS);
  expect((await stage.live(OF_LEDGER)).attributes).toMatchObject({ events: ["Accept", "Connect", "Delete", "Reject"] });
  // AWS cannot move an endpoint to another VPC, so this one has to be made anew.
  const world = stage.world();
  const old = world.accounts[APPS]?.regions["us-east-1"]?.vpcEndpoints[before?.vpcEndpointId ?? ""];
  Object.assign(old ?? {}, { vpcId: "vpc-0b1b2c3d4e5f60009" });
  await stage.putWorld(world);
  await applyAll(stage);
  await expectNothingToDo(stage);
  const after = notificationsOf(stage, APPS);
  expect(after).toHaveLength(1);
  expect(after[0]?.vpcEndpointId).not.toBe(before?.vpcEndpointId);
  stage.remove("specs/ledger.yaml");
  const { plan } = await stage.plan();
  const endpoint = plan.changes.find(({ address }) => address === "ledger/endpoint/main");
  expect(endpoint).toMatchObject({ action: "delete" });
  expect(endpoint?.dependsOn).toContain(OF_LEDGER);
});

test("the notification of an endpoint that is renamed stays as it is", async () => {
  const stage = await startStage();
  say(stage);
  await applyAll(stage);
  const before = notificationsOf(stage, APPS);
  const renamed = "  - name: other\n    renamedFrom: main\n    target: apps-use1\n";
  stage.edit("specs/ledger.yaml", "  - target: apps-use1\n", renamed);
  await applyAll(stage);
  await expectNothingToDo(stage);
  expect(notificationsOf(stage, APPS)).toEqual(before);
});
