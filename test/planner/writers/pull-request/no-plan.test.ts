import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { marker } from "../../../../src/github/marker.ts";
import type { Problem } from "../../../../src/planner/specs/index.ts";
import { GITHUB_LIMIT } from "../../../../src/planner/writers/index.ts";
import { noPlanCheck, noPlanComment } from "../../../../src/planner/writers/pull-request/index.ts";
import { dangersIn, hostile, structureOf } from "../structure.ts";

/** What stands on the pull request while there is no plan. */

const MARKER = marker("pull-request", "landline.yaml");
const problem = (n: number, message = "port is 99999; expected 1 to 65535"): Problem => ({
  code: "value.range",
  message,
  hint: `hint ${n}`,
  at: { file: `specs/a-${n}.yaml`, line: n, column: 3 },
});
const problems = (count: number): Problem[] => Array.from({ length: count }, (_, n) => problem(n + 1));
const commentOf = (why: Parameters<typeof noPlanCheck>[0], limit?: number): string =>
  noPlanComment({ marker: MARKER, why, ...(limit === undefined ? {} : { limit }) });

describe("a comment without a plan", () => {
  it("begins with its marker and says no, with every problem and its place", () => {
    const body = commentOf({ problems: problems(2) });
    expect(body.split("\n").slice(0, 2)).toEqual([MARKER, expect.stringMatching(/^🔴 \*\*No, .*2 problems/)]);
    for (const words of ["specs/a-1.yaml:1:3", "specs/a-2.yaml:2:3", "hint 2"]) expect(body).toContain(words);
  });

  it("shortens problems before it leaves any out, says how many, and fits", () => {
    const many = commentOf({ problems: problems(1_500) });
    expect(many.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    expect(many).toContain("1500 problems");
    expect(many).toMatch(/left out: (\d+) problems/);
    const listed = many.match(/^- `specs/gm)?.length ?? 0;
    expect(listed + Number(/left out: (\d+)/.exec(many)?.[1])).toBe(1_500);
    expect(commentOf({ problems: problems(10) }, 1_100)).not.toContain("left out");
    expect(commentOf({ problems: problems(10) }, 50).length).toBeLessThanOrEqual(50);
  });

  it("stays harmless and of one structure, whoever wrote the texts", () => {
    const reasons = structureOf(commentOf({ reason: "harmless" }));
    const mistakes = structureOf(commentOf({ problems: [problem(1, "harmless")] }));
    fc.assert(
      fc.property(hostile, (text) => {
        const at = { file: text, line: 1, column: 1 };
        const both = [
          commentOf({ reason: text }),
          commentOf({ problems: [{ ...problem(1), message: text, hint: text, at }] }),
        ];
        for (const body of both) expect(dangersIn(body, { html: [MARKER] })).toEqual([]);
        expect(both.map(structureOf)).toEqual([reasons, mistakes]);
      }),
      { numRuns: 150 },
    );
  });

  it("cuts a reason that nobody would read to its end", () => {
    expect(commentOf({ reason: "x".repeat(100_000) }).length).toBeLessThan(8_000);
  });
});

describe("a check without a plan", () => {
  it("is red, with an annotation beside each mistake as far as GitHub takes them", () => {
    const { title, summary, annotations, refused } = noPlanCheck({ problems: problems(60) });
    expect([refused, title, annotations.length]).toEqual([true, "No plan: 60 problems in the specs", 50]);
    expect(annotations[0]).toEqual({
      path: "specs/a-1.yaml",
      line: 1,
      level: "failure",
      title: "value.range",
      message: "port is 99999; expected 1 to 65535 (hint 1)",
    });
    expect(summary).toContain("specs/a-60.yaml:60:3");
    expect(noPlanCheck({ problems: problems(5_000) }).summary.length).toBeLessThanOrEqual(65_535);
    expect(noPlanCheck({ reason: "AWS said no" })).toMatchObject({ annotations: [], refused: true });
  });
});
