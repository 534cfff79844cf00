import { describe, expect, it } from "vitest";
import type { Change, Plan } from "../../../src/model.ts";
import { GITHUB_LIMIT, planToMarkdown } from "../../../src/planner/writers/index.ts";
import { AWKWARD, CALM_PLAN, change, EMPTY_PLAN, RICH_PLAN } from "./fixture.ts";
import { expectGolden } from "./golden.ts";

/** A plan with many changes of each sort; only the last ones are dangerous. */
function bigPlan(each: number): Plan {
  const long = "x".repeat(300);
  const make = (sort: string, given: Omit<Partial<Change>, "address">) =>
    Array.from({ length: each }, (_, index) =>
      change({ address: `${sort}-${index}/service/allowlist`, kind: "allowlist", action: "update", ...given }),
    );
  return {
    ...EMPTY_PLAN,
    summary: {
      create: each,
      update: 3 * each,
      replace: each,
      delete: each,
      unchanged: 4,
      errors: 1,
      warnings: 0,
      waits: 0,
    },
    changes: [
      ...make("tag", { differences: [{ attribute: "tags.note", before: "a", after: long }] }),
      ...make("create", { action: "create", differences: [{ attribute: "principals", after: [long] }] }),
      ...make("update", { differences: [{ attribute: "acceptanceRequired", before: long, after: true }] }),
      ...make("grant", { risks: ["grants-access"], notes: [long] }),
      ...make("replace", { action: "replace", notes: [long] }),
      ...make("delete", { action: "delete", risks: ["deletes"], notes: [long] }),
    ],
    findings: [
      { id: "deletions.max", severity: "error", message: `too many deletions ${long}` },
      { id: "chatty", severity: "info", message: long },
    ],
    handoffs: [{ connection: "create-1", id: "x", title: "Do it", ready: true, body: `body ${long}` }],
  };
}

describe("planToMarkdown", () => {
  it.each([
    ["rich.md", RICH_PLAN],
    ["calm.md", CALM_PLAN],
    ["empty.md", EMPTY_PLAN],
  ] as const)("writes %s", (name, plan) => {
    expectGolden(name, planToMarkdown(plan));
  });

  it.each([
    ["nothing to do", EMPTY_PLAN, "✅ **Nothing to do.** The cloud matches the specs: 12 resources."],
    ["no risk", CALM_PLAN, "🟢 **2 changes, no risks.**"],
    ["refused", RICH_PLAN, "🔴 **Do not merge yet: 2 of 14 changes refused.** legacy-crm is protected"],
  ])("answers in its first line: %s", (_case, plan, start) => {
    expect(planToMarkdown(plan).split("\n")[0]).toContain(start);
  });

  it("names the risks in its first line", () => {
    const risky = change({ address: "a/b", kind: "allowlist", action: "update", risks: ["deletes", "grants-access"] });
    const [first] = planToMarkdown({ ...CALM_PLAN, changes: [risky] }).split("\n");
    expect(first).toBe("🟠 **1 change; look before you merge:** deletes and grants access.");
  });

  it("closes every details", () => {
    const text = planToMarkdown(RICH_PLAN);
    expect(text.match(/^<details/gm)?.length).toBe(text.match(/^<\/details>$/gm)?.length);
  });
});

describe("the limit", () => {
  it("cuts nothing from what fits", () => {
    expect(planToMarkdown(RICH_PLAN)).not.toContain("Too long");
  });

  it("stays below GitHub's limit and says what it left out", () => {
    const text = planToMarkdown(bigPlan(60));
    expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    expect(text).toMatch(/\*\*Too long for one comment; left out: .*60 tag changes/);
  });

  it("keeps every deletion, replacement, access change and error while harmless things go", () => {
    const text = planToMarkdown(bigPlan(60));
    for (let index = 0; index < 60; index += 1) {
      for (const sort of ["delete", "replace", "grant"])
        expect(text).toContain(`\`${sort}-${index}/service/allowlist\``);
    }
    expect(text).toContain("too many deletions");
    expect(text).not.toContain("tag-0/");
  });

  it("cuts tags before creations, creations before updates, updates before risks", () => {
    const plan = bigPlan(8);
    const seen = (limit: number) => {
      const text = planToMarkdown(plan, { limit });
      expect(text.length).toBeLessThanOrEqual(limit);
      const details = text.slice(text.indexOf("<details"));
      return ["tag-0/", "create-0/", "update-0/", "grant-0/"].filter((address) => details.includes(address));
    };
    const steps = Array.from({ length: 200 }, (_, index) => seen(33_000 - index * 150).join());
    expect([...new Set(steps)]).toEqual([
      "tag-0/,create-0/,update-0/,grant-0/",
      "create-0/,update-0/,grant-0/",
      "update-0/,grant-0/",
      "grant-0/",
      "",
    ]);
  });

  it.each([100, 400, 1_000, 3_000, 10_000])("holds even for a limit of %i characters", (limit) => {
    for (const plan of [RICH_PLAN, bigPlan(20), bigPlan(400)]) {
      expect(planToMarkdown(plan, { limit }).length).toBeLessThanOrEqual(limit);
    }
  });

  it("says how many dangerous changes do not fit when nothing else is left", () => {
    const text = planToMarkdown(bigPlan(600));
    expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    expect(text).toMatch(/^And \d+ more that do not fit/m);
    expect(text).toContain("too many deletions");
    expect(text).toContain("`delete-599/service/allowlist`");
  });

  it("holds for a single text of a megabyte", () => {
    const message = AWKWARD.repeat(10_000);
    const plan: Plan = { ...RICH_PLAN, findings: [{ id: message, severity: "error", connection: message, message }] };
    expect(planToMarkdown(plan).length).toBeLessThanOrEqual(GITHUB_LIMIT);
  });
});
