import { expect, test } from "vitest";
import type { PartnerWants } from "../../../../src/model.ts";
import type { Profiles } from "../../../../src/planner/partners/profile.ts";
import { type ConnectionDocument, parseConnections } from "../../../../src/planner/specs/index.ts";
import { wantedByTarget } from "../../../../src/planner/wanted.ts";
import { project, sha256 } from "../../builders.ts";
import { checkOf, consumed, profileWith, provided, schemas } from "./support.ts";

/** What the checks of a profile cost is asked for where they stand, and nowhere else. */

const ARN = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/theirs/0123456789abcdef";
const OWN = (provided() as { service: { loadBalancers: object[] } }).service.loadBalancers;
const mixed = provided({ loadBalancers: [{ arn: ARN }, ...OWN] });
const referring = consumed({ securityGroup: undefined, securityGroups: ["sg-0b1b2c3d4e5f60001"] });

const HEALTH = { kind: "balancer.healthy" };
const ZONES = { kind: "zones.min", args: { min: 2 } };
const INGRESS = { kind: "ports.ingress", args: { ports: [443] } };

function wants(
  profiles: Profiles,
  spec: object,
  more: { readonly name?: string; readonly only?: readonly string[]; readonly partner?: boolean } = {},
): { readonly [target: string]: PartnerWants | undefined } {
  const { name = "pay", only, partner = true } = more;
  const [document] = parsed(profiles, {
    metadata: { name },
    ...(partner ? { partner: { profile: "acme-cloud" } } : {}),
    ...spec,
  });
  const wanted = wantedByTarget(project(), document ? [document] : [], sha256, only, undefined, profiles);
  return Object.fromEntries(
    [...wanted].flatMap(([target, { forPartners }]) => (forPartners ? [[target, forPartners]] : [])),
  );
}

function parsed(profiles: Profiles, body: object): readonly ConnectionDocument[] {
  const text = JSON.stringify({ apiVersion: "landline/v1", kind: "Connection", ...body });
  const options = { schemas, today: "1970-01-01", profiles };
  const { connections, problems } = parseConnections([{ path: "specs/pay.yaml", text }], project(), options);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return connections;
}

const none: PartnerWants = { health: [], balancers: [], ingress: [], ingressOfChosen: false };
const apart = (checks: readonly object[]) => checks.map((check, n) => checkOf({ id: `acme.check-${n}`, ...check }));
const provider = (...checks: readonly object[]): Profiles => profileWith({ provider: apart(checks) });
const consumer = (...checks: readonly object[]): Profiles => profileWith({ consumer: apart(checks) });

test("health of each load balancer, ours by address and others by ARN, where a check judges it", () => {
  expect(wants(provider(HEALTH), mixed)).toEqual({ net: { ...none, health: [ARN, "pay/service/nlb/main"] } });
});

test("of ours under its former names too, while a rename is on its way", () => {
  const spec = provided({ loadBalancers: [{ ...OWN[0], renamedFrom: "first" }] });
  expect(wants(provider(HEALTH), spec)).toEqual({
    net: { ...none, health: ["pay/service/nlb/first", "pay/service/nlb/main"] },
  });
});

test("details of existing load balancers only: of ours the spec tells them", () => {
  expect(wants(provider(ZONES), mixed)).toEqual({ net: { ...none, balancers: [ARN] } });
  expect(wants(provider(ZONES), provided())).toEqual({});
});

test("rules of existing security groups only: of the endpoint's own the spec tells them", () => {
  expect(wants(consumer(INGRESS), referring)).toEqual({ app: { ...none, ingress: ["sg-0b1b2c3d4e5f60001"] } });
  expect(wants(consumer(INGRESS), consumed())).toEqual({});
  const byName = consumed({ securityGroup: undefined, securityGroups: [{ name: "clients" }] });
  expect(wants(consumer(INGRESS), byName)).toEqual({ app: { ...none, ingressOfChosen: true } });
});

test("nothing for a profile without such checks, a half that they are not about, or a connection without a partner", () => {
  const quiet = { kind: "service.private-dns", args: { must: false } };
  expect(wants(provider(quiet), mixed)).toEqual({});
  expect(wants(consumer(INGRESS), mixed)).toEqual({});
  expect(wants(provider(HEALTH, ZONES), mixed, { partner: false })).toEqual({});
});

test("nothing for connections that are left out of the run", () => {
  expect(wants(provider(HEALTH), mixed, { only: ["other"] })).toEqual({});
  expect(wants(provider(HEALTH), mixed, { only: ["pay"] })).toHaveProperty("net");
});

test("what leads to another connection of this project is not the partner's", () => {
  const own = {
    ...mixed,
    ...consumed({ service: { connection: "pay" }, securityGroup: undefined, securityGroups: ["sg-0b1b2c3d4e5f60001"] }),
  };
  expect(wants(consumer(INGRESS), own)).toEqual({});
});
