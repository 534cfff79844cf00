import { DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  type CreateLoadBalancerCommandInput,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DescribeAccountLimitsCommand,
  DescribeCapacityReservationCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  paginateDescribeLoadBalancers,
  RemoveTagsCommand,
  SetIpAddressTypeCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, test } from "vitest";
import { clients, endpoint, endpointService, provider, startTestSandbox, twoAccounts } from "./helper.ts";

const subnetA = "subnet-0a1b2c3d4e5f60001";
const subnetB = "subnet-0a1b2c3d4e5f60002";
const group = "sg-0a1b2c3d4e5f60004";
const vpc = "vpc-0a1b2c3d4e5f60001";

const nlb = { Name: "payments", Type: "network", Scheme: "internal", Subnets: [subnetA, subnetB] } as const;

async function create(elbv2: ElasticLoadBalancingV2Client, input: Partial<CreateLoadBalancerCommandInput> = {}) {
  const request = { ...nlb, Subnets: [...nlb.Subnets], ...input };
  const { LoadBalancers } = await elbv2.send(new CreateLoadBalancerCommand(request));
  return LoadBalancers?.[0]?.LoadBalancerArn ?? "";
}

async function stateOf(elbv2: ElasticLoadBalancingV2Client, arn: string) {
  const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
  return LoadBalancers?.[0]?.State?.Code;
}

describe("creating", () => {
  test("a Network Load Balancer is provisioning at first and active after some reads", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const { LoadBalancers } = await elbv2.send(new CreateLoadBalancerCommand({ ...nlb, Subnets: [...nlb.Subnets] }));
    const made = LoadBalancers?.[0];
    const arn = made?.LoadBalancerArn ?? "";
    expect(arn).toMatch(
      new RegExp(`^arn:aws:elasticloadbalancing:us-east-1:${provider}:loadbalancer/net/payments/[0-9a-f]{16}$`),
    );
    expect(made).toMatchObject({
      LoadBalancerName: "payments",
      DNSName: `payments-${arn.split("/").at(-1)}.elb.us-east-1.amazonaws.com`,
      CanonicalHostedZoneId: "Z26RNL4JYFTOTI",
      Scheme: "internal",
      Type: "network",
      VpcId: vpc,
      IpAddressType: "ipv4",
      State: { Code: "provisioning" },
      AvailabilityZones: [
        { ZoneName: "us-east-1a", SubnetId: subnetA, LoadBalancerAddresses: [] },
        { ZoneName: "us-east-1b", SubnetId: subnetB, LoadBalancerAddresses: [] },
      ],
    });
    expect(made?.CreatedTime).toBeInstanceOf(Date);
    const states = [];
    for (let read = 0; read < 4; read += 1) states.push(await stateOf(elbv2, arn));
    expect(states).toEqual(["provisioning", "provisioning", "active", "active"]);
  });

  test("the same request again answers with the existing one, another one is refused", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const input = { Tags: [{ Key: "team", Value: "net" }] };
    const arn = await create(elbv2, input);
    expect(await create(elbv2, { ...input, Subnets: [subnetB, subnetA] })).toBe(arn);
    for (const other of [{}, { ...input, Subnets: [subnetA] }, { ...input, Scheme: "internet-facing" as const }]) {
      await expect(create(elbv2, other)).rejects.toMatchObject({
        name: "DuplicateLoadBalancerNameException",
        Code: "DuplicateLoadBalancerName",
        message: "A load balancer with the same name 'payments' exists, but with different settings",
      });
    }
  });

  test("it has a network interface in each subnet, which lingers after it is gone", async () => {
    const { elbv2, ec2 } = clients(await startTestSandbox());
    const arn = await create(elbv2, { SecurityGroups: [group] });
    const interfaces = () =>
      ec2.send(
        new DescribeNetworkInterfacesCommand({
          Filters: [{ Name: "interface-type", Values: ["network_load_balancer"] }],
        }),
      );
    const description = `ELB net/payments/${arn.split("/").at(-1)}`;
    const { NetworkInterfaces } = await interfaces();
    const seen = NetworkInterfaces?.map((each) => [each.Description, each.SubnetId, each.Groups?.[0]?.GroupId]);
    expect(seen?.sort()).toEqual([
      [description, subnetA, group],
      [description, subnetB, group],
    ]);
    expect(new Set(NetworkInterfaces?.map((each) => each.PrivateIpAddress)).size).toBe(2);
    await elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    await expect(stateOf(elbv2, arn)).rejects.toMatchObject({ Code: "LoadBalancerNotFound" });
    expect((await interfaces()).NetworkInterfaces).toHaveLength(2);
  });

  test("a chosen private address is kept and cannot be had twice", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const mapping = (address: string) => ({
      Subnets: undefined,
      SubnetMappings: [{ SubnetId: subnetA, PrivateIPv4Address: address }],
    });
    const arn = await create(elbv2, mapping("10.0.0.100"));
    const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    expect(LoadBalancers?.[0]?.AvailabilityZones?.[0]?.LoadBalancerAddresses).toEqual([
      { PrivateIPv4Address: "10.0.0.100" },
    ]);
    await expect(create(elbv2, { Name: "second", ...mapping("10.0.0.100") })).rejects.toThrow("already in use");
    await expect(create(elbv2, { Name: "third", ...mapping("10.0.16.9") })).rejects.toThrow("not in the subnet");
  });

  test.each([
    ["a name that is too long", { Name: "x".repeat(33) }, "ValidationError", "cannot be longer than '32'"],
    ["a name with other characters", { Name: "pay_ments" }, "ValidationError", "alphanumeric"],
    ["a name that ends in a hyphen", { Name: "payments-" }, "ValidationError", "hyphen"],
    ["a name AWS keeps for itself", { Name: "internal-payments" }, "ValidationError", "internal-"],
    ["no subnet", { Subnets: [] }, "ValidationError", "At least one subnet must be specified"],
    ["an unknown subnet", { Subnets: ["subnet-0123"] }, "SubnetNotFound", "'subnet-0123' does not exist"],
    ["one subnet twice", { Subnets: [subnetA, subnetA] }, "InvalidConfigurationRequest", "same Availability Zone"],
    ["an unknown security group", { SecurityGroups: ["sg-0123"] }, "InvalidSecurityGroup", "sg-0123"],
    ["an unknown scheme", { Scheme: "hidden" as "internal" }, "InvalidScheme", "hidden"],
    ["dualstack without IPv6", { IpAddressType: "dualstack" as const }, "ValidationError", "IPv6 CIDR block"],
    [
      "an elastic IP",
      { Subnets: undefined, SubnetMappings: [{ SubnetId: subnetA, AllocationId: "eipalloc-1" }] },
      "AllocationIdNotFound",
      "eipalloc-1",
    ],
    [
      "a tag key twice",
      {
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "a", Value: "2" },
        ],
      },
      "DuplicateTagKeys",
      "'a'",
    ],
    ["a reserved tag key", { Tags: [{ Key: "aws:x", Value: "1" }] }, "ValidationError", "reserved"],
    [
      "too many tags",
      { Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: "" })) },
      "TooManyTags",
      "50",
    ],
    ["a gateway", { Type: "gateway" as const }, "InvalidConfigurationRequest", "network"],
  ])("refuses %s", async (_what, input, code, words) => {
    const { elbv2 } = clients(await startTestSandbox());
    const refusal = await create(elbv2, input).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ message: expect.stringContaining(words), $metadata: { httpStatusCode: 400 } });
    expect(String((refusal as { Code?: string }).Code)).toBe(code);
    expect((await elbv2.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).toEqual([]);
  });

  test("an Application Load Balancer tells its type and needs two zones", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const arn = await create(elbv2, { Type: "application" });
    expect(arn).toContain(":loadbalancer/app/payments/");
    await expect(create(elbv2, { Name: "one", Type: "application", Subnets: [subnetA] })).rejects.toThrow(
      "two subnets",
    );
  });

  test("no more Network Load Balancers than the quota of the account allows", async () => {
    const sandbox = await startTestSandbox();
    const { elbv2 } = clients(sandbox);
    for (let index = 0; index < 50; index += 1) await create(elbv2, { Name: `lb-${index}` });
    await expect(create(elbv2, { Name: "one-more" })).rejects.toMatchObject({ Code: "TooManyLoadBalancers" });
    const account = sandbox.world.accounts[provider];
    if (account) account.quotas = { "network-load-balancers": 51 };
    await create(elbv2, { Name: "one-more" });
    const { Limits } = await elbv2.send(new DescribeAccountLimitsCommand({}));
    expect(Limits).toContainEqual({ Name: "network-load-balancers", Max: "51" });
  });
});

describe("describing", () => {
  test("one unknown name or ARN refuses the whole call", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const arn = await create(elbv2);
    await expect(elbv2.send(new DescribeLoadBalancersCommand({ Names: ["payments", "nobody"] }))).rejects.toMatchObject(
      {
        name: "LoadBalancerNotFoundException",
        message: "Load balancers '[nobody]' not found",
      },
    );
    const foreign = arn.replace(provider, "222222222222");
    await expect(stateOf(elbv2, foreign)).rejects.toMatchObject({ Code: "LoadBalancerNotFound" });
    await expect(stateOf(elbv2, "nonsense")).rejects.toMatchObject({ Code: "ValidationError" });
    const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ Names: ["payments"] }));
    expect(LoadBalancers?.map((each) => each.LoadBalancerArn)).toEqual([arn]);
  });

  test("pages hold as many as asked for, and each object is on exactly one", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    for (const name of ["c", "a", "e", "b", "d"]) await create(elbv2, { Name: name });
    const pages = [];
    for await (const page of paginateDescribeLoadBalancers({ client: elbv2 }, { PageSize: 2 })) {
      pages.push(page.LoadBalancers?.map((each) => each.LoadBalancerName));
    }
    expect(pages).toEqual([["a", "b"], ["c", "d"], ["e"]]);
    await expect(elbv2.send(new DescribeLoadBalancersCommand({ PageSize: 401 }))).rejects.toThrow(
      "less than or equal to 400",
    );
    await expect(elbv2.send(new DescribeLoadBalancersCommand({ Marker: "zzz" }))).rejects.toThrow("marker");
  });

  test("nothing is reserved", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const answer = await elbv2.send(new DescribeCapacityReservationCommand({ LoadBalancerArn: await create(elbv2) }));
    expect(answer).toMatchObject({ CapacityReservationState: [] });
  });
});

const threeZones = twoAccounts.replace(
  "            securityGroups:\n              - {id: sg-0a1b2c3d4e5f60004",
  `              - {id: subnet-0a1b2c3d4e5f60009, az: us-east-1b, azId: use1-az6, cidr: 10.0.32.0/20}
            securityGroups:
              - {id: sg-0a1b2c3d4e5f60004`,
);

describe("changing in place", () => {
  test("SetSubnets takes the full list: adds, removes, but swaps no zone at once", async () => {
    const { elbv2 } = clients(await startTestSandbox(threeZones));
    const arn = await create(elbv2, { Subnets: [subnetA] });
    const set = (...Subnets: string[]) => elbv2.send(new SetSubnetsCommand({ LoadBalancerArn: arn, Subnets }));
    expect((await set(subnetA, subnetB)).AvailabilityZones?.map((zone) => zone.SubnetId)).toEqual([subnetA, subnetB]);
    await expect(set(subnetA, "subnet-0a1b2c3d4e5f60009")).rejects.toMatchObject({
      Code: "InvalidConfigurationRequest",
      message: expect.stringContaining("remove 'subnet-0a1b2c3d4e5f60002' first"),
    });
    await set(subnetA);
    expect((await set(subnetA, "subnet-0a1b2c3d4e5f60009")).AvailabilityZones).toHaveLength(2);
  });

  test("a zone cannot be removed while an endpoint is connected through the load balancer", async () => {
    const sandbox = await startTestSandbox();
    const { elbv2 } = clients(sandbox);
    const { ServiceName, loadBalancer: LoadBalancerArn } = await endpointService(sandbox);
    const { VpcEndpointId } = await endpoint(sandbox, ServiceName);
    const shrink = elbv2.send(new SetSubnetsCommand({ LoadBalancerArn, Subnets: [subnetA] }));
    await expect(shrink).rejects.toMatchObject({
      Code: "InvalidConfigurationRequest",
      message: expect.stringContaining(VpcEndpointId),
    });
  });

  test("security groups can be changed, but only where there were some from the beginning", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const set = (LoadBalancerArn: string, SecurityGroups: string[]) =>
      elbv2.send(
        new SetSecurityGroupsCommand({
          LoadBalancerArn,
          SecurityGroups,
          EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
        }),
      );
    const bare = await create(elbv2, { Name: "bare" });
    await expect(set(bare, [group])).rejects.toMatchObject({
      name: "InvalidConfigurationRequestException",
      message:
        "You cannot set security groups on a Network Load Balancer which was created without any security groups.",
    });
    const secured = await create(elbv2, { SecurityGroups: [group] });
    expect(await set(secured, [group])).toMatchObject({
      SecurityGroupIds: [group],
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
    });
    await expect(set(secured, [])).rejects.toMatchObject({ Code: "ValidationError" });
    await expect(set(secured, ["sg-0999"])).rejects.toMatchObject({ Code: "InvalidSecurityGroup" });
    const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ Names: ["payments"] }));
    expect(LoadBalancers?.[0]).toMatchObject({
      SecurityGroups: [group],
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
    });
  });

  test("dualstack needs IPv6 in every subnet", async () => {
    const seed = twoAccounts.replace("cidr: 10.0.0.0/20}", "cidr: 10.0.0.0/20, ipv6Cidr: '2001:db8:0:1::/64'}");
    const { elbv2 } = clients(await startTestSandbox(seed));
    const set = (LoadBalancerArn: string) =>
      elbv2.send(new SetIpAddressTypeCommand({ LoadBalancerArn, IpAddressType: "dualstack" }));
    expect(await set(await create(elbv2, { Subnets: [subnetA] }))).toMatchObject({ IpAddressType: "dualstack" });
    await expect(set(await create(elbv2, { Name: "two" }))).rejects.toThrow(subnetB);
  });
});

describe("attributes", () => {
  const cross = "load_balancing.cross_zone.enabled";

  test("all are listed with their defaults, and what is set stays", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const LoadBalancerArn = await create(elbv2);
    await elbv2.send(
      new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes: [{ Key: cross, Value: "true" }] }),
    );
    const { Attributes } = await elbv2.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
    expect(Object.fromEntries(Attributes?.map(({ Key, Value }) => [Key, Value ?? ""]) ?? [])).toEqual({
      "access_logs.s3.bucket": "",
      "access_logs.s3.enabled": "false",
      "access_logs.s3.prefix": "",
      "deletion_protection.enabled": "false",
      "dns_record.client_routing_policy": "any_availability_zone",
      "ipv6.deny_all_igw_traffic": "true",
      [cross]: "true",
      "secondary_ips.auto_assigned.per_subnet": "0",
      "zonal_shift.config.enabled": "false",
    });
  });

  test.each([
    ["routing.http2.enabled", "true", "ValidationError"],
    [cross, "yes", "InvalidConfigurationRequest"],
    ["access_logs.s3.enabled", "true", "InvalidConfigurationRequest"],
    ["secondary_ips.auto_assigned.per_subnet", "8", "InvalidConfigurationRequest"],
  ])("refuses %s = %s", async (Key, Value, code) => {
    const { elbv2 } = clients(await startTestSandbox());
    const LoadBalancerArn = await create(elbv2);
    const modify = elbv2.send(
      new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes: [{ Key, Value }] }),
    );
    await expect(modify).rejects.toMatchObject({
      Code: code,
      message: expect.stringContaining(Key === "access_logs.s3.enabled" ? "bucket" : Key),
    });
  });

  test("secondary addresses cannot become fewer", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const LoadBalancerArn = await create(elbv2);
    const set = (Value: string) =>
      elbv2.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn,
          Attributes: [{ Key: "secondary_ips.auto_assigned.per_subnet", Value }],
        }),
      );
    await set("3");
    await expect(set("2")).rejects.toThrow("decreased from 3");
  });
});

describe("deleting", () => {
  test("deletion protection forbids it", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const LoadBalancerArn = await create(elbv2);
    const protect = (Value: string) =>
      elbv2.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn,
          Attributes: [{ Key: "deletion_protection.enabled", Value }],
        }),
      );
    await protect("true");
    await expect(elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }))).rejects.toMatchObject({
      name: "OperationNotPermittedException",
      message: `Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`,
    });
    await protect("false");
    await elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    await elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
  });

  test("an endpoint service forbids it", async () => {
    const sandbox = await startTestSandbox();
    const { elbv2 } = clients(sandbox);
    const { loadBalancer: LoadBalancerArn } = await endpointService(sandbox);
    await expect(elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }))).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: `Load balancer '${LoadBalancerArn}' cannot be deleted because it is currently associated with another service`,
    });
  });

  test("its listeners go with it", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const LoadBalancerArn = await create(elbv2);
    const { TargetGroups } = await elbv2.send(
      new CreateTargetGroupCommand({ Name: "tg", Protocol: "TCP", Port: 80, VpcId: vpc }),
    );
    const { Listeners } = await elbv2.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Protocol: "TCP",
        Port: 443,
        DefaultActions: [{ Type: "forward", TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn }],
      }),
    );
    await elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    const ListenerArns = [Listeners?.[0]?.ListenerArn ?? ""];
    await expect(elbv2.send(new DescribeListenersCommand({ ListenerArns }))).rejects.toMatchObject({
      Code: "ListenerNotFound",
    });
  });
});

describe("tags", () => {
  test("are added, overwritten, removed and read for twenty resources at most", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const arn = await create(elbv2, { Tags: [{ Key: "team", Value: "net" }] });
    const ResourceArns = [arn];
    await elbv2.send(
      new AddTagsCommand({
        ResourceArns,
        Tags: [
          { Key: "team", Value: "db" },
          { Key: "env", Value: "" },
        ],
      }),
    );
    await elbv2.send(new RemoveTagsCommand({ ResourceArns, TagKeys: ["env", "absent"] }));
    const { TagDescriptions } = await elbv2.send(new DescribeTagsCommand({ ResourceArns }));
    expect(TagDescriptions).toEqual([{ ResourceArn: arn, Tags: [{ Key: "team", Value: "db" }] }]);
    const tooMany = new DescribeTagsCommand({ ResourceArns: Array.from({ length: 21 }, () => arn) });
    await expect(elbv2.send(tooMany)).rejects.toMatchObject({ Code: "ValidationError" });
    const unknown = new DescribeTagsCommand({ ResourceArns: [arn, `${arn}0`] });
    await expect(elbv2.send(unknown)).rejects.toMatchObject({ Code: "LoadBalancerNotFound" });
  });
});
