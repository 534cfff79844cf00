import { describe, expect, it } from "vitest";
import { type Report, reportToJson, reportToMarkdown, reportToText } from "../../../src/planner/writers/index.ts";
import { AWKWARD, DONE_REPORT, REPORT } from "./fixture.ts";
import { expectGolden } from "./golden.ts";

const plain = { color: (_style: string, text: string) => text };

/** A report in which every step failed with a long message. */
function failing(n: number): Report {
  const [first] = REPORT.outcomes;
  if (first === undefined) throw new Error("the fixture has outcomes");
  const outcomes = Array.from({ length: n }, (_, index) => ({
    ...first,
    step: `a/${index}`,
    result: index % 2 === 0 ? ("failed" as const) : ("done" as const),
    message: AWKWARD.repeat(20),
  }));
  return { ...REPORT, outcomes };
}

describe("an apply's report", () => {
  it.each([
    ["report.txt", () => reportToText(REPORT, plain)],
    ["report-done.txt", () => reportToText(DONE_REPORT, plain)],
    ["report.md", () => reportToMarkdown(REPORT)],
    ["report.json", () => reportToJson(REPORT)],
  ] as const)("writes %s", (name, write) => {
    expectGolden(name, write());
  });

  it("ends in the counts", () => {
    expect(reportToText(REPORT, plain).trimEnd().split("\n").at(-1)).toBe(
      "Applied: 5 done, 1 failed, 1 skipped, 2 refused.",
    );
  });

  it("names the command to go on with only when something is left", () => {
    expect(reportToText(REPORT, plain)).toContain(`Go on with: ${REPORT.resume}`);
    expect(reportToText(DONE_REPORT, plain)).not.toContain("Go on with");
  });

  it("lists the steps that a stopped run did not reach", () => {
    const report: unknown = JSON.parse(reportToJson(REPORT));
    expect(report).toMatchObject({
      summary: { done: 5, failed: 1, skipped: 1, refused: 2, notReached: 3 },
      notReached: [
        "billing/endpoint/main/accept",
        "billing/endpoint/main/dns/payments.internal.example.com",
        "billing/endpoint/main#vpce-0aa11bb22cc33dd44",
      ],
    });
  });

  it.each([200, 2_000, 65_536])("stays within %i characters as Markdown", (limit) => {
    for (const report of [REPORT, failing(100), failing(1_000)]) {
      expect(reportToMarkdown(report, { limit }).length).toBeLessThanOrEqual(limit);
    }
  });

  it("drops what is done before what failed", () => {
    const text = reportToMarkdown(failing(100));
    for (let index = 0; index < 100; index += 2) expect(text).toContain(`\`a/${index}\``);
    expect(text).toContain("50 done steps");
  });
});
