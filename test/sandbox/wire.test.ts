import { expect, test } from "vitest";
import { unfold } from "../../src/sandbox/params.ts";
import { items, members, xml } from "../../src/sandbox/xml.ts";

test("query keys unfold into lists and structures, in the order of their numbers", () => {
  const form: [string, string][] = [
    ["Action", "X"],
    ["Filter.2.Name", "b"],
    ["Filter.1.Name", "a"],
    ["Filter.1.Value.10", "ten"],
    ["Filter.1.Value.2", "two"],
    ["Tags.member.1.Key", "k"],
    ["Names.member.1", "n"],
    ["__proto__.polluted", "yes"],
  ];
  const unfolded = unfold(form);
  expect(unfolded).toMatchObject({
    Action: "X",
    Filter: [{ Name: "a", Value: ["two", "ten"] }, { Name: "b" }],
    Tags: [{ Key: "k" }],
    Names: ["n"],
  });
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("a tree becomes XML: lists wrapped, undefined left out, null empty, text escaped", () => {
  const tree = {
    a: undefined,
    b: null,
    c: items(["x", { d: 1 }]),
    e: members([true]),
    f: items([]),
    g: '<&>"\r\u0000',
  };
  expect(xml(tree)).toBe(
    "<b/><c><item>x</item><item><d>1</d></item></c><e><member>true</member></e><f/><g>&lt;&amp;&gt;&quot;&#xD;\ufffd</g>",
  );
});
