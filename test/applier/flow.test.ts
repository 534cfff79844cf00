import { describe, expect, it } from "vitest";
import type { Progress } from "../../src/kinds/kind.ts";
import type { Change, Live } from "../../src/model.ts";
import { creation, deletion, object, results, startBench, type Twist, updating } from "./bench.ts";

/** What keeps traffic flowing while one thing takes the place of another. */

describe("before an update that hands traffic over", () => {
  const readyAfter =
    (looks: number): Twist =>
    () => {
      let left = looks;
      const answer = (): Progress =>
        left-- > 0 ? { is: "moving", state: "unhealthy", why: "no target of b is healthy" } : { is: "ready" };
      return { readyFor: async () => answer() };
    };

  it("waits until what it leads to is ready", async () => {
    const bench = startBench(readyAfter(3));
    const live = bench.put(object("a", { leads: "old" }));
    expect(results(await bench.run([updating(live, { leads: "new" })]))).toEqual(["a done"]);
    expect(bench.slept()).toBeGreaterThan(0);
    expect(bench.calls).toEqual(["update a leads"]);
  });

  it("changes nothing when that never comes, and says why", async () => {
    const bench = startBench(readyAfter(Number.POSITIVE_INFINITY));
    const live = bench.put(object("a", { leads: "old" }));
    const [outcome] = await bench.run([updating(live, { leads: "new" })]);
    expect(outcome).toMatchObject({ result: "failed", code: "DeadlineExceeded" });
    expect(outcome?.message).toContain("no target of b is healthy");
    expect(bench.calls).toEqual([]);
    expect(bench.slept() / 1000).toBeGreaterThan(890);
  });
});

describe("an update that takes time to reach everybody", () => {
  const spreading =
    (asked: string[], looks: number): Twist =>
    (_bench, usual) => ({
      async update(aws, live, wanted, touched) {
        await usual.update(aws, live, wanted, touched);
        return "change-1";
      },
      async isEverywhere(_aws, receipt) {
        asked.push(receipt);
        return asked.length > looks;
      },
    });

  it("is waited for where a later step counts on it", async () => {
    const asked: string[] = [];
    const bench = startBench(spreading(asked, 2));
    const [alias, old] = [bench.put(object("alias", { leads: "old" })), bench.put(object("old"))];
    const steps: Change[] = [updating(alias, { leads: "new" }), { ...deletion(old), dependsOn: ["alias"] }];
    expect(results(await bench.run(steps))).toEqual(["alias done", "old done"]);
    expect(asked).toEqual(["change-1", "change-1", "change-1"]);
  });

  it("is not waited for where nothing comes after it", async () => {
    const asked: string[] = [];
    const bench = startBench(spreading(asked, 2));
    const alias = bench.put(object("alias", { leads: "old" }));
    expect(results(await bench.run([updating(alias, { leads: "new" })]))).toEqual(["alias done"]);
    expect(asked).toEqual([]);
  });
});

describe("what a replacement leaves behind", () => {
  const pair = (state: string): [Live, Live] => [
    object("a", {}, { id: "old", createdAt: "2026-01-01T00:00:00.000Z" }),
    object("a", {}, { id: "new", createdAt: "2026-02-01T00:00:00.000Z", state }),
  ];
  const end = (old: Live): Change => ({ ...deletion(old), step: "a#old", leftover: true });

  it.each([
    ["goes when the new one works", "ready", "done", []],
    ["stays while the new one waits at somebody's door", "resting", "skipped", ["old"]],
    ["stays when the new one has failed", "failed because", "failed", ["old"]],
  ])("%s", async (_what, state, result, left) => {
    const bench = startBench();
    const [old, next] = pair(state);
    bench.put(old);
    bench.put(next);
    const [outcome] = await bench.run([end(old)]);
    expect(outcome?.result).toBe(result);
    expect([...bench.cloud.keys()].filter((id) => id === "old")).toEqual(left);
  });
});

describe("the end of what stands only for the length of a plan", () => {
  const ends = (): Change => {
    const { desired } = creation("a");
    const { live: _, ...change } = deletion(object("a"));
    return { ...change, step: "a#end", leftover: true, temporary: true, ...(desired ? { desired } : {}) };
  };

  it("removes what this run has made there", async () => {
    const bench = startBench();
    const steps = [creation("a"), { ...ends(), dependsOn: ["a"] }];
    expect((await bench.run(steps)).map(({ result }) => result)).toEqual(["done", "done"]);
    expect(bench.calls).toEqual(["create a", "remove a"]);
  });

  it("is done when nothing is there", async () => {
    const bench = startBench();
    expect(await bench.run([ends()])).toMatchObject([{ result: "done", message: "was gone already" }]);
  });
});
