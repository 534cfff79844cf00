import { expect, test } from "vitest";
import { kindInfos } from "../../../src/kinds/index.ts";
import { staleFindings } from "../../../src/planner/partners/stale.ts";
import { makePlan } from "../../../src/planner/plan.ts";
import { parseConnections } from "../../../src/planner/specs/index.ts";
import { emptyCloud, endpoint, project, sha256 } from "../builders.ts";
import { schemas as specSchemas } from "../specs/support.ts";
import { profiles } from "./support.ts";

/** `acme-stream` was looked at on 29 February 2024. */
const connections = ["one", "two"].flatMap((name) => {
  const partner = {
    profile: name === "one" ? "acme-stream" : "acme-cloud",
    params: name === "one" ? {} : { site: "east" },
  };
  const body = endpoint("pending", { aliases: [] });
  const text = JSON.stringify({ apiVersion: "landline/v1", kind: "Connection", metadata: { name }, partner, ...body });
  const options = { schemas: specSchemas, today: "2026-11-20", profiles };
  return parseConnections([{ path: `${name}.yaml`, text }], project(), options).connections;
});
const stale = (now: string) =>
  staleFindings(connections, profiles, now).map(({ connection, severity }) => [connection, severity]);

test("facts of a year are fresh, of a day more they are old", () => {
  expect(connections).toHaveLength(2);
  expect(stale("2024-02-29T00:00:00Z")).toEqual([]);
  expect(stale("2025-02-28T23:59:59Z")).toEqual([]);
  expect(stale("2025-03-01T00:00:00Z")).toEqual([["one", "warning"]]);
  expect(stale("2028-01-01T00:00:00Z")).toEqual([
    ["one", "warning"],
    ["two", "warning"],
  ]);
});

test("the plan says so at the profile's name, and refuses nothing", () => {
  const now = "2026-11-20T12:00:00.000Z";
  const plan = makePlan({
    project: project(),
    connections,
    profiles,
    snapshot: emptyCloud(),
    kinds: kindInfos,
    now,
    sha256,
  });
  const [finding, ...others] = plan.findings.filter(({ id }) => id === "partner.stale");
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ severity: "warning", connection: "one", at: { file: "one.yaml" } });
  expect(finding?.message).toContain("2024-02-29");
  expect(finding?.message).toContain("995 days");
});
