import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../../src/model.ts";
import {
  driftClosed,
  driftIssue,
  forkComment,
  type ReportCommentInput,
  reportComment,
} from "../../../../src/planner/writers/pull-request/index.ts";
import { DONE_REPORT, REPORT, RICH_PLAN } from "../fixture.ts";
import { DRIFTED, EXPIRING, MARKER, MORE_AT, PROBLEMS, REQUESTS, TARGETS, TOUCHED } from "./fixture.ts";

const given: ReportCommentInput = {
  marker: MARKER,
  report: REPORT,
  plan: RICH_PLAN,
  targets: TARGETS,
  approvals: [],
  deployments: [],
  moreAt: MORE_AT,
};

describe("reportComment", () => {
  it("begins with the marker and the result", () => {
    expect(reportComment(given).split("\n").slice(0, 2)).toEqual([
      MARKER,
      "🔴 **Applied: 5 done, 1 failed, 1 skipped, 2 refused.**",
    ]);
  });

  it("says how to go on when it was applied in part, and that it goes on", () => {
    const text = reportComment({ ...given, rerun: "https://github.example/run/1" });
    expect(text).toContain(
      "**Applied in part.** Settle what failed, then [re-run the job](https://github.example/run/1)",
    );
    expect(text).toMatch(/2 changes refused: running again does not help/);
  });

  it("asks for nothing when all is done", () => {
    const text = reportComment({ ...given, report: DONE_REPORT });
    expect(text).not.toContain("re-run");
    expect(text).not.toContain("in part");
  });

  it("says who has to act first when only that is left", () => {
    const text = reportComment({ ...given, report: { ...DONE_REPORT, waits: RICH_PLAN.waits } });
    expect(text).toMatch(/^Somebody else has to act first, see Waiting; then re-run the job/m);
    expect(text).not.toContain("in part");
  });

  it("folds the reviewed plan below where there is room, and the report never gives way to it", () => {
    const whole = reportComment(given);
    expect(whole).toContain("<summary>The plan that was reviewed</summary>");
    expect(whole.match(/^<details/gm)?.length).toBe(whole.match(/^<\/details>$/gm)?.length);
    const [report = ""] = whole.split("<details><summary>The plan");
    const narrow = reportComment({ ...given, limit: report.length + 1_000 });
    expect(narrow.trimEnd()).toBe(report.trimEnd());
    const wider = reportComment({ ...given, limit: report.length + 6_000 });
    expect(wider).toContain("The plan that was reviewed");
    expect(wider.length).toBeLessThanOrEqual(report.length + 6_000);
  });

  it("keeps failures of 2,000 steps", () => {
    const outcome = (index: number): Outcome => ({
      step: `c${index}/service`,
      address: `c${index}/service`,
      connection: `c${index}`,
      action: "create",
      result: index % 100 === 0 ? "failed" : "done",
      message: "x".repeat(100),
    });
    const outcomes = Array.from({ length: 2_000 }, (_, index) => outcome(index));
    const text = reportComment({ ...given, report: { ...REPORT, outcomes } });
    expect(text.length).toBeLessThanOrEqual(65_536);
    for (let index = 0; index < 2_000; index += 100) expect(text).toContain(`\`c${index}/service\``);
  });
});

describe("forkComment", () => {
  it("never says yes: nobody has asked a cloud", () => {
    const comment = (problems: typeof PROBLEMS) =>
      forkComment({ marker: MARKER, problems, connections: TOUCHED }).split("\n")[1];
    expect(comment([])).toMatch(/^🟠 \*\*Not yet/);
    expect(comment(PROBLEMS)).toMatch(/^🔴 \*\*No, do not merge: 2 problems/);
  });

  it("names place and code of each problem, and removals first", () => {
    const text = forkComment({ marker: MARKER, problems: PROBLEMS, connections: TOUCHED });
    expect(text).toContain("- `specs/ledger.yaml:12:9` `value.form`:");
    expect(text.match(/^- (?:removed|changed|added) /gm)).toEqual(["- removed ", "- changed ", "- added "]);
  });

  it("stays below the limit with a hundred thousand problems, and says so", () => {
    const problems = Array.from({ length: 20_000 }, () => PROBLEMS).flat();
    const text = forkComment({ marker: MARKER, problems, connections: TOUCHED });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/left out: .*\d+ problems/);
  });
});

describe("driftIssue", () => {
  const issue = (more = {}) =>
    driftIssue({ marker: MARKER, connection: "payments-api", items: [], expiring: [], requests: [], ...more });

  it("has one title for a connection, whatever moved", () => {
    const titles = [issue({ items: DRIFTED }), issue({ requests: REQUESTS }), issue({ expiring: EXPIRING })];
    expect(new Set(titles.map(({ title }) => title))).toEqual(new Set(["Landline: payments-api needs a look"]));
  });

  it("counts what is open in its first line", () => {
    const { body } = issue({ items: DRIFTED, expiring: EXPIRING, requests: REQUESTS });
    expect(body.split("\n").slice(0, 2)).toEqual([
      MARKER,
      "🟠 **3 differences, 1 request that waits for us and 1 grant that ends.**",
    ]);
  });

  it("shows specs as removed and the cloud as added", () => {
    const { body } = issue({ items: DRIFTED });
    expect(body).toContain("-     acceptanceRequired: true\n+     acceptanceRequired: false");
  });

  it("says what to do only about what moved", () => {
    expect(issue({ items: DRIFTED }).body).toContain("`landline apply --only payments-api`");
    expect(issue({ expiring: EXPIRING }).body).not.toContain("landline apply");
  });

  it("gives the line that would accept a request", () => {
    const { body } = issue({ requests: REQUESTS });
    expect(body).toContain("`vpce-0aa11bb22cc33dd44` of account `444444444444`");
    expect(body).toContain('`- {endpoint: vpce-0aa11bb22cc33dd44, reason: "..."}`');
  });

  it("keeps requests when there is too much drift", () => {
    const items = Array.from({ length: 3_000 }, () => DRIFTED).flat();
    const { body } = issue({ items, requests: REQUESTS });
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toContain("vpce-0aa11bb22cc33dd44");
    expect(body).toMatch(/left out: \d+ differences/);
  });

  it("says that all is well when it is closed", () => {
    expect(driftClosed({ marker: MARKER, connection: "payments-api" }).split("\n")[1]).toMatch(
      /^✅ \*\*`payments-api`/,
    );
  });
});
