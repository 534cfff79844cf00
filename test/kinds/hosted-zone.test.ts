import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  ListHostedZonesCommand,
} from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import { hostedZoneKind as kind } from "../../src/kinds/hosted-zone.ts";
import { StaleTokenError } from "../../src/kinds/kind.ts";
import { valueRecordKind } from "../../src/kinds/value-record.ts";
import { zoneAssociationKind } from "../../src/kinds/zone-association.ts";
import { zoneAuthorizationKind } from "../../src/kinds/zone-authorization.ts";
import { addFaults, consumer, loggedRequests, provider, twoAccounts } from "../sandbox/helper.ts";
import {
  type Bench,
  benchOf,
  expectAttributes,
  ownTags,
  project,
  recordTags,
  resolved,
  roundTrip,
  startBench,
} from "./harness.ts";

const name = "use1.partner.example";
const address = "payments/endpoint/main/hosted-zone";
const VPC = "us-east-1/vpc-0a1b2c3d4e5f60001";
const SECOND = "us-east-1/vpc-0a1b2c3d4e5f60002";
const GUEST = "us-east-1/vpc-0b1b2c3d4e5f60001";
const seed = twoAccounts.replace(
  "    hostedZones:\n      - {id: Z0PUBLIC000000000001, name: example.com}",
  "          - {id: vpc-0a1b2c3d4e5f60002, cidr: 10.2.0.0/16}\n    hostedZones:\n      - {id: Z0PUBLIC000000000001, name: example.com}",
);

const wanted = resolved("hosted-zone", address, { name, account: provider, vpcs: [VPC], tags: ownTags(address) });
const hostedZones = [{ address, name, guests: [] }];

async function zonesOf(bench: Bench): Promise<string[]> {
  const { HostedZones = [] } = await bench.aws.route53.send(new ListHostedZonesCommand({}));
  return HostedZones.filter(({ Name }) => Name === `${name}.`).map(({ Id = "" }) => Id.replace("/hostedzone/", ""));
}
const actionsSince = async ({ sandbox }: Bench, since: number) =>
  (await loggedRequests(sandbox, since)).map(({ action }) => action);
const look = (bench: Bench, id: string) => kind.look(bench.reads(), { ...wanted, id });

describe("hosted-zone", () => {
  test("made, changed in every way, removed", async () => {
    const bench = await startBench(seed, { hostedZones });
    await roundTrip(kind, bench, wanted, [
      { vpcs: [VPC, SECOND] },
      { vpcs: [SECOND] },
      { vpcs: [VPC] },
      { tags: ownTags(address, { "cost-center": "other" }) },
    ]);
    expect(await zonesOf(bench)).toEqual([]);
  });

  test("all its VPCs of the account are associated when it is made", async () => {
    const bench = await startBench(seed, { hostedZones });
    const more = { ...wanted, attributes: { ...wanted.attributes, vpcs: [VPC, SECOND] } };
    const id = await kind.create(bench.aws, more, "token");
    expectAttributes(await look(bench, id), more.attributes);
  });

  test("a lost answer leaves one zone, with its tags", async () => {
    const bench = await startBench(seed, { hostedZones });
    await addFaults(bench.sandbox, { action: "CreateHostedZone", effect: "drop-after" });
    const id = await kind.create(bench.aws, wanted, "token");
    expect(await zonesOf(bench)).toEqual([id]);
    expectAttributes(await look(bench, id), wanted.attributes);
    expect(await kind.create(bench.aws, wanted, "token")).toBe(id);
  });

  test("a run that ends before the tags leaves a zone that is ours, and lacks just them", async () => {
    const bench = await startBench(seed, { hostedZones });
    await addFaults(bench.sandbox, {
      action: "ChangeTagsForResource",
      effect: "error-before",
      code: "AccessDenied",
      status: 403,
    });
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toBeDefined();
    const [live] = (await kind.list(bench.reads())).live;
    expect(live).toMatchObject({ address, connection: "payments", attributes: { name, vpcs: [VPC] } });
    expect(live?.attributes.tags).toEqual({ "landline:project": project, "landline:address": address });
    expect(await kind.seek(bench.reads(), wanted)).toEqual({ live });
    // Nobody has to want it for that: an orphan is found as well.
    expect((await kind.list(bench.reads({ hostedZones: [] }))).live).toHaveLength(1);
    await fetch(`${bench.sandbox.url}/_sandbox/faults`, { method: "DELETE" });
    if (live) await kind.update(bench.aws, live, wanted, new Set(["tags.cost-center"]));
    expectAttributes(await look(bench, live?.id ?? ""), wanted.attributes);
    expect(await zonesOf(bench)).toHaveLength(1);
  });

  test("whoever takes our tags away and puts others there has taken the zone", async () => {
    const bench = await startBench(seed, { hostedZones });
    const id = await kind.create(bench.aws, wanted, "token");
    const tag = (AddTags: { Key: string; Value: string }[], RemoveTagKeys: string[]) =>
      bench.aws.route53.send(
        new ChangeTagsForResourceCommand({
          ResourceType: "hostedzone",
          ResourceId: id,
          AddTags,
          ...(RemoveTagKeys.length > 0 ? { RemoveTagKeys } : {}),
        }),
      );
    await tag([{ Key: "landline:project", Value: "other" }], []);
    expect((await kind.list(bench.reads())).live).toEqual([]);
    expect((await look(bench, id))?.attributes.tags).toMatchObject({ "landline:project": "other" });
    await tag([{ Key: "landline:connection", Value: "x" }], ["landline:project", "landline:address"]);
    expect((await kind.list(bench.reads())).live).toEqual([]);
  });

  test("a token whose zone is gone is stale", async () => {
    const bench = await startBench(seed, { hostedZones });
    const other = { ...wanted, attributes: { ...wanted.attributes, vpcs: [SECOND] } };
    await addFaults(bench.sandbox, {
      action: "CreateHostedZone",
      effect: "error-before",
      code: "HostedZoneAlreadyExists",
      status: 409,
    });
    await expect(kind.create(bench.aws, other, "token")).rejects.toBeInstanceOf(StaleTokenError);
  });

  test("an account without zones of ours is asked nothing more than the list of its zones", async () => {
    const bench = await startBench(seed);
    const VPCOf = { VPCRegion: "us-east-1", VPCId: "vpc-0a1b2c3d4e5f60002" } as const;
    const CallerReference = "somebody's";
    await bench.aws.route53.send(new CreateHostedZoneCommand({ Name: name, CallerReference, VPC: VPCOf }));
    const since = (await loggedRequests(bench.sandbox)).length;
    const reads = bench.reads();
    const kinds = [kind, zoneAssociationKind, zoneAuthorizationKind] as const;
    for (const one of kinds) expect(await one.list(reads)).toEqual({ live: [], obstacles: [] });
    expect(await actionsSince(bench, since)).toEqual(["ListHostedZones"]);
    const limited = bench.reads({ connections: ["payments"] });
    for (const one of kinds) await one.list(limited);
    expect(await actionsSince(bench, since)).toEqual(["ListHostedZones"]);
  });

  test("under --only a zone is found by what the spec wants, those of other connections are not looked at", async () => {
    const bench = await startBench(seed, { hostedZones });
    await kind.create(bench.aws, wanted, "token");
    const elsewhere = "other/endpoint/main/hosted-zone";
    const attributes = { ...wanted.attributes, name: "other.example", tags: ownTags(elsewhere) };
    await kind.create(bench.aws, resolved("hosted-zone", elsewhere, attributes), "other");
    expect((await kind.list(bench.reads())).live).toHaveLength(2);
    const since = (await loggedRequests(bench.sandbox)).length;
    const { live } = await kind.list(bench.reads({ connections: ["payments"] }));
    expect(live.map((one) => one.address)).toEqual([address]);
    expect((await actionsSince(bench, since)).filter((action) => action === "GetHostedZone")).toHaveLength(1);
  });

  test("a zone with records of somebody else is not deleted, and says which", async () => {
    const bench = await startBench(seed, { hostedZones });
    const id = await kind.create(bench.aws, wanted, "token");
    const at = `${address}/record/*.${name}/cname`;
    const ours = resolved("value-record", at, {
      zoneId: id,
      name: `*.${name}`,
      type: "CNAME",
      values: ["vpce.example.net"],
      ttlSeconds: 60,
      tags: recordTags(at),
    });
    await valueRecordKind.create(bench.aws, ours, "token");
    const theirs = { Name: `db.${name}`, Type: "A", TTL: 60, ResourceRecords: [{ Value: "192.0.2.1" }] } as const;
    const put = (Action: "CREATE" | "DELETE") =>
      bench.aws.route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: id,
          ChangeBatch: {
            Changes: [{ Action, ResourceRecordSet: { ...theirs, ResourceRecords: [...theirs.ResourceRecords] } }],
          },
        }),
      );
    await put("CREATE");
    const live = await look(bench, id);
    const record = await valueRecordKind.look(bench.reads(), { ...ours, id: `${id}/*.${name}/CNAME` });
    if (!live || !record) throw new Error("nothing was made");
    await expect(kind.remove(bench.aws, live)).rejects.toMatchObject({
      Code: "NotOurs",
      message: expect.stringContaining(`db.${name} A. `),
    });
    await put("DELETE");
    await expect(kind.remove(bench.aws, live)).rejects.toMatchObject({ name: "HostedZoneNotEmpty" });
    await valueRecordKind.remove(bench.aws, record);
    await kind.remove(bench.aws, live);
    expect(await zonesOf(bench)).toEqual([]);
  });

  test("a zone that a spec adopts is read as ours, without marks", async () => {
    const bench = await startBench(seed);
    const VPCOf = { VPCRegion: "us-east-1", VPCId: "vpc-0a1b2c3d4e5f60001" } as const;
    const made = await bench.aws.route53.send(
      new CreateHostedZoneCommand({ Name: name, CallerReference: "somebody's", VPC: VPCOf }),
    );
    const id = (made.HostedZone?.Id ?? "").replace("/hostedzone/", "");
    const [live] = (await kind.list(bench.reads({ adopt: [{ id, address }] }))).live;
    expect(live?.attributes).toEqual({ ...wanted.attributes, tags: {} });
    expect((await kind.list(bench.reads({ hostedZones }))).live).toEqual([]);
    if (live) await kind.update(bench.aws, live, wanted, new Set(["tags.landline:project"]));
    expectAttributes(await look(bench, id), wanted.attributes);
  });
});

describe("a VPC of another account", () => {
  const shared = [{ address, name, guests: [GUEST] }];
  async function startShared() {
    const bench = await startBench(seed, { hostedZones: shared });
    const zoneId = await kind.create(bench.aws, wanted, "token");
    const at = (part: string) => `${address}/${part}/${GUEST.split("/")[1]}`;
    return {
      bench,
      theirs: benchOf(bench.sandbox, consumer, { hostedZones: shared }),
      zoneId,
      association: resolved("zone-association", at("vpc"), { zoneId, vpc: GUEST }),
      authorization: resolved("zone-authorization", at("authorization"), { zoneId, vpc: GUEST }),
    };
  }

  test("is associated by its owner once the zone's has authorized it, which is taken back", async () => {
    const { bench, theirs, zoneId, association, authorization } = await startShared();
    expect(await zoneAssociationKind.seek(theirs.reads(), association)).toBeUndefined();
    await expect(zoneAssociationKind.create(theirs.aws, association, "token")).rejects.toMatchObject({
      Code: "NotVisibleYet",
    });
    expect(await zoneAuthorizationKind.seek(bench.reads(), authorization)).toBeUndefined();
    const id = await zoneAuthorizationKind.create(bench.aws, authorization, "token");
    expect(id).toBe(`${zoneId}/${GUEST}`);
    expect(await zoneAuthorizationKind.create(bench.aws, authorization, "token")).toBe(id);
    const [leave] = (await zoneAuthorizationKind.list(bench.reads())).live;
    expect(leave).toMatchObject({ address: authorization.address, attributes: authorization.attributes });
    expect(await zoneAuthorizationKind.look(bench.reads(), { ...authorization, id })).toEqual(leave);

    expect(await zoneAssociationKind.create(theirs.aws, association, "token")).toBe(id);
    expect(await zoneAssociationKind.create(theirs.aws, association, "token")).toBe(id);
    // Both sides see it, each in its own way.
    for (const side of [bench, theirs])
      expectAttributes(await zoneAssociationKind.look(side.reads(), { ...association, id }), association.attributes);
    const [live] = (await zoneAssociationKind.list(bench.reads())).live;
    expect(live).toMatchObject({ address: association.address, id });
    expect((await zoneAssociationKind.list(theirs.reads())).live).toEqual([]);
    // The zone shows its own account's VPCs; one that no spec associates is a difference.
    expect((await look(bench, zoneId))?.attributes.vpcs).toEqual([VPC]);
    const nobody = await kind.look(bench.reads({ hostedZones }), { ...wanted, id: zoneId });
    expect(nobody?.attributes.vpcs).toEqual([VPC, GUEST]);

    if (leave) await zoneAuthorizationKind.remove(bench.aws, leave);
    if (leave) await zoneAuthorizationKind.remove(bench.aws, leave);
    expect((await zoneAuthorizationKind.list(bench.reads())).live).toEqual([]);
    if (live) await zoneAssociationKind.remove(bench.aws, live);
    if (live) await zoneAssociationKind.remove(bench.aws, live);
    for (const side of [bench, theirs])
      expect(await zoneAssociationKind.look(side.reads(), { ...association, id })).toBeUndefined();
  });

  test("a lost answer to the association is no failure", async () => {
    const { bench, theirs, association, authorization } = await startShared();
    await zoneAuthorizationKind.create(bench.aws, authorization, "token");
    await addFaults(bench.sandbox, { action: "AssociateVPCWithHostedZone", effect: "drop-after" });
    const id = await zoneAssociationKind.create(theirs.aws, association, "token");
    expect(await zoneAssociationKind.look(theirs.reads(), { ...association, id })).toBeDefined();
  });

  test("in which another zone of that domain resolves is refused, with the way on", async () => {
    const { bench, theirs, association, authorization } = await startShared();
    const VPCOf = { VPCRegion: "us-east-1", VPCId: "vpc-0b1b2c3d4e5f60001" } as const;
    await theirs.aws.route53.send(new CreateHostedZoneCommand({ Name: name, CallerReference: "x", VPC: VPCOf }));
    await zoneAuthorizationKind.create(bench.aws, authorization, "token");
    await expect(zoneAssociationKind.create(theirs.aws, association, "token")).rejects.toMatchObject({
      Code: "ConflictingDomainExists",
      message: expect.stringContaining("take the VPC out"),
    });
  });
});

test("a zone that is deleted while tags are read leaves those of the others", async () => {
  const bench = await startBench(seed, { hostedZones });
  const id = await kind.create(bench.aws, wanted, "token");
  const tags = await bench.reads().hostedZoneTags([id, "Z0GONE0000000000001"]);
  expect([...tags.keys()]).toEqual([id]);
  expect(tags.get(id)).toEqual(wanted.attributes.tags);
});
