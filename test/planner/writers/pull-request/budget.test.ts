import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change, Plan, Risk } from "../../../../src/model.ts";
import { summarize } from "../../../../src/planner/summary.ts";
import { GITHUB_LIMIT } from "../../../../src/planner/writers/index.ts";
import { planComment } from "../../../../src/planner/writers/pull-request/index.ts";
import { change, EMPTY_PLAN, live } from "../fixture.ts";
import { CHECKLIST, MARKER, MORE_AT, TARGETS } from "./fixture.ts";

/** The longest name that a spec may have, in characters. */
const LONGEST_NAME = 40;

const nameOf = (index: number, length: number): string =>
  `c${String(index).padStart(length - 1, "x")}`.slice(0, length);

const DESTRUCTIVE: readonly ((name: string) => Change)[] = [
  (name) =>
    change({
      address: `${name}/service`,
      kind: "endpoint-service",
      action: "delete",
      risks: ["deletes", "disconnects"],
    }),
  (name) =>
    change({
      address: `${name}/endpoint/main`,
      kind: "vpc-endpoint",
      action: "replace",
      risks: ["interrupts"],
      live: live("vpc-endpoint", `${name}/endpoint/main`, "vpce-0aa11bb22cc33dd44"),
      notes: ["connections open through the old endpoint end when it is deleted; new ones use the new endpoint"],
    }),
  (name) =>
    change({ address: `${name}/service/allowlist`, kind: "allowlist", action: "update", risks: ["revokes-access"] }),
  (name) =>
    change({ address: `${name}/service/allowlist`, kind: "allowlist", action: "create", risks: ["grants-access"] }),
  (name) =>
    change({ address: `${name}/service/acceptance/vpce-1`, kind: "acceptance", action: "create", risks: ["accepts"] }),
  // A deletion whose risk nobody has worked out is a deletion all the same.
  (name) => change({ address: `${name}/service/nlb/a/listener/443`, kind: "listener", action: "delete" }),
];

const HARMLESS: readonly ((name: string) => Change)[] = [
  (name) =>
    change({
      address: `${name}/service/nlb/a`,
      kind: "load-balancer",
      action: "create",
      differences: [{ attribute: "name", after: "a" }],
    }),
  (name) =>
    change({
      address: `${name}/service/nlb/b`,
      kind: "load-balancer",
      action: "update",
      differences: [{ attribute: "crossZone", before: true, after: false }],
    }),
  (name) =>
    change({
      address: `${name}/service/nlb/d`,
      kind: "load-balancer",
      action: "update",
      differences: [{ attribute: "tags.a", before: "1", after: "2" }],
    }),
];

function planOf(changes: readonly Change[]): Plan {
  const parts = { changes, findings: [], waits: [] };
  return { ...EMPTY_PLAN, ...parts, summary: summarize(parts, 3) };
}

const commentOn = (plan: Plan, limit?: number) =>
  planComment({
    marker: MARKER,
    plan,
    targets: TARGETS,
    checklist: CHECKLIST,
    moreAt: MORE_AT,
    ...(limit ? { limit } : {}),
  });

/** The connection's name stands there as a whole word. */
function holds(text: string, name: string): boolean {
  return new RegExp(`(?<![a-z0-9-])${name}(?![a-z0-9-])`).test(text);
}

describe("1,200 connections in one pull request", () => {
  const mixed = (length: number) =>
    Array.from({ length: 1_200 }, (_, index) => {
      const name = nameOf(index, length);
      const loss = DESTRUCTIVE[index % DESTRUCTIVE.length];
      return [...HARMLESS.map((make) => make(name)), ...(loss ? [loss(name)] : [])];
    }).flat();

  it.each([8, 20, LONGEST_NAME])(
    "each losing something: every one of them stands in it, names of %i characters",
    (length) => {
      const text = commentOn(planOf(mixed(length)));
      expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
      const names = new Set(text.match(/(?<=^[-!] ?)c[x0-9]+/gm));
      for (let index = 0; index < 1_200; index += 1) expect(names).toContain(nameOf(index, length));
      expect(text).toContain("every connection with a deletion");
      expect(text).not.toContain("do not merge from this comment");
    },
  );

  it("says what each connection loses, under the risks that it shares with others, worst first", () => {
    const short = commentOn(planOf(mixed(8)));
    expect(short).toMatch(/^# disconnects, deletes \(200 connections\)\n- cx+\d+: 1 to delete\n/m);
    expect(short).toMatch(/^# grants access \(200 connections\)\n! cx+\d+: 1 to create\n/m);
    expect(short).toMatch(/^# deletes or replaces \(200 connections\)\n- cx+\d+: 1 to delete\n/m);
    const titles = [...short.matchAll(/^# (.*) \(200 connections\)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      "disconnects, deletes",
      "interrupts traffic",
      "grants access",
      "accepts a connection",
      "revokes access",
      "deletes or replaces",
    ]);
  });

  it("each losing everything at once: a line still has at most 50 characters", () => {
    const all = Array.from({ length: 1_200 }, (_, index) =>
      DESTRUCTIVE.map((make) => make(nameOf(index, LONGEST_NAME))),
    ).flat();
    const text = commentOn(planOf(all));
    expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    const lines = text.split("\n").filter((line) => /^[-!]c/.test(line));
    expect(lines).toHaveLength(1_200);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50);
    expect(lines[0]).toMatch(/^-cx+1000 -2±1~1\+2$/);
  });

  it("each losing something else: every mixture of losses stands in it, with the longest names", () => {
    const all = Array.from({ length: 1_200 }, (_, index) => {
      const name = nameOf(index, LONGEST_NAME);
      return DESTRUCTIVE.filter((_make, bit) => ((index % 63) + 1) & (1 << bit)).map((make) => make(name));
    }).flat();
    const text = commentOn(planOf(all));
    expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    expect(text.split("\n").filter((line) => /^[-!]c/.test(line))).toHaveLength(1_200);
  });

  it("keeps the few that lose something when all others are harmless", () => {
    const changes = Array.from({ length: 1_200 }, (_, index) =>
      HARMLESS.map((make) => make(nameOf(index, LONGEST_NAME))),
    ).flat();
    const losses = DESTRUCTIVE.map((make, index) => make(`loser-${index}`));
    const text = commentOn(planOf([...changes, ...losses]));
    expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    for (const { step } of losses) expect(text).toContain(`\`${step}\``);
    expect(text).toMatch(/left out: .*creations/);
  });

  it("refuses to be judged by when not even one line each fits", () => {
    const changes = Array.from({ length: 3_000 }, (_, index) => DESTRUCTIVE[0]?.(nameOf(index, LONGEST_NAME))).filter(
      (one) => one !== undefined,
    );
    const text = commentOn(planOf(changes));
    expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    expect(text.split("\n")[1]).toMatch(/^🔴 \*\*No, do not merge from this comment/);
    expect(text).toContain("`prod-use1`: 3000 to delete, in 3000 connections");
    expect(text).toContain("[the job summary]");
  });

  it("names connections with errors and no change, and the error", () => {
    const findings = Array.from({ length: 1_200 }, (_, index) => ({
      id: "target.unreadable",
      severity: "error" as const,
      connection: nameOf(index, LONGEST_NAME),
      message:
        "the target could not be read: access denied for the plan role, which lacks ec2:DescribeVpcEndpoints in it",
    }));
    const text = commentOn({ ...planOf([]), findings });
    expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    expect(text).toContain("# error target.unreadable (1200 connections)");
    for (const { connection } of findings) expect(text).toContain(connection);
  });
});

describe("what goes first", () => {
  const plan = planOf(
    Array.from({ length: 30 }, (_, index) =>
      [...HARMLESS, ...DESTRUCTIVE.slice(0, 1)].map((make) => make(`c${index}`)),
    ).flat(),
  );

  it("is the picture, then tags, then creations, then updates", () => {
    const scope = [{ name: "quiet", why: "x" }];
    const seen = (limit: number) => {
      const text = planComment({
        marker: MARKER,
        plan,
        targets: TARGETS,
        checklist: [],
        moreAt: MORE_AT,
        scope,
        limit,
      });
      expect(text.length).toBeLessThanOrEqual(limit);
      const parts = {
        quiet: "`quiet`",
        picture: "#### Picture",
        tag: "tags.a",
        create: "+     name: a",
        update: "crossZone: true",
        loss: "- delete c0",
      };
      return Object.entries(parts)
        .flatMap(([name, sign]) => (text.includes(sign) ? [name] : []))
        .join();
    };
    const whole = commentOn(plan).length;
    const steps = Array.from({ length: 150 }, (_, index) => seen(whole - index * 120));
    expect([...new Set(steps)]).toEqual(
      [
        "quiet,picture,tag,create,update,loss",
        "picture,tag,create,update,loss",
        "tag,create,update,loss",
        "create,update,loss",
        "update,loss",
        "loss",
        "",
      ].filter((step) => steps.includes(step)),
    );
    expect(steps).toContain("update,loss");
    expect(steps).toContain("loss");
  });
});

describe("for any plan and any size", () => {
  const risks: readonly Risk[] = ["deletes", "disconnects", "grants-access", "moves-dns"];
  const anyChange = fc.record({
    connection: fc.integer({ min: 0, max: 60 }),
    action: fc.constantFrom("create" as const, "update" as const, "replace" as const, "delete" as const),
    risks: fc.subarray([...risks]),
    target: fc.constantFrom("prod-use1", "prod-euw1", "unknown"),
    note: fc.string({ maxLength: 200 }),
    long: fc.boolean(),
  });
  const anyPlan = fc.array(anyChange, { maxLength: 120 }).map((given) =>
    planOf(
      given.map(({ connection, note, long, ...rest }, index) =>
        change({
          address: `${nameOf(connection, long ? LONGEST_NAME : 6)}/part/${index}`,
          kind: "listener",
          notes: [note],
          ...rest,
        }),
      ),
    ),
  );

  it("is never too long, begins with the marker and a verdict, and is the same again", () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 900, max: 70_000 }), (plan, limit) => {
        const text = commentOn(plan, limit);
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text.startsWith(`${MARKER}\n`)).toBe(true);
        expect(text.split("\n")[1]).toMatch(/^(?:✅|🟢|🟠|🔴) \*\*/u);
        expect(commentOn(structuredClone(plan), limit)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it("holds every connection that loses something, or says that it must not be judged by", () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 2_000, max: 30_000 }), (plan, limit) => {
        const text = commentOn(plan, limit);
        if (text.includes("do not merge from this comment")) return;
        const lost = plan.changes.filter(
          ({ action, risks: own }) => action === "delete" || action === "replace" || own.length > 0,
        );
        for (const { connection } of lost) expect(holds(text, connection), connection).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
