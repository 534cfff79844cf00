import { describe, expect, test } from "vitest";
import { parseSeed, SeedError } from "../../src/sandbox/seed.ts";
import { twoAccounts } from "./helper.ts";

function problems(text: string): string[] {
  try {
    parseSeed(text, "world.yaml");
  } catch (error) {
    if (error instanceof SeedError) return error.message.split("\n");
    throw error;
  }
  return [];
}

test("a seed makes VPCs with their subnets, zones, groups and hosted zones", () => {
  const { accounts } = parseSeed(twoAccounts);
  const region = accounts["111111111111"]?.regions["us-east-1"];
  expect(Object.keys(region?.vpcs ?? {})).toEqual(["vpc-0a1b2c3d4e5f60001"]);
  expect(region?.subnets["subnet-0a1b2c3d4e5f60001"]).toMatchObject({ az: "us-east-1a", azId: "use1-az4" });
  const groups = Object.values(region?.securityGroups ?? {});
  expect(groups.map((group) => group.name)).toEqual(["app", "default"]);
  const rules = Object.values(region?.securityGroupRules ?? {});
  expect(rules.filter((rule) => rule.egress)).toHaveLength(2);
  const zones = accounts["222222222222"]?.hostedZones ?? {};
  expect(zones.Z0PRIVATE00000000001).toMatchObject({
    name: "internal.example.com.",
    private: true,
    vpcs: [{ id: "vpc-0b1b2c3d4e5f60001", region: "us-east-1" }],
  });
  expect(zones.Z0PRIVATE00000000001?.records.map((record) => record.type)).toEqual(["NS", "SOA"]);
});

test("zone names are shuffled per account, zone ids are the same for all", () => {
  const seed = (account: string) => `accounts: {"${account}": {regions: {us-east-1: }}}`;
  const zones = (account: string) =>
    parseSeed(seed(account)).accounts[account]?.regions["us-east-1"]?.availabilityZones;
  const [one = [], two = []] = [zones("111111111111"), zones("222222222222")];
  expect(one.map((zone) => zone.name)).toEqual(["a", "b", "c", "d", "e", "f"].map((letter) => `us-east-1${letter}`));
  expect(one.map((zone) => zone.id).sort()).toEqual(two.map((zone) => zone.id).sort());
  expect(one).not.toEqual(two);
});

test("a stated zone keeps its name and id; one of the two is enough for a subnet", () => {
  const region = parseSeed(`
accounts:
  "111111111111":
    regions:
      eu-central-1:
        availabilityZones: [{name: eu-central-1a, id: euc1-az2}]
        vpcs:
          - id: vpc-1
            cidr: 10.0.0.0/16
            enableDnsHostnames: false
            subnets:
              - {id: subnet-1, azId: euc1-az2, cidr: 10.0.0.0/24}
              - {id: subnet-2, az: eu-central-1b, cidr: 10.0.1.0/24}
`).accounts["111111111111"]?.regions["eu-central-1"];
  expect(region?.subnets["subnet-1"]?.az).toBe("eu-central-1a");
  expect(region?.subnets["subnet-2"]?.azId).toMatch(/^euc1-az[13]$/);
  expect(region?.vpcs["vpc-1"]).toMatchObject({ enableDnsHostnames: false, enableDnsSupport: true });
});

test("records are kept under canonical names", () => {
  const { accounts } = parseSeed(`
accounts:
  "111111111111":
    hostedZones:
      - id: Z1
        name: Example.com
        records:
          - {name: "*.Example.com", type: A, ttl: 60, values: ["192.0.2.1"]}
          - {name: api.example.com., type: A, alias: {hostedZoneId: Z2, dnsName: Target.example.net}}
`);
  expect(accounts["111111111111"]?.hostedZones.Z1?.records.slice(2)).toEqual([
    { name: "\\052.example.com.", type: "A", ttl: 60, values: ["192.0.2.1"] },
    {
      name: "api.example.com.",
      type: "A",
      alias: { hostedZoneId: "Z2", dnsName: "target.example.net.", evaluateTargetHealth: false },
    },
  ]);
});

test("nothing at all is an empty world", () => {
  expect(parseSeed("").accounts).toEqual({});
});

describe("a seed that is wrong says where", () => {
  const cases: [string, string, string][] = [
    ["broken YAML", "accounts: [", "world.yaml:1:12: "],
    [
      "an unknown field",
      'accounts:\n  "111111111111":\n    region: {}',
      "world.yaml:3:13: accounts.111111111111.region: unknown field 'region'",
    ],
    ["an account id", "accounts:\n  abc: {}", "world.yaml:2:8: accounts.abc: 'abc' is not an account id"],
    [
      "a zone that is not there",
      'accounts: {"111111111111": {regions: {us-east-1: {vpcs: [\n  {id: vpc-1, cidr: 10.0.0.0/16, subnets: [{id: subnet-1, az: us-east-1z, cidr: 10.0.0.0/24}]}]}}}}',
      "world.yaml:2:44: accounts.111111111111.regions.us-east-1.vpcs.0.subnets.0: no zone us-east-1z; this account's zones are us-east-1a=use1-az",
    ],
    [
      "an id given twice",
      'accounts: {"111111111111": {regions: {us-east-1: {vpcs: [\n  {id: vpc-1, cidr: 10.0.0.0/16},\n  {id: vpc-1, cidr: 10.1.0.0/16}]}}}}',
      "world.yaml:3:8: accounts.111111111111.regions.us-east-1.vpcs.1.id: 'vpc-1' is there twice",
    ],
    [
      "a VPC that is not there",
      'accounts:\n  "111111111111":\n    hostedZones:\n      - {id: Z1, name: a.example, vpcs: [vpc-9]}',
      "world.yaml:4:42: accounts.111111111111.hostedZones.0.vpcs.0: no VPC vpc-9 in this seed",
    ],
    [
      "a record outside its zone",
      'accounts: {"111111111111": {hostedZones: [{id: Z1, name: a.example, records: [{name: b.example, type: A, values: ["192.0.2.1"]}]}]}}',
      "world.yaml:1:79: accounts.111111111111.hostedZones.0.records.0: 'b.example' is not in the zone a.example.",
    ],
    [
      "a tag that is no text",
      'accounts: {"111111111111": {regions: {us-east-1: {vpcs: [{id: vpc-1, cidr: 10.0.0.0/16, tags: {a: 1}}]}}}}',
      "world.yaml:1:99: accounts.111111111111.regions.us-east-1.vpcs.0.tags.a: expected a text (in quotes if need be), found the number 1",
    ],
    [
      "a policy without effect",
      'accounts: {"111111111111": {roles: {r: {policy: {Statement: {Action: "*"}}}}}}',
      "world.yaml:1:61: accounts.111111111111.roles.r.policy.Statement: 'Effect' is missing",
    ],
  ];
  test.each(cases)("%s", (_what, text, start) => {
    const [first = ""] = problems(text);
    expect(first.startsWith(start), first).toBe(true);
  });

  test("all problems at once", () => {
    expect(problems('accounts: {"1": {}, "2": {}}')).toHaveLength(2);
  });
});
