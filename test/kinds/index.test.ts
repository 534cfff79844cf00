import { expect, test } from "vitest";
import { kindInfos, kinds } from "../../src/kinds/index.ts";

const all = Object.entries(kinds);

test.each(all)("%s stands under its own name and gives the planner its data, no code", (name, kind) => {
  expect(kind.name).toBe(name);
  expect(Object.entries(kindInfos).find(([key]) => key === name)).toEqual([
    name,
    { rules: kind.rules, orphan: kind.orphan },
  ]);
  expect(JSON.parse(JSON.stringify(kind.rules))).toEqual(kind.rules);
});

test.each(all)("%s: planning asks for nothing that writes", (_name, { actions }) => {
  expect(
    actions.read.filter((action) => !/^(ec2|elasticloadbalancing|route53):(Describe|List|Get)/.test(action)),
  ).toEqual([]);
  expect(actions.read.length).toBeGreaterThan(0);
});
