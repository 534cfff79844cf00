import { describe, expect, it } from "vitest";
import { creation, deletion, object, startBench, updating } from "./bench.ts";

/**
 * A plan is reviewed at one time and carried out at another. Before each call the object is read again: what is not as the reviewer saw it
 * is refused and nothing is called; what is already as wanted is not done twice.
 */
describe("an update", () => {
  const seen = object("a", { size: 1, color: "red" });

  it("is refused when somebody changed the attribute since the plan", async () => {
    const bench = startBench();
    bench.put(object("a", { size: 7, color: "red" }));
    expect(await bench.run([updating(seen, { size: 2 })])).toMatchObject([
      {
        result: "refused",
        code: "StalePlan",
        message: "id-of-a was changed since the plan was made: size is now 7. Plan again",
      },
    ]);
    expect(bench.calls).toEqual([]);
  });

  it("is refused when the object is gone", async () => {
    const bench = startBench();
    expect(await bench.run([updating(seen, { size: 2 })])).toMatchObject([
      { result: "refused", message: "id-of-a is gone since the plan was made. Plan again" },
    ]);
    expect(bench.calls).toEqual([]);
  });

  it.each([
    ["another project's", { "landline:project": "other" }],
    ["nobody's", {}],
  ])("is refused when the object is %s now", async (_whose, tags) => {
    const bench = startBench();
    bench.put(object("a", { size: 1, color: "red", tags }));
    const [outcome] = await bench.run([updating(seen, { size: 2 })]);
    expect(outcome).toMatchObject({ result: "refused", code: "StalePlan" });
    expect(outcome?.message).toMatch(/it was not touched\. Plan again$/);
    expect(bench.calls).toEqual([]);
  });

  it("that cuts consumers off is refused when the object has been protected since", async () => {
    const bench = startBench();
    bench.put({ ...seen, protect: true });
    const outcomes = await bench.run([updating(seen, { size: 2 }, { risks: ["disconnects"] })]);
    expect(outcomes).toMatchObject([
      {
        result: "refused",
        message: "id-of-a has been protected since the plan was made; it was not touched. Plan again",
      },
    ]);
    expect(bench.calls).toEqual([]);
  });

  it("does not mind changes to what it does not touch", async () => {
    const bench = startBench();
    bench.put(object("a", { size: 1, color: "blue" }));
    expect(await bench.run([updating(seen, { size: 2 })])).toMatchObject([{ result: "done", message: "changed size" }]);
    expect(bench.calls).toEqual(["update a size"]);
  });

  it("calls only for what is still to do", async () => {
    const bench = startBench();
    bench.put(object("a", { size: 2, color: "red" }));
    expect(await bench.run([updating(seen, { size: 2, color: "green" })])).toMatchObject([{ result: "done" }]);
    expect(bench.calls).toEqual(["update a color"]);
  });

  it("calls nothing when an earlier run has done all of it", async () => {
    const bench = startBench();
    bench.put(object("a", { size: 2, color: "red" }));
    expect(await bench.run([updating(seen, { size: 2 })])).toMatchObject([{ result: "done", id: "id-of-a" }]);
    expect(bench.calls).toEqual([]);
  });

  it("compares tags key by key", async () => {
    const tags = { "landline:project": "acme", team: "a" };
    const bench = startBench();
    const live = bench.put(object("a", { tags: { ...tags, somebody: "else" } }));
    const change = {
      ...updating(live, { tags: { ...tags, team: "b" } }),
      differences: [{ attribute: "tags.team", before: "a", after: "b" }],
    };
    expect(await bench.run([change])).toMatchObject([{ result: "done", message: "changed tags.team" }]);
    expect(bench.calls).toEqual(["update a tags.team"]);
  });
});

describe("a deletion", () => {
  const seen = object("a");

  it("of what is gone already is done", async () => {
    const bench = startBench();
    expect(await bench.run([deletion(seen)])).toMatchObject([{ result: "done", message: "was gone already" }]);
    expect(bench.calls).toEqual([]);
  });

  it.each([
    [
      "another project's",
      { "landline:project": "other" },
      'id-of-a belongs to project "other" now; it was not touched. Plan again',
    ],
    ["nobody's", {}, "id-of-a has lost the mark of this project; it was not touched. Plan again"],
  ])("is refused when the object is %s now", async (_whose, tags, message) => {
    const bench = startBench();
    bench.put(object("a", { tags }));
    expect(await bench.run([deletion(seen)])).toMatchObject([{ result: "refused", code: "StalePlan", message }]);
    expect(bench.calls).toEqual([]);
  });

  it("is refused when the object has been protected since the plan", async () => {
    const bench = startBench();
    bench.put({ ...seen, protect: true });
    expect(await bench.run([deletion(seen)])).toMatchObject([
      {
        result: "refused",
        message: "id-of-a has been protected since the plan was made; it was not touched. Plan again",
      },
    ]);
    expect(bench.calls).toEqual([]);
  });

  it("of an untagged object goes by its place alone", async () => {
    const bench = startBench();
    const record = bench.put(object("a", { tags: null }));
    expect(await bench.run([deletion(record)])).toMatchObject([{ result: "done", message: "deleted" }]);
  });
});

describe("a creation", () => {
  it("is refused when something that is not ours has appeared there", async () => {
    const bench = startBench(() => ({
      seek: async () => ({ obstacle: { kind: "vpc-endpoint", place: "here", id: "vpce-9" } }),
    }));
    expect(await bench.run([creation("a")])).toMatchObject([
      {
        result: "refused",
        code: "StalePlan",
        message: "vpce-9 has appeared there since the plan was made and is not ours; it was not touched. Plan again",
      },
    ]);
    expect(bench.calls).toEqual([]);
  });

  it("makes nothing twice when an earlier run was killed after the call", async () => {
    const bench = startBench();
    bench.put(object("a", { size: 1 }));
    expect(await bench.run([creation("a", { attributes: { size: 1 } })])).toMatchObject([
      { result: "done", id: "id-of-a", message: "was there from an earlier run" },
    ]);
    expect(bench.calls).toEqual([]);
  });

  it("completes what an earlier run left half-made, and never compares the name", async () => {
    const bench = startBench();
    bench.put(object("a", { name: "a-1", size: 1, tags: { "landline:project": "acme" } }));
    const attributes = { name: "a-2", size: 2, color: "red", tags: { "landline:project": "acme", team: "b" } };
    expect(await bench.run([creation("a", { attributes })])).toMatchObject([
      { result: "done", message: "was there from an earlier run; set tags.team, size, color" },
    ]);
    expect(bench.calls).toEqual(["update a tags.team,size,color"]);
  });
});
