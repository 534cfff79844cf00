import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/model.ts";
import type { ConnectionSpec } from "../../src/planner/specs/index.ts";
import { wantedByTarget } from "../../src/planner/wanted.ts";
import { connections, emptyCloud, endpoint, planOf, project, SUBNETS, service, sha256 } from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

type Specs = Parameters<typeof planOf>[0];
const cloudOf = (specs: Specs): Snapshot => applyToModel(emptyCloud(), planOf(specs));
const own = () => ({ ...service(), ...endpoint({ connection: "pay" }) });
const withName = (name: string, renamedFrom?: string) =>
  ({ metadata: { name, ...(renamedFrom ? { renamedFrom } : {}) } }) as unknown as Partial<ConnectionSpec>;

/** Fails unless the plan changes nothing but marks, and the plans after it nothing at all, with and without the word. */
function expectMarksOnly(cloud: Snapshot, said: Specs, without: Specs): void {
  const plan = planOf(said, cloud);
  expect(plan.findings.filter(({ severity }) => severity !== "info")).toEqual([]);
  expect(plan.changes.length).toBeGreaterThan(0);
  for (const { step, action, differences, risks, notes, live, desired } of plan.changes) {
    expect({ step, action, risks }).toEqual({ step, action: "update", risks: [] });
    expect(differences.every(({ attribute }) => /^tags\.landline:(address|connection)$/.test(attribute))).toBe(true);
    expect(notes).toContainEqual(expect.stringContaining(`renamed from ${live?.formerly}: only its marks change`));
    const { name } = (desired?.attributes ?? {}) as { name?: string };
    expect(name).toBe(live?.attributes.name);
  }
  const after = applyToModel(cloud, plan);
  const next = planOf(said, after);
  expect(next.changes).toEqual([]);
  expect(next.findings).toContainEqual(expect.objectContaining({ id: "rename.done", severity: "info" }));
  const last = planOf(without, after);
  expect({ changes: last.changes, findings: last.findings }).toEqual({ changes: [], findings: [] });
}

describe("a rename that the spec says", () => {
  test("of a connection moves only marks", () => {
    const renamed = { ...own(), ...endpoint({ connection: "wages" }) };
    expectMarksOnly(
      cloudOf({ pay: own() }),
      { wages: { ...renamed, ...withName("wages", "pay") } },
      { wages: renamed },
    );
  });

  test("of an endpoint moves only marks, its record's too", () => {
    const specs = (changes: object) => ({ pay: service(), shop: endpoint({ connection: "pay" }, changes) });
    expectMarksOnly(
      cloudOf(specs({ name: "old" })),
      specs({ name: "new", renamedFrom: "old" }),
      specs({ name: "new" }),
    );
  });

  test("of a load balancer moves only marks", () => {
    const balancer = (changes: object) => ({
      pay: service({ loadBalancers: [{ ...listening, ...changes }] }),
    });
    expectMarksOnly(
      cloudOf(balancer({ name: "old" })),
      balancer({ name: "new", renamedFrom: "old" }),
      balancer({ name: "new" }),
    );
  });

  test("of a connection and its endpoint at once", () => {
    const specs = (name: string, more: object) => ({ pay: service(), [name]: endpoint({ connection: "pay" }, more) });
    const said = specs("store", { name: "new", renamedFrom: "old" });
    expectMarksOnly(
      cloudOf(specs("shop", { name: "old" })),
      { ...said, store: { ...said.store, ...withName("store", "shop") } },
      specs("store", { name: "new" }),
    );
  });

  test("never makes two objects one: what has the new name already stays, the old one goes as any other", () => {
    const both = { pay: service(), shop: endpoint({ connection: "pay" }, { name: "old", aliases: [] }) };
    const two = {
      ...both,
      shop: {
        endpoints: [
          ...(both.shop.endpoints ?? []),
          ...(endpoint({ connection: "pay" }, { name: "new", aliases: [] }).endpoints ?? []),
        ],
      },
    };
    const plan = planOf(
      { pay: service(), shop: endpoint({ connection: "pay" }, { name: "new", renamedFrom: "old", aliases: [] }) },
      cloudOf(two),
    );
    expect(plan.changes.map(({ action, step }) => `${action} ${step}`)).toEqual([
      "delete shop/endpoint/old",
      "delete shop/endpoint/old/security-group",
    ]);
  });

  test("is read under both names", () => {
    const specs = { pay: service(), store: { ...endpoint({ connection: "pay" }), ...withName("store", "shop") } };
    const wanted = wantedByTarget(project(), connections(specs), sha256, ["store"]);
    expect(wanted.get("app")?.connections).toEqual(["pay", "shop", "store"]);
  });
});

const listening = {
  name: "main",
  subnets: SUBNETS,
  listeners: [{ port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip", targets: ["10.0.1.10"] } }],
};

describe("a rename that nobody said", () => {
  const offer = { finding: "rename.possible", reason: "it is another one" };
  const offers = (plan: ReturnType<typeof planOf>) =>
    plan.findings
      .filter(({ id }) => id === "rename.possible")
      .map(({ severity, connection, waived }) => [severity, connection, waived]);

  test("of a connection is refused on both sides, with the line that makes it one", () => {
    const plan = planOf(
      { pay: service(), store: endpoint({ connection: "pay" }) },
      cloudOf({ pay: service(), shop: endpoint({ connection: "pay" }) }),
    );
    expect(offers(plan)).toEqual([
      ["error", "shop", undefined],
      ["error", "store", undefined],
    ]);
    expect(plan.findings.find(({ connection }) => connection === "store")?.message).toMatch(
      /vpc-endpoint-\w+ would be deleted and made anew.*"renamedFrom: shop" under metadata/,
    );
    expect(plan.changes.every(({ refused }) => refused === "rename.possible")).toBe(true);
  });

  test("is made anew when the spec says that it is another one", () => {
    const cloud = cloudOf({ pay: service(), shop: endpoint({ connection: "pay" }) });
    const plan = planOf({ pay: service(), store: { ...endpoint({ connection: "pay" }), acknowledge: [offer] } }, cloud);
    expect(offers(plan)).toEqual([["error", "store", offer.reason]]);
    expect(plan.changes.map(({ refused }) => refused)).not.toContain("rename.possible");
    expect(
      planOf({ pay: service(), store: endpoint({ connection: "pay" }) }, applyToModel(cloud, plan)).changes,
    ).toEqual([]);
  });

  test("of an endpoint is refused, of a load balancer a warning: its replacement keeps traffic flowing", () => {
    const endpoints = (name: string) => ({ pay: service(), shop: endpoint({ connection: "pay" }, { name }) });
    expect(offers(planOf(endpoints("new"), cloudOf(endpoints("old"))))).toEqual([["error", "shop", undefined]]);
    const balancers = (name: string) => ({ pay: service({ loadBalancers: [{ ...listening, name }] }) });
    expect(offers(planOf(balancers("new"), cloudOf(balancers("old"))))).toEqual([["warning", "pay", undefined]]);
  });

  test.each([
    ["other subnets", { subnets: ["subnet-0b1b2c3d4e5f60001"] }],
    ["another VPC", { vpc: "vpc-0b1b2c3d4e5f60002", subnets: ["subnet-0b1b2c3d4e5f60003"] }],
    ["another name of its own", { name: "second" }],
  ])("is not seen in an endpoint with %s", (_what, changes) => {
    const cloud = cloudOf({ pay: service(), shop: endpoint({ connection: "pay" }) });
    expect(offers(planOf({ pay: service(), store: endpoint({ connection: "pay" }, changes) }, cloud))).toEqual([]);
  });
});
