import { describe, expect, test } from "vitest";
import type { Plan, ServiceFact, TargetSnapshot } from "../../src/model.ts";
import { wantedByTarget } from "../../src/planner/wanted.ts";
import {
  APP_SUBNETS,
  APP_VPC,
  connections,
  emptyCloud,
  endpoint,
  planOf,
  project,
  SUBNETS,
  service,
  sha256,
} from "./builders.ts";

/** What an endpoint asks of its service and its VPC, compared before anything is made. */

const SERVICE = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
const POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:Get*", Resource: "*" }],
};
const fact: ServiceFact = {
  name: SERVICE,
  region: "us-east-1",
  owner: "402592597372",
  acceptanceRequired: false,
  policySupported: false,
  azIds: ["use1-az4", "use1-az6"],
  ipAddressTypes: ["ipv4"],
  privateDnsName: "api.partner.com",
  privateDnsState: "verified",
};

const cloud = (service: Partial<ServiceFact> = {}, app: Partial<TargetSnapshot> = {}) =>
  emptyCloud({ app: { services: [{ ...fact, ...service }], ...app } });
const errors = ({ findings }: Plan) =>
  findings.filter(({ severity }) => severity === "error").map(({ id, message }) => ({ id, message }));
const balancers = (...lists: string[][]) =>
  lists.map((subnets, index) => ({
    name: `nlb-${index}`,
    subnets,
    listeners: [{ port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip" } }],
  }));
const nameOf = (made: Plan) =>
  made.changes.flatMap(({ kind, desired }) =>
    kind === "vpc-endpoint" && desired ? (desired.attributes as { privateDnsEnabled: boolean }).privateDnsEnabled : [],
  );

describe("Availability Zones, by id", () => {
  test("a subnet where a service of ours has no load balancer is refused, with the ids and where to add one", () => {
    const made = planOf({
      pay: service({ loadBalancers: balancers([SUBNETS[0] ?? ""]) }),
      shop: endpoint({ connection: "pay" }),
    });
    expect(errors(made)).toEqual([
      {
        id: "zone.mismatch",
        message: `${APP_SUBNETS[0]} is in Availability Zone use1-az6, where the service is not; it is in use1-az4. Choose a subnet there, or add a subnet in that zone to the service's load balancers (specs/pay.yaml:9)`,
      },
    ]);
    expect(made.changes.filter(({ connection, refused }) => connection === "shop" && !refused)).toEqual([]);
  });

  test("the zones of all its load balancers count", () => {
    const specs = {
      pay: service({ loadBalancers: balancers([SUBNETS[0] ?? ""], [SUBNETS[1] ?? ""]) }),
      shop: endpoint({ connection: "pay" }),
    };
    expect(errors(planOf(specs))).toEqual([]);
  });

  test("under --only the zones of a service that is not planned are looked at too", () => {
    const specs = {
      pay: service({ loadBalancers: balancers([SUBNETS[0] ?? ""]) }),
      shop: endpoint({ connection: "pay" }),
    };
    expect(wantedByTarget(project(), connections(specs), sha256, ["shop"]).get("net")?.subnetIds).toEqual([SUBNETS[0]]);
  });

  test("of a service in another Region AWS tells no zones, and none are compared", () => {
    const abroad = project({
      targets: {
        net: { account: "111111111111", region: "eu-west-1" },
        app: { account: "222222222222", region: "us-east-1" },
      },
    });
    const specs = {
      pay: service({ loadBalancers: balancers([SUBNETS[0] ?? ""]), supportedRegions: ["us-east-1"] }),
      shop: endpoint({ connection: "pay" }, { serviceRegion: "eu-west-1" }),
    };
    expect(errors(planOf(specs, emptyCloud({ net: { region: "eu-west-1" } }), { project: abroad }))).toEqual([]);
    expect(errors(planOf({ shop: endpoint(SERVICE) }, cloud({ azIds: [] })))).toEqual([]);
  });

  test("of a load balancer that somebody else manages nothing is known", () => {
    const arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/old/0123456789abcdef";
    const specs = { pay: service({ loadBalancers: [{ arn }] }), shop: endpoint({ connection: "pay" }) };
    expect(errors(planOf(specs)).map(({ id }) => id)).not.toContain("zone.mismatch");
  });

  test("two subnets in one zone are refused, for endpoints and load balancers alike", () => {
    const [first = "", second = ""] = APP_SUBNETS;
    const subnets = [first, second].map((id) => ({ id, vpcId: APP_VPC, az: "us-east-1a", azId: "use1-az6" }));
    expect(errors(planOf({ shop: endpoint(SERVICE) }, cloud({}, { subnets })))).toEqual([
      {
        id: "subnet.zones",
        message: `${first} and ${second} all lie in Availability Zone use1-az6, and AWS takes one subnet for each zone; choose one of them, by its id or by a tag that only it carries`,
      },
    ]);
  });
});

describe("where it is to stand", () => {
  test("R075 a subnet or a VPC that is not there is refused at its field, before anything is made", () => {
    const gone = planOf({ shop: endpoint(SERVICE, { subnets: ["subnet-0dddddddddddddddd"] }) }, cloud());
    expect(errors(gone).map(({ id }) => id)).toEqual(["subnet.unknown"]);
    expect(gone.findings.find(({ id }) => id === "subnet.unknown")?.at?.file).toBe("specs/shop.yaml");
    const elsewhere = planOf({ shop: endpoint(SERVICE, { vpc: "vpc-0dddddddddddddddd" }) }, cloud());
    expect(errors(elsewhere)).toHaveLength(1);
    expect(errors(elsewhere)[0]?.message).toContain("vpc-0dddddddddddddddd");
    for (const { changes } of [gone, elsewhere]) expect(changes.filter(({ refused }) => !refused)).toEqual([]);
  });
});

describe("endpoint policy", () => {
  test("one that the service does not support is refused: it would limit nobody", () => {
    expect(errors(planOf({ shop: endpoint(SERVICE, { policy: POLICY }) }, cloud()))).toEqual([
      {
        id: "policy.unsupported",
        message: `${SERVICE} does not support endpoint policies, so this one would limit nobody; leave it out and limit access with the security group`,
      },
    ]);
  });

  test("at a service of ours it is warned of: AWS tells nothing of it before it stands", () => {
    const warned = (policy: object | null) =>
      planOf({ pay: service({}), shop: endpoint({ connection: "pay" }, { policy }) }).findings.filter(
        ({ id }) => id === "policy.unsupported",
      );
    expect(warned(POLICY)).toMatchObject([{ severity: "warning", connection: "shop" }]);
    expect(warned(null)).toEqual([]);
  });

  test("one that it supports, and the default written out, are not", () => {
    expect(errors(planOf({ shop: endpoint(SERVICE, { policy: POLICY }) }, cloud({ policySupported: true })))).toEqual(
      [],
    );
    const everything = { Statement: { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" } };
    expect(errors(planOf({ shop: endpoint(SERVICE, { policy: everything }) }, cloud()))).toEqual([]);
  });
});

describe("private DNS name", () => {
  const named = (changes: object = {}) => ({ shop: endpoint(SERVICE, { privateDns: true, ...changes }) });
  const waits = (made: Plan) => made.waits.map(({ on, for: what }) => `${on}: ${what}`);

  test("a verified one is switched on with the endpoint where nobody has to accept it", () => {
    const made = planOf(named(), cloud());
    expect([errors(made), waits(made), nameOf(made)]).toEqual([[], [], [true]]);
  });

  test("one that its owner has not proved waits for the owner; the endpoint is made without it", () => {
    const made = planOf(named(), cloud({ privateDnsState: "pendingverification" }));
    expect(waits(made)).toEqual([
      `partner: the owner of ${SERVICE} to prove that api.partner.com is its own (now pendingverification); a later plan then switches the private DNS name on`,
    ]);
    expect(nameOf(made)).toEqual([false]);
  });

  test("it comes after the acceptance", () => {
    const made = planOf(named(), cloud({ acceptanceRequired: true }));
    expect(nameOf(made)).toEqual([false]);
    expect(waits(made)).toEqual([
      `partner: ${SERVICE} to accept the endpoint; a later plan then switches its private DNS name on`,
    ]);
  });

  test("a service without one is an error", () => {
    const { privateDnsName: _, ...nameless } = fact;
    const made = planOf(named(), emptyCloud({ app: { services: [nameless] } }));
    expect(errors(made).map(({ id }) => id)).toEqual(["private-dns.missing"]);
  });

  test("a private zone of the VPC with the same name is a conflict, whoever owns it; other names and VPCs are not", () => {
    const zone = { vpcId: APP_VPC, zoneId: "Z0PARTNER00000000001", name: "api.partner.com", owner: "333333333333" };
    const having = (changes: object) => planOf(named(), cloud({}, { vpcZones: [{ ...zone, ...changes }] }));
    expect(errors(having({}))).toEqual([
      {
        id: "private-dns.conflict",
        message: `api.partner.com cannot resolve to this endpoint: ${APP_VPC} is associated with the private hosted zone Z0PARTNER00000000001 (api.partner.com) of account 333333333333. Take the VPC out of the zone, or leave privateDns out and put an alias into that zone`,
      },
    ]);
    expect(errors(having({ name: "partner.com" }))).toEqual([]);
    expect(errors(having({ vpcId: "vpc-0b1b2c3d4e5f60009" }))).toEqual([]);
  });

  test("two endpoints of one VPC cannot have one name", () => {
    const made = planOf({ ...named(), till: endpoint(SERVICE, { privateDns: true, aliases: [] }) }, cloud());
    expect(errors(made)).toEqual([
      {
        id: "private-dns.conflict",
        message: `api.partner.com cannot resolve to this endpoint: shop/endpoint/main has that name in ${APP_VPC} already. Let one of the two have privateDns, the other an alias`,
      },
    ]);
  });

  test("of a service of ours it comes in the same plan, in a step behind the acceptance", () => {
    const specs = {
      pay: service({ privateDns: { name: "pay.example.com" } }),
      shop: endpoint({ connection: "pay" }, { privateDns: true, aliases: [] }),
    };
    const made = planOf(specs);
    expect([errors(made), waits(made), nameOf(made)]).toEqual([[], [], [false, true]]);
    const last = made.changes.find(({ step }) => step === "shop/endpoint/main#private-name");
    expect(last).toMatchObject({
      action: "update",
      differences: [{ attribute: "privateDnsEnabled", before: false, after: true }],
      dependsOn: expect.arrayContaining(["shop/endpoint/main", "shop/endpoint/main/acceptance"]),
    });
    const automatic = { ...specs, pay: service({ privateDns: { name: "pay.example.com" }, acceptance: "automatic" }) };
    expect(nameOf(planOf(automatic))).toEqual([true]);
  });

  test("only VPCs in which an endpoint wants a name are asked for their zones", () => {
    const wanted = (changes: object) =>
      wantedByTarget(project(), connections(named(changes)), sha256).get("app")?.selectors?.privateNameVpcs;
    expect(wanted({})).toEqual([APP_VPC]);
    expect(wanted({ vpc: { name: "apps" } })).toEqual([{ tags: { Name: "apps" } }]);
    expect(wanted({ privateDns: false })).toEqual([]);
  });
});
