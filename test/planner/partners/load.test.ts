import { describe, expect, test } from "vitest";
import { loadProfiles } from "../../../src/planner/partners/load.ts";
import { brief } from "../specs/support.ts";
import { profile, profileFiles, profileFrom, profiles, schemas } from "./support.ts";

const stream = (name: string) => {
  const text = profileFiles.find(({ path }) => path.endsWith("acme-stream.yaml"))?.text ?? "";
  return text.replace("name: acme-stream", `name: ${name}`);
};

test("profiles are read by name, with where everything stands", () => {
  expect([...profiles.keys()]).toEqual(["acme-cloud", "acme-lattice", "acme-stream"]);
  const cloud = profile("acme-cloud");
  expect(cloud).toMatchObject({ name: "acme-cloud", origin: "project", file: "partners/acme-cloud.yaml" });
  const lines = profileFiles[0]?.text.split("\n") ?? [];
  const { line, column } = cloud.at(["provider", "acceptance", "by"]);
  expect(lines[line - 1]?.slice(column - 1)).toBe("both");
});

test("a template is parsed once", () => {
  const cloud = profile("acme-cloud");
  expect(cloud.template("{{params.site}}")).toBe(cloud.template("{{params.site}}"));
  expect(cloud.template("a {{params.site}}", "shell")).not.toBe(cloud.template("a {{params.site}}"));
});

describe("several files", () => {
  test("two profiles of one name: the first in order counts, the other is a problem at its name", () => {
    const own = [
      { path: "partners/b.yaml", text: stream("same") },
      { path: "partners/a.yaml", text: stream("same") },
    ];
    const loaded = loadProfiles({ shipped: [], own }, schemas);
    expect(brief(loaded.problems)).toEqual(["profile.duplicate partners/b.yaml:5:9"]);
    expect(loaded.profiles.get("same")?.file).toBe("partners/a.yaml");
    expect(loaded.complete).toBe(true);
  });

  test("a project cannot replace a profile that comes with Landline", () => {
    const shipped = [{ path: "landline:partners/same.yaml", text: stream("same") }];
    const own = [{ path: "a.yaml", text: stream("same") }];
    const loaded = loadProfiles({ shipped, own }, schemas);
    expect(brief(loaded.problems)).toEqual(["profile.duplicate a.yaml:5:9"]);
    expect(loaded.profiles.get("same")?.origin).toBe("shipped");
  });

  test("one that comes with Landline is read when it is named, and is sound", () => {
    const shipped = [
      { path: "landline:partners/good.yaml", text: stream("good") },
      { path: "landline:partners/other.yaml", text: stream("good") },
      { path: "landline:partners/bad.yaml", text: stream("bad").replace("mode: private-dns", "mode: dns") },
    ];
    const { profiles: known, problems, complete } = loadProfiles({ shipped, own: [] }, schemas);
    expect([problems, complete, [...known.keys()]]).toEqual([[], true, ["good", "other", "bad"]]);
    expect(known.get("good")).toMatchObject({ name: "good", origin: "shipped", file: "landline:partners/good.yaml" });
    expect(known.get("good")).toBe(known.get("good"));
    expect(known.get("unknown")).toBeUndefined();
    expect(() => known.get("other")).toThrow("holds another profile");
    expect(() => known.get("bad")).toThrow(/landline:partners\/bad.yaml:\d+: mode is "dns"/);
  });

  test("one file may hold several documents; a bad one does not take the others along", () => {
    const text = `${stream("one")}---\n${stream("two").replace("mode: private-dns", "mode: dns")}---\n${stream("three")}`;
    const loaded = loadProfiles({ shipped: [], own: [{ path: "p.yaml", text }] }, schemas);
    expect([...loaded.profiles.keys()]).toEqual(["one", "three"]);
    expect(loaded.problems.map(({ code }) => code)).toEqual(["value.choice"]);
    expect(loaded.complete).toBe(false);
  });

  test("whatever stands in a file, reading it never throws", () => {
    for (const text of [
      "",
      "[]",
      "7",
      "a: [",
      "kind: PartnerProfile",
      "apiVersion: landline/v1\nkind: PartnerProfile\nmetadata: 7",
    ]) {
      const { profiles: none, problems } = loadProfiles({ shipped: [], own: [{ path: "p.yaml", text }] }, schemas);
      expect(problems.length).toBeGreaterThan(0);
      expect([...none.keys()]).toEqual([]);
    }
  });
});

test.each([
  "{ type: integer, obtain: x }",
  "{ type: boolean, obtain: x }",
  "{ type: list, items: port, obtain: x }",
  "{ type: string, enum: [a], obtain: x }",
  '{ type: list, pattern: "[a-z]+", obtain: x }',
])("%s may stand in a shell line", (param) => {
  const run = param.includes("list") ? "probe {{#each params.it}}{{item}}{{/each}}" : "probe {{params.it}}";
  const text = `${stream("one").replace("params:\n", `params:\n  it: ${param}\n`)}  verify: [{ run: "${run}", from: partner, source: guide }]\n`;
  expect([...profileFrom(text).shellParams]).toEqual(["it"]);
});
