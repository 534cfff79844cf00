import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { ConnectionSpec } from "../../src/planner/specs/index.ts";
import { type ConnectionStatus, statusOf } from "../../src/planner/status/index.ts";
import { statusDetailsToText, statusToJson, statusToText } from "../../src/planner/writers/index.ts";
import { connections, emptyCloud, endpoint, NOW, planOf, project, service } from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";
import { nimbus } from "./partners/nimbus.ts";

/** What a status says of a connection with a partner in both directions: the partner's word, and each half. */

const profiles = nimbus();
const { service: _left, ...untold } = endpoint("pending", { aliases: [] }).endpoints?.[0] ?? {};

function statusWith(reported?: { state: string; on: string }): ConnectionStatus {
  const grants = [{ principal: "arn:aws:iam::402592597372:root", reason: "Nimbus", until: "2027-06-30" }];
  const partner = { profile: "nimbus", params: { instance: "orders" }, ...(reported ? { reported } : {}) };
  const pay = {
    ...service({ allowedPrincipals: grants }),
    endpoints: [untold] as NonNullable<ConnectionSpec["endpoints"]>,
    partner,
  };
  const snapshot = applyToModel(emptyCloud(), planOf({ pay }, emptyCloud(), { profiles }));
  const [status] = statusOf({
    connections: connections({ pay }, project(), profiles),
    profiles,
    plan: planOf({ pay }, snapshot, { profiles }),
    snapshot,
    now: NOW,
  });
  if (!status) throw new Error("no status");
  return status;
}
const plain = { color: (_style: unknown, text: string) => text };
const schema = JSON.parse(readFileSync(new URL("../../schema/status.v1.schema.json", import.meta.url), "utf8"));

test.each([undefined, { state: "failed: no quota", on: "2026-11-19" }, { state: "ticket 4711", on: "2026-11-19" }])(
  "as JSON it fits the schema: %j",
  (reported) => {
    const file = JSON.parse(statusToJson("acme", [statusWith(reported)]));
    const validate = new Ajv2020().compile(schema);
    expect(validate(file), JSON.stringify(validate.errors)).toBe(true);
    const [{ partner, halves }] = file.connections;
    expect(halves.map(({ role }: { role: string }) => role)).toEqual(["provider", "consumer"]);
    expect(partner).toMatchObject({ profile: "nimbus", title: "Nimbus Cloud" });
    expect(partner.reported?.is).toBe(reported?.state.startsWith("failed") ? "failed" : undefined);
  },
);

test("as text: who the partner is, its word, its meaning and what to do, and a line for each half", () => {
  const text = statusDetailsToText(statusWith({ state: "failed: no quota", on: "2026-11-19" }), plain);
  const lines = text.split("\n");
  expect(lines[0]).toBe("pay  failed");
  const block = lines.slice(
    lines.indexOf("Partner  Nimbus Cloud  nimbus"),
    lines.indexOf("Partner  Nimbus Cloud  nimbus") + 5,
  );
  expect(block.map((line) => line.slice(0, 58))).toEqual(
    [
      "Partner  Nimbus Cloud  nimbus",
      '  reported        "failed: no quota" on 2026-11-19 (failed)',
      "                  delete the instance and begin anew",
      '  to us           failed  Nimbus Cloud last reported "fail',
      "  to the partner  waiting-partner  waits for the name of t",
    ].map((line) => line.slice(0, 58)),
  );
});

test("without a word there is none", () => {
  const text = statusDetailsToText(statusWith(), plain);
  expect(text).toContain("Partner  Nimbus Cloud  nimbus\n  to us ");
  expect(text).not.toContain("\n  reported ");
});

test("the table counts every state", () => {
  const status = statusWith();
  const all = ["absent", "draft", "awaiting-acceptance", "connecting"] as const;
  const text = statusToText(
    all.map((state) => ({ ...status, state })),
    plain,
  );
  expect(text).toContain("4 connections: 1 draft, 1 awaiting-acceptance, 1 connecting, 1 absent.");
});
