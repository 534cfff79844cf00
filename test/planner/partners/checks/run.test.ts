import { describe, expect, test } from "vitest";
import type { Finding } from "../../../../src/model.ts";
import { argsOf } from "../../../../src/planner/partners/checks/args.ts";
import type { CheckKind, Role } from "../../../../src/planner/partners/profile.ts";
import { emptyCloud } from "../../builders.ts";
import { checkOf, cloudWithPartner, consumed, planWith, problemsWith, profileWith, provided } from "./support.ts";

const both = { ...provided(), ...consumed() };
const acme = (findings: readonly Finding[]): Finding[] => findings.filter(({ id }) => id.startsWith("acme."));
const region = (changes: object = {}): object =>
  checkOf({ kind: "region.is", args: { is: ["eu-west-1"] }, ...changes });

describe("a check that fails", () => {
  test("says what was found, what is demanded and on whose word, where the spec says it", () => {
    const { plan } = planWith(profileWith({ provider: [region({ message: "Move it to {{params.site}}" })] }), {
      spec: provided(),
      params: { site: "Dublin" },
    });
    expect(acme(plan.findings)).toEqual([
      {
        id: "acme.check",
        severity: "error",
        connection: "pay",
        address: "pay/service",
        message: "the service is in us-east-1, not in eu-west-1. Move it to Dublin (acme-cloud, source: docs)",
        at: { file: "specs/pay.yaml", line: 14, column: 15 },
      },
    ]);
  });

  test("says its demand as the profile has it while a value in it is not known", () => {
    const { plan } = planWith(profileWith({ provider: [region({ message: "Move it to {{params.site}}" })] }), {
      spec: provided(),
    });
    expect(acme(plan.findings)).toMatchObject([
      { message: expect.stringContaining("Move it to {{params.site}} (acme") },
    ]);
  });

  test.each([
    ["error", ["acme.check"]],
    ["warning", []],
    ["info", []],
  ])("as %s refuses all changes or none", (severity, refusals) => {
    const { plan } = planWith(profileWith({ provider: [region({ severity })] }), { spec: provided() });
    expect(acme(plan.findings)).toMatchObject([{ severity }]);
    expect(plan.changes.length).toBeGreaterThan(0);
    expect([...new Set(plan.changes.flatMap(({ refused }) => refused ?? []))]).toEqual(refusals);
  });

  const acknowledge = [{ finding: "acme.check", reason: "agreed with Acme" }];
  test("is lifted by acknowledge where the profile lets it, with the reason in the plan", () => {
    const { plan } = planWith(profileWith({ provider: [region({ waivable: true })] }), {
      spec: { ...provided(), acknowledge },
    });
    expect(acme(plan.findings)).toMatchObject([{ severity: "error", waivable: true, waived: "agreed with Acme" }]);
    expect(plan.changes.filter(({ refused }) => refused !== undefined)).toEqual([]);
  });

  test("is not lifted where the profile does not let it", () => {
    const { plan } = planWith(profileWith({ provider: [region()] }), { spec: { ...provided(), acknowledge } });
    expect(acme(plan.findings)).toMatchObject([{ severity: "error" }]);
    expect(acme(plan.findings)[0]?.waived).toBeUndefined();
    expect(plan.findings.map(({ id }) => id)).toContain("acknowledge.refused");
    expect(plan.changes.every(({ refused }) => refused === "acme.check")).toBe(true);
  });
});

describe("a check that is deferred", () => {
  const deferred = region({ args: { is: "{{params.region}}" }, waivable: true });
  test("is a note that says what it waits for, refuses nothing, and may be acknowledged beforehand", () => {
    const { plan } = planWith(profileWith({ provider: [deferred] }), {
      spec: { ...provided(), acknowledge: [{ finding: "acme.check", reason: "later" }] },
    });
    expect(acme(plan.findings)).toMatchObject([{ severity: "info", deferred: "params.region (the ticket)" }]);
    expect(plan.findings.map(({ id }) => id)).not.toContain("acknowledge.refused");
    expect(plan.changes.filter(({ refused }) => refused !== undefined)).toEqual([]);
  });
});

describe("what is judged", () => {
  test("a condition spares those that it does not hold for", () => {
    const profiles = profileWith({ provider: [region({ when: { site: "east" } })] });
    const said = (site: string) =>
      acme(planWith(profiles, { spec: provided(), params: { site } }).plan.findings).length;
    expect([said("east"), said("west")]).toEqual([1, 0]);
    const halves = profileWith({ provider: [region({ when: { mode: "bidirectional" } })] });
    expect(acme(planWith(halves, { spec: provided() }).plan.findings)).toEqual([]);
    expect(acme(planWith(halves, { spec: both }).plan.findings)).toHaveLength(1);
  });

  test("each half by its own checks, and each endpoint that leads to the partner", () => {
    const [first] = (consumed() as { endpoints: object[] }).endpoints;
    const endpoints = [first, { ...first, name: "second" }, { ...first, name: "own", service: { connection: "pay" } }];
    const { plan } = planWith(profileWith({ provider: [region({ id: "acme.ours" })], consumer: [region()] }), {
      spec: { ...provided(), endpoints },
    });
    expect(
      acme(plan.findings)
        .map(({ id, address }) => `${id} ${address}`)
        .sort(),
    ).toEqual(["acme.check pay/endpoint/main", "acme.check pay/endpoint/second", "acme.ours pay/service"]);
  });

  test("what is said of the parameters is said once, however many halves and endpoints ask", () => {
    const check = checkOf({ kind: "params.values", args: { param: "site", in: ["east"] } });
    const [first] = (consumed() as { endpoints: object[] }).endpoints;
    const spec = { ...provided(), endpoints: [first, { ...first, name: "second" }] };
    const { plan } = planWith(profileWith({ provider: [check], consumer: [check] }), {
      spec,
      params: { site: "west" },
    });
    expect(acme(plan.findings)).toHaveLength(1);
    expect(acme(plan.findings)[0]).not.toHaveProperty("address");
  });

  test("nothing of a connection that is to go: what it did wrong goes with it", () => {
    const profiles = profileWith({ provider: [region()] });
    expect(acme(planWith(profiles, { spec: { ...provided(), state: "absent" } }).plan.findings)).toEqual([]);
  });

  test("nothing of a connection whose target could not be read", () => {
    const cloud = emptyCloud({ net: { error: { code: "AccessDenied", message: "no" }, subnets: [] } });
    expect(acme(planWith(profileWith({ provider: [region()] }), { spec: provided(), cloud }).plan.findings)).toEqual(
      [],
    );
  });
});

/** For each kind that takes values, args that lead to what nobody has told. */
const UNKNOWN: { readonly [K in CheckKind]?: { readonly role: Role; readonly args: object } } = {
  "region.is": { role: "provider", args: { is: "{{params.region}}" } },
  "region.cross": { role: "provider", args: { remote: "{{params.region}}" } },
  "zones.match": { role: "consumer", args: { how: "covers", with: "{{params.zones}}" } },
  "zones.avoid": { role: "consumer", args: { ids: "{{params.zones}}" } },
  "ports.allowed": { role: "provider", args: { ports: "{{params.told}}" } },
  "ports.forbidden": { role: "provider", args: { ports: "{{params.told}}" } },
  "ports.ingress": { role: "consumer", args: { ports: "{{params.told}}" } },
  "principals.forms": { role: "consumer", args: { allowed: ["account"] } },
  "principals.breadth": { role: "consumer", args: { warn: ["everyone"] } },
  "params.values": { role: "provider", args: { param: "told", notIn: ["x"] } },
  "params.count": { role: "provider", args: { param: "told", max: 1 } },
};

describe("an input that is not known", () => {
  test.each(Object.entries(UNKNOWN))("of %s defers it, and never counts as met", (kind, { role, args }) => {
    const spec = role === "provider" ? provided() : consumed();
    const { plan } = planWith(profileWith({ [role]: [checkOf({ kind, args })] }), { spec });
    expect(acme(plan.findings)).toMatchObject([{ severity: "info", deferred: expect.stringMatching(/^params\./) }]);
  });

  test("of principals.present defers it: whom the partner sends is told later", () => {
    const profiles = profileWith(
      { provider: [checkOf({ kind: "principals.present" })] },
      { each: "params.principals", values: ["{{item}}"] },
    );
    expect(acme(planWith(profiles, { spec: provided() }).plan.findings)).toMatchObject([
      { severity: "info", deferred: "params.principals (the ticket)" },
    ]);
    const told = { principals: ["arn:aws:iam::222222222222:role/any", "arn:aws:iam::999999999999:role/link"] };
    expect(acme(planWith(profiles, { spec: provided(), params: told }).plan.findings)).toMatchObject([
      { severity: "error", message: expect.stringMatching(/^arn:aws:iam::999999999999:role\/link is not among/) },
    ]);
  });

  const ARN = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/theirs/0123456789abcdef";
  const OF_BALANCERS: readonly (readonly [CheckKind, object])[] = [
    ["zones.match", { how: "subset", with: ["use1-az4"] }],
    ["zones.min", { min: 1 }],
    ["zones.avoid", { ids: ["use1-az1"] }],
    ["ports.allowed", { ports: [443] }],
    ["ports.forbidden", { ports: [22] }],
    ["protocols.allowed", { protocols: ["TCP"] }],
    ["balancer.type", { type: "network" }],
    ["balancer.scheme", { scheme: "internal" }],
    ["balancer.healthy", {}],
    ["balancer.health-check-port", { override: true }],
    ["balancer.inbound-rules", { must: "off" }],
    ["balancer.cross-zone", { must: false }],
  ];
  test.each(OF_BALANCERS)("of %s is a load balancer that nobody has seen", (kind, args) => {
    const spec = provided({ loadBalancers: [{ arn: ARN }] });
    const { plan } = planWith(profileWith({ provider: [checkOf({ kind, args })] }), { spec });
    expect(acme(plan.findings)).toMatchObject([{ severity: "info", deferred: expect.stringContaining(ARN) }]);
  });
});

describe("a profile does not load", () => {
  const refused: readonly (readonly [string, Role, CheckKind, object, string])[] = [
    [
      "a check under a role where it has nothing to judge",
      "consumer",
      "balancer.type",
      { type: "network" },
      "profile.check",
    ],
    ["a check without what it needs", "provider", "region.is", {}, "field.missing"],
    ["an argument that the kind does not know", "provider", "manual", { must: true }, "field.unknown"],
    ["a word that the kind does not know", "provider", "zones.match", { how: "same", with: ["a"] }, "value.choice"],
    ["an empty list of values", "provider", "zones.avoid", { ids: [] }, "list.length"],
    [
      "a parameter that the profile does not have",
      "provider",
      "params.count",
      { param: "none", max: 1 },
      "profile.check",
    ],
    ["a placeholder that leads nowhere", "provider", "region.is", { is: "{{params.none}}" }, "profile.template"],
  ];
  test.each(refused)("with %s", (_, role, kind, args, code) => {
    expect(problemsWith(role, { kind, args })).toEqual([code]);
  });

  test("every kind says under which roles it stands and what it takes", () => {
    for (const [kind, { roles, schema }] of Object.entries(argsOf)) {
      expect(roles.length, kind).toBeGreaterThan(0);
      expect(schema, kind).toMatchObject({ type: "object", additionalProperties: false });
    }
  });
});

test("the partner's service is found by the spec's own name of it", () => {
  const check = checkOf({ kind: "zones.min", args: { all: true } });
  const { plan } = planWith(profileWith({ consumer: [check] }), { spec: consumed(), cloud: cloudWithPartner() });
  expect(acme(plan.findings)).toEqual([]);
});

test("the partner's service is found by the name that the profile gives where the spec leaves it out", () => {
  const check = checkOf({ kind: "zones.min", args: { all: true } });
  const cloud = cloudWithPartner({ azIds: ["use1-az1", "use1-az4", "use1-az6"] });
  const spec = consumed({ service: undefined });
  const { plan } = planWith(profileWith({ consumer: [check] }), { spec, cloud });
  expect(acme(plan.findings)).toMatchObject([{ message: expect.stringContaining("is in use1-az1 too") }]);
});
