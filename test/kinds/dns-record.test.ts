import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import { markValue } from "../../src/aws/records.ts";
import { dnsRecordKind as kind } from "../../src/kinds/dns-record.ts";
import { addFaults, loggedRequests } from "../sandbox/helper.ts";
import { type Bench, expectAttributes, project, recordTags, resolved, roundTrip, startBench } from "./harness.ts";

const zoneId = "Z0PUBLIC000000000001";
const name = "payments.example.com";
const address = `payments-api/endpoint/main/dns/${name}`;
const [first, second] = ["one.execute-api.us-east-1.amazonaws.com", "two.execute-api.us-east-1.amazonaws.com"];
const wanted = resolved("dns-record", address, {
  zoneId,
  name,
  types: ["A"],
  targetDnsName: first,
  targetZoneId: "Z1UJRXOUMOOFQ8",
  evaluateTargetHealth: true,
  tags: recordTags(address),
});
const records = [{ zoneId, name }];

const alias = (Type: "A" | "AAAA", DNSName: string): ResourceRecordSet => ({
  Name: name,
  Type,
  AliasTarget: { DNSName, HostedZoneId: "Z1UJRXOUMOOFQ8", EvaluateTargetHealth: true },
});
const plain = (Name: string, Type: "A" | "AAAA" | "CNAME" | "TXT", ...values: string[]): ResourceRecordSet => ({
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
    .map(({ Name, Type, ResourceRecords, AliasTarget }) => {
      const values = AliasTarget ? [AliasTarget.DNSName] : (ResourceRecords ?? []).map(({ Value }) => Value);
      return [Name, Type, ...values].join(" ");
    });
}

const look = (bench: Bench) => kind.look(bench.reads(), { ...wanted, id: `${zoneId}/${name}` });

describe("dns-record", () => {
  test("made, changed in every way, removed", async () => {
    const bench = await startBench();
    await roundTrip(kind, bench, wanted, [
      { types: ["A", "AAAA"] },
      { types: ["AAAA"] },
      { targetDnsName: second },
      { targetZoneId: "Z2FDTNDATAQYW2" },
      { evaluateTargetHealth: false },
    ]);
    expect(await zoneContent(bench)).toEqual([]);
  });

  test("record and mark come in one batch", async () => {
    const bench = await startBench();
    expect(await kind.create(bench.aws, wanted, "token")).toBe(`${zoneId}/${name}`);
    const calls = (await loggedRequests(bench.sandbox)).map(({ action }) => action);
    expect(calls).toEqual(["ChangeResourceRecordSets"]);
    expect(await zoneContent(bench)).toEqual([
      `${name}. A ${first}.`,
      `_landline.${name}. TXT ${markValue(project, address)}`,
    ]);
  });

  test("a wildcard is found again under its own name", async () => {
    const at = "payments-api/endpoint/main/dns/*.example.com";
    const star = { ...wanted.attributes, name: "*.example.com", tags: recordTags(at) };
    await roundTrip(kind, await startBench(), resolved("dns-record", at, star), [{ targetDnsName: second }]);
  });

  test("a lost answer to the create leaves one record", async () => {
    const bench = await startBench();
    await addFaults(bench.sandbox, { action: "ChangeResourceRecordSets", effect: "drop-after" });
    await kind.create(bench.aws, wanted, "token");
    const { live, obstacles } = await kind.list(bench.reads({ records }));
    expect(live).toHaveLength(1);
    expect(obstacles).toEqual([]);
    expectAttributes(live[0], wanted.attributes);
  });

  test.each([
    ["A", "192.0.2.1"],
    ["CNAME", "elsewhere.example.com"],
  ] as const)("somebody else's %s record stays as it is", async (type, value) => {
    const bench = await startBench(undefined, { records });
    await byHand(bench, ["CREATE", plain(name, type, value)]);
    const before = await zoneContent(bench);
    const obstacle = { kind: "dns-record", place: `${zoneId}/${name}`, id: `${zoneId}/${name}` };
    expect(await kind.list(bench.reads())).toEqual({ live: [], obstacles: [obstacle] });
    expect(await kind.list(bench.reads({ records: [] }))).toEqual({ live: [], obstacles: [] });
    expect(await kind.seek(bench.reads(), wanted)).toEqual({ obstacle });
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toMatchObject({
      Code: "NotOurs",
      message: expect.stringContaining(`${name} in zone ${zoneId}`),
    });
    expect(await zoneContent(bench)).toEqual(before);
  });

  test("another project's record is an obstacle that says whose it is", async () => {
    const bench = await startBench(undefined, { records });
    const other = { ...wanted, project: "other" };
    await kind.create(bench.aws, other, "token");
    const obstacle = { kind: "dns-record", place: `${zoneId}/${name}`, id: `${zoneId}/${name}`, project: "other" };
    expect(await kind.list(bench.reads())).toEqual({ live: [], obstacles: [obstacle] });
    expect(await kind.seek(bench.reads(), wanted)).toEqual({ obstacle });
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toThrow("the mark of");
    expect(await look(bench)).toBeUndefined();
  });

  test("TXT values of others beside the mark are kept", async () => {
    const bench = await startBench();
    const theirs = plain(`_landline.${name}`, "TXT", '"somebody else"');
    await byHand(bench, ["CREATE", theirs]);
    await kind.create(bench.aws, wanted, "token");
    const live = await look(bench);
    expectAttributes(live, wanted.attributes);
    if (live) await kind.remove(bench.aws, live);
    expect(await zoneContent(bench)).toEqual([`_landline.${name}. TXT "somebody else"`]);
  });

  test("every change by hand is seen and mended", async () => {
    const drifts: [string, [Change["Action"], ResourceRecordSet][], object][] = [
      [
        "values",
        [
          ["DELETE", alias("A", first)],
          ["CREATE", plain(name, "A", "192.0.2.1")],
        ],
        { targetDnsName: "values 192.0.2.1", evaluateTargetHealth: null },
      ],
      [
        "a CNAME",
        [
          ["DELETE", alias("A", first)],
          ["CREATE", plain(name, "CNAME", "x.example.com")],
        ],
        { types: ["CNAME"], targetDnsName: "values x.example.com" },
      ],
      ["another target", [["UPSERT", alias("A", second)]], { targetDnsName: second }],
      [
        "one more type",
        [["CREATE", alias("AAAA", second)]],
        { types: ["A", "AAAA"], targetDnsName: `${first}, ${second}` },
      ],
      ["no record", [["DELETE", alias("A", first)]], { types: [], targetDnsName: "" }],
      [
        "a weighted set",
        [
          ["DELETE", alias("A", first)],
          ["CREATE", { ...alias("A", first), SetIdentifier: "blue", Weight: 1 }],
        ],
        { targetDnsName: `${first} (set blue)` },
      ],
    ];
    for (const [what, changes, seen] of drifts) {
      const bench = await startBench();
      await kind.create(bench.aws, wanted, "token");
      await byHand(bench, ...changes);
      const [live] = (await kind.list(bench.reads())).live;
      expect(live?.attributes, what).toMatchObject(seen);
      if (live) await kind.update(bench.aws, live, wanted, new Set(["targetDnsName"]));
      expectAttributes(await look(bench), wanted.attributes);
      expect((await zoneContent(bench)).length, what).toBe(2);
    }
  });

  test("an update stops where the mark is no longer ours", async () => {
    const bench = await startBench();
    await kind.create(bench.aws, wanted, "token");
    const live = await look(bench);
    await byHand(bench, ["UPSERT", plain(`_landline.${name}`, "TXT", markValue("other", address))]);
    const before = await zoneContent(bench);
    const next = { ...wanted, attributes: { ...wanted.attributes, targetDnsName: second } };
    if (live) await expect(kind.update(bench.aws, live, next, new Set())).rejects.toMatchObject({ Code: "NotOurs" });
    expect(live).toBeDefined();
    expect(await zoneContent(bench)).toEqual(before);
  });

  test("a removal leaves a name alone whose mark is gone", async () => {
    const bench = await startBench();
    await kind.create(bench.aws, wanted, "token");
    const live = await look(bench);
    await byHand(bench, ["DELETE", { ...plain(`_landline.${name}`, "TXT", markValue(project, address)), TTL: 300 }]);
    if (live) await kind.remove(bench.aws, live);
    expect(await zoneContent(bench)).toEqual([`${name}. A ${first}.`]);
  });

  test("--only asks for the wanted names and no others", async () => {
    const bench = await startBench();
    await kind.create(bench.aws, wanted, "token");
    const since = (await loggedRequests(bench.sandbox)).length;
    const only = { connections: ["payments-api"], records };
    expect((await kind.list(bench.reads(only))).live.map((live) => live.id)).toEqual([`${zoneId}/${name}`]);
    // The mark comes with the record.
    expect(await loggedRequests(bench.sandbox, since)).toHaveLength(1);
    const obstacle = { kind: "dns-record", place: `${zoneId}/${name}`, id: `${zoneId}/${name}`, project };
    const others = await kind.list(bench.reads({ ...only, connections: ["orders"] }));
    expect(others).toEqual({ live: [], obstacles: [obstacle] });
  });

  test("--only finds a mark that other names keep off the record's page", async () => {
    const bench = await startBench();
    await kind.create(bench.aws, wanted, "token");
    const between = Array.from({ length: 30 }, (_, n) => plain(`${n}.${name}`, "TXT", '"between"'));
    for (const record of between) await byHand(bench, ["CREATE", record]);
    const only = { connections: ["payments-api"], records };
    expect((await kind.list(bench.reads(only))).live.map((live) => live.id)).toEqual([`${zoneId}/${name}`]);
  });

  test("a zone that does not exist holds nothing", async () => {
    const bench = await startBench();
    const only = { connections: ["payments-api"], records: [{ zoneId: "Z0GONE", name }] };
    expect(await kind.list(bench.reads(only))).toEqual({ live: [], obstacles: [] });
  });

  test("a mark of another kind is not a record", async () => {
    const bench = await startBench();
    const mark = markValue(project, "payments-api/service/private-dns");
    await byHand(bench, ["CREATE", plain(`_landline.${name}`, "TXT", mark)]);
    expect((await kind.list(bench.reads())).live).toEqual([]);
  });

  test("changes of one zone wait for each other", () => {
    expect(kind.serialBy?.(wanted)).toBe(zoneId);
  });
});
