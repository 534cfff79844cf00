import { expect, test } from "vitest";
import { applyAll, liftProtection } from "./acts.ts";
import { essenceOf } from "./essence.ts";
import { expectNothingToDo, type Stage, startStage } from "./harness.ts";

/** The same objects under another name. */

const ids = async (stage: Stage): Promise<string[]> =>
  (await stage.look()).targets
    .flatMap(({ resources }) => resources)
    .map(({ kind, id }) => `${kind} ${id}`)
    .sort();

const MARKING = [
  "AddTags",
  "ChangeResourceRecordSets",
  "ChangeTagsForResource",
  "CreateTags",
  "UpdateHostedZoneComment",
];

/** Fails unless the apply changes marks and nothing else: every object stays, and no call makes or deletes one. */
async function expectOnlyMarks(stage: Stage, only?: readonly string[]): Promise<void> {
  const before = await ids(stage);
  const scope = only ? { only } : {};
  const { plan } = await stage.plan(scope);
  expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(plan.summary).toMatchObject({ create: 0, replace: 0, delete: 0 });
  expect(new Set(plan.changes.flatMap(({ risks }) => risks))).toEqual(new Set());
  expect(plan.changes.flatMap(({ differences }) => differences.map(({ attribute }) => attribute))).not.toContainEqual(
    expect.not.stringMatching(/^tags\.landline:(address|connection)$/),
  );
  const since = (await stage.requests()).length;
  const { exit, err, outcomes } = await stage.apply(scope);
  expect({ exit, bad: outcomes.filter(({ result }) => result !== "done") }, err).toEqual({ exit: 0, bad: [] });
  const writes = (await stage.requests(since)).filter(({ write }) => write).map(({ action }) => action);
  expect(writes.length).toBeGreaterThan(0);
  expect(writes.filter((action) => !MARKING.includes(action))).toEqual([]);
  expect(await ids(stage)).toEqual(before);
}

test("a connection is renamed: offered first, then only marks change, and the word may go", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.edit("specs/ledger.yaml", "name: ledger\n  owner", "name: books\n  owner");
  const { exit, plan } = await stage.plan();
  expect({ exit, offers: plan.findings.filter(({ id }) => id === "rename.possible") }).toMatchObject({
    exit: 3,
    offers: [{ connection: "ledger" }, { connection: "books" }],
  });
  expect(plan.findings.find(({ connection }) => connection === "books")?.message).toContain('"renamedFrom: ledger"');
  stage.edit("specs/ledger.yaml", "name: books\n", "name: books\n  renamedFrom: ledger\n");
  await expectOnlyMarks(stage);
  await expectNothingToDo(stage);
  stage.edit("specs/ledger.yaml", "  renamedFrom: ledger\n", "");
  await expectNothingToDo(stage);
  await stage.live("books/endpoint/main/dns/ledger.apps.internal.example.com");
});

test("a rename goes with --only too", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.edit("specs/ledger.yaml", "name: ledger\n  owner", "name: books\n  renamedFrom: ledger\n  owner");
  await expectOnlyMarks(stage, ["books"]);
  await expectNothingToDo(stage);
});

test("everything that a spec can say is renamed: the proof of a name, notifications, endpoints and load balancers", async () => {
  const stage = await startStage({ fixture: "rich" });
  await applyAll(stage);
  stage.edit("specs/rich.yaml", "name: rich, owner", "name: full, renamedFrom: rich, owner");
  stage.edit("specs/rich.yaml", "  - name: both\n", "  - name: first\n    renamedFrom: both\n");
  stage.edit("specs/rich.yaml", "    - name: spare\n", "    - name: second\n      renamedFrom: spare\n");
  await expectOnlyMarks(stage);
  await expectNothingToDo(stage);
  await stage.live("full/service/private-dns");
  await stage.live("full/endpoint/first/dns/rich.apps.internal.example.com");
});

test("what a rename leaves out goes, and what it changes changes, in the same apply", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.edit("specs/ledger.yaml", "name: ledger\n  owner", "name: books\n  renamedFrom: ledger\n  owner");
  const alias =
    "      - { name: ledger.apps.internal.example.com, zone: Z0PRIVATE00000000001, evaluateTargetHealth: true }\n";
  stage.edit("specs/ledger.yaml", alias, "      []\n");
  stage.edit("specs/ledger.yaml", "from: 10.20.0.0/16", "from: 10.21.0.0/16");
  const { plan } = await stage.plan();
  expect(plan.summary).toMatchObject({ create: 0, replace: 0, delete: 1 });
  expect(plan.changes.flatMap(({ notes }) => notes)).toContainEqual(
    "renamed from ledger/endpoint/main/security-group: besides its marks ingress changes",
  );
  await applyAll(stage);
  await expectNothingToDo(stage);
  const { records = [] } = stage.world().accounts["222222222222"]?.hostedZones.Z0PRIVATE00000000001 ?? {};
  expect(records.filter(({ name }) => name.includes("ledger"))).toEqual([]);
});

test("a rename that is cut short anywhere is ended by the next apply", async () => {
  const stage = await startStage();
  await applyAll(stage);
  const before = stage.world();
  stage.edit("specs/ledger.yaml", "name: ledger\n  owner", "name: books\n  renamedFrom: ledger\n  owner");
  const since = (await stage.requests()).length;
  await applyAll(stage);
  const end = essenceOf(stage.world());
  const writes = (await stage.requests(since)).flatMap(({ write }, index) => (write ? [index] : []));
  for (const index of writes) {
    await stage.putWorld(before);
    await stage.faults({
      skip: index + 1,
      times: 1_000_000,
      effect: "error-before",
      code: "InternalError",
      status: 400,
    });
    await stage.apply();
    await stage.clearFaults();
    const what = `cut short after call ${index + 1}`;
    const { exit, err } = await stage.apply();
    expect({ what, exit }, err).toEqual({ what, exit: 0 });
    expect({ what, world: essenceOf(stage.world()) }).toEqual({ what, world: end });
  }
}, 120_000);

test("protection does not stand in the way of a rename, and lives on under the new name", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.edit("specs/payments-api.yaml", "name: payments-api\n", "name: pay\n  renamedFrom: payments-api\n");
  await expectOnlyMarks(stage);
  expect((await stage.live("pay/service")).protect).toBe(true);
  liftProtection(stage);
  await applyAll(stage);
  await expectNothingToDo(stage);
});
