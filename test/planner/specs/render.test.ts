import { expect, test } from "vitest";
import { parseConnections, renderProblems } from "../../../src/planner/specs/index.ts";
import { PROJECT, projectDocument, schemas, TODAY } from "./support.ts";

function render(text: string, color?: (style: string, text: string) => string): string {
  const options = { schemas, today: TODAY, profiles: new Map() };
  const { problems } = parseConnections([{ path: "a.yaml", text }], projectDocument(PROJECT), options);
  return renderProblems(problems, new Map([["a.yaml", text]]), color);
}

const TEXT = `apiVersion: landline/v1
kind: Connection
metadata: {name: a-name, ownr: me}
endpoints:
  - target: prod-use1
    service: pending
    vpc: vpc-0a1b2c3d4e5f60001
    subnets: [subnet-0a1b2c3d4e5f60003]
    securityGroup: {ingress: [{ports: 443, from: 10.0.0.5/16}]}
`;

test("a problem shows its place, its line with a caret and what to do", () => {
  expect(render(TEXT)).toMatchInlineSnapshot(`
    "a.yaml:3:26 field.unknown unknown field "ownr" in metadata; did you mean "owner"?
        3 | metadata: {name: a-name, ownr: me}
          |                          ^
          = known here: name, owner, description, renamedFrom

    a.yaml:9:50 cidr.canonical AWS stores "10.0.0.5/16" as 10.0.0.0/16, and the plan would show that difference for ever
        9 |     securityGroup: {ingress: [{ports: 443, from: 10.0.0.5/16}]}
          |                                                  ^
          = write 10.0.0.0/16
    "
  `);
});

test("color goes to place, code, gutter, caret and hint", () => {
  const styles = new Set<string>();
  render(TEXT, (style, text) => {
    styles.add(style);
    return text;
  });
  expect([...styles].sort()).toEqual(["bold", "cyan", "dim", "red"]);
});

test("control characters of a spec do not reach the terminal", () => {
  const text = render('apiVersion: "\u001b]0;x\u0007\u202e"\nkind: Connection\n');
  expect(text).toContain("version.unknown");
  for (const character of ["\u001b", "\u0007", "\u202e"]) expect(text).not.toContain(character);
});

test("a very long line is cut around its caret", () => {
  const text = render(`metadata: {description: "${"x".repeat(5000)}", nme: a}\n`);
  const [, line = "", caret = ""] = text
    .split("\n")
    .slice(text.split("\n").findIndex((row) => row.includes("field.unknown")));
  expect(line.length).toBeLessThan(200);
  expect(line.slice(caret.indexOf("^"), caret.indexOf("^") + 3)).toBe("nme");
});
