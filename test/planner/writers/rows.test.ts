import { describe, expect, it } from "vitest";
import type { Difference } from "../../../src/model.ts";
import { isTagOnly, rowsOf } from "../../../src/planner/writers/rows.ts";
import { change } from "./fixture.ts";

function updated(difference: Difference, verbose = false) {
  return rowsOf(change({ address: "a/b", kind: "listener", action: "update", differences: [difference] }), verbose)[0];
}

describe("rowsOf", () => {
  it("compares sets whatever their order", () => {
    const row = updated({ attribute: "targets", before: ["a", "b", "b"], after: ["c", "b"] });
    expect(row).toEqual({
      form: "set",
      attribute: "targets",
      items: [
        { sign: "+", text: "c" },
        { sign: "-", text: "a" },
      ],
      kept: 1,
      forces: false,
    });
  });

  it("shows what a set keeps when asked to", () => {
    const row = updated({ attribute: "targets", before: ["a", "b"], after: ["b"] }, true);
    expect(row).toMatchObject({
      items: [
        { sign: "-", text: "a" },
        { sign: " ", text: "b" },
      ],
      kept: 0,
    });
  });

  it("shows that the default certificate of a listener changes places", () => {
    const row = updated({ attribute: "certificateArns", before: ["arn:a", "arn:b"], after: ["arn:b", "arn:a"] });
    expect(row).toMatchObject({
      items: [
        { sign: "-", text: "arn:a" },
        { sign: " ", text: "arn:b" },
        { sign: "+", text: "arn:a" },
      ],
    });
  });

  it("takes an attribute that was not there for an empty set", () => {
    const row = updated({ attribute: "supportedRegions", before: null, after: ["us-west-2"] });
    expect(row).toMatchObject({ form: "set", items: [{ sign: "+", text: "us-west-2" }], kept: 0 });
  });

  it("says what no policy means", () => {
    const row = updated({ attribute: "policy", before: null, after: { a: 1 } });
    expect(row).toMatchObject({ form: "document", items: [{ sign: "-", text: "(none: full access)" }, {}, {}, {}] });
  });

  it("does not take the order of keys for a difference", () => {
    const row = updated({
      attribute: "policy",
      before: { a: 1, b: [{ c: 2, d: 3 }] },
      after: { b: [{ d: 3, c: 2 }], a: 1 },
    });
    expect(row).toMatchObject({ form: "document", items: [] });
  });

  it("puts text in quotes that could be taken for our own words", () => {
    const row = updated({ attribute: "tags.note", before: "(none)", after: "a → b" });
    expect(row).toMatchObject({ before: '"(none)"', after: '"a → b"' });
  });

  it("folds tags only where they come or go with their object", () => {
    const tags = { attribute: "tags", after: { "landline:project": "p", team: "network" } };
    const created = change({ address: "a/b", kind: "listener", action: "create", differences: [tags] });
    expect(rowsOf(created)).toEqual([
      { form: "value", attribute: "tags", sign: "+", value: "team=network" },
      { form: "more", words: "1 landline:* tag" },
    ]);
    expect(updated({ attribute: "tags.landline:protect", after: "true" })).toMatchObject({ value: "true", sign: "+" });
  });
});

describe("isTagOnly", () => {
  const differences = [{ attribute: "tags.a", before: "1", after: "2" }];
  it("is about updates of tags and nothing else", () => {
    const base = { address: "a/b", kind: "listener", action: "update" } as const;
    expect(isTagOnly(change({ ...base, differences }))).toBe(true);
    expect(isTagOnly(change({ ...base, action: "create", differences }))).toBe(false);
    expect(
      isTagOnly(change({ ...base, differences: [...differences, { attribute: "port", before: 1, after: 2 }] })),
    ).toBe(false);
  });
});
