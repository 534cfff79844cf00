import { expect, it } from "vitest";
import { creation, deletion, object, results, startBench, updating } from "./bench.ts";

/** What an earlier run has begun and left behind. */

it("waits for an object of an earlier run that is still on its way, although its id is known", async () => {
  const bench = startBench((_bench, usual) => {
    let looks = 0;
    return {
      async look(reads, known) {
        const live = await usual.look(reads, known);
        looks += 1;
        return live && looks > 3 ? { ...live, state: "ready" } : live;
      },
    };
  });
  bench.put(object("a", {}, { state: "provisioning", outputs: { arn: "arn:a" } }));
  const change = creation("b", { attributes: { of: { ref: "a", output: "arn" } }, relies: { "a.arn": "arn:a" } });
  expect(results(await bench.run([change]))).toEqual(["b done"]);
  expect(bench.slept()).toBeGreaterThan(0);
  expect(bench.cloud.get("id-of-b")?.attributes.of).toBe("arn:a");
});

it("takes the id of an object that rests at somebody else's door", async () => {
  const bench = startBench();
  bench.put(object("a", {}, { state: "resting", outputs: { arn: "arn:a" } }));
  const change = creation("b", { attributes: { of: { ref: "a", output: "arn" } }, relies: { "a.arn": "arn:a" } });
  expect(results(await bench.run([change]))).toEqual(["b done"]);
  expect(bench.slept()).toBe(0);
});

it("counts an object as deleted that lives on empty", async () => {
  const bench = startBench((self) => ({
    async remove(_aws, live) {
      self.cloud.set(live.id, { ...live, attributes: { ...live.attributes, members: [] } });
    },
    leavesEmpty: ({ attributes }) => String(attributes.members) === "",
  }));
  const list = bench.put(object("a", { members: ["one"] }));
  expect(results(await bench.run([deletion(list)]))).toEqual(["a done"]);
  expect(bench.slept()).toBe(0);
});

it("sees that a name has changed, where a name is an attribute like any other", async () => {
  const bench = startBench(() => ({ rules: {} as never }));
  const proof = bench.put(object("a", { name: "api.example.com" }));
  expect(results(await bench.run([updating(proof, { name: "api2.example.com" })]))).toEqual(["a done"]);
  expect(bench.slept()).toBe(0);
});
