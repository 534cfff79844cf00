import { describe, expect, it } from "vitest";
import { workplace } from "./workplace.ts";

/** Others script against the exit codes of the built `landline`; each one has its case here. */

describe("0: done", () => {
  it("validate, plan, apply, and an apply that finds nothing to do", async () => {
    const { landline } = workplace();
    expect(await landline("validate")).toMatchObject({ exit: 0, err: "" });
    expect((await landline("plan", "--sandbox")).exit).toBe(0);
    expect((await landline("apply", "--sandbox", "--yes")).exit).toBe(0);
    expect((await landline("plan", "--sandbox", "--detailed-exitcode")).exit).toBe(0);
    expect((await landline("drift", "--sandbox")).exit).toBe(0);
    expect((await landline("apply", "--sandbox")).exit).toBe(0);
  });
});

describe("1: an error, told in one message without a stack trace", () => {
  it.each([
    ["an unknown command", ["plann"], "unknown command 'plann'", "Did you mean plan?"],
    ["an unknown option", ["plan", "--onyl", "ledger"], "unknown option '--onyl'", "Did you mean --only?"],
    ["an unknown format", ["plan", "--format", "xml"], "argument 'xml' is invalid", "text, markdown, json, html"],
    ["a number that is none", ["apply", "--parallel", "many"], "argument 'many' is invalid", "a whole number"],
    ["an option that is missing", ["snapshot", "--target", "x"], "--out <file>", "landline --help"],
    ["an argument that is missing", ["handoff"], "missing required argument 'name'", "landline --help"],
    ["one word too many", ["drift", "ledger"], "too many arguments", "landline --help"],
    [
      "an unknown connection",
      ["plan", "--only", "ledgr", "--sandbox"],
      'no connection "ledgr"',
      'did you mean "ledger"?',
    ],
    ["an unknown connection", ["status", "ledgr", "--sandbox"], 'no connection "ledgr"', 'did you mean "ledger"?'],
    ["an unknown connection", ["handoff", "ledgr", "--sandbox"], 'no connection "ledgr"', 'did you mean "ledger"?'],
    [
      "an unknown hand-off",
      ["handoff", "event-stream", "--step", "x", "--sandbox"],
      'no hand-off "x"',
      "it has service-name",
    ],
    [
      "an unknown target",
      ["snapshot", "--target", "apps-use2", "--out", "x", "--sandbox"],
      'no target "apps-use2"',
      'did you mean "apps-use1"?',
    ],
    ["an unknown field", ["explain", "endpoints.vcp"], "endpoints.vcp", 'did you mean "endpoints.vpc"?'],
    ["an unknown schema", ["schema", "conection"], "conection", 'did you mean "connection"?'],
    ["no project file", ["plan", "--project", "nope/landline.yaml"], "nope/landline.yaml", "landline init"],
    ["a folder for a project file", ["plan", "--project", "specs"], "specs", "--project"],
    ["no plan file", ["apply", "nope.json", "--sandbox"], "nope.json cannot be read", "no such file"],
    ["no snapshot file", ["plan", "--snapshot", "nope.json"], "nope.json cannot be read", "no such file"],
    ["no seed file", ["sandbox", "--seed", "nope.yaml"], "nope.yaml cannot be read", "no such file"],
    [
      "an unwritable result",
      ["plan", "--out", "nope/plan.json", "--sandbox"],
      "nope/plan.json cannot be written",
      "a folder that exists",
    ],
    ["no credentials", ["plan"], "CredentialsProviderError", "--sandbox"],
  ])("%s: landline %j", async (_case, words, what, next) => {
    const { exit, out, err } = await workplace().landline(...words);
    expect(err).toContain(what);
    expect(err).toContain(next);
    expect(err).not.toMatch(/^ +at /m);
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
  });

  it("problems in the specs, with the place and how many", async () => {
    const { landline, edit } = workplace();
    edit("specs/ledger.yaml", "port: 5432, type: ip", "port: 99999, type: ip");
    const { exit, out, err } = await landline("plan", "--sandbox");
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
    expect(err).toMatch(/^specs\/ledger\.yaml:\d+:\d+ /);
    expect(err).toContain("1 problem in the specs: nothing was planned");
  });
});

describe("2: there are changes", () => {
  it("plan --detailed-exitcode and drift", async () => {
    const { landline } = workplace();
    expect((await landline("plan", "--sandbox", "--detailed-exitcode")).exit).toBe(2);
    expect((await landline("drift", "--sandbox")).exit).toBe(2);
  });
});

describe("3: refused, nothing was changed", () => {
  it("an apply that can ask nobody and was not told --yes", async () => {
    const { landline } = workplace();
    const { exit, out, err } = await landline("apply", "--sandbox");
    expect(exit).toBe(3);
    expect(out).toContain("Plan: ");
    expect(err).toContain(
      "this is not a terminal, so nobody can be asked: review the plan above and run again with --yes",
    );
    expect((await landline("plan", "--sandbox", "--format", "json")).out).toContain('"unchanged": 0');
  });

  it("a plan that a policy refuses as a whole", async () => {
    const { landline, edit } = workplace();
    await landline("apply", "--sandbox", "--yes");
    edit("landline.yaml", "deletions: { max: 5, percent: 25 }", "deletions: { max: 0, percent: 100 }");
    edit("specs/ledger.yaml", /endpoints:[\s\S]*/, "");
    const planned = await landline("plan", "--sandbox");
    expect(planned.exit).toBe(3);
    const applied = await landline("apply", "--sandbox", "--yes");
    expect(applied.exit).toBe(3);
    expect((await landline("status", "--sandbox", "ledger", "--format", "json")).out).toContain("available");
  });

  it("an edited plan file", async () => {
    const { landline, edit } = workplace();
    await landline("plan", "--sandbox", "--format", "json", "--out", "plan.json");
    edit("plan.json", /"digest": "sha256:\w{4}/, '"digest": "sha256:0000');
    const { exit, err } = await landline("apply", "plan.json", "--sandbox", "--yes");
    expect(exit).toBe(3);
    expect(err).toContain("plan.json was edited");
  });
});

describe("4: applied in part", () => {
  it("one connection is refused, the others are done", async () => {
    const { landline, edit } = workplace();
    edit("landline.yaml", 'deny: ["*"]', 'deny: ["*", "arn:aws:iam::222222222222:root"]');
    const { exit, out } = await landline("apply", "--sandbox", "--yes");
    expect(exit).toBe(4);
    expect(out).toMatch(/Applied: \d+ done, 0 failed, 0 skipped, \d+ refused\./);
  });

  it("an error is left over, although every change is done", async () => {
    const { landline, edit } = workplace();
    await landline("apply", "--sandbox", "--yes");
    edit("landline.yaml", 'deny: ["*"]', 'deny: ["*", "arn:aws:iam::222222222222:root"]');
    edit("specs/payments-api.yaml", "crossZone: true", "crossZone: false");
    expect((await landline("apply", "--sandbox", "--yes")).exit).toBe(4);
    expect((await landline("apply", "--sandbox", "--yes")).exit).toBe(3);
  });
});
