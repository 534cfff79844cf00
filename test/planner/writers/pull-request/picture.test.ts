import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change, Plan } from "../../../../src/model.ts";
import { label } from "../../../../src/planner/writers/pull-request/mermaid.ts";
import { pictureBlock, pictureOf } from "../../../../src/planner/writers/pull-request/picture.ts";
import { CALM_PLAN, change, EMPTY_PLAN, live, RICH_PLAN } from "../fixture.ts";
import { hostile, parse, withTexts } from "../structure.ts";
import { TARGETS } from "./fixture.ts";

/** The lines that we write; nothing else is Mermaid that we answer for. */
const LABEL = String.raw`(?:added: |changed: |replaced: |removed: )?(?:[A-Za-z0-9 ./,:-]|#\d+;|<br/>)*`;
const GRAMMAR = [
  /^flowchart LR$/,
  new RegExp(`^ {2}subgraph f\\d+\\["${LABEL}"\\]$`),
  new RegExp(`^ {4}n\\d+\\["${LABEL}"\\]:::(?:added|changed|replaced|removed|same)$`),
  /^ {2}end$/,
  new RegExp(`^ {2}n\\d+ -->(?:\\|"${LABEL}"\\|)? n\\d+$`),
  /^ {2}classDef (?:added|changed|replaced|removed|same) [a-z0-9#:,\- ]+$/,
];

function linesOf(plan: Plan): string[] {
  return (pictureOf(plan, TARGETS).text ?? "").split("\n");
}

function planOf(changes: readonly Change[]): Plan {
  return { ...EMPTY_PLAN, changes };
}

const anyLoss = (name: string): Change =>
  change({ address: `${name}/service`, kind: "endpoint-service", action: "delete", risks: ["deletes"] });
const anyCreation = (name: string): Change =>
  change({ address: `${name}/service`, kind: "endpoint-service", action: "create" });

describe("pictureOf", () => {
  it("draws both sides, told apart by word and by class", () => {
    const text = linesOf(RICH_PLAN).join("\n");
    expect(text).toMatch(/\["added: load balancer<br\/>payments"\]:::added/);
    expect(text).toMatch(/\["changed: load balancer<br\/>odd"\]:::changed/);
    expect(text).toMatch(/\["removed: endpoint service<br\/>legacy-crm"\]:::removed/);
    expect(text).toMatch(/\["replaced: endpoint<br\/>billing"\]:::replaced/);
    expect(text).toMatch(/\["changed: DNS name<br\/>payments.internal.example.com"\]:::changed/);
    expect(text).toMatch(/\["added: principal<br\/>arn#58;aws#58;iam#58;#58;222222222222#58;root"\]:::added/);
    expect(text).toMatch(/\["removed: principal<br\/>arn#58;aws#58;iam#58;#58;555555555555#58;root"\]:::removed/);
    expect(text).not.toContain("666666666666");
  });

  it("says in which account each side stands", () => {
    const frames = linesOf(RICH_PLAN).filter((line) => line.includes("subgraph"));
    expect(frames).toEqual([
      '  subgraph f0["prod-use1, account 111111111111, us-east-1"]',
      '  subgraph f1["outside this plan"]',
      '  subgraph f2["prod-euw1, account 444444444444, eu-west-1"]',
    ]);
  });

  it("leads from the name to the endpoint to the service to the load balancer", () => {
    const lines = linesOf(RICH_PLAN);
    const idOf = (words: string) => /n\d+/.exec(lines.find((line) => line.includes(words)) ?? "")?.[0];
    const [name, endpoint] = [idOf("payments.internal"), idOf("endpoint<br/>billing")];
    const [service, balancer] = [idOf("service<br/>payments-api"), idOf("balancer<br/>payments")];
    expect(lines).toContain(`  ${name} --> ${endpoint}`);
    expect(lines).toContain(`  ${endpoint} -->|"accepted"| ${service}`);
    expect(lines).toContain(`  ${service} --> ${balancer}`);
  });

  it("draws the service of a partner that an endpoint consumes", () => {
    const endpoint = change({
      address: "stream/endpoint/second",
      kind: "vpc-endpoint",
      action: "create",
      differences: [{ attribute: "serviceName", after: "com.amazonaws.vpce.eu-west-1.vpce-svc-0" }],
    });
    const text = linesOf(planOf([endpoint])).join("\n");
    expect(text).toContain('["added: endpoint<br/>stream, second"]');
    expect(text).toContain('["endpoint service<br/>com.amazonaws.vpce.eu-west-1.vpce-svc-0"]:::same');
  });

  it("draws an endpoint that goes together with its service as connected to that", () => {
    const name = "com.amazonaws.vpce.us-east-1.vpce-svc-0";
    const service = { ...live("endpoint-service", "ledger/service", "vpce-svc-0"), outputs: { serviceName: name } };
    const endpoint = { ...live("vpc-endpoint", "ledger/endpoint/main", "vpce-0"), attributes: { serviceName: name } };
    const lines = linesOf(
      planOf([
        change({ address: "ledger/endpoint/main", kind: "vpc-endpoint", action: "delete", live: endpoint }),
        change({ address: "ledger/service", kind: "endpoint-service", action: "delete", live: service }),
      ]),
    );
    expect(lines.filter((line) => line.includes(":::"))).toHaveLength(2);
    expect(lines).toContain("  n0 --> n1");
    expect(lines.join("\n")).not.toContain("outside");
  });

  it("draws a request of others as an endpoint outside, and its end as no longer accepted", () => {
    const accept = change({
      address: "ledger/service/acceptance/vpce-0a",
      kind: "acceptance",
      action: "create",
      differences: [{ attribute: "decision", after: "accepted" }],
    });
    const text = linesOf(planOf([accept])).join("\n");
    expect(text).toContain('["endpoint<br/>vpce-0a"]:::same');
    expect(text).toMatch(/n\d+ -->\|"accepted"\| n\d+/);
    const gone = linesOf(planOf([{ ...accept, action: "delete" }])).join("\n");
    expect(gone).toContain('["removed: endpoint<br/>vpce-0a"]:::removed');
    expect(gone).toContain('-->|"no longer accepted"|');
  });

  it("gathers many principals", () => {
    const principals = Array.from({ length: 30 }, (_, index) => `arn:aws:iam::${String(index).padStart(12, "0")}:root`);
    const grant = change({
      address: "a/service/allowlist",
      kind: "allowlist",
      action: "update",
      differences: [{ attribute: "principals", before: [], after: principals }],
    });
    const lines = linesOf(planOf([grant])).filter((line) => line.includes("principal<br/>"));
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toContain("and 26 more");
  });

  it("does not draw what stands only while the plan is carried out, nor the old half of a replacement", () => {
    const temporary = { ...anyCreation("a"), temporary: true as const };
    const leftover = { ...anyLoss("b"), leftover: true as const };
    expect(pictureOf(planOf([temporary, leftover]), TARGETS).text).toBeUndefined();
    expect(pictureBlock(pictureOf(EMPTY_PLAN, TARGETS))).toBeUndefined();
  });

  it("draws those with risks when all would be too many, and says so", () => {
    const many = Array.from({ length: 100 }, (_, index) => anyCreation(`c${index}`));
    const picture = pictureOf(planOf([...many, anyLoss("loser")]), TARGETS);
    expect(picture).toMatchObject({ drawn: 1, changing: 101 });
    expect(pictureBlock(picture)).toContain("Only 1 of the 101 connections");
    const none = pictureOf(planOf(many), TARGETS);
    expect(none.text).toBeUndefined();
    expect(pictureBlock(none)).toMatch(/^No picture: 100 connections/);
  });

  it("never has more than 40 boxes", () => {
    for (const n of [39, 40, 41, 1_200]) {
      const plan = planOf(Array.from({ length: n }, (_, index) => anyLoss(`c${index}`)));
      const boxes = linesOf(plan).filter((line) => line.includes(":::"));
      expect(boxes).toHaveLength(Math.min(n, 40));
    }
  });
});

describe("what is in the picture is Mermaid of ours, whatever the texts", () => {
  const obeys = (plan: Plan) => {
    const block = pictureBlock(pictureOf(plan, TARGETS));
    for (const line of linesOf(plan)) {
      expect(
        GRAMMAR.some((rule) => rule.test(line)),
        line,
      ).toBe(true);
    }
    const kinds = parse(block ?? "").children.map(({ type }) => type);
    expect(kinds).toEqual(["paragraph", "code"]);
  };

  it.each([
    ["rich", RICH_PLAN],
    ["calm", CALM_PLAN],
  ])("%s", (_name, plan) => obeys(plan));

  it("hostile", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 20 }), (texts) => obeys(withTexts(RICH_PLAN, texts))),
      { numRuns: 100 },
    );
  });

  it.each([
    ["a list's mark", "- x", "#45; x"],
    ["a number with a dot", "1. x", "#49;. x"],
    ["quote and bracket", '"]', "#34;#93;"],
    ["an entity code", "#35;", "#35;35#59;"],
    ["a directive", "%%{init}", "#37;#37;#123;init#125;"],
    ["an address", "www.x.example", "www#46;x.example"],
    ["a line break", "a\nb", "a#92;nb"],
    ["HTML", "<b>", "#60;b#62;"],
    ["letters of the world", "ü𝄞", "#252;#119070;"],
  ])("label: %s", (_case, text, expected) => {
    expect(label(text)).toBe(expected);
  });

  it("shortens a label", () => {
    expect(label("a".repeat(100))).toBe(`${"a".repeat(57)}...`);
  });
});
