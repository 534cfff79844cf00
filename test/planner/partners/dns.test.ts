import { expect, test } from "vitest";
import { parseConnections } from "../../../src/planner/specs/index.ts";
import { APP_SUBNETS, APP_VPC, project, service } from "../builders.ts";
import { schemas } from "../specs/support.ts";
import { profileFrom } from "./support.ts";

/** The names that a profile asks for, made into what a spec would say. */

const PROFILE = `
apiVersion: landline/v1
kind: PartnerProfile
metadata:
  name: lodestar
  title: Lodestar
  checkedOn: 2026-11-01
  sources: [{ id: docs, url: "https://docs.lodestar.example" }]
params:
  domain: { type: string, needed: later, obtain: the console }
  url: { type: string, needed: later, obtain: the console }
  public_name: { type: string, obtain: ours to choose }
  public_zone: { type: string, obtain: ours to choose }
  partner_host: { type: string, needed: later, when: { public_name: { set: true } }, obtain: the console }
provider:
  principals: { allow: { values: ["arn:aws:iam::999999999999:root"] }, source: docs }
  acceptance: { by: endpoint, source: docs }
  dns: { mode: public-cname, name: "{{params.public_name}}", zone: "{{params.public_zone}}", to: "{{params.partner_host}}", ttl: 60, source: docs }
consumer:
  service: { name: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0", source: docs }
  acceptance: { by: nobody, source: docs }
  dns:
    mode: private-zone
    zone: "{{endpoint.region}}.{{params.domain}}"
    records:
      - { name: "*", type: CNAME, ttl: 30 }
      - { name: "*.{{zone.id}}", type: CNAME, to: zonal }
      - { name: "{{params.url}}", type: ALIAS }
    source: docs
`;
const profiles = new Map([["lodestar", profileFrom(PROFILE)]]);
const star = [
  { name: "*", type: "CNAME", ttl: 30 },
  { name: "*.{{zone.id}}", type: "CNAME", to: "zonal" },
];

function parsed(params: object, more: object = {}, endpoint: object = {}) {
  const spec = {
    apiVersion: "landline/v1",
    kind: "Connection",
    metadata: { name: "pay" },
    partner: { profile: "lodestar", params },
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
  const [connection] = connections;
  if (!connection) throw new Error("nothing was read");
  return { connection, zone: connection.spec.endpoints?.[0]?.hostedZone, records: connection.spec.records, problems };
}
const codes = ({ problems }: { readonly problems: readonly { readonly code: string }[] }) =>
  problems.map(({ code }) => code);

test("the private zone comes once its domain is told, and a record once its name is", () => {
  expect(parsed({}).zone).toBeUndefined();
  expect(parsed({ domain: "lodestar.example" }).zone).toEqual({ name: "us-east-1.lodestar.example", records: star });
  const told = parsed({ domain: "Lodestar.Example.", url: "db1.us-east-1.lodestar.example" });
  expect(told.zone).toEqual({ name: "us-east-1.lodestar.example", records: [...star, { name: "db1", type: "ALIAS" }] });
  expect(codes(told)).toEqual([]);
  const top = parsed({ domain: "lodestar.example", url: "us-east-1.lodestar.example" });
  expect(top.zone).toMatchObject({ records: [{}, {}, { name: "@" }] });
});

test("a spec that names a zone, or none, has its way; so has an endpoint at a service of ours", () => {
  const own = { name: "mine.example", records: [{ name: "*", type: "CNAME" }] };
  const params = { domain: "lodestar.example" };
  expect(parsed(params, {}, { hostedZone: own }).zone).toEqual(own);
  expect(parsed(params, {}, { hostedZone: "none" }).zone).toBe("none");
  expect(parsed(params, service(), { service: { connection: "pay" } }).zone).toBeUndefined();
});

test("a domain that is none is a problem at the endpoint that it is for", () => {
  const wrong = parsed({ domain: "not a domain" });
  expect(codes(wrong)).toEqual(["dns.form"]);
  expect(wrong.problems[0]?.at.line).toBeGreaterThan(10);
});

const named = { public_name: "Pay.example.com", public_zone: "example.com", partner_host: "vpce-1.partner.example." };

test("the public name comes once it is known where it leads, in a public zone", () => {
  expect(parsed({ public_name: "pay.example.com", public_zone: "example.com" }, service()).records).toBeUndefined();
  const { records, problems, connection } = parsed(named, service());
  expect(problems).toEqual([]);
  expect(records).toEqual([
    {
      name: "pay.example.com",
      zone: { name: "example.com", private: false },
      type: "CNAME",
      values: ["vpce-1.partner.example"],
      ttl: 60,
    },
  ]);
  expect(connection.at(["records", 0, "name"])).toEqual(connection.at(["partner", "params"]));
  expect(parsed({ ...named, public_zone: "Z0PUBLIC000000000001" }, service()).records?.[0]?.zone).toBe(
    "Z0PUBLIC000000000001",
  );
});

test("a record of the spec with that name wins, others stand beside it", () => {
  const own = { zone: "Z0PUBLIC000000000001", type: "CNAME", values: ["elsewhere.example"] };
  const same = parsed(named, { ...service(), records: [{ ...own, name: "pay.example.com" }] });
  expect(same.records).toEqual([{ ...own, name: "pay.example.com" }]);
  const other = parsed(named, { ...service(), records: [{ ...own, name: "other.example.com" }] });
  expect(other.records?.map(({ name }) => name)).toEqual(["other.example.com", "pay.example.com"]);
  expect(other.connection.at(["records", 0, "name"])).not.toEqual(other.connection.at(["partner", "params"]));
});

test("without a service there is no public name of one", () => {
  expect(parsed(named).records).toBeUndefined();
});
