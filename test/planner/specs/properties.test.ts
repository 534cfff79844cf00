import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkCidr } from "../../../src/planner/specs/forms/cidr.ts";
import { checkDate } from "../../../src/planner/specs/forms/date.ts";
import {
  didYouMean,
  formatAddress,
  type Problem,
  parseAddress,
  parseProject,
} from "../../../src/planner/specs/index.ts";
import { parse, schemas } from "./support.ts";

const HEAD = "apiVersion: landline/v1\nkind: Connection\nmetadata: {name: some-name}\n";

/** Text that is often almost a spec: fragments of one in any order, with any text in between. */
const specish = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "---\n",
        "- ",
        "  ",
        "\n",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "!!set ",
        "!x ",
        '"',
        ": ",
        "<<: ",
        "\t",
        "? ",
        "%YAML 1.1\n",
      ),
      fc.constantFrom(
        "service:",
        "endpoints:",
        "target: prod-use1",
        "subnets: [x]",
        "metadata: {name: a}",
        "__proto__: 1",
        "constructor: {}",
      ),
      fc.string({ unit: "binary", maxLength: 12 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

const anyJson = fc.jsonValue({ maxDepth: 5 });

function expectInside(text: string, problems: readonly Problem[]): void {
  const lines = text.split("\n");
  for (const { at } of problems) {
    expect(at.line).toBeGreaterThanOrEqual(1);
    expect(at.line).toBeLessThanOrEqual(lines.length);
    expect(at.column).toBeGreaterThanOrEqual(1);
    expect(at.column).toBeLessThanOrEqual((lines[at.line - 1]?.length ?? 0) + 1);
  }
}

describe("any text", () => {
  test("is read without throwing, and problems stand inside it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          specish,
          specish.map((text) => HEAD + text),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          expectInside(text, parse(text).problems);
          expectInside(text, parseProject({ path: "landline.yaml", text }, schemas).problems);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("whatever stands in a field, the problems stand inside the text and nothing throws", () => {
    const field = fc.constantFrom("service", "endpoints", "partner", "acknowledge", "protect", "metadata", "kind");
    fc.assert(
      fc.property(field, anyJson, (name, value) => {
        const text = JSON.stringify(
          { apiVersion: "landline/v1", kind: "Connection", metadata: { name: "some-name" }, [name]: value },
          null,
          1,
        );
        expectInside(text, parse(text).problems);
      }),
      { numRuns: 200 },
    );
  });
});

describe("did you mean", () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  test("gives the same answer in any order of candidates, and only a candidate", () => {
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 8 }), (asked, candidates) => {
        const answer = didYouMean(asked, candidates);
        expect(didYouMean(asked, [...candidates].reverse())).toBe(answer);
        if (answer !== undefined) expect(candidates).toContain(answer);
      }),
    );
  });

  test.each([
    ["lisener", "listeners"],
    ["taget", "target"],
    ["form", "from"],
    ["Zone", "zone"],
    ["unrelated", undefined],
    ["x", undefined],
  ])("%s -> %s", (asked, meant) => {
    expect(didYouMean(asked, ["listeners", "target", "from", "zone"])).toBe(meant);
  });
});

describe("addresses", () => {
  const groupsOnly = fc.ipV6().filter((text) => !text.includes("."));

  test("every IPv6 address survives being written and read", () => {
    fc.assert(
      // fast-check also makes IPv4 tails, which AWS never gives back and we do not read.
      fc.property(groupsOnly, (text) => {
        const address = parseAddress(text);
        if (address === undefined) throw new Error(`not read: ${text}`);
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });

  test.each([
    ["2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["::", "::"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["FE80::A", "fe80::a"],
    ["10.0.0.1", "10.0.0.1"],
  ])("%s is written %s", (text, canonical) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(canonical);
  });

  test.each(["1::2::3", "1:2:3", "::12345", "1:2:3:4:5:6:7:8:9", "256.0.0.1", "01.2.3.4", ":1:2:3:4:5:6:7", "1.2.3"])(
    "%s is none",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  test("the canonical block that a refusal names is accepted", () => {
    const block = fc.tuple(fc.oneof(fc.ipV4(), groupsOnly), fc.nat(32));
    fc.assert(
      fc.property(block, ([address, length]) => {
        const refusal = checkCidr(`${address}/${length}`);
        if (refusal === undefined) return;
        expect(refusal.code).toBe("cidr.canonical");
        expect(checkCidr(refusal.hint?.replace("write ", "") ?? "")).toBeUndefined();
      }),
    );
  });
});

test("a day is right exactly when the calendar has it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (year, month, day) => {
        const date = new Date(Date.UTC(2000, 0, 1));
        date.setUTCFullYear(year, month - 1, day);
        const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        const text = [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day).padStart(2, "0")].join(
          "-",
        );
        expect(checkDate(text) === undefined).toBe(real);
      },
    ),
  );
});
