import { CreateTagsCommand, CreateVpcEndpointCommand, DeleteTagsCommand } from "@aws-sdk/client-ec2";
import { AddTagsCommand, RemoveTagsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kindInfos } from "../../src/kinds/index.ts";
import type { KindName, Live, Value } from "../../src/model.ts";
import type { FileChange } from "../../src/planner/writers/json.ts";
import type { World } from "../../src/sandbox/world.ts";
import { APPS, expectNothingToDo, gist, NETWORK, openStage, PARTNER, type Planned, type Stage } from "./harness.ts";
import { effectOf, passing } from "./matrix.ts";
import { differencesNamed, type Identity, type Mutator, mutators, otherValue, PARTNERS } from "./mutators/index.ts";

let stage: Stage;
/** The world in which everything is as the specs want it. */
let settled: World;
/** The id of the partner's endpoint. */
let partners: string;

beforeAll(async () => {
  stage = await openStage({ fixture: "rich" });
  expect((await stage.apply()).exit).toBe(0);
  partners = await connectPartner(stage);
  expect((await stage.apply()).exit).toBe(0);
  settled = stage.world();
}, 60_000);
afterAll(() => stage.close());

/** The partner whose account a spec lets in asks for a connection; answers with the endpoint's id. */
async function connectPartner({ as, live }: Stage): Promise<string> {
  const { VpcEndpoint } = await as(PARTNER).ec2.send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: "Interface",
      VpcId: "vpc-0c1b2c3d4e5f60001",
      ServiceName: (await live("rich-udp/service")).outputs.serviceName,
      SubnetIds: ["subnet-0c1b2c3d4e5f60001"],
      SecurityGroupIds: ["sg-0c1b2c3d4e5f60001"],
    }),
  );
  return VpcEndpoint?.VpcEndpointId ?? "";
}

const attributesOf = (kind: KindName): string[] =>
  Object.entries(kindInfos[kind].rules).flatMap(([attribute, { shape }]) => (shape === "fixed" ? [] : [attribute]));
const kindNames = Object.keys(kindInfos) as KindName[];
const mutatorOf = (kind: KindName, attribute: string): Mutator | Identity | undefined =>
  (mutators[kind] as { readonly [attribute: string]: Mutator | Identity })[attribute];

test("after an apply of every field there is nothing to do", () => expectNothingToDo(stage));

test.each(kindNames.filter((kind) => !passing.has(kind)))(
  "every compared attribute of %s has a way to drift",
  (kind) => {
    expect(Object.keys(mutators[kind]).sort()).toEqual(attributesOf(kind).sort());
  },
);

describe.each(kindNames.filter((kind) => !passing.has(kind)))("%s", (kind) => {
  test.each(attributesOf(kind))("a changed %s is seen, named and mended", async (attribute) => {
    const mutator = mutatorOf(kind, attribute);
    if (!mutator) throw new Error(`nobody knows how to change ${attribute} of ${kind}`);
    await stage.putWorld(settled);
    if ("identity" in mutator) await driftsInSnapshot(kind, attribute, placeOf(mutator));
    else await driftsInCloud(attribute, mutator);
  });
});

const placeOf = ({ at }: Mutator | Identity): string => (at === PARTNERS ? `${at}${partners}` : at);

async function driftsInCloud(attribute: string, mutator: Mutator): Promise<void> {
  const { by, shows = attribute, also = [], stays } = mutator;
  const at = placeOf(mutator);
  const before = await stage.live(at);
  await by({ stage, live: before });
  const planned = await stage.plan();
  expectDrift(planned, at, [shows, ...also]);
  expectEffect(planned, before, [attribute, ...also]);
  const { exit, outcomes, err } = await stage.apply();
  const failed = outcomes.flatMap(({ result, code, message }) => (result === "failed" ? [{ code, message }] : []));
  if (stays)
    return expect(
      failed.map(({ code }) => code),
      stays.because,
    ).toContain(stays.code);
  expect({ exit, failed }, err).toEqual({ exit: 0, failed: [] });
  await expectNothingToDo(stage, "the drift was mended");
}

/** Update or replace, as AWS allows it; one attribute that cannot be changed in place replaces the object whatever else differs. */
function expectEffect({ plan }: Planned, { address, kind, attributes }: Live, touched: readonly string[]): void {
  const change = plan.changes.find((one) => one.address === address && one.action !== "delete" && !one.temporary);
  const effects = touched.map((attribute) => {
    const live = change?.differences.find((one) => one.attribute === attribute)?.before ?? null;
    return effectOf(kind, attribute, live, attributes[attribute] ?? null);
  });
  expect(change?.action).toBe(effects.includes("replace") ? "replace" : "update");
}

async function driftsInSnapshot(kind: KindName, attribute: string, at: string): Promise<void> {
  const snapshot = await stage.look();
  const before = (await stage.live(at)).attributes[attribute];
  const targets = snapshot.targets.map((target) => ({
    ...target,
    resources: target.resources.map((one) =>
      one.address === at && one.kind === kind
        ? { ...one, attributes: { ...one.attributes, [attribute]: otherValue(before) } }
        : one,
    ),
  }));
  stage.write("snapshot.json", JSON.stringify({ ...snapshot, targets }));
  expectDrift(await stage.plan({ snapshot: ["snapshot.json"] }), at, differencesNamed(attribute, before));
}

/** Exit 2, and just these attributes of that address; besides only references to what has lost its value with it. */
function expectDrift({ exit, plan, err }: Planned, address: string, attributes: readonly string[]): void {
  const own = plan.changes.filter((change) => change.address === address && change.action !== "delete");
  expect(
    { exit, own: own.map(({ differences }) => differences.map((one) => one.attribute)) },
    `${err}${gist(plan).join("\n")}`,
  ).toEqual({
    exit: 2,
    own: [[...attributes].sort()],
  });
  const others = plan.changes.filter((change) => !own.includes(change) && !follows(change));
  expect(others, gist(plan).join("\n")).toEqual([]);
}

/** The old half of a replacement, what warms up the new half, or a change of nothing but references that are known only after the apply. */
const follows = ({ action, step, differences, temporary }: FileChange): boolean =>
  temporary === true ||
  (action === "delete" ? step !== undefined : action !== "create" && differences.every(({ after }) => holdsRef(after)));

const holdsRef = (value: Value | undefined): boolean =>
  typeof value === "object" && value !== null && ("ref" in value || Object.values(value).some(holdsRef));

describe("tags", () => {
  const MARKED = ["rich/service/nlb/main", "rich/endpoint/plain"];
  const put = async (address: string, Key: string, Value: string) => {
    const { id, target } = await stage.live(address);
    const { ec2, elbv2 } = stage.as(target === "apps-use1" ? APPS : NETWORK);
    if (id.startsWith("arn:")) await elbv2.send(new AddTagsCommand({ ResourceArns: [id], Tags: [{ Key, Value }] }));
    else await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }));
  };
  const drop = async (address: string, Key: string) => {
    const { id, target } = await stage.live(address);
    const { ec2, elbv2 } = stage.as(target === "apps-use1" ? APPS : NETWORK);
    if (id.startsWith("arn:")) await elbv2.send(new RemoveTagsCommand({ ResourceArns: [id], TagKeys: [Key] }));
    else await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key }] }));
  };

  test.each(MARKED)("a foreign tag on %s is nobody's business and survives a mending", async (address) => {
    await stage.putWorld(settled);
    await put(address, "backup", "daily");
    await expectNothingToDo(stage);
    await put(address, "cost-center", "other");
    expect((await stage.apply()).exit).toBe(0);
    expect((await stage.live(address)).attributes.tags).toMatchObject({ backup: "daily", "cost-center": "network" });
  });

  test.each(MARKED)("a mark of ours that is gone from %s is drift", async (address) => {
    await stage.putWorld(settled);
    await drop(address, "landline:connection");
    expectDrift(await stage.plan(), address, ["tags.landline:connection"]);
    expect((await stage.apply()).exit).toBe(0);
    await expectNothingToDo(stage);
  });

  test("a protect mark that is gone is drift", async () => {
    await stage.putWorld(settled);
    await drop("payments-api/service", "landline:protect");
    expectDrift(await stage.plan(), "payments-api/service", ["tags.landline:protect"]);
  });

  test.each(["landline:project", "landline:address"])(
    "without %s an object is not ours, and is not touched",
    async (key) => {
      await stage.putWorld(settled);
      const before = (await stage.requests()).length;
      await drop("rich/service/nlb/main/target-group/5432", key);
      const { exit, plan } = await stage.plan();
      expect({
        exit,
        errors: plan.findings.filter(({ severity }) => severity === "error").map(({ id, address }) => [id, address]),
      }).toEqual({
        exit: 3,
        errors: [["not-ours", "rich/service/nlb/main/target-group/5432"]],
      });
      expect((await stage.apply()).exit).toBe(3);
      const writes = (await stage.requests(before)).filter(({ write }) => write).map(({ action }) => action);
      expect(writes).toEqual(["RemoveTags"]);
    },
  );
});
