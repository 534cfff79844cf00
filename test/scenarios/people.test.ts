import { RejectVpcEndpointConnectionsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import type { FileChange } from "../../src/planner/writers/json.ts";
import { applyAll, connect, liftProtection, nameInSpec, raiseBrakes } from "./acts.ts";
import { expectNothingToDo, gist, NETWORK, type Stage, startStage } from "./harness.ts";

/** Who is connected, how they are cut off, and that nobody is by accident. */

const PAYMENTS = "specs/payments-api.yaml";

/** A partner whose endpoint is accepted by name at an unprotected service. */
async function connected(): Promise<{ stage: Stage; endpoint: string }> {
  const stage = await startStage();
  await applyAll(stage);
  const endpoint = await connect(stage);
  await nameInSpec(stage, endpoint);
  liftProtection(stage);
  await applyAll(stage);
  return { stage, endpoint };
}

const removePrincipals = (stage: Stage): void => {
  const text =
    '    - { principal: "arn:aws:iam::402592597372:root", reason: "partner platform, ticket NET-12", until: 2027-03-31 }\n';
  stage.edit(PAYMENTS, text, "");
  stage.edit(
    PAYMENTS,
    '    - {\n        principal: "arn:aws:iam::402592597372:role/connector",\n        reason: "their connector, ticket NET-15",\n        until: 2027-03-31,\n      }\n',
    "",
  );
  stage.edit(PAYMENTS, "  allowedPrincipals:\n", "  allowedPrincipals: []\n");
};
const forget = (stage: Stage, endpoint: string): void =>
  stage.edit(PAYMENTS, `      - { endpoint: ${endpoint}, reason: "partner platform, ticket NET-20" }\n`, "      []\n");
const say = (stage: Stage, line: string): void =>
  stage.edit(PAYMENTS, "  acceptance: required\n", `  acceptance: required\n  ${line}\n`);
const disconnectReason = 'disconnect: true\n  disconnectReason: "the contract has ended, NET-41"';

const risksOf = (changes: readonly FileChange[], address: string) => {
  const change = changes.find((one) => one.address === address);
  return { risks: change?.risks, notes: change?.notes };
};

describe("a principal that is removed", () => {
  test("leaves its connections, and the plan says how many of whom", async () => {
    const { stage } = await connected();
    removePrincipals(stage);
    const { plan } = await stage.plan();
    expect(risksOf(plan.changes, "payments-api/service/allowlist")).toEqual({
      risks: ["revokes-access"],
      notes: [
        expect.stringMatching(/^1 live connection of 1 account \(402592597372\) stays connected: .*disconnect: true/),
      ],
    });
    await applyAll(stage);
    await expectNothingToDo(stage);
  });

  test("loses them when the spec says disconnect, with the reason", async () => {
    const { stage, endpoint } = await connected();
    removePrincipals(stage);
    forget(stage, endpoint);
    say(stage, disconnectReason);
    const { plan } = await stage.plan();
    expect(gist(plan)).toEqual([
      "update payments-api/service/allowlist principals",
      `update payments-api/service/acceptance/${endpoint} decision`,
    ]);
    expect(risksOf(plan.changes, `payments-api/service/acceptance/${endpoint}`)).toEqual({
      risks: ["disconnects"],
      notes: ["1 live connection of 1 account will be cut"],
    });
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        id: "connection.cut",
        message: expect.stringContaining("the contract has ended, NET-41"),
      }),
    );
    await applyAll(stage);
    await expectNothingToDo(stage);
    stage.edit(PAYMENTS, disconnectReason, "supportedRegions: []");
    await expectNothingToDo(stage);
  });

  test("keeps what is accepted by name, and says so", async () => {
    const { stage, endpoint } = await connected();
    removePrincipals(stage);
    say(stage, disconnectReason);
    const { plan } = await stage.plan();
    expect(gist(plan)).toEqual(["update payments-api/service/allowlist principals"]);
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        id: "connection.kept",
        severity: "warning",
        message: expect.stringContaining(endpoint),
      }),
    );
  });

  test("cuts nobody whose account is still allowed", async () => {
    const { stage, endpoint } = await connected();
    forget(stage, endpoint);
    say(stage, disconnectReason);
    await expectNothingToDo(stage);
  });
});

describe("a service that somebody is connected to", () => {
  test("stays, with the names of those who are, and the way on", async () => {
    const { stage, endpoint } = await connected();
    stage.remove(PAYMENTS);
    raiseBrakes(stage);
    const refused = (await stage.plan()).plan;
    expect(refused.findings.filter(({ severity }) => severity === "error")).toMatchObject([
      {
        id: "service.connected",
        message: expect.stringMatching(new RegExp(`${endpoint} of account 402592597372, available.*disconnect: true`)),
      },
    ]);
    expect(refused.changes.every(({ refused: by }) => by === "service.connected")).toBe(true);
  });

  test("is deleted once a reviewed plan has cut its connections", async () => {
    const { stage, endpoint } = await connected();
    removePrincipals(stage);
    forget(stage, endpoint);
    say(stage, disconnectReason);
    await applyAll(stage);
    stage.remove(PAYMENTS);
    raiseBrakes(stage);
    await applyAll(stage);
    await expectNothingToDo(stage);
  });
});

test("an endpoint of ours that was rejected at our own service is replaced, its name moved", async () => {
  const stage = await startStage();
  await applyAll(stage);
  const [service, old] = [await stage.live("ledger/service"), await stage.live("ledger/endpoint/main")];
  await stage
    .as(NETWORK)
    .ec2.send(new RejectVpcEndpointConnectionsCommand({ ServiceId: service.id, VpcEndpointIds: [old.id] }));
  const { plan } = await stage.plan();
  expect(plan.findings).toContainEqual(
    expect.objectContaining({
      id: "endpoint.ended",
      message: expect.stringContaining("makes another one in its place"),
    }),
  );
  expect(gist(plan)).toEqual([
    "replace ledger/endpoint/main state",
    "replace ledger/endpoint/main/acceptance decision endpointId",
    "update ledger/endpoint/main/dns/ledger.apps.internal.example.com targetDnsName targetZoneId",
    `delete ledger/endpoint/main#${old.id}`,
  ]);
  expect(risksOf(plan.changes, "ledger/endpoint/main").risks).toEqual([]);
  await applyAll(stage);
  await expectNothingToDo(stage);
  const now = await stage.live("ledger/endpoint/main");
  expect(now).toMatchObject({ state: "available" });
  expect(now.id).not.toBe(old.id);
});
