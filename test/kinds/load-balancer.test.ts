import {
  CreateLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, test } from "vitest";
import { loadBalancerKind as kind } from "../../src/kinds/load-balancer.ts";
import { addFaults, clients, twoAccounts } from "../sandbox/helper.ts";
import { expectAttributes, ownTags, resolved, roundTrip, settle, startBench } from "./harness.ts";

const address = "payments-api/service/nlb/payments";
const [subnetA, subnetB] = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
const group = "sg-0a1b2c3d4e5f60004";
const wanted = resolved("load-balancer", address, {
  name: "acme-payments-0a1b-a",
  scheme: "internal",
  subnetIds: [subnetA],
  securityGroupIds: [group],
  ipAddressType: "ipv4",
  crossZone: true,
  enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
  clientRoutingPolicy: "availability_zone_affinity",
  deletionProtection: true,
  tags: ownTags(address),
});
const seed = twoAccounts
  .replace("cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n            ipv6Cidr: 2001:db8:0:0::/56")
  .replace("cidr: 10.0.0.0/20}", "cidr: 10.0.0.0/20, ipv6Cidr: '2001:db8:0:1::/64'}")
  .replace("cidr: 10.0.16.0/20}", "cidr: 10.0.16.0/20, ipv6Cidr: '2001:db8:0:2::/64'}")
  .replace("name: app}", "name: app}\n              - {id: sg-0a1b2c3d4e5f60005, name: more}");

describe("load-balancer", () => {
  test("made, changed in every way, removed", async () => {
    await roundTrip(kind, await startBench(seed), wanted, [
      { subnetIds: [subnetA, subnetB] },
      { securityGroupIds: [group, "sg-0a1b2c3d4e5f60005"] },
      { ipAddressType: "dualstack" },
      { ipAddressType: "dualstack", enablePrefixForIpv6SourceNat: "on" },
      { ipAddressType: "ipv4", enablePrefixForIpv6SourceNat: "off" },
      { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off" },
      { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on", clientRoutingPolicy: "any_availability_zone" },
      { deletionProtection: false },
      { ipAddressType: "ipv4", crossZone: false },
      { tags: ownTags(address, { "landline:protect": "true", "cost-center": "other" }) },
      { tags: ownTags(address) },
    ]);
  });

  test("without cross-zone and security groups", async () => {
    const { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: _, ...rest } = wanted.attributes;
    const plain = { ...rest, crossZone: false, securityGroupIds: [] };
    await roundTrip(kind, await startBench(), { ...wanted, attributes: plain }, [{ crossZone: true }]);
  });

  test("a lost answer to the create leaves one load balancer", async () => {
    const bench = await startBench();
    await addFaults(bench.sandbox, { action: "CreateLoadBalancer", effect: "drop-after" });
    const id = await kind.create(bench.aws, wanted, "token");
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
    expect((await kind.list(bench.reads())).live).toHaveLength(1);
  });

  test("a run killed before the attributes were set shows what is missing", async () => {
    const bench = await startBench();
    await addFaults(bench.sandbox, { action: "ModifyLoadBalancerAttributes", effect: "error-before", status: 400 });
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toThrow();
    const found = await kind.seek(bench.reads(), wanted);
    expect(found).toMatchObject({ live: { address, attributes: { crossZone: false } } });
  });

  test("somebody else's under a wanted name is an obstacle", async () => {
    const bench = await startBench(undefined, { loadBalancerNames: [wanted.attributes.name] });
    const { LoadBalancers } = await bench.aws.elbv2.send(
      new CreateLoadBalancerCommand({
        Name: wanted.attributes.name,
        Type: "network",
        Scheme: "internal",
        Subnets: [subnetA],
        Tags: [
          { Key: "landline:project", Value: "other" },
          { Key: "landline:address", Value: address },
        ],
      }),
    );
    const id = LoadBalancers?.[0]?.LoadBalancerArn;
    const obstacle = { kind: "load-balancer", place: wanted.attributes.name, id, project: "other" };
    expect(await kind.list(bench.reads())).toEqual({ live: [], obstacles: [obstacle] });
    expect(await kind.list(bench.reads({ loadBalancerNames: [] }))).toEqual({ live: [], obstacles: [] });
    expect(await kind.seek(bench.reads(), wanted)).toEqual({ obstacle });
  });

  test("--only finds by name and skips a side that is not asked for", async () => {
    const bench = await startBench();
    await kind.create(bench.aws, wanted, "token");
    const only = { connections: ["payments-api"], loadBalancerNames: [wanted.attributes.name, "acme-payments-0a1b-b"] };
    expect((await kind.list(bench.reads(only))).live.map((live) => live.address)).toEqual([address]);
    expect((await kind.list(bench.reads({ ...only, provides: false }))).live).toEqual([]);
    const others = await kind.list(bench.reads({ ...only, connections: ["orders"] }));
    expect(others).toMatchObject({ live: [], obstacles: [{ project: "acme-network" }] });
  });

  test("made with everything that CreateLoadBalancer has no word for", async () => {
    const bench = await startBench(seed);
    const attributes = {
      ...wanted.attributes,
      ipAddressType: "dualstack",
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
      enablePrefixForIpv6SourceNat: "on",
    };
    const id = await kind.create(bench.aws, { ...wanted, attributes }, "token");
    expectAttributes(await settle(kind, bench, wanted, id), attributes);
  });

  test("deletion protection that was in the plan goes off first", async () => {
    const bench = await startBench();
    const id = await kind.create(bench.aws, wanted, "token");
    const live = await settle(kind, bench, wanted, id);
    expect(live.attributes.deletionProtection).toBe(true);
    await kind.remove(bench.aws, live);
    expect(await kind.look(bench.reads(), live)).toBeUndefined();
  });

  test("deletion protection that came since is said, not stepped over", async () => {
    const bench = await startBench();
    const bare = { ...wanted, attributes: { ...wanted.attributes, deletionProtection: false } };
    const id = await kind.create(bench.aws, bare, "token");
    const live = await settle(kind, bench, bare, id);
    const Attributes = [{ Key: "deletion_protection.enabled", Value: "true" }];
    await bench.aws.elbv2.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: id, Attributes }));
    await expect(kind.remove(bench.aws, live)).rejects.toMatchObject({
      Code: "OperationNotPermitted",
      message: expect.stringContaining("deletion_protection.enabled"),
    });
    const { LoadBalancers } = await clients(bench.sandbox).elbv2.send(new DescribeLoadBalancersCommand({}));
    expect(LoadBalancers).toHaveLength(1);
  });

  test("progress follows AWS's state", () => {
    const live = { kind: "load-balancer", connection: "c", address, target: "t", id: "arn", protect: false } as const;
    const at = (state: string, outputs = {}) => kind.progress({ ...live, attributes: {}, outputs, state });
    expect(at("active")).toEqual({ is: "ready" });
    expect(at("active_impaired")).toEqual({ is: "ready" });
    expect(at("provisioning")).toEqual({ is: "moving", state: "provisioning" });
    expect(at("failed", { reason: "no addresses" })).toEqual({ is: "failed", state: "failed", why: "no addresses" });
  });
});
