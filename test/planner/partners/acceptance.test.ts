import { expect, test } from "vitest";
import type { ConnectionFact, Snapshot } from "../../../src/model.ts";
import type { Profiles } from "../../../src/planner/partners/profile.ts";
import { emptyCloud, planOf, service } from "../builders.ts";
import { applyToModel } from "../model-cloud.ts";
import { nimbus } from "./nimbus.ts";

/** Nobody is let in who is not the partner: by the profile's own way of knowing it, on top of what the spec names. */

const THEIRS = "402592597372";
const STRANGER = "999999999999";
const REQUEST = "vpce-0ddddddddddddddd1";
const both = nimbus();
const endpointOnly = nimbus(["by: both", "by: endpoint"]);
const account = nimbus(["by: both", "by: account"]);
const unknownAccount = nimbus(
  ['default: "402592597372", obtain: the console', "needed: later, obtain: the console"],
  ['allow: { values: ["arn:aws:iam::{{params.account}}:root"] }', 'allow: { values: ["*"] }'],
);
const byId = { endpoint: REQUEST, reason: "NET-12" };
const byAccount = { account: THEIRS, reason: "NET-12" };

function planned(profiles: Profiles, accept: readonly object[], owner: string, more: object = {}) {
  const grants = [THEIRS, STRANGER].map((id) => ({
    principal: `arn:aws:iam::${id}:root`,
    reason: "tests",
    until: "2027-06-30",
  }));
  const body = {
    ...service({ allowedPrincipals: grants, connections: { accept }, ...more }),
    partner: { profile: "nimbus", params: { instance: "orders" } },
  };
  const cloud = applyToModel(
    emptyCloud(),
    planOf({ pay: body }, emptyCloud(), { profiles }),
    ({ kind }) => kind !== "acceptance",
  );
  const made = planOf({ pay: body }, asking(cloud, owner), { profiles });
  const finding = made.findings.find(({ id }) => id.startsWith("partner.accept"));
  return {
    accepted: made.changes.filter(({ kind }) => kind === "acceptance").length,
    finding: finding && `${finding.severity} ${finding.id}${finding.deferred ? " deferred" : ""}`,
    message: finding?.message ?? "",
    line: finding?.at?.line,
  };
}

function asking(cloud: Snapshot, owner: string): Snapshot {
  const serviceId = cloud.targets
    .flatMap(({ resources }) => resources)
    .find(({ kind }) => kind === "endpoint-service")?.id;
  if (serviceId === undefined) return cloud;
  const fact: ConnectionFact = { serviceId, endpointId: REQUEST, owner, state: "pendingacceptance" };
  return {
    ...cloud,
    targets: cloud.targets.map((target) => (target.target === "net" ? { ...target, connections: [fact] } : target)),
  };
}

test.each([
  ["both: id and account", both, byId, THEIRS, 1, undefined],
  ["both: the id, but another account", both, byId, STRANGER, 0, "error partner.accept-account"],
  ["both: the whole account", both, byAccount, THEIRS, 0, "error partner.accept-form"],
  ["endpoint: the id is enough", endpointOnly, byId, STRANGER, 1, undefined],
  ["endpoint: the whole account", endpointOnly, byAccount, THEIRS, 0, "error partner.accept-form"],
  ["account: the whole account", account, byAccount, THEIRS, 1, undefined],
  ["account: one id", account, byId, STRANGER, 1, undefined],
  [
    "account: that of somebody else",
    account,
    { ...byAccount, account: STRANGER },
    STRANGER,
    0,
    "error partner.accept-account",
  ],
  ["both: the account is not known yet", unknownAccount, byId, THEIRS, 0, "info partner.accept-account deferred"],
] as const)("%s", (_why, profiles, rule, owner, accepted, finding) => {
  const said = planned(profiles, [rule], owner);
  expect([said.accepted, said.finding]).toEqual([accepted, finding]);
});

test("both accounts are named", () => {
  const { message } = planned(both, [byId], STRANGER);
  for (const word of [REQUEST, STRANGER, THEIRS]) expect(message).toContain(word);
});

test("the wrong form is told before anybody asks, where it stands", () => {
  const [first, second] = [planned(both, [byAccount], STRANGER), planned(both, [byId, byAccount], THEIRS)];
  expect([first.finding, second.finding]).toEqual(["error partner.accept-form", "error partner.accept-form"]);
  expect(second.line).toBeGreaterThan(first.line ?? Number.POSITIVE_INFINITY);
});

test("letting everybody in takes a profile that allows it", () => {
  const automatic = { acceptance: "automatic" };
  expect(planned(both, [], THEIRS, automatic).finding).toBe("error partner.accept-automatic");
  const allowed = nimbus(["by: both", "automatic: true\n    by: both"]);
  expect(planned(allowed, [], THEIRS, automatic).finding).toBeUndefined();
});

test("rejecting needs no profile's leave", () => {
  const rejecting = { connections: { reject: [{ account: STRANGER, reason: "nobody knows it" }] } };
  expect(planned(both, [], STRANGER, rejecting)).toMatchObject({ accepted: 1, finding: undefined });
});
