import { CreateLoadBalancerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  DeleteHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  type Route53Client,
  type RRType,
} from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import { clients, endpoint, endpointService, provider, seenEndpoint, startTestSandbox, statesOf } from "./helper.ts";

const HostedZoneId = "Z0PUBLIC000000000001";

function set(Name: string, Type: RRType, ...values: string[]): ResourceRecordSet {
  return { Name, Type, TTL: 300, ResourceRecords: values.map((Value) => ({ Value })) };
}

function alias(Name: string, DNSName: string, zone = HostedZoneId): ResourceRecordSet {
  return { Name, Type: "A", AliasTarget: { HostedZoneId: zone, DNSName, EvaluateTargetHealth: false } };
}

const batch = (...changes: [ChangeAction, ResourceRecordSet][]): Change[] =>
  changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet }));

async function change(route53: Route53Client, ...changes: [ChangeAction, ResourceRecordSet][]) {
  return await route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes: batch(...changes) } }),
  );
}

async function list(route53: Route53Client, input: Partial<ListResourceRecordSetsCommandInput> = {}) {
  const answer = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...input }));
  return { ...answer, names: answer.ResourceRecordSets?.map((record) => `${record.Name} ${record.Type}`) };
}

/** The zone's records without the two that it always has. */
async function own(route53: Route53Client) {
  return (await list(route53)).names?.filter((name) => !/^example\.com\. (NS|SOA)$/.test(name));
}

async function refusal(route53: Route53Client, ...changes: [ChangeAction, ResourceRecordSet][]) {
  const error: unknown = await change(route53, ...changes).catch((caught: unknown) => caught);
  return { name: (error as Error).name, message: (error as Error).message };
}

function refused(...messages: string[]) {
  return { name: "InvalidChangeBatch", message: `[${messages.join(", ")}]` };
}

describe("names and values", () => {
  test("are kept lower case, with a trailing dot and octal escapes", async () => {
    const { route53 } = clients(await startTestSandbox());
    await change(
      route53,
      ["CREATE", set("*.API.Example.COM", "A", "192.0.2.1")],
      ["CREATE", set("\\141@b.example.com.", "TXT", '"Hello"')],
    );
    expect(await own(route53)).toEqual(["a\\100b.example.com. TXT", "\\052.api.example.com. A"]);
    const again = await refusal(route53, ["CREATE", set("\\052.api.example.com.", "A", "192.0.2.2")]);
    expect(again).toEqual(
      refused("Tried to create resource record set [name='\\052.api.example.com.', type='A'] but it already exists"),
    );
    const { ResourceRecordSets } = await list(route53);
    expect(ResourceRecordSets?.find((record) => record.Type === "TXT")?.ResourceRecords).toEqual([
      { Value: '"Hello"' },
    ]);
  });

  test.each([
    [
      "A",
      "192.0.2.300",
      "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2.300'",
    ],
    [
      "AAAA",
      "192.0.2.1",
      "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address) encountered with '192.0.2.1'",
    ],
    ["TXT", "plain", "InvalidCharacterString (Value should be enclosed in quotation marks) encountered with 'plain'"],
    ["TXT", '"a" b', "InvalidCharacterString (Value should be enclosed in quotation marks) encountered with '\"a\" b'"],
    [
      "TXT",
      `"${"x".repeat(256)}"`,
      `CharacterStringTooLong (Value is too long) encountered with '"${"x".repeat(256)}"'`,
    ],
    ["CNAME", "a..b", "DomainLabelEmpty (Domain label is empty) encountered with 'a..b'"],
  ] as const)("a %s record cannot have the value %s", async (type, value, problem) => {
    const { route53 } = clients(await startTestSandbox());
    const answer = await refusal(route53, ["CREATE", set("x.example.com", type, value)]);
    expect(answer).toEqual(refused(`Invalid Resource Record: 'FATAL problem: ${problem}'`));
  });

  test("a TXT value may have several strings of 255 characters, and escapes", async () => {
    const { route53 } = clients(await startTestSandbox());
    const value = `"${"x".repeat(255)}" "say \\"hi\\" \\344 & <b>"`;
    await change(route53, ["CREATE", set("x.example.com", "TXT", value)]);
    const { ResourceRecordSets } = await list(route53, { StartRecordName: "x.example.com" });
    expect(ResourceRecordSets?.[0]?.ResourceRecords).toEqual([{ Value: value }]);
  });

  test("a name needs labels, and to lie in the zone", async () => {
    const { route53 } = clients(await startTestSandbox());
    expect(await refusal(route53, ["CREATE", set("a..example.com", "A", "192.0.2.1")])).toEqual(
      refused("FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with 'a..example.com'"),
    );
    expect(await refusal(route53, ["CREATE", set("notexample.com", "A", "192.0.2.1")])).toEqual(
      refused("RRSet with DNS name notexample.com. is not permitted in zone example.com."),
    );
  });
});

describe("batches", () => {
  const a = set("a.example.com", "A", "192.0.2.1");

  test("do everything or nothing, and tell every problem", async () => {
    const { route53 } = clients(await startTestSandbox());
    await change(route53, ["CREATE", set("there.example.com", "A", "192.0.2.9")]);
    const answer = await refusal(
      route53,
      ["CREATE", a],
      ["CREATE", set("there.example.com", "A", "192.0.2.1")],
      ["DELETE", set("gone.example.com", "A", "192.0.2.1")],
    );
    expect(answer).toEqual(
      refused(
        "Tried to create resource record set [name='there.example.com.', type='A'] but it already exists",
        "Tried to delete resource record set [name='gone.example.com.', type='A'] but it was not found",
      ),
    );
    expect(await own(route53)).toEqual(["there.example.com. A"]);
  });

  test("a delete repeats everything, in any order of values", async () => {
    const { route53 } = clients(await startTestSandbox());
    const two = set("two.example.com", "A", "192.0.2.1", "192.0.2.2");
    await change(route53, ["CREATE", two]);
    const mismatch = refused(
      "Tried to delete resource record set [name='two.example.com.', type='A'] but the values provided do not match the current values",
    );
    expect(await refusal(route53, ["DELETE", { ...two, TTL: 60 }])).toEqual(mismatch);
    expect(await refusal(route53, ["DELETE", set("two.example.com", "A", "192.0.2.1")])).toEqual(mismatch);
    await change(route53, ["DELETE", set("TWO.example.com.", "A", "192.0.2.2", "192.0.2.1")]);
    expect(await own(route53)).toEqual([]);
  });

  test("an upsert creates or replaces", async () => {
    const { route53 } = clients(await startTestSandbox());
    await change(route53, ["UPSERT", a]);
    await change(route53, ["UPSERT", { ...a, TTL: 60 }]);
    const { ResourceRecordSets } = await list(route53, { StartRecordName: "a.example.com" });
    expect(ResourceRecordSets).toEqual([
      { Name: "a.example.com.", Type: "A", TTL: 60, ResourceRecords: [{ Value: "192.0.2.1" }] },
    ]);
  });

  test("one set cannot be changed twice, unless it is deleted and made anew", async () => {
    const { route53 } = clients(await startTestSandbox());
    const invalid = refused(
      "The request contains an invalid set of changes for a resource record set 'A a.example.com.'",
    );
    expect(await refusal(route53, ["UPSERT", a], ["UPSERT", { ...a, TTL: 60 }])).toEqual(invalid);
    await change(route53, ["CREATE", a]);
    const twice = await refusal(route53, ["DELETE", a], ["DELETE", a]);
    expect(twice.message).toContain("invalid set of changes");
    await change(route53, ["DELETE", a], ["CREATE", { ...a, TTL: 60 }]);
    expect(await own(route53)).toEqual(["a.example.com. A"]);
  });

  test.each([
    ["1001 creates", 1001, "CREATE", "Number of records limit of 1000 exceeded."],
    ["501 upserts, which count twice", 501, "UPSERT", "Number of records limit of 1000 exceeded."],
  ] as const)("are too large with %s", async (_what, count, action, problem) => {
    const { route53 } = clients(await startTestSandbox());
    const changes = Array.from({ length: count }, (_, index): [ChangeAction, ResourceRecordSet] => [
      action,
      set(`n${index}.example.com`, "A", "192.0.2.1"),
    ]);
    expect(await refusal(route53, ...changes)).toEqual(refused(problem));
    await change(route53, ...changes.slice(1));
  });

  test("hold 32,000 characters of values at most", async () => {
    const { route53 } = clients(await startTestSandbox());
    const changes = Array.from({ length: 160 }, (_, index): [ChangeAction, ResourceRecordSet] => [
      "CREATE",
      set(`n${index}.example.com`, "TXT", `"${"x".repeat(199)}"`),
    ]);
    expect(await refusal(route53, ...changes)).toEqual(refused("Number of characters limit of 32000 exceeded."));
  });

  test("a form that Route 53 does not know is another error", async () => {
    const { route53 } = clients(await startTestSandbox());
    expect(await refusal(route53, ["CREATE", { Name: "a.example.com", Type: "A" }])).toEqual({
      name: "InvalidInput",
      message:
        "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, Name=a.example.com, Type=A, SetIdentifier=null]",
    });
    expect((await refusal(route53, ["CREATE", { ...a, TTL: undefined }])).message).toContain("Missing field 'TTL'");
    expect((await refusal(route53, ["CREATE", { ...a, Type: "ZZ" as RRType }])).name).toBe("InvalidInput");
    expect((await refusal(route53)).name).toBe("InvalidInput");
  });
});

describe("CNAME", () => {
  const cname = set("www.example.com", "CNAME", "target.example.net");
  const address = set("www.example.com", "A", "192.0.2.1");

  test("excludes other records of its name", async () => {
    const { route53 } = clients(await startTestSandbox());
    await change(route53, ["CREATE", cname]);
    expect(await refusal(route53, ["UPSERT", address])).toEqual(
      refused(
        "RRSet of type A with DNS name www.example.com. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.",
      ),
    );
    await change(route53, ["DELETE", cname], ["CREATE", address]);
    expect(await refusal(route53, ["CREATE", cname])).toEqual(
      refused(
        "RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.",
      ),
    );
  });

  test("cannot be at the top of the zone", async () => {
    const { route53 } = clients(await startTestSandbox());
    const answer = await refusal(route53, ["CREATE", set("example.com", "CNAME", "x.example.net")]);
    expect(answer).toEqual(
      refused("RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com."),
    );
  });
});

describe("aliases", () => {
  test("show no TTL, and a target of the same zone must be there", async () => {
    const { route53 } = clients(await startTestSandbox());
    const missing = await refusal(route53, ["CREATE", alias("www.example.com", "API.example.com")]);
    const start = "Tried to create an alias that targets api.example.com., type A in zone Z0PUBLIC000000000001, but";
    expect(missing).toEqual(refused(`${start} that target was not found`));
    await change(
      route53,
      ["CREATE", alias("www.example.com", "API.example.com")],
      ["CREATE", set("api.example.com", "A", "192.0.2.1")],
    );
    const { ResourceRecordSets } = await list(route53, { StartRecordName: "www.example.com" });
    expect(ResourceRecordSets).toEqual([
      {
        Name: "www.example.com.",
        Type: "A",
        AliasTarget: { HostedZoneId, DNSName: "api.example.com.", EvaluateTargetHealth: false },
      },
    ]);
  });

  test("a load balancer must be there, in its own zone", async () => {
    const { route53, elbv2 } = clients(await startTestSandbox());
    const input = { Name: "nlb", Type: "network", Scheme: "internal", Subnets: ["subnet-0a1b2c3d4e5f60001"] } as const;
    const { LoadBalancers } = await elbv2.send(
      new CreateLoadBalancerCommand({ ...input, Subnets: [...input.Subnets] }),
    );
    const { DNSName = "", CanonicalHostedZoneId = "" } = LoadBalancers?.[0] ?? {};
    const wrong = await refusal(route53, ["CREATE", alias("a.example.com", DNSName, "Z35SXDOTRQ7X7K")]);
    const start = `Tried to create an alias that targets ${DNSName}., type A in zone Z35SXDOTRQ7X7K, but`;
    expect(wrong).toEqual(
      refused(
        `${start} the alias target name does not lie within the target zone`,
        `${start} that target was not found`,
      ),
    );
    await change(route53, ["CREATE", alias("a.example.com", DNSName, CanonicalHostedZoneId)]);
    const gone = await refusal(route53, ["UPSERT", alias("b.example.com", `x${DNSName}`, CanonicalHostedZoneId)]);
    expect(gone.message).toContain("that target was not found");
  });

  test("an endpoint must have the name, in the zone of its Region", async () => {
    const sandbox = await startTestSandbox();
    const { route53 } = clients(sandbox);
    const { ServiceName } = await endpointService(sandbox, { AcceptanceRequired: false });
    const { VpcEndpointId } = await endpoint(sandbox, ServiceName);
    await statesOf(sandbox, VpcEndpointId, 5);
    const { DnsName = "", HostedZoneId: zone = "" } =
      (await seenEndpoint(sandbox, VpcEndpointId))?.DnsEntries?.[0] ?? {};
    await change(route53, ["CREATE", alias("a.example.com", DnsName.toUpperCase(), zone)]);
    const wrongZone = await refusal(route53, ["UPSERT", alias("a.example.com", DnsName, "ZC8PG0KIFKBRI")]);
    expect(wrongZone.message).toContain("does not lie within the target zone");
    const wrongName = await refusal(route53, [
      "UPSERT",
      alias("a.example.com", DnsName.replace("vpce-0", "vpce-1"), zone),
    ]);
    expect(wrongName.message).toContain("that target was not found");
  });
});

describe("routing policies", () => {
  const weighted = (SetIdentifier: string, Weight: number): ResourceRecordSet => ({
    ...set("w.example.com", "A", "192.0.2.1"),
    SetIdentifier,
    Weight,
  });

  test("several sets share a name and type under different identifiers, but not with a simple one", async () => {
    const { route53 } = clients(await startTestSandbox());
    await change(route53, ["CREATE", weighted("blue", 10)], ["CREATE", weighted("green", 0)]);
    const { ResourceRecordSets, NextRecordIdentifier } = await list(route53, {
      StartRecordName: "w.example.com",
      MaxItems: 1,
    });
    expect(ResourceRecordSets).toMatchObject([{ SetIdentifier: "blue", Weight: 10 }]);
    expect(NextRecordIdentifier).toBe("green");
    expect(await refusal(route53, ["CREATE", set("w.example.com", "A", "192.0.2.1")])).toEqual(
      refused(
        "RRSet with DNS name w.example.com., type A cannot be created as other RRSets exist with the same name and type.",
      ),
    );
    const place = { ...weighted("de", 0), Weight: undefined, GeoLocation: { CountryCode: "DE" } };
    const name = { ...place, Name: "geo.example.com" };
    await change(route53, ["CREATE", name]);
    const geo = await list(route53, { StartRecordName: "geo.example.com", MaxItems: 1 });
    expect(geo.ResourceRecordSets).toMatchObject([{ SetIdentifier: "de", GeoLocation: { CountryCode: "DE" } }]);
    expect((await refusal(route53, ["CREATE", place])).message).toContain("other RRSets exist");
  });
});

describe("listing", () => {
  test("is in the order of reversed labels, then types, and starts where it is told", async () => {
    const { route53 } = clients(await startTestSandbox());
    await change(
      route53,
      ["CREATE", set("b.example.com", "TXT", '"b"')],
      ["CREATE", set("b.example.com", "A", "192.0.2.1")],
      ["CREATE", set("z.a.example.com", "A", "192.0.2.1")],
      ["CREATE", set("a.example.com", "A", "192.0.2.1")],
      ["CREATE", set("*.example.com", "A", "192.0.2.1")],
    );
    expect((await list(route53)).names).toEqual([
      "example.com. NS",
      "example.com. SOA",
      "\\052.example.com. A",
      "a.example.com. A",
      "z.a.example.com. A",
      "b.example.com. A",
      "b.example.com. TXT",
    ]);
    expect((await list(route53, { StartRecordName: "aa.example.com" })).names).toEqual([
      "b.example.com. A",
      "b.example.com. TXT",
    ]);
    const from = { StartRecordName: "B.example.com", StartRecordType: "AAAA" } as const;
    expect((await list(route53, from)).names).toEqual(["b.example.com. TXT"]);
    expect((await list(route53, { StartRecordName: "*.example.com", MaxItems: 1 })).names).toEqual([
      "\\052.example.com. A",
    ]);
    await expect(list(route53, { StartRecordType: "A" })).rejects.toMatchObject({ name: "InvalidInput" });
  });

  test("shows 300 on a page, and the pages join without a gap", async () => {
    const { route53 } = clients(await startTestSandbox());
    const names = Array.from({ length: 700 }, (_, index) => `n${String(index).padStart(3, "0")}.example.com`);
    await change(
      route53,
      ...names.map((name): [ChangeAction, ResourceRecordSet] => ["CREATE", set(name, "A", "192.0.2.1")]),
    );
    const seen: string[] = [];
    const sizes: number[] = [];
    let from: Partial<ListResourceRecordSetsCommandInput> | undefined = { MaxItems: 1000 };
    while (from) {
      const page: Awaited<ReturnType<typeof list>> = await list(route53, from);
      seen.push(...(page.names ?? []));
      sizes.push(page.names?.length ?? 0);
      expect(page.MaxItems).toBe(300);
      from = page.IsTruncated
        ? { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType }
        : undefined;
    }
    expect(sizes).toEqual([300, 300, 102]);
    expect(seen.slice(2)).toEqual(names.map((name) => `${name}. A`));
  });
});

describe("quotas", () => {
  test("a zone holds no more records than the account may have in one", async () => {
    const sandbox = await startTestSandbox();
    const { route53 } = clients(sandbox);
    const account = sandbox.world.accounts[provider];
    if (account) account.quotas = { MAX_RRSETS_BY_ZONE: 3 };
    const first = set("a.example.com", "A", "192.0.2.1");
    await change(route53, ["CREATE", first]);
    const second = set("b.example.com", "A", "192.0.2.1");
    expect((await refusal(route53, ["CREATE", second])).message).toContain("MAX_RRSETS_BY_ZONE");
    await change(route53, ["DELETE", first], ["CREATE", second]);
    expect(await own(route53)).toEqual(["b.example.com. A"]);
  });
});

describe("what a zone always has", () => {
  test("NS and SOA stay, and other records keep the zone from being deleted", async () => {
    const { route53 } = clients(await startTestSandbox());
    const { ResourceRecordSets } = await list(route53);
    const [ns, soa] = ResourceRecordSets ?? [];
    if (!ns || !soa) throw new Error("the zone has no NS and SOA records");
    expect(await refusal(route53, ["DELETE", ns], ["DELETE", soa])).toEqual(
      refused(
        "A HostedZone must contain at least one NS record for the zone itself.",
        "A HostedZone must contain exactly one SOA record.",
      ),
    );
    const record = set("a.example.com", "A", "192.0.2.1");
    await change(route53, ["CREATE", record]);
    const remove = () => route53.send(new DeleteHostedZoneCommand({ Id: HostedZoneId }));
    await expect(remove()).rejects.toMatchObject({ name: "HostedZoneNotEmpty" });
    await change(route53, ["DELETE", record]);
    await remove();
  });
});
