import {
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { addFaults, clients, endpoint, endpointService, loggedRequests, provider, startTestSandbox } from "./helper.ts";

function make(sandbox: Sandbox, GroupName = "made") {
  const VpcId = "vpc-0a1b2c3d4e5f60001";
  return clients(sandbox).ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: "test", VpcId }));
}

async function names(sandbox: Sandbox): Promise<(string | undefined)[]> {
  const seen = await clients(sandbox).ec2.send(new DescribeSecurityGroupsCommand({}));
  return (seen.SecurityGroups ?? []).map((group) => group.GroupName);
}

test("an error before the effect", async () => {
  const sandbox = await startTestSandbox();
  await addFaults(sandbox, { action: "CreateSecurityGroup", effect: "error-before", code: "Unavailable", status: 503 });
  await expect(make(sandbox)).rejects.toMatchObject({ name: "Unavailable", $metadata: { httpStatusCode: 503 } });
  expect(await names(sandbox)).not.toContain("made");
  await make(sandbox);
});

test("an error after the effect", async () => {
  const sandbox = await startTestSandbox();
  await addFaults(sandbox, { action: "Create*", effect: "error-after" });
  await expect(make(sandbox)).rejects.toMatchObject({ name: "InternalError" });
  expect(await names(sandbox)).toContain("made");
});

test("a connection dropped before or after the effect", async () => {
  const sandbox = await startTestSandbox();
  await addFaults(
    sandbox,
    { service: "ec2", effect: "drop-before" },
    { service: "ec2", effect: "drop-after", skip: 1 },
  );
  await expect(make(sandbox, "first")).rejects.toMatchObject({ code: "ECONNRESET" });
  await expect(make(sandbox, "second")).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(await names(sandbox)).toEqual(expect.arrayContaining(["second"]));
  expect(await names(sandbox)).not.toContain("first");
  expect((await loggedRequests(sandbox)).map((entry) => entry.status)).toEqual([0, 0, 200, 200]);
});

test("skip, times and account choose the calls that a fault meets", async () => {
  const sandbox = await startTestSandbox();
  await addFaults(sandbox, { account: provider, skip: 1, times: 2, effect: "error-before" });
  const look = (account: string) =>
    clients(sandbox, account)
      .ec2.send(new DescribeVpcsCommand({}))
      .then(() => "fine")
      .catch((error: Error) => error.name);
  expect(await look("222222222222")).toBe("fine");
  const seen = [await look(provider), await look(provider), await look(provider), await look(provider)];
  expect(seen).toEqual(["fine", "InternalError", "InternalError", "fine"]);
});

test("a delayed answer", async () => {
  const sandbox = await startTestSandbox();
  await addFaults(sandbox, { effect: "delay", delayMs: 150 });
  const start = performance.now();
  await make(sandbox);
  expect(performance.now() - start).toBeGreaterThan(140);
});

test("a new object that reads do not show yet", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceName } = await endpointService(sandbox);
  await addFaults(sandbox, { action: "CreateVpcEndpoint", effect: "hide", reads: 2 });
  const { VpcEndpointId } = await endpoint(sandbox, ServiceName);
  const look = () =>
    clients(sandbox, "222222222222").ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
  await expect(look()).rejects.toMatchObject({ name: "InvalidVpcEndpointId.NotFound" });
  await expect(look()).rejects.toMatchObject({ name: "InvalidVpcEndpointId.NotFound" });
  expect((await look()).VpcEndpoints).toHaveLength(1);
});

test("faults are listed, forgotten and checked", async () => {
  const sandbox = await startTestSandbox();
  await addFaults(sandbox, { effect: "error-before" });
  const faults = `${sandbox.url}/_sandbox/faults`;
  expect(await (await fetch(faults)).json()).toEqual([{ effect: "error-before" }]);
  await fetch(faults, { method: "DELETE" });
  await make(sandbox);
  for (const wrong of [
    "{",
    '{"effect": "explode"}',
    '{"effect": "delay", "delay": 5}',
    '{"effect": "delay", "delayMs": "5"}',
    "[1]",
  ]) {
    expect((await fetch(faults, { method: "POST", body: wrong })).status, wrong).toBe(400);
  }
});
