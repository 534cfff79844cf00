import { describe, expect, it } from "vitest";
import { planToText, type TextOptions } from "../../../src/planner/writers/index.ts";
import { AWKWARD, CALM_PLAN, change, EMPTY_PLAN, RICH_PLAN } from "./fixture.ts";
import { expectGolden } from "./golden.ts";

const plain: TextOptions = { color: (_style, text) => text };
const tagged: TextOptions = { color: (style, text) => `<${style}>${text}</${style}>` };

describe("planToText", () => {
  it.each([
    ["rich.txt", RICH_PLAN, plain],
    ["rich-verbose.txt", RICH_PLAN, { ...plain, verbose: true }],
    ["rich-narrow.txt", RICH_PLAN, { ...plain, width: 60 }],
    ["rich-styles.txt", RICH_PLAN, tagged],
    ["calm.txt", CALM_PLAN, plain],
    ["empty.txt", EMPTY_PLAN, plain],
  ] as const)("writes %s", (name, plan, options) => {
    expectGolden(name, planToText(plan, options));
  });

  it("says in one line that there is nothing to do", () => {
    expect(planToText(EMPTY_PLAN, plain)).toBe("No changes. The cloud matches the specs: 12 resources.\n");
  });

  it("claims no match while an error or a wait stands", () => {
    const [error] = RICH_PLAN.findings;
    const [wait] = RICH_PLAN.waits;
    if (error === undefined || wait === undefined) throw new Error("the fixture has both");
    const withError = { ...EMPTY_PLAN, findings: [error], summary: { ...EMPTY_PLAN.summary, errors: 1 } };
    const withWait = { ...EMPTY_PLAN, waits: [wait], summary: { ...EMPTY_PLAN.summary, unchanged: 0, waits: 1 } };
    expect(planToText(withError, plain)).toMatch(
      /\nNo changes for now\. 12 resources are as the specs want them\.\n1 error\.\nSettle the errors above/,
    );
    expect(planToText(withWait, plain)).toMatch(/\nNo changes for now\.\n1 wait\.\n$/);
  });

  it("lets no escape sequence or hidden character through", () => {
    const text = planToText(RICH_PLAN, { ...plain, verbose: true });
    expect(AWKWARD).toContain("\u001b");
    expect(text).not.toMatch(/[\p{Cf}]|[^\P{Cc}\n]/u);
  });

  it("changes nothing but styles when colour is on", () => {
    const text = planToText(RICH_PLAN, tagged);
    const styles = /<\/?(?:bold|dim|red|green|yellow|magenta|cyan)>/g;
    expect(text.replace(styles, "")).toBe(planToText(RICH_PLAN, plain));
  });

  it("keeps the plan's order inside a connection", () => {
    const steps = ["b/2", "a/1", "b/1", "a/2"];
    const changes = steps.map((address) => change({ address, kind: "listener", action: "create" }));
    const text = planToText({ ...CALM_PLAN, changes }, plain);
    expect(text.match(/[ab]\/\d/g)).toEqual(["b/2", "b/1", "a/1", "a/2"]);
    expect(text).not.toContain("Order matters");
  });

  it("says that order matters only when connections depend on each other", () => {
    const first = change({ address: "a/1", kind: "listener", action: "create" });
    const own = change({ address: "a/2", kind: "listener", action: "create", dependsOn: ["a/1"] });
    const other = change({ address: "b/1", kind: "listener", action: "create", dependsOn: ["a/1"] });
    expect(planToText({ ...CALM_PLAN, changes: [first, own] }, plain)).not.toContain("Order matters");
    const text = planToText({ ...CALM_PLAN, changes: [first, own, other] }, plain);
    expect(text).toContain("Order matters");
    expect(text).toContain("after a/1\n");
  });

  it("tells what can still be applied", () => {
    const [one, two] = CALM_PLAN.changes.map((given) => ({ ...given, refused: "some.finding" }));
    const [, open] = CALM_PLAN.changes;
    if (one === undefined || two === undefined || open === undefined) throw new Error("the fixture has two changes");
    expect(planToText({ ...CALM_PLAN, changes: [one, two] }, plain)).toContain("Nothing can be applied");
    expect(planToText({ ...CALM_PLAN, changes: [one, open] }, plain)).toContain(
      "carries out 1 change and leaves out the 1 refused",
    );
  });
});
