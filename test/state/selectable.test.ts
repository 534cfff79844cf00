import { CreateSecurityGroupCommand, CreateTagsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import type { Selectors, TargetSnapshot } from "../../src/model.ts";
import { readTarget } from "../../src/state/snapshot.ts";
import { type Bench, benchOf, startBench } from "../kinds/harness.ts";
import { clients, consumer, loggedRequests, provider } from "../sandbox/helper.ts";

const VPC = "vpc-0a1b2c3d4e5f60001";
const [FIRST = "", SECOND = ""] = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
const nothing: Selectors = {
  subnetTags: [],
  vpcTags: [],
  securityGroupNames: [],
  securityGroupTags: [],
  zones: [],
  privateNameVpcs: [],
  records: [],
};

/** Only the facts: no kinds are read. */
async function read(
  bench: Bench,
  selectors: Partial<Selectors>,
  account = provider,
): Promise<{ seen: TargetSnapshot; calls: string[] }> {
  const since = (await loggedRequests(bench.sandbox)).length;
  const reads = bench.reads({
    selectors: { ...nothing, ...selectors },
    connections: ["payments-api"],
    provides: false,
  });
  const seen = await readTarget(reads, [], { account, region: "us-east-1" }, () => new Date(0));
  const calls = (await loggedRequests(bench.sandbox, since)).map(({ action }) => action);
  return { seen, calls: calls.filter((action) => action !== "GetCallerIdentity") };
}

async function tagged(tags: { readonly [id: string]: { readonly [key: string]: string } }): Promise<Bench> {
  const bench = await startBench();
  const { ec2 } = clients(bench.sandbox, provider);
  for (const [id, own] of Object.entries(tags)) {
    const Tags = Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
  }
  return bench;
}

async function group(bench: Bench, name: string, tags: { readonly [key: string]: string } = {}): Promise<string> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { GroupId = "" } = await clients(bench.sandbox, provider).ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: name,
      Description: name,
      VpcId: VPC,
      ...(Tags.length > 0 ? { TagSpecifications: [{ ResourceType: "security-group", Tags }] } : {}),
    }),
  );
  return GroupId;
}

describe("what specs name by tags and names", () => {
  it("costs nothing where no spec does", async () => {
    const { seen, calls } = await read(await startBench(), {});
    expect(calls).toEqual([]);
    expect([seen.vpcs, seen.securityGroups, seen.vpcZones]).toEqual([undefined, undefined, undefined]);
  });

  it("subnets with a wanted key, whatever its value, in one call; of their tags only the wanted ones and the name", async () => {
    const bench = await tagged({
      [FIRST]: { tier: "private", Name: "a", "cost-center": "1" },
      [SECOND]: { tier: "public" },
    });
    const { seen, calls } = await read(bench, { subnetTags: ["role", "tier"] });
    expect(calls).toEqual(["DescribeSubnets"]);
    expect(seen.subnets.map(({ id, tags }) => ({ id, tags }))).toEqual([
      { id: FIRST, tags: { Name: "a", tier: "private" } },
      { id: SECOND, tags: { tier: "public" } },
    ]);
  });

  it("all VPCs, in one call", async () => {
    const { seen, calls } = await read(await tagged({ [VPC]: { Name: "hub" } }), { vpcTags: ["Name"] });
    expect(calls).toEqual(["DescribeVpcs"]);
    expect(seen.vpcs).toEqual([{ id: VPC, tags: { Name: "hub" } }]);
  });

  it("security groups by name and by tag, in one call each, and none that carries a project's mark", async () => {
    const bench = await startBench();
    const web = await group(bench, "web", { role: "front", env: "prod" });
    await group(bench, "ours", { role: "front", "landline:project": "acme" });
    await group(bench, "batch");
    const { seen, calls } = await read(bench, {
      securityGroupNames: ["app"],
      securityGroupTags: [{ role: "front" }, { role: "front", env: "prod" }],
    });
    expect(calls).toEqual(["DescribeSecurityGroups", "DescribeSecurityGroups", "DescribeSecurityGroups"]);
    expect(seen.securityGroups?.map(({ name, id }) => `${name} ${id}`).sort()).toEqual([
      "app sg-0a1b2c3d4e5f60004",
      `web ${web}`,
    ]);
  });

  it("every security group, to show what there is, only when one is missing", async () => {
    const bench = await startBench();
    await group(bench, "batch");
    const found = await read(bench, { securityGroupNames: ["app"] });
    expect(found.seen.securityGroups?.map(({ name }) => name)).toEqual(["app"]);
    const missed = await read(bench, { securityGroupNames: ["app", "ap*"] });
    expect(missed.calls).toHaveLength(2);
    expect(missed.seen.securityGroups?.map(({ name }) => name)).toEqual(expect.arrayContaining(["app", "batch"]));
  });

  it("the private zones of a VPC in which an endpoint wants a name, when the subnets of the specs lie there", async () => {
    const bench = benchOf((await startBench()).sandbox, consumer);
    const [vpc, subnet] = ["vpc-0b1b2c3d4e5f60001", "subnet-0b1b2c3d4e5f60001"];
    const { ec2 } = clients(bench.sandbox, consumer);
    await ec2.send(new CreateTagsCommand({ Resources: [vpc], Tags: [{ Key: "Name", Value: "apps" }] }));
    const asked = { vpcTags: ["Name"], privateNameVpcs: [{ tags: { Name: "apps" } }, "vpc-0b1b2c3d4e5f69999"] };
    const without = await read(bench, asked, consumer);
    expect(without.calls).toEqual(["DescribeVpcs"]);
    await ec2.send(new CreateTagsCommand({ Resources: [subnet], Tags: [{ Key: "tier", Value: "private" }] }));
    const { seen, calls } = await read(bench, { ...asked, subnetTags: ["tier"] }, consumer);
    expect(calls.filter((action) => action === "ListHostedZonesByVPC")).toHaveLength(1);
    expect(seen.vpcZones).toEqual([
      { vpcId: vpc, zoneId: "Z0PRIVATE00000000001", name: "internal.example.com", owner: consumer },
    ]);
  });
});
