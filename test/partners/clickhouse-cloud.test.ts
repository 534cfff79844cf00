import { describe, expect, it, test } from "vitest";
import { APPS } from "../scenarios/harness.ts";
import { type Offer, partnerOffers } from "./offer.ts";
import { openPage, typed } from "./page.ts";
import { recordsIn } from "./records.ts";
import { applied, bodies, expectRefused, type Partnership, settled, startPartnership, verdicts } from "./stage.ts";

/** We connect to a service at ClickHouse Cloud, whose side is played by its own account. */

const CLICKHOUSE = "333333333333";
const HOSTNAME = "abcdef1234.us-east-1.vpce.aws.clickhouse.cloud";
const SERVICES =
  "https://api.clickhouse.cloud/v1/organizations/2b4d1f60-8c3a-4f5e-9a7b-0c1d2e3f4a5b/services/7f6e5d4c-3b2a-4190-8f7e-6d5c4b3a2910";
const start = (): Promise<Partnership> => startPartnership({ name: "clickhouse-cloud", accounts: [CLICKHOUSE] });

/** What privateEndpointConfig answers. */
const answer = (service: string): string =>
  JSON.stringify({ result: { endpointServiceId: service, privateDnsHostname: HOSTNAME } }, null, 2);

async function offered(stage: Partnership): Promise<Offer> {
  const theirs = await partnerOffers(stage, CLICKHOUSE, { byHand: false });
  await theirs.allow(`arn:aws:iam::${APPS}:root`);
  return theirs;
}

/** A call that tells ClickHouse whose endpoints may use the service. */
const allowList = (what: "add" | "remove", endpoint: string): string =>
  `curl --silent --user "$KEY_ID:$KEY_SECRET" -X PATCH -H 'Content-Type: application/json' ${SERVICES} -d '{"privateEndpointIds":{"${what}":["${endpoint}"]}}'`;

test("from an empty account to an endpoint that is allowed, and down again", async () => {
  const stage = await start();
  const page = openPage("clickhouse-cloud");
  page.shows("spec", stage.spec());
  await settled(stage, "waiting-partner");
  expect(await bodies(stage)).toEqual([
    `name: # KEY_ID and KEY_SECRET are those of an API key of ClickHouse Cloud\ncurl --silent --user "$KEY_ID:$KEY_SECRET" ${SERVICES}/privateEndpointConfig`,
  ]);
  page.shows("name", typed("landline handoff clickhouse-cloud", await stage.handoffText()));
  const theirs = await offered(stage);
  page.shows(
    "capture",
    typed("landline capture clickhouse-cloud < answer.json", await stage.captured(answer(theirs.name))),
  );
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  await applied(stage);
  await settled(stage, "active");
  const { id, outputs } = await stage.live("clickhouse-cloud/endpoint/main");
  expect(await bodies(stage)).toEqual([`allow: ${allowList("add", id)}`]);
  page.shows("allow", typed("landline handoff clickhouse-cloud", await stage.handoffText()));
  page.shows("status", typed("landline status clickhouse-cloud", await stage.statusText()));
  expect(recordsIn(stage, APPS, HOSTNAME)).toEqual([`A ${HOSTNAME} alias ${outputs.dnsName}`]);

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  expect(await bodies(stage)).toEqual([`disallow: ${allowList("remove", id)}`]);
  page.shows("remove", typed("landline handoff clickhouse-cloud", await stage.handoffText()));
  await applied(stage);
  await settled(stage, "absent");
  expect(recordsIn(stage, APPS, HOSTNAME)).toEqual([]);
  page.check();
});

describe("what ClickHouse demands is asked for before the first write", () => {
  it.each([
    ...[443, 8443, 9440, 3306].map((port): [string, string, string, string[]] => [
      `port ${port} closed`,
      `        - { ports: ${port}, from: 10.20.0.0/16, description: applications }\n`,
      "",
      ["clickhouse.ports"],
    ]),
    [
      "private DNS on the endpoint",
      "- target: apps-use1\n",
      "- target: apps-use1\n    privateDns: true\n",
      ["private-dns.missing", "clickhouse.private-dns"],
    ],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    await stage.captured(answer((await offered(stage)).name));
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("a port that nobody needs may stay closed, with a reason", async () => {
    const stage = await start();
    stage.rewrite("        - { ports: 3306, from: 10.20.0.0/16, description: applications }\n", "");
    stage.append('acknowledge: [{ finding: clickhouse.ports, reason: "nobody speaks MySQL with it, NET-70" }]');
    expect(await verdicts(stage, "clickhouse.ports")).toEqual(["error clickhouse.ports waived"]);
  });

  it("another Region is one of those from which ClickHouse takes connections, or refused", async () => {
    const stage = await start();
    await stage.captured(answer("com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d4e5f60009"));
    stage.rewrite("vpce.us-east-1.vpce-svc", "vpce.eu-west-1.vpce-svc");
    stage.rewrite("- target: apps-use1\n", "- target: apps-use1\n    serviceRegion: eu-west-1\n");
    expect(await verdicts(stage, "clickhouse.")).toEqual([]);
    stage.edit("landline.yaml", "region: us-east-1", "region: mx-central-1");
    expect(await verdicts(stage, "clickhouse.")).toEqual(["error clickhouse.cross-region"]);
  });

  it.each([
    ["a host name of another sort", HOSTNAME, "clickhouse.example.com"],
    ["a service id that is none", "7f6e5d4c-3b2a-4190-8f7e-6d5c4b3a2910", "orders"],
  ])("%s", async (_what, from, to) => {
    const stage = await start();
    await stage.captured(answer("com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d4e5f60009"));
    stage.rewrite(from, to);
    expect(await stage.plan()).toMatchObject({ exit: 1, err: expect.stringContaining("partner.param-form") });
  });
});
