import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change, Risk } from "../../../src/model.ts";
import {
  type ApprovalFacts,
  checklistOf,
  evidenceOf,
  judge,
  questionsOf,
  type Requirement,
  type Review,
  requirementsOf,
} from "../../../src/planner/approvals/index.ts";
import { project } from "../builders.ts";

/** Who has to approve a plan, and whose approval counts. */

const change = (step: string, ...risks: Risk[]): Change => ({
  step,
  address: step,
  connection: step.split("/")[0] ?? step,
  kind: "endpoint-service",
  target: "net",
  action: "update",
  risks,
  notes: [],
  differences: [],
  dependsOn: [],
  relies: {},
  digest: `sha256:${step}`,
});

describe("what a plan needs", () => {
  const rules: Parameters<typeof requirementsOf>[1] = [
    { risks: ["grants-access", "deletes"], count: 2, from: ["@acme/security"] },
    { risks: ["any"], count: 1 },
  ];
  const needed = (...changes: Change[]) =>
    requirementsOf({ changes }, rules).map(({ count, from, why }) => ({
      count,
      from,
      why: why.map(({ step }) => step),
    }));

  test("nobody for a plan without changes", () => expect(needed()).toEqual([]));
  test("a rule is in force when a change has one of its risks; the changes are told", () => {
    expect(needed(change("a/x"), change("a/y", "deletes", "moves-dns"), change("b", "grants-access"))).toEqual([
      { count: 2, from: ["@acme/security"], why: ["a/y", "b"] },
      { count: 1, from: [], why: ["a/x", "a/y", "b"] },
    ]);
  });
  test("other risks bring only the rule for any change", () => {
    expect(needed(change("a", "moves-dns"))).toEqual([{ count: 1, from: [], why: ["a"] }]);
  });
  test("a risk is told with the change that has it, and only those that the rule names", () => {
    expect(requirementsOf({ changes: [change("a", "moves-dns", "deletes")] }, rules)[0]?.why).toEqual([
      { step: "a", action: "update", risks: ["deletes"] },
    ]);
  });
  test("a project that says nothing asks for one approval of anything", () => {
    const { approvals } = project().spec.policy;
    expect(requirementsOf({ changes: [change("a")] }, approvals)).toMatchObject([
      { count: 1, from: [], risks: ["any"] },
    ]);
  });
});

const HEAD = "a".repeat(40);
const OLD = "b".repeat(40);
const review = (
  reviewer: string,
  state: Review["state"] = "approved",
  at = 1,
  commit: string | null = HEAD,
): Review => ({
  reviewer,
  state,
  commit,
  submittedAt: `2026-11-20T12:00:${String(at).padStart(2, "0")}Z`,
});
const anybody: Requirement = { risks: ["any"], count: 1, from: [], why: [{ step: "a", action: "update", risks: [] }] };
const from = (...names: string[]): Requirement => ({ ...anybody, from: names });
const base: ApprovalFacts = {
  author: "author",
  head: HEAD,
  pushers: { logins: ["author", "pusher"], certain: true },
  reviews: [],
  permissions: {
    author: "write",
    pusher: "write",
    ann: "write",
    bob: "admin",
    eve: "read",
    max: "maintain",
    tri: "triage",
  },
  teams: { "@acme/security": { ann: true, bob: false, author: true } },
};
const outcome = (requirement: Requirement, facts: Partial<ApprovalFacts>) => {
  const verdict = judge([requirement], { ...base, ...facts });
  const [one] = verdict.judged;
  return {
    met: verdict.met,
    counted: one?.counted.map(({ reviewer }) => reviewer),
    not: one?.uncounted.map(({ reviewer, reason }) => `${reviewer} ${reason}`),
  };
};

describe("which approvals count", () => {
  test("given while another plan stood there, or none, is not one of the plan", () => {
    const reviews: Review[] = [
      { ...review("ann"), plan: "sha256:old" },
      { ...review("bob", "approved", 2), plan: "sha256:new" },
      review("max", "approved", 3),
    ];
    const not = ["ann other-plan", "max other-plan"];
    expect(outcome(anybody, { reviews, plan: "sha256:new" })).toEqual({ met: true, counted: ["bob"], not });
    expect(outcome(anybody, { reviews: reviews.slice(0, 1), plan: "sha256:new" }).met).toBe(false);
    expect(outcome(anybody, { reviews }).counted).toEqual(["ann", "bob", "max"]);
  });

  test.each<[string, Requirement, Review[], string[], string[], boolean]>([
    ["of the head by somebody who may write", anybody, [review("ann")], ["ann"], [], true],
    ["nobody has said anything", anybody, [], [], [], false],
    ["of an earlier commit", anybody, [review("ann", "approved", 1, OLD)], [], ["ann other-commit"], false],
    ["of a commit that nobody knows", anybody, [review("ann", "approved", 1, null)], [], ["ann other-commit"], false],
    [
      "again after a push",
      anybody,
      [review("ann", "approved", 1, OLD), review("ann", "approved", 2)],
      ["ann"],
      [],
      true,
    ],
    ["dismissed", anybody, [review("ann", "dismissed")], [], ["ann dismissed"], false],
    [
      "dismissed, then given again",
      anybody,
      [review("ann", "dismissed"), review("ann", "approved", 2)],
      ["ann"],
      [],
      true,
    ],
    [
      "a comment afterwards takes nothing back",
      anybody,
      [review("ann"), review("ann", "commented", 2)],
      ["ann"],
      [],
      true,
    ],
    [
      "a review that is being written takes nothing back",
      anybody,
      [review("ann"), { ...review("ann", "pending"), submittedAt: null }],
      ["ann"],
      [],
      true,
    ],
    [
      "changes asked for afterwards take it back",
      anybody,
      [review("ann"), review("ann", "changes-requested", 2)],
      [],
      ["ann superseded"],
      false,
    ],
    ["by the author", anybody, [review("author")], [], ["author author"], false],
    ["by the author in other letters", anybody, [review("Author")], [], ["Author author"], false],
    ["by who pushed last", anybody, [review("pusher")], [], ["pusher pusher"], false],
    ["by who pushed last in other letters", anybody, [review("PUSHER")], [], ["PUSHER pusher"], false],
    ["by a reader", anybody, [review("eve")], [], ["eve no-write"], false],
    ["by one with triage only", anybody, [review("tri")], [], ["tri no-write"], false],
    ["by a maintainer", anybody, [review("max")], ["max"], [], true],
    ["by one whose access is not seen", anybody, [review("who")], [], ["who no-write"], false],
    [
      "by one who is called as nothing in JavaScript",
      anybody,
      [review("constructor")],
      [],
      ["constructor no-write"],
      false,
    ],
    ["by the named user", from("@Ann"), [review("ann")], ["ann"], [], true],
    ["by another than the named user", from("@ann"), [review("bob")], [], ["bob not-named"], false],
    ["by the author who is named", from("@author"), [review("author")], [], ["author author"], false],
    ["by a member of the team", from("@acme/Security"), [review("ann")], ["ann"], [], true],
    ["by one outside the team", from("@acme/security"), [review("bob")], [], ["bob not-named"], false],
    ["by one whose team is not seen", from("@acme/other"), [review("ann")], [], ["ann membership-unknown"], false],
    ["by one who is in one of two teams", from("@acme/other", "@acme/security"), [review("ann")], ["ann"], [], true],
    ["by a user named beside a team that is not seen", from("@acme/other", "@bob"), [review("bob")], ["bob"], [], true],
    [
      "twice by the same person is once",
      { ...anybody, count: 2 },
      [review("ann"), review("Ann", "approved", 2)],
      ["Ann"],
      [],
      false,
    ],
    ["by two people", { ...anybody, count: 2 }, [review("ann"), review("bob")], ["ann", "bob"], [], true],
  ])("%s", (_, requirement, reviews, counted, not, met) => {
    expect(outcome(requirement, { reviews })).toEqual({ met, counted, not });
  });

  test("the order is that of the time, however they are listed", () => {
    const reviews = [review("ann", "approved", 2), review("ann", "dismissed", 1)];
    expect(outcome(anybody, { reviews }).met).toBe(true);
  });

  test("while nobody can tell who pushed last one more is needed: one of them may have", () => {
    const pushers = { logins: ["author"], certain: false };
    expect(outcome(anybody, { pushers, reviews: [review("ann")] }).met).toBe(false);
    expect(outcome(anybody, { pushers, reviews: [review("ann"), review("bob")] }).met).toBe(true);
  });

  test("every rule has to be met; one approval may serve several", () => {
    const both = [anybody, from("@acme/security")];
    const verdict = (...reviews: Review[]) => judge(both, { ...base, reviews }).judged.map(({ met }) => met);
    expect(verdict(review("bob"))).toEqual([true, false]);
    expect(verdict(review("ann"))).toEqual([true, true]);
    expect(judge(both, { ...base, reviews: [review("bob")] }).met).toBe(false);
  });

  test("a plan that needs nobody is met, whatever people say", () => {
    expect(judge([], { ...base, reviews: [review("ann", "changes-requested")] }).met).toBe(true);
  });

  test("a membership that is not seen says which token shows it", () => {
    const [one] = judge([from("@acme/other")], { ...base, reviews: [review("ann")] }).judged;
    expect(one?.uncounted[0]?.message).toContain("LANDLINE_TEAMS_TOKEN");
  });
});

describe("who asks for changes", () => {
  test.each<[string, Review[], string[]]>([
    ["stops the plan", [review("bob"), review("ann", "changes-requested")], ["ann"]],
    ["also of an earlier commit", [review("bob"), review("ann", "changes-requested", 1, OLD)], ["ann"]],
    ["does not when it was dismissed", [review("bob"), review("ann", "dismissed")], []],
    ["does not after approving", [review("bob"), review("ann", "changes-requested"), review("ann", "approved", 2)], []],
    [
      "still does after a comment",
      [review("bob"), review("ann", "changes-requested"), review("ann", "commented", 2)],
      ["ann"],
    ],
    ["does not without write access", [review("bob"), review("eve", "changes-requested")], []],
    ["does when the access is not seen", [review("bob"), review("who", "changes-requested")], ["who"]],
  ])("%s", (_, reviews, objections) => {
    const verdict = judge([anybody], { ...base, reviews });
    expect({ objections: verdict.objections, met: verdict.met }).toEqual({ objections, met: objections.length === 0 });
  });
});

test("asked is only about those whose word may count", () => {
  const reviews = [
    review("ann"),
    review("bob", "approved", 1, OLD),
    review("eve", "commented"),
    review("max", "changes-requested", 1, OLD),
  ];
  expect(questionsOf([from("@acme/Security", "@ann"), anybody], { head: HEAD, reviews })).toEqual({
    permissions: ["ann", "max"],
    members: [{ team: "@acme/security", login: "ann" }],
  });
  expect(questionsOf([], { head: HEAD, reviews })).toEqual({ permissions: [], members: [] });
});

test("the list of what is missing, and the evidence", () => {
  const verdict = judge([from("@acme/security"), anybody], {
    ...base,
    reviews: [review("bob"), review("eve"), review("max", "changes-requested")],
  });
  expect(checklistOf(verdict).map(({ done, blocks }) => ({ done, blocks }))).toEqual([
    { done: false, blocks: true },
    { done: true, blocks: true },
    { done: false, blocks: true },
  ]);
  const [first, second, third] = checklistOf(verdict).map(({ text }) => text);
  expect(first).toContain("0 of 1 approval from @acme/security");
  expect(first).toContain("bob is not one of @acme/security");
  expect(second).toContain("1 of 1 approval: bob");
  expect(third).toContain("max asks for changes");
  expect(evidenceOf(verdict)).toContain("  approved by bob at 2026-11-20T12:00:01Z");
  expect(evidenceOf(verdict).join("\n")).toContain(HEAD);
});

const people = ["author", "pusher", "ann", "bob", "eve", "max"];
const facts: fc.Arbitrary<ApprovalFacts> = fc.record({
  author: fc.constantFrom(...people),
  head: fc.constant(HEAD),
  pushers: fc.record({ logins: fc.subarray(people), certain: fc.boolean() }),
  reviews: fc.array(
    fc.record({
      reviewer: fc.constantFrom(...people),
      state: fc.constantFrom("approved", "changes-requested", "commented", "dismissed", "pending"),
      commit: fc.constantFrom(HEAD, HEAD, OLD, null),
      submittedAt: fc.integer({ min: 10, max: 59 }).map((second) => `2026-11-20T12:00:${second}Z`),
    }),
    { maxLength: 12 },
  ),
  permissions: fc.dictionary(fc.constantFrom(...people), fc.constantFrom("write", "read", "admin", undefined)),
  teams: fc.record({
    "@acme/security": fc.dictionary(fc.constantFrom(...people), fc.constantFrom(true, false, undefined)),
  }),
});
const requirements = fc.array(
  fc.record({
    risks: fc.constant(["any"] as const),
    count: fc.integer({ min: 1, max: 3 }),
    from: fc.subarray(["@acme/security", "@ann", "@pusher"]),
    why: fc.constant(anybody.why),
  }),
  { minLength: 1, maxLength: 3 },
);

describe("laws of approvals", () => {
  test("taking a reviewer's approvals away never makes a plan pass", () => {
    fc.assert(
      fc.property(requirements, facts, fc.constantFrom(...people), (rules, seen, who) => {
        if (judge(rules, seen).met) return;
        // What asked for changes stays: to withdraw that may well help.
        const less = seen.reviews.filter(({ reviewer, state }) => reviewer !== who || state === "changes-requested");
        expect(judge(rules, { ...seen, reviews: less }).met).toBe(false);
      }),
    );
  });

  test("who counts may write, is neither author nor pusher, and has approved this head", () => {
    fc.assert(
      fc.property(requirements, facts, (rules, seen) => {
        for (const { counted, requirement } of judge(rules, seen).judged) {
          expect(new Set(counted.map(({ reviewer }) => reviewer)).size).toBe(counted.length);
          for (const { reviewer } of counted) {
            expect([seen.author, ...seen.pushers.logins]).not.toContain(reviewer);
            expect(["write", "admin"]).toContain(seen.permissions[reviewer]);
            expect(seen.reviews).toContainEqual(expect.objectContaining({ reviewer, state: "approved", commit: HEAD }));
            const { from: named } = requirement;
            const isMember = named.includes("@acme/security") && seen.teams["@acme/security"]?.[reviewer] === true;
            expect(named.length === 0 || named.includes(`@${reviewer}`) || isMember).toBe(true);
          }
        }
      }),
    );
  });

  test("to see less never makes a plan pass", () => {
    fc.assert(
      fc.property(requirements, facts, (rules, seen) => {
        const blind = { ...seen, permissions: {}, teams: {}, pushers: { ...seen.pushers, certain: false } };
        expect(judge(rules, blind).met).toBe(false);
        const unsure = { ...seen, pushers: { ...seen.pushers, certain: false } };
        if (!judge(rules, seen).met) expect(judge(rules, unsure).met).toBe(false);
      }),
    );
  });
});
