import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kindInfos } from "../../src/kinds/index.ts";
import type { Change, Json, Live, Plan, Snapshot } from "../../src/model.ts";
import { refsIn } from "../../src/planner/canonical.ts";
import { type Reviewed, wasReviewed } from "../../src/planner/digest.ts";
import { makePlan } from "../../src/planner/plan.ts";
import type { ConnectionSpec } from "../../src/planner/specs/index.ts";
import { planToJson } from "../../src/planner/writers/index.ts";
import {
  APP_SUBNETS,
  APP_VPC,
  connections,
  emptyCloud,
  NOW,
  OTHER_SUBNET,
  OTHER_VPC,
  planOf,
  project,
  SUBNETS,
  sha256,
  ZONE,
} from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

/** The planner's laws, on random projects: services with up to two load balancers, endpoints at each other's services, grants, aliases. */

type Body = Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata">;
/** Plenty for every run of the suite; more with FC_RUNS=1000. */
const numRuns = Number(process.env.FC_RUNS ?? 30);
type Specs = { readonly [name: string]: Body };

const NAMES = ["alpha", "bravo", "charlie", "delta"];

const listener = fc.record({
  port: fc.integer({ min: 1, max: 65_535 }),
  protocol: fc.constantFrom("TCP" as const, "UDP" as const, "TCP_UDP" as const),
  targetGroup: fc.record(
    {
      port: fc.integer({ min: 1, max: 65_535 }),
      type: fc.constant("ip" as const),
      targets: fc.subarray(["10.0.1.10", "10.0.1.11:9000", "10.0.17.3"]),
    },
    { requiredKeys: ["port", "type"] },
  ),
});
const balancer = (name: string, subnets: fc.Arbitrary<string[]>) =>
  fc.record({
    name: fc.constant(name),
    subnets,
    crossZone: fc.boolean(),
    securityGroups: fc.constantFrom([], ["sg-0a1b2c3d4e5f60004"]),
    listeners: fc.uniqueArray(listener, { minLength: 1, maxLength: 3, selector: ({ port }) => port }),
  });
const grant = (account: string) =>
  fc.record({
    principal: fc.constant(`arn:aws:iam::${account}:root`),
    reason: fc.constant("NET-1"),
    until: fc.constantFrom("2026-12-31", "2027-06-30"),
  });
const service = fc
  .tuple(
    // The first is in every zone in which endpoints may be.
    balancer("one", fc.constant(SUBNETS)),
    fc.option(balancer("two", fc.subarray(SUBNETS, { minLength: 1 }))),
    fc.subarray(["333333333333", "444444444444"]),
    fc.constantFrom("required" as const, "automatic" as const),
  )
  .chain(([one, two, accounts, acceptance]) =>
    fc.record({
      target: fc.constant("net"),
      loadBalancers: fc.constant(two ? [one, two] : [one]),
      // Every endpoint of the project is in the second account: each service allows it.
      allowedPrincipals: fc.tuple(...["222222222222", ...accounts].map(grant)),
      acceptance: fc.constant(acceptance),
    }),
  );
const endpoint = (provider: string, name: string) =>
  fc.boolean().chain((elsewhere) =>
    fc.record(
      {
        target: fc.constant("app"),
        service: fc.constant({ connection: provider }),
        vpc: fc.constant(elsewhere ? OTHER_VPC : APP_VPC),
        subnets: elsewhere ? fc.constant([OTHER_SUBNET]) : fc.subarray(APP_SUBNETS, { minLength: 1 }),
        securityGroup: fc.record({
          ingress: fc.uniqueArray(
            fc.record({
              ports: fc.integer({ min: 1, max: 65_535 }),
              from: fc.constantFrom("10.20.0.0/16", "sg-0a1b2c3d4e5f60004"),
            }),
            { maxLength: 3, selector: ({ ports }) => ports },
          ),
        }),
        aliases: fc.constantFrom([], [{ name: `${name}.apps.example.com`, zone: ZONE, evaluateTargetHealth: true }]),
      },
      { requiredKeys: ["target", "service", "vpc", "subnets", "securityGroup"] },
    ),
  );

/** Random projects often look like a rename of one another, and are none. */
const acknowledge = [{ finding: "rename.possible", reason: "random" }];

/** A project: the first connections provide, the others may consume any of them. */
const specs: fc.Arbitrary<Specs> = fc.integer({ min: 1, max: 3 }).chain((providers) =>
  fc
    .tuple(
      ...NAMES.map((name, index) =>
        index < providers
          ? service.map((one) => ({ service: one }))
          : fc.option(
              fc
                .integer({ min: 0, max: providers - 1 })
                .chain((of) => endpoint(NAMES[of] ?? "", name))
                .map((one) => ({ endpoints: [one] })),
            ),
      ),
    )
    .map((bodies) =>
      Object.fromEntries(
        bodies.flatMap((body, index) =>
          body ? [[NAMES[index] ?? "", { ...body, acknowledge } as unknown as Body]] : [],
        ),
      ),
    ),
);

const settled = (of: Specs): Snapshot => {
  const cloud = applyToModel(emptyCloud(), planOf(of));
  return cloud;
};
const reviewedOf = (plan: Plan): ReadonlyMap<string, Reviewed> =>
  new Map(
    (JSON.parse(planToJson(plan)) as Plan).changes.map((change) => [
      change.step ?? change.address,
      { ...change, step: change.step ?? change.address },
    ]),
  );

describe("laws of the planner", () => {
  test("the same specs in any order of files give the same bytes", () => {
    fc.assert(
      fc.property(specs, fc.integer(), (of, seed) => {
        const documents = connections(of);
        const shuffled = documents.toSorted((a, b) =>
          sha256(`${seed}${a.file}`).localeCompare(sha256(`${seed}${b.file}`)),
        );
        const bytes = (list: typeof documents) =>
          planToJson(
            makePlan({
              project: project(),
              connections: list,
              snapshot: emptyCloud(),
              kinds: kindInfos,
              now: NOW,
              sha256,
            }),
          );
        expect(bytes(shuffled)).toBe(bytes(documents));
      }),
      { numRuns },
    );
  });

  test("the same snapshot in any order of resources and targets gives the same bytes", () => {
    fc.assert(
      fc.property(specs, specs, (before, after) => {
        const cloud = settled(before);
        const turned = {
          ...cloud,
          targets: cloud.targets
            .toReversed()
            .map((target) => ({ ...target, resources: target.resources.toReversed() })),
        };
        expect(planToJson(planOf(after, turned))).toBe(planToJson(planOf(after, cloud)));
      }),
      { numRuns },
    );
  });

  test("apply, and the next plan is empty; from nothing and from any other state", () => {
    fc.assert(
      fc.property(specs, specs, (before, after) => {
        const cloud = settled(before);
        expect(planOf(before, cloud).changes).toEqual([]);
        expect(planOf(after, applyToModel(cloud, planOf(after, cloud))).changes).toEqual([]);
      }),
      { numRuns },
    );
  });

  test("every step comes after what it refers to and what it waits for", () => {
    fc.assert(
      fc.property(specs, specs, (before, after) => {
        const plan = planOf(after, settled(before));
        const place = new Map(plan.changes.map(({ step }, index) => [step, index]));
        plan.changes.forEach((change, index) => {
          const made = refsIn(change.desired?.attributes).map(({ ref }) => ref);
          for (const step of [...change.dependsOn, ...made])
            expect(place.get(step) ?? -1, `${step} before ${change.step}`).toBeLessThan(index);
        });
        expect(place.size).toBe(plan.changes.length);
      }),
      { numRuns },
    );
  });

  test("only what is ours is changed or deleted", () => {
    fc.assert(
      fc.property(specs, specs, (before, after) => {
        const cloud = settled(before);
        const ours = new Set(cloud.targets.flatMap(({ resources }) => resources.map(({ id }) => id)));
        for (const { live } of planOf(after, cloud).changes) expect(live === undefined || ours.has(live.id)).toBe(true);
      }),
      { numRuns },
    );
  });

  test("one attribute changed behind our back is named, alone, and mended", () => {
    fc.assert(
      fc.property(specs, fc.nat(), (of, pick) => {
        const cloud = settled(of);
        const all = cloud.targets
          .flatMap(({ resources }) => resources)
          .flatMap((live) => mutable(live, cloud).map((attribute) => ({ live, attribute })));
        const chosen = all[pick % all.length];
        if (!chosen) return;
        const moved = mutate(cloud, chosen.live, chosen.attribute);
        const plan = planOf(of, moved);
        const change = plan.changes.find(
          ({ address, action }) => address === chosen.live.address && action === "update",
        );
        expect(change?.differences.map(({ attribute }) => attribute)).toEqual([chosen.attribute]);
        expect(plan.changes.filter(({ temporary }) => !temporary).length).toBe(1);
        // AWS takes a private DNS name from no service that somebody is connected to: named all the same, and refused with that reason.
        const kept = chosen.attribute === "privateDnsName" && change?.refused === "private-dns.connected";
        const left = planOf(of, applyToModel(moved, plan)).changes;
        expect(left.map(({ step }) => step)).toEqual(kept ? [change.step] : []);
      }),
      { numRuns },
    );
  });

  test("a run that stops anywhere goes on within what was reviewed, to the same end", () => {
    fc.assert(
      fc.property(specs, specs, fc.nat(), (before, after, cut) => {
        const cloud = settled(before);
        const reviewed = planOf(after, cloud);
        const steps = reviewedOf(reviewed);
        let left = reviewed.changes.length === 0 ? 0 : cut % (reviewed.changes.length + 1);
        const half = applyToModel(cloud, reviewed, () => left-- > 0);
        const rest = planOf(after, half);
        const strange = rest.changes.filter((change: Change) => !wasReviewed(change, steps, sha256));
        expect(strange.map(({ action, step }) => `${action} ${step}`)).toEqual([]);
        expect(planOf(after, applyToModel(half, rest)).changes).toEqual([]);
      }),
      { numRuns },
    );
  });

  test("an operation that was not reviewed never passes for one that was", () => {
    fc.assert(
      fc.property(specs, specs, specs, (before, reviewedSpecs, otherSpecs) => {
        const cloud = settled(before);
        const steps = reviewedOf(planOf(reviewedSpecs, cloud));
        const textOf = ({ action, differences }: Pick<Change, "action" | "differences">) =>
          JSON.stringify([action, differences]);
        const other = JSON.parse(planToJson(planOf(otherSpecs, cloud))) as Plan;
        for (const change of other.changes) {
          const approved = steps.get(change.step ?? change.address);
          const passes = wasReviewed({ ...change, step: change.step ?? change.address }, steps, sha256);
          if (passes && change.action !== "update")
            expect(approved && textOf(approved), change.step).toBe(textOf(change));
        }
      }),
      { numRuns },
    );
  });
});

/** Attributes whose drift AWS allows in place and the spec manages. */
function mutable({ kind, attributes, id }: Live, cloud: Snapshot): string[] {
  const connected = cloud.targets.some(({ connections: facts }) => facts.some(({ serviceId }) => serviceId === id));
  return (
    Object.entries(kindInfos[kind].rules)
      .filter(
        ([attribute, { shape, onChange }]) =>
          onChange === "update" && !["fixed", "tags"].includes(shape) && attributes[attribute] !== undefined,
      )
      // AWS lets a service go of nothing that endpoints may be connected through.
      .filter(([, rule]) => !rule.removedApart || !connected)
      .filter(([attribute, rule]) => !rule.replaceWhenEmptied || (attributes[attribute] as readonly Json[]).length > 0)
      .map(([attribute]) => attribute)
  );
}

function mutate(cloud: Snapshot, live: Live, attribute: string): Snapshot {
  const other = (value: Json | undefined): Json => {
    if (typeof value === "boolean") return !value;
    if (typeof value === "number") return value + 1;
    if (Array.isArray(value)) return [...value, "zz-behind-our-back"];
    return `${String(value)}-moved`;
  };
  const changed = { ...live, attributes: { ...live.attributes, [attribute]: other(live.attributes[attribute]) } };
  return {
    ...cloud,
    targets: cloud.targets.map((target) => ({
      ...target,
      resources: target.resources.map((one) => (one.id === live.id && one.kind === live.kind ? changed : one)),
    })),
  };
}
