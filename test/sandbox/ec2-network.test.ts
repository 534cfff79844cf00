import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAvailabilityZonesCommand,
  DescribePrefixListsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  paginateDescribeSecurityGroups,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { clients, startTestSandbox } from "./helper.ts";

const VpcId = "vpc-0a1b2c3d4e5f60001";

test("zones, VPCs, their attributes and subnets as the seed made them", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clients(sandbox);
  const zones = await ec2.send(new DescribeAvailabilityZonesCommand({ ZoneNames: ["us-east-1a"] }));
  expect(zones.AvailabilityZones).toMatchObject([{ ZoneName: "us-east-1a", ZoneId: "use1-az4", State: "available" }]);
  const vpcs = await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }));
  expect(vpcs.Vpcs).toMatchObject([{ CidrBlock: "10.0.0.0/16", OwnerId: "111111111111" }]);
  const attribute = await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsHostnames" }));
  expect(attribute.EnableDnsHostnames).toEqual({ Value: true });
  const subnets = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }));
  expect(subnets.Subnets).toMatchObject([
    { AvailabilityZone: "us-east-1a", AvailabilityZoneId: "use1-az4", AvailableIpAddressCount: 4091 },
    { AvailabilityZone: "us-east-1b", AvailabilityZoneId: "use1-az6" },
  ]);
});

test("a search for the prefix list of an endpoint service finds none, as on AWS", async () => {
  const { ec2 } = clients(await startTestSandbox());
  const Values = ["com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"];
  const seen = await ec2.send(new DescribePrefixListsCommand({ Filters: [{ Name: "prefix-list-name", Values }] }));
  expect(seen.PrefixLists).toEqual([]);
  await expect(ec2.send(new DescribePrefixListsCommand({ PrefixListIds: ["pl-63a5400a"] }))).rejects.toMatchObject({
    name: "InvalidPrefixListId.NotFound",
  });
});

test("an id that is not there fails the call; a filter leaves it out", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clients(sandbox);
  await expect(ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId, "vpc-9"] }))).rejects.toMatchObject({
    name: "InvalidVpcID.NotFound",
    message: "The vpc ID 'vpc-9' does not exist",
  });
  const byFilter = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId, "vpc-9"] }] }));
  expect(byFilter.Vpcs).toHaveLength(1);
});

test("filters add up, their values are alternatives, and * and ? stand for other text", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clients(sandbox);
  for (const GroupName of ["web-1", "web-2", "db-1", "web*"]) {
    await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: "test", VpcId }));
  }
  const named = async (...values: string[][]) => {
    const Filters = values.map((Values) => ({ Name: "group-name", Values }));
    const seen = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    return (seen.SecurityGroups ?? []).map((group) => group.GroupName ?? "").sort();
  };
  expect(await named(["web-*"])).toEqual(["web-1", "web-2"]);
  expect(await named(["web-?", "db-1"], ["*-1"])).toEqual(["db-1", "web-1"]);
  expect(await named(["web\\*"])).toEqual(["web*"]);
  expect(await named(["WEB-1"])).toEqual([]);
  await expect(
    ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: "nonsense", Values: ["x"] }] })),
  ).rejects.toMatchObject({
    name: "InvalidParameterValue",
    message: "The filter 'nonsense' is invalid",
  });
  await expect(
    ec2.send(new DescribeVpcEndpointsCommand({ Filters: [{ Name: "nonsense", Values: ["x"] }] })),
  ).rejects.toMatchObject({ name: "InvalidFilter" });
  const many = Array.from({ length: 201 }, (_, at) => `g${at}`);
  await expect(named(many)).rejects.toMatchObject({ name: "FilterLimitExceeded" });
});

test("pages follow each other without gaps or repeats", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clients(sandbox);
  const made = Array.from({ length: 23 }, (_, at) => `group-${at}`);
  for (const GroupName of made) {
    await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: "test", VpcId }));
  }
  const sizes: number[] = [];
  const names: string[] = [];
  for await (const page of paginateDescribeSecurityGroups({ client: ec2, pageSize: 10 }, {})) {
    sizes.push(page.SecurityGroups?.length ?? 0);
    names.push(...(page.SecurityGroups ?? []).map((group) => group.GroupName ?? ""));
  }
  expect(sizes).toEqual([10, 10, 5]);
  expect(new Set(names)).toEqual(new Set([...made, "app", "default"]));
  const ask = (input: object) => ec2.send(new DescribeSecurityGroupsCommand(input));
  await expect(ask({ MaxResults: 4 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(ask({ MaxResults: 1001 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(ask({ NextToken: "nonsense" })).rejects.toMatchObject({ name: "InvalidNextToken" });
  expect((await ec2.send(new DescribeVpcEndpointsCommand({ MaxResults: 5000 }))).VpcEndpoints).toEqual([]);
});

test("tags are set, overwritten, found and removed", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clients(sandbox);
  const Resources = [VpcId, "sg-0a1b2c3d4e5f60004"];
  await ec2.send(
    new CreateTagsCommand({
      Resources,
      Tags: [
        { Key: "team", Value: "a" },
        { Key: "env", Value: "x" },
      ],
    }),
  );
  await ec2.send(new CreateTagsCommand({ Resources: [VpcId], Tags: [{ Key: "team", Value: "b" }] }));
  const found = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "tag:team", Values: ["b"] }] }));
  expect(found.Vpcs?.[0]?.Tags).toEqual([
    { Key: "team", Value: "b" },
    { Key: "env", Value: "x" },
  ]);
  const listed = await ec2.send(new DescribeTagsCommand({ Filters: [{ Name: "key", Values: ["team"] }] }));
  expect(listed.Tags?.map((tag) => `${tag.ResourceType} ${tag.Value}`).sort()).toEqual(["security-group a", "vpc b"]);
  await ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: "team", Value: "a" }, { Key: "env" }] }));
  const left = await ec2.send(new DescribeTagsCommand({}));
  expect(left.Tags).toMatchObject([{ ResourceId: VpcId, Key: "team", Value: "b" }]);
});

test("tags that AWS does not take", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clients(sandbox);
  const set = (Tags: { Key: string; Value: string }[], id = VpcId) =>
    ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
  await expect(set([{ Key: "aws:x", Value: "" }])).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(set([{ Key: "k".repeat(129), Value: "" }])).rejects.toMatchObject({ name: "InvalidParameterValue" });
  const many = Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}`, Value: "" }));
  await expect(set(many)).rejects.toMatchObject({ name: "TagLimitExceeded" });
  await expect(set([{ Key: "a", Value: "b" }], "vpce-0")).rejects.toMatchObject({
    name: "InvalidVpcEndpointId.NotFound",
  });
  await expect(set([{ Key: "a", Value: "b" }], "x-0")).rejects.toMatchObject({ name: "InvalidID" });
  const wrongType = new CreateSecurityGroupCommand({
    GroupName: "x",
    Description: "x",
    VpcId,
    TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "a", Value: "b" }] }],
  });
  await expect(ec2.send(wrongType)).rejects.toMatchObject({
    message: "'vpc' is not a valid taggable resource type for this operation.",
  });
});
