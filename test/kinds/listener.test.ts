import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateTargetGroupCommand,
  type ProtocolEnum,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, test } from "vitest";
import { listenerKind as kind } from "../../src/kinds/listener.ts";
import { loadBalancerKind } from "../../src/kinds/load-balancer.ts";
import { addFaults, loggedRequests } from "../sandbox/helper.ts";
import { type Bench, expectAttributes, ownTags, resolved, roundTrip, settle, startBench } from "./harness.ts";

const balancerAddress = "payments-api/service/nlb/payments";
const address = `${balancerAddress}/listener/443`;
const certificate = (id: string) => `arn:aws:acm:us-east-1:111111111111:certificate/${id}`;

async function makeBalancer(bench: Bench): Promise<string> {
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
  const id = await loadBalancerKind.create(bench.aws, balancer, "token");
  await settle(loadBalancerKind, bench, balancer, id);
  return id;
}

async function makeGroup(bench: Bench, Name: string, Protocol: ProtocolEnum = "TCP"): Promise<string> {
  const { TargetGroups } = await bench.aws.elbv2.send(
    new CreateTargetGroupCommand({ Name, Protocol, Port: 8443, VpcId: "vpc-0a1b2c3d4e5f60001", TargetType: "ip" }),
  );
  return TargetGroups?.[0]?.TargetGroupArn ?? "";
}

async function setUp() {
  const bench = await startBench();
  const [loadBalancerArn, targetGroupArn] = [await makeBalancer(bench), await makeGroup(bench, "first")];
  const wanted = resolved("listener", address, {
    loadBalancerArn,
    port: 443,
    protocol: "TCP",
    targetGroupArn,
    certificateArns: [],
    alpnPolicy: "None",
    tags: ownTags(address),
  });
  return { bench, wanted };
}

const tls = {
  protocol: "TLS",
  certificateArns: [certificate("one")],
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  alpnPolicy: "HTTP2Preferred",
};

describe("listener", () => {
  test("made, changed in every way, removed", async () => {
    const { bench, wanted } = await setUp();
    await roundTrip(kind, bench, wanted, [
      { targetGroupArn: await makeGroup(bench, "second") },
      { protocol: "TCP_UDP", targetGroupArn: await makeGroup(bench, "third", "TCP_UDP") },
      tls,
      { tags: ownTags(address, { "landline:protect": "true", "cost-center": "other" }) },
      { tags: ownTags(address) },
    ]);
  });

  test("an idle timeout is read where a spec says it, and only there", async () => {
    const { bench, wanted } = await setUp();
    const said = { ...wanted, attributes: { ...wanted.attributes, idleTimeoutSeconds: 600 } };
    const asking = { ...bench, reads: () => bench.reads({ listenersWithIdleTimeout: [address] }) };
    await roundTrip(kind, asking, said, [{ idleTimeoutSeconds: 60 }, { idleTimeoutSeconds: 6000 }]);
    await kind.create(bench.aws, said, "token");
    const [unasked] = (await kind.list(bench.reads())).live;
    expect(unasked?.attributes).not.toHaveProperty("idleTimeoutSeconds");
  });

  test("a TLS listener, changed in every way", async () => {
    const { bench, wanted } = await setUp();
    await roundTrip(kind, bench, { ...wanted, attributes: { ...wanted.attributes, ...tls } }, [
      { certificateArns: [certificate("two")] },
      { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
      { alpnPolicy: "HTTP1Only" },
      { alpnPolicy: "None" },
    ]);
  });

  test("certificates beside the default one", async () => {
    const { bench, wanted } = await setUp();
    const [one, two, three] = [certificate("1"), certificate("2"), certificate("3")];
    const several = { ...wanted.attributes, ...tls, certificateArns: [one, two, three] };
    await roundTrip(kind, bench, { ...wanted, attributes: several }, [
      { certificateArns: [one, three] },
      { certificateArns: [two, three] },
      { certificateArns: [three] },
      { certificateArns: [one, two] },
    ]);
  });

  test("a lost answer to the create leaves one listener", async () => {
    const { bench, wanted } = await setUp();
    await addFaults(bench.sandbox, { action: "CreateListener", effect: "drop-after" });
    const id = await kind.create(bench.aws, wanted, "token");
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
    expect((await kind.list(bench.reads())).live).toHaveLength(1);
  });

  test("an unmarked listener on our load balancer is an obstacle", async () => {
    const { bench, wanted } = await setUp();
    const { loadBalancerArn, targetGroupArn } = wanted.attributes;
    const { Listeners } = await bench.aws.elbv2.send(
      new CreateListenerCommand({
        LoadBalancerArn: loadBalancerArn,
        Port: 443,
        Protocol: "TCP",
        DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
      }),
    );
    const id = Listeners?.[0]?.ListenerArn ?? "";
    const obstacle = { kind: "listener", place: `${loadBalancerArn}:443`, id };
    expect(await kind.list(bench.reads())).toEqual({ live: [], obstacles: [obstacle] });
    expect(await kind.seek(bench.reads(), wanted)).toEqual({ obstacle });
    expect(
      await kind.seek(bench.reads(), resolved("listener", address, { ...wanted.attributes, port: 444 })),
    ).toBeUndefined();
    const Tags = Object.entries(ownTags(address)).map(([Key, Value]) => ({ Key, Value }));
    await bench.aws.elbv2.send(new AddTagsCommand({ ResourceArns: [id], Tags }));
    expect(await kind.seek(bench.reads(), wanted)).toMatchObject({ live: { id, address } });
  });

  test("an update of tags alone leaves the listener alone", async () => {
    const { bench, wanted } = await setUp();
    const live = await settle(kind, bench, wanted, await kind.create(bench.aws, wanted, "token"));
    const since = (await loggedRequests(bench.sandbox)).at(-1)?.n ?? 0;
    const next = { ...wanted, attributes: { ...wanted.attributes, tags: ownTags(address, { team: "payments" }) } };
    await kind.update(bench.aws, live, next, new Set(["tags.team"]));
    expect((await loggedRequests(bench.sandbox, since)).map(({ action }) => action)).toEqual(["AddTags"]);
  });

  test("no load balancer, no listeners", async () => {
    const { bench, wanted } = await setUp();
    const id = await kind.create(bench.aws, wanted, "token");
    const balancer = { id: wanted.attributes.loadBalancerArn, attributes: {}, outputs: {}, protect: false } as const;
    const { address: where, connection, target } = wanted;
    await loadBalancerKind.remove(bench.aws, {
      kind: "load-balancer",
      address: where,
      connection,
      target,
      ...balancer,
    });
    expect(await kind.look(bench.reads(), { ...wanted, id })).toBeUndefined();
    expect((await kind.list(bench.reads())).live).toEqual([]);
  });
});
