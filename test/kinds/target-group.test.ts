import {
  CreateListenerCommand,
  CreateTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, test } from "vitest";
import { loadBalancerKind } from "../../src/kinds/load-balancer.ts";
import { targetGroupKind as kind } from "../../src/kinds/target-group.ts";
import { addFaults, loggedRequests } from "../sandbox/helper.ts";
import { expectAttributes, ownTags, resolved, roundTrip, settle, startBench } from "./harness.ts";

const address = "payments-api/service/nlb/payments/target-group/443";
const name = "acme-payments-443-0a1b-a";
const wanted = resolved("target-group", address, {
  name,
  loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/none-yet/0123456789abcdef",
  vpcId: "vpc-0a1b2c3d4e5f60001",
  targetType: "ip",
  protocol: "TCP",
  port: 8443,
  ipAddressType: "ipv4",
  healthCheckProtocol: "TCP",
  healthCheckPort: "traffic-port",
  healthCheckPath: null,
  healthCheckMatcher: null,
  healthCheckIntervalSeconds: 30,
  healthCheckTimeoutSeconds: 10,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  deregistrationDelaySeconds: 120,
  connectionTermination: true,
  preserveClientIp: true,
  proxyProtocolV2: true,
  crossZone: "true",
  targets: ["10.0.1.10:8443", "10.0.17.10:9443"],
  tags: ownTags(address),
});
const http = { healthCheckProtocol: "HTTP", healthCheckPath: "/health", healthCheckMatcher: "200-299" };
const withTargets = { targetGroupsWithTargets: [address] };

describe("target-group", () => {
  test("made, changed in every way, removed", async () => {
    await roundTrip(kind, await startBench(undefined, withTargets), wanted, [
      http,
      { ...http, healthCheckPath: "/ready", healthCheckMatcher: "200" },
      { healthCheckPort: "9000" },
      { healthCheckIntervalSeconds: 20 },
      { healthCheckTimeoutSeconds: 5 },
      { healthyThreshold: 3 },
      { unhealthyThreshold: 4 },
      { deregistrationDelaySeconds: 0 },
      { connectionTermination: false },
      { preserveClientIp: false },
      { proxyProtocolV2: false },
      { crossZone: "false" },
      { crossZone: "use_load_balancer_configuration" },
      { targets: ["10.0.1.10:8443", "172.16.1.10:8443", "192.168.7.7:9443"] },
      { targets: ["10.0.1.11:8443", "10.0.17.10:9443"] },
      { targets: [] },
      { tags: ownTags(address, { "landline:protect": "true", "cost-center": "other" }) },
      { tags: ownTags(address) },
    ]);
  });

  test("AWS's defaults need no second call", async () => {
    const bench = await startBench();
    const { preserveClientIp: _p, targets: _t, ...rest } = wanted.attributes;
    const plain = {
      ...wanted,
      attributes: {
        ...rest,
        deregistrationDelaySeconds: 300,
        connectionTermination: false,
        proxyProtocolV2: false,
        crossZone: "use_load_balancer_configuration",
      },
    };
    const id = await kind.create(bench.aws, plain, "token");
    expect((await loggedRequests(bench.sandbox)).map(({ action }) => action)).toEqual(["CreateTargetGroup"]);
    expectAttributes(await settle(kind, bench, plain, id), plain.attributes);
  });

  test("a UDP group gets exactly the wanted connection termination", async () => {
    const bench = await startBench(undefined, withTargets);
    const { preserveClientIp: _, ...rest } = wanted.attributes;
    const udp = { ...rest, protocol: "UDP", connectionTermination: false, proxyProtocolV2: false };
    await roundTrip(kind, bench, resolved("target-group", address, udp), [{ connectionTermination: true }]);
  });

  test("a lost answer to the create leaves one target group", async () => {
    const bench = await startBench(undefined, withTargets);
    await addFaults(bench.sandbox, { action: "CreateTargetGroup", effect: "drop-after" });
    const id = await kind.create(bench.aws, wanted, "token");
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
    expect((await kind.list(bench.reads())).live).toHaveLength(1);
  });

  test("registrations that no spec lists are neither read nor touched", async () => {
    const bench = await startBench();
    const id = await kind.create(bench.aws, wanted, "token");
    const live = await settle(kind, bench, wanted, id);
    expect(live.attributes).not.toHaveProperty("targets");
    const { targets: _, ...rest } = wanted.attributes;
    await kind.update(
      bench.aws,
      live,
      { ...wanted, attributes: { ...rest, healthyThreshold: 2 } },
      new Set(["healthyThreshold"]),
    );
    const { TargetHealthDescriptions } = await bench.aws.elbv2.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: id }),
    );
    expect(TargetHealthDescriptions?.map(({ Target }) => Target?.Id).sort()).toEqual(["10.0.1.10", "10.0.17.10"]);
    const calls = (await loggedRequests(bench.sandbox)).filter(({ action }) => action === "DescribeTargetHealth");
    expect(calls).toHaveLength(1);
  });

  test("more targets than one call takes", async () => {
    const bench = await startBench(undefined, withTargets);
    const targets = Array.from({ length: 230 }, (_, index) => `10.0.2.${index + 1}:8443`).sort();
    await roundTrip(kind, bench, { ...wanted, attributes: { ...wanted.attributes, targets } }, [{ targets: [] }]);
  });

  test("a run killed before the targets were registered shows what is missing", async () => {
    const bench = await startBench(undefined, withTargets);
    await addFaults(bench.sandbox, { action: "RegisterTargets", effect: "error-before", status: 400 });
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toThrow();
    expect(await kind.seek(bench.reads(), wanted)).toMatchObject({ live: { attributes: { targets: [] } } });
  });

  test("somebody else's under a wanted name is an obstacle", async () => {
    const bench = await startBench(undefined, { targetGroupNames: [name] });
    const { TargetGroups } = await bench.aws.elbv2.send(
      new CreateTargetGroupCommand({
        Name: name,
        Protocol: "TCP",
        Port: 1,
        VpcId: wanted.attributes.vpcId,
        TargetType: "ip",
      }),
    );
    const obstacle = { kind: "target-group", place: name, id: TargetGroups?.[0]?.TargetGroupArn };
    expect(await kind.list(bench.reads())).toEqual({ live: [], obstacles: [obstacle] });
    expect(await kind.seek(bench.reads(), wanted)).toEqual({ obstacle });
  });

  test("--only finds by name and behind our listeners", async () => {
    const bench = await startBench();
    const balancerAddress = "payments-api/service/nlb/payments";
    const balancer = resolved("load-balancer", balancerAddress, {
      name: "acme-payments-0a1b-a",
      scheme: "internal",
      subnetIds: ["subnet-0a1b2c3d4e5f60001"],
      securityGroupIds: [],
      ipAddressType: "ipv4",
      crossZone: false,
      clientRoutingPolicy: "any_availability_zone",
      deletionProtection: false,
      tags: ownTags(balancerAddress),
    });
    const loadBalancerArn = await loadBalancerKind.create(bench.aws, balancer, "token");
    const behind = await kind.create(bench.aws, wanted, "token");
    const named = { ...wanted, attributes: { ...wanted.attributes, name: "acme-payments-444-0a1b-a" } };
    await kind.create(bench.aws, named, "token");
    const DefaultActions = [{ Type: "forward" as const, TargetGroupArn: behind }];
    await bench.aws.elbv2.send(
      new CreateListenerCommand({ LoadBalancerArn: loadBalancerArn, Port: 443, Protocol: "TCP", DefaultActions }),
    );
    const only = { connections: ["payments-api"], loadBalancerNames: [balancer.attributes.name] };
    const found = async (more: object) => {
      const { live } = await kind.list(bench.reads({ ...only, ...more }));
      return live.map(({ attributes }) => attributes.name).sort();
    };
    expect(await found({})).toEqual([name]);
    expect(await found({ targetGroupNames: [named.attributes.name, "absent"] })).toEqual([name, named.attributes.name]);
    expect(await found({ targetGroupNames: [name] })).toEqual([name]);
    expect(await found({ provides: false })).toEqual([]);
  });

  test("an update sends only what differs", async () => {
    const bench = await startBench(undefined, withTargets);
    const id = await kind.create(bench.aws, wanted, "token");
    const live = await settle(kind, bench, wanted, id);
    const since = (await loggedRequests(bench.sandbox)).at(-1)?.n ?? 0;
    const next = { ...wanted, attributes: { ...wanted.attributes, deregistrationDelaySeconds: 60 } };
    await kind.update(bench.aws, live, next, new Set(["deregistrationDelaySeconds"]));
    const calls = await loggedRequests(bench.sandbox, since);
    expect(calls.map(({ action }) => action)).toEqual(["ModifyTargetGroupAttributes"]);
    const { Attributes } = await bench.aws.elbv2.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: id }));
    expect(Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "60" });
  });
});
