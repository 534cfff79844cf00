import { describe, expect, test } from "vitest";
import { touchedBetween } from "../../../src/planner/changed/index.ts";
import { connections, endpoint, service } from "../builders.ts";

describe("the connections whose specs differ between two versions", () => {
  const before = connections({ kept: service(), edited: service(), gone: endpoint("pending") });
  const after = connections({
    added: endpoint("pending"),
    edited: service({ acceptance: "automatic" }),
    kept: service(),
  });

  test("are told with what became of them, by name", () => {
    expect(touchedBetween(before, after).map(({ name, change }) => [name, change])).toEqual([
      ["added", "added"],
      ["edited", "changed"],
      ["gone", "removed"],
    ]);
  });

  test("name the file in which the spec stands or stood", () => {
    const moved = before.map((document) => ({ ...document, file: `old/${document.file}` }));
    const [, , gone] = touchedBetween(moved, after);
    expect(gone?.file).toBe(moved.find(({ spec }) => spec.metadata.name === "gone")?.file);
    // Only what they say counts.
    expect(touchedBetween(moved, before)).toEqual([]);
  });
});
