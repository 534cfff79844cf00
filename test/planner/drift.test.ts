import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { Change, ConnectionFact, Json, Live, Snapshot } from "../../src/model.ts";
import type { ConnectionSpec } from "../../src/planner/specs/index.ts";
import { type Drift, driftOf } from "../../src/planner/status/drift.ts";
import { driftToJson, driftToText } from "../../src/planner/writers/index.ts";
import { connections, emptyCloud, endpoint, NOW, planOf, service, ZONE } from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

type Specs = { readonly [name: string]: Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata"> };

const specs: Specs = { pay: service(), shop: endpoint({ connection: "pay" }) };
const settled = applyToModel(emptyCloud(), planOf(specs));

function driftIn(snapshot: Snapshot, of: Specs = specs, now = NOW): Drift {
  return driftOf({ plan: planOf(of, snapshot, { now }), connections: connections(of), snapshot, now });
}

/** The cloud after somebody has been at one object, or has taken it away. */
function having(address: string, change: (live: Live) => Live | undefined, snapshot: Snapshot = settled): Snapshot {
  const here = snapshot.targets.flatMap(({ resources }) => resources).filter((live) => live.address === address);
  const ended = here.flatMap((live) => (change(live) ? [] : live.id));
  const targets = snapshot.targets.map((target) => ({
    ...target,
    resources: target.resources.flatMap((live) => (live.address === address ? (change(live) ?? []) : live)),
    // A connection ends with its endpoint.
    connections: target.connections.filter(({ endpointId }) => !ended.includes(endpointId)),
  }));
  return { ...snapshot, targets };
}
const set = (attributes: Live["attributes"]) => (live: Live) => ({
  ...live,
  attributes: { ...live.attributes, ...attributes },
});
const gone = () => undefined;

const KNOCKING = "pay/service/acceptance/vpce-0ddddddddddddddd1";

/** Somebody whose account is not ours knocks at our service. */
function knocking(state: string): Snapshot {
  const serviceId =
    settled.targets.flatMap(({ resources }) => resources).find(({ kind }) => kind === "endpoint-service")?.id ?? "";
  const fact: ConnectionFact = { serviceId, endpointId: "vpce-0ddddddddddddddd1", owner: "999999999999", state };
  const targets = settled.targets.map((target) =>
    target.target === "net" ? { ...target, connections: [...target.connections, fact] } : target,
  );
  return { ...settled, targets };
}

const short = ({ items }: Drift): string[] =>
  items.map(({ class: is, address, differences }) =>
    `${is} ${address} ${differences.map(({ attribute }) => attribute).join(" ")}`.trim(),
  );

const PARTNER = "arn:aws:iam::999999999999:root";
const OURS = "arn:aws:iam::222222222222:root";

test("what is as the specs want it is no drift", () => {
  expect(driftIn(settled)).toEqual({
    project: "acme",
    compared: {
      connections: ["pay", "shop"],
      targets: [
        { target: "app", account: "222222222222", region: "us-east-1" },
        { target: "net", account: "111111111111", region: "us-east-1" },
      ],
    },
    summary: { changed: 0, missing: 0, unexpected: 0, unchanged: 9 },
    items: [],
    followers: [],
    errors: [],
  });
});

describe("each difference has its class", () => {
  test.each<{ why: string; cloud: Snapshot; of?: Specs; now?: string; items: string[]; followers?: string[] }>([
    {
      why: "an attribute that somebody changed",
      cloud: having("pay/service/nlb/main", set({ crossZone: true })),
      items: ["changed pay/service/nlb/main crossZone"],
    },
    {
      why: "a change that only a replacement mends is a change all the same",
      cloud: having("pay/service/nlb/main/target-group/443", set({ port: 1 })),
      items: ["changed pay/service/nlb/main/target-group/443 port"],
      followers: ["pay/service/nlb/main/listener/443"],
    },
    {
      why: "a resource that somebody deleted",
      cloud: having("shop/endpoint/main/dns/api.apps.example.com", gone),
      items: ["missing shop/endpoint/main/dns/api.apps.example.com"],
    },
    {
      why: "what refers to a deleted one follows and is not counted",
      cloud: having("shop/endpoint/main", gone),
      items: ["missing shop/endpoint/main"],
      followers: ["shop/endpoint/main/acceptance", "shop/endpoint/main/dns/api.apps.example.com"],
    },
    {
      why: "an object with our mark that no spec wants",
      cloud: settled,
      of: { pay: service(), shop: endpoint({ connection: "pay" }, { aliases: [] }) },
      items: ["unexpected shop/endpoint/main/dns/api.apps.example.com"],
    },
    {
      why: "a principal that nobody declared, and one that is declared and not allowed",
      cloud: having("pay/service/allowlist", set({ principals: [PARTNER] })),
      items: ["missing pay/service/allowlist principals", "unexpected pay/service/allowlist principals"],
    },
    { why: "a request that nobody named", cloud: knocking("pendingacceptance"), items: [`unexpected ${KNOCKING}`] },
    { why: "a connection that nobody named", cloud: knocking("available"), items: [`unexpected ${KNOCKING}`] },
    { why: "a connection that has ended is none", cloud: knocking("rejected"), items: [] },
  ])("$why", ({ cloud, of = specs, now = NOW, items, followers = [] }) => {
    const drift = driftIn(cloud, of, now);
    expect(short(drift)).toEqual(items);
    expect([...drift.followers].sort()).toEqual(followers);
  });

  test("the steps of one object are one difference, from where the first begins to where the last ends", () => {
    const plan = planOf(specs, having("pay/service/nlb/main", set({ crossZone: true })));
    const [change] = plan.changes;
    if (!change) throw new Error("no change");
    const step = (name: string, attribute: string, before: Json, after: Json): Change => ({
      ...change,
      step: `${change.address}${name}`,
      differences: [{ attribute, before, after }],
    });
    const changes = [
      step("#off", "ipAddressType", "ipv4", "dualstack"),
      step("", "subnetIds", ["a"], ["a", "b"]),
      step("#detach", "subnetIds", ["a", "b"], ["b"]),
      step("#on", "ipAddressType", "dualstack", "ipv4"),
      { ...step("/warm-up", "name", "a", "b"), address: `${change.address}/warm-up`, temporary: true as const },
    ];
    const { items } = driftOf({
      plan: { ...plan, changes },
      connections: connections(specs),
      snapshot: settled,
      now: NOW,
    });
    expect(items).toMatchObject([
      { class: "changed", differences: [{ attribute: "subnetIds", specs: ["b"], cloud: ["a"] }] },
    ]);
    expect(items).toHaveLength(1);
  });

  test("a grant that has ended says so, instead of that nobody declared it", () => {
    const [item] = driftIn(settled, specs, "2027-07-01T12:00:00.000Z").items;
    expect(item).toMatchObject({
      class: "unexpected",
      message: `${OURS} is still allowed, and its grant ended on 2027-06-30`,
      differences: [{ attribute: "principals", cloud: [OURS] }],
    });
  });

  test("a wait is no drift", () => {
    const waiting: Specs = { ...specs, feed: endpoint("pending", { aliases: [] }) };
    const plan = planOf(waiting, settled);
    expect(plan.waits).toHaveLength(1);
    expect(driftIn(settled, waiting).items).toEqual([]);
  });

  test("a name that AWS is still verifying is a wait, one that it does not find any more is drift", () => {
    const proven: Specs = { pay: service({ privateDns: { name: "api.example.com", zone: ZONE } }) };
    const cloud = applyToModel(emptyCloud(), planOf(proven));
    const verifying = (state: string) => driftIn(having("pay/service/private-dns", set({ state }), cloud), proven);
    expect(short(verifying("pendingverification"))).toEqual([]);
    expect(short(verifying("failed"))).toEqual(["changed pay/service/private-dns state"]);
  });
});

test("a change goes from what the specs say to what the cloud has", () => {
  const { items } = driftIn(having("pay/service/nlb/main", set({ crossZone: true })));
  expect(items).toMatchObject([
    { differences: [{ attribute: "crossZone", specs: false, cloud: true }], at: { file: "specs/pay.yaml" } },
  ]);
});

test("what could not be compared is an error, and is not among what was compared", () => {
  const targets = settled.targets.map((target) =>
    target.target === "app" ? { ...target, resources: [], error: { code: "AccessDenied", message: "no" } } : target,
  );
  const drift = driftIn({ ...settled, targets });
  expect(drift.compared).toMatchObject({ connections: ["pay"], targets: [{ target: "net" }] });
  expect(drift.errors).toMatchObject([{ id: "target.unreadable", connection: "shop" }]);
  expect(drift.items).toEqual([]);
  expect(driftToText(drift, { color: (_style, text) => text })).toContain(
    "1 error: not everything could be compared, or can be mended.",
  );
});

const validate = new Ajv2020({ strict: true }).compile(
  JSON.parse(readFileSync(new URL("../../schema/drift.v1.schema.json", import.meta.url), "utf8")),
);
/** Something of every class. */
const much = having(
  "shop/endpoint/main/security-group",
  set({ ingress: ["tcp 443 from 0.0.0.0/0", "tcp 443 from 10.20.0.0/16"] }),
  having("pay/service/nlb/main/listener/443", gone, knocking("pendingacceptance")),
);

test("the JSON is what the schema says", () => {
  for (const cloud of [settled, much, emptyCloud()]) {
    expect(validate(JSON.parse(driftToJson(driftIn(cloud)))), JSON.stringify(validate.errors)).toBe(true);
  }
});

describe("the text", () => {
  const text = (drift: Drift) => driftToText(drift, { color: (_style, words) => words });

  test("of drift", () => {
    expect(text(driftIn(much))).toMatchInlineSnapshot(`
      "Changed behind our back (what the specs say → what the cloud has)
        ~ shop/endpoint/main/security-group  security group  app  specs/shop.yaml:18:7
            ingress  + tcp 443 from 0.0.0.0/0
                       1 unchanged

      Missing: a spec wants it, and it is not there
        - pay/service/nlb/main/listener/443  listener  net  specs/pay.yaml:17:11

      Unexpected: it is there, and no spec wants it
        + pay/service/acceptance/vpce-0ddddddddddddddd1  endpoint connection  net  specs/pay.yaml:7:3
            vpce-0ddddddddddddddd1
            unexpected request: vpce-0ddddddddddddddd1 of account 999999999999; nobody named it, so it is
            not accepted. To accept it add {endpoint: vpce-0ddddddddddddddd1, reason: "..."} under
            service.connections.accept, to refuse it under reject

      2 connections (pay, shop) compared with the committed specs, in app (222222222222, us-east-1) and
      net (111111111111, us-east-1). A spec that was changed and is not applied yet looks the same from
      here.
      Drift: 1 changed, 1 missing, 1 unexpected; 7 as the specs want them.
      Next: \`landline plan\` shows what an apply would do about it; to keep what the cloud has, write it
      into the spec.
      "
    `);
  });

  test("of none", () => {
    expect(text(driftIn(settled))).toMatchInlineSnapshot(`
      "2 connections (pay, shop) compared with the committed specs, in app (222222222222, us-east-1) and
      net (111111111111, us-east-1).
      No drift: 9 resources as the specs want them.
      "
    `);
  });
});
