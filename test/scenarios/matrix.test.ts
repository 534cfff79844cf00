import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kindInfos } from "../../src/kinds/index.ts";
import type { Json, KindName, Live, Rule, Snapshot } from "../../src/model.ts";
import type { FileChange } from "../../src/planner/writers/json.ts";
import { connect, nameInSpec } from "./acts.ts";
import { expectNothingToDo, gist, openStage, type Stage } from "./harness.ts";
import { type Effect, effectOf, matrix, passing } from "./matrix.ts";
import { mutators, PARTNERS } from "./mutators/index.ts";

/**
 * Every attribute of every kind with every sort of value that it may have instead: what the plan does about it is what AWS allows. That an
 * apply then does it, and the next plan is empty, is seen in drift.test.ts, attribute by attribute.
 */

let stage: Stage;
let settled: Snapshot;
beforeAll(async () => {
  stage = await openStage({ fixture: "rich" });
  stage.write("specs/unconnected.yaml", UNCONNECTED);
  expect((await stage.apply()).exit).toBe(0);
  await nameInSpec(stage, await connect(stage));
  expect((await stage.apply()).exit).toBe(0);
  await expectNothingToDo(stage);
  settled = await stage.look();
}, 60_000);
afterAll(() => stage.close());

const UNCONNECTED = `
apiVersion: landline/v1
kind: Connection
metadata: { name: unconnected }
service:
  target: network-use1
  loadBalancers:
    - name: main
      subnets: [subnet-0a1b2c3d4e5f60001]
      listeners: [{ port: 443, protocol: TCP, targetGroup: { port: 8443, type: ip } }]
  allowedPrincipals: []
`;

const kindNames = Object.keys(kindInfos) as KindName[];

test.each(kindNames)("the matrix knows every attribute of %s", (kind) => {
  expect(Object.keys(matrix[kind]).sort()).toEqual(Object.keys(kindInfos[kind].rules).sort());
});

/** Values of the same sort that an attribute may have instead of this one. */
function othersThan(value: Json, { shape }: Rule): Json[] {
  if (shape === "flag") return [value !== true];
  if (shape === "number") return [Number(value) + 1, null];
  if (shape === "tags") return [{ ...(value as object), "landline:address": "elsewhere" }];
  const members = Array.isArray(value) ? value : [];
  if (shape === "set")
    return [[], [...members, "zz-other"], ["zz-other"], members.slice(1)].filter(differsFrom(members));
  if (shape === "json") return [["zz-other"], { Statement: [] }].filter(differsFrom(value));
  return [`${String(value)}-other`, null].filter(differsFrom(value));
}
const differsFrom = (value: Json) => (other: Json) => JSON.stringify(other) !== JSON.stringify(value);

/** An object whose spec says the attribute, as the mutators know it. */
function subjectOf(kind: KindName, attribute: string): Live | undefined {
  const mutator = (mutators[kind] as { readonly [attribute: string]: { readonly at: string } | undefined })[attribute];
  const live = settled.targets.flatMap(({ resources }) => resources).filter((one) => one.kind === kind);
  // The one that the specs name, not that of an endpoint of ours.
  if (mutator?.at === PARTNERS || kind === "acceptance")
    return live.find(({ connection }) => connection === "payments-api");
  // AWS lets go of nothing that endpoints are connected through: a plan leaves that for later.
  if (attribute === "loadBalancerArns") return live.find(({ connection }) => connection === "unconnected");
  if (!mutator) return live[0];
  return live.find(({ address }) => address === mutator.at);
}

const withValue = (subject: Live, attribute: string, value: Json): Snapshot => ({
  ...settled,
  targets: settled.targets.map((target) => ({
    ...target,
    resources: target.resources.map((one) =>
      one.id === subject.id && one.kind === subject.kind
        ? { ...one, attributes: { ...one.attributes, [attribute]: value } }
        : one,
    ),
  })),
});

const isAbout =
  ({ address, kind }: Live) =>
  (change: FileChange): boolean =>
    change.address === address && change.kind === kind && change.action !== "delete";

describe.each(kindNames.filter((kind) => !passing.has(kind)))("%s", (kind) => {
  test.each(Object.keys(kindInfos[kind].rules))("%s", async (attribute) => {
    const rule = kindInfos[kind].rules[attribute];
    const subject = subjectOf(kind, attribute);
    if (!rule || !subject) throw new Error(`nothing has ${attribute} of ${kind}`);
    const wanted = subject.attributes[attribute] ?? null;
    for (const value of othersThan(wanted, rule)) {
      stage.write("snapshot.json", JSON.stringify(withValue(subject, attribute, value)));
      const { plan, err } = await stage.plan({ snapshot: ["snapshot.json"] });
      const effects = plan.changes.filter(isAbout(subject)).map(({ action }) => action as Effect);
      const effect = effectOf(kind, attribute, value, wanted);
      const what = `${subject.address}: ${attribute} from ${JSON.stringify(value)} to ${JSON.stringify(wanted)}`;
      expect({ what, effects: [...new Set(effects)] }, `${err}${gist(plan).join("\n")}`).toEqual({
        what,
        effects: effect === "nothing" ? [] : [effect],
      });
    }
  });
});

test("a tag of somebody else is nobody's business", async () => {
  const subject = subjectOf("load-balancer", "tags");
  if (!subject) throw new Error("no load balancer");
  const tags = { ...(subject.attributes.tags as object), backup: "daily" };
  stage.write("snapshot.json", JSON.stringify(withValue(subject, "tags", tags)));
  expect(gist((await stage.plan({ snapshot: ["snapshot.json"] })).plan)).toEqual([]);
});
