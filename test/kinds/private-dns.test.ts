import { ChangeResourceRecordSetsCommand, ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import { endpointServiceKind } from "../../src/kinds/endpoint-service.ts";
import type { ResolvedAttributes } from "../../src/kinds/kind.ts";
import { privateDnsKind as kind } from "../../src/kinds/private-dns.ts";
import type { Live } from "../../src/model.ts";
import { addFaults, loggedRequests, twoAccounts } from "../sandbox/helper.ts";
import { type Bench, expectAttributes, project, recordTags, resolved, settle, startBench } from "./harness.ts";
import { lostAnswers, makeService, permittedRoundTrip, wantedService } from "./provider.ts";

const address = "payments-api/service/private-dns";
const zoneId = "Z0PUBLIC000000000001";
const otherZone = "Z0PUBLIC000000000002";

const wantedProof = ({ id, outputs, attributes }: Live, more: Partial<ResolvedAttributes<"private-dns">> = {}) =>
  resolved("private-dns", address, {
    serviceId: id,
    zoneId,
    name: String(attributes.privateDnsName),
    recordName: outputs.privateDnsRecordName ?? "",
    recordValue: outputs.privateDnsRecordValue ?? "",
    state: "verified",
    tags: recordTags(address),
    ...more,
  });

async function startService() {
  const bench = await startBench();
  const service = await makeService(bench, { privateDnsName: "api.example.com" });
  return { bench, service, wanted: wantedProof(service) };
}

/** All TXT values of the zone by name. */
async function txt({ aws }: Bench): Promise<Record<string, string[]>> {
  const { ResourceRecordSets } = await aws.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
  const sets = (ResourceRecordSets ?? []).filter(({ Type }) => Type === "TXT");
  return Object.fromEntries(
    sets.map(({ Name = "", ResourceRecords }) => [Name, (ResourceRecords ?? []).map(({ Value = "" }) => Value)]),
  );
}

const changeTxt = ({ aws }: Bench, Action: "UPSERT" | "DELETE", Name: string, values: readonly string[]) => {
  const ResourceRecords = values.map((Value) => ({ Value }));
  const Changes = [{ Action, ResourceRecordSet: { Name, Type: "TXT" as const, TTL: 300, ResourceRecords } }];
  return aws.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
};

describe("private-dns", () => {
  test("proven with a mark beside the record, removed with it", async () => {
    const { bench, wanted } = await startService();
    await permittedRoundTrip(kind, bench, wanted, []);
    expect(await txt(bench)).toEqual({});
  });

  test("what stands in the zone", async () => {
    const { bench, wanted } = await startService();
    await kind.create(bench.aws, wanted, "token");
    const { recordName, recordValue } = wanted.attributes;
    expect(await txt(bench)).toEqual({
      [`${recordName}.`]: [`"${recordValue}"`],
      [`_landline.${recordName}.`]: [`"heritage=landline,project=${project},address=${address}"`],
    });
  });

  test("values of others in the same record stay", async () => {
    const { bench, service, wanted } = await startService();
    const name = wanted.attributes.recordName;
    await changeTxt(bench, "UPSERT", name, ['"vpce:theirs"']);
    const id = await kind.create(bench.aws, wanted, "token");
    expect((await txt(bench))[`${name}.`]).toEqual(['"vpce:theirs"', `"${wanted.attributes.recordValue}"`]);
    const live = await settle(kind, bench, wanted, id);
    expect(live.id).toBe(service.id);
    expectAttributes(live, wanted.attributes);
    await kind.remove(bench.aws, live);
    expect(await txt(bench)).toEqual({ [`${name}.`]: ['"vpce:theirs"'] });
  });

  test("a record taken away or changed by hand is unproven, and an update mends it", async () => {
    const { bench, wanted } = await startService();
    const id = await kind.create(bench.aws, wanted, "token");
    await settle(kind, bench, wanted, id);
    const { recordName, recordValue } = wanted.attributes;
    await changeTxt(bench, "UPSERT", recordName, ['"vpce:other"']);
    const [moved] = (await kind.list(bench.reads())).live;
    expect(moved).toMatchObject({ id, attributes: { recordValue: "vpce:other", state: "unproven" } });
    await changeTxt(bench, "DELETE", recordName, ['"vpce:other"']);
    const [gone] = (await kind.list(bench.reads())).live;
    expect(gone).toMatchObject({ id, attributes: { recordValue: null, state: "unproven" } });
    if (!gone) throw new Error("the mark is still there");
    await kind.update(bench.aws, gone, wanted, new Set(["recordValue", "state"]));
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
    expect((await txt(bench))[`${recordName}.`]).toEqual([`"${recordValue}"`]);
  });

  test("another name moves record and mark", async () => {
    const { bench, service, wanted } = await startService();
    const id = await kind.create(bench.aws, wanted, "token");
    const before = await settle(kind, bench, wanted, id);
    const renamed = wantedService(service.attributes.loadBalancerArns as string[], {
      privateDnsName: "new.example.com",
    });
    await endpointServiceKind.update(bench.aws, service, renamed, new Set(["privateDnsName"]));
    const next = wantedProof(await settle(endpointServiceKind, bench, renamed, service.id));
    expect(next.attributes.recordName).not.toBe(wanted.attributes.recordName);
    const stale = await kind.look(bench.reads(), before);
    expect(stale).toMatchObject({ id, attributes: { name: "api.example.com", state: "unproven" } });
    expect((await kind.list(bench.reads())).live).toEqual([stale]);
    if (!stale) throw new Error("the old mark is still there");
    await kind.update(bench.aws, stale, next, new Set(["name", "recordName", "recordValue", "state"]));
    expectAttributes(await settle(kind, bench, next, id), next.attributes);
    expect(Object.keys(await txt(bench)).sort()).toEqual(
      [`${next.attributes.recordName}.`, `_landline.${next.attributes.recordName}.`].sort(),
    );
  });

  test("another zone moves it too", async () => {
    const bench = await startBench(
      twoAccounts.replace(
        "name: example.com}",
        `name: example.com}\n      - {id: ${otherZone}, name: api.example.com}`,
      ),
    );
    const service = await makeService(bench, { privateDnsName: "api.example.com" });
    const wanted = wantedProof(service);
    const id = await kind.create(bench.aws, wanted, "token");
    const live = await settle(kind, bench, wanted, id);
    const next = wantedProof(service, { zoneId: otherZone });
    await kind.update(bench.aws, live, next, new Set(["zoneId"]));
    expectAttributes(await settle(kind, bench, next, id), next.attributes);
    expect(await txt(bench)).toEqual({});
  });

  test("a lost answer leaves one record, and nothing is sent twice", async () => {
    const { bench, wanted } = await startService();
    await addFaults(bench.sandbox, { action: "ChangeResourceRecordSets", effect: "drop-after" });
    const id = await kind.create(bench.aws, wanted, "token");
    expect(await lostAnswers(bench)).toEqual(["ChangeResourceRecordSets"]);
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
    const since = (await loggedRequests(bench.sandbox)).length;
    await kind.create(bench.aws, wanted, "token");
    const actions = (await loggedRequests(bench.sandbox, since)).map(({ action }) => action);
    expect(actions.filter((action) => !/^(List|Describe)/.test(action))).toEqual([]);
    expect((await kind.list(bench.reads())).live).toHaveLength(1);
  });

  test("a proof outlives its service until it is removed", async () => {
    const { bench, service, wanted } = await startService();
    await kind.create(bench.aws, wanted, "token");
    await endpointServiceKind.remove(bench.aws, service);
    for (let reads = 0; reads < 5; reads++) await endpointServiceKind.look(bench.reads(), service);
    const [left] = (await kind.list(bench.reads())).live;
    expect(left).toMatchObject({ id: `${zoneId}/${wanted.attributes.recordName}`, attributes: { state: "unproven" } });
    if (!left) throw new Error("the mark is still there");
    expect(await kind.look(bench.reads(), left)).toEqual(left);
    await kind.remove(bench.aws, left);
    expect(await kind.look(bench.reads(), left)).toBeUndefined();
    expect(await txt(bench)).toEqual({});
  });

  test("--only looks at the records of its services in the zones of its specs", async () => {
    const { bench, wanted } = await startService();
    const id = await kind.create(bench.aws, wanted, "token");
    await settle(kind, bench, wanted, id);
    const listed = async (more: object) => (await kind.list(bench.reads(more))).live.map((live) => live.id);
    expect(await listed({ connections: ["payments-api"], zoneIds: [zoneId] })).toEqual([id]);
    expect(await listed({ connections: ["payments-api"], zoneIds: [] })).toEqual([]);
    expect(await listed({ connections: ["orders"], zoneIds: [zoneId] })).toEqual([]);
    expect(await listed({ connections: ["payments-api"], zoneIds: [zoneId], provides: false })).toEqual([]);
  });
});
