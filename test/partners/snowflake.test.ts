import { describe, expect, it, test } from "vitest";
import { APPS } from "../scenarios/harness.ts";
import { type Offer, partnerOffers } from "./offer.ts";
import { openPage, typed } from "./page.ts";
import { meaning } from "./profile.ts";
import { recordsIn } from "./records.ts";
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

/** Snowflake both ways: we connect to it, and it connects to us. Its side is played by its own account. */

const SNOWFLAKE = "333333333333";
const STRANGER = "444444444444";
const ZONE = "privatelink.snowflakecomputing.com";
const start = (name: "snowflake" | "snowflake-outbound"): Promise<Partnership> =>
  startPartnership({ name, accounts: [SNOWFLAKE, STRANGER] });

/** What SYSTEM$GET_PRIVATELINK_CONFIG() answers. */
const config = (service: string): string =>
  JSON.stringify(
    {
      "regionless-snowsight-privatelink-url": `app-acme-prod.${ZONE}`,
      "privatelink-account-name": "ab12345.us-east-1.privatelink",
      "snowsight-privatelink-url": `app.us-east-1.${ZONE}`,
      "privatelink-account-url": `ab12345.us-east-1.${ZONE}`,
      "regionless-privatelink-account-url": `acme-prod.${ZONE}`,
      "privatelink-ocsp-url": `ocsp.ab12345.us-east-1.${ZONE}`,
      "privatelink-vpce-id": service,
      "regionless-privatelink-ocsp-url": `ocsp.acme-prod.${ZONE}`,
    },
    null,
    2,
  );

async function offered(stage: Partnership): Promise<Offer> {
  const theirs = await partnerOffers(stage, SNOWFLAKE, { byHand: false });
  await theirs.allow(`arn:aws:iam::${APPS}:root`);
  return theirs;
}

test("inbound: from an empty account to every name of ours at Snowflake, and down again", async () => {
  const stage = await start("snowflake");
  const page = openPage("snowflake");
  page.shows("spec", stage.spec());
  await settled(stage, "waiting-partner");
  const [authorize] = await bodies(stage);
  expect(authorize).toContain(`\nSELECT SYSTEM$AUTHORIZE_PRIVATELINK('${APPS}', '`);
  page.shows("authorize", typed("landline handoff snowflake", await stage.handoffText()));
  const theirs = await offered(stage);
  page.shows("capture", typed("landline capture snowflake < answer.json", await stage.captured(config(theirs.name))));
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  await applied(stage);
  await settled(stage, "active");
  const { outputs } = await stage.live("snowflake/endpoint/main");
  const names = [
    "ab12345.us-east-1",
    "acme-prod",
    "app-acme-prod",
    "app.us-east-1",
    "ocsp.ab12345.us-east-1",
    "ocsp.acme-prod",
  ];
  expect(recordsIn(stage, APPS, ZONE)).toEqual(names.map((name) => `CNAME ${name}.${ZONE} ${outputs.dnsName}`));
  page.shows("status", typed("landline status snowflake", await stage.statusText()));

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  const [revoke] = await bodies(stage);
  expect(revoke).toContain(`\nSELECT SYSTEM$REVOKE_PRIVATELINK('${APPS}', '`);
  page.shows("revoke", typed("landline handoff snowflake", await stage.handoffText()));
  await applied(stage);
  await settled(stage, "absent");
  page.check();
});

test("outbound: from an empty account to an endpoint that is accepted by its id, and down again", async () => {
  const stage = await start("snowflake-outbound");
  const page = openPage("snowflake-outbound");
  page.shows("spec", stage.spec());
  await applied(stage);
  await settled(stage, "waiting-partner");
  const { id, outputs } = await stage.live("snowflake-outbound/service");
  expect(await bodies(stage)).toEqual([
    `provision: USE ROLE ACCOUNTADMIN;\nSELECT SYSTEM$PROVISION_PRIVATELINK_ENDPOINT('${outputs.serviceName}', 'api.services.example.com');\nSELECT SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO();`,
  ]);
  page.shows("provision", typed("landline handoff snowflake-outbound", await stage.handoffText()));
  const endpoint = await partnerAsks(stage, SNOWFLAKE);
  await settled(stage, "waiting-us");
  expect(await bodies(stage)).toEqual([
    expect.stringContaining(`approve: ${endpoint} of account ${SNOWFLAKE} asks to connect to ${id}.`),
  ]);
  page.shows("approve", typed("landline handoff snowflake-outbound", await stage.handoffText()));
  const info = JSON.stringify(
    [{ provider_service_name: outputs.serviceName, snowflake_endpoint_name: endpoint, status: "CREATED" }],
    null,
    2,
  );
  const said = await stage.captured(info, { reason: "read in Snowflake by Lee, NET-63" });
  page.shows(
    "capture",
    typed("landline capture snowflake-outbound --reason 'read in Snowflake by Lee, NET-63' < answer.json", said),
  );
  await applied(stage);
  await settled(stage, "active");
  page.shows("status", typed("landline status snowflake-outbound", await stage.statusText()));

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  await expectRefused(stage, "partner.attached");
  expect(await bodies(stage)).toEqual([
    `deprovision: USE ROLE ACCOUNTADMIN;\nSELECT SYSTEM$DEPROVISION_PRIVATELINK_ENDPOINT('${outputs.serviceName}');`,
  ]);
  page.shows("deprovision", typed("landline handoff snowflake-outbound", await stage.handoffText()));
  const [wait] = (await stage.plan()).plan.waits;
  expect(wait).toMatchObject({ on: "partner", until: "2026-11-27T00:00:00.000Z" });
  await partnerLeaves(stage, SNOWFLAKE, endpoint);
  for (let looks = 0; looks < 4; looks++) await stage.states();
  await applied(stage);
  await settled(stage, "absent");
  page.check();
});

describe("inbound: what Snowflake demands is asked for before the first write", () => {
  it.each([
    ...[443, 80].map((port): [string, string, string, string[]] => [
      `port ${port} closed`,
      `        - { ports: ${port}, from: 10.20.0.0/16, description: applications }\n`,
      "",
      ["snowflake.ports"],
    ]),
    [
      "private DNS on the endpoint",
      "- target: apps-use1\n",
      "- target: apps-use1\n    privateDns: true\n",
      ["private-dns.missing", "snowflake.private-dns"],
    ],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start("snowflake");
    await stage.captured(config((await offered(stage)).name));
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });
});

describe("outbound: what Snowflake demands is asked for before the first write", () => {
  it.each([
    [
      "a principal that is not allowed",
      "account_principal: arn:aws:iam::333333333333:root",
      "account_principal: arn:aws:iam::444444444444:user/outbound",
      ["snowflake.principals"],
    ],
    [
      "a Region that the service does not support",
      "    region: us-east-1\n",
      "    region: eu-central-1\n",
      ["snowflake.region"],
    ],
    [
      "R150 an account in place of an endpoint",
      "  acceptance: required\n",
      '  acceptance: required\n  connections: { accept: [{ account: "333333333333", reason: "theirs" }] }\n',
      ["partner.accept-form"],
    ],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start("snowflake-outbound");
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("a Region that the service supports will do", async () => {
    const stage = await start("snowflake-outbound");
    stage.rewrite("    region: us-east-1\n", "    region: eu-central-1\n");
    stage.rewrite("  acceptance: required\n", "  acceptance: required\n  supportedRegions: [eu-central-1]\n");
    expect(await verdicts(stage, "snowflake.")).toEqual([]);
  });

  it("a service without acceptance is allowed", async () => {
    const stage = await start("snowflake-outbound");
    stage.rewrite("acceptance: required", "acceptance: automatic");
    expect((await stage.plan()).plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

test.each([
  ["PENDING_CREATION", "creating"],
  ["CREATED", "active"],
  ["FAILED", "failed"],
  ["PENDING_DELETION", "deleting"],
  ["DELETING", "deleting"],
])("Snowflake's word %s is %s", (word, is) => {
  expect(meaning("snowflake", "provider", word).is).toBe(is);
});
