import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as ec2 from "@aws-sdk/client-ec2";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  DryRunIgnoredError,
  type DryRunQuestion,
  dryRunQuestions,
  guardAgainstDeeds,
  NotADryRunError,
  openDryRuns,
} from "../../src/aws/dry-run.ts";
import { addFaults, clients, loggedRequests, provider, startTestSandbox } from "../sandbox/helper.ts";
import { accessTo, closing, roleThatMay } from "./roles.ts";

const places = { region: "us-east-1", account: provider, vpcId: "vpc-0a1b2c3d4e5f60001" };
const marked = { ...places, project: "acme-network" };

describe("asking whether one may write", () => {
  it.each(dryRunQuestions)("%s: allowed to who may, denied to who may not, and never done", async (question) => {
    const { sandbox, access } = await roleThatMay([question]);
    const [mayIt, mayOther] = [
      closing(openDryRuns(access)),
      closing(openDryRuns((await roleThatMay(["ec2:Describe*"])).access)),
    ];
    const before = structuredClone(sandbox.world);
    expect(await mayIt.may(question, places)).toEqual({ is: "allowed" });
    expect(await mayOther.may(question, places)).toMatchObject({
      is: "denied",
      failure: { code: "UnauthorizedOperation", status: 403 },
    });
    expect(sandbox.world).toEqual(before);
    expect((await loggedRequests(sandbox)).filter(({ write }) => write)).toEqual([]);
  });

  it("is answered action by action: each question asks for what it is called", async () => {
    const { sandbox, access } = await roleThatMay(["*"]);
    const door = closing(openDryRuns(access));
    for (const question of dryRunQuestions) await door.may(question, places);
    const asked = (await loggedRequests(sandbox)).filter(({ service }) => service === "ec2");
    expect(asked.map(({ action, errorCode, status }) => [`ec2:${action}`, errorCode, status])).toEqual(
      dryRunQuestions.map((question) => [question, "DryRunOperation", 412]),
    );
  });

  it.each(dryRunQuestions.filter((question) => question.startsWith("ec2:Create")))(
    "%s with our mark asks for the right to tag too",
    async (question) => {
      const without = closing(openDryRuns((await roleThatMay([question])).access));
      const both = closing(openDryRuns((await roleThatMay([question, "ec2:CreateTags"])).access));
      expect(await without.may(question, marked)).toMatchObject({ is: "denied" });
      expect(await both.may(question, marked)).toEqual({ is: "allowed" });
    },
  );

  it("says when AWS refuses for another reason than permission", async () => {
    const sandbox = await startTestSandbox();
    await addFaults(sandbox, { effect: "error-before", code: "InvalidVpcID.NotFound", status: 400 });
    expect(await closing(openDryRuns(accessTo(sandbox))).may("ec2:CreateVpcEndpoint", places)).toMatchObject({
      is: "unclear",
      failure: { code: "InvalidVpcID.NotFound" },
    });
  });

  it("throws what is no answer of AWS", async () => {
    const access = { ...accessTo({ url: "http://127.0.0.1:1" }) };
    await expect(closing(openDryRuns(access)).may("ec2:CreateVpcEndpoint", places)).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
  });

  it("is loud about a server that does not know DryRun and did it", async () => {
    const server = createServer((_request, response) => response.end("<DeleteVpcEndpointsResponse/>"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(closing(openDryRuns(accessTo({ url }))).may("ec2:DeleteVpcEndpoints", places)).rejects.toBeInstanceOf(
      DryRunIgnoredError,
    );
  });
});

describe("the second lock", () => {
  const commands = Object.entries(ec2).filter(
    ([name, exported]) => name.endsWith("Command") && typeof exported === "function" && !name.startsWith("$"),
  ) as unknown as readonly [string, new (input: object) => ec2.DeleteVpcEndpointsCommand][];

  it.each([{}, { DryRun: false }, { DryRun: undefined }, { DryRun: "true" }])(
    "lets nothing through with %j",
    async (input) => {
      const sandbox = await startTestSandbox();
      const client = clients(sandbox).ec2;
      guardAgainstDeeds(client);
      for (const [, Command] of commands)
        await expect(client.send(new Command(input))).rejects.toBeInstanceOf(NotADryRunError);
      expect(commands.length).toBeGreaterThan(500);
      expect(await loggedRequests(sandbox)).toEqual([]);
    },
  );

  it("is on the door: no place that a caller may name takes the word away", async () => {
    const { sandbox, access } = await roleThatMay(["*"]);
    const before = structuredClone(sandbox.world);
    const hostile = { ...marked, DryRun: false } as typeof marked;
    const door = closing(openDryRuns(access));
    for (const question of dryRunQuestions)
      expect(await door.may(question as DryRunQuestion, hostile)).toEqual({ is: "allowed" });
    expect(sandbox.world).toEqual(before);
  });
});
