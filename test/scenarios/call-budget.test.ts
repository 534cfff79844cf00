import { expect, test } from "vitest";
import { pagesOf } from "../../bench/budgets.mjs";
import { connectionName, projectText, seedText, specText } from "../../bench/estate.mjs";
import { APPS, NETWORK, type Stage, startStage } from "./harness.ts";

/** The estate of the benchmark, applied. */
async function startEstate(size: number): Promise<Stage> {
  const stage = await startStage({ seed: seedText });
  for (const name of ["event-stream", "ledger", "payments-api"]) stage.remove(`specs/${name}.yaml`);
  stage.write("landline.yaml", projectText);
  for (let n = 1; n <= size; n++) stage.write(`specs/${connectionName(n)}.yaml`, specText(n));
  const { exit, err } = await stage.apply();
  expect(exit, err).toBe(0);
  return stage;
}

/** What a plan that finds nothing to do asks of AWS. */
async function callsOfPlan(
  stage: Stage,
  only?: string,
): Promise<{ account: string; action: string; write: boolean }[]> {
  const before = (await stage.requests()).length;
  const { exit, err } = await stage.plan(only === undefined ? {} : { only: [only] });
  expect(exit, err).toBe(0);
  return stage.requests(before);
}

test("a plan of N unchanged connections costs at most 15 + 5 N calls, one connection of them 25 whatever N is", async () => {
  const [small, large] = [2, 5];
  const costOfOne: number[] = [];
  for (const size of [small, large]) {
    const stage = await startEstate(size);
    const calls = await callsOfPlan(stage);
    expect(calls.length).toBeLessThanOrEqual(15 + 5 * size + pagesOf(size));
    expect(calls.filter(({ write }) => write)).toEqual([]);
    const one = await callsOfPlan(stage, connectionName(2));
    expect(one.length).toBeLessThanOrEqual(25);
    expect(one.filter(({ write }) => write)).toEqual([]);
    costOfOne.push(one.length);
  }
  expect(costOfOne[1]).toBe(costOfOne[0]);
});

test("a connection between two accounts costs no more than 25 calls beside one session for each of its roles", async () => {
  const stage = await startStage();
  expect((await stage.apply()).exit).toBe(0);
  const calls = await callsOfPlan(stage, "ledger");
  const sessions = calls.filter(({ action }) => action === "AssumeRole");
  expect(sessions).toHaveLength(2);
  expect(calls.length - sessions.length).toBeLessThanOrEqual(25);
  expect(new Set(calls.map(({ account }) => account))).toEqual(new Set([NETWORK, APPS]));
});

test.each([
  [10, 0],
  [21, 3],
  [100, 12],
  [1000, 4 + 2 * 2 + 3 * 49 + 6],
])("%i connections fill %i pages beyond the first ones", (connections, pages) => {
  expect(pagesOf(connections)).toBe(pages);
});
