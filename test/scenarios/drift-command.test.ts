import { readFileSync } from "node:fs";
import { CreateSecurityGroupCommand, ModifyVpcEndpointServicePermissionsCommand } from "@aws-sdk/client-ec2";
import { ModifyLoadBalancerAttributesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ChangeResourceRecordSetsCommand, ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { drift } from "../../src/commands/drift.ts";
import type { Drift } from "../../src/planner/status/drift.ts";
import { applyAll, connect } from "./acts.ts";
import { asking } from "./asking.ts";
import { APPS, NETWORK, type Said, type Stage, startStage } from "./harness.ts";

/** `landline drift`: what others do behind our back, by its classes and exit codes. */

const ZONE = "Z0PRIVATE00000000001";
const STRANGER = "arn:aws:iam::999999999999:root";

const asked = (stage: Stage, format: "text" | "json" = "json"): Promise<Said> =>
  asking(stage, (options, io) => drift({ ...options, format }, io));

async function driftOf(stage: Stage): Promise<{ readonly exit: number; readonly items: readonly string[] }> {
  const { exit, out } = await asked(stage);
  const schema = JSON.parse(readFileSync(new URL("../../schema/drift.v1.schema.json", import.meta.url), "utf8"));
  const validate = new Ajv2020({ strict: true }).compile<Drift>(schema);
  const found: unknown = JSON.parse(out);
  if (!validate(found)) throw new Error(JSON.stringify(validate.errors));
  const { items, summary } = found;
  expect(items).toHaveLength(summary.changed + summary.missing + summary.unexpected);
  return {
    exit,
    items: items.map((item) =>
      `${item.class} ${item.address} ${item.differences.map(({ attribute }) => attribute)}`.trim(),
    ),
  };
}

async function meddle(stage: Stage): Promise<string> {
  const [network, apps] = [stage.as(NETWORK), stage.as(APPS)];
  await network.elbv2.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: (await stage.live("payments-api/service/nlb/payments")).id,
      Attributes: [{ Key: "load_balancing.cross_zone.enabled", Value: "false" }],
    }),
  );
  await network.ec2.send(
    new ModifyVpcEndpointServicePermissionsCommand({
      ServiceId: (await stage.live("payments-api/service")).id,
      AddAllowedPrincipals: [STRANGER],
      RemoveAllowedPrincipals: ["arn:aws:iam::402592597372:role/connector"],
    }),
  );
  await apps.ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: "left-behind",
      Description: "left behind",
      VpcId: "vpc-0b1b2c3d4e5f60001",
      TagSpecifications: [
        {
          ResourceType: "security-group",
          Tags: [
            { Key: "landline:project", Value: "acme-network" },
            { Key: "landline:connection", Value: "old" },
            { Key: "landline:address", Value: "old/endpoint/main/security-group" },
          ],
        },
      ],
    }),
  );
  const { ResourceRecordSets = [] } = await apps.route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: ZONE }),
  );
  const ours = ResourceRecordSets.filter(({ Name }) => Name?.includes("ledger."));
  const Changes = ours.map((ResourceRecordSet) => ({ Action: "DELETE" as const, ResourceRecordSet }));
  await apps.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: ZONE, ChangeBatch: { Changes } }));
  return connect(stage);
}

test("exit 0 and what was compared when nothing moved; 2 and each difference by its class when something did; 0 after the next apply", async () => {
  const stage = await startStage();
  await applyAll(stage);
  const calm = await asked(stage, "text");
  expect(calm.exit).toBe(0);
  expect(calm.out.replaceAll(/\s+/g, " ")).toMatch(
    /^3 connections \(event-stream, ledger, payments-api\) compared with the committed specs, in apps-use1 \(222222222222, us-east-1\) and network-use1 \(111111111111, us-east-1\)\. No drift: \d+ resources as the specs want them\. $/,
  );

  const request = await meddle(stage);
  const moved = await driftOf(stage);
  expect(moved.exit).toBe(2);
  expect([...moved.items].sort()).toEqual([
    "changed payments-api/service/nlb/payments crossZone",
    "missing ledger/endpoint/main/dns/ledger.apps.internal.example.com",
    "missing payments-api/service/allowlist principals",
    "unexpected old/endpoint/main/security-group",
    `unexpected payments-api/service/acceptance/${request}`,
    "unexpected payments-api/service/allowlist principals",
  ]);
  const { exit, out } = await asked(stage, "text");
  expect(exit).toBe(2);
  expect(out).toContain("crossZone  true → false");
  expect(out.replaceAll(/\s+/g, " ")).toContain(`unexpected request: ${request} of account 402592597372`);
  expect(out).toContain("Drift: 1 changed, 2 missing, 3 unexpected; ");

  expect((await stage.apply()).exit).toBe(0);
  // The request is still nobody's.
  expect(await driftOf(stage)).toMatchObject({
    exit: 2,
    items: [`unexpected payments-api/service/acceptance/${request}`],
  });
});

test("exit 1 when nothing moved in what could be compared, and not everything could", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.edit("landline.yaml", "      plan: arn:aws:iam::222222222222:role/landline-plan\n", "");
  stage.edit("landline.yaml", "    roles:\n      apply: arn:aws:iam::222222222222:role/landline-apply\n", "");
  const { exit, out } = await asked(stage, "text");
  expect(exit).toBe(1);
  expect(out).toContain("2 errors: not everything could be compared, or can be mended.");
  expect(out).toContain("1 connection (payments-api) compared");
});
