import { CreateListenerCommand, DeleteListenerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { applyAll, raiseBrakes } from "./acts.ts";
import { expectNothingToDo, NETWORK, startStage } from "./harness.ts";

/** What AWS refuses to delete for a while, and who is in the way. */

test("the network interfaces of a deleted endpoint keep its security group for a while: it is tried again until they are gone", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.remove("specs/ledger.yaml");
  raiseBrakes(stage);
  const since = (await stage.requests()).length;
  await applyAll(stage);
  const calls = (await stage.requests(since)).filter(({ action }) =>
    /^Delete(VpcEndpoints|SecurityGroup)$/.test(action),
  );
  const [endpoint, ...groups] = calls.map(({ action, status }) => `${action} ${status}`);
  expect(endpoint).toBe("DeleteVpcEndpoints 200");
  expect(groups.length).toBeGreaterThan(1);
  expect(new Set(groups.slice(0, -1))).toEqual(new Set(["DeleteSecurityGroup 400"]));
  expect(groups.at(-1)).toBe("DeleteSecurityGroup 200");
  await expectNothingToDo(stage);
});

test("a target group that somebody else's listener uses stays, and the report names the listener", async () => {
  const stage = await startStage();
  await applyAll(stage);
  const balancer = await stage.live("ledger/service/nlb/ledger");
  const group = await stage.live("ledger/service/nlb/ledger/target-group/5432");
  const { Listeners } = await stage.as(NETWORK).elbv2.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer.id,
      Port: 6000,
      Protocol: "TCP",
      DefaultActions: [{ Type: "forward", TargetGroupArn: group.id }],
    }),
  );
  const ListenerArn = Listeners?.[0]?.ListenerArn ?? "";
  stage.remove("specs/ledger.yaml");
  raiseBrakes(stage);
  const { exit, outcomes } = await stage.apply();
  const failed = outcomes.filter(({ result }) => result === "failed");
  expect({ exit, failed }).toMatchObject({
    exit: 4,
    failed: [{ address: group.address, message: expect.stringContaining(`in the way: ${ListenerArn} (port 6000)`) }],
  });
  await stage.as(NETWORK).elbv2.send(new DeleteListenerCommand({ ListenerArn }));
  await applyAll(stage);
  await expectNothingToDo(stage);
});
