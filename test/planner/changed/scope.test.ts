import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kindInfos } from "../../../src/kinds/index.ts";
import type { Change, KindName, Plan, Snapshot, Wanted } from "../../../src/model.ts";
import { declaredBy, scopeOf, type Version } from "../../../src/planner/changed/index.ts";
import { makePlan } from "../../../src/planner/plan.ts";
import type { ConnectionSpec } from "../../../src/planner/specs/index.ts";
import { wantedByTarget } from "../../../src/planner/wanted.ts";
import {
  APP_SUBNETS,
  baseProject,
  connections,
  emptyCloud,
  endpoint,
  NOW,
  planOf,
  project,
  service,
  sha256,
  ZONE,
} from "../builders.ts";
import { applyToModel } from "../model-cloud.ts";

/** Which connections a change reaches, and that a plan of these shows all that the full plan shows of them. */

type Body = Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata">;
type Bodies = { readonly [name: string]: Body };

/** `renamedFrom` is part of the metadata, which the builder writes. */
function version(bodies: Bodies, changes: object = {}, renames: { readonly [name: string]: string } = {}): Version {
  const of = project(changes);
  const documents = connections(bodies, of).map((document) => {
    const { metadata } = document.spec;
    const renamedFrom = renames[metadata.name];
    return renamedFrom === undefined
      ? document
      : { ...document, spec: { ...document.spec, metadata: { ...metadata, renamedFrom } } };
  });
  return { project: of, connections: documents };
}

const own = (name: string) => ({ aliases: [{ name: `${name}.apps.example.com`, zone: ZONE }] });
const estate: Bodies = {
  alone: endpoint("pending", own("alone")),
  first: endpoint({ connection: "payments" }, own("first")),
  ledger: service(),
  payments: service(),
  second: endpoint({ connection: "payments" }, own("second")),
};
const base = version(estate);
const without = (name: string): Bodies => Object.fromEntries(Object.entries(estate).filter(([key]) => key !== name));
const reached = (from: Version, to: Version) => scopeOf(from, to).reached.map(({ name, why }) => `${name}: ${why}`);
const targets = baseProject.targets;

describe("what a change reaches", () => {
  test.each<[string, Version, string[]]>([
    ["nothing", version(estate), []],
    [
      "an endpoint, and with it the service that it needs",
      version({ ...estate, first: endpoint({ connection: "payments" }, { aliases: [] }) }),
      ["first: spec changed", "payments: provides for first"],
    ],
    [
      "a service, and with it its consumers",
      version({ ...estate, payments: service({ acceptance: "automatic" }) }),
      ["first: consumes payments: spec changed", "payments: spec changed", "second: consumes payments: spec changed"],
    ],
    [
      "a provider in what is not its service: not its consumers",
      version({ ...estate, payments: { ...service(), protect: true } }),
      ["payments: spec changed"],
    ],
    ["one more", version({ ...estate, more: service() }), ["more: added"]],
    ["one less", version(without("second")), ["second: removed"]],
    [
      "a renamed one",
      version({ ...without("ledger"), book: service() }, {}, { book: "ledger" }),
      ["book: renamed from ledger", "ledger: renamed to book"],
    ],
    [
      "a rename that was forgotten",
      version({ ...without("ledger"), book: service() }, {}, { book: "nothing" }),
      ["book: added", "ledger: removed"],
    ],
    [
      "roles",
      version(estate, {
        targets: { ...targets, net: { ...targets.net, roles: { plan: "arn:aws:iam::111111111111:role/p" } } },
      }),
      [],
    ],
    [
      "approvals and limits of deletions",
      version(estate, { policy: { deletions: { max: 1 }, approvals: [{ risks: ["any"], count: 2 }] } }),
      [],
    ],
    [
      "who may be granted access: those that grant",
      version(estate, { policy: { ...baseProject.policy, principals: { allowAccounts: ["222222222222"] } } }),
      ["ledger: policy.principals changed", "payments: policy.principals changed"],
    ],
    ["the project's description", version(estate, { metadata: { name: "acme", description: "ours" } }), []],
  ])("%s", (_, head, expected) => expect(reached(base, head)).toEqual(expected));

  test("the Region of a target reaches those that are in it, and the consumers of their services", () => {
    const moved = { ...targets, app: { ...targets.app, region: "eu-west-1" } };
    const far = (name: string) => endpoint({ connection: "payments" }, { ...own(name), serviceRegion: "us-east-1" });
    const bodies = {
      ...estate,
      payments: service({ supportedRegions: ["eu-west-1"] }),
      first: far("first"),
      second: far("second"),
    };
    const to = version(bodies, { targets: moved });
    const from = { ...to, project: project() };
    expect(reached(from, to).map((line) => line.split(":")[0])).toEqual(["alone", "first", "payments", "second"]);
    const net = { ...targets, net: { ...targets.net, account: "333333333333" } };
    expect(reached(base, version({ ...estate }, { targets: net })).map((line) => line.split(":")[0])).toEqual([
      "first",
      "ledger",
      "payments",
      "second",
    ]);
  });

  test.each<[string, Version]>([
    ["tags", version(without("second"), { tags: { "cost-center": "other" } })],
    ["the name", version(without("second"), { metadata: { name: "other" } })],
  ])("%s of the project reach everything", (_, head) => {
    const scope = scopeOf(base, head);
    expect([scope.everything, scope.reached.map(({ name }) => name), scope.removed]).toEqual([
      true,
      ["alone", "first", "ledger", "payments"],
      ["second"],
    ]);
  });

  test("an order of keys, a comment or a move to another file reach nothing", () => {
    const turned = base.connections.map((document) => ({
      ...document,
      file: "specs/all.yaml",
      spec: Object.fromEntries(Object.entries(document.spec).reverse()) as unknown as ConnectionSpec,
    }));
    expect(reached(base, { ...base, connections: turned.reverse() })).toEqual([]);
  });

  test("a provider's provider is needed too", () => {
    const chain = { ...estate, payments: { ...service(), ...endpoint({ connection: "ledger" }, own("payments")) } };
    const from = version(chain);
    const to = version({ ...chain, first: endpoint({ connection: "payments" }, { aliases: [] }) });
    expect(reached(from, to)).toEqual([
      "first: spec changed",
      "ledger: provides for payments",
      "payments: provides for first",
    ]);
  });

  test("who wants the same private DNS name in the same VPC is judged again, before and after", () => {
    const named = { ...service(), service: { ...service().service, privateDns: { name: "api.example.com" } } } as Body;
    const at = (privateDns: boolean, name: string) =>
      endpoint({ connection: "payments" }, { ...own(name), privateDns });
    const two = version({ payments: named, first: at(true, "first"), second: at(true, "second") });
    const one = version({ payments: named, first: at(false, "first"), second: at(true, "second") });
    const expected = [
      "first: spec changed",
      "payments: provides for first",
      "second: wants the same private DNS name as first",
    ];
    expect(reached(two, one)).toEqual(expected);
    expect(reached(one, two)).toEqual(expected);
  });

  test("what a removed spec had not been renamed from yet is looked for as well", () => {
    const renamed = version(estate, {}, { ledger: "journal" });
    expect(reached(renamed, version(without("ledger")))).toEqual([
      "journal: the name of ledger before",
      "ledger: removed",
    ]);
  });
});

const PROVIDER: ReadonlySet<KindName> = new Set([
  "load-balancer",
  "target-group",
  "listener",
  "endpoint-service",
  "allowlist",
  "acceptance",
  "private-dns",
]);

/** What a limited reading sees of a cloud: as the kinds list it. */
function seen(cloud: Snapshot, wanted: ReadonlyMap<string, Wanted>): Snapshot {
  return {
    ...cloud,
    targets: cloud.targets.flatMap((target) => {
      const here = wanted.get(target.target);
      if (!here) return [];
      const { connections: names, records, provides, consumes } = here;
      const isSeen = (live: (typeof target.resources)[number]) => {
        const { kind, connection, attributes } = live;
        if (kind === "dns-record")
          return (
            names?.includes(connection) &&
            records.some(({ zoneId, name }) => zoneId === attributes.zoneId && name === attributes.name)
          );
        if (kind === "acceptance" || kind === "allowlist") {
          const of = target.resources.find(
            ({ kind: is, id }) => is === "endpoint-service" && id === attributes.serviceId,
          );
          return provides && of !== undefined && names?.includes(of.connection);
        }
        return (PROVIDER.has(kind) ? provides : consumes) && names?.includes(connection);
      };
      const resources = names ? target.resources.filter(isSeen) : target.resources;
      const services = new Set(resources.filter(({ kind }) => kind === "endpoint-service").map(({ id }) => id));
      const facts = target.connections.filter(({ serviceId }) => !names || services.has(serviceId));
      return [{ ...target, ...(names ? { only: names } : {}), resources, connections: facts }];
    }),
  };
}

/** The plan that `--changed-since` makes, from what it reads. */
function limited(from: Version, to: Version, cloud: Snapshot): { plan: Plan; only: readonly string[] } {
  const scope = scopeOf(from, to);
  if (scope.everything) throw new Error("not limited");
  const only = scope.reached.map(({ name }) => name);
  const former = from.connections.filter(({ spec }) => only.includes(spec.metadata.name));
  const snapshot = seen(cloud, wantedByTarget(to.project, to.connections, sha256, only, former));
  return { only, plan: makePlan({ ...to, snapshot, kinds: kindInfos, now: NOW, sha256, only }) };
}
const full = (of: Version, snapshot: Snapshot): Plan =>
  makePlan({ ...of, snapshot, kinds: kindInfos, now: NOW, sha256 });
const gist = ({ step, action, digest, dependsOn, risks, notes, refused }: Change) => ({
  step,
  action,
  digest,
  dependsOn,
  risks,
  notes,
  refused,
});
const ofThese = ({ changes }: Plan, only: readonly string[]) =>
  changes.filter(({ connection }) => only.includes(connection)).map(gist);

const provider = fc.constantFrom(
  service(),
  service({ acceptance: "automatic" }),
  service({ loadBalancers: [{ ...service().service?.loadBalancers[0], name: "other" }] }),
  service({ loadBalancers: [{ ...service().service?.loadBalancers[0], crossZone: true }] }),
  { ...service(), protect: true },
  undefined,
);
const consumer = (name: string, of: string) =>
  fc.constantFrom<Body | undefined>(
    endpoint({ connection: of }, own(name)),
    endpoint({ connection: of }, { aliases: [] }),
    endpoint({ connection: of }, { ...own(name), subnets: APP_SUBNETS.slice(0, 1) }),
    endpoint("pending", own(name)),
    undefined,
  );
const acknowledge = [{ finding: "rename.possible", reason: "random" }];
/** Two services; consumers of what there is. */
const bodies: fc.Arbitrary<Bodies> = fc
  .record({
    alpha: provider,
    bravo: provider,
    charlie: consumer("charlie", "alpha"),
    delta: consumer("delta", "alpha"),
    echo: consumer("echo", "bravo"),
  })
  .map((all) => {
    const there = Object.entries(all).filter(([, body]) => body !== undefined) as [string, Body][];
    const names = there.map(([name]) => name);
    return Object.fromEntries(
      there
        .filter(([, { endpoints = [] }]) =>
          endpoints.every(({ service: of }) => typeof of !== "object" || names.includes(of.connection)),
        )
        .map(([name, body]) => [name, { ...body, acknowledge }]),
    );
  })
  .filter((all) => Object.keys(all).length > 0);
const numRuns = Number(process.env.FC_RUNS ?? 30);

describe("a plan of what a change reaches", () => {
  test("law: shows of each connection what the full plan shows, and the full plan shows nothing else", () => {
    fc.assert(
      fc.property(bodies, bodies, (before, after) => {
        const [from, to] = [version(before), version(after)];
        const cloud = applyToModel(emptyCloud(), full(from, emptyCloud()));
        const { plan, only } = limited(from, to, cloud);
        const whole = full(to, cloud);
        expect(plan.changes.map(gist)).toEqual(ofThese(whole, only));
        expect(whole.changes.filter(({ connection }) => !only.includes(connection))).toEqual([]);
      }),
      { numRuns },
    );
  });

  test("law: also when the base was applied only in part; the rest of the full plan is what it was before", () => {
    fc.assert(
      fc.property(bodies, bodies, fc.integer(), (before, after, seed) => {
        const [from, to] = [version(before), version(after)];
        const isDone = ({ step }: Change) => Number.parseInt(sha256(`${seed} ${step}`).slice(0, 2), 16) < 200;
        const cloud = applyToModel(emptyCloud(), full(from, emptyCloud()), isDone);
        const { plan, only } = limited(from, to, cloud);
        expect(plan.changes.map(gist)).toEqual(ofThese(full(to, cloud), only));
        const rest = (of: Version) =>
          full(of, cloud)
            .changes.filter(({ connection }) => !only.includes(connection))
            .map(({ step, digest }) => `${step} ${digest}`);
        expect(rest(to)).toEqual(rest(from));
      }),
      { numRuns },
    );
  });

  test("law: a change and its way back reach the same connections, but for what provides", () => {
    const names = (from: Version, to: Version) =>
      scopeOf(from, to)
        .reached.filter(({ why }) => !why.startsWith("provides for"))
        .filter(({ why }) => !why.startsWith("consumes"))
        .map(({ name }) => name);
    fc.assert(
      fc.property(bodies, bodies, (before, after) => {
        const [from, to] = [version(before), version(after)];
        expect(names(from, to)).toEqual(names(to, from));
        expect(scopeOf(from, from).reached).toEqual([]);
      }),
      { numRuns },
    );
  });

  test("takes our own endpoint at a changed service for ours, though nothing of it is planned", () => {
    const from = version(estate);
    const cloud = applyToModel(emptyCloud(), full(from, emptyCloud()));
    const { plan } = limited(from, version({ ...estate, payments: { ...service(), protect: true } }), cloud);
    expect(plan.findings.filter(({ id }) => id.startsWith("connection."))).toEqual([]);
    expect(new Set(plan.changes.map(({ connection }) => connection))).toEqual(new Set(["payments"]));
  });

  test("deletes a removed connection and measures that against the whole estate", () => {
    const limits = { policy: { deletions: { max: 5, percent: 25 } } };
    const [from, to] = [version(estate, limits), version(without("second"), limits)];
    const cloud = applyToModel(emptyCloud(), planOf(estate));
    const { only } = limited(from, to, cloud);
    const made = (elsewhere?: number) =>
      makePlan({
        ...to,
        snapshot: cloud,
        kinds: kindInfos,
        now: NOW,
        sha256,
        only,
        ...(elsewhere === undefined ? {} : { elsewhere }),
      });
    const refused = ({ changes }: Plan) => [...new Set(changes.map((change) => change.refused))];
    expect(refused(made())).toEqual(["deletions.brake"]);
    const elsewhere = to.connections.reduce((sum, document) => sum + declaredBy(document), 0);
    expect(refused(made(elsewhere))).toEqual([undefined]);
  });

  test("what a spec declares is what is made of it, but for acceptances", () => {
    fc.assert(
      fc.property(bodies, (of) => {
        const { connections: documents } = version(of);
        const made = planOf(of).changes.filter(({ kind }) => kind !== "acceptance");
        const pending = documents
          .flatMap(({ spec }) => spec.endpoints ?? [])
          .filter((one) => one.service === "pending");
        const declared = documents.reduce((sum, document) => sum + declaredBy(document), 0);
        // An endpoint that waits for its partner is not made yet, nor its group and its records.
        const waiting = pending.reduce((sum, { aliases = [] }) => sum + 2 + aliases.length, 0);
        expect(declared - waiting).toBe(made.length);
      }),
      { numRuns },
    );
  });
});
