import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FileChange, PlanFile } from "../../src/planner/writers/json.ts";
import type { World } from "../../src/sandbox/world.ts";
import { type Act, applyAll, expectSameEnd, rehearse } from "./acts.ts";
import { essenceOf } from "./essence.ts";
import { expectNothingToDo, gist, openStage, type Stage, startStage } from "./harness.ts";

/** `landline apply PLAN.json`: only what the file holds. */

const FILE = "plan.json";

/** Writes the plan that is going to be reviewed. */
async function review(stage: Stage): Promise<PlanFile> {
  await stage.plan({ out: FILE, detailedExitcode: false });
  return JSON.parse(readFileSync(join(stage.folder, FILE), "utf8"));
}

/** What an apply wrote, by action. */
async function writesOf(stage: Stage, run: () => Promise<unknown>): Promise<string[]> {
  const since = (await stage.requests()).length;
  await run();
  return (await stage.requests(since)).filter(({ write }) => write).map(({ action }) => action);
}

test("a reviewed plan is carried out as a whole", async () => {
  const stage = await startStage();
  const { changes } = await review(stage);
  const { exit, outcomes } = await stage.apply({ planFile: FILE });
  expect({ exit, done: outcomes.filter(({ result }) => result === "done").map(({ step }) => step) }).toEqual({
    exit: 0,
    done: changes.map(({ address, step = address }) => step),
  });
  await expectNothingToDo(stage);
});

describe("on a cloud that is as specified", () => {
  let stage: Stage;
  let settled: World;
  beforeAll(async () => {
    stage = await openStage();
    await applyAll(stage);
    settled = stage.world();
  });
  beforeEach(() => stage.putWorld(settled));
  afterAll(() => stage.close());

  const HEALTH_CHECK = "payments-api/service/nlb/payments/target-group/443";
  const BALANCER = "ledger/service/nlb/ledger";
  const spec = (name: string) => join(stage.folder, `specs/${name}.yaml`);
  /** Changes a spec for the length of a test. */
  async function edited<T>(name: string, from: string, to: string, run: () => Promise<T>): Promise<T> {
    const before = readFileSync(spec(name), "utf8");
    stage.edit(`specs/${name}.yaml`, from, to);
    try {
      return await run();
    } finally {
      writeFileSync(spec(name), before);
    }
  }
  const slower = <T>(run: () => Promise<T>) =>
    edited("payments-api", "intervalSeconds: 10", "intervalSeconds: 20", run);
  const slowest = <T>(run: () => Promise<T>) =>
    edited("payments-api", "intervalSeconds: 10", "intervalSeconds: 30", run);
  const crossZone = <T>(run: () => Promise<T>) =>
    edited("ledger", "    - name: ledger\n", "    - name: ledger\n      crossZone: true\n", run);

  test("a change that came in after the review is refused, what was reviewed is done", async () => {
    await crossZone(async () => {
      await review(stage);
      await slower(async () => {
        const { exit, outcomes, err } = await stage.apply({ planFile: FILE });
        expect({ exit, outcomes: outcomes.map(({ step, result }) => `${step} ${result}`) }).toEqual({
          exit: 4,
          outcomes: [`${BALANCER} done`, `${HEALTH_CHECK} refused`],
        });
        expect(err.replace(/\s+/g, " ")).toContain(`update ${HEALTH_CHECK}. The specs or the cloud have changed`);
        expect(err).toMatch(/healthCheckIntervalSeconds +10 → 20/);
        expect(gist((await stage.plan()).plan)).toEqual([`update ${HEALTH_CHECK} healthCheckIntervalSeconds`]);
      });
    });
  });

  test.each([
    ["the spec says another value by now", (run: () => Promise<void>) => slowest(run)],
    ["the specs say something else by now", (run: () => Promise<void>) => crossZone(run)],
  ])("nothing is done when %s", async (_what, change) => {
    await slower(() => review(stage));
    await change(async () => {
      const writes = await writesOf(stage, async () => {
        const { exit, err } = await stage.apply({ planFile: FILE });
        expect(exit, err).toBe(3);
        expect(err).toContain("not-reviewed");
      });
      expect(writes).toEqual([]);
    });
  });

  test("nothing is done when the object has moved on since the review", async () => {
    await slower(async () => {
      await review(stage);
      const world = stage.world();
      for (const group of Object.values(world.accounts["111111111111"]?.regions["us-east-1"]?.targetGroups ?? {}))
        group.healthCheck.intervalSeconds = 15;
      await stage.putWorld(world);
      const writes = await writesOf(stage, async () => expect((await stage.apply({ planFile: FILE })).exit).toBe(3));
      expect(writes).toEqual([]);
    });
  });

  const alterations: readonly [string, (change: FileChange) => FileChange][] = [
    ["digest", (change) => ({ ...change, digest: change.digest.replace(/.$/, (last) => (last === "0" ? "1" : "0")) })],
    ["value", (change) => ({ ...change, differences: change.differences.map((one) => ({ ...one, after: 30 })) })],
    [
      "attribute",
      (change) => ({ ...change, differences: change.differences.map((one) => ({ ...one, attribute: "x" })) }),
    ],
    ["address", (change) => ({ ...change, address: `${change.address}0` })],
    ["action", (change) => ({ ...change, action: "create" })],
    ["object", (change) => ({ ...change, object: "arn:another" })],
    ["target", (change) => ({ ...change, target: "apps-use1" })],
    ["refusal", (change) => ({ ...change, refused: "protected" })],
  ];
  test.each(alterations)("a change whose %s was altered in the file is refused", async (_what, alter) => {
    await slower(async () => {
      const file = await review(stage);
      stage.write(FILE, JSON.stringify({ ...file, changes: file.changes.map(alter) }));
      const writes = await writesOf(stage, async () => {
        const { exit, err } = await stage.apply({ planFile: FILE });
        expect([1, 3], err).toContain(exit);
      });
      expect(writes).toEqual([]);
    });
  });

  test("the plan of another project is refused", async () => {
    await slower(async () => {
      stage.write(FILE, JSON.stringify({ ...(await review(stage)), project: "somebody-else" }));
      expect((await stage.apply({ planFile: FILE })).exit).toBe(3);
    });
  });

  test.each([
    ["is not there", undefined],
    ["is not JSON", "apiVersion: landline/v1"],
    ["is no plan", "{}"],
  ])("a file that %s is said to be so", async (_what, text) => {
    if (text !== undefined) stage.write("other.json", text);
    const { exit, err } = await stage.apply({ planFile: text === undefined ? "nowhere.json" : "other.json" });
    expect({ exit, err }).toEqual({ exit: 1, err: expect.stringMatching(/^landline: .*(nowhere|other)\.json/m) });
  });
});

describe("a reviewed plan that was cut short", () => {
  let act: Act;
  beforeAll(async () => {
    act = await rehearse("the first apply");
  });
  afterAll(() => act.close());

  test("is carried on with by the same file, wherever it stopped", async () => {
    const { stage, before, calls } = act;
    await stage.putWorld(before);
    await review(stage);
    for (const { place, action } of calls.filter(({ write }) => write)) {
      const what = `the reviewed plan cut short after call ${place}, ${action}`;
      await stage.putWorld(before);
      await stage.faults({ skip: place, times: 1_000_000, effect: "error-before", code: "InternalError", status: 400 });
      await stage.apply({ planFile: FILE });
      await stage.clearFaults();
      const { exit, err } = await stage.apply({ planFile: FILE });
      expect({ what, exit }, err).toEqual({ what, exit: 0 });
      await expectSameEnd(act, what);
    }
  }, 120_000);

  test("does nothing more once it is done", async () => {
    const { stage } = act;
    const end = essenceOf(stage.world());
    expect((await stage.apply({ planFile: FILE })).exit).toBe(0);
    expect(essenceOf(stage.world())).toEqual(end);
  });
});
