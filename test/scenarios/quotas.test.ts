import { expect, test } from "vitest";
import { applyAll } from "./acts.ts";
import { expectNothingToDo, gist, NETWORK, type Stage, startStage } from "./harness.ts";

async function stageWith(quotas: { readonly [name: string]: number }): Promise<Stage> {
  const stage = await startStage();
  const world = stage.world();
  Object.assign(world.accounts[NETWORK] ?? {}, { quotas });
  await stage.putWorld(world);
  return stage;
}
const limitCalls = async (stage: Stage, since: number): Promise<number> =>
  (await stage.requests(since)).filter(({ action }) => action === "DescribeAccountLimits").length;

test("a limit that the plan would break refuses what is beyond it before the first write", async () => {
  const stage = await stageWith({ "network-load-balancers": 1 });
  const { exit, plan } = await stage.plan();
  expect(exit).toBe(3);
  expect(gist(plan).filter((line) => line.startsWith("error"))).toEqual([
    expect.stringContaining("error quota.network-load-balancers: account 111111111111, us-east-1 has 0 of at most 1"),
  ]);
  const { exit: applied } = await stage.apply();
  // What fits is done.
  expect(applied).toBe(4);
  expect(
    (await stage.requests()).filter(({ action, status }) => action === "CreateLoadBalancer" && status >= 400),
  ).toEqual([]);
});

test("limits are read when something is to be made, and then only", async () => {
  const stage = await stageWith({});
  await applyAll(stage);
  const before = (await stage.requests()).length;
  await expectNothingToDo(stage);
  expect(await limitCalls(stage, before)).toBe(0);
  const spec =
    "    - name: more\n      subnets: [subnet-0a1b2c3d4e5f60001]\n      listeners: [{port: 443, protocol: TCP, targetGroup: {port: 8443, type: ip}}]";
  stage.edit("specs/payments-api.yaml", "  loadBalancers:\n", `  loadBalancers:\n${spec}\n`);
  const { exit } = await stage.plan({ only: ["payments-api"] });
  expect(exit).toBe(2);
  expect(await limitCalls(stage, before)).toBe(1);
});
