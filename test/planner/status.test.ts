import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { ConnectionFact, HealthFacts, Live, Snapshot } from "../../src/model.ts";
import type { ConnectionSpec } from "../../src/planner/specs/index.ts";
import { type ConnectionStatus, statusOf } from "../../src/planner/status/index.ts";
import { statusDetailsToText, statusToJson, statusToText } from "../../src/planner/writers/index.ts";
import { connections, emptyCloud, endpoint, NOW, planOf, service, ZONE } from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

type Specs = { readonly [name: string]: Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata"> };

const PARTNER = "vpce-0ddddddddddddddd1";
const specs: Specs = {
  feed: endpoint("pending", { aliases: [] }),
  pay: service({
    privateDns: { name: "api.example.com", zone: ZONE },
    connections: { accept: [{ endpoint: PARTNER, reason: "NET-12" }] },
    allowedPrincipals: [
      { principal: "arn:aws:iam::222222222222:root", reason: "our applications", until: "2026-11-30" },
      { principal: "arn:aws:iam::402592597372:root", reason: "partner" },
    ],
  }),
  shop: endpoint({ connection: "pay" }),
};

const first = applyToModel(emptyCloud(), planOf(specs));
const found = (kind: Live["kind"], snapshot: Snapshot = first): Live => {
  const live = snapshot.targets.flatMap(({ resources }) => resources).find((one) => one.kind === kind);
  if (!live) throw new Error(`no ${kind}`);
  return live;
};

const NLB = found("load-balancer").id;
const GROUP = found("target-group").id;
function health(
  targets: HealthFacts["targets"] = [fact("10.0.1.10:8443", "healthy")],
  state = "verified",
): HealthFacts {
  const verifications = [{ serviceId: found("endpoint-service").id, name: "api.example.com", state }];
  return { loadBalancers: [{ arn: NLB, state: "active", targetGroupArns: [GROUP] }], targets, verifications };
}
const fact = (target: string, state: string, more: object = {}) => ({
  loadBalancerArn: NLB,
  targetGroupArn: GROUP,
  target,
  state,
  ...more,
});

/** The cloud in which the partner is connected and everything fares like this. */
function cloud(fares: HealthFacts = health(), ...requests: readonly Partial<ConnectionFact>[]): Snapshot {
  const serviceId = found("endpoint-service").id;
  const partner = {
    serviceId,
    endpointId: PARTNER,
    owner: "402592597372",
    state: "available",
    createdAt: "2026-11-18T09:30:00.000Z",
  };
  const before = {
    ...first,
    targets: first.targets.map((target) =>
      target.target === "net"
        ? {
            ...target,
            connections: [...target.connections, partner, ...requests.map((one) => ({ ...partner, ...one }))],
          }
        : target,
    ),
  };
  const after = applyToModel(before, planOf(specs, before));
  return {
    ...after,
    targets: after.targets.map((target) => ({
      ...target,
      resources: target.resources.map((live) =>
        live.kind === "endpoint-service" || live.kind === "vpc-endpoint" ? { ...live, state: "available" } : live,
      ),
      ...(target.target === "net" ? { health: fares } : {}),
    })),
  };
}

function statuses(snapshot: Snapshot, of: Specs = specs, only?: readonly string[]): ConnectionStatus[] {
  return statusOf({ connections: connections(of), plan: planOf(of, snapshot), snapshot, now: NOW, only });
}
function one(name: string, snapshot: Snapshot, of: Specs = specs): ConnectionStatus {
  const [status] = statuses(snapshot, of, [name]);
  if (!status) throw new Error(`no ${name}`);
  return status;
}
const plain = { color: (_style: unknown, text: string) => text };

test("every connection that a spec wants or that has left something, by name", () => {
  const { feed: _, ...rest } = specs;
  expect(statuses(cloud()).map(({ connection, state }) => `${connection} ${state}`)).toEqual([
    "feed waiting-partner",
    "pay active",
    "shop active",
  ]);
  const { shop: __, ...without } = rest;
  expect(statuses(cloud(), without).map(({ connection, state }) => `${connection} ${state}`)).toEqual([
    "pay active",
    "shop deleting",
  ]);
});

describe("the provider's side", () => {
  test("tells the partner's connection from our own and from one that nobody named", () => {
    const { state, service: provided } = one(
      "pay",
      cloud(health(), { endpointId: "vpce-0ddddddddddddddd2", owner: "999999999999", state: "pendingacceptance" }),
    );
    expect(state).toBe("waiting-us");
    expect(
      provided?.connections.map(({ endpointId, account, state: is, expected, reason, connection }) => [
        endpointId,
        account,
        is,
        expected,
        reason ?? connection,
      ]),
    ).toEqual(
      [
        [found("vpc-endpoint").id, "222222222222", "available", true, "shop"],
        [PARTNER, "402592597372", "available", true, "NET-12"],
        ["vpce-0ddddddddddddddd2", "999999999999", "pendingacceptance", false, undefined],
      ].sort(),
    );
  });

  test("counts the days of a grant, the first to end first", () => {
    expect(one("pay", cloud()).service?.grants).toEqual([
      {
        principal: "arn:aws:iam::222222222222:root",
        reason: "our applications",
        until: "2026-11-30",
        daysLeft: 10,
        allowed: true,
      },
      { principal: "arn:aws:iam::402592597372:root", reason: "partner", allowed: true },
    ]);
  });

  test("has its targets' health and its name's verification", () => {
    const reason = { reason: "Target.Timeout", description: "Request timed out" };
    const { state, service: provided } = one(
      "pay",
      cloud(health([fact("10.0.1.10:8443", "unhealthy", reason)], "failed")),
    );
    expect(state).toBe("degraded");
    expect(provided?.targets).toMatchObject([reason]);
    expect(provided?.verification).toMatchObject({ name: "api.example.com", state: "failed" });
  });

  test("has nothing to do with the load balancers of others", () => {
    const stranger = { ...fact("10.0.9.9:1", "unhealthy"), loadBalancerArn: "arn:other" };
    expect(one("pay", cloud(health([fact("10.0.1.10:8443", "healthy"), stranger]))).service?.targets).toHaveLength(1);
  });
});

describe("the consumer's side", () => {
  const having = (change: (live: Live) => Live | undefined): Snapshot => {
    const snapshot = cloud();
    const targets = snapshot.targets.map((target) => ({
      ...target,
      resources: target.resources.flatMap((live) => (live.kind === "dns-record" ? (change(live) ?? []) : live)),
    }));
    return { ...snapshot, targets };
  };
  const aliases = (snapshot: Snapshot) => one("shop", snapshot).endpoints.flatMap((each) => each.aliases);

  test("knows whether an alias leads to the endpoint", () => {
    const record = { name: "api.apps.example.com", zoneId: ZONE };
    const { dnsName } = found("vpc-endpoint").outputs;
    expect(aliases(cloud())).toEqual([{ ...record, pointsTo: dnsName, pointsAtEndpoint: true }]);
    const astray = having((live) => ({
      ...live,
      attributes: { ...live.attributes, targetDnsName: "elsewhere.example.org" },
    }));
    expect(aliases(astray)).toEqual([{ ...record, pointsTo: "elsewhere.example.org", pointsAtEndpoint: false }]);
    expect(one("shop", astray).state).toBe("degraded");
    expect(aliases(having(() => undefined))).toEqual([{ name: "api.apps.example.com", pointsAtEndpoint: false }]);
  });
});

const validate = new Ajv2020({ strict: true }).compile(
  JSON.parse(readFileSync(new URL("../../schema/status.v1.schema.json", import.meta.url), "utf8")),
);

test("the JSON is what the schema says", () => {
  const reason = { reason: "Target.Timeout", description: "Request timed out" };
  const busy = cloud(health([fact("10.0.1.10:8443", "unhealthy", reason)]), {
    endpointId: "vpce-0ddddddddddddddd2",
    owner: "999999999999",
    state: "pendingacceptance",
    region: "eu-west-1",
  });
  for (const snapshot of [cloud(), busy, emptyCloud()]) {
    const text = statusToJson("acme", statuses(snapshot));
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(statusToJson("acme", statuses(snapshot))).toBe(text);
  }
});

describe("the text", () => {
  // The model's ids depend on every attribute that there is.
  const stable = (text: string) => text.replace(/(load-balancer|endpoint-service|vpc-endpoint)-[0-9a-f]{17}/g, "$1-0");

  test("of all", () => {
    expect(stable(statusToText(statuses(cloud()), plain))).toMatchInlineSnapshot(`
      "CONNECTION  STATE            OBJECTS                             CONNECTED    TARGETS         WHAT IS OPEN
      feed        waiting-partner  -                                   -            -               waits for the name of the endpoint service (endpoints[0].service is "pending", specs/feed…
      pay         active           endpoint-service-0  2 available  1 of 1 healthy  nothing
      shop        active           vpc-endpoint-0      -            -               nothing

      3 connections: 2 active, 1 waiting-partner.
      "
    `);
  });

  test("of a service, with all details", () => {
    const reason = { reason: "Target.FailedHealthChecks", description: "Health checks failed" };
    const fares = health([fact("10.0.1.10:8443", "healthy"), fact("10.0.17.10:8443", "unhealthy", reason)]);
    const request = { endpointId: "vpce-0ddddddddddddddd2", owner: "999999999999", state: "pendingacceptance" };
    expect(stable(statusDetailsToText(one("pay", cloud(fares, request)), plain))).toMatchInlineSnapshot(`
      "pay  degraded
        · 1 of 2 targets is not healthy (Target.FailedHealthChecks)
        · vpce-0ddddddddddddddd2 of account 999999999999 asks to be accepted

      Service  endpoint-service-0  available  net
        name            com.amazonaws.vpce.us-east-1.endpoint-service-0
        load balancers  load-balancer-0  active
        targets         1 of 2 healthy
                        10.0.1.10:8443   healthy
                        10.0.17.10:8443  unhealthy: Target.FailedHealthChecks, Health checks failed
        private DNS     api.example.com  verified
        connections     vpc-endpoint-0 (222222222222, available)  endpoint of shop
                        vpce-0ddddddddddddddd1 (402592597372, available)  NET-12
                        vpce-0ddddddddddddddd2 (999999999999, pendingacceptance)  since 2026-11-18 09:30 UTC; nobody named it
        grants          arn:aws:iam::222222222222:root  until 2026-11-30, 10 days left  our applications
                        arn:aws:iam::402592597372:root  without an end  partner

      Warnings
        ! principal.expires-soon  pay/service/allowlist  specs/pay.yaml:32:7
            the grant of arn:aws:iam::222222222222:root ends on 2026-11-30 (in 10 days); its live
            connections stay until they are rejected
        ! connection.unexpected  pay/service/acceptance/vpce-0ddddddddddddddd2  specs/pay.yaml:46:5
            unexpected request: vpce-0ddddddddddddddd2 of account 999999999999, asking for 2 days; nobody
            named it, so it is not accepted. To accept it add {endpoint: vpce-0ddddddddddddddd2, reason:
            "..."} under service.connections.accept, to refuse it under reject
      "
    `);
  });

  test("of an endpoint, with all details", () => {
    expect(stable(statusDetailsToText(one("shop", cloud()), plain))).toMatchInlineSnapshot(`
      "shop  active

      Endpoint main  vpc-endpoint-0  available  app
        service   com.amazonaws.vpce.us-east-1.endpoint-service-0
        DNS name  vpc-endpoint-0.vpce.amazonaws.com
        aliases   api.apps.example.com  points at the endpoint (Z0PRIVATE00000000001)
      "
    `);
  });

  test("of nothing", () => {
    expect(statusToText([], plain)).toBe("No connections: neither a spec nor anything with our mark.\n");
  });
});
