import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecurityGroupCommand, DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../src/sandbox/server.ts";
import { addFaults, clients, endpoint, endpointService, startTestSandbox, statesOf, twoAccounts } from "./helper.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sandbox-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

function make(sandbox: { url: string }, GroupName: string) {
  const VpcId = "vpc-0a1b2c3d4e5f60001";
  return clients(sandbox).ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: "test", VpcId }));
}

async function names(sandbox: { url: string }): Promise<string[]> {
  const seen = await clients(sandbox).ec2.send(new DescribeSecurityGroupsCommand({}));
  return (seen.SecurityGroups ?? []).map((group) => group.GroupName ?? "").sort();
}

test("what was acknowledged is there after the sandbox is gone without a word", async () => {
  const stateFile = join(await folder(), "deep", "world.json");
  const first = await startTestSandbox(twoAccounts, { stateFile });
  await Promise.all(["a", "b", "c", "d", "e"].map((name) => make(first, name)));
  await addFaults(first, { effect: "drop-after" });
  await make(first, "f").catch(() => {});
  // Nothing tells the first one to save: the second reads what is on disk.
  const second = await startTestSandbox("accounts: {}", { stateFile });
  expect(await names(second)).toEqual(["a", "app", "b", "c", "d", "default", "e", "f"]);
  expect(await readdir(join(stateFile, ".."))).toEqual(["world.json"]);
});

test("reads that only move a countdown are saved when the sandbox closes", async () => {
  const stateFile = join(await folder(), "world.json");
  const first = await startSandbox({ seed: twoAccounts, stateFile });
  const { ServiceName } = await endpointService(first, { AcceptanceRequired: false });
  const { VpcEndpointId } = await endpoint(first, ServiceName);
  expect(await statesOf(first, VpcEndpointId, 2)).toEqual(["pending", "pending"]);
  await first.close();
  const second = await startTestSandbox("accounts: {}", { stateFile });
  expect(await statesOf(second, VpcEndpointId, 1)).toEqual(["available"]);
});

test("ids go on where they were, so that nothing is handed out twice", async () => {
  const stateFile = join(await folder(), "world.json");
  const first = await startSandbox({ seed: twoAccounts, stateFile });
  const one = await make(first, "one");
  await first.close();
  const second = await startTestSandbox(twoAccounts, { stateFile });
  const two = await make(second, "two");
  expect(two.GroupId).not.toBe(one.GroupId);
  const again = await startTestSandbox();
  expect((await make(again, "one")).GroupId).toBe(one.GroupId);
});

test("a file that holds something else is left alone", async () => {
  const stateFile = join(await folder(), "world.json");
  await writeFile(stateFile, "{");
  await expect(startSandbox({ stateFile })).rejects.toThrow(stateFile);
  expect(await readFile(stateFile, "utf8")).toBe("{");
});

test("a call whose effect cannot be kept is not acknowledged", async () => {
  const path = await folder();
  const stateFile = join(path, "world.json");
  const sandbox = await startTestSandbox(twoAccounts, { stateFile: join(stateFile, "below-a-file.json") });
  await writeFile(stateFile, "in the way");
  await expect(make(sandbox, "lost")).rejects.toMatchObject({ name: "InternalFailure" });
});
