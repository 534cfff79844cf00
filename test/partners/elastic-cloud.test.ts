import { describe, expect, it, test } from "vitest";
import { APPS } from "../scenarios/harness.ts";
import { becomesKnown } from "./known.ts";
import { partnerOffers } from "./offer.ts";
import { openPage, typed } from "./page.ts";
import { shippedProfile } from "./profile.ts";
import { recordsIn } from "./records.ts";
import { applied, bodies, expectRefused, type Partnership, settled, startPartnership, verdicts } from "./stage.ts";

/** We connect to a deployment at Elastic Cloud, whose side is played by its own account. */

const ELASTIC = "333333333333";
const HOSTED = "com.amazonaws.vpce.us-east-1.vpce-svc-0e42e1e06ed010238";
const ZONE = "vpce.us-east-1.aws.elastic-cloud.com";
const start = (): Promise<Partnership> => startPartnership({ name: "elastic-cloud", accounts: [ELASTIC] });

async function known(stage: Partnership, name: string): Promise<void> {
  await becomesKnown(stage, await partnerOffers(stage, ELASTIC, { byHand: false }), { name });
}

test("from an empty account to a deployment that only our endpoint reaches, and down again", async () => {
  const stage = await start();
  await known(stage, HOSTED);
  const page = openPage("elastic-cloud");
  page.shows("spec", stage.spec());
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  await applied(stage);
  await settled(stage, "active");
  const { id, outputs } = await stage.live("elastic-cloud/endpoint/main");
  expect(recordsIn(stage, APPS, ZONE)).toEqual([`CNAME *.${ZONE} ${outputs.dnsName}`]);
  const [filter] = await bodies(stage);
  expect(filter).toContain(
    `-d '{"name":"elastic-cloud","region":"us-east-1","description":"","type":"vpce","rules":[{"source":"${id}"}],"include_by_default":false}'`,
  );
  expect(filter).toContain(`-d '{"entity_type":"deployment","id":"2cb7b4f4a6f84a0f8f6f0b3c0b8f4a11"}'`);
  page.shows("filter", typed("landline handoff elastic-cloud", await stage.handoffText()));
  page.shows("status", typed("landline status elastic-cloud", await stage.statusText()));

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  expect(await bodies(stage)).toEqual([
    expect.stringContaining(`unfilter: Elastic Cloud > Network security > the policy with the VPC filter ${id}`),
  ]);
  page.shows("remove", typed("landline handoff elastic-cloud", await stage.handoffText()));
  await applied(stage);
  await settled(stage, "absent");
  expect(recordsIn(stage, APPS, ZONE)).toEqual([]);
  page.check();
});

test("a serverless project has another service and another zone", async () => {
  const stage = await start();
  const [name, zone] = [
    "com.amazonaws.vpce.us-east-1.vpce-svc-06b7aa0d52044e98f",
    "private.us-east-1.aws.elastic.cloud",
  ];
  await known(stage, name);
  stage.rewrite("    deployment: 2cb7b4f4a6f84a0f8f6f0b3c0b8f4a11\n", "    serverless: true\n");
  await applied(stage);
  await settled(stage, "active");
  const { id, attributes, outputs } = await stage.live("elastic-cloud/endpoint/main");
  expect(attributes).toMatchObject({ serviceName: name });
  expect(recordsIn(stage, APPS, zone)).toEqual([`CNAME *.${zone} ${outputs.dnsName}`]);
  expect(await bodies(stage)).toEqual([expect.stringContaining(`VPC filter: ${id}; Apply to resources`)]);
});

test("while AWS does not show the service, the hand-off says where to look", async () => {
  const stage = await start();
  await settled(stage, "waiting-partner");
  expect(await bodies(stage)).toEqual([expect.stringContaining("check-name: Elastic asks for no permission")]);
});

describe("what Elastic demands is asked for before the first write", () => {
  it.each([
    ...[443, 9243].map((port): [string, string, string, string[]] => [
      `port ${port} closed`,
      `        - { ports: ${port}, from: 10.20.0.0/16, description: applications }\n`,
      "",
      ["elastic.ports"],
    ]),
    ["a Region without a service", "    region: us-east-1\n", "    region: mx-central-1\n", ["elastic.region"]],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    await known(stage, HOSTED);
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("R151 a zone that the service does not have, by its id", async () => {
    const stage = await start();
    const world = stage.world();
    for (const subnet of Object.values(world.accounts[APPS]?.regions["us-east-1"]?.subnets ?? {}))
      if (subnet.azId === "use1-az2") subnet.azId = "use1-az5";
    await stage.putWorld(world);
    expect(await verdicts(stage, "elastic.")).toEqual(["error elastic.zones", "warning elastic.all-zones"]);
  });

  it("fewer zones than the service has are a warning", async () => {
    const stage = await start();
    stage.rewrite(", subnet-0b1b2c3d4e5f60003]", "]");
    expect(await verdicts(stage, "elastic.")).toEqual(["warning elastic.all-zones"]);
    stage.rewrite("    filter: true\n", "    filter: true\n    serverless: true\n");
    expect(await verdicts(stage, "elastic.")).toEqual(["warning elastic.serverless-all-zones"]);
  });

  it("across Regions every zone will do, once the spec says that it crosses them", async () => {
    const stage = await start();
    stage.rewrite("    region: us-east-1\n", "    region: eu-west-1\n");
    expect(await stage.plan()).toMatchObject({ exit: 1, err: expect.stringContaining("add serviceRegion: eu-west-1") });
    stage.rewrite("- target: apps-use1\n", "- target: apps-use1\n    serviceRegion: eu-west-1\n");
    expect(await verdicts(stage, "elastic.")).toEqual([]);
  });
});

test("the tables of services and zones are about the Region that they say", () => {
  const { tables = {} } = shippedProfile("elastic-cloud").spec;
  const zones = { hosted: "vpce.REGION.aws.elastic-cloud.com", serverless: "private.REGION.aws.elastic.cloud" };
  for (const [name, zone] of Object.entries(zones))
    for (const [region, row] of Object.entries(tables[name]?.rows ?? {}))
      expect(row).toEqual({
        service: expect.stringMatching(new RegExp(`^com\\.amazonaws\\.vpce\\.${region}\\.vpce-svc-[0-9a-f]{17}$`)),
        zone: zone.replace("REGION", region),
        zones: Array(3).fill(expect.stringMatching(/^[a-z]{2,4}[0-9]-az[1-9]$/)),
      });
});
