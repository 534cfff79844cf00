import { describe, expect, test } from "vitest";
import type { Finding, LimitFact, TargetSnapshot } from "../../src/model.ts";
import type { ConnectionSpec } from "../../src/planner/specs/index.ts";
import { APP_SUBNETS, emptyCloud, endpoint, planOf, SUBNETS, service } from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

type Specs = { readonly [name: string]: Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata"> };

const withLimits = (...limits: LimitFact[]) => emptyCloud({ net: { limits } });
const quotas = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ id, severity, address }) => (id.startsWith("quota.") ? [`${severity} ${id} ${address}`] : []));
const messageOf = (findings: readonly Finding[]): string =>
  findings.find(({ id }) => id.startsWith("quota."))?.message ?? "";

const balancer = (name: string, listeners: number, targets: number, more: object = {}) => ({
  name,
  subnets: SUBNETS,
  listeners: Array.from({ length: listeners }, (_, n) => ({
    port: 1000 + n,
    protocol: "TCP",
    targetGroup: {
      port: 8443,
      type: "ip",
      targets: Array.from({ length: targets }, (_1, t) => `10.0.${Math.floor(t / 200)}.${(t % 200) + 1}`),
    },
  })),
  ...more,
});

describe("limits that AWS tells", () => {
  test("load balancers and target groups of a Region: those that fit go on, the others are refused with numbers", () => {
    const specs = { one: service(), three: service(), two: service() };
    const { findings, changes } = planOf(
      specs,
      withLimits(
        { name: "network-load-balancers", limit: 50, used: 48 },
        { name: "target-groups", limit: 3000, used: 2998 },
      ),
    );
    expect(quotas(findings)).toEqual([
      "error quota.network-load-balancers two/service/nlb/main",
      "error quota.target-groups two/service/nlb/main/target-group/443",
    ]);
    expect(messageOf(findings)).toBe(
      'account 111111111111, us-east-1 has 48 of at most 50 network load balancers, and this plan makes 3 more; two/service/nlb/main would be beyond. Delete some, or have AWS raise the quota "network-load-balancers" of Elastic Load Balancing',
    );
    const refused = new Set(
      changes.filter((change) => change.refused !== undefined).map(({ connection }) => connection),
    );
    expect([...refused]).toEqual(["two"]);
  });

  test("listeners of a load balancer", () => {
    const specs = { pay: service({ loadBalancers: [balancer("main", 4, 0)] }) };
    const { findings } = planOf(specs, withLimits({ name: "listeners-per-network-load-balancer", limit: 3 }));
    expect(quotas(findings)).toEqual(["error quota.listeners pay/service/nlb/main"]);
    expect(messageOf(findings)).toContain("is to have 4 listeners; a load balancer has at most 3");
  });

  test("targets of a group, and of a load balancer with and without cross-zone balancing", () => {
    const limits = withLimits(
      { name: "targets-per-target-group", limit: 4 },
      { name: "targets-per-network-load-balancer", limit: 10 },
      { name: "targets-per-availability-zone-per-network-load-balancer", limit: 5 },
    );
    const loadBalancers = [balancer("all", 2, 3, { crossZone: true }), balancer("big", 1, 5), balancer("one", 2, 3)];
    const { findings } = planOf({ pay: service({ loadBalancers }) }, limits);
    expect(quotas(findings)).toEqual([
      "error quota.targets-per-load-balancer pay/service/nlb/all",
      "error quota.targets pay/service/nlb/big/target-group/1000",
    ]);
  });

  test("what stands already is nobody's fault: only changes are refused", () => {
    const specs = { pay: service({ loadBalancers: [balancer("main", 4, 3)] }) };
    const settled = applyToModel(emptyCloud(), planOf(specs));
    const limits = [
      { name: "listeners-per-network-load-balancer", limit: 3 },
      { name: "targets-per-target-group", limit: 2 },
      { name: "targets-per-network-load-balancer", limit: 2 },
      { name: "network-load-balancers", limit: 0, used: 1 },
    ];
    const targets = settled.targets.map((target): TargetSnapshot => ({ ...target, limits }));
    expect(quotas(planOf(specs, { ...settled, targets }).findings)).toEqual([]);
  });

  test("without limits in the snapshot nothing is said", () => {
    expect(quotas(planOf({ pay: service({ loadBalancers: [balancer("main", 50, 0)] }) }).findings)).toEqual([]);
  });
});

describe("AWS's documented defaults", () => {
  const consumers = (count: number): Specs =>
    Object.fromEntries([
      ["pay", service()],
      ...Array.from({ length: count }, (_, n) => [
        `shop-${String(n).padStart(3, "0")}`,
        endpoint({ connection: "pay" }, { aliases: [] }),
      ]),
    ]);

  test("endpoints of a VPC: the 51st is refused, until somebody acknowledges it", () => {
    const { findings } = planOf(consumers(51));
    expect(quotas(findings)).toEqual(["error quota.endpoints shop-050/endpoint/main"]);
    expect(messageOf(findings)).toContain("has 0 endpoints of ours, and this plan makes 51 more");
    const settled = applyToModel(emptyCloud(), planOf(consumers(50)));
    const specs = consumers(51);
    expect(quotas(planOf(specs, settled).findings)).toEqual(["error quota.endpoints shop-050/endpoint/main"]);
    const acknowledged = { ...specs, "shop-050": { ...specs["shop-050"], acknowledge: ack("quota.endpoints") } };
    expect(planOf(acknowledged, settled).summary).toMatchObject({ errors: 0 });
  });

  const ack = (finding: string) => [{ finding, reason: "raised in NET-51" }];
  const ingress = (count: number, from = (n: number) => `10.${Math.floor(n / 250)}.${n % 250}.0/24`) => ({
    securityGroup: { ingress: Array.from({ length: count }, (_, n) => ({ ports: 443, from: from(n) })) },
  });

  test("rules of a security group, for each address family apart", () => {
    const shop = (more: object): Specs => ({ pay: service(), shop: endpoint({ connection: "pay" }, more) });
    expect(quotas(planOf(shop(ingress(61))).findings)).toEqual(["error quota.rules shop/endpoint/main/security-group"]);
    expect(quotas(planOf(shop(ingress(60))).findings)).toEqual([]);
    const mixed = ingress(100, (n) => (n < 50 ? `10.0.${n}.0/24` : `2001:db8:${n}::/48`));
    expect(quotas(planOf(shop(mixed)).findings)).toEqual([]);
    const groups = ingress(61, (n) => `sg-0a1b2c3d4e5f6${String(n).padStart(4, "0")}`);
    expect(quotas(planOf(shop(groups)).findings)).toEqual(["error quota.rules shop/endpoint/main/security-group"]);
  });

  test("security groups of an endpoint", () => {
    const securityGroups = Array.from({ length: 6 }, (_, n) => `sg-0b1b2c3d4e5f6000${n}`);
    const shop = endpoint({ connection: "pay" }, { securityGroup: undefined, securityGroups });
    expect(quotas(planOf({ pay: service(), shop }).findings)).toEqual([
      "error quota.security-groups shop/endpoint/main",
    ]);
  });
});

describe("zonal aliases", () => {
  const alias = (azId: string) => [{ name: "az.apps.example.com", zone: "Z0PRIVATE00000000001", azId }];

  test("lead to the name of the zone that has this id in the endpoint's account", () => {
    const specs = { pay: service(), shop: endpoint({ connection: "pay" }, { aliases: alias("use1-az4") }) };
    const record = planOf(specs).changes.find(({ kind }) => kind === "dns-record");
    expect(record?.desired?.attributes).toMatchObject({
      targetDnsName: { ref: "shop/endpoint/main", output: "zonalDnsName/us-east-1b" },
    });
  });

  test("of a zone where the endpoint has no subnet are refused with the zones that it has", () => {
    const more = { subnets: APP_SUBNETS.slice(0, 1), aliases: alias("use1-az4") };
    const { findings } = planOf({ pay: service(), shop: endpoint({ connection: "pay" }, more) });
    const [finding] = findings.filter(({ id }) => id === "alias.zone");
    expect(finding?.message).toContain("use1-az4, where the endpoint has no subnet; it has them in use1-az6");
  });
});

describe("a protected load balancer", () => {
  test("says when it goes that the protection goes first", () => {
    const specs = { pay: service({ loadBalancers: [balancer("main", 1, 0, { deletionProtection: true })] }) };
    const settled = applyToModel(emptyCloud(), planOf(specs));
    const gone = planOf({ other: service({ loadBalancers: [balancer("other", 1, 0)] }) }, settled).changes;
    const notes = gone.filter(({ action, kind }) => action === "delete" && kind === "load-balancer");
    expect(notes.map((change) => change.notes)).toEqual([
      ["AWS's deletion protection is on; it is switched off first"],
    ]);
  });
});

describe("enforcement of security groups", () => {
  const grouped = (more: object = {}) =>
    service({ loadBalancers: [balancer("main", 1, 0, { securityGroups: ["sg-0a1b2c3d4e5f60004"], ...more })] });
  const said = (specs: Specs, cloud = emptyCloud()) =>
    planOf(specs, cloud).findings.filter(({ id }) => id === "load-balancer.enforcement").length;

  test("is explained before it holds, and not again", () => {
    expect(said({ pay: grouped() })).toBe(1);
    expect(said({ pay: grouped() }, applyToModel(emptyCloud(), planOf({ pay: grouped() })))).toBe(0);
    const off = { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off" };
    expect(said({ pay: grouped(off) })).toBe(0);
    expect(said({ pay: grouped() }, applyToModel(emptyCloud(), planOf({ pay: grouped(off) })))).toBe(1);
    expect(said({ pay: service() })).toBe(0);
    const [change] = planOf({ pay: grouped() }, applyToModel(emptyCloud(), planOf({ pay: grouped(off) }))).changes;
    expect(change).toMatchObject({ action: "update", risks: ["interrupts"] });
  });
});
