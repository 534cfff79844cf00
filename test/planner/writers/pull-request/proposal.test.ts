import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Drift, DriftItem } from "../../../../src/planner/status/drift.ts";
import type { ConnectionStatus } from "../../../../src/planner/status/index.ts";
import {
  attentionOf,
  conflictCheck,
  type ProposalInput,
  proposal,
} from "../../../../src/planner/writers/pull-request/index.ts";
import { dangersIn, hostile, hostileRun, structureOf } from "../structure.ts";

const request = (text: string): ProposalInput => ({
  connection: text,
  endpointId: text,
  account: text,
  region: text,
  since: "2026-11-18T08:00:00.000Z",
  now: "2026-11-20T12:00:00.000Z",
  grants: [{ principal: text, reason: text, until: text }, { principal: text }],
  startsNothing: true,
});

describe("the text of a proposal", () => {
  it("says who asks, for how long, and because of what", () => {
    const { title, body } = proposal({
      ...request("x"),
      connection: "payments-api",
      endpointId: "vpce-0a1",
      account: "402592597372",
      grants: [{ principal: "arn:aws:iam::402592597372:root", reason: "NET-12", until: "2027-03-31" }],
    });
    expect(title).toBe("Accept vpce-0a1 into payments-api");
    for (const part of [
      "`402592597372`",
      "`vpce-0a1`",
      "2 days",
      "`arn:aws:iam::402592597372:root`",
      "NET-12",
      "2027-03-31",
    ])
      expect(body).toContain(part);
    const roles = Array.from({ length: 12 }, (_, index) => ({ principal: `role-${index}-` }));
    const many = proposal({ ...request("x"), grants: roles }).body;
    expect([many.includes("role-9-"), many.includes("role-10-"), many.includes("2 more grants")]).toEqual([
      true,
      false,
      true,
    ]);
    expect(proposal({ ...request("x"), startsNothing: false }).body).not.toContain("starts no workflow");
  });

  it("has the structure of a harmless one whatever it is told", () => {
    const expected = structureOf(proposal(request("harmless")).body);
    fc.assert(
      fc.property(hostile, (text) => {
        const { title, body } = proposal(request(text));
        expect(dangersIn(body)).toEqual([]);
        expect(structureOf(body)).toEqual(expected);
        expect(title).not.toMatch(/[\r\n]/);
        expect(dangersIn(conflictCheck(text).summary)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("stays below what GitHub takes when every text is longer than that", () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        const { title, body } = proposal({
          ...request(run.repeat(7)),
          endpointId: "vpce-0a1",
          account: "1",
          region: "r",
        });
        expect([title.length <= 256, body.length <= 65_536]).toEqual([true, true]);
        expect(dangersIn(body)).toEqual([]);
      }),
      { numRuns: 2 },
    );
  });
});

describe("what needs a look", () => {
  const item = (more: Partial<DriftItem> = {}): DriftItem => ({
    class: "changed",
    connection: "alpha",
    address: "alpha/service",
    kind: "endpoint-service",
    target: "use1",
    message: "it is not as the specs say",
    differences: [],
    ...more,
  });
  const nothing: Drift = {
    project: "p",
    compared: { connections: [], targets: [] },
    summary: { changed: 0, missing: 0, unexpected: 0, unchanged: 0 },
    items: [],
    followers: [],
    errors: [],
  };
  const status = (connections: object[], grants: object[] = [], connection = "alpha") =>
    ({ connection, service: { connections, grants } }) as unknown as ConnectionStatus;
  const waiting = { endpointId: "vpce-1", account: "2", state: "pendingacceptance", expected: false };
  const look = (drift: Partial<Drift>, statuses: readonly ConnectionStatus[] = []) =>
    attentionOf({ drift: { ...nothing, ...drift }, statuses, connections: [] });

  it("is nothing where nothing moved, waits or ends", () => {
    const calm = [
      { ...waiting, state: "available", expected: true },
      { ...waiting, expected: true },
      { ...waiting, state: "available" },
    ];
    expect(look({}, [status(calm, [{ principal: "*", allowed: true }])])).toEqual([]);
  });

  it("comes by connection, sorted, also of connections without a spec", () => {
    const items = [item({ connection: "b" }), item({ connection: "a" }), item({ connection: "b", address: "b/x" })];
    const errors = [{ id: "x", severity: "error", connection: "c", message: "no" } as const];
    expect(
      look({ items, errors }).map(({ connection, items: own, errors: said }) => [connection, own.length, said]),
    ).toEqual([
      ["a", 1, []],
      ["b", 2, []],
      ["c", 0, ["no"]],
    ]);
  });

  it("does not list a request twice, and keeps a connection that is there without having been named", () => {
    const asked = item({ class: "unexpected", kind: "acceptance", object: "vpce-1" });
    const connected = item({ class: "unexpected", kind: "acceptance", object: "vpce-2" });
    const [found] = look({ items: [asked, connected] }, [status([waiting])]);
    expect(found?.items).toEqual([connected]);
    expect(found?.requests.map(({ endpointId }) => endpointId)).toEqual(["vpce-1"]);
  });

  it("says nothing of a connection that could not be seen", () => {
    const errors = [{ id: "target.unreadable", severity: "error", connection: "alpha", message: "no" } as const];
    expect(look({ items: [item()], errors }, [status([waiting])])).toEqual([]);
  });

  it("has grants from thirty days before their last day to that day", () => {
    const grant = (daysLeft: number) => ({ principal: `p${daysLeft}`, until: "2026-12-01", daysLeft, allowed: true });
    const [found] = look({}, [status([], [-1, 0, 30, 31].map(grant))]);
    expect(found?.expiring.map(({ principal }) => principal)).toEqual(["p0", "p30"]);
  });
});
