import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import { markValue } from "../../src/aws/records.ts";
import { dnsRecordKind } from "../../src/kinds/dns-record.ts";
import type { Resolved } from "../../src/kinds/kind.ts";
import { valueRecordKind as kind } from "../../src/kinds/value-record.ts";
import { addFaults, loggedRequests } from "../sandbox/helper.ts";
import { type Bench, expectAttributes, project, recordTags, resolved, roundTrip, startBench } from "./harness.ts";

const zoneId = "Z0PUBLIC000000000001";
const name = "payments.example.com";

function record(type: "CNAME" | "TXT", values: readonly string[], more: { name?: string } = {}) {
  const at = more.name ?? name;
  const address = `payments-api/record/${at}/${type.toLowerCase()}`;
  return resolved("value-record", address, {
    zoneId,
    name: at,
    type,
    values,
    ttlSeconds: 300,
    tags: recordTags(address),
  });
}
const cname = record("CNAME", ["partner.example.net"]);
const txt = record("TXT", ['site="1"', "token=abc"]);
const idOf = ({ attributes }: Resolved<"value-record">) => `${zoneId}/${attributes.name}/${attributes.type}`;

const plain = (Name: string, Type: "A" | "CNAME" | "TXT" | "MX", ...values: string[]): ResourceRecordSet => ({
  Name,
  Type,
  TTL: 60,
  ResourceRecords: values.map((Value) => ({ Value })),
});

/** A change made by somebody else. */
async function byHand(bench: Bench, ...changes: [Change["Action"], ResourceRecordSet][]): Promise<void> {
  const Changes = changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet }));
  await bench.aws.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
}

/** The sets of the zone besides its own NS and SOA, as `name type values`. */
async function zoneContent(bench: Bench): Promise<string[]> {
  const { ResourceRecordSets } = await bench.aws.route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }),
  );
  return (ResourceRecordSets ?? [])
    .filter(({ Type }) => Type !== "NS" && Type !== "SOA")
    .map(({ Name, Type, ResourceRecords }) =>
      [Name, Type, ...(ResourceRecords ?? []).map(({ Value }) => Value)].join(" "),
    );
}

const look = (bench: Bench, one: Resolved<"value-record">) => kind.look(bench.reads(), { ...one, id: idOf(one) });

describe("value-record", () => {
  test.each([
    ["CNAME", cname, [{ values: ["other.example.net"] }, { ttlSeconds: 60 }]],
    ["TXT", txt, [{ values: ["token=abc", "token=def"] }, { values: ["x".repeat(600)] }, { ttlSeconds: 3600 }]],
    ["a wildcard CNAME", record("CNAME", ["partner.example.net"], { name: "*.example.com" }), [{ ttlSeconds: 1 }]],
  ] as const)("%s: made, changed in every way, removed", async (_type, wanted, steps) => {
    const bench = await startBench();
    await roundTrip(kind, bench, wanted, steps);
    expect(await zoneContent(bench)).toEqual([]);
  });

  test("record and mark come in one batch", async () => {
    const bench = await startBench();
    expect(await kind.create(bench.aws, cname, "token")).toBe(`${zoneId}/${name}/CNAME`);
    expect((await loggedRequests(bench.sandbox)).map(({ action }) => action)).toEqual(["ChangeResourceRecordSets"]);
    expect(await zoneContent(bench)).toEqual([
      `${name}. CNAME partner.example.net`,
      `_landline.${name}. TXT ${markValue(project, cname.address)}`,
    ]);
  });

  test("the mark of a TXT record lies apart, so that an alias of ours may have the same name", async () => {
    const bench = await startBench();
    const at = `payments-api/endpoint/main/dns/${name}`;
    const alias = resolved("dns-record", at, {
      zoneId,
      name,
      types: ["A"],
      targetDnsName: "one.execute-api.us-east-1.amazonaws.com",
      targetZoneId: "Z1UJRXOUMOOFQ8",
      evaluateTargetHealth: false,
      tags: recordTags(at),
    });
    await kind.create(bench.aws, txt, "token");
    await dnsRecordKind.create(bench.aws, alias, "token");
    const [value, address] = [await kind.list(bench.reads()), await dnsRecordKind.list(bench.reads())];
    expect(value.live.map((live) => live.address)).toEqual([txt.address]);
    expect(address.live.map((live) => live.address)).toEqual([at]);
    const [live] = value.live;
    if (live) await kind.remove(bench.aws, live);
    expect((await dnsRecordKind.list(bench.reads())).live).toHaveLength(1);
    expect((await zoneContent(bench)).filter((line) => line.includes("_txt"))).toEqual([]);
  });

  test("a lost answer to the create leaves one record", async () => {
    const bench = await startBench();
    await addFaults(bench.sandbox, { action: "ChangeResourceRecordSets", effect: "drop-after" });
    await kind.create(bench.aws, cname, "token");
    const { live } = await kind.list(bench.reads());
    expect(live).toHaveLength(1);
    expectAttributes(live[0], cname.attributes);
  });

  test.each([
    ["an address where a CNAME is wanted", "A", "192.0.2.1", cname],
    ["a CNAME", "CNAME", "elsewhere.example.com", cname],
    ["mail where a CNAME is wanted", "MX", "10 mail.example.com", cname],
    ["a text", "TXT", '"theirs"', txt],
    ["a CNAME where a text is wanted", "CNAME", "elsewhere.example.com", txt],
  ] as const)("somebody else's record stays as it is: %s", async (_what, type, value, wanted) => {
    const { name: at, type: own } = wanted.attributes;
    const valueRecords = [{ zoneId, name: at, type: own }];
    const bench = await startBench();
    await byHand(bench, ["CREATE", plain(name, type, value)]);
    const before = await zoneContent(bench);
    const obstacle = { kind: "value-record", place: idOf(wanted), id: idOf(wanted) };
    expect(await kind.list(bench.reads({ valueRecords }))).toEqual({ live: [], obstacles: [obstacle] });
    expect(await kind.list(bench.reads({ valueRecords, connections: ["payments-api"] }))).toEqual({
      live: [],
      obstacles: [obstacle],
    });
    expect(await kind.list(bench.reads())).toEqual({ live: [], obstacles: [] });
    expect(await kind.seek(bench.reads(), wanted)).toEqual({ obstacle });
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toBeDefined();
    expect(await zoneContent(bench)).toEqual(before);
  });

  test("texts of others are no obstacle where the same name gets none of ours", async () => {
    const bench = await startBench();
    await byHand(bench, ["CREATE", plain("example.com", "TXT", '"theirs"')]);
    const { obstacles } = await kind.list(bench.reads({ valueRecords: [{ zoneId, name, type: "TXT" }] }));
    expect(obstacles).toEqual([]);
  });

  test("another project's record is an obstacle that says whose it is", async () => {
    const bench = await startBench();
    await kind.create(bench.aws, { ...cname, project: "other" }, "token");
    const { live, obstacles } = await kind.list(bench.reads({ valueRecords: [{ zoneId, name, type: "CNAME" }] }));
    expect(live).toEqual([]);
    expect(obstacles).toMatchObject([{ project: "other" }]);
    await expect(kind.create(bench.aws, cname, "token")).rejects.toMatchObject({ Code: "NotOurs" });
    expect(await look(bench, cname)).toBeUndefined();
  });

  test("our own alias at the name of a CNAME is an obstacle of this project, which a plan may take away", async () => {
    const bench = await startBench();
    await byHand(
      bench,
      ["CREATE", plain(name, "A", "192.0.2.1")],
      ["CREATE", plain(`_landline.${name}`, "TXT", markValue(project, `payments-api/endpoint/main/dns/${name}`))],
    );
    const { obstacles } = await kind.list(bench.reads({ valueRecords: [{ zoneId, name, type: "CNAME" }] }));
    expect(obstacles).toMatchObject([{ project }]);
  });

  test("every change by hand is seen and mended", async () => {
    const drifts: [string, [Change["Action"], ResourceRecordSet][], object][] = [
      [
        "another value",
        [["UPSERT", { ...plain(name, "CNAME", "x.example.com"), TTL: 300 }]],
        { values: ["x.example.com"] },
      ],
      ["another time to live", [["UPSERT", plain(name, "CNAME", "partner.example.net")]], { ttlSeconds: 60 }],
      [
        "no record",
        [["DELETE", { ...plain(name, "CNAME", "partner.example.net"), TTL: 300 }]],
        { values: [], ttlSeconds: 0 },
      ],
      [
        "a weighted set",
        [
          ["DELETE", { ...plain(name, "CNAME", "partner.example.net"), TTL: 300 }],
          ["CREATE", { ...plain(name, "CNAME", "partner.example.net"), TTL: 300, SetIdentifier: "blue", Weight: 1 }],
        ],
        { values: ["(set blue) partner.example.net"] },
      ],
    ];
    for (const [what, changes, seen] of drifts) {
      const bench = await startBench();
      await kind.create(bench.aws, cname, "token");
      await byHand(bench, ...changes);
      const [live] = (await kind.list(bench.reads())).live;
      expect(live?.attributes, what).toMatchObject(seen);
      if (live) await kind.update(bench.aws, live, cname, new Set(["values"]));
      expectAttributes(await look(bench, cname), cname.attributes);
      expect((await zoneContent(bench)).length, what).toBe(2);
    }
  });

  test("an update stops, and a removal does nothing, where the mark is no longer ours", async () => {
    const bench = await startBench();
    await kind.create(bench.aws, cname, "token");
    const live = await look(bench, cname);
    if (!live) throw new Error("nothing was made");
    await byHand(bench, ["UPSERT", plain(`_landline.${name}`, "TXT", markValue("other", cname.address))]);
    const before = await zoneContent(bench);
    const next = { ...cname, attributes: { ...cname.attributes, ttlSeconds: 1 } };
    await expect(kind.update(bench.aws, live, next, new Set(["ttlSeconds"]))).rejects.toMatchObject({
      Code: "NotOurs",
    });
    await byHand(bench, ["DELETE", plain(`_landline.${name}`, "TXT", markValue("other", cname.address))]);
    await kind.remove(bench.aws, live);
    expect(await zoneContent(bench)).toEqual(before.filter((line) => !line.startsWith("_landline")));
  });

  test("under --only the names that specs want are looked up, and no zone is listed", async () => {
    const bench = await startBench();
    await kind.create(bench.aws, cname, "token");
    const since = (await loggedRequests(bench.sandbox)).length;
    const wanted = { connections: ["payments-api"], valueRecords: [{ zoneId, name, type: "CNAME" }] };
    expect((await kind.list(bench.reads(wanted))).live).toHaveLength(1);
    expect((await kind.list(bench.reads({ ...wanted, connections: ["other"] }))).live).toEqual([]);
    const calls = (await loggedRequests(bench.sandbox, since)).map(({ action }) => action);
    expect(new Set(calls)).toEqual(new Set(["ListResourceRecordSets"]));
  });

  test("a record that a spec adopts is read as ours and gets its mark", async () => {
    const bench = await startBench();
    await byHand(bench, ["CREATE", { ...plain(name, "CNAME", "partner.example.net"), TTL: 300 }]);
    const adopt = [{ id: idOf(cname), address: cname.address }];
    const [live] = (await kind.list(bench.reads({ adopt }))).live;
    expect(live?.attributes).toEqual({ ...cname.attributes, tags: {} });
    if (live) await kind.update(bench.aws, live, cname, new Set(["tags.landline:project", "tags.landline:address"]));
    expectAttributes(await look(bench, cname), cname.attributes);
  });
});
