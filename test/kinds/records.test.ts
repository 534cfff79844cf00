import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markedName, markName, markValue, parseMark } from "../../src/aws/records.ts";

describe("the mark of a record", () => {
  test("reads back what it was written as, however long", () => {
    const word = fc.stringMatching(/^[a-z0-9*"\\/._-]{1,400}$/);
    fc.assert(
      fc.property(word, word, (project, address) => {
        const value = markValue(project, address);
        expect(parseMark([value])).toEqual({ project, address });
        for (const [string] of value.matchAll(/"(?:[^"\\]|\\.)*"/g)) expect(string.length).toBeLessThanOrEqual(257);
      }),
    );
  });

  test.each([
    ["without quotes", "heritage=landline,project=p,address=a/b"],
    ["in several strings", '"heritage=landline,pro" "ject=p,address=a/b"'],
    ["with octal escapes", '"heritage=landline\\054project=p,address=a\\057b"'],
    ["with spaces and more fields", '"heritage=landline, project=p, more=x, address=a/b"'],
  ])("is understood %s", (_, value) => {
    expect(parseMark(["v=spf1 -all", value])).toEqual({ project: "p", address: "a/b" });
  });

  test.each([
    "",
    '""',
    '"heritage=external-dns,project=p,address=a"',
    '"heritage=landline,project=p"',
    '"heritage=landline,address=a"',
    '"heritage=landline,project=,address=a"',
  ])("is not seen in %s", (value) => {
    expect(parseMark([value])).toBeUndefined();
  });

  test("lies beside its record", () => {
    expect(markName("*.example.com")).toBe("_landline.*.example.com");
    expect(markedName(markName("api.example.com"))).toBe("api.example.com");
    expect(markedName("api.example.com")).toBeUndefined();
  });
});
