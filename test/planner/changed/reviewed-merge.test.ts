import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change, Plan, Snapshot } from "../../../src/model.ts";
import { deltaOf, intentsOf, sameOperations } from "../../../src/planner/changed/index.ts";
import { wasReviewed } from "../../../src/planner/digest.ts";
import { onlyReviewedMerge, type ReviewedMerge } from "../../../src/planner/guard/reviewed-merge.ts";
import { type PlanFile, planToJson, readPlanFile } from "../../../src/planner/writers/index.ts";
import { connections, emptyCloud, endpoint, planOf, project, service, sha256 } from "../builders.ts";
import { applyToModel } from "../model-cloud.ts";

/** A merge carries out what was reviewed, and of a connection all of it or nothing. */

const SCHEMA = JSON.parse(readFileSync(new URL("../../../schema/plan.v1.schema.json", import.meta.url), "utf8"));

const fileOf = (plan: Plan): PlanFile => JSON.parse(planToJson(plan));
function reviewOf(plan: Plan): ReviewedMerge {
  const read = readPlanFile(planToJson(plan), SCHEMA);
  if ("problem" in read) throw new Error(read.problem);
  return { name: "the reviewed plan", steps: read.reviewed, intents: read.plan.connections };
}
const gist = ({ changes }: Plan) => changes.map(({ step, refused = "goes" }) => `${step} ${refused}`);
const goes = ({ changes }: Plan) => changes.filter(({ refused }) => refused === undefined);

const both = { payments: service(), orders: endpoint({ connection: "payments" }) };
const settled = (): Snapshot => applyToModel(emptyCloud(), planOf(both));
const slower = service({
  loadBalancers: [{ ...service().service?.loadBalancers[0], crossZone: true }] as never,
});

describe("intents", () => {
  const intents = (bodies: Parameters<typeof connections>[0], changes: object = {}) => {
    const of = project(changes);
    const documents = connections(bodies, of);
    return new Map(intentsOf(of, documents, Object.keys(bodies), sha256).map(({ name, intent }) => [name, intent]));
  };
  const before = intents(both);
  const targets = project().spec.targets;
  test.each<[string, Map<string, string>, string[]]>([
    ["a spec that says something else", intents({ ...both, payments: slower }), ["payments"]],
    ["protect", intents({ ...both, orders: { ...both.orders, protect: true } }), ["orders"]],
    [
      "an acknowledgement",
      intents({ ...both, orders: { ...both.orders, acknowledge: [{ finding: "quota.rules", reason: "x" }] } }),
      ["orders"],
    ],
    [
      "the Region of a target",
      intents({ payments: service() }, { targets: { ...targets, net: { ...targets.net, region: "eu-west-1" } } }),
      ["payments"],
    ],
    [
      "a target that nobody uses",
      intents(both, { targets: { ...targets, more: { account: "333333333333", region: "us-east-1" } } }),
      [],
    ],
    ["the project's tags", intents(both, { tags: { team: "x" } }), ["orders", "payments"]],
    ["the project's name", intents(both, { metadata: { name: "other" } }), ["orders", "payments"]],
    [
      "roles",
      intents(both, {
        targets: { ...targets, net: { ...targets.net, roles: { plan: "arn:aws:iam::111111111111:role/p" } } },
      }),
      [],
    ],
    ["policy", intents(both, { policy: { deletions: { max: 1 } } }), []],
  ])("%s", (_, after, expected) => {
    const changed = [...after].filter(([name, intent]) => before.get(name) !== intent).map(([name]) => name);
    expect(changed.sort()).toEqual(expected);
  });

  test("a plan has one for every connection that it is about, also for those that are to go", () => {
    const plan = planOf({ payments: service() }, settled());
    expect(plan.connections?.map(({ name }) => name)).toEqual(["orders", "payments"]);
    expect(planOf(both).connections?.map(({ name }) => name)).toEqual(["orders", "payments"]);
    expect(plan.connections?.[0]?.intent).not.toBe(planOf(both).connections?.[0]?.intent);
  });

  test("stand in the plan file and are read back", () => {
    const plan = planOf(both);
    expect(reviewOf(plan).intents).toEqual(plan.connections);
  });
});

describe("a merge", () => {
  test("carries out what was reviewed, and the rest of it after it stopped half-way", () => {
    const plan = planOf(both);
    expect(onlyReviewedMerge(plan, reviewOf(plan), sha256)).toEqual(plan);
    const half = applyToModel(emptyCloud(), plan, ({ step }) => step.startsWith("payments/service/nlb"));
    const rest = planOf(both, half);
    expect(rest.changes.length).toBeGreaterThan(0);
    expect(goes(onlyReviewedMerge(rest, reviewOf(plan), sha256))).toEqual(rest.changes);
  });

  test("leaves a connection that a sibling merge has edited, though each of its operations was reviewed", () => {
    // Reviewed: payments goes across zones. The sibling says so too, and protects it: the operation is the same, what is wanted is not.
    const reviewed = planOf({ ...both, payments: slower }, settled());
    const edited = { ...both, payments: { ...slower, acknowledge: [{ finding: "quota.rules", reason: "sibling" }] } };
    const fresh = planOf(edited, settled());
    expect(sameOperations(fileOf(reviewed), fresh)).toBe(true);
    const held = onlyReviewedMerge(fresh, reviewOf(reviewed), sha256);
    expect(goes(held)).toEqual([]);
    expect(held.findings.filter(({ severity }) => severity === "error")).toMatchObject([
      { id: "intent-changed", connection: "payments" },
    ]);
    expect(held.summary.errors).toBe(fresh.summary.errors + 1);
  });

  test("leaves a connection that was not part of the reviewed plan", () => {
    const reviewed = planOf({ payments: service() });
    const held = onlyReviewedMerge(planOf(both), reviewOf(reviewed), sha256);
    expect(new Set(goes(held).map(({ connection }) => connection))).toEqual(new Set(["payments"]));
    expect(held.findings.find(({ id }) => id === "intent-changed")?.connection).toBe("orders");
  });

  test("leaves everything when the reviewed plan says nothing of what was meant", () => {
    const plan = planOf(both);
    const { connections: _, ...file } = plan;
    expect(goes(onlyReviewedMerge(plan, reviewOf(file), sha256))).toEqual([]);
  });

  test("refuses the whole connection when the cloud moved under one of its operations", () => {
    const cloud = settled();
    const desired = {
      ...both,
      payments: { service: { ...slower.service, acceptance: "automatic" as const } } as typeof slower,
    };
    const reviewed = planOf(desired, cloud);
    const moved = planOf(desired, withTag(cloud));
    const strange = moved.changes.filter((change) => !wasReviewed(change, reviewOf(reviewed).steps, sha256));
    expect(strange.length).toBeGreaterThan(0);
    expect(strange.length).toBeLessThan(moved.changes.length);
    expect(gist(onlyReviewedMerge(moved, reviewOf(reviewed), sha256))).toEqual(
      moved.changes.map(({ step }) => `${step} not-reviewed`),
    );
  });

  test("refuses with a step also every connection that would have to wait for it", () => {
    const plan = planOf(both);
    const review = reviewOf(plan);
    const steps = new Map([...review.steps].filter(([step]) => step !== "payments/service"));
    const held = onlyReviewedMerge(plan, { ...review, steps }, sha256);
    expect(goes(held)).toEqual([]);
    expect(held.findings.map(({ id, connection }) => `${id} ${connection}`)).toEqual(
      expect.arrayContaining(["not-reviewed payments", "not-reviewed orders"]),
    );
  });

  test("does not carry out what the reviewed plan refused", () => {
    const plan = planOf(both);
    const refused = {
      ...plan,
      changes: plan.changes.map((change): Change => ({ ...change, refused: "principal.denied" })),
    };
    expect(goes(onlyReviewedMerge(plan, reviewOf(refused), sha256))).toEqual([]);
  });

  const bodies = fc.record({
    payments: fc.constantFrom(
      service(),
      slower,
      service({ acceptance: "automatic" }),
      service({ supportedRegions: [] }),
    ),
    orders: fc.constantFrom(both.orders, endpoint({ connection: "payments" }, { aliases: [] }), {
      ...both.orders,
      protect: true,
    }),
    more: fc.constantFrom(service({ acceptance: "automatic" }), endpoint("pending", { aliases: [] })),
  });
  test("law: nothing outside the reviewed plan is ever kept, and of a connection all or nothing", () => {
    fc.assert(
      fc.property(bodies, bodies, bodies, (old, meant, other) => {
        const cloud = applyToModel(emptyCloud(), planOf(old));
        const review = reviewOf(planOf(meant, cloud));
        const fresh = planOf(other, cloud);
        const held = onlyReviewedMerge(fresh, review, sha256);
        const intents = new Map(review.intents?.map(({ name, intent }) => [name, intent]));
        const refused = new Set(
          held.changes.filter((one) => one.refused !== undefined).map(({ connection }) => connection),
        );
        for (const change of goes(held)) {
          expect(wasReviewed(change, review.steps, sha256)).toBe(true);
          expect(intents.get(change.connection)).toBe(
            fresh.connections?.find(({ name }) => name === change.connection)?.intent,
          );
          expect(refused).not.toContain(change.connection);
        }
        expect(held.changes.map(({ digest }) => digest)).toEqual(fresh.changes.map(({ digest }) => digest));
      }),
      { numRuns: 40 },
    );
  });
});

describe("how a plan differs from the reviewed one", () => {
  const cloud = settled();
  const reviewed = planOf({ ...both, payments: slower }, cloud);

  test("not at all", () => {
    expect(deltaOf(fileOf(reviewed).changes, reviewed)).toEqual({ onlyReviewed: [], onlyFresh: [], changed: [] });
    expect(sameOperations(fileOf(reviewed), reviewed)).toBe(true);
    expect(sameOperations(reviewed.planId, reviewed)).toBe(true);
  });

  test("by operations that are gone, new, or other ones at the same step", () => {
    const fresh = planOf({ ...both, payments: service({ acceptance: "automatic" }) }, cloud);
    const delta = deltaOf(fileOf(reviewed).changes, fresh);
    expect(delta.onlyReviewed.map(({ address }) => address)).toEqual(["payments/service/nlb/main"]);
    expect(delta.onlyFresh.map(({ step }) => step)).toEqual(["payments/service"]);
    expect(sameOperations(fileOf(reviewed), fresh)).toBe(false);
    expect(sameOperations(reviewed.planId, fresh)).toBe(false);
    const other = reviewed.changes.map((change): Change => ({ ...change, digest: `sha256:${"0".repeat(64)}` }));
    const changed = deltaOf(fileOf(reviewed).changes, { changes: other });
    expect(changed.changed.map((one) => [one.reviewed.digest, one.fresh.digest])).toEqual(
      reviewed.changes.map(({ digest }) => [digest, `sha256:${"0".repeat(64)}`]),
    );
    expect([changed.onlyReviewed, changed.onlyFresh]).toEqual([[], []]);
  });

  test("by being refused in one of the two", () => {
    const fresh = {
      ...reviewed,
      changes: reviewed.changes.map((change): Change => ({ ...change, refused: "protected" })),
    };
    expect(deltaOf(fileOf(reviewed).changes, fresh).changed).toHaveLength(reviewed.changes.length);
    expect(sameOperations(fileOf(reviewed), fresh)).toBe(false);
  });
});

/** Somebody has changed a tag on the load balancer. */
function withTag(cloud: Snapshot): Snapshot {
  return {
    ...cloud,
    targets: cloud.targets.map((target) => ({
      ...target,
      resources: target.resources.map((live) =>
        live.kind === "load-balancer"
          ? {
              ...live,
              attributes: { ...live.attributes, tags: { ...(live.attributes.tags as object), "cost-center": "other" } },
            }
          : live,
      ),
    })),
  };
}
