import { describe, expect, it, test } from "vitest";
import { APPS } from "../scenarios/harness.ts";
import { becomesKnown } from "./known.ts";
import { partnerOffers } from "./offer.ts";
import { openPage, typed } from "./page.ts";
import { shippedProfile } from "./profile.ts";
import { applied, bodies, expectRefused, type Partnership, settled, startPartnership, verdicts } from "./stage.ts";

/** Our Agents send to two intakes of Datadog, each of which an account of its own plays. */

const METRICS = {
  account: "333333333333",
  name: "com.amazonaws.vpce.us-east-1.vpce-svc-09a8006e245d1e7b8",
  privateName: "metrics.agent.datadoghq.com",
};
const LOGS = {
  account: "444444444444",
  name: "com.amazonaws.vpce.us-east-1.vpce-svc-025a56b9187ac1f63",
  privateName: "agent-http-intake.logs.datadoghq.com",
};

async function start(): Promise<Partnership> {
  const stage = await startPartnership({ name: "datadog", accounts: [METRICS.account, LOGS.account] });
  for (const intake of [METRICS, LOGS])
    await becomesKnown(stage, await partnerOffers(stage, intake.account, { byHand: false }), intake);
  return stage;
}

test("from an empty account to two intakes by their own names, and down again", async () => {
  const stage = await start();
  const page = openPage("datadog");
  page.shows("spec", stage.spec());
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  await applied(stage);
  await settled(stage, "active");
  for (const [endpoint, intake] of Object.entries({ "us1-metrics": METRICS, "us1-logs-agent": LOGS })) {
    const { attributes } = await stage.live(`datadog/endpoint/${endpoint}`);
    expect(attributes).toMatchObject({ serviceName: intake.name, privateDnsEnabled: true });
  }
  expect((await stage.handed()).map(({ id }) => id)).toEqual(["restart/us1-metrics", "restart/us1-logs-agent"]);
  page.shows("restart", typed("landline handoff datadog", await stage.handoffText()));
  page.shows("status", typed("landline status datadog", await stage.statusText()));

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  await applied(stage);
  await settled(stage, "absent");
  expect(Object.values(stage.world().accounts[APPS]?.regions["us-east-1"]?.vpcEndpoints ?? {})).not.toContainEqual(
    expect.objectContaining({ state: "available" }),
  );
  page.check();
});

describe("what Datadog demands is asked for before the first write", () => {
  it.each([
    ["a port that is closed", "ports: 443", "ports: 80", ["datadog.ports"]],
    ["no private DNS", "    privateDns: true\n", "", ["datadog.private-dns"]],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("VPC peering does without private DNS, with a reason", async () => {
    const stage = await start();
    stage.rewrite("    privateDns: true\n", "");
    stage.append(
      'acknowledge: [{ finding: datadog.private-dns, reason: "reached by peering from eu-west-1, NET-72" }]',
    );
    expect(await verdicts(stage, "datadog.")).toEqual(["error datadog.private-dns waived"]);
  });

  it("the endpoint's name is that of an intake, or its service is said", async () => {
    const stage = await start();
    stage.rewrite("name: us1-metrics", "name: us3-metrics");
    const { plan } = await stage.plan();
    expect(plan.waits.map(({ address }) => address)).toEqual(["datadog/endpoint/us3-metrics"]);
    expect(await bodies(stage)).toEqual([
      "check-name: needs tables.intakes[endpoint.name].service: the table intakes of the profile datadog has no such entry",
    ]);
    stage.rewrite("name: us3-metrics\n", `name: us3-metrics\n    service: ${METRICS.name}\n`);
    expect((await stage.plan()).plan.waits).toEqual([]);
  });
});

test("the names of all intakes belong to the site that they say", () => {
  const REGIONS: { readonly [site: string]: string } = {
    us1: "us-east-1",
    ap1: "ap-northeast-1",
    ap2: "ap-southeast-2",
  };
  const DOMAINS: { readonly [site: string]: RegExp } = {
    us1: /^[a-z-]+(\.[a-z]+)?\.datadoghq\.com$/,
    ap1: /\.ap1\.datadoghq\.com$/,
    ap2: /^[a-z]+\.intake\.ap2\.datadoghq\.com$/,
  };
  const rows = Object.entries(shippedProfile("datadog").spec.tables?.intakes?.rows ?? {});
  expect(rows).toHaveLength(29);
  for (const [intake, row] of rows) {
    const [site = ""] = intake.split("-");
    expect(row.service).toMatch(new RegExp(`^com\\.amazonaws\\.vpce\\.${REGIONS[site]}\\.vpce-svc-[0-9a-f]{17}$`));
    expect(row.name).toMatch(DOMAINS[site] ?? /^never$/);
  }
  expect(new Set(rows.map(([, { service }]) => service)).size).toBe(rows.length);
});
