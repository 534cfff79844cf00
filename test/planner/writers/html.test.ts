import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { planToHtml } from "../../../src/planner/writers/index.ts";
import { CALM_PLAN, EMPTY_PLAN, RICH_PLAN } from "./fixture.ts";
import { expectGolden } from "./golden.ts";

/** All tags of a page with their attributes. */
function tagsOf(html: string): string[] {
  return html.match(/<[^>]*>/g) ?? [];
}

describe("planToHtml", () => {
  it.each([
    ["rich.html", RICH_PLAN],
    ["empty.html", EMPTY_PLAN],
  ] as const)("writes %s", (name, plan) => {
    expectGolden(name, planToHtml(plan));
  });

  it("names its only style sheet in the policy by the hash", () => {
    const html = planToHtml(CALM_PLAN);
    const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)];
    expect(styles).toHaveLength(1);
    const hash = createHash("sha256")
      .update(styles[0]?.[1] ?? "")
      .digest("base64");
    expect(html).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
  });

  it("loads nothing, runs nothing and links nowhere", () => {
    const tags = tagsOf(planToHtml(RICH_PLAN));
    const names = new Set(tags.map((tag) => /^<\/?([!a-z0-9]+)/.exec(tag)?.[1]));
    for (const name of ["script", "img", "link", "a", "iframe", "form", "object"]) expect(names).not.toContain(name);
    expect(tags.filter((tag) => /\s(?:on\w+|src|href|style)\s*=/.test(tag))).toEqual([]);
  });

  it("opens and closes the same elements whatever the text says", () => {
    const html = planToHtml(RICH_PLAN);
    for (const name of [
      "main",
      "details",
      "summary",
      "section",
      "table",
      "tr",
      "td",
      "div",
      "p",
      "code",
      "span",
      "pre",
    ]) {
      const opened = html.match(new RegExp(`<${name}[ >]`, "g"))?.length ?? 0;
      expect(html.match(new RegExp(`</${name}>`, "g"))?.length ?? 0, name).toBe(opened);
    }
  });
});
