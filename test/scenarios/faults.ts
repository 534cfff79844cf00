import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Act, type acts, type Call, expectSameEnd, rehearse } from "./acts.ts";

/** An error that the SDK does not try again: the run has to live with it. */
const FATAL = { code: "InternalError", status: 400 };

/** Long enough for a machine with other things to do. */
const PATIENCE = 240_000;

/** Something goes wrong at every single call of an apply, in every way; a second run has to come to the same end as if nothing had. */
export function describeFaults(name: keyof typeof acts): void {
  describe(name, () => {
    let act: Act;
    const reads = () => act.calls.filter(({ write }) => !write);
    const writes = () => act.calls.filter(({ write }) => write);

    beforeAll(async () => {
      act = await rehearse(name);
    }, PATIENCE);
    afterAll(() => act.close());

    test("a read that fails", () => each(reads(), (call) => fail(act, call, "error-before")), PATIENCE);
    test(
      "a write that fails before its effect",
      () => each(writes(), (call) => fail(act, call, "error-before")),
      PATIENCE,
    );
    test(
      "a write whose success is told as an error",
      () => each(writes(), (call) => fail(act, call, "error-after")),
      PATIENCE,
    );
    test("a write whose answer is lost", () => each(writes(), (call) => fail(act, call, "drop-after")), PATIENCE);
    test("a run that dies after a write", () => each(writes(), (call) => die(act, call)), PATIENCE);
  });
}

/** Tries every call and tells of each that did not end well. */
async function each(calls: readonly Call[], attempt: (call: Call) => Promise<void>): Promise<void> {
  expect(calls).not.toEqual([]);
  const problems: Error[] = [];
  for (const call of calls) await attempt(call).catch((error: Error) => problems.push(error));
  const [first] = problems;
  if (first) first.message = `${problems.length} of ${calls.length} calls end otherwise; the first: ${first.message}`;
  if (first) throw first;
}

async function fail(act: Act, call: Call, effect: "error-before" | "error-after" | "drop-after"): Promise<void> {
  const { stage, before, calls } = act;
  const { service, action, account, occurrence } = call;
  await stage.putWorld(before);
  const since = (await stage.requests()).length;
  // A lost answer is asked for again by the SDK itself; an error comes to the end it can come to.
  const fault = effect === "drop-after" ? { effect } : { effect, ...FATAL };
  await stage.faults({ service, action, account, skip: occurrence, ...fault });
  const first = await stage.apply();
  await stage.clearFaults();
  const what = `${effect} on ${nameOf(call)} of ${calls.length}, after which the first run left with ${first.exit}`;
  const wrote = (await stage.requests(since)).some(({ write }) => write);
  expect({ what, untold: wrote && first.outcomes.length === 0 }, first.err).toEqual({ what, untold: false });
  // With nothing written the world is as it was, and the second run is the rehearsed one.
  if (wrote) await again(act, what);
}

/** From one call on nothing gets through any more: all that a dead process leaves behind. */
async function die(act: Act, call: Call): Promise<void> {
  const { stage, before } = act;
  await stage.putWorld(before);
  await stage.faults({ skip: call.place, times: 1_000_000, effect: "error-before", ...FATAL });
  await stage.apply();
  await stage.clearFaults();
  await again(act, `a death after ${nameOf(call)}`);
}

const nameOf = ({ action, account, occurrence, place }: Call): string =>
  `call ${place}, ${action} number ${occurrence + 1} of account ${account}`;

/** The second run: it succeeds, and the end is that of the undisturbed run. */
export async function again(act: Act, what: string): Promise<void> {
  const { exit, err, outcomes } = await act.stage.apply();
  const bad = outcomes.filter(({ result }) => result !== "done");
  expect({ what, exit, bad }, err).toEqual({ what, exit: 0, bad: [] });
  await expectSameEnd(act, what);
}
