import { describe, expect, test } from "vitest";
import type { Live, TargetSnapshot } from "../../../src/model.ts";
import { type Subject, valuesOf } from "../../../src/planner/partners/context.ts";
import { PLACES } from "../../../src/planner/partners/values.ts";
import { resolveSelectors } from "../../../src/planner/selectors/index.ts";
import { indexSnapshot } from "../../../src/planner/snapshot-index.ts";
import { parseConnections } from "../../../src/planner/specs/index.ts";
import { emptyCloud, endpoint, project, service } from "../builders.ts";
import { schemas as specSchemas } from "../specs/support.ts";
import { profile, profiles } from "./support.ts";

const NAME = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";

/** A connection with Acme in a cloud where some of it stands. */
function values(body: object, about: Partial<Subject> = {}, cloud: Parameters<typeof emptyCloud>[0] = {}) {
  const text = JSON.stringify({
    apiVersion: "landline/v1",
    kind: "Connection",
    metadata: { name: "pay", owner: "team pay" },
    partner: { profile: "acme-cloud", params: { site: "east", service_name: NAME } },
    ...body,
  });
  const options = { schemas: specSchemas, today: "2026-11-20", profiles };
  const { connections, problems } = parseConnections([{ path: "specs/pay.yaml", text }], project(), options);
  expect(problems).toEqual([]);
  const index = indexSnapshot(emptyCloud(cloud));
  const document = resolveSelectors(connections, index, () => true).connections.get("pay");
  if (!document) throw new Error("the spec was not resolved");
  const subject: Subject = { profile: profile("acme-cloud"), project: project(), document, cloud: index, ...about };
  return Object.fromEntries(valuesOf(subject));
}

const live = (kind: Live["kind"], address: string, target: string, outputs: Live["outputs"]): Live => ({
  kind,
  address,
  connection: "pay",
  target,
  id: "x",
  attributes: {},
  outputs,
  protect: false,
});
const standing: { net: Partial<TargetSnapshot>; app: Partial<TargetSnapshot> } = {
  net: {
    resources: [
      live("endpoint-service", "pay/service", "net", {
        serviceId: "vpce-svc-0aa",
        serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0aa",
      }),
    ],
  },
  app: {
    resources: [
      live("vpc-endpoint", "pay/endpoint/main", "app", { endpointId: "vpce-0bb", dnsName: "vpce-0bb.example" }),
    ],
  },
};
const consumed = { endpoints: endpoint(NAME, { aliases: [] }).endpoints };

describe("what is known of a connection", () => {
  test("from the spec, before anything stands", () => {
    expect(values(service())).toEqual({
      "params.site": "east",
      "params.service_name": NAME,
      "params.accounts": ["402592597372"],
      "params.ports": [9092],
      "params.replicas": 2,
      "params.premium": false,
      "our.account": "111111111111",
      "our.region": "us-east-1",
      "service.region": "us-east-1",
      "service.ports": [443],
      "connection.name": "pay",
      "connection.owner": "team pay",
      mode: "provider",
    });
  });

  test("from AWS, once it stands", () => {
    expect(values({ ...service(), ...consumed }, {}, standing)).toMatchObject({
      mode: "bidirectional",
      "service.id": "vpce-svc-0aa",
      "service.name": "com.amazonaws.vpce.us-east-1.vpce-svc-0aa",
      "endpoint.id": "vpce-0bb",
      "endpoint.dnsName": "vpce-0bb.example",
      "endpoint.name": "main",
      "endpoint.region": "us-east-1",
      "endpoint.zones": ["use1-az4", "use1-az6"],
    });
  });

  test("from whoever asks: the request and the plan's changes", () => {
    const request = { endpointId: "vpce-0cc", owner: "402592597372" };
    const told = values(service(), { request, changes: "1 to add" });
    expect(told).toMatchObject({ "request.id": "vpce-0cc", "request.account": "402592597372", changes: "1 to add" });
  });

  test("every place that placeholders may name is filled in somewhere", () => {
    const request = { endpointId: "vpce-0cc", owner: "402592597372" };
    const all = values({ ...service(), ...consumed }, { request, changes: "none" }, standing);
    expect(Object.keys(PLACES).filter((path) => !(path in all))).toEqual([]);
  });
});

describe("what several things could mean is not known", () => {
  test("our account is that of the half that is asked about", () => {
    const both = { ...service(), ...consumed };
    expect(values(both)["our.account"]).toBe("111111111111");
    expect(values(both, { role: "provider" })["our.account"]).toBe("111111111111");
    expect(values(both, { role: "consumer" })["our.account"]).toBe("222222222222");
  });

  test("of two endpoints one has to be named", () => {
    const [first] = consumed.endpoints ?? [];
    const two = {
      endpoints: [
        first,
        {
          ...first,
          name: "second",
          target: "net",
          vpc: "vpc-0a1b2c3d4e5f60001",
          subnets: ["subnet-0a1b2c3d4e5f60001"],
        },
      ],
    };
    const unnamed = values(two);
    expect(Object.keys(unnamed).filter((path) => path.startsWith("endpoint."))).toEqual([]);
    expect(unnamed["our.account"]).toBeUndefined();
    expect(unnamed["our.region"]).toBe("us-east-1");
    const named = values(two, { endpoint: "second" });
    expect(named).toMatchObject({
      "endpoint.name": "second",
      "endpoint.zones": ["use1-az4"],
      "our.account": "111111111111",
    });
  });

  test("an endpoint to another connection is not the partner's", () => {
    const [first] = consumed.endpoints ?? [];
    const own = { ...service(), endpoints: [{ ...first, service: { connection: "pay" } }] };
    expect(values(own)).toMatchObject({ mode: "provider" });
    expect(values(own)["endpoint.name"]).toBeUndefined();
  });

  test("ports of load balancers that are not ours, zones of subnets that were not seen", () => {
    const arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/x/0123456789abcdef";
    expect(values(service({ loadBalancers: [{ arn }] }))["service.ports"]).toBeUndefined();
    expect(values(consumed, {}, { app: { subnets: [] } })["endpoint.zones"]).toBeUndefined();
  });
});
