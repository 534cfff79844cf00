import { describe, expect, test } from "vitest";
import type { Plan, Snapshot, TargetSnapshot } from "../../src/model.ts";
import { wantedByTarget } from "../../src/planner/wanted.ts";
import {
  APP_SUBNETS,
  APP_VPC,
  connections,
  emptyCloud,
  endpoint,
  OTHER_SUBNET,
  OTHER_VPC,
  planOf,
  project,
  SUBNETS,
  service,
  sha256,
  VPC,
  ZONE,
} from "./builders.ts";

const SERVICE = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
const TIER = { tier: "private" };
const PUBLIC_ZONE = "Z0PUBLIC000000000001";

/** What reading finds where specs name things by names and tags. */
function tagged(changes: Partial<TargetSnapshot> = {}): Snapshot {
  const [first = "", second = ""] = APP_SUBNETS;
  return emptyCloud({
    app: {
      subnets: [
        { id: first, vpcId: APP_VPC, az: "us-east-1a", azId: "use1-az6", tags: { Name: "app-a", ...TIER } },
        { id: second, vpcId: APP_VPC, az: "us-east-1b", azId: "use1-az4", tags: { Name: "app-b", ...TIER } },
        { id: OTHER_SUBNET, vpcId: OTHER_VPC, az: "us-east-1b", azId: "use1-az4", tags: { tier: "public" } },
      ],
      vpcs: [
        { id: APP_VPC, tags: { Name: "apps", env: "prod" } },
        { id: OTHER_VPC, tags: { Name: "old", env: "test" } },
      ],
      securityGroups: [
        { id: "sg-0b1b2c3d4e5f60004", name: "app", vpcId: APP_VPC, tags: { role: "app" } },
        { id: "sg-0b1b2c3d4e5f60005", name: "app", vpcId: OTHER_VPC, tags: { role: "app" } },
        { id: "sg-0b1b2c3d4e5f60006", name: "batch", vpcId: APP_VPC, tags: { role: "app" } },
      ],
      zones: [{ id: ZONE, name: "apps.example.com", private: true }],
      ...changes,
    },
    net: {
      subnets: SUBNETS.map((id, index) => ({
        id,
        vpcId: VPC,
        az: `us-east-1${"ab"[index]}`,
        azId: ["use1-az4", "use1-az6"][index] ?? "",
        tags: TIER,
      })),
      vpcs: [{ id: VPC, tags: { Name: "hub" } }],
      securityGroups: [{ id: "sg-0a1b2c3d4e5f60004", name: "front", vpcId: VPC, tags: {} }],
      zones: [{ id: PUBLIC_ZONE, name: "example.com", private: false }],
    },
  });
}

const byName = {
  pay: service({
    loadBalancers: [
      {
        name: "main",
        subnets: { tags: TIER, vpc: { name: "hub" } },
        securityGroups: [{ name: "front" }],
        listeners: [{ port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip", targets: ["10.0.1.10"] } }],
      },
    ],
    privateDns: { name: "pay.example.com", zone: "example.com" },
  }),
  shop: endpoint(
    { connection: "pay" },
    {
      vpc: { name: "apps" },
      subnets: { tags: TIER },
      securityGroup: { ingress: [{ ports: 443, from: { securityGroup: { name: "app" } } }] },
      aliases: [{ name: "api.apps.example.com", zone: "apps.example.com" }],
    },
  ),
  lab: endpoint(
    { connection: "pay" },
    {
      vpc: { tags: { env: "prod" } },
      subnets: { tags: { Name: "app-b" } },
      securityGroup: undefined,
      securityGroups: [{ name: "batch" }],
      aliases: [],
    },
  ),
};

const ids = {
  pay: service({
    loadBalancers: [
      {
        name: "main",
        subnets: SUBNETS,
        securityGroups: ["sg-0a1b2c3d4e5f60004"],
        listeners: [{ port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip", targets: ["10.0.1.10"] } }],
      },
    ],
    privateDns: { name: "pay.example.com", zone: PUBLIC_ZONE },
  }),
  shop: endpoint({ connection: "pay" }, { securityGroup: { ingress: [{ ports: 443, from: "sg-0b1b2c3d4e5f60004" }] } }),
  lab: endpoint(
    { connection: "pay" },
    { subnets: [APP_SUBNETS[1]], securityGroup: undefined, securityGroups: ["sg-0b1b2c3d4e5f60006"], aliases: [] },
  ),
};

const errors = ({ findings }: Plan) => findings.filter(({ severity }) => severity === "error");
const fields = (changes: object) => ({ shop: endpoint(SERVICE, changes) });

test("names and tags plan exactly what the ids they stand for plan", () => {
  const [written, named] = [planOf(ids, tagged()), planOf(byName, tagged())];
  expect(errors(named)).toEqual([]);
  expect(named.changes.map(({ digest }) => digest)).toEqual(written.changes.map(({ digest }) => digest));
  expect(named.changes.length).toBeGreaterThan(8);
});

describe("what does not lead to one thing is an error at its field, with what there is", () => {
  const cases: {
    why: string;
    changes: object;
    cloud?: Partial<TargetSnapshot>;
    at: (string | number)[];
    says: string;
  }[] = [
    {
      why: "no VPC of the name",
      changes: { vpc: { name: "aps" } },
      at: ["vpc"],
      says: `no VPC in target app (account 222222222222, us-east-1) is called "aps"; there are: ${APP_VPC} (apps), ${OTHER_VPC} (old). Correct the spec, or write an id`,
    },
    {
      why: "two VPCs with the tags",
      changes: { vpc: { tags: { team: "web" } } },
      cloud: {
        vpcs: [
          { id: APP_VPC, tags: { Name: "apps", team: "web" } },
          { id: OTHER_VPC, tags: { team: "web" } },
        ],
      },
      at: ["vpc"],
      says: `2 VPCs in target app (account 222222222222, us-east-1) carry team=web, and one is wanted: ${APP_VPC} (apps, team=web), ${OTHER_VPC} (team=web). Write the id of the one that is meant`,
    },
    {
      why: "no subnet with the tags in the endpoint's VPC",
      changes: { subnets: { tags: { tier: "public" } } },
      at: ["subnets"],
      says: `no subnet of ${APP_VPC} in target app (account 222222222222, us-east-1) carries tier=public; there are: ${APP_SUBNETS[0]} (app-a, ${APP_VPC}, use1-az6, tier=private), ${APP_SUBNETS[1]} (app-b, ${APP_VPC}, use1-az4, tier=private). Correct the spec, or write an id`,
    },
    {
      why: "two security groups with the tags in the endpoint's VPC",
      changes: { securityGroup: undefined, securityGroups: [{ tags: { role: "app" } }] },
      at: ["securityGroups", 0],
      says: `2 security groups of ${APP_VPC} in target app (account 222222222222, us-east-1) carry role=app, and one is wanted: sg-0b1b2c3d4e5f60004 (app, ${APP_VPC}, role=app), sg-0b1b2c3d4e5f60006 (batch, ${APP_VPC}, role=app). Write the id of the one that is meant`,
    },
    {
      why: "no source of the name",
      changes: { securityGroup: { ingress: [{ ports: 443, from: { securityGroup: { name: "web" } } }] } },
      at: ["securityGroup", "ingress", 0, "from", "securityGroup"],
      says: `no security group of ${APP_VPC} in target app (account 222222222222, us-east-1) is called "web"; there are: sg-0b1b2c3d4e5f60004 (app, ${APP_VPC}), sg-0b1b2c3d4e5f60006 (batch, ${APP_VPC}). Correct the spec, or write an id`,
    },
    {
      why: "a public and a private zone",
      changes: { aliases: [{ name: "api.example.com", zone: "example.com" }] },
      cloud: {
        zones: [
          { id: ZONE, name: "example.com", private: true },
          { id: PUBLIC_ZONE, name: "example.com", private: false },
        ],
      },
      at: ["aliases", 0, "zone"],
      says: `2 hosted zones in target app (account 222222222222, us-east-1) are called "example.com", and one is wanted: ${ZONE} (example.com, private), ${PUBLIC_ZONE} (example.com, public). Write the id of the one that is meant`,
    },
    {
      why: "a zone of the other kind only",
      changes: { aliases: [{ name: "api.apps.example.com", zone: { name: "apps.example.com", private: false } }] },
      at: ["aliases", 0, "zone"],
      says: `no public hosted zone in target app (account 222222222222, us-east-1) is called "apps.example.com"; there are: ${ZONE} (apps.example.com, private). Correct the spec, or write an id`,
    },
  ];

  test.each(cases)("$why", ({ changes, cloud, at, says }) => {
    const made = planOf(fields(changes), tagged(cloud));
    expect(errors(made).map(({ message }) => message)).toEqual([says]);
    const [document] = connections(fields(changes));
    expect(errors(made)[0]?.at).toEqual(document?.at(["endpoints", 0, ...at]));
    expect(made.changes).toEqual([]);
  });

  test("a long list of candidates is cut", () => {
    const vpcs = Array.from({ length: 20 }, (_, n) => ({ id: `vpc-0000000${n + 10}`, tags: {} }));
    const [finding] = errors(planOf(fields({ vpc: { name: "apps" } }), tagged({ vpcs })));
    expect(finding?.message).toContain("vpc-000000017 and 12 more");
  });

  test("what the connection has stays as it is", () => {
    const cloud = tagged({
      resources: [
        {
          kind: "security-group",
          address: "shop/endpoint/main/security-group",
          connection: "shop",
          target: "app",
          id: "sg-0b1b2c3d4e5f60009",
          attributes: {},
          outputs: {},
          protect: false,
        },
      ],
    });
    expect(planOf(fields({ vpc: { name: "gone" } }), cloud).changes).toEqual([]);
  });
});

describe("a name in a zone belongs to one endpoint", () => {
  const zones = ["apps.example.com", ZONE];
  const both = Object.fromEntries(
    ["one", "two"].map((name, index) => [
      name,
      endpoint(SERVICE, {
        aliases: [{ name: "api.apps.example.com", zone: zones[index] }],
      }),
    ]),
  );

  test("also when one spec says the zone by its domain and the other by its id", () => {
    const made = errors(planOf(both, tagged()));
    expect(made.map(({ id, connection }) => [id, connection])).toEqual([["dns.claimed", "two"]]);
    expect(made[0]?.message).toContain('is claimed by endpoint "main" of "one" already, in specs/one.yaml:');
  });

  test("and under --only the planned one is told", () => {
    expect(errors(planOf(both, tagged(), { only: ["one"] })).map(({ connection }) => connection)).toEqual(["one"]);
  });
});

test("two ways to name one source are one rule", () => {
  const rules = [
    { ports: 443, from: { securityGroup: { name: "app" } } },
    { ports: "443", from: "sg-0b1b2c3d4e5f60004", description: "again" },
  ];
  expect(errors(planOf(fields({ securityGroup: { ingress: rules } }), tagged())).map(({ id }) => id)).toEqual([
    "ingress.duplicate",
  ]);
});

describe("what reading is told to look for", () => {
  const wanted = wantedByTarget(project(), connections(byName), sha256);

  test("tags by key, groups by name, zones by domain, each once", () => {
    expect(wanted.get("app")?.selectors).toEqual({
      subnetTags: ["Name", "tier"],
      vpcTags: ["Name", "env"],
      securityGroupNames: ["app", "batch"],
      securityGroupTags: [],
      zones: [{ name: "apps.example.com" }],
      privateNameVpcs: [],
      records: [{ zone: { name: "apps.example.com" }, name: "api.apps.example.com" }],
    });
    expect(wanted.get("net")?.selectors).toMatchObject({
      subnetTags: ["tier"],
      zones: [{ name: "example.com", private: false }],
    });
  });

  test("in the target that owns the zone of an alias", () => {
    const specs = {
      shop: endpoint(SERVICE, {
        aliases: [{ name: "api.example.com", zone: PUBLIC_ZONE, target: "net" }],
      }),
    };
    const lists = wantedByTarget(project(), connections(specs), sha256, ["shop"]);
    expect(lists.get("net")?.records).toEqual([{ zoneId: PUBLIC_ZONE, name: "api.example.com" }]);
    expect(lists.get("app")?.records).toEqual([]);
  });
});
