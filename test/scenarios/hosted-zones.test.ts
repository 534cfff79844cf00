import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, type RRType } from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import { applyAll, raiseBrakes } from "./acts.ts";
import { APPS, expectNothingToDo, gist, type Stage, startStage } from "./harness.ts";

/** Private hosted zones of ours, from nothing to nothing, with VPCs of two accounts and with what goes wrong on the way. */

const DOMAIN = "use1.partner.example";
const ZONE = "ledger/endpoint/main/hosted-zone";
const HUB = "vpc-0a1b2c3d4e5f60001";
const ALIAS =
  "    aliases:\n      - { name: ledger.apps.internal.example.com, zone: Z0PRIVATE00000000001, evaluateTargetHealth: true }\n";
const zoneText = (vpcs: string) => `    hostedZone:
      name: ${DOMAIN}
      vpcs: ${vpcs}
      records:
        - { name: "*", type: CNAME }
        - { name: "@", type: ALIAS }
        - { name: "*.{{zone.id}}", type: CNAME, to: zonal }
`;
const SHARED = zoneText(`[{ vpc: ${HUB}, target: network-use1 }]`);

/** The ledger's two sides applied; the zone stands in its spec and not yet in the cloud. */
async function startLedger(zone = SHARED): Promise<Stage> {
  const stage = await startStage();
  raiseBrakes(stage);
  for (const name of ["payments-api", "event-stream"]) stage.remove(`specs/${name}.yaml`);
  await applyAll(stage);
  stage.edit("specs/ledger.yaml", ALIAS, `${ALIAS}${zone}`);
  return stage;
}
const zonesIn = ({ sandbox }: Stage) =>
  Object.values(sandbox.world.accounts[APPS]?.hostedZones ?? {}).filter(({ name }) => name === `${DOMAIN}.`);
const writesSince = async (stage: Stage, since: number) =>
  (await stage.requests(since))
    .filter(({ service, write }) => service === "route53" && write)
    .map(({ action, account }) => `${account === APPS ? "apps" : "network"} ${action}`);
const count = async (stage: Stage) => (await stage.requests()).length;

async function record(stage: Stage, Action: "CREATE" | "DELETE", name: string, type: RRType, value: string) {
  const [zone] = zonesIn(stage);
  const set = { Name: name, Type: type, TTL: 60, ResourceRecords: [{ Value: value }] };
  const ChangeBatch = { Changes: [{ Action, ResourceRecordSet: set }] };
  await stage.as(APPS).route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zone?.id, ChangeBatch }));
}

describe("a zone with a VPC of another account", () => {
  test("comes and goes in the right order, each account doing its part", async () => {
    const stage = await startLedger();
    const before = await count(stage);
    await applyAll(stage);
    await expectNothingToDo(stage);
    const made = await writesSince(stage, before);
    expect(made.filter((call) => !call.includes("ChangeResourceRecordSets"))).toEqual([
      "apps CreateHostedZone",
      "apps ChangeTagsForResource",
      "apps CreateVPCAssociationAuthorization",
      "network AssociateVPCWithHostedZone",
      "apps DeleteVPCAssociationAuthorization",
    ]);
    const [zone] = zonesIn(stage);
    expect(zone).toMatchObject({
      vpcs: [{ id: "vpc-0b1b2c3d4e5f60001" }, { id: HUB }],
      authorizedVpcs: [],
      tags: { "landline:address": ZONE, "landline:project": "acme-network" },
    });
    const names = zone?.records.filter(({ type }) => !["NS", "SOA", "TXT"].includes(type)).map(({ name }) => name);
    expect(names?.sort()).toEqual(
      [`\\052.${DOMAIN}.`, `\\052.use1-az4.${DOMAIN}.`, `\\052.use1-az6.${DOMAIN}.`, `${DOMAIN}.`].sort(),
    );

    stage.edit("specs/ledger.yaml", SHARED, "");
    const since = await count(stage);
    await applyAll(stage);
    await expectNothingToDo(stage);
    const gone = await writesSince(stage, since);
    expect(gone.at(-1)).toBe("apps DeleteHostedZone");
    expect(gone).toContain("apps DisassociateVPCFromHostedZone");
    expect(zonesIn(stage)).toEqual([]);
  });

  test("leaves the VPC in place when only that is taken out", async () => {
    const stage = await startLedger();
    await applyAll(stage);
    stage.edit("specs/ledger.yaml", SHARED, zoneText("[]"));
    const since = await count(stage);
    await applyAll(stage);
    await expectNothingToDo(stage);
    expect(await writesSince(stage, since)).toEqual(["apps DisassociateVPCFromHostedZone"]);
    expect(zonesIn(stage)[0]?.vpcs).toHaveLength(1);
  });

  test.each([
    "CreateHostedZone",
    "ChangeTagsForResource",
    "CreateVPCAssociationAuthorization",
    "AssociateVPCWithHostedZone",
    "DeleteVPCAssociationAuthorization",
    "ChangeResourceRecordSets",
  ])("a run that ends right after %s is finished by the next one, and nothing is made twice", async (action) => {
    const stage = await startLedger();
    const denied = { action, effect: "error-after", code: "AccessDenied", status: 403, message: "the run ends here" };
    await stage.faults(denied);
    expect((await stage.apply()).exit).not.toBe(0);
    await stage.clearFaults();
    await applyAll(stage);
    await expectNothingToDo(stage, action);
    expect(zonesIn(stage)).toHaveLength(1);
    expect(zonesIn(stage)[0]).toMatchObject({ vpcs: [{}, { id: HUB }], authorizedVpcs: [] });
  });

  test("a run that ends before the tags, and a spec that drops the zone: it is found and removed", async () => {
    const stage = await startLedger();
    await stage.faults({ action: "ChangeTagsForResource", effect: "error-before", code: "AccessDenied", status: 403 });
    expect((await stage.apply()).exit).not.toBe(0);
    expect(zonesIn(stage)[0]?.tags).toEqual({});
    stage.edit("specs/ledger.yaml", SHARED, "");
    await applyAll(stage);
    expect(zonesIn(stage)).toEqual([]);
  });
});

describe("records of somebody else", () => {
  test("keep a zone from being deleted, before the first write, with their names", async () => {
    const stage = await startLedger(zoneText("[]"));
    await applyAll(stage);
    await record(stage, "CREATE", `db.${DOMAIN}`, "A", "192.0.2.1");
    await expectNothingToDo(stage, "a stranger's record is nobody's business");
    stage.edit("specs/ledger.yaml", zoneText("[]"), "");
    const since = await count(stage);
    const { exit, plan } = await stage.plan();
    expect(exit).toBe(3);
    const [error] = plan.findings.filter(({ severity }) => severity === "error");
    expect(error).toMatchObject({ id: "hosted-zone.occupied", connection: "ledger" });
    expect(error?.message).toContain(`db.${DOMAIN} A`);
    expect((await stage.apply()).exit).toBe(3);
    expect(await writesSince(stage, since)).toEqual([]);
    await record(stage, "DELETE", `db.${DOMAIN}`, "A", "192.0.2.1");
    await applyAll(stage);
    expect(zonesIn(stage)).toEqual([]);
  });

  test("at a name that the zone is to have are not overwritten", async () => {
    const stage = await startLedger(zoneText("[]"));
    await applyAll(stage);
    await record(stage, "CREATE", `db.${DOMAIN}`, "A", "192.0.2.1");
    stage.edit("specs/ledger.yaml", '        - { name: "@", type: ALIAS }\n', "        - { name: db, type: CNAME }\n");
    const { exit, plan } = await stage.plan();
    expect(exit).toBe(3);
    expect(plan.findings).toContainEqual(
      expect.objectContaining({ id: "not-ours", address: `${ZONE}/record/db.${DOMAIN}/cname` }),
    );
  });

  test("an alias where a CNAME is wanted is an obstacle; our own one makes way", async () => {
    const stage = await startLedger("");
    const records = (name: string) =>
      `records:\n  - { name: ${name}, zone: Z0PRIVATE00000000001, target: apps-use1, type: CNAME, values: [x.example.net] }\n`;
    stage.edit("specs/ledger.yaml", ALIAS, `${ALIAS}${records("taken.apps.internal.example.com")}`);
    const set = {
      Name: "taken.apps.internal.example.com",
      Type: "A",
      TTL: 60,
      ResourceRecords: [{ Value: "192.0.2.1" }],
    } as const;
    await stage.as(APPS).route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: "Z0PRIVATE00000000001",
        ChangeBatch: {
          Changes: [{ Action: "CREATE", ResourceRecordSet: { ...set, ResourceRecords: [...set.ResourceRecords] } }],
        },
      }),
    );
    expect((await stage.plan()).plan.findings).toContainEqual(expect.objectContaining({ id: "not-ours" }));
    stage.edit("specs/ledger.yaml", "taken.apps", "ledger.apps");
    stage.edit("specs/ledger.yaml", ALIAS.replace("ledger.apps", "ledger.apps"), "");
    await applyAll(stage);
    await expectNothingToDo(stage);
    expect((await stage.live("ledger/record/ledger.apps.internal.example.com/cname")).attributes.values).toEqual([
      "x.example.net",
    ]);
  });
});

test("a zone of somebody else in the VPC stands in the way, and may be adopted with all that is in it", async () => {
  const stage = await startLedger(zoneText("[]"));
  const VPC = { VPCRegion: "us-east-1", VPCId: "vpc-0b1b2c3d4e5f60001" } as const;
  await stage.as(APPS).route53.send(new CreateHostedZoneCommand({ Name: DOMAIN, CallerReference: "by hand", VPC }));
  const [zone] = zonesIn(stage);
  const { exit, plan } = await stage.plan();
  expect({ exit, errors: gist(plan).filter((line) => line.startsWith("error")) }).toMatchObject({
    exit: 3,
    errors: [expect.stringContaining(`write adopt: [{address: endpoint/main/hosted-zone, id: ${zone?.id}}]`)],
  });
  await record(stage, "CREATE", `kept.${DOMAIN}`, "A", "192.0.2.1");
  stage.edit(
    "specs/ledger.yaml",
    "endpoints:\n",
    `adopt: [{ address: endpoint/main/hosted-zone, id: ${zone?.id} }]\nendpoints:\n`,
  );
  await applyAll(stage);
  await expectNothingToDo(stage);
  expect(zonesIn(stage)).toMatchObject([{ id: zone?.id, tags: { "landline:address": ZONE } }]);
  expect(zonesIn(stage)[0]?.records.map(({ name }) => name)).toContain(`kept.${DOMAIN}.`);
});

test("a zone under --only is found and kept, at a price that does not grow; other estates pay nothing", async () => {
  const stage = await startLedger();
  const plain = await callsOfPlan(stage, "ledger", 2);
  await applyAll(stage);
  const limited = await callsOfPlan(stage, "ledger", 0);
  expect(limited.length).toBeLessThanOrEqual(25 + 8);
  expect(plain.filter((action) => /TagsForResources|Authorizations/.test(action))).toEqual([]);
  stage.edit("specs/ledger.yaml", SHARED, "");
  await applyAll(stage);
  const without = await callsOfPlan(stage, undefined, 0);
  const added = /TagsForResources|Authorizations|GetHostedZone|HostedZonesByVPC/;
  expect(without.filter((action) => added.test(action))).toEqual([]);
});

async function callsOfPlan(stage: Stage, only: string | undefined, exit: number): Promise<string[]> {
  const before = await count(stage);
  const planned = await stage.plan(only === undefined ? {} : { only: [only] });
  expect(planned.exit, planned.err).toBe(exit);
  return (await stage.requests(before)).filter(({ action }) => action !== "AssumeRole").map(({ action }) => action);
}

test("a rename changes the marks of zone and records, and nothing else", async () => {
  const stage = await startLedger();
  await applyAll(stage);
  stage.edit("specs/ledger.yaml", "  name: ledger\n", "  name: books\n  renamedFrom: ledger\n");
  const since = await count(stage);
  await applyAll(stage);
  await expectNothingToDo(stage);
  expect((await writesSince(stage, since)).filter((call) => !call.includes("ChangeResourceRecordSets"))).toEqual([
    "apps ChangeTagsForResource",
    "apps UpdateHostedZoneComment",
  ]);
  expect(zonesIn(stage)).toMatchObject([{ tags: { "landline:address": ZONE.replace("ledger", "books") } }]);
});
