import { describe, expect, test } from "vitest";
import type { ConnectionFact, Plan, Snapshot } from "../../src/model.ts";
import { emptyCloud, endpoint, OTHER_SUBNET, OTHER_VPC, planOf, SUBNETS, service } from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

/** What a plan does to people who are connected, in numbers. */

type Specs = Parameters<typeof planOf>[0];
const [ONE, TWO, THREE] = ["vpce-0aa11bb22cc33dd44", "vpce-0bb11bb22cc33dd44", "vpce-0cc11bb22cc33dd44"] as const;
const [PARTNER, OTHER] = ["402592597372", "333333333333"] as const;
const grant = (account: string) => ({ principal: `arn:aws:iam::${account}:root`, reason: "x", until: "2027-06-30" });
const people = (changes: object = {}) =>
  service({ acceptance: "automatic", allowedPrincipals: [PARTNER, OTHER].map(grant), ...changes });

/** A cloud in which these endpoints of others are connected to the service of `pay`. */
function cloudOf(specs: Specs, some: readonly (readonly [string, string, string?])[]): Snapshot {
  const cloud = applyToModel(emptyCloud(), planOf(specs));
  const serviceId =
    cloud.targets.flatMap(({ resources }) => resources).find(({ kind }) => kind === "endpoint-service")?.id ?? "";
  const facts = some.map(
    ([endpointId, owner, state = "available"]): ConnectionFact => ({ serviceId, endpointId, owner, state }),
  );
  const targets = cloud.targets.map((one) =>
    one.target === "net" ? { ...one, connections: [...one.connections, ...facts] } : one,
  );
  return { ...cloud, targets };
}
const told = ({ changes }: Plan, step: string) => {
  const change = changes.find((one) => one.step === step);
  return { risks: change?.risks, notes: change?.notes };
};
const three = [
  [ONE, PARTNER],
  [TWO, PARTNER],
  [THREE, OTHER],
] as const;

describe("a principal that goes", () => {
  test("leaves the connections of accounts that lose their last one, and of no others", () => {
    const cloud = cloudOf({ pay: people() }, three);
    const role = { ...grant(OTHER), principal: `arn:aws:iam::${OTHER}:role/app` };
    expect(told(planOf({ pay: people({ allowedPrincipals: [role] }) }, cloud), "pay/service/allowlist")).toEqual({
      risks: ["grants-access", "revokes-access"],
      notes: [expect.stringMatching(/^2 live connections of 1 account \(402592597372\) stay connected/)],
    });
  });

  test("with disconnect the plan rejects them, after the list was changed, and leaves none", () => {
    const cut = { pay: people({ allowedPrincipals: [], disconnect: true, disconnectReason: "over" }) };
    const cloud = cloudOf({ pay: people() }, [...three, ["vpce-0dd11bb22cc33dd44", OTHER, "pendingacceptance"]]);
    const plan = planOf(cut, cloud);
    expect(plan.changes.map(({ step, dependsOn }) => [step, dependsOn])).toEqual([
      ["pay/service/allowlist", []],
      ...[...three.map(([id]) => id), "vpce-0dd11bb22cc33dd44"].map((id) => [
        `pay/service/acceptance/${id}`,
        ["pay/service/allowlist"],
      ]),
    ]);
    expect(told(plan, "pay/service/allowlist").notes).toEqual([]);
    expect(planOf(cut, applyToModel(cloud, plan)).changes).toEqual([]);
  });
});

describe("a service that goes", () => {
  test("is kept while people are connected, with numbers and the way on", () => {
    const plan = planOf({}, cloudOf({ pay: people() }, three));
    expect(plan.findings).toMatchObject([{ id: "service.connected", severity: "error", connection: "pay" }]);
    expect(plan.findings[0]?.message).toMatch(
      /3 connections of 2 accounts would be cut: vpce-0aa11bb22cc33dd44 of account 402592597372, available;/,
    );
    expect(told(plan, "pay/service")).toEqual({
      risks: ["deletes", "disconnects"],
      notes: ["3 live connections of 2 accounts will be cut"],
    });
    expect(plan.changes.every(({ refused }) => refused === "service.connected")).toBe(true);
  });

  test("goes when nobody is left: rejected connections do not count", () => {
    const plan = planOf({}, cloudOf({ pay: people() }, [[ONE, PARTNER, "rejected"]]));
    expect(plan.findings).toEqual([]);
    expect(told(plan, "pay/service").risks).toEqual(["deletes"]);
  });

  test("waits for endpoints of ours that go with it, and is kept by those that stay", () => {
    const both = { pay: service(), shop: endpoint({ connection: "pay" }) };
    const cloud = cloudOf(both, []);
    const plan = planOf({}, cloud);
    expect(plan.findings).toEqual([]);
    const order = plan.changes.map(({ step }) => step);
    expect(order.indexOf("shop/endpoint/main")).toBeLessThan(order.indexOf("pay/service"));
    const left = planOf({ shop: endpoint("com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0") }, cloud, {
      only: ["pay"],
    });
    expect(left.findings.find(({ id }) => id === "service.connected")?.message).toContain(
      "shop/endpoint/main of this project, which stays",
    );
  });

  test("moves to another target: whoever is connected is rejected first, when the spec says so", () => {
    const moved = (more: object) => ({
      pay: service({
        target: "app",
        acceptance: "automatic",
        loadBalancers: [{ arn: BALANCER }],
        allowedPrincipals: [PARTNER, OTHER].map(grant),
        ...more,
      }),
    });
    const cloud = cloudOf({ pay: people() }, three);
    expect(planOf(moved({}), cloud).findings.filter(({ severity }) => severity === "error")).toMatchObject([
      { id: "service.connected" },
    ]);
    const plan = planOf(moved({ disconnect: true, disconnectReason: "moved" }), cloud);
    expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    const gone = plan.changes.find(({ kind, action }) => kind === "endpoint-service" && action === "delete");
    expect(gone?.dependsOn).toEqual(expect.arrayContaining(three.map(([id]) => `pay/service/acceptance/${id}`)));
    expect(gone?.risks).toEqual(["deletes"]);
  });
});

const BALANCER = "arn:aws:elasticloadbalancing:us-east-1:222222222222:loadbalancer/net/there/0123456789abcdef";

describe("other changes that stop traffic", () => {
  test("a listener that goes says who loses its port", () => {
    const on = (port: number) => ({
      loadBalancers: [
        {
          name: "main",
          subnets: SUBNETS,
          listeners: [{ port, protocol: "TCP", targetGroup: { port: 8443, type: "ip" } }],
        },
      ],
    });
    const plan = planOf({ pay: people(on(8080)) }, cloudOf({ pay: people(on(443)) }, three));
    expect(told(plan, "pay/service/nlb/main/listener/443")).toEqual({
      risks: ["deletes", "interrupts"],
      notes: ["3 live connections of 2 accounts lose port 443: nothing answers there any more"],
    });
  });

  test("a narrowed security group may shut clients out", () => {
    const of = (ingress: object[]) => ({
      pay: service(),
      shop: endpoint({ connection: "pay" }, { securityGroup: { ingress } }),
    });
    const rules = [
      { ports: 443, from: "10.20.0.0/16" },
      { ports: 8443, from: "10.21.0.0/16" },
    ];
    const plan = planOf(of(rules.slice(0, 1)), cloudOf(of(rules), []));
    expect(told(plan, "shop/endpoint/main/security-group")).toEqual({
      risks: ["interrupts"],
      notes: [
        expect.stringMatching(
          /^maybe: clients of vpc-endpoint-\w+ that come in only by tcp 8443 from 10.21.0.0\/16 are shut out$/,
        ),
      ],
    });
  });

  test("a name that moves says from where to where, an endpoint that goes whom it cuts", () => {
    const at = (vpc: string, subnets: string[]) => ({
      pay: service(),
      shop: endpoint({ connection: "pay" }, { vpc, subnets }),
    });
    const cloud = cloudOf({ pay: service(), shop: endpoint({ connection: "pay" }) }, []);
    const moved = planOf(at(OTHER_VPC, [OTHER_SUBNET]), cloud);
    expect(told(moved, "shop/endpoint/main/dns/api.apps.example.com")).toEqual({
      risks: ["moves-dns"],
      notes: [
        expect.stringMatching(
          /^api.apps.example.com leads to shop\/endpoint\/main, once it is there; connections that are open stay on vpc-endpoint-/,
        ),
      ],
    });
    const gone = planOf({ pay: service() }, cloud);
    expect(told(gone, "shop/endpoint/main")).toEqual({
      risks: ["deletes", "disconnects", "interrupts"],
      notes: [
        expect.stringMatching(/^1 live connection of 1 account will be cut: clients of vpc-endpoint-\w+ in vpc-/),
      ],
    });
  });
});

describe("an endpoint of ours that has ended", () => {
  const specs = { pay: service(), shop: endpoint({ connection: "pay" }) };
  const ended = (state: string): Snapshot => {
    const cloud = cloudOf(specs, []);
    const targets = cloud.targets.map((one) => ({
      ...one,
      resources: one.resources.map((live) => (live.kind === "vpc-endpoint" ? { ...live, state } : live)),
    }));
    return { ...cloud, targets };
  };

  test.each(["rejected", "expired", "failed"])("because it was %s is replaced", (state) => {
    const plan = planOf(specs, ended(state));
    expect(told(plan, "shop/endpoint/main")).toEqual({ risks: [], notes: [] });
    expect(plan.changes.find(({ step }) => step === "shop/endpoint/main")).toMatchObject({
      action: "replace",
      differences: [{ attribute: "state", before: state, after: "available", forcesReplacement: true }],
    });
    expect(planOf(specs, applyToModel(ended(state), plan)).changes).toEqual([]);
  });

  test("because the service's own spec rejects it stays as it is", () => {
    const rejecting = (rule: object) => ({
      ...specs,
      pay: service({ connections: { reject: [{ ...rule, reason: "not any more" }] } }),
    });
    const another = planOf(rejecting({ endpoint: ONE }), ended("rejected"));
    expect(another.changes.some(({ action }) => action === "replace")).toBe(true);
    const kept = planOf(rejecting({ account: "222222222222" }), ended("rejected"));
    expect(kept.changes.filter(({ kind }) => kind === "vpc-endpoint")).toEqual([]);
    expect(kept.findings.find(({ id }) => id === "endpoint.ended")?.message).toMatch(
      /Remove the endpoint from the spec/,
    );
  });
});
