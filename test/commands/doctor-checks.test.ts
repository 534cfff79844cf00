import { describe, expect, it } from "vitest";
import { seen, unseen } from "../../src/commands/doctor/check.ts";
import { checkMachine } from "../../src/commands/doctor/checks/machine.ts";
import { checkProject } from "../../src/commands/doctor/checks/project.ts";
import type { LocalFacts } from "../../src/commands/doctor/look-local.ts";
import { doctorToText } from "../../src/commands/doctor/text.ts";
import { readSchemas } from "../../src/commands/schema-files.ts";
import { parseProject } from "../../src/planner/specs/index.ts";

const states = (checks: readonly { id: string; state: string }[]): string[] =>
  checks.map(({ id, state }) => `${id} ${state}`);

describe("this machine", () => {
  const whole = { version: "2.39.5", root: "/net", shallow: false };
  const git = seen(whole);
  it.each([
    ["20.19.0", "20.19", "ok"],
    ["20.20.2", "20.19", "ok"],
    ["22.1.0", "20.19", "ok"],
    ["20.9.1", "20.19", "broken"],
    ["18.20.0", "20.19", "broken"],
  ])("Node.js %s where %s is needed is %s", (version, least, state) => {
    expect(checkMachine({ node: { version, least }, git })[0]).toMatchObject({ id: "machine.node", state });
  });

  it.each([
    ["a whole clone", git, "ok"],
    ["a shallow clone", seen({ ...whole, shallow: true }), "warning"],
    ["no repository", seen({ version: "2.39.5", shallow: false }), "warning"],
    ["no git", unseen("git is not installed", "install it"), "warning"],
  ])("%s is %s", (_, facts: LocalFacts["git"], state) => {
    const [, check] = checkMachine({ node: { version: "20.19.0", least: "20" }, git: facts });
    expect(check).toMatchObject({ id: "machine.git", state });
    expect(check?.mend.length === 0).toBe(state === "ok");
  });
});

/** A project with one target; the lines are put into its target and its policy. */
function project(roles: string, approvals = "") {
  const text = `apiVersion: landline/v1
kind: Project
metadata: { name: acme-network }
targets:
  net: { account: "111111111111", region: us-east-1${roles && `, roles: { ${roles} }`} }
policy: { approvals: [${approvals || "{ risks: [any], count: 1 }"}] }
`;
  const { project, problems } = parseProject({ path: "landline.yaml", text }, readSchemas());
  if (!project) throw new Error(JSON.stringify(problems));
  return project;
}
const [PLAN, APPLY] = ["plan", "apply"].map((mode) => `${mode}: arn:aws:iam::111111111111:role/landline-${mode}`);
const BOTH = `${PLAN}, ${APPLY}`;
const fine = { connections: 2, problems: [] };

describe("the project", () => {
  it("is well", () => {
    expect(states(checkProject({ project: project(BOTH), specs: fine }))).toEqual([
      "project.file ok",
      "project.specs ok",
      "project.approvals ok",
      "project.roles ok",
    ]);
  });

  it("cannot be used, and nothing more is said then", () => {
    const problems = [{ file: "landline.yaml", line: 3, message: "no such field" }];
    expect(states(checkProject({ specs: { connections: 0, problems } }))).toEqual(["project.file broken"]);
  });

  it("has specs with problems: the first is told with its place", () => {
    const problems = [{ file: "specs/a.yaml", line: 3, message: "no such field" }];
    const checks = checkProject({ project: project(BOTH), specs: { connections: 0, problems } });
    const check = checks.find(({ id }) => id === "project.specs");
    expect(check).toMatchObject({ state: "broken" });
    expect(check?.found).toContain("specs/a.yaml:3");
  });

  it.each([
    ["nobody in particular", "{ risks: [any], count: 3 }", "ok"],
    ["enough people", "{ risks: [any], count: 2, from: ['@ana', '@ben'] }", "ok"],
    ["too few people", "{ risks: [any], count: 2, from: ['@ana'] }", "broken"],
    ["one person twice", "{ risks: [any], count: 2, from: ['@ana', '@Ana'] }", "broken"],
    ["a team of unknown size", "{ risks: [any], count: 2, from: ['@acme/network'] }", "ok"],
  ])("approvals from %s", (_, rule, state) => {
    const checks = checkProject({ project: project(BOTH, rule), specs: fine });
    expect(checks.find(({ id }) => id === "project.approvals")).toMatchObject({ state });
  });

  it.each([
    ["two roles", BOTH, "ok", 0],
    ["no role", "", "warning", 4],
    ["only one to apply", APPLY ?? "", "warning", 2],
    ["one for both", `${PLAN}, ${PLAN?.replace("plan:", "apply:")}`, "warning", 2],
  ])("with %s", (_, roles, state, lines) => {
    const check = checkProject({ project: project(roles), specs: fine }).find(({ id }) => id === "project.roles");
    expect(check).toMatchObject({ state });
    expect(check?.mend).toHaveLength(lines);
  });
});

describe("the text", () => {
  const plain = { color: (_style: string, text: string) => text };
  it("shows what is foreign as it is, and counts", () => {
    const text = doctorToText(
      [
        { id: "machine.node", about: "", state: "ok", found: "Node.js 20", mend: [] },
        {
          id: "github.codeowners",
          about: "CODEOWNERS:3",
          state: "broken",
          found: "odd\u001b[31m",
          mend: ["mend it\nnow"],
        },
      ],
      plain,
    );
    expect(text).toBe(
      [
        "This machine",
        "  ok       Node.js 20",
        "",
        "GitHub",
        "  broken   CODEOWNERS:3: odd\\u{1b}[31m",
        "           -> mend it\\nnow",
        "",
        "1 broken, 0 to think about, 0 not to be seen from here, 1 well.",
        "",
      ].join("\n"),
    );
  });
});
