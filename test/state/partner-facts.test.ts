import { AuthorizeSecurityGroupIngressCommand, CreateSecurityGroupCommand } from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, test } from "vitest";
import type { PartnerWants, TargetSnapshot, Wanted } from "../../src/model.ts";
import { readTarget } from "../../src/state/snapshot.ts";
import { type Bench, ownTags, startBench } from "../kinds/harness.ts";
import { clients, loggedRequests, provider } from "../sandbox/helper.ts";

const VPC = "vpc-0a1b2c3d4e5f60001";
const SUBNETS = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
const ADDRESS = "payments-api/service/nlb/main";
const nothing: PartnerWants = { health: [], balancers: [], ingress: [], ingressOfChosen: false };

/** Only the facts: no kinds are read. */
async function read(
  bench: Bench,
  forPartners: Partial<PartnerWants>,
  more: Partial<Wanted> = {},
): Promise<{ seen: TargetSnapshot; calls: string[] }> {
  const since = (await loggedRequests(bench.sandbox)).length;
  const reads = bench.reads({ forPartners: { ...nothing, ...forPartners }, ...more });
  const seen = await readTarget(reads, [], { account: provider, region: "us-east-1" }, () => new Date(0));
  const calls = (await loggedRequests(bench.sandbox, since)).map(({ action }) => action);
  return { seen, calls };
}

/** A load balancer with a listener and a target group, made by plain calls as anybody makes them. */
async function standing(bench: Bench, name: string, more: { groups?: string[]; address?: string } = {}) {
  const { elbv2 } = clients(bench.sandbox, provider);
  const tags = Object.entries(more.address ? ownTags(more.address) : {}).map(([Key, Value]) => ({ Key, Value }));
  const { LoadBalancers } = await elbv2.send(
    new CreateLoadBalancerCommand({
      Name: name,
      Type: "network",
      Scheme: "internal",
      Subnets: SUBNETS,
      ...(more.groups ? { SecurityGroups: more.groups } : {}),
      ...(tags.length > 0 ? { Tags: tags } : {}),
    }),
  );
  const arn = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const { TargetGroups } = await elbv2.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: "TCP",
      Port: 8443,
      VpcId: VPC,
      TargetType: "ip",
      HealthCheckPort: "9000",
    }),
  );
  const group = TargetGroups?.[0]?.TargetGroupArn ?? "";
  const DefaultActions = [{ Type: "forward", TargetGroupArn: group } as const];
  await elbv2.send(new CreateListenerCommand({ LoadBalancerArn: arn, Protocol: "TCP", Port: 443, DefaultActions }));
  return { arn, group, elbv2 };
}

async function group(bench: Bench, name: string): Promise<string> {
  const { ec2 } = clients(bench.sandbox, provider);
  const { GroupId = "" } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: VPC }),
  );
  const ranges = [{ IpProtocol: "tcp", FromPort: 443, ToPort: 444, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }];
  const everything = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "10.9.0.0/16" }] }];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [...ranges, ...everything] }));
  return GroupId;
}

describe("an existing load balancer", () => {
  test("tells its zones by id, its settings and its listeners where a check wants them, and to nobody else", async () => {
    const bench = await startBench();
    const { arn } = await standing(bench, "theirs");
    const plain = await read(bench, {}, { loadBalancerArns: [arn] });
    expect(plain.seen.loadBalancers).toMatchObject([{ arn, type: "network", scheme: "internal" }]);
    expect(plain.seen.loadBalancers[0]).not.toHaveProperty("details");
    expect(plain.calls).not.toContain("DescribeListeners");
    const { seen } = await read(bench, { balancers: [arn] }, { loadBalancerArns: [arn] });
    expect(seen.loadBalancers[0]?.details).toEqual({
      azIds: ["use1-az4", "use1-az6"],
      crossZone: false,
      inboundRules: "none",
      listeners: [
        {
          port: 443,
          protocol: "TCP",
          targetGroups: [{ protocol: "TCP", healthCheckPort: "9000", crossZone: "use_load_balancer_configuration" }],
        },
      ],
    });
  });

  test("says its settings in our words, whoever changed them", async () => {
    const bench = await startBench();
    const { arn, group: targetGroup, elbv2 } = await standing(bench, "theirs", { groups: [await group(bench, "nlb")] });
    const crossZone = (Value: string) => [{ Key: "load_balancing.cross_zone.enabled", Value }];
    await elbv2.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: arn, Attributes: crossZone("true") }));
    await elbv2.send(
      new ModifyTargetGroupAttributesCommand({ TargetGroupArn: targetGroup, Attributes: crossZone("false") }),
    );
    const { seen } = await read(
      bench,
      { balancers: [arn] },
      { loadBalancerArns: [arn], connections: ["payments-api"] },
    );
    const [details] = seen.loadBalancers.map((balancer) => balancer.details);
    expect(details).toMatchObject({ crossZone: true, inboundRules: "on" });
    expect(details?.listeners[0]?.targetGroups).toMatchObject([{ crossZone: "false" }]);
  });
});

describe("the health of targets", () => {
  async function healthy(bench: Bench, of: { arn: string; group: string }): Promise<void> {
    const { elbv2 } = clients(bench.sandbox, provider);
    const Targets = [{ Id: "10.0.1.10" }];
    await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn: of.group, Targets }));
    for (let reads = 0; reads < 20; reads++) {
      await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [of.arn] }));
      const { TargetHealthDescriptions } = await elbv2.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: of.group }),
      );
      if (TargetHealthDescriptions?.[0]?.TargetHealth?.State === "healthy") return;
    }
    throw new Error("the target does not become healthy");
  }

  test("of an existing load balancer and of one of ours, and of no other", async () => {
    const bench = await startBench();
    const ours = await standing(bench, "ours", { address: ADDRESS });
    const theirs = await standing(bench, "theirs");
    await standing(bench, "other", { address: "ledger/service/nlb/main" });
    await healthy(bench, theirs);
    for (const connections of [undefined, ["payments-api"]]) {
      const scope = { ...(connections ? { connections } : {}), loadBalancerNames: ["ours", "other"] };
      const { seen, calls } = await read(bench, { health: [theirs.arn, ADDRESS] }, scope);
      expect(seen.health?.loadBalancers.map(({ arn }) => arn).sort()).toEqual([ours.arn, theirs.arn].sort());
      expect(seen.health?.targets).toMatchObject([
        { targetGroupArn: theirs.group, target: "10.0.1.10:8443", state: "healthy" },
      ]);
      expect(calls.filter((action) => action === "DescribeTargetHealth")).toHaveLength(2);
    }
    const { seen, calls } = await read(bench, {}, { loadBalancerNames: ["ours"] });
    expect(seen).not.toHaveProperty("health");
    expect(calls).not.toContain("DescribeTargetHealth");
  });

  test("a load balancer that is gone has none, and is no error", async () => {
    const bench = await startBench();
    const { arn, elbv2 } = await standing(bench, "theirs");
    await elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    const wanted = { loadBalancerArns: [arn], connections: ["payments-api"] };
    const { seen } = await read(bench, { health: [arn], balancers: [arn] }, wanted);
    expect(seen.health).toEqual({ loadBalancers: [], targets: [], verifications: [] });
    expect(seen.loadBalancers).toEqual([]);
  });
});

describe("the rules of existing security groups", () => {
  test("by id, as sentences; a group that is not there is not told of", async () => {
    const bench = await startBench();
    const id = await group(bench, "clients");
    const { seen } = await read(bench, { ingress: ["sg-0ffffffffffffffff", id] });
    expect(seen.ingress).toEqual([{ groupId: id, rules: ["all from 10.9.0.0/16", "tcp 443-444 from 10.0.0.0/8"] }]);
  });

  test("of those that a spec chooses by name, when one is wanted", async () => {
    const bench = await startBench();
    const id = await group(bench, "clients");
    await group(bench, "other");
    const selectors = {
      ...{ subnetTags: [], vpcTags: [], securityGroupTags: [], zones: [], privateNameVpcs: [], records: [] },
      securityGroupNames: ["clients"],
    };
    const { seen } = await read(bench, { ingressOfChosen: true }, { selectors });
    expect(seen.ingress?.map(({ groupId }) => groupId)).toEqual([id]);
    expect((await read(bench, {}, { selectors })).seen).not.toHaveProperty("ingress");
  });

  test("cost nothing where no check wants them", async () => {
    const bench = await startBench();
    const { seen, calls } = await read(bench, {});
    expect(seen).not.toHaveProperty("ingress");
    expect(calls).not.toContain("DescribeSecurityGroupRules");
  });
});
