import { DeleteVpcEndpointsCommand, DescribeVpcEndpointsCommand, ModifyVpcEndpointCommand } from "@aws-sdk/client-ec2";
import {
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  ModifyListenerCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { applyAll } from "./acts.ts";
import { APPS, NETWORK, type Stage, startStage } from "./harness.ts";
import { openWitness, untilCalm, type Witness } from "./witness.ts";

/** A witness that overlooks something proves nothing: each of these cuts somebody off by hand, and has to be noticed. */

async function watched(): Promise<{ readonly stage: Stage; readonly watch: Witness }> {
  const watch = openWitness();
  const stage = await startStage({ fixture: "rich", witness: watch.witness });
  await applyAll(stage);
  await untilCalm(stage);
  watch.start(stage.sandbox.world);
  return { stage, watch };
}

const LISTENER = "ledger/service/nlb/ledger/listener/5432";

test("sees nothing while nothing happens", async () => {
  const { stage, watch } = await watched();
  await untilCalm(stage);
  expect([watch.seen, watch.gaps]).toEqual([[], []]);
});

test("sees a listener that is switched to targets whose health nobody has checked yet", async () => {
  const { stage, watch } = await watched();
  const { elbv2 } = stage.as(NETWORK);
  const settings = {
    Name: "cold",
    Protocol: "TCP",
    Port: 5432,
    VpcId: "vpc-0a1b2c3d4e5f60001",
    TargetType: "ip",
  } as const;
  const { TargetGroups } = await elbv2.send(new CreateTargetGroupCommand(settings));
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn;
  await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "10.0.2.20" }] }));
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
  await elbv2.send(new ModifyListenerCommand({ ListenerArn: (await stage.live(LISTENER)).id, DefaultActions }));
  const [service, endpoint] = await Promise.all(["ledger/service", "ledger/endpoint/main"].map((at) => stage.live(at)));
  expect(watch.seen).toEqual([
    `${service?.id} has no healthy load balancer`,
    `${endpoint?.id} is cut off from its service`,
  ]);
});

test("sees a load balancer without listeners", async () => {
  const { stage, watch } = await watched();
  const { id } = await stage.live(LISTENER);
  await stage.as(NETWORK).elbv2.send(new DeleteListenerCommand({ ListenerArn: id }));
  expect(watch.seen).toContain(`${(await stage.live("ledger/service")).id} has no healthy load balancer`);
});

test("sees an alias that leads to an endpoint on its way out", async () => {
  const { stage, watch } = await watched();
  const { id } = await stage.live("ledger/endpoint/main");
  await stage.as(APPS).ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  expect(watch.seen).toContain(`ledger.apps.internal.example.com. leads to ${id}, which is deleting`);
});

test("sees a private name that nobody answers to for a moment", async () => {
  const { stage, watch } = await watched();
  const { id } = await stage.live("rich/endpoint/both");
  const { ec2 } = stage.as(APPS);
  await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, PrivateDnsEnabled: false }));
  await ec2.send(new DescribeVpcEndpointsCommand({}));
  expect(watch.gaps).toEqual(["vpc-0b1b2c3d4e5f60001 api.example.com"]);
});
