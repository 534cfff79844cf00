import { describe, expect, test } from "vitest";
import { compile } from "../../../src/planner/partners/compile.ts";
import { evaluate, render, renderList } from "../../../src/planner/partners/render.ts";
import type { Known } from "../../../src/planner/partners/values.ts";
import { profile } from "./support.ts";

const cloud = profile("acme-cloud");
const known: readonly (readonly [string, Known])[] = [
  ["params.site", "east"],
  ["params.zone_ids", ["use1-az4", "use1-az6"]],
  ["params.ports", [443, 9092]],
  ["params.accounts", []],
  ["params.pairs", ["sftp:2222", "sql:3306"]],
  ["params.premium", false],
  ["params.replicas", 0],
  ["our.account", "111111111111"],
];
const values = new Map(known);
const filled = (text: string) => render(cloud, text, values);

describe("values are filled in", () => {
  test.each([
    ["no placeholder }} stays as it is {", "no placeholder }} stays as it is {"],
    ["{{params.site}} and {{ params.site }}", "east and east"],
    ['{"a":{{params.site | json}}}', '{"a":"east"}'],
    ["{{params.zone_ids | json}} {{params.ports | json}}", '["use1-az4","use1-az6"] [443,9092]'],
    ['{{params.zone_ids | join ", "}}/{{params.ports | join ""}}', "use1-az4, use1-az6/4439092"],
    ["{{#each params.zone_ids}}<{{item}} {{params.site}}>{{/each}}", "<use1-az4 east><use1-az6 east>"],
    ["{{#each params.accounts}}<{{item}}>{{/each}}|", "|"],
    ["{{#each params.pairs}}{{item.port}} {{/each}}", "2222 3306 "],
    ["{{#each params.ports}}{{item.port}} {{/each}}", "443 9092 "],
    ["{{#if params.site}}yes{{else}}no{{/if}}", "yes"],
    ["{{#if params.premium}}yes{{else}}no{{/if}}", "no"],
    ["{{#if params.accounts}}yes{{else}}no{{/if}}", "no"],
    ["{{#if params.instance}}yes {{params.instance}}{{/if}}.", "."],
    ["{{#if params.replicas}}yes{{/if}}", "yes"],
    ["{{tables.sites[params.site].region}}", "us-east-1"],
    ['{{tables.sites[params.site].zones | join "+"}}', "use1-az4+use1-az6"],
    ["{{#each tables.sites[params.site].zones}}{{item}};{{/each}}", "use1-az4;use1-az6;"],
    [
      "{{#each params.zone_ids}}{{#each params.ports}}{{item}} {{/each}}{{item}} {{/each}}",
      "443 9092 use1-az4 443 9092 use1-az6 ",
    ],
  ])("%s", (text, wanted) => {
    expect(compile(text).complaints).toEqual([]);
    expect(filled(text)).toEqual({ text: wanted });
  });

  test("a block's tag that is alone on its line leaves no line behind", () => {
    const text =
      "a\n  {{#each params.zone_ids}}\n  {{item}}\n  {{/each}}\n{{#if params.premium}}\nb\n{{else}}\nc {{#if params.site}}d{{/if}}\n{{/if}}";
    expect(filled(text)).toEqual({ text: "a\n  use1-az4\n  use1-az6\nc d\n" });
  });

  test("what is filled in is not read again", () => {
    const nested = new Map<string, Known>([["params.site", "{{params.instance}}{{#each x}}"]]);
    expect(render(cloud, "{{params.site}}", nested)).toEqual({ text: "{{params.instance}}{{#each x}}" });
  });
});

describe("what is missing is told once, with where to find it", () => {
  test.each([
    ["{{params.instance}} {{params.instance}} {{service.name}}", ["params.instance", "service.name"]],
    ["{{#each params.endpoint_id}}x{{/each}}", ["params.endpoint_id"]],
    ["{{#each params.zone_ids}}{{item.port}}{{/each}}", ["item.port"]],
    ["{{#each params.pairs}}{{#each params.zone_ids}}{{item.port}}{{/each}}{{/each}}", ["item.port"]],
    ["{{#if params.site}}{{params.ticket}}{{else}}{{params.instance}}{{/if}}", ["params.ticket"]],
    ["{{tables.sites[our.region].zone}}", ["our.region"]],
    ["{{tables.sites[our.account].zone}}", ["tables.sites[our.account].zone"]],
    ["{{#each params.zone_ids}}{{tables.sites[item].region}}{{/each}}", ["tables.sites[item].region"]],
  ])("%s", (text, paths) => {
    const rendered = filled(text);
    if (!("missing" in rendered)) throw new Error(rendered.text);
    expect(rendered.missing.map(({ path }) => path)).toEqual(paths);
    for (const { obtain } of rendered.missing) expect(obtain).toMatch(/\S/);
  });

  test("a parameter's own words say where it is found", () => {
    expect(filled("{{params.instance}}")).toEqual({
      missing: [{ path: "params.instance", obtain: "what you call it at Acme" }],
    });
  });

  test("a row that is missing a field has none of its prototype's", () => {
    const west = new Map<string, Known>([["params.site", "west"]]);
    expect(render(cloud, "{{tables.sites[params.site].zone}}", west)).toMatchObject({ missing: [{}] });
    const inherited = new Map<string, Known>([["params.site", "constructor"]]);
    expect(render(cloud, "{{tables.sites[params.site].name}}", inherited)).toMatchObject({ missing: [{}] });
  });
});

describe("lists of texts", () => {
  test("one for each item, or as they stand, each once", () => {
    const accounts = new Map<string, Known>([["params.accounts", ["1", "2"]]]);
    const each = { each: "params.accounts", values: ["arn:{{item}}", "all"] };
    expect(renderList(cloud, each, accounts)).toEqual({ texts: ["arn:1", "all", "arn:2"] });
    expect(renderList(cloud, { values: ["{{params.site}}", "b"] }, values)).toEqual({ texts: ["east", "b"] });
    expect(renderList(cloud, each, values)).toEqual({ texts: [] });
  });

  test("what is missing", () => {
    const list = { each: "params.endpoint_id", values: ["{{item}}"] };
    expect(renderList(cloud, list, values)).toEqual({
      missing: [{ path: "params.endpoint_id", obtain: "the ticket" }],
    });
    const inside = { each: "params.zone_ids", values: ["{{item}} {{params.instance}}"] };
    expect(renderList(cloud, inside, values)).toMatchObject({ missing: [{ path: "params.instance" }] });
  });
});

describe("arguments of checks", () => {
  test.each([
    ["us-east-1", { value: "us-east-1" }],
    ["{{params.zone_ids}}", { value: ["use1-az4", "use1-az6"] }],
    ["{{tables.sites[params.site].zones}}", { value: ["use1-az4", "use1-az6"] }],
    ["{{params.premium}}", { value: false }],
    ["{{params.site}}!", { value: "east!" }],
    ['{{params.zone_ids | join ","}}', { value: "use1-az4,use1-az6" }],
    ["{{params.instance}}", { missing: [{ path: "params.instance", obtain: "what you call it at Acme" }] }],
  ])("%s", (text, wanted) => {
    expect(evaluate(cloud, text, values)).toEqual(wanted);
  });
});

test("a template says what it uses", () => {
  const { uses } = compile(
    "{{#each params.zone_ids}}{{item}}{{/each}}{{#if mode}}{{tables.sites[params.site].zone}}{{/if}}",
  );
  expect([...uses]).toEqual(["params.zone_ids", "mode", "tables.sites[params.site].zone", "params.site"]);
});
