import { describe, expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import type { TargetSnapshot, Wanted } from "../../src/model.ts";
import { factActions, readTarget } from "../../src/state/snapshot.ts";
import { type Bench, benchOf, startBench } from "../kinds/harness.ts";
import { allow, makeEndpoint, makeLoadBalancer, makeService } from "../kinds/provider.ts";
import { consumer, loggedRequests, provider } from "../sandbox/helper.ts";

const NOW = new Date("2026-11-20T12:00:00Z");
const ZONE = "Z0PRIVATE00000000001";

/** One look at an account, as planning does it. */
const read = (bench: Bench, wanted: Partial<Wanted> = {}, account = provider): Promise<TargetSnapshot> =>
  readTarget(bench.reads(wanted), Object.values(kinds), { account, region: "us-east-1" }, () => NOW);

const callsSince = async ({ sandbox }: Bench, since: number): Promise<string[]> =>
  (await loggedRequests(sandbox, since)).map(({ service, action }) => `${service}:${action}`);

/** A service of ours with an endpoint of ours in another account that asks to be accepted. */
async function connected() {
  const bench = await startBench();
  const service = await makeService(bench);
  await allow(bench, service.id, consumer);
  const theirs = benchOf(bench.sandbox, consumer);
  const endpoint = await makeEndpoint(theirs, service.outputs.serviceName ?? "");
  const since = (await loggedRequests(bench.sandbox)).length;
  return { bench, theirs, service, endpoint, since };
}

describe("the wrong account", () => {
  it("is refused after one call, with both accounts, the caller and what to do", async () => {
    const bench = await startBench();
    await expect(read(bench, {}, "999999999999")).rejects.toThrow(
      `target prod-use1 is account 999999999999, but the credentials belong to account ${provider} ` +
        `(arn:aws:iam::${provider}:root); set AWS_PROFILE or targets.prod-use1.roles to reach 999999999999, ` +
        "or correct targets.prod-use1.account",
    );
    expect(await callsSince(bench, 0)).toEqual(["sts:GetCallerIdentity"]);
  });
});

describe("what a snapshot says", () => {
  it("whose account it is, who looked and when", async () => {
    expect(await read(await startBench())).toMatchObject({
      target: "prod-use1",
      account: provider,
      region: "us-east-1",
      caller: `arn:aws:iam::${provider}:root`,
      takenAt: "2026-11-20T12:00:00.000Z",
    });
  });

  it("of a provider: its service, and who is connected to it", async () => {
    const { bench, service, endpoint } = await connected();
    const seen = await read(bench);
    expect(seen.resources.map(({ kind, address }) => `${kind} ${address}`)).toEqual(
      expect.arrayContaining(["allowlist payments-api/service/allowlist", "endpoint-service payments-api/service"]),
    );
    expect(seen.connections).toEqual([
      {
        serviceId: service.id,
        endpointId: endpoint,
        owner: consumer,
        state: "pendingacceptance",
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        region: "us-east-1",
      },
    ]);
  });

  it("of a consumer: its subnets and zones, and the service as it sees it", async () => {
    const { theirs, service, endpoint } = await connected();
    const name = service.outputs.serviceName ?? "";
    const subnetIds = ["subnet-0b1b2c3d4e5f60002", "subnet-0b1b2c3d4e5f60001", "subnet-0nosuch"];
    const services = [name, "com.amazonaws.vpce.us-east-1.vpce-svc-0nosuch"].map((one) => ({
      name: one,
      region: "us-east-1",
    }));
    const seen = await read(theirs, { subnetIds, services }, consumer);
    expect(seen.resources.map(({ id }) => id)).toEqual([endpoint]);
    expect(seen.subnets).toEqual([
      { id: "subnet-0b1b2c3d4e5f60001", vpcId: "vpc-0b1b2c3d4e5f60001", az: "us-east-1c", azId: "use1-az4" },
      { id: "subnet-0b1b2c3d4e5f60002", vpcId: "vpc-0b1b2c3d4e5f60001", az: "us-east-1d", azId: "use1-az6" },
    ]);
    expect(seen.services).toEqual([
      {
        name,
        region: "us-east-1",
        owner: provider,
        acceptanceRequired: true,
        policySupported: false,
        azIds: ["use1-az4", "use1-az6"],
        ipAddressTypes: ["ipv4"],
      },
    ]);
    expect(seen.zones).toEqual([{ id: ZONE, name: "internal.example.com", private: true }]);
  });

  it("of load balancers that specs refer to: those and no others", async () => {
    const bench = await startBench();
    const [mine, other] = [await makeLoadBalancer(bench, "a"), await makeLoadBalancer(bench, "b")];
    expect((await read(bench)).loadBalancers).toEqual([]);
    const createdAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
    expect((await read(bench, { loadBalancerArns: [mine] })).loadBalancers).toEqual([
      { arn: mine, type: "network", scheme: "internal", state: "active", vpcId: "vpc-0a1b2c3d4e5f60001", createdAt },
    ]);
    const both = await read(bench, { loadBalancerArns: [other, mine] });
    expect(both.loadBalancers.map(({ arn }) => arn)).toEqual([mine, other].sort());
  });

  it("is in the same order every time", async () => {
    const { bench } = await connected();
    const { resources, obstacles } = await read(bench);
    const keys = resources.map(({ address, id }) => `${address} ${id}`);
    expect(keys).toEqual([...keys].sort());
    expect(await read(bench)).toEqual({ ...(await read(bench)), resources, obstacles });
  });

  it("tells what stands in the way without being ours", async () => {
    const bench = await startBench();
    const arn = await makeLoadBalancer(bench, "wanted-name");
    expect((await read(bench, { loadBalancerNames: ["wanted-name"] })).obstacles).toEqual([
      { kind: "load-balancer", place: "wanted-name", id: arn },
    ]);
  });
});

describe("a look limited to some connections (--only)", () => {
  it("says so", async () => {
    expect(await read(await startBench(), { connections: ["payments-api"] })).toMatchObject({ only: ["payments-api"] });
    expect(await read(await startBench())).not.toHaveProperty("only");
  });

  it("sees only what carries their mark", async () => {
    const { bench, theirs } = await connected();
    expect((await read(bench, { connections: ["payments-api"] })).resources.length).toBeGreaterThan(0);
    expect((await read(bench, { connections: ["ledger"] })).resources).toEqual([]);
    expect((await read(bench, { connections: ["ledger"] })).connections).toEqual([]);
    expect((await read(theirs, { connections: ["orders"] }, consumer)).resources).toHaveLength(1);
  });

  it("asks for its own zones and load balancers instead of listing all of the account", async () => {
    const bench = await startBench();
    const arn = await makeLoadBalancer(bench);
    const theirs = benchOf(bench.sandbox, consumer);
    const since = (await loggedRequests(bench.sandbox)).length;
    await read(bench, { connections: ["a"], loadBalancerArns: [arn] });
    const { zones } = await read(theirs, { connections: ["a"], zoneIds: [ZONE, "Z0NOSUCH"] }, consumer);
    expect(zones.map(({ id }) => id)).toEqual([ZONE]);
    const calls = await callsSince(bench, since);
    expect(calls).toContain("route53:GetHostedZone");
    expect(calls).not.toContain("route53:ListHostedZones");
  });

  it("leaves out the side that nobody asked about", async () => {
    const { bench, since } = await connected();
    await read(bench, { connections: ["orders"], provides: false });
    expect(await callsSince(bench, since)).not.toContain("ec2:DescribeVpcEndpointConnections");
  });
});

it("writes nothing and stays within the actions that `landline iam` prints", async () => {
  const { bench, since } = await connected();
  await read(bench, { subnetIds: ["subnet-0a1b2c3d4e5f60001"], services: [{ name: "x", region: "us-east-1" }] });
  const calls = await loggedRequests(bench.sandbox, since);
  expect(calls.filter(({ write }) => write)).toEqual([]);
  const declared = [...factActions, ...Object.values(kinds).flatMap(({ actions }) => actions.read)];
  // IAM has a name of its own for the service that the SDK calls elbv2.
  const names = calls.map(({ service, action }) => `${service.replace("elbv2", "elasticloadbalancing")}:${action}`);
  expect([...new Set(names)].filter((name) => !declared.includes(name))).toEqual([]);
});
