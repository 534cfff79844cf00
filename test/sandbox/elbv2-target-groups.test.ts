import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteListenerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  type TargetDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, test } from "vitest";
import { clients, provider, startTestSandbox } from "./helper.ts";

const vpc = "vpc-0a1b2c3d4e5f60001";
const subnetA = "subnet-0a1b2c3d4e5f60001";

async function create(elbv2: ElasticLoadBalancingV2Client, input: Partial<CreateTargetGroupCommandInput> = {}) {
  const request = { Name: "api", Protocol: "TCP", Port: 8443, VpcId: vpc, TargetType: "ip", ...input } as const;
  const { TargetGroups } = await elbv2.send(new CreateTargetGroupCommand(request));
  return TargetGroups?.[0]?.TargetGroupArn ?? "";
}

/** Puts the target group into use; the answer is the listener's ARN. */
async function use(elbv2: ElasticLoadBalancingV2Client, TargetGroupArn: string, name = "payments") {
  const input = { Name: name, Type: "network", Scheme: "internal", Subnets: [subnetA] } as const;
  const { LoadBalancers } = await elbv2.send(new CreateLoadBalancerCommand({ ...input, Subnets: [subnetA] }));
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const DefaultActions = [{ Type: "forward", TargetGroupArn }] as const;
  const { Listeners } = await elbv2.send(
    new CreateListenerCommand({ LoadBalancerArn, Protocol: "TCP", Port: 443, DefaultActions: [...DefaultActions] }),
  );
  return { listener: Listeners?.[0]?.ListenerArn ?? "", balancer: LoadBalancerArn };
}

async function health(elbv2: ElasticLoadBalancingV2Client, TargetGroupArn: string, Targets?: TargetDescription[]) {
  const { TargetHealthDescriptions } = await elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn, Targets }));
  return TargetHealthDescriptions?.map(({ Target, TargetHealth }) => [
    `${Target?.Id}:${Target?.Port}`,
    TargetHealth?.State,
    TargetHealth?.Reason,
  ]);
}

describe("target groups", () => {
  test("have AWS's defaults for their protocol", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const TargetGroupArns = [await create(elbv2), await create(elbv2, { Name: "web", HealthCheckProtocol: "HTTP" })];
    const { TargetGroups } = await elbv2.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
    expect(TargetGroups?.[0]).toEqual({
      TargetGroupArn: TargetGroupArns[0],
      TargetGroupName: "api",
      Protocol: "TCP",
      Port: 8443,
      VpcId: vpc,
      HealthCheckProtocol: "TCP",
      HealthCheckPort: "traffic-port",
      HealthCheckEnabled: true,
      HealthCheckIntervalSeconds: 30,
      HealthCheckTimeoutSeconds: 10,
      HealthyThresholdCount: 5,
      UnhealthyThresholdCount: 2,
      LoadBalancerArns: [],
      TargetType: "ip",
      IpAddressType: "ipv4",
    });
    expect(TargetGroups?.[1]).toMatchObject({
      HealthCheckPath: "/",
      HealthCheckTimeoutSeconds: 6,
      Matcher: { HttpCode: "200-399" },
    });
  });

  test("the same request again answers with the existing one, another one is refused", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const arn = await create(elbv2);
    expect(await create(elbv2)).toBe(arn);
    await expect(create(elbv2, { Port: 9443 })).rejects.toMatchObject({
      name: "DuplicateTargetGroupNameException",
      message: "A target group with the same name 'api' exists, but with different settings",
    });
  });

  test.each([
    ["an unknown VPC", { VpcId: "vpc-0999" }, "ValidationError", "vpc-0999"],
    ["no VPC", { VpcId: undefined }, "ValidationError", "VPC ID"],
    ["port 0", { Port: 0 }, "ValidationError", "greater than or equal to 1"],
    ["an unknown protocol", { Protocol: "SCTP" as "TCP" }, "ValidationError", "SCTP"],
    [
      "a load balancer target over UDP",
      { Protocol: "UDP" as const, TargetType: "alb" as const },
      "InvalidConfigurationRequest",
      "alb",
    ],
    ["a path for TCP checks", { HealthCheckPath: "/up" }, "InvalidConfigurationRequest", "TCP"],
    [
      "a timeout above the interval",
      { HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 20 },
      "ValidationError",
      "timeout '20'",
    ],
  ])("refuse %s", async (_what, input, code, words) => {
    const { elbv2 } = clients(await startTestSandbox());
    await expect(create(elbv2, input)).rejects.toMatchObject({ Code: code, message: expect.stringContaining(words) });
  });

  test("are found by name, by load balancer and in pages", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const arn = await create(elbv2);
    await create(elbv2, { Name: "spare" });
    const { balancer } = await use(elbv2, arn);
    const find = async (input: object) =>
      (await elbv2.send(new DescribeTargetGroupsCommand(input))).TargetGroups?.map((group) => group.TargetGroupName);
    expect(await find({ LoadBalancerArn: balancer })).toEqual(["api"]);
    expect(await find({ Names: ["spare", "api"] })).toEqual(["spare", "api"]);
    const first = await elbv2.send(new DescribeTargetGroupsCommand({ PageSize: 1 }));
    expect(first.TargetGroups).toMatchObject([{ TargetGroupName: "api", LoadBalancerArns: [balancer] }]);
    expect(await find({ PageSize: 1, Marker: first.NextMarker })).toEqual(["spare"]);
    await expect(find({ Names: ["api", "nobody"] })).rejects.toMatchObject({ name: "TargetGroupNotFoundException" });
  });

  test("only their health check can be changed", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const TargetGroupArn = await create(elbv2);
    const { TargetGroups } = await elbv2.send(
      new ModifyTargetGroupCommand({
        TargetGroupArn,
        HealthCheckProtocol: "HTTP",
        HealthCheckPath: "/up",
        HealthCheckIntervalSeconds: 10,
      }),
    );
    expect(TargetGroups).toMatchObject([
      { HealthCheckProtocol: "HTTP", HealthCheckPath: "/up", HealthCheckIntervalSeconds: 10, Port: 8443 },
    ]);
    const shorter = new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckTimeoutSeconds: 11 });
    await expect(elbv2.send(shorter)).rejects.toMatchObject({ Code: "ValidationError" });
  });

  test("cannot be deleted while a listener uses them; one that is gone already is no error", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const TargetGroupArn = await create(elbv2);
    const { listener } = await use(elbv2, TargetGroupArn);
    const remove = () => elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    await expect(remove()).rejects.toMatchObject({
      name: "ResourceInUseException",
      message: `Target group '${TargetGroupArn}' is currently in use by a listener or a rule`,
    });
    await elbv2.send(new DeleteListenerCommand({ ListenerArn: listener }));
    await remove();
    await remove();
  });
});

describe("target group attributes", () => {
  test.each([
    ["TCP", "ip", "false"],
    ["TLS", "instance", "true"],
    ["UDP", "ip", "true"],
  ] as const)("a %s group of %s targets preserves client addresses: %s", async (Protocol, TargetType, preserve) => {
    const { elbv2 } = clients(await startTestSandbox());
    const TargetGroupArn = await create(elbv2, { Protocol, TargetType });
    const { Attributes } = await elbv2.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    const datagrams = Protocol === "UDP";
    expect(Object.fromEntries(Attributes?.map(({ Key, Value }) => [Key, Value]) ?? [])).toEqual({
      "deregistration_delay.connection_termination.enabled": String(datagrams),
      "deregistration_delay.timeout_seconds": "300",
      "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
      "preserve_client_ip.enabled": preserve,
      "proxy_protocol_v2.enabled": "false",
      "stickiness.enabled": "false",
      "stickiness.type": "source_ip",
      "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
      "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
      "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
      "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
      "target_health_state.unhealthy.connection_termination.enabled": String(!datagrams),
      "target_health_state.unhealthy.draining_interval_seconds": "0",
    });
  });

  test.each([
    ["TCP", "slow_start.duration_seconds", "30", "ValidationError"],
    ["TCP", "deregistration_delay.timeout_seconds", "3601", "InvalidConfigurationRequest"],
    ["UDP", "preserve_client_ip.enabled", "false", "InvalidConfigurationRequest"],
    ["TCP", "proxy_protocol_v2.enabled", "true", undefined],
  ] as const)("%s: %s = %s", async (Protocol, Key, Value, code) => {
    const { elbv2 } = clients(await startTestSandbox());
    const TargetGroupArn = await create(elbv2, { Protocol });
    const answer = elbv2.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [{ Key, Value }] }));
    if (code === undefined) expect((await answer).Attributes).toContainEqual({ Key, Value });
    else await expect(answer).rejects.toMatchObject({ Code: code, message: expect.stringContaining(Key) });
  });
});

describe("targets", () => {
  const a = { Id: "10.0.0.10", Port: 8443 };
  const b = { Id: "10.0.0.10", Port: 9443 };

  test("are unused, then initial, then healthy; removed ones drain before they go", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const TargetGroupArn = await create(elbv2);
    await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: a.Id }] }));
    expect(await health(elbv2, TargetGroupArn)).toEqual([["10.0.0.10:8443", "unused", "Target.NotInUse"]]);
    await use(elbv2, TargetGroupArn);
    const states = [];
    for (let read = 0; read < 4; read += 1) states.push((await health(elbv2, TargetGroupArn))?.[0]?.[1]);
    expect(states).toEqual(["initial", "initial", "healthy", "healthy"]);
    await elbv2.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [a] }));
    expect(await health(elbv2, TargetGroupArn)).toEqual([
      ["10.0.0.10:8443", "draining", "Target.DeregistrationInProgress"],
    ]);
    await health(elbv2, TargetGroupArn);
    expect(await health(elbv2, TargetGroupArn)).toEqual([]);
  });

  test("are unhealthy when the world says so", async () => {
    const sandbox = await startTestSandbox();
    const { elbv2 } = clients(sandbox);
    const TargetGroupArn = await create(elbv2);
    await use(elbv2, TargetGroupArn);
    await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [a] }));
    const target = sandbox.world.accounts[provider]?.regions["us-east-1"]?.targetGroups[TargetGroupArn]?.targets[0];
    if (target) target.unhealthy = "Health checks failed";
    await health(elbv2, TargetGroupArn);
    await health(elbv2, TargetGroupArn);
    expect(await health(elbv2, TargetGroupArn)).toEqual([["10.0.0.10:8443", "unhealthy", "Target.FailedHealthChecks"]]);
  });

  test("id and port together are the identity", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const TargetGroupArn = await create(elbv2);
    await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [a, b, a] }));
    await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [a] }));
    const remove = new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: a.Id }, { Id: "10.0.0.99" }] });
    await elbv2.send(remove);
    const states = (await health(elbv2, TargetGroupArn))?.map(([target, state]) => [target, state]);
    expect(states).toEqual([
      ["10.0.0.10:8443", "draining"],
      ["10.0.0.10:9443", "unused"],
    ]);
    const named = await health(elbv2, TargetGroupArn, [{ Id: "10.0.0.99", Port: 1 }]);
    expect(named).toEqual([["10.0.0.99:1", "unused", "Target.NotRegistered"]]);
  });

  test("know the zone of their subnet; one where the load balancer is not is unused", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const TargetGroupArn = await create(elbv2);
    await use(elbv2, TargetGroupArn);
    await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "10.0.16.10" }] }));
    const { TargetHealthDescriptions } = await elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    expect(TargetHealthDescriptions).toMatchObject([
      { Target: { AvailabilityZone: "us-east-1b" }, TargetHealth: { State: "unused", Reason: "Target.NotInUse" } },
    ]);
  });

  test.each([
    ["a name", { Id: "host.example" }, "InvalidTarget"],
    ["a public address", { Id: "203.0.113.9", AvailabilityZone: "all" }, "InvalidTarget"],
    ["an address outside the VPC without a zone", { Id: "192.168.0.9" }, "ValidationError"],
    ["an address of the VPC in all zones", { Id: "10.0.0.9", AvailabilityZone: "all" }, "ValidationError"],
  ])("refuse %s, and with it the whole call", async (_what, target, code) => {
    const { elbv2 } = clients(await startTestSandbox());
    const TargetGroupArn = await create(elbv2);
    const register = elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [a, target] }));
    await expect(register).rejects.toMatchObject({ Code: code, message: expect.stringContaining(target.Id) });
    expect(await health(elbv2, TargetGroupArn)).toEqual([]);
  });

  test("an address outside the VPC is taken with zone all, an instance by the look of its id", async () => {
    const { elbv2 } = clients(await startTestSandbox());
    const ip = await create(elbv2);
    await elbv2.send(
      new RegisterTargetsCommand({ TargetGroupArn: ip, Targets: [{ Id: "192.168.0.9", AvailabilityZone: "all" }] }),
    );
    const instance = await create(elbv2, { Name: "ec2", TargetType: "instance" });
    const register = (Id: string) =>
      elbv2.send(new RegisterTargetsCommand({ TargetGroupArn: instance, Targets: [{ Id }] }));
    await register("i-0123456789abcdef0");
    await expect(register("10.0.0.10")).rejects.toMatchObject({ name: "InvalidTargetException" });
    expect(await health(elbv2, instance)).toHaveLength(1);
  });
});
