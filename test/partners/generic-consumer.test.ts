import { describe, expect, it, test } from "vitest";
import { verify } from "../../src/commands/verify.ts";
import { asking } from "../scenarios/asking.ts";
import { APPS } from "../scenarios/harness.ts";
import { type Offer, partnerOffers } from "./offer.ts";
import { openPage, typed } from "./page.ts";
import { applied, bodies, expectRefused, type Partnership, settled, startPartnership, verdicts } from "./stage.ts";

/** We connect to a service in somebody's account, whose side is played by plain calls of that account. */

const PROVIDER = "333333333333";
const OURS = `arn:aws:iam::${APPS}:root`;
const start = (): Promise<Partnership> => startPartnership({ name: "generic-consumer", accounts: [PROVIDER] });

/** The provider's service, which lets us in, with its name in the spec. */
async function offered(stage: Partnership): Promise<Offer> {
  const theirs = await partnerOffers(stage, PROVIDER, { byHand: true });
  await theirs.allow(OURS);
  stage.rewrite("    ports: [443]\n", `    ports: [443]\n    service_name: ${theirs.name}\n`);
  return theirs;
}

/** What `landline verify` prints where no name resolves. */
const verified = (stage: Partnership) =>
  asking(stage, (options, io) =>
    verify({ ...options, name: "generic-consumer", connect: false, timeout: 1, format: "text" }, io, {
      lookUp: async () => ({ error: "ENOTFOUND" }),
      connect: async () => {
        throw new Error("nobody asked for a connection");
      },
    }),
  );

test("R107 R108 R109 R116 R118 R121 from an empty account to a connection, and down again", async () => {
  const stage = await start();
  const page = openPage("generic-consumer");
  page.shows("spec", stage.spec());
  const command = "landline handoff generic-consumer";
  await settled(stage, "waiting-partner");
  page.shows("ask", typed(command, await stage.handoffText()));
  const [asked] = await stage.handed();
  expect(asked).toMatchObject({ id: "ask", ready: true, stage: "start", actor: "partner" });
  expect(asked?.body).toContain(`--add-allowed-principals ${OURS}`);

  const theirs = await partnerOffers(stage, PROVIDER, { byHand: true });
  const said = await stage.captured(`The service is ${theirs.name}, port 443.\n`);
  page.shows("capture", typed("landline capture generic-consumer < mail.txt", said));
  await settled(stage, "waiting-partner");
  await theirs.allow(OURS);
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  await applied(stage);
  await settled(stage, "awaiting-acceptance");
  const { id } = await stage.live("generic-consumer/endpoint/main");
  const [accept] = await bodies(stage);
  expect(accept).toContain(`accept: Our endpoint ${id} of account ${APPS} asks to connect to ${theirs.name}`);
  page.shows("accept", typed(command, await stage.handoffText()));

  await theirs.accept(id);
  await settled(stage, "active");
  expect(await bodies(stage)).toEqual([]);
  expect(await stage.handed({ step: "monitor" })).toMatchObject([
    {
      ready: true,
      body: `aws cloudwatch list-metrics --region us-east-1 --namespace AWS/PrivateLinkEndpoints --metric-name BytesProcessed --dimensions 'Name=VPC Endpoint Id,Value=${id}'`,
    },
  ]);
  page.shows("monitor", typed(`${command} --step monitor`, await stage.handoffText({ step: "monitor" })));
  const { outputs } = await stage.live("generic-consumer/endpoint/main");
  expect((await verified(stage)).out).toContain(`curl -v --connect-timeout 5 telnet://${outputs.dnsName}:443/\n`);
  page.shows("status", typed("landline status generic-consumer", await stage.statusText()));
  const made = stage.world().accounts[APPS]?.regions["us-east-1"]?.vpcEndpoints[id];
  expect(made).toMatchObject({ serviceName: theirs.name, vpcId: "vpc-0b1b2c3d4e5f60001", privateDnsEnabled: false });

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  await applied(stage);
  await settled(stage, "absent");
  await theirs.withdraw();
  page.check();
});

describe("what is wrong is found before the first write", () => {
  it.each([
    ["R116 a port that the security group keeps closed", "ports: [443]", "ports: [443, 5432]", ["generic.ports"]],
    ["R116 a security group that lets nobody in", "- { ports: 443, from:", "- { ports: 80, from:", ["generic.ports"]],
    [
      "R120 private DNS with a service that has no name",
      "- target: apps-use1\n",
      "- target: apps-use1\n    privateDns: true\n",
      ["private-dns.missing"],
    ],
    [
      "R117 an endpoint policy, which the service does not take",
      "- target: apps-use1\n",
      "- target: apps-use1\n    policy: { Version: '2012-10-17', Statement: [] }\n",
      ["policy.unsupported"],
    ],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    await offered(stage);
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("R122 another Region is never tried by itself", async () => {
    const stage = await start();
    stage.rewrite(
      "    ports: [443]\n",
      "    ports: [443]\n    service_name: com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d4e5f60009\n",
    );
    const { exit, err } = await stage.plan();
    expect({ exit, says: err.includes("add serviceRegion: eu-west-1") }).toEqual({ exit: 1, says: true });
    expect(await stage.requests()).toEqual([]);
  });

  it("R099 a single Availability Zone is a warning", async () => {
    const stage = await start();
    stage.rewrite(", subnet-0b1b2c3d4e5f60002, subnet-0b1b2c3d4e5f60003]", "]");
    expect(await verdicts(stage, "generic.")).toEqual(["warning generic.zones"]);
  });

  it("without the ports nobody can tell which have to be open", async () => {
    const stage = await start();
    stage.rewrite("    ports: [443]\n", "    service_name: com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d4e5f60009\n");
    const { exit, err } = await stage.plan();
    expect({ exit, says: err.includes("the ports on which its service listens") }).toEqual({ exit: 1, says: true });
  });
});
