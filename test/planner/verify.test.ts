import { describe, expect, it } from "vitest";
import { connectionChecks } from "../../src/planner/verify/connect.ts";
import { type Answer, type ExpectedName, lookUpsFor, nameChecks } from "../../src/planner/verify/names.ts";

const answers = (known: { readonly [key: string]: Answer }) => new Map(Object.entries(known));
const said = (expected: Omit<ExpectedName, "query">, known: { readonly [key: string]: Answer }, inside = false) => {
  const [check] = nameChecks([{ query: expected.name, ...expected }], answers(known), inside);
  return `${check?.result}: ${check?.says}`;
};

describe("names", () => {
  const aws = "vpce-1.example";
  const alias = { name: "db.example.com", type: "A", like: aws, inside: true } as const;

  it.each([
    [
      "leads to the endpoint",
      { "A db.example.com": { values: ["10.0.0.1"] }, [`A ${aws}`]: { values: ["10.0.0.1", "10.0.0.2"] } },
      /^holds: leads/,
    ],
    [
      "leads to one address too many",
      { "A db.example.com": { values: ["10.0.0.1", "10.0.0.9"] }, [`A ${aws}`]: { values: ["10.0.0.1"] } },
      /^fails: resolves to 10.0.0.9, which is not/,
    ],
    ["cannot be compared", { "A db.example.com": { values: ["10.0.0.1"] } }, /^unknown: resolves to 10.0.0.1/],
    ["is for the VPC", { "A db.example.com": { error: "ENOTFOUND" } }, /^unknown: .*ENOTFOUND.*--connect/],
  ] as const)("one that %s", (_what, known, words) => {
    expect(said(alias, known)).toMatch(words);
  });

  it("have to resolve inside the VPC, and everywhere when they are public", () => {
    const nothing = { "A db.example.com": { error: "ENOTFOUND" } };
    expect(said(alias, nothing, true)).toMatch(/^fails/);
    expect(said({ ...alias, inside: false }, nothing)).toMatch(/^fails/);
    expect(said(alias, { "A db.example.com": { values: [] } }, true)).toMatch(/^fails/);
  });

  it("that refer to others say so, whatever their case and dots", () => {
    const cname = { name: "api.example.com", type: "CNAME", values: ["vpce-1.Example"], inside: false } as const;
    expect(said(cname, { "CNAME api.example.com": { values: ["vpce-1.example."] } })).toMatch(/^holds/);
    expect(said(cname, { "CNAME api.example.com": { values: ["other.example"] } })).toMatch(/^fails: .*not vpce-1/);
    const txt = { name: "_p.example.com", type: "TXT", values: ["a", "b"], inside: false } as const;
    expect(said(txt, { "TXT _p.example.com": { values: ["b", "a", "c"] } })).toMatch(/^holds/);
    expect(said(txt, { "TXT _p.example.com": { values: ["a"] } })).toMatch(/^fails: .*not b/);
  });

  it("are looked up once, together with what they should lead to", () => {
    const names: ExpectedName[] = ["*.x.example", "y.example"].map((name) => ({
      ...{ name, query: name.replace("*", "landline-verify"), type: "A", like: aws, inside: true },
    }));
    expect(lookUpsFor(names)).toEqual([
      { type: "A", name: "landline-verify.x.example" },
      { type: "A", name: aws },
      { type: "A", name: "y.example" },
    ]);
  });
});

describe("connections", () => {
  const attempt = { host: "db.example.com", port: 443, declared: true };
  const results = (outcome: Parameters<typeof connectionChecks>[1], declared = true) =>
    connectionChecks({ ...attempt, declared }, outcome).map(({ topic, result }) => `${topic} ${result}`);

  it.each([
    ["refused", { error: "ECONNREFUSED" }, ["connect fails"]],
    ["open", { address: "10.0.0.1" }, ["connect holds"]],
    [
      "open, with a certificate",
      { address: "10.0.0.1", tls: { names: ["db.example.com"] } },
      ["connect holds", "tls holds"],
    ],
    ["open, for others", { address: "10.0.0.1", tls: { names: ["x"], problem: "no" } }, ["connect holds", "tls fails"]],
    [
      "open, with a client's certificate",
      { address: "10.0.0.1", tls: { names: [], refused: "ALERT" } },
      ["connect holds", "tls unknown"],
    ],
  ])("that are %s", (_what, outcome, wanted) => {
    expect(results(outcome)).toEqual(wanted);
  });

  it("under a name of AWS's no certificate has to be for it", () => {
    expect(results({ address: "10.0.0.1", tls: { names: ["x"], problem: "no" } }, false)).toEqual([
      "connect holds",
      "tls unknown",
    ]);
  });
});
