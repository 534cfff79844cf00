import { describe, expect, test } from "vitest";
import type { Json, Live, Snapshot } from "../../src/model.ts";
import type { AdoptionSpec } from "../../src/planner/specs/index.ts";
import { wantedByTarget } from "../../src/planner/wanted.ts";
import { connections, emptyCloud, endpoint, planOf, project, service, sha256 } from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

const bodies = { pay: service(), shop: endpoint({ connection: "pay" }) };

/** The model's ids in AWS's forms, which entries of `adopt` have to have. */
const FORMS: readonly [RegExp, string][] = [
  [/load-balancer-(?=[0-9a-f]{17})/g, "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/x/"],
  [/target-group-(?=[0-9a-f]{17})/g, "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/x/"],
  [/listener-(?=[0-9a-f]{17})/g, "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/net/x/y/"],
  [/endpoint-service-(?=[0-9a-f]{17})/g, "vpce-svc-"],
  [/vpc-endpoint-(?=[0-9a-f]{17})/g, "vpce-"],
  [/security-group-(?=[0-9a-f]{17})/g, "sg-"],
];
const settled = JSON.parse(
  FORMS.reduce(
    (text, [form, ours]) => text.replaceAll(form, ours),
    JSON.stringify(applyToModel(emptyCloud(), planOf(bodies))),
  ),
) as Snapshot;

const change = (snapshot: Snapshot, edit: (live: Live) => readonly Live[]): Snapshot => ({
  ...snapshot,
  targets: snapshot.targets.map((target) => ({ ...target, resources: target.resources.flatMap(edit) })),
});
const isTagged = ({ attributes }: Live): boolean => "tags" in attributes;
const withTags = (live: Live, tags: { readonly [key: string]: Json }): Live => ({
  ...live,
  attributes: { ...live.attributes, tags },
});

/** The same objects as somebody else would have made them, with tags of theirs. */
const byHand = change(settled, (live) => [isTagged(live) ? withTags(live, { team: "theirs" }) : live]);

const at = (address: string): Live => {
  const found = settled.targets.flatMap(({ resources }) => resources).find((live) => live.address === address);
  if (!found) throw new Error(`nothing at ${address}`);
  return found;
};

/** An entry for each of a connection's objects that carry a mark of their own. */
const adopt = (connection: string): AdoptionSpec[] =>
  settled.targets
    .flatMap(({ resources }) => resources)
    .filter((live) => live.connection === connection && isTagged(live))
    .map(({ address, id }) => ({ address: address.slice(connection.length + 1), id }));

const adopting = { pay: { ...bodies.pay, adopt: adopt("pay") }, shop: { ...bodies.shop, adopt: adopt("shop") } };
const errors = (plan: ReturnType<typeof planOf>) =>
  plan.findings.filter(({ severity }) => severity === "error").map(({ id, address }) => [id, address]);

const BALANCER = "pay/service/nlb/main";
const GROUP = "pay/service/nlb/main/target-group/443";

describe("adopting", () => {
  test("adds marks and nothing else, and says so", () => {
    const plan = planOf(adopting, byHand);
    expect(plan.summary).toMatchObject({ create: 0, update: 7, replace: 0, delete: 0, errors: 0 });
    for (const { risks, notes, differences } of plan.changes) {
      expect(risks).toEqual(["adopts"]);
      expect(notes).toEqual([expect.stringMatching(/becomes ours: .* nothing else about it changes$/)]);
      expect(differences.filter(({ attribute }) => !/^tags\.(landline:|cost-center)/.test(attribute))).toEqual([]);
    }
    expect(plan.findings.filter(({ id }) => id === "adopt.only-marks")).toHaveLength(2);
  });

  test("leaves nothing to do, with the list and without it", () => {
    const after = applyToModel(byHand, planOf(adopting, byHand));
    expect(planOf(adopting, after).changes).toEqual([]);
    expect(planOf(adopting, after).findings.map(({ id }) => id)).toEqual(["adopt.done", "adopt.done"]);
    expect(planOf(bodies, after).changes).toEqual([]);
    expect(planOf(bodies, after).findings).toEqual([]);
  });

  test("keeps the name that an object has, whatever the spec would have called it", () => {
    const named = change(byHand, (live) =>
      live.kind === "load-balancer" ? [{ ...live, attributes: { ...live.attributes, name: "theirs" } }] : [live],
    );
    expect(
      planOf(adopting, named).changes.find(({ address }) => address === BALANCER)?.desired?.attributes,
    ).toMatchObject({ name: "theirs" });
  });

  test("an object that is replaced after its adoption gets the name that its address gives", () => {
    const ours = change(settled, (live) =>
      live.kind === "target-group"
        ? [{ ...live, attributes: { ...live.attributes, name: "theirs", port: 1 } }]
        : [live],
    );
    const made = planOf(bodies, ours).changes.find(({ action }) => action === "replace")?.desired?.attributes;
    expect(made).toMatchObject({ name: expect.stringMatching(/^pay-main-443-[0-9a-f]{6}a$/) });
  });

  test("says when it is not all that happens", () => {
    const moved = change(byHand, (live) =>
      live.kind === "target-group" ? [{ ...live, attributes: { ...live.attributes, healthyThreshold: 3 } }] : [live],
    );
    const plan = planOf(adopting, moved);
    expect(plan.findings).toContainEqual(
      expect.objectContaining({ id: "adopt.changes", message: expect.stringContaining(`see ${GROUP}`) }),
    );
    expect(plan.changes.find(({ address }) => address === GROUP)?.notes[0]).toContain("it differs in healthyThreshold");
  });
});

describe("what is not adopted", () => {
  test("an object without an entry is not seen at all, and what is not wanted any more stays whose it is", () => {
    const plan = planOf({ pay: adopting.pay }, byHand);
    expect(plan.changes.filter(({ connection }) => connection === "shop")).toEqual([]);
  });

  test("an object that does not exist is not made in its place", () => {
    const plan = planOf(
      adopting,
      change(byHand, (live) => (live.address === GROUP ? [] : [live])),
    );
    expect(errors(plan)).toEqual([["adopt.missing", GROUP]]);
    expect(
      plan.changes.filter(({ connection, refused }) => connection === "pay" && refused !== "adopt.missing"),
    ).toEqual([]);
  });

  test("an object of another project is refused with its name", () => {
    const { id } = at(BALANCER);
    const without = change(byHand, (live) => (live.address === BALANCER ? [] : [live]));
    const obstacles = [{ kind: "load-balancer" as const, place: "x", id, project: "other" }];
    const targets = without.targets.map((target) => ({ ...target, obstacles }));
    const plan = planOf(adopting, { ...without, targets });
    expect(errors(plan)).toEqual([["not-ours", BALANCER]]);
    expect(plan.findings[0]?.message).toContain('belongs to the Landline project "other"');
  });

  test("an object that would have to be replaced is refused: that would delete what is not ours", () => {
    const plan = planOf(
      adopting,
      change(byHand, (live) =>
        live.address === GROUP ? [{ ...live, attributes: { ...live.attributes, port: 1 } }] : [live],
      ),
    );
    expect(errors(plan)).toEqual([["adopt.replaces", GROUP]]);
    expect(plan.changes.some(({ action, live }) => action === "delete" && live?.id === at(GROUP).id)).toBe(false);
  });

  test("an object is refused where one of ours stands already, and neither is deleted", () => {
    const second = { ...at(BALANCER), id: "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/z/1" };
    const entry = { address: "service/nlb/main", id: second.id };
    const cloud = change(settled, (live) => (live.address === BALANCER ? [live, withTags(second, {})] : [live]));
    const plan = planOf({ ...bodies, pay: { ...bodies.pay, adopt: [entry] } }, cloud);
    expect(errors(plan)).toEqual([["adopt.taken", BALANCER]]);
    expect(plan.changes.filter(({ action }) => action === "delete")).toEqual([]);
  });

  test("an object that is another resource of ours is refused", () => {
    const entry = { address: "service/nlb/main", id: at(BALANCER).id };
    const cloud = change(settled, (live) =>
      live.address === BALANCER ? [{ ...live, address: "old/service/nlb/main", connection: "old" }] : [live],
    );
    const plan = planOf({ ...bodies, pay: { ...bodies.pay, adopt: [entry] } }, cloud);
    expect(errors(plan)).toContainEqual(["adopt.taken", BALANCER]);
  });
});

test("adoptees are looked for in every target of their connection, under --only as well", () => {
  const documents = connections(adopting);
  const wanted = wantedByTarget(project(), documents, sha256, ["shop"]);
  expect(wanted.get("app")?.adopt).toEqual(
    expect.arrayContaining([{ id: at("shop/endpoint/main").id, address: "shop/endpoint/main" }]),
  );
  expect(wanted.get("net")?.adopt).toEqual(expect.arrayContaining([{ id: at(BALANCER).id, address: BALANCER }]));
});
