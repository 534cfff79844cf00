import { describe, expect, test } from "vitest";
import type { Change, Plan, Snapshot } from "../../src/model.ts";
import type { ConnectionSpec } from "../../src/planner/specs/index.ts";
import {
  APP_SUBNETS,
  connections,
  emptyCloud,
  endpoint,
  NOW,
  OTHER_SUBNET,
  OTHER_VPC,
  planOf,
  project,
  SUBNETS,
  service,
  sha256,
  ZONE,
} from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

type Specs = { readonly [name: string]: Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata"> };

/** A change as one short line: what a reader of the table needs. */
const line = ({ action, step, differences }: Change): string =>
  action === "create" || action === "delete"
    ? `${action} ${step}`
    : `${action} ${step}: ${differences.map(({ attribute }) => attribute).join(", ")}`;
const lines = (plan: Plan): string[] => plan.changes.map(line);
const cloudOf = (specs: Specs): Snapshot => applyToModel(emptyCloud(), planOf(specs));

const pay = { pay: service() };
const both = { pay: service(), shop: endpoint({ connection: "pay" }) };
const listeners = (changes: object) => ({
  loadBalancers: [
    {
      name: "main",
      subnets: SUBNETS,
      listeners: [
        { port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip", targets: ["10.0.1.10"] }, ...changes },
      ],
    },
  ],
});

describe("from specs to changes", () => {
  const rows: { why: string; before?: Specs; after: Specs; changes: string[] }[] = [
    {
      why: "a service is created from the load balancer up; a listener needs its target group, the allowlist its service",
      after: pay,
      changes: [
        "create pay/service/nlb/main",
        "create pay/service",
        "create pay/service/allowlist",
        "create pay/service/nlb/main/target-group/443",
        "create pay/service/nlb/main/listener/443",
      ],
    },
    {
      why: "the consumer's endpoint comes after the provider's allowlist: to an account that is not allowed the service does not exist",
      before: pay,
      after: both,
      changes: [
        "create shop/endpoint/main/security-group",
        "create shop/endpoint/main",
        "create shop/endpoint/main/acceptance",
        "create shop/endpoint/main/dns/api.apps.example.com",
      ],
    },
    { why: "the same specs again are no change", before: both, after: both, changes: [] },
    {
      why: "acceptance is changed in place",
      before: pay,
      after: { pay: service({ acceptance: "automatic" }) },
      changes: ["update pay/service: acceptanceRequired"],
    },
    {
      why: "a principal more is one update of the allowlist",
      before: pay,
      after: {
        pay: service({
          allowedPrincipals: [{ principal: "arn:aws:iam::333333333333:root", reason: "new", until: "2027-01-01" }],
        }),
      },
      changes: ["update pay/service/allowlist: principals"],
    },
    {
      why: "subnets of a load balancer are changed in place",
      before: pay,
      after: { pay: service({ loadBalancers: [{ ...listeners({}).loadBalancers[0], subnets: [SUBNETS[0]] }] }) },
      changes: ["update pay/service/nlb/main: subnetIds"],
    },
    {
      why: "the first security group of a load balancer replaces it (AWS cannot add one later): new one first, everything moves, old one last",
      before: pay,
      after: {
        pay: service({
          loadBalancers: [{ ...listeners({}).loadBalancers[0], securityGroups: ["sg-0a1b2c3d4e5f60004"] }],
        }),
      },
      changes: [
        "replace pay/service/nlb/main: enforceSecurityGroupInboundRulesOnPrivateLinkTraffic, securityGroupIds",
        "replace pay/service/nlb/main/target-group/443: loadBalancerArn",
        "replace pay/service/nlb/main/listener/443: loadBalancerArn, targetGroupArn",
        "update pay/service: loadBalancerArns",
        "update pay/service#detach: loadBalancerArns",
        expect.stringMatching(/^delete pay\/service\/nlb\/main\/listener\/443#listener-/) as unknown as string,
        expect.stringMatching(/^delete pay\/service\/nlb\/main\/target-group\/443#/) as unknown as string,
        expect.stringMatching(/^delete pay\/service\/nlb\/main#load-balancer-/) as unknown as string,
      ],
    },
    {
      why: "another port of the targets replaces the target group: new group, warmed up, listener switched, old group deleted",
      before: pay,
      after: { pay: service(listeners({ targetGroup: { port: 9443, type: "ip", targets: ["10.0.1.10"] } })) },
      changes: [
        "replace pay/service/nlb/main/target-group/443: port, targets",
        "create pay/service/nlb/main/listener/443/warm-up",
        "update pay/service/nlb/main/listener/443: targetGroupArn",
        "delete pay/service/nlb/main/listener/443/warm-up#end",
        expect.stringMatching(/^delete pay\/service\/nlb\/main\/target-group\/443#/) as unknown as string,
      ],
    },
    {
      why: "a listener on another port is another listener; the old one goes with its group",
      before: pay,
      after: { pay: service(listeners({ port: 8080 })) },
      changes: [
        "create pay/service/nlb/main/target-group/8080",
        "create pay/service/nlb/main/listener/8080",
        "delete pay/service/nlb/main/listener/443",
        "delete pay/service/nlb/main/target-group/443",
      ],
    },
    {
      why: "an endpoint in another VPC is a new endpoint: accepted, alias moved, then the old one goes",
      before: both,
      after: { pay: service(), shop: endpoint({ connection: "pay" }, { vpc: OTHER_VPC, subnets: [OTHER_SUBNET] }) },
      changes: [
        "replace shop/endpoint/main/security-group: vpcId",
        "replace shop/endpoint/main: securityGroupIds, subnetIds, vpcId",
        "replace shop/endpoint/main/acceptance: endpointId",
        "update shop/endpoint/main/dns/api.apps.example.com: targetDnsName, targetZoneId",
        expect.stringMatching(/^delete shop\/endpoint\/main#/) as unknown as string,
        expect.stringMatching(/^delete shop\/endpoint\/main\/security-group#/) as unknown as string,
      ],
    },
    {
      why: "subnets and groups of an endpoint never replace it",
      before: both,
      after: { pay: service(), shop: endpoint({ connection: "pay" }, { subnets: [APP_SUBNETS[0]] }) },
      changes: ["update shop/endpoint/main: subnetIds"],
    },
    {
      why: "a removed spec is taken down against its dependencies: alias, endpoint, group",
      before: both,
      after: pay,
      changes: [
        "delete shop/endpoint/main/dns/api.apps.example.com",
        "delete shop/endpoint/main",
        "delete shop/endpoint/main/security-group",
      ],
    },
    {
      why: "an alias that is renamed is created under the new name; the old one is removed",
      before: both,
      after: {
        pay: service(),
        shop: endpoint({ connection: "pay" }, { aliases: [{ name: "new.apps.example.com", zone: ZONE }] }),
      },
      changes: [
        "create shop/endpoint/main/dns/new.apps.example.com",
        "delete shop/endpoint/main/dns/api.apps.example.com",
      ],
    },
    {
      why: "protection is a tag on everything that can carry one, and a change in its own right",
      before: pay,
      after: { pay: { ...service(), protect: true } },
      changes: [
        "update pay/service/nlb/main: tags.landline:protect",
        "update pay/service: tags.landline:protect",
        "update pay/service/nlb/main/target-group/443: tags.landline:protect",
        "update pay/service/nlb/main/listener/443: tags.landline:protect",
      ],
    },
  ];
  test.each(rows)("$why", ({ before, after, changes }) => {
    const cloud = before ? cloudOf(before) : emptyCloud();
    const plan = planOf(after, cloud);
    expect(lines(plan)).toEqual(changes);
    expect(lines(planOf(after, applyToModel(cloud, plan))), "the plan after it").toEqual([]);
  });
});

describe("what is not told", () => {
  const request =
    (state: string) =>
    (cloud: Snapshot): Snapshot => {
      const serviceId =
        cloud.targets.flatMap(({ resources }) => resources).find(({ kind }) => kind === "endpoint-service")?.id ?? "";
      const fact = {
        serviceId,
        endpointId: "vpce-0aa11bb22cc33dd44",
        owner: "402592597372",
        state,
        createdAt: "2026-11-20T09:00:00.000Z",
      };
      return {
        ...cloud,
        targets: cloud.targets.map((target) => (target.target === "net" ? { ...target, connections: [fact] } : target)),
      };
    };

  test("a request that nobody named is listed with its account and age, and not accepted", () => {
    const plan = planOf(pay, request("pendingacceptance")(cloudOf(pay)));
    expect(plan.changes).toEqual([]);
    expect(plan.findings).toMatchObject([{ id: "connection.unexpected", severity: "warning", connection: "pay" }]);
    expect(plan.findings[0]?.message).toMatch(/vpce-0aa11bb22cc33dd44 of account 402592597372, asking for 3 hours/);
  });

  test("the named request is accepted, with the risk that says so", () => {
    const named = {
      pay: service({ connections: { accept: [{ endpoint: "vpce-0aa11bb22cc33dd44", reason: "NET-12" }] } }),
    };
    const plan = planOf(named, request("pendingacceptance")(cloudOf(pay)));
    expect(lines(plan)).toEqual(["create pay/service/acceptance/vpce-0aa11bb22cc33dd44"]);
    expect(plan.changes[0]?.risks).toEqual(["accepts"]);
  });

  test("an endpoint that has not asked yet is a wait, not a change", () => {
    const named = {
      pay: service({ connections: { accept: [{ endpoint: "vpce-0aa11bb22cc33dd44", reason: "NET-12" }] } }),
    };
    const plan = planOf(named, cloudOf(pay));
    expect(plan.changes).toEqual([]);
    expect(plan.waits).toMatchObject([{ connection: "pay", on: "partner" }]);
  });

  test("a rejection wins over an acceptance of the whole account and says whom it cuts", () => {
    const named = {
      pay: service({
        connections: {
          accept: [{ account: "402592597372", reason: "NET-12" }],
          reject: [{ endpoint: "vpce-0aa11bb22cc33dd44", reason: "leaked" }],
        },
      }),
    };
    const cloud = request("available")(cloudOf(pay));
    const accepted = cloud.targets.map((target) => {
      const fact = target.connections[0];
      if (!fact) return target;
      const live = {
        kind: "acceptance" as const,
        address: `pay/service/acceptance/${fact.endpointId}`,
        connection: "pay",
        target: "net",
        id: `${fact.serviceId}/${fact.endpointId}`,
        attributes: { serviceId: fact.serviceId, endpointId: fact.endpointId, decision: "accepted" },
        outputs: {},
        protect: false,
      };
      return { ...target, resources: [...target.resources, live] };
    });
    const plan = planOf(named, { ...cloud, targets: accepted });
    expect(lines(plan)).toEqual(["update pay/service/acceptance/vpce-0aa11bb22cc33dd44: decision"]);
    expect(plan.changes[0]).toMatchObject({
      risks: ["disconnects"],
      notes: ["1 live connection of 1 account will be cut"],
    });
  });

  test("a service name that is pending is a wait with a hand-off, and creates nothing", () => {
    const plan = planOf({ shop: endpoint("pending") });
    expect(plan.changes).toEqual([]);
    expect(plan.waits).toMatchObject([{ connection: "shop", on: "partner" }]);
    expect(plan.handoffs[0]?.body).toContain("arn:aws:iam::222222222222:root");
  });

  test("`pending` never deletes an endpoint that exists", () => {
    const plan = planOf({ pay: service(), shop: endpoint("pending") }, cloudOf(both));
    expect(plan.changes).toEqual([]);
    expect(plan.findings).toMatchObject([{ id: "service.pending", severity: "error" }]);
  });

  test("a service that AWS does not show to our account is a wait for access", () => {
    const plan = planOf({ shop: endpoint("com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0") });
    expect(plan.changes).toEqual([]);
    expect(plan.waits[0]?.for).toMatch(/allow arn:aws:iam::222222222222:root/);
  });

  test("a subnet where the service is not is refused by zone id, not by name", () => {
    const name = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
    const fact = {
      name,
      region: "us-east-1",
      owner: "402592597372",
      acceptanceRequired: true,
      policySupported: false,
      azIds: ["use1-az6"],
      ipAddressTypes: ["ipv4"],
    };
    const plan = planOf({ shop: endpoint(name) }, emptyCloud({ app: { services: [fact] } }));
    expect(plan.findings).toMatchObject([{ id: "zone.mismatch", severity: "error", connection: "shop" }]);
    expect(plan.findings[0]?.message).toMatch(/use1-az4.*use1-az6/);
    expect(plan.changes.every(({ refused }) => refused === "zone.mismatch")).toBe(true);
  });

  test.each([
    { when: "two weeks before", now: "2026-11-11T23:59:59.000Z", says: ["principal.expires-soon"], revoked: false },
    { when: "more than two weeks before", now: "2026-11-10T23:59:59.000Z", says: [], revoked: false },
    { when: "on its last day", now: "2026-11-25T23:59:59.000Z", says: ["principal.expires-soon"], revoked: false },
    { when: "on the day after", now: "2026-11-26T00:00:00.000Z", says: ["principal.expired"], revoked: true },
  ])("a grant $when", ({ now, says, revoked }) => {
    const grant = { principal: "arn:aws:iam::222222222222:root", reason: "trial", until: "2026-11-25" };
    const ending = { pay: service({ allowedPrincipals: [grant] }) };
    const { changes, findings } = planOf(ending, applyToModel(emptyCloud(), planOf(ending)), { now });
    expect(findings.map(({ id }) => id)).toEqual(says);
    expect(changes.map(({ risks }) => risks)).toEqual(revoked ? [["revokes-access"]] : []);
    if (now.startsWith("2026-11-25")) expect(findings[0]?.message).toContain("ends on 2026-11-25 (today)");
  });

  test("a grant past its end is revoked; one that ends soon is a warning", () => {
    const ending = {
      pay: service({
        allowedPrincipals: [{ principal: "arn:aws:iam::222222222222:root", reason: "trial", until: "2026-11-25" }],
      }),
    };
    const cloud = cloudOf(ending);
    expect(planOf(ending, cloud).findings).toMatchObject([{ id: "principal.expires-soon", severity: "warning" }]);
    const later = planOf(ending, cloud, { now: "2026-11-26T00:00:00.000Z" });
    expect(later.changes).toMatchObject([
      {
        address: "pay/service/allowlist",
        differences: [{ attribute: "principals", after: [] }],
        risks: ["revokes-access"],
      },
    ]);
  });
});

describe("policies", () => {
  const strict = (deletions: object) => project({ policy: { deletions } });

  test("the brakes say how much, the limit, and the line that raises it", () => {
    const plan = planOf(pay, cloudOf(both), { project: strict({ max: 2, percent: 25 }) });
    expect(plan.findings).toMatchObject([{ id: "deletions.brake", severity: "error" }]);
    expect(plan.findings[0]?.message).toMatch(
      /deletes 3 of 9 resources \(33 %\).*max is 2.*percent is 25.*max: 3, percent: 34/,
    );
    expect(plan.changes.every(({ refused }) => refused === "deletions.brake")).toBe(true);
  });

  test("protection in the spec and on the live objects refuses the connection and leaves the others alone", () => {
    const guarded = {
      pay: { ...service(), protect: true },
      other: service({
        loadBalancers: [
          { arn: "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/x/0123456789abcdef" },
        ],
      }),
    };
    const cloud = cloudOf(guarded);
    const removed = planOf({ other: service({ ...guarded.other.service, acceptance: "automatic" }) }, cloud);
    expect(removed.findings).toMatchObject([{ id: "protected", connection: "pay" }]);
    expect(removed.findings[0]?.message).toMatch(/mark landline:protect/);
    expect(
      removed.changes.filter(({ connection }) => connection === "pay").every(({ refused }) => refused === "protected"),
    ).toBe(true);
    expect(removed.changes.filter(({ connection }) => connection === "other").map(({ refused }) => refused)).toEqual([
      undefined,
    ]);
  });

  test.each([
    { why: "a pattern of deny", policy: { deny: ["arn:aws:iam::3*"] }, finding: "principal.denied" },
    {
      why: "an account beside allowAccounts",
      policy: { allowAccounts: ["222222222222"] },
      finding: "principal.foreign-account",
    },
    { why: "a grant longer than maxGrant", policy: { maxGrant: "P30D" }, finding: "principal.too-long" },
  ])("$why is refused", ({ policy, finding }) => {
    const specs = {
      pay: service({
        allowedPrincipals: [{ principal: "arn:aws:iam::333333333333:root", reason: "x", until: "2027-06-30" }],
      }),
    };
    const plan = planOf(specs, emptyCloud(), { project: project({ policy: { principals: policy } }) });
    expect(plan.findings).toMatchObject([{ id: finding, severity: "error", connection: "pay" }]);
  });

  test("a grant without a reason or an end", () => {
    const specs = { pay: service({ allowedPrincipals: [{ principal: "arn:aws:iam::333333333333:root" }] }) };
    const plan = planOf(specs, emptyCloud(), { project: project({ policy: { principals: { maxGrant: "P1Y" } } }) });
    expect(plan.findings.map(({ id }) => id)).toEqual([
      "principal.no-reason",
      "principal.too-long",
      "principal.no-expiry",
    ]);
  });

  test("acknowledge waives only what can be waived, and says what it did not do", () => {
    const specs = {
      pay: {
        ...service({ allowedPrincipals: [{ principal: "arn:aws:iam::333333333333:root", until: "2027-01-01" }] }),
        acknowledge: [
          { finding: "principal.no-reason", reason: "later" },
          { finding: "sap.az", reason: "agreed" },
        ],
      },
    };
    const plan = planOf(specs);
    expect(plan.findings.map(({ id, waived }) => [id, waived])).toEqual([
      ["principal.no-reason", undefined],
      ["acknowledge.refused", undefined],
      ["acknowledge.idle", undefined],
    ]);
  });
});

describe("what is not ours", () => {
  test("an object in the way is named with its mark and never touched", () => {
    const wanted = planOf(pay).changes.find(({ kind }) => kind === "load-balancer")?.desired?.attributes as {
      name: string;
    };
    const place = {
      kind: "load-balancer" as const,
      place: wanted.name,
      id: "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/x/1",
    };
    const plan = planOf(pay, emptyCloud({ net: { obstacles: [place] } }));
    expect(plan.findings).toMatchObject([{ id: "not-ours", severity: "error", address: "pay/service/nlb/main" }]);
    expect(plan.findings[0]?.message).toMatch(
      /write adopt: \[\{address: service\/nlb\/main, id: "arn:.*"\}\] into the spec/,
    );
    expect(plan.changes.every(({ refused }) => refused === "not-ours")).toBe(true);
  });

  test("a foreign tag is left alone, a changed tag of ours is drift", () => {
    const cloud = cloudOf(pay);
    const retag = (tags: object): Snapshot => ({
      ...cloud,
      targets: cloud.targets.map((target) => ({
        ...target,
        resources: target.resources.map((one) =>
          one.kind === "endpoint-service"
            ? { ...one, attributes: { ...one.attributes, tags: { ...(one.attributes.tags as object), ...tags } } }
            : one,
        ),
      })),
    });
    expect(planOf(pay, retag({ "scp:team": "x" })).changes).toEqual([]);
    expect(lines(planOf(pay, retag({ "cost-center": "other" })))).toEqual(["update pay/service: tags.cost-center"]);
    expect(lines(planOf(pay, retag({ "landline:protect": "true" })))).toEqual([
      "update pay/service: tags.landline:protect",
    ]);
  });
});

describe("--only", () => {
  test("plans the named connection and refers to the others as they live", () => {
    const plan = planOf(both, cloudOf(pay), { only: ["shop"] });
    expect(new Set(plan.changes.map(({ connection }) => connection))).toEqual(new Set(["shop"]));
    expect(plan.changes.find(({ kind }) => kind === "vpc-endpoint")?.relies["pay/service.serviceName"]).toMatch(
      /^com\.amazonaws\.vpce/,
    );
    expect(plan.findings).toEqual([]);
  });

  test("says what is missing when the provider does not exist yet", () => {
    const plan = planOf(both, emptyCloud(), { only: ["shop"] });
    expect(plan.findings.find(({ id }) => id === "reference.unplanned")?.message).toMatch(
      /pay\/service, which does not exist.*plan "pay" too/,
    );
  });
});

test("two targets of one account see the same records, and it is one record", () => {
  const targets = {
    net: { account: "111111111111", region: "us-east-1" },
    app: { account: "222222222222", region: "us-east-1" },
    west: { account: "222222222222", region: "us-west-2" },
  };
  const of = project({ targets });
  const cloud = cloudOf(both);
  const app = cloud.targets.find(({ target }) => target === "app");
  if (!app) throw new Error("no app");
  const west = {
    ...app,
    target: "west",
    region: "us-west-2",
    resources: app.resources.filter(({ kind }) => kind === "dns-record").map((one) => ({ ...one, target: "west" })),
  };
  for (const order of [
    [...cloud.targets, west],
    [west, ...cloud.targets],
  ]) {
    expect(lines(planOf(both, { ...cloud, targets: order }, { project: of }))).toEqual([]);
  }
});

test("the digest changes with what a change does and with the ids it relies on, and with nothing else", () => {
  const digestOf = (specs: Specs, cloud: Snapshot, now = NOW) => planOf(specs, cloud, { now }).planId;
  const cloud = cloudOf(pay);
  const wide = { pay: service({ acceptance: "automatic" }) };
  expect(digestOf(wide, cloud, "2026-12-01T00:00:00.000Z")).toBe(digestOf(wide, cloud));
  const other = JSON.parse(
    JSON.stringify(cloud).replaceAll(/endpoint-service-[0-9a-f]+/g, `endpoint-service-${sha256("x").slice(0, 17)}`),
  ) as Snapshot;
  expect(digestOf(wide, other)).not.toBe(digestOf(wide, cloud));
  expect(connections(wide).map(({ spec }) => spec.metadata.name)).toEqual(["pay"]);
});

test("a private DNS name at a partner's door is not given up before there is an endpoint to give it to", () => {
  const names = ["a", "b"].map((last) => `com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcde0${last}`);
  const facts = (acceptanceRequired: boolean) => ({
    app: {
      services: names.map((name) => ({
        name,
        region: "us-east-1",
        owner: "402592597372",
        acceptanceRequired,
        policySupported: true,
        azIds: [],
        ipAddressTypes: ["ipv4"],
        privateDnsName: "api.partner.example",
        privateDnsState: "verified",
      })),
    },
  });
  const shop = (name = "") => ({ shop: endpoint(name, { privateDns: true, aliases: [] }) });
  const before = applyToModel(emptyCloud(facts(false)), planOf(shop(names[0]), emptyCloud(facts(false))));
  const asking = {
    ...before,
    targets: before.targets.map((target) => ({
      ...target,
      services: emptyCloud(facts(true)).targets[0]?.services ?? [],
    })),
  };
  expect(lines(planOf(shop(names[1]), before))[0]).toBe("update shop/endpoint/main#private-dns: privateDnsEnabled");
  const refused = planOf(shop(names[1]), asking);
  expect(refused.findings).toContainEqual(
    expect.objectContaining({ id: "private-dns.replacement", severity: "error" }),
  );
  expect(refused.changes.every((change) => change.refused !== undefined)).toBe(true);
});
