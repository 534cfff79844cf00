import { describe, expect, it, test } from "vitest";
import { APPS } from "../scenarios/harness.ts";
import { partnerOffers } from "./offer.ts";
import { openPage, typed } from "./page.ts";
import { meaning } from "./profile.ts";
import { recordsIn } from "./records.ts";
import { applied, bodies, expectRefused, type Partnership, settled, startPartnership, verdicts } from "./stage.ts";

/** We connect to an environment at Confluent Cloud, whose side is played by its own account. */

const CONFLUENT = "333333333333";
const DOMAIN = "pr123a.us-east-1.aws.confluent.cloud";
const start = (): Promise<Partnership> => startPartnership({ name: "confluent", accounts: [CONFLUENT] });
const handoff = "landline handoff confluent";

/** What `confluent network private-link attachment describe` prints. */
const described = (service: string, phase: string): string =>
  `| ID                            | platt-61ovvd |
| AWS VPC Endpoint Service Name | ${service} |
| DNS Domain                    | ${DOMAIN} |
| Phase                         | ${phase} |
`;

async function offered(stage: Partnership) {
  const theirs = await partnerOffers(stage, CONFLUENT, { byHand: true });
  await theirs.allow(`arn:aws:iam::${APPS}:root`);
  return theirs;
}

test("from an empty account to names of every zone, and down again", async () => {
  const stage = await start();
  const page = openPage("confluent");
  page.shows("spec", stage.spec());
  await settled(stage, "waiting-partner");
  expect(await bodies(stage)).toEqual([
    "attach: confluent network private-link attachment create confluent --cloud aws --region us-east-1 --environment env-3732nw",
  ]);
  page.shows("attach", typed(handoff, await stage.handoffText()));
  await stage.captured("| ID | platt-61ovvd |\n| Phase | PROVISIONING |\n");
  await settled(stage, "waiting-partner");
  expect(await bodies(stage)).toEqual([
    "describe: confluent network private-link attachment describe platt-61ovvd --environment env-3732nw    # again until WAITING_FOR_CONNECTIONS",
  ]);
  const theirs = await offered(stage);
  const said = await stage.captured(described(theirs.name, "WAITING_FOR_CONNECTIONS"));
  page.shows("capture", typed("landline capture confluent < output.txt", said));
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  await stage.apply({ parallel: 1 });
  await settled(stage, "awaiting-acceptance");
  const { id } = await stage.live("confluent/endpoint/main");
  expect(await bodies(stage)).toEqual([
    `register: confluent network private-link attachment connection create confluent --cloud aws --endpoint ${id} --attachment platt-61ovvd --environment env-3732nw\n` +
      "confluent network private-link attachment describe platt-61ovvd --environment env-3732nw    # until READY",
  ]);
  page.shows("register", typed(handoff, await stage.handoffText()));
  await theirs.accept(id);
  for (let looks = 0; looks < 4; looks++) await stage.states();
  await applied(stage);
  await stage.captured(`| ID | plattc-77zq2w |\n${described(theirs.name, "READY")}`);
  await settled(stage, "active");
  page.shows("status", typed("landline status confluent", await stage.statusText()));
  const { outputs } = await stage.live("confluent/endpoint/main");
  const zonal = Object.entries(outputs).flatMap(([name, value]) => (name.startsWith("zonalDnsName/") ? [value] : []));
  expect(recordsIn(stage, APPS, DOMAIN).map((record) => record.split(" ")[1])).toEqual([
    `*.${DOMAIN}`,
    ...["use1-az2", "use1-az4", "use1-az6"].map((zone) => `*.${zone}.${DOMAIN}`),
  ]);
  const targets = recordsIn(stage, APPS, DOMAIN).map((record) => record.split(" ")[2]);
  expect(targets.toSorted()).toEqual([outputs.dnsName, ...zonal].toSorted());

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  expect(await bodies(stage)).toEqual([
    "remove: confluent network private-link attachment connection list --attachment platt-61ovvd --environment env-3732nw\n" +
      "confluent network private-link attachment connection delete plattc-77zq2w --environment env-3732nw",
  ]);
  page.shows("remove", typed(handoff, await stage.handoffText()));
  await applied(stage);
  await settled(stage, "absent");
  page.check();
});

describe("what Confluent demands is asked for before the first write", () => {
  it.each([
    ...[443, 9092].map((port): [string, string, string, string[]] => [
      `port ${port} closed`,
      `        - { ports: ${port}, from: 10.20.0.0/16, description: applications }\n`,
      "",
      ["confluent.ports"],
    ]),
    ["clusters in another Region", "    region: us-east-1\n", "    region: us-west-2\n", ["confluent.region"]],
    [
      "private DNS on the endpoint",
      "- target: apps-use1\n",
      "- target: apps-use1\n    privateDns: true\n",
      ["private-dns.missing", "confluent.private-dns"],
    ],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    await stage.captured(described((await offered(stage)).name, "WAITING_FOR_CONNECTIONS"));
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("that the VPC reaches public resolvers is told until somebody confirms it", async () => {
    const stage = await start();
    expect(await verdicts(stage, "confluent.")).toEqual(["info confluent.public-dns"]);
    stage.rewrite(
      "  profile: confluent\n",
      '  profile: confluent\n  confirm: [{ id: confluent.public-dns, reason: "NAT gateway, NET-71" }]\n',
    );
    expect(await verdicts(stage, "confluent.")).toEqual([]);
  });
});

test.each([
  ["PROVISIONING", "creating"],
  ["WAITING_FOR_CONNECTIONS", "waiting-us"],
  ["READY", "active"],
  ["FAILED", "failed"],
  ["EXPIRED", "failed"],
  ["DISCONNECTED", "failed"],
  ["DEPROVISIONING", "deleting"],
])("Confluent's word %s is %s", (word, is) => {
  expect(meaning("confluent", "consumer", word).is).toBe(is);
});
