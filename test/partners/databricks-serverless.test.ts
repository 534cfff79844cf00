import { describe, expect, it, test } from "vitest";
import { openPage, typed } from "./page.ts";
import { meaning } from "./profile.ts";
import {
  applied,
  bodies,
  expectRefused,
  type Partnership,
  partnerAsks,
  partnerLeaves,
  settled,
  startPartnership,
  verdicts,
} from "./stage.ts";

/** Serverless compute of Databricks connects to our service; its side is played by its own account. */

const DATABRICKS = "565502421330";
const STRANGER = "444444444444";
const ROLE = "role/private-connectivity-role-us-east-1";
const RULES =
  '"$DATABRICKS_HOST/api/2.0/accounts/9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b6a/network-connectivity-configs/d6df3889-eefc-4ddb-bbb4-613efcb30035/private-endpoint-rules';
const RULE = "728c1541-d6d1-4290-9a53-cdf01dd32d60";
const AUTH = '-H "Authorization: Bearer $DATABRICKS_TOKEN"';

const start = (): Promise<Partnership> =>
  startPartnership({ name: "databricks-serverless", accounts: [DATABRICKS, STRANGER] });

/** Lets more accounts ask: the calls that an account makes here are its root's, not those of a role of it. */
const letIn = (stage: Partnership, ...accounts: readonly string[]): void =>
  stage.rewrite(
    "  allowedPrincipals:\n",
    `  allowedPrincipals:\n${accounts.map((account) => `    - { principal: "arn:aws:iam::${account}:root", reason: "NET-64", until: 2027-01-31 }\n`).join("")}`,
  );

test("from an empty account to a rule that is ESTABLISHED, and down again", async () => {
  const stage = await start();
  const page = openPage("databricks-serverless");
  page.shows("spec", stage.spec());
  letIn(stage, DATABRICKS);
  await applied(stage);
  await settled(stage, "waiting-partner");
  const { outputs } = await stage.live("databricks-serverless/service");
  expect(await bodies(stage)).toEqual([
    "rule: # DATABRICKS_HOST is the account console's address, DATABRICKS_TOKEN the token of an account admin\n" +
      `curl --silent -X POST ${AUTH} -H 'Content-Type: application/json' ${RULES}" -d '{"endpoint_service":"${outputs.serviceName}","domain_names":["orders-db.services.example.com"]}'\n` +
      `curl --silent ${AUTH} ${RULES}"    # until PENDING`,
  ]);
  page.shows("rule", typed("landline handoff databricks-serverless", await stage.handoffText()));
  const endpoint = await partnerAsks(stage, DATABRICKS);
  await settled(stage, "waiting-us");
  page.shows("approve", typed("landline handoff databricks-serverless", await stage.handoffText()));
  const [left] = (await stage.plan()).plan.findings.filter(({ id }) => id === "partner.deadline");
  expect(left).toMatchObject({ severity: "warning", message: expect.stringContaining("gives up after 14 days") });
  const answer = { rule_id: RULE, vpc_endpoint_id: endpoint, connection_state: "PENDING" };
  const said = await stage.captured(JSON.stringify(answer, null, 2), { reason: "the rule of NET-62" });
  page.shows(
    "capture",
    typed("landline capture databricks-serverless --reason 'the rule of NET-62' < answer.json", said),
  );
  await applied(stage);
  for (let looks = 0; looks < 3; looks++) await stage.states();
  await stage.captured(`  "connection_state": "ESTABLISHED",\n`);
  await settled(stage, "active");
  page.shows("status", typed("landline status databricks-serverless", await stage.statusText()));

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  await expectRefused(stage, "partner.attached");
  expect(await bodies(stage)).toEqual([`remove: curl --silent -X DELETE ${AUTH} ${RULES}/${RULE}"`]);
  page.shows("remove", typed("landline handoff databricks-serverless", await stage.handoffText()));
  await partnerLeaves(stage, DATABRICKS, endpoint);
  for (let looks = 0; looks < 4; looks++) await stage.states();
  await applied(stage);
  await settled(stage, "absent");
  page.check();
});

test("a request that waited for 14 days has failed, and says what to do", async () => {
  const stage = await start();
  letIn(stage, DATABRICKS);
  stage.setClock("2026-11-06T09:30:00.000Z");
  await applied(stage);
  await partnerAsks(stage, DATABRICKS);
  await settled(stage, "failed");
  const [over] = (await stage.plan()).plan.findings.filter(({ id }) => id === "partner.deadline-passed");
  expect(over?.message).toContain("The rule is EXPIRED and stays so: delete it and create it again");
});

test("R150 the endpoint has to be named, and to be of Databricks' account", async () => {
  const stage = await start();
  letIn(stage, DATABRICKS, STRANGER);
  await applied(stage);
  const stranger = await partnerAsks(stage, STRANGER);
  const accept = `  connections: { accept: [{ endpoint: ${stranger}, reason: "by mistake" }] }\n`;
  stage.rewrite("  acceptance: required\n", `  acceptance: required\n${accept}`);
  await expectRefused(stage, "partner.accept-account");
  stage.rewrite(`endpoint: ${stranger}`, `account: "${DATABRICKS}"`);
  await expectRefused(stage, "partner.accept-form");
});

describe("what Databricks demands is asked for before the first write", () => {
  const names = (count: number): string =>
    Array.from({ length: count }, (_, index) => `db-${index}.services.example.com`).join(", ");
  it.each([
    ["an eleventh domain name", "orders-db.services.example.com", names(11), ["databricks.domains"]],
    [
      "another Region",
      "    region: us-east-1\n",
      "    region: eu-west-1\n",
      ["databricks.region", "databricks.principals"],
    ],
    ["the role of another Region", `${ROLE}"`, 'role/private-connectivity-role-us-west-2"', ["databricks.principals"]],
    ["everybody lets himself in", "acceptance: required", "acceptance: automatic", ["partner.accept-automatic"]],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("ten domain names are enough", async () => {
    const stage = await start();
    stage.rewrite("orders-db.services.example.com", names(10));
    expect(await verdicts(stage, "databricks.")).toEqual([]);
  });

  it("GovCloud has accounts of its own", async () => {
    const stage = await start();
    stage.rewrite("    region: us-east-1\n", "    region: us-gov-west-1\n    cloud: gov-civilian\n");
    const { findings } = (await stage.plan()).plan;
    expect(findings.find(({ id }) => id === "databricks.principals")?.message).toContain(
      "arn:aws-us-gov:iam::347038500609:role/private-connectivity-role-us-gov-west-1 is not among",
    );
  });
});

test.each([
  ["CREATING", "creating", undefined],
  ["PENDING", "awaiting-acceptance", undefined],
  ["ESTABLISHED", "active", undefined],
  ["REJECTED", "failed", true],
  ["DISCONNECTED", "failed", true],
  ["EXPIRED", "failed", true],
  ["CREATE_FAILED", "failed", true],
])("Databricks' word %s is %s", (word, is, terminal) => {
  const said = meaning("databricks-serverless", "provider", word);
  expect([said.is, said.terminal]).toEqual([is, terminal]);
});
