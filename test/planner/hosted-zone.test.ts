import { describe, expect, test } from "vitest";
import type { Change, Live, Plan, Snapshot } from "../../src/model.ts";
import { wantedByTarget } from "../../src/planner/wanted.ts";
import {
  APP_VPC,
  connections,
  emptyCloud,
  endpoint,
  OTHER_VPC,
  planOf,
  project,
  service,
  sha256,
  VPC,
} from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

const DOMAIN = "use1.partner.example";
const ZONE = "shop/endpoint/main/hosted-zone";
const both = [
  { name: "*", type: "CNAME" },
  { name: "*.{{zone.id}}", type: "CNAME", to: "zonal" },
];
const shop = (hostedZone: object | string, more: object = {}) => ({
  pay: service(),
  shop: endpoint({ connection: "pay" }, { aliases: [], hostedZone, ...more }),
});
const start = emptyCloud();
const inPlan = ({ changes }: Plan) =>
  changes
    .filter(({ kind }) => /zone|record/.test(kind))
    .map(({ action, step, target }) => `${action} ${step.replace(ZONE, "")} ${target}`);
const applied = (specs: Parameters<typeof planOf>[0], cloud: Snapshot = start) =>
  applyToModel(cloud, planOf(specs, cloud));
const errors = ({ findings }: Plan) => findings.filter(({ severity }) => severity === "error").map(({ id }) => id);
const liveAt = (cloud: Snapshot, address: string): Live | undefined =>
  cloud.targets.flatMap(({ resources }) => resources).find((one) => one.address === address);
const place = ({ changes }: Plan, step: string) => changes.findIndex((one) => one.step === step);

describe("a private hosted zone of an endpoint", () => {
  test("is made with a record for all and one for each Availability Zone, and then there is nothing to do", () => {
    const specs = shop({ name: DOMAIN, records: both });
    const plan = planOf(specs, start);
    expect(errors(plan)).toEqual([]);
    expect(inPlan(plan)).toEqual([
      "create  app",
      `create /record/*.use1-az4.${DOMAIN}/cname app`,
      `create /record/*.use1-az6.${DOMAIN}/cname app`,
      `create /record/*.${DOMAIN}/cname app`,
    ]);
    const zone = plan.changes.find(({ kind }) => kind === "hosted-zone");
    expect(zone?.desired?.attributes).toMatchObject({
      name: DOMAIN,
      account: "222222222222",
      vpcs: [`us-east-1/${APP_VPC}`],
    });
    const cloud = applied(specs);
    expect(liveAt(cloud, `${ZONE}/record/*.use1-az6.${DOMAIN}/cname`)?.attributes).toMatchObject({
      type: "CNAME",
      values: [liveAt(cloud, "shop/endpoint/main")?.outputs["zonalDnsName/us-east-1a"]],
      ttlSeconds: 60,
    });
    expect(planOf(specs, cloud).changes).toEqual([]);
  });

  test("may hold alias records, also of the zone itself", () => {
    const specs = shop({
      name: DOMAIN,
      records: [
        { name: "@", type: "ALIAS" },
        { name: "db", type: "ALIAS" },
      ],
    });
    const cloud = applied(specs);
    expect(liveAt(cloud, `${ZONE}/dns/${DOMAIN}`)?.attributes).toMatchObject({
      zoneId: liveAt(cloud, ZONE)?.id,
      types: ["A"],
    });
    expect(liveAt(cloud, `${ZONE}/dns/db.${DOMAIN}`)).toBeDefined();
    expect(planOf(specs, cloud).changes).toEqual([]);
  });

  test("goes after its records, and says that names stop resolving", () => {
    const cloud = applied(shop({ name: DOMAIN, records: both }));
    const plan = planOf(shop("none"), cloud);
    expect(inPlan(plan).at(-1)).toBe("delete  app");
    expect(plan.changes.at(-1)?.dependsOn).toHaveLength(3);
    expect(plan.changes.at(-1)?.risks).toEqual(["deletes", "moves-dns"]);
  });

  test("with another domain is replaced: the new one with its records, then the old ones go", () => {
    const cloud = applied(shop({ name: DOMAIN, records: [{ name: "*", type: "CNAME" }] }));
    const specs = shop({ name: "other.example", records: [{ name: "*", type: "CNAME" }] });
    const plan = planOf(specs, cloud);
    const old = liveAt(cloud, ZONE)?.id;
    expect(inPlan(plan)).toEqual([
      "replace  app",
      "create /record/*.other.example/cname app",
      `delete /record/*.${DOMAIN}/cname app`,
      `delete #${old} app`,
    ]);
    expect(planOf(specs, applied(specs, cloud)).changes).toEqual([]);
  });

  test("of an endpoint that moves to another VPC moves with it", () => {
    const zone = { name: DOMAIN, records: [{ name: "*", type: "CNAME" }] };
    const cloud = applied(shop(zone));
    const moved = shop(zone, { vpc: OTHER_VPC, subnets: ["subnet-0b1b2c3d4e5f60003"] });
    const change = planOf(moved, cloud).changes.find(({ kind }) => kind === "hosted-zone");
    expect(change).toMatchObject({
      action: "update",
      risks: ["moves-dns"],
      differences: [{ attribute: "vpcs", before: [`us-east-1/${APP_VPC}`], after: [`us-east-1/${OTHER_VPC}`] }],
    });
  });

  test("a record that becomes one of another sort is deleted before it is made anew", () => {
    const cloud = applied(shop({ name: DOMAIN, records: [{ name: "db", type: "ALIAS" }] }));
    const specs = shop({ name: DOMAIN, records: [{ name: "db", type: "CNAME" }] });
    const plan = planOf(specs, cloud);
    expect(inPlan(plan)).toEqual([`delete /dns/db.${DOMAIN} app`, `create /record/db.${DOMAIN}/cname app`]);
    expect(plan.changes[1]?.dependsOn).toContain(plan.changes[0]?.step);
  });

  test("is not deleted while it holds records of others; the plan names them and keeps all of the connection", () => {
    const made = applied(shop({ name: DOMAIN, records: both }));
    const id = liveAt(made, ZONE)?.id ?? "";
    const zones = [{ id, name: DOMAIN, private: true, strangers: ["db.use1.partner.example A"] }];
    const cloud = { ...made, targets: made.targets.map((one) => (one.target === "app" ? { ...one, zones } : one)) };
    const plan = planOf({ pay: service() }, cloud);
    expect(errors(plan)).toEqual(["hosted-zone.occupied"]);
    expect(plan.findings.find(({ severity }) => severity === "error")?.message).toContain("db.use1.partner.example A");
    expect(plan.changes.filter(({ refused }) => refused === undefined)).toEqual([]);
  });

  test.each([
    [
      "a zone of somebody else",
      { vpcZones: [{ vpcId: APP_VPC, zoneId: "Z0THEIRS", name: DOMAIN, owner: "999999999999" }] },
    ],
  ])("cannot be made where the VPC knows the domain already: %s", (_what, app) => {
    const plan = planOf(shop({ name: DOMAIN, records: both }), emptyCloud({ app }));
    expect(errors(plan)).toEqual(["hosted-zone.conflict"]);
    expect(plan.findings.find(({ severity }) => severity === "error")).toMatchObject({
      message: expect.stringContaining("Z0THEIRS of account 999999999999"),
      at: { file: "specs/shop.yaml" },
    });
  });

  test("its own zone there is no conflict, and neither is one of another domain", () => {
    const specs = shop({ name: DOMAIN, records: both });
    const cloud = applied(specs);
    const vpcZones = [
      { vpcId: APP_VPC, zoneId: liveAt(cloud, ZONE)?.id ?? "", name: DOMAIN, owner: "222222222222" },
      { vpcId: APP_VPC, zoneId: "Z0THEIRS", name: "partner.example", owner: "999999999999" },
    ];
    const there = {
      ...cloud,
      targets: cloud.targets.map((one) => (one.target === "app" ? { ...one, vpcZones } : one)),
    };
    expect(errors(planOf(specs, there))).toEqual([]);
  });

  test("two zones of one domain cannot resolve in one VPC", () => {
    const zone = { name: DOMAIN, records: both };
    const second = endpoint({ connection: "pay" }, { aliases: [], hostedZone: zone });
    expect(errors(planOf({ ...shop(zone), zeta: second }, start))).toEqual(["hosted-zone.conflict"]);
  });

  test("with more tags than AWS allows a zone is refused", () => {
    const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`tag-${n}`, "x"]));
    const specs = shop({ name: DOMAIN, records: both });
    expect(errors(planOf(specs, start, { project: project({ tags: tags(7) }) }))).toEqual([]);
    expect(errors(planOf(specs, start, { project: project({ tags: tags(8) }) }))).toEqual(["quota.zone-tags"]);
  });

  test("waits with its records while the endpoint has no names", () => {
    const name = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
    const specs = { shop: endpoint(name, { aliases: [], hostedZone: { name: DOMAIN, records: both } }) };
    const services = [
      {
        name,
        region: "us-east-1",
        owner: "999999999999",
        acceptanceRequired: true,
        policySupported: false,
        azIds: [],
        ipAddressTypes: ["ipv4"],
      },
    ];
    const cloud = applied(specs, emptyCloud({ app: { services } }));
    const resting = {
      ...cloud,
      targets: cloud.targets.map((one) => ({
        ...one,
        resources: one.resources
          .filter(({ kind }) => kind !== "value-record")
          .map((live) =>
            live.kind === "vpc-endpoint"
              ? { ...live, state: "pendingacceptance", outputs: { endpointId: live.id } }
              : live,
          ),
      })),
    };
    expect(planOf(specs, resting).changes).toEqual([]);
  });
});

describe("VPCs of other accounts", () => {
  const zone = (...vpcs: object[]) => ({ name: DOMAIN, vpcs, records: [{ name: "*", type: "CNAME" }] });
  const specs = shop(zone({ vpc: VPC, target: "net" }));

  test("are authorized in the zone's account, associated in their own, and the authorization ends with the plan", () => {
    const plan = planOf(specs, start);
    expect(errors(plan)).toEqual([]);
    expect(inPlan(plan).filter((line) => /vpc|auth/.test(line))).toEqual([
      `create /authorization/${VPC} app`,
      `create /vpc/${VPC} net`,
      `delete /authorization/${VPC}#end app`,
    ]);
    const [leave, vpc] = [`${ZONE}/authorization/${VPC}`, `${ZONE}/vpc/${VPC}`];
    const order = [ZONE, leave, vpc, `${leave}#end`].map((step) => place(plan, step));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    const byStep = new Map(plan.changes.map((change): [string, Change] => [change.step, change]));
    expect(byStep.get(leave)).toMatchObject({ dependsOn: [ZONE], temporary: true });
    expect(byStep.get(vpc)?.dependsOn).toEqual([ZONE, leave].sort());
    expect(byStep.get(`${leave}#end`)).toMatchObject({ dependsOn: [ZONE, leave, vpc].sort(), temporary: true });
    expect(plan.summary.delete).toBe(0);
  });

  test("stay associated without an authorization", () => {
    const cloud = applied(specs);
    expect(liveAt(cloud, `${ZONE}/authorization/${VPC}`)).toBeUndefined();
    expect(planOf(specs, cloud).changes).toEqual([]);
  });

  test("an authorization that a killed run has left behind is used, or only ended", () => {
    const only = (steps: readonly string[]) =>
      applyToModel(start, planOf(specs, start), ({ step }) => steps.includes(step));
    const prefix = planOf(specs, start).changes.map(({ step }) => step);
    const upTo = (step: string) => prefix.slice(0, prefix.indexOf(step) + 1);
    const authorized = only(upTo(`${ZONE}/authorization/${VPC}`));
    expect(inPlan(planOf(specs, authorized)).filter((line) => /vpc|auth/.test(line))).toEqual([
      `create /vpc/${VPC} net`,
      `delete /authorization/${VPC}#end app`,
    ]);
    const associated = only(upTo(`${ZONE}/vpc/${VPC}`));
    expect(inPlan(planOf(specs, associated)).filter((line) => /vpc|auth/.test(line))).toEqual([
      `delete /authorization/${VPC}#end app`,
    ]);
  });

  test("that no spec names are taken out of the zone; of the same account they are the zone's own matter", () => {
    const cloud = applied(specs);
    expect(inPlan(planOf(shop(zone()), cloud))).toEqual([`delete /vpc/${VPC} net`]);
    const more = planOf(shop(zone({ vpc: OTHER_VPC })), start);
    expect(more.changes.find(({ kind }) => kind === "hosted-zone")?.desired?.attributes).toMatchObject({
      vpcs: [`us-east-1/${APP_VPC}`, `us-east-1/${OTHER_VPC}`],
    });
    expect(more.changes.some(({ kind }) => kind === "zone-association")).toBe(false);
  });

  test("leave before the zone", () => {
    const plan = planOf({ pay: service() }, applied(specs));
    const [vpc, whole] = [place(plan, `${ZONE}/vpc/${VPC}`), place(plan, ZONE)];
    expect(plan.changes[whole]?.dependsOn).toContain(`${ZONE}/vpc/${VPC}`);
    expect(vpc).toBeLessThan(whole);
  });

  test("are known in every target of the zone's account, and only there", () => {
    const of = project({
      targets: {
        net: { account: "111111111111", region: "us-east-1" },
        app: { account: "222222222222", region: "us-east-1" },
        "app-eu": { account: "222222222222", region: "eu-west-1" },
      },
    });
    const wanted = wantedByTarget(of, connections(specs, of), sha256);
    const zones = [{ address: ZONE, name: DOMAIN, guests: [`us-east-1/${VPC}`] }];
    expect(["app", "app-eu", "net"].map((target) => wanted.get(target)?.hostedZones)).toEqual([
      zones,
      zones,
      undefined,
    ]);
    expect([...wantedByTarget(of, connections(specs, of), sha256, ["shop"]).keys()].sort()).toEqual(["app", "net"]);
  });
});
