import { describe, expect, it, test } from "vitest";
import { APPS } from "../scenarios/harness.ts";
import { type Offer, partnerOffers } from "./offer.ts";
import { openPage, typed } from "./page.ts";
import { meaning } from "./profile.ts";
import { applied, bodies, expectRefused, type Partnership, settled, startPartnership, verdicts } from "./stage.ts";

/** We connect to clusters at MongoDB Atlas, whose side is played by its own account. */

const ATLAS = "333333333333";
const LINK = "5f4fc14da2b47835a58c63a2";
const PROJECT = "--projectId 5e2211c17a3e5a48f5497de3";
const start = (): Promise<Partnership> => startPartnership({ name: "mongodb-atlas", accounts: [ATLAS] });
const handoff = "landline handoff mongodb-atlas";
const capture = "landline capture mongodb-atlas < output.json";

/** What `atlas privateEndpoints aws describe` prints. */
const described = (name: string): string =>
  JSON.stringify({ id: LINK, endpointServiceName: name, interfaceEndpoints: [], status: "WAITING_FOR_USER" }, null, 2);

async function offered(stage: Partnership): Promise<Offer> {
  const theirs = await partnerOffers(stage, ATLAS, { byHand: true });
  await theirs.allow(`arn:aws:iam::${APPS}:root`);
  stage.rewrite(
    "    region: us-east-1\n",
    `    region: us-east-1\n    private_link: ${LINK}\n    service_name: ${theirs.name}\n`,
  );
  return theirs;
}

test("from an empty account to connection strings that work, and down again", async () => {
  const stage = await start();
  const page = openPage("mongodb-atlas");
  page.shows("spec", stage.spec());
  await settled(stage, "waiting-partner");
  expect(await bodies(stage)).toEqual([
    `create: atlas privateEndpoints aws create --region us-east-1 ${PROJECT} --output json`,
  ]);
  page.shows("create", typed(handoff, await stage.handoffText()));
  const theirs = await partnerOffers(stage, ATLAS, { byHand: true });
  await theirs.allow(`arn:aws:iam::${APPS}:root`);
  await stage.captured(JSON.stringify({ id: LINK, status: "INITIATING" }, null, 2));
  await settled(stage, "waiting-partner");
  expect(await bodies(stage)).toEqual([
    `name: atlas privateEndpoints aws describe ${LINK} ${PROJECT} --output json    # again until the status is WAITING_FOR_USER`,
  ]);
  page.shows("name", typed(handoff, await stage.handoffText()));
  page.shows("capture", typed(capture, await stage.captured(described(theirs.name))));
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  await applied(stage);
  await settled(stage, "awaiting-acceptance");
  const { id } = await stage.live("mongodb-atlas/endpoint/main");
  expect(await bodies(stage)).toEqual([
    `register: atlas privateEndpoints aws interfaces create ${LINK} --privateEndpointId ${id} ${PROJECT}\n` +
      `atlas privateEndpoints aws interfaces describe ${LINK} --privateEndpointId ${id} ${PROJECT}    # until AVAILABLE`,
  ]);
  page.shows("register", typed(handoff, await stage.handoffText()));
  await theirs.accept(id);
  await settled(stage, "waiting-us");
  page.shows("done", typed(capture, await stage.captured(`"connectionStatus": "AVAILABLE",\n`)));
  await settled(stage, "active");
  page.shows("status", typed("landline status mongodb-atlas", await stage.statusText()));

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  expect(await bodies(stage)).toEqual([
    `remove: atlas privateEndpoints aws interfaces delete ${LINK} --privateEndpointId ${id} ${PROJECT}`,
  ]);
  page.shows("remove", typed(handoff, await stage.handoffText()));
  await applied(stage);
  await settled(stage, "absent");
  page.check();
});

describe("what Atlas demands is asked for before the first write", () => {
  it.each([
    ["ports that are closed", 'ports: "1024-65535"', "ports: 443", ["atlas.ports"]],
    [
      "private DNS on the endpoint",
      "- target: apps-use1\n",
      "- target: apps-use1\n    privateDns: true\n",
      ["private-dns.missing", "atlas.private-dns"],
    ],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    await offered(stage);
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("one Availability Zone is a warning", async () => {
    const stage = await start();
    await offered(stage);
    stage.rewrite(", subnet-0b1b2c3d4e5f60002, subnet-0b1b2c3d4e5f60003]", "]");
    expect(await verdicts(stage, "atlas.")).toEqual(["warning atlas.zones"]);
  });

  it("another Region is a warning, and is judged once the service is known", async () => {
    const stage = await start();
    expect(await verdicts(stage, "atlas.")).toEqual(["info atlas.cross-region deferred"]);
    stage.rewrite(
      "    region: us-east-1\n",
      "    region: eu-west-1\n    service_name: com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d4e5f60009\n",
    );
    stage.rewrite("- target: apps-use1\n", "- target: apps-use1\n    serviceRegion: eu-west-1\n");
    expect(await verdicts(stage, "atlas.")).toEqual(["warning atlas.cross-region"]);
  });
});

test.each([
  ["NONE", "waiting-us"],
  ["PENDING_ACCEPTANCE", "awaiting-acceptance"],
  ["PENDING", "connecting"],
  ["AVAILABLE", "active"],
  ["REJECTED", "failed"],
  ["DELETING", "deleting"],
  ["WAITING_FOR_USER", "waiting-us"],
  ["INITIATING", "creating"],
  ["FAILED", "failed"],
])("Atlas's word %s is %s", (word, is) => {
  expect(meaning("mongodb-atlas", "consumer", word).is).toBe(is);
});
