import { expect, test } from "vitest";
import { parseConnections } from "../../../src/planner/specs/index.ts";
import { APP_SUBNETS, APP_VPC, project, service } from "../builders.ts";
import { schemas } from "../specs/support.ts";
import { nimbus } from "./nimbus.ts";

/** Where an endpoint's service name comes from when the spec leaves it out. */

const TABLE =
  "tables: { services: { source: docs, rows: { orders: { name: com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0 } } } }\n";
const NAME = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
const given = nimbus();
const byName = nimbus(
  ["provider:\n", `${TABLE}provider:\n`],
  ["{{params.service_name}}", "{{tables.services[endpoint.name].name}}"],
);
const made = nimbus(["{{params.service_name}}", "com.amazonaws.vpce.{{our.region}}.{{params.service_name}}"]);

function parsed(profiles: typeof given, endpoint: object, params: object = {}, more: object = {}) {
  const spec = {
    apiVersion: "landline/v1",
    kind: "Connection",
    metadata: { name: "pay" },
    partner: { profile: "nimbus", params: { instance: "orders", ...params } },
    endpoints: [
      {
        target: "app",
        vpc: APP_VPC,
        subnets: APP_SUBNETS,
        securityGroup: { ingress: [{ ports: 443, from: "10.20.0.0/16" }] },
        ...endpoint,
      },
    ],
    ...more,
  };
  const files = [{ path: "specs/pay.yaml", text: JSON.stringify(spec, null, 2) }];
  const { connections, problems } = parseConnections(files, project(), { schemas, today: "2026-11-20", profiles });
  return [connections[0]?.spec.endpoints?.[0]?.service, ...problems.map(({ code }) => code)];
}

test.each([
  ["told", given, {}, { service_name: NAME }, [NAME]],
  ["not told yet", given, {}, {}, ["pending"]],
  ["the spec's own word wins", given, { service: "pending" }, { service_name: NAME }, ["pending"]],
  ["one of several, by the endpoint's name", byName, { name: "orders" }, {}, [NAME]],
  ["one that the table does not have", byName, { name: "others" }, {}, ["pending"]],
  ["made of our Region", made, {}, { service_name: "vpce-svc-0123456789abcdef0" }, [NAME]],
  [
    "cut off on its way",
    given,
    {},
    { service_name: "com.amazonaws.vpce.us-east-1.vpce-svc-0123..." },
    ["com.amazonaws.vpce.us-east-1.vpce-svc-0123...", "service-name.form"],
  ],
] as const)("%s", (_why, profiles, endpoint, params, said) => {
  expect(parsed(profiles, endpoint, params)).toEqual(said);
});

test("beside a service of the same document the partner's is meant", () => {
  expect(parsed(given, {}, { service_name: NAME }, service())).toEqual([NAME]);
});

test("an endpoint at a connection of this project is left alone", () => {
  const own = { service: { connection: "pay" } };
  expect(parsed(given, own, {}, { ...service() })[0]).toEqual({ connection: "pay" });
});

test("without a profile nothing is filled in", () => {
  const [name, ...problems] = parsed(given, {}, {}, { partner: undefined, ...service() });
  expect([name, problems]).toEqual([undefined, []]);
});
