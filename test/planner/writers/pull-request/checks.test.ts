import { describe, expect, it } from "vitest";
import type { Finding, Plan } from "../../../../src/model.ts";
import { checkOutput, movedCheck, refusalComment } from "../../../../src/planner/writers/pull-request/index.ts";
import { CALM_PLAN, change, EMPTY_PLAN, RICH_PLAN } from "../fixture.ts";
import { deltaAgainst, fileOf, MARKER, MORE_AT, TARGETS } from "./fixture.ts";

const [USE1, EUW1, IDLE] = TARGETS;

function check(plan: Plan, target = USE1, homes?: ReadonlyMap<string, readonly string[]>) {
  if (target === undefined) throw new Error("no such target");
  return checkOutput({ plan, target, moreAt: MORE_AT, ...(homes ? { homes } : {}) });
}

function finding(line: number, severity: Finding["severity"], more: Partial<Finding> = {}): Finding {
  return { id: `f${line}`, severity, message: "m", at: { file: "specs/a.yaml", line, column: 1 }, ...more };
}

describe("checkOutput", () => {
  it("holds what changes in its target and nothing else", () => {
    const { title, summary, refused } = check(RICH_PLAN, EUW1);
    expect(title).toBe("2 to update, 1 to replace: deletes, interrupts traffic, broadens ingress and moves DNS");
    expect(summary).toContain("! replace billing/endpoint/main (");
    expect(summary).not.toContain("payments-api/service/nlb");
    expect(refused).toBe(false);
    expect(summary).toContain(RICH_PLAN.planId);
  });

  it("is red where something is refused, and says how much", () => {
    const { title, refused } = check(RICH_PLAN);
    expect(refused).toBe(true);
    expect(title).toMatch(/^Do not merge: 2 of 10 changes refused, 1 error\. 5 to create/);
    expect(title.length).toBeLessThanOrEqual(255);
  });

  it("is calm where nothing changes", () => {
    const plan = { ...RICH_PLAN, findings: [], waits: [], handoffs: [] };
    expect(check(plan, IDLE)).toMatchObject({ title: "Nothing changes here", refused: false, annotations: [] });
  });

  it("gives what is said of a connection without changes to its home, or to all when nobody knows it", () => {
    const plan = { ...EMPTY_PLAN, findings: [finding(1, "error", { connection: "ledger" })] };
    const homes = new Map([["ledger", ["prod-euw1"]]]);
    expect([USE1, EUW1].map((target) => check(plan, target, homes).refused)).toEqual([false, true]);
    expect([USE1, EUW1].map((target) => check(plan, target).refused)).toEqual([true, true]);
  });

  it("gives what is said of a change to the target of that change", () => {
    const plan = {
      ...EMPTY_PLAN,
      changes: [
        change({ address: "a/service", kind: "endpoint-service", action: "create" }),
        change({ address: "a/endpoint/main", kind: "vpc-endpoint", action: "create", target: "prod-euw1" }),
      ],
      findings: [finding(1, "error", { connection: "a", address: "a/endpoint/main" })],
    };
    expect([USE1, EUW1].map((target) => check(plan, target).refused)).toEqual([false, true]);
  });

  it("gives what is said of the whole run to every target", () => {
    const plan = { ...EMPTY_PLAN, findings: [finding(1, "error")] };
    expect(TARGETS.map((target) => check(plan, target).refused)).toEqual([true, true, true]);
  });

  it("stays below GitHub's limit", () => {
    const changes = Array.from({ length: 5_000 }, (_, index) =>
      change({ address: `c${index}/service`, kind: "endpoint-service", action: "delete", risks: ["deletes"] }),
    );
    expect(check({ ...EMPTY_PLAN, changes }).summary.length).toBeLessThanOrEqual(65_535);
  });
});

describe("annotations", () => {
  it("stand on the line of the finding, errors first; waived and for information are notices", () => {
    const findings = [
      finding(3, "info"),
      finding(2, "warning"),
      finding(4, "error", { waived: "agreed" }),
      finding(1, "error", { message: "bad\nthing" }),
      { id: "nowhere", severity: "error" as const, message: "m" },
    ];
    const { annotations } = check({ ...CALM_PLAN, findings });
    expect(annotations.map(({ line, level }) => [line, level])).toEqual([
      [1, "failure"],
      [2, "warning"],
      [3, "notice"],
      [4, "notice"],
    ]);
    expect(annotations[0]).toEqual({
      path: "specs/a.yaml",
      line: 1,
      level: "failure",
      title: "f1",
      message: "bad\\nthing",
    });
    expect(annotations[3]?.message).toBe("m Waived: agreed");
  });

  it("are at most 50, and the summary counts the others", () => {
    const findings = [...Array.from({ length: 60 }, (_, index) => finding(index + 1, "warning")), finding(99, "error")];
    const { annotations, summary } = check({ ...CALM_PLAN, findings });
    expect(annotations).toHaveLength(50);
    expect(annotations[0]?.line).toBe(99);
    expect(summary).toContain("11 more findings have no annotation");
    expect(check({ ...CALM_PLAN, findings: findings.slice(0, 50) }).summary).not.toContain("no annotation");
  });
});

describe("the difference between what was reviewed and what would be done", () => {
  const { delta, fresh } = deltaAgainst(RICH_PLAN);
  const text = (given = delta) =>
    refusalComment({
      marker: MARKER,
      reasons: ["the plan moved"],
      delta: given,
      newPlanId: fresh.planId,
      environment: { name: "landline-approve-new-plan" },
      moreAt: MORE_AT,
    });
  const part = (whole: string, title: string) => whole.split(`#### ${title}`)[1]?.split("####")[0] ?? "";

  it("tells new, different and gone operations apart", () => {
    expect(part(text(), "New")).toContain("create billing/endpoint/second");
    expect(part(text(), "Different")).toContain("! create payments-api/service (");
    expect(part(text(), "Reviewed, and")).toContain("create payments-api/service/nlb/payments (");
  });

  it("shows of an operation that differs only what differs", () => {
    const lines = part(text(), "Different")
      .split("\n")
      .filter((line) => /^[-+] {5}/.test(line));
    expect(lines).toEqual([
      "-     supportedRegions: (absent) → (none)",
      "+     supportedRegions: (none) → eu-west-1",
      "-     refused: no",
      "+     refused: protect",
    ]);
  });

  it("knows ids that became known for the ones they stand for, and shows one that another one took the place of", () => {
    const update = RICH_PLAN.changes.find(({ step }) => step === "billing/endpoint/main");
    if (update === undefined) throw new Error("no such change");
    const [reviewed] = fileOf({ ...RICH_PLAN, changes: [update] }).changes;
    if (reviewed === undefined) throw new Error("no such change");
    const now = { ...update, relies: { "payments-api/service.serviceName": "vpce-svc-1" } };
    const shown = part(text({ onlyReviewed: [], onlyFresh: [], changed: [{ reviewed, fresh: now }] }), "Different");
    expect(shown).toContain("-     relies on payments-api/service.serviceName: (known after apply)");
    expect(shown).toContain("+     relies on payments-api/service.serviceName: vpce-svc-1");
    expect(shown).not.toContain("serviceName: com.amazonaws");
  });

  it("shows two ways on, and only what is possible", () => {
    expect(text()).toContain("1. Approve the new plan `sha256:fresh` in the environment `landline-approve-new-plan`");
    const none = refusalComment({ marker: MARKER, reasons: [], environment: { name: "e" }, moreAt: MORE_AT });
    expect(none).not.toContain("Approve the new plan");
    expect(none).toContain("2. Open a new pull request");
  });

  it("keeps new operations to the last", () => {
    const operation = (index: number) =>
      change({ address: `c${index}/service`, kind: "endpoint-service", action: "delete", notes: ["x".repeat(300)] });
    const many = Array.from({ length: 600 }, (_, index) => operation(index));
    const short = text({ onlyReviewed: fileOf({ ...RICH_PLAN, changes: many }).changes, onlyFresh: many, changed: [] });
    expect(short.length).toBeLessThanOrEqual(65_536);
    expect(short).toMatch(/(?:left out|in one line each): [^*]*gone operations/);
    for (const { step } of many) expect(short).toContain(`delete ${step} `);
  });

  it("turns the check red with counts and both ids", () => {
    const { title, summary } = movedCheck({ reviewedId: RICH_PLAN.planId, fresh, delta });
    expect(title).toBe("The plan moved: 1 operation is new, 1 differs and 1 is gone");
    expect(summary).toContain(RICH_PLAN.planId);
    expect(summary).toContain("sha256:fresh");
  });
});
