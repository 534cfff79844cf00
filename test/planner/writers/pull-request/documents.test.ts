import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GITHUB_LIMIT } from "../../../../src/planner/writers/index.ts";
import {
  checkOutput,
  driftClosed,
  driftIssue,
  forkComment,
  jobSummary,
  movedCheck,
  planComment,
  refusalComment,
  reportComment,
} from "../../../../src/planner/writers/pull-request/index.ts";
import { CALM_PLAN, DONE_REPORT, REPORT, RICH_PLAN } from "../fixture.ts";
import { expectGolden } from "../golden.ts";
import { dangersIn, hostile, structureOf, withTexts } from "../structure.ts";
import {
  APPROVALS,
  CHECKLIST,
  DEPLOYMENTS,
  DRIFTED,
  deltaAgainst,
  EXPIRING,
  MARKER,
  MORE_AT,
  PROBLEMS,
  REQUESTS,
  SCOPE,
  TARGETS,
  TOUCHED,
} from "./fixture.ts";

const { delta, fresh } = deltaAgainst(RICH_PLAN);
const GIVEN = {
  plan: RICH_PLAN,
  report: REPORT,
  targets: TARGETS,
  checklist: CHECKLIST,
  scope: SCOPE,
  approvals: APPROVALS,
  deployments: DEPLOYMENTS,
  reasons: ["payments-api was edited by another merge", "1 of 2 approvals is missing"],
  delta,
  environment: "landline-approve-new-plan",
  problems: PROBLEMS,
  touched: TOUCHED,
  connection: "payments-api",
  drifted: DRIFTED,
  expiring: EXPIRING,
  requests: REQUESTS,
  errors: ["the zone could not be read"],
};

/** Words of ours that a text of somebody else cannot be. */
function withTextsOfOthers(texts: readonly string[]): typeof GIVEN {
  const foreign = withTexts(GIVEN, texts);
  return {
    ...foreign,
    problems: foreign.problems.map((problem) => ({ ...problem, code: "value.form" as const })),
    touched: foreign.touched.map((one, index) => ({ ...one, change: TOUCHED[index]?.change ?? "added" })),
    drifted: foreign.drifted.map((item, index) => ({ ...item, class: DRIFTED[index]?.class ?? "changed" })),
    approvals: foreign.approvals.map((line, index) => (index === 0 ? line.trimStart() : `  ${line}`)),
  };
}

/** Everything that is posted. */
function documents(given: typeof GIVEN, limit = GITHUB_LIMIT): { readonly [name: string]: string } {
  const { plan, targets, connection } = given;
  const common = { marker: MARKER, moreAt: MORE_AT, limit };
  return {
    plan: planComment({ ...common, plan, targets, checklist: given.checklist, scope: given.scope }),
    report: reportComment({
      ...common,
      report: given.report,
      plan,
      targets,
      approvals: given.approvals,
      deployments: given.deployments,
      rerun: RERUN,
    }),
    refusal: refusalComment({
      ...common,
      reasons: given.reasons,
      delta: given.delta,
      newPlanId: fresh.planId,
      environment: { name: given.environment, url: RERUN },
    }),
    fork: forkComment({ ...common, problems: given.problems, connections: given.touched }),
    drift: driftIssue({
      marker: MARKER,
      limit,
      connection,
      items: given.drifted,
      expiring: given.expiring,
      requests: given.requests,
      errors: given.errors,
    }).body,
    closed: driftClosed({ marker: MARKER, connection }),
    moved: movedCheck({ reviewedId: RICH_PLAN.planId, fresh, delta: given.delta, because: connection }).summary,
    check: checkOutput({ plan, target: targets[0] ?? FIRST_TARGET, moreAt: MORE_AT }).summary,
  };
}

const FIRST_TARGET = { name: "prod-use1", account: "111111111111", region: "us-east-1" };
const RERUN = "https://github.example/acme/network/actions/runs/42";
const OWN = {
  html: [MARKER],
  links: [RERUN, MORE_AT.url ?? "", "https://github.example/acme/network/deployments/1"],
};

describe("what is posted", () => {
  it.each(Object.entries(documents(GIVEN)).filter(([name]) => name !== "plan"))("golden: %s", (name, text) => {
    expectGolden(`pull-request/${name}.md`, text);
  });

  it("golden: a report of an apply that did everything", () => {
    const text = reportComment({
      marker: MARKER,
      report: DONE_REPORT,
      plan: CALM_PLAN,
      targets: TARGETS,
      approvals: APPROVALS.slice(0, 2),
      deployments: [{ target: "prod-use1", state: "success" }],
      moreAt: MORE_AT,
    });
    expectGolden("pull-request/report-done.md", text);
  });

  it("holds nothing live but our own links and marker", () => {
    for (const [name, text] of Object.entries(documents(GIVEN))) expect(dangersIn(text, OWN), name).toEqual([]);
  });
});

describe("with hostile texts", () => {
  const texts = fc.array(hostile, { minLength: 1, maxLength: 30 });

  it("every document has the structure of a harmless one", () => {
    const expected = documents(withTextsOfOthers(["harmless"]));
    fc.assert(
      fc.property(texts, (given) => {
        for (const [name, text] of Object.entries(documents(withTextsOfOthers(given)))) {
          expect(dangersIn(text, OWN), name).toEqual([]);
          expect(structureOf(text), name).toEqual(structureOf(expected[name] ?? ""));
        }
      }),
      { numRuns: 8 },
    );
  });

  it("every document stays harmless and below the limit however much is cut", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 300, max: 12_000 }), (given, limit) => {
        const { moved: _, check: _check, closed: _closed, ...limited } = documents(withTextsOfOthers(given), limit);
        for (const [name, text] of Object.entries(limited)) {
          expect(text.length, name).toBeLessThanOrEqual(limit);
          expect(dangersIn(text, OWN), name).toEqual([]);
          expect(text.startsWith(`${MARKER}\n`), name).toBe(true);
        }
      }),
      { numRuns: 12 },
    );
  });

  it("stays below the limit when each text is longer than a comment may be", () => {
    const run = "`@x|<!--\n#1 ".repeat(6_000);
    for (const [name, text] of Object.entries(documents(withTextsOfOthers([run])))) {
      expect(text.length, name).toBeLessThanOrEqual(GITHUB_LIMIT);
      expect(dangersIn(text, OWN), name).toEqual([]);
    }
  });
});

describe("jobSummary", () => {
  it("counts bytes, not characters", () => {
    const plan = withTexts(RICH_PLAN, ["ü€𝄞".repeat(3_000)]);
    const whole = jobSummary(plan);
    expect(new TextEncoder().encode(whole).length).toBeLessThanOrEqual(1_024 * 1_024);
    const bytes = new TextEncoder().encode(jobSummary(plan, 40_000)).length;
    expect(bytes).toBeLessThanOrEqual(40_000);
  });

  it("says everything of a plan that is far too long for a comment", () => {
    const changes = Array.from({ length: 1_000 }, (_, index) =>
      CALM_PLAN.changes.map((change) => ({ ...change, step: `${change.step}-${index}`, connection: `c${index}` })),
    ).flat();
    const text = jobSummary({ ...CALM_PLAN, changes });
    expect(text).not.toContain("Too long");
    expect(text).toContain("payments-api/service-999 ");
  });
});
