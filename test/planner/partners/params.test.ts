import { describe, expect, test } from "vitest";
import { leadsToPartner, modeOf } from "../../../src/planner/partners/mode.ts";
import { fits } from "../../../src/planner/partners/param-fit.ts";
import { readParams } from "../../../src/planner/partners/params.ts";
import type { Mode, ParamSpec } from "../../../src/planner/partners/profile.ts";
import { holds } from "../../../src/planner/partners/when.ts";
import { profile } from "./support.ts";

const cloud = profile("acme-cloud");
const read = (params: { readonly [name: string]: unknown }, mode: Mode | undefined = "consumer") =>
  readParams(cloud, { params }, mode);
const told = (params: { readonly [name: string]: unknown }, mode?: Mode) =>
  read(params, mode).refusals.map(({ path, refusal }) => `${refusal.code} ${path.join(".")}`);

describe("parameters", () => {
  test("what the spec says, and the defaults of the rest", () => {
    const { values, refusals } = read({ site: "east", ports: [443], replicas: 3 });
    expect(refusals).toEqual([]);
    expect(Object.fromEntries(values)).toEqual({
      site: "east",
      ports: [443],
      replicas: 3,
      accounts: ["402592597372"],
      premium: false,
    });
  });

  test("those that the partner tells later are needed in their mode only", () => {
    expect(read({ site: "east" }, "consumer").later).toEqual(["service_name"]);
    expect(read({ site: "east" }, "provider").later).toEqual(["endpoint_id"]);
    expect(read({ site: "east" }, "bidirectional").later).toEqual(["service_name", "endpoint_id"]);
    const name = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
    expect(read({ site: "east", service_name: name }).later).toEqual([]);
  });

  test("those that hand-offs wait for", () => {
    expect(read({ site: "east" }).forHandoff).toEqual(["instance"]);
    expect(read({ site: "east", instance: "one" }).forHandoff).toEqual([]);
  });

  test("one that is needed is asked for with where to find it", () => {
    expect(told({})).toEqual(["partner.param-missing partner.params"]);
    expect(read({}).refusals[0]?.refusal.hint).toContain("the console, under Settings > Site");
    expect(told({ site: "east", premium: true })).toEqual(["partner.param-missing partner.params"]);
    expect(told({ site: "east", premium: true, ticket: "T-1" })).toEqual([]);
  });

  test("a wrong one is not missing as well, and is not used", () => {
    const { values, refusals } = read({ site: "south", service_name: "x" });
    expect(refusals.map(({ path }) => path.join("."))).toEqual(["partner.params.site", "partner.params.service_name"]);
    expect(values.has("site")).toBe(false);
    expect(read({ site: "east", service_name: "x" }).later).toEqual([]);
  });

  test("a pattern fits from beginning to end", () => {
    expect(told({ site: "east", zone_ids: ["xuse1-az4"] })).toEqual([]);
    expect(told({ site: "east", zone_ids: ["use1-az4x", "1use1-az4"] })).toEqual([
      "partner.param-form partner.params.zone_ids.0",
      "partner.param-form partner.params.zone_ids.1",
    ]);
  });

  test("what stands in a shell line is no option of it", () => {
    expect([...cloud.shellParams].sort()).toEqual(["instance", "premium", "site", "zone_ids"]);
    const text: ParamSpec = { type: "string", obtain: "x" };
    expect(fits("--force", text, false)).toEqual({ value: "--force" });
    expect(fits("--force", text, true)).toHaveProperty("wrong");
    expect(fits(["a", "-b"], { ...text, type: "list" }, true)).toMatchObject({ wrong: [{ index: 1 }] });
  });

  test.each([
    ["string", "a".repeat(1024), true],
    ["string", "a".repeat(1025), false],
    ["string", "a\u0085b", false],
    ["string", "", false],
    ["string", 7, false],
    ["integer", 7, true],
    ["integer", 7.5, false],
    ["integer", "7", false],
    ["boolean", false, true],
    ["boolean", "false", false],
    ["list", [], true],
    ["list", {}, false],
    ["list", [["a"]], false],
    ["list", [null], false],
  ] as const)("a %s may be %j: %s", (type, value, fit) => {
    expect("value" in fits(value, { type, obtain: "x" }, false)).toBe(fit);
  });

  test.each([
    [1, true],
    [65_535, true],
    [0, false],
    [65_536, false],
    [1.5, false],
    ["443", false],
  ])("a port may be %j: %s", (port, fit) => {
    expect("value" in fits([port], { type: "list", items: "port", obtain: "x" }, false)).toBe(fit);
  });
});

describe("conditions", () => {
  const params = new Map<string, string | boolean | number | readonly string[]>([
    ["site", "east"],
    ["premium", false],
    ["replicas", 2],
    ["zones", ["a", "b"]],
  ]);
  test.each([
    [undefined, true],
    [{ site: "east" }, true],
    [{ site: "west" }, false],
    [{ site: ["west", "east"] }, true],
    [{ site: "east", premium: true }, false],
    [{ premium: false }, true],
    [{ replicas: 2 }, true],
    [{ replicas: "2" }, false],
    [{ zones: "b" }, true],
    [{ zones: "c" }, false],
    [{ other: "x" }, false],
    [{ site: { set: true } }, true],
    [{ premium: { set: true } }, true],
    [{ other: { set: true } }, false],
    [{ other: { set: false } }, true],
    [{ mode: "consumer" }, true],
    [{ mode: ["provider", "bidirectional"] }, false],
  ])("%j: %s", (when, wanted) => {
    expect(holds(when, { mode: "consumer", params })).toBe(wanted);
  });
});

describe("halves", () => {
  const name = { service: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0" };
  const stream = profile("acme-stream");
  const lattice = profile("acme-lattice");
  test.each([
    ["its name", name, cloud, true],
    ["pending", { service: "pending" }, cloud, true],
    ["the profile's name", {}, stream, true],
    ["nothing of the profile's", {}, lattice, false],
    ["another connection", { service: { connection: "x" } }, cloud, false],
  ])("an endpoint leads to the partner by %s", (_, endpoint, of, wanted) => {
    expect(leadsToPartner(endpoint, of)).toBe(wanted);
  });

  test.each([
    ["provider", { service: {} }],
    ["consumer", { endpoints: [name] }],
    ["bidirectional", { service: {}, endpoints: [{ service: { connection: "x" } }, name] }],
    ["provider", { service: {}, endpoints: [{ service: { connection: "x" } }] }],
    [undefined, { endpoints: [{ service: { connection: "x" } }] }],
    [undefined, {}],
  ])("%s", (wanted, spec) => {
    expect(modeOf(spec, cloud)).toBe(wanted);
  });
});
