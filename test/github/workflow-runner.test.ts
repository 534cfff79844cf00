import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pairs } from "./runner/command-files.ts";
import { type Contexts, evaluate, holds, interpolate, statusOf } from "./runner/expressions.ts";
import { type RunnerOptions, type RunReport, runLinesOf, runWorkflow } from "./workflow-runner.ts";

/** The runner, on our workflows, with a stub in the place of Landline that tells what it was called with. */
const HOME = new URL("../../", import.meta.url);
const workflowText = (name: string): string => readFileSync(new URL(`.github/workflows/${name}.yml`, HOME), "utf8");

const STUB = `#!/usr/bin/env node
const { appendFileSync, mkdirSync, writeFileSync } = require("node:fs");
const asked = process.argv.slice(2);
const { GITHUB_TOKEN, AWS_ACCESS_KEY_ID, LANDLINE_BOT, STUB_EXIT = "0", STUB_PLAN_ID } = process.env;
console.log(JSON.stringify({ asked, token: GITHUB_TOKEN, aws: AWS_ACCESS_KEY_ID ?? null, bot: LANDLINE_BOT, cwd: process.cwd() }));
mkdirSync("landline-plan");
writeFileSync("landline-plan/plan.json", "{}");
appendFileSync(process.env.GITHUB_STEP_SUMMARY, "# The plan\\n");
const approved = asked.includes("--approved-plan");
if (STUB_PLAN_ID && !approved) appendFileSync(process.env.GITHUB_OUTPUT, "plan-id=" + STUB_PLAN_ID + "\\n");
process.exitCode = approved || asked.includes("check") ? 0 : Number(STUB_EXIT);
`;

let folder: string;
let home: string;
let gitDir: string;
let main: string;
const executed = new Set<string>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "landline-runner-"));
  home = join(folder, "home");
  mkdirSync(join(home, "dist"), { recursive: true });
  cpSync(new URL("action.yml", HOME), join(home, "action.yml"));
  writeFileSync(join(home, "dist/cli.js"), STUB);
  const work = join(folder, "work");
  gitDir = join(folder, "network.git");
  mkdirSync(join(work, ".ci"), { recursive: true });
  writeFileSync(join(work, "landline.yaml"), "kind: Project\n");
  writeFileSync(join(work, ".ci/run"), "#!/bin/sh\necho 1 passed, 0 failed\n", { mode: 0o755 });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=Ana", "-c", "user.email=ana@users.example", ...args], {
      cwd: work,
      encoding: "utf8",
    }).trim();
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
  git("commit", "--quiet", "--allow-empty", "-m", "second");
  main = git("rev-parse", "HEAD");
  git("update-ref", "refs/pull/7/merge", main);
  git("clone", "--quiet", "--bare", "--mirror", work, gitDir);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Scene {
  workflow: string;
  event: string;
  ref?: string;
  payload?: object;
  vars?: Record<string, string>;
  stub?: Record<string, string>;
  approve?: boolean;
}

const uploads: { name: string; files: readonly string[] }[] = [];
const entered: string[] = [];

async function scene({
  workflow,
  event,
  ref = "refs/heads/main",
  payload = {},
  vars = {},
  stub = {},
  approve = true,
}: Scene): Promise<RunReport> {
  uploads.length = 0;
  entered.length = 0;
  const options: RunnerOptions = {
    workflow: workflowText(workflow),
    home,
    gitDir,
    payload: { ...payload },
    folder: mkdtempSync(join(folder, "run-")),
    environment: {
      GITHUB_EVENT_NAME: event,
      GITHUB_REPOSITORY: "acme/network",
      GITHUB_REF: ref,
      GITHUB_SHA: main,
      GITHUB_RUN_ID: "42",
      ...stub,
    },
    vars: { LANDLINE_PLAN_ROLE: "plan-role", LANDLINE_APPLY_ROLE: "apply-role", ...vars },
    token: ({ permissions }) => `token for ${Object.keys(permissions).sort().join(" ")}`,
    credentials: ({ role }) => ({ AWS_ACCESS_KEY_ID: role }),
    upload: ({ name, files }) => void uploads.push({ name, files: Object.keys(files) }),
    enter: (environment) => {
      entered.push(environment);
      return environment === "landline-apply" || approve;
    },
  };
  const report = await runWorkflow(options);
  for (const line of report.executed) executed.add(line);
  return report;
}

const results = ({ jobs }: RunReport) => Object.fromEntries(jobs.map(({ id, result }) => [id, result]));
interface Call {
  asked: string[];
  token: string;
  aws: string | null;
  bot: string;
  cwd: string;
}
/** What the stub was called with in a job. */
const call = ({ jobs }: RunReport, id: string): Call =>
  JSON.parse(
    jobs
      .find((job) => job.id === id)
      ?.steps.map(({ stdout }) => stdout)
      .join("") ?? "null",
  );

const pull = (fullName: string) => ({
  action: "opened",
  pull_request: { number: 7, head: { repo: { full_name: fullName } } },
});

describe("plan", () => {
  it("plans a pull request with the plan role and keeps the plan", async () => {
    const payload = pull("acme/network");
    const report = await scene({
      workflow: "plan",
      event: "pull_request",
      ref: "refs/pull/7/merge",
      payload,
      vars: { LANDLINE_BOT: "acme[bot]" },
    });
    expect(results(report)).toEqual({ plan: "success", check: "skipped" });
    expect(call(report, "plan")).toMatchObject({
      asked: ["--project", "landline.yaml", "ci", "plan"],
      token: "token for checks contents id-token pull-requests",
      aws: "plan-role",
      bot: "acme[bot]",
    });
    expect(uploads).toEqual([{ name: "landline-plan", files: ["plan.json"] }]);
    expect(report.jobs[0]?.steps.at(-1)?.summary).toBe("# The plan\n");
  });

  it("checks out the merge of the pull request with its history", async () => {
    const report = await scene({
      workflow: "plan",
      event: "pull_request",
      ref: "refs/pull/7/merge",
      payload: pull("acme/network"),
    });
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: report.jobs[0]?.workspace, encoding: "utf8" }).trim();
    expect(git("rev-parse", "HEAD")).toBe(main);
    expect(git("log", "--format=%s")).toBe("second\nfirst");
    expect(git("rev-parse", "origin/main")).toBe(main);
  });

  it.each(["mallory/network", null])("gives a fork (%s) no way to AWS", async (fork) => {
    const payload = {
      action: "opened",
      pull_request: { number: 7, head: { repo: fork === null ? null : { full_name: fork } } },
    };
    const report = await scene({ workflow: "plan", event: "pull_request", ref: "refs/pull/7/merge", payload });
    expect(call(report, "plan").aws).toBeNull();
    expect(report.jobs[0]?.steps.map(({ outcome }) => outcome)).toEqual(["success", "skipped", "success"]);
  });

  it("fails with the command, and keeps the plan all the same", async () => {
    const report = await scene({
      workflow: "plan",
      event: "pull_request",
      ref: "refs/pull/7/merge",
      payload: pull("acme/network"),
      stub: { STUB_EXIT: "3" },
    });
    expect(report.conclusion).toBe("failure");
    expect(report.jobs[0]?.steps.at(-1)?.exitCode).toBe(3);
    expect(uploads).toHaveLength(1);
  });

  it("fails before the command when there is no role", async () => {
    const payload = pull("acme/network");
    const report = await scene({
      workflow: "plan",
      event: "pull_request",
      ref: "refs/pull/7/merge",
      payload,
      vars: { LANDLINE_PLAN_ROLE: "" },
    });
    expect(report.jobs[0]?.steps.map(({ outcome }) => outcome)).toEqual(["success", "failure", "skipped"]);
  });

  it("runs on reviews, and checks the merge queue", async () => {
    const review = await scene({
      workflow: "plan",
      event: "pull_request_review",
      ref: "refs/pull/7/merge",
      payload: { ...pull("acme/network"), action: "submitted" },
    });
    expect(results(review)).toEqual({ plan: "success", check: "skipped" });
    const queue = await scene({ workflow: "plan", event: "merge_group", payload: { action: "checks_requested" } });
    expect(results(queue)).toEqual({ plan: "skipped", check: "success" });
    expect(call(queue, "check").asked).toEqual(["--project", "landline.yaml", "ci", "check"]);
  });

  it("is not started by other activities", async () => {
    const report = await scene({
      workflow: "plan",
      event: "pull_request",
      payload: { ...pull("acme/network"), action: "labeled" },
    });
    expect(report).toMatchObject({ triggered: false, jobs: [] });
  });
});

describe("apply", () => {
  const push = { ref: "refs/heads/main" };

  it("applies a push in the environment, then checks the other pull requests with the plan role", async () => {
    const report = await scene({ workflow: "apply", event: "push", payload: push });
    expect(results(report)).toEqual({
      apply: "success",
      "approve-new-plan": "skipped",
      "apply-new-plan": "skipped",
      check: "success",
      "check-again": "skipped",
    });
    expect(call(report, "apply")).toMatchObject({
      asked: ["--project", "landline.yaml", "ci", "apply"],
      aws: "apply-role",
    });
    expect(call(report, "check").aws).toBe("plan-role");
    expect(entered).toEqual(["landline-apply"]);
  });

  const moved = { STUB_EXIT: "3", STUB_PLAN_ID: "sha256:abc" };

  it("after a refusal, asks for approval and then applies exactly the plan that was approved", async () => {
    const report = await scene({ workflow: "apply", event: "push", payload: push, stub: moved });
    expect(results(report)).toMatchObject({
      apply: "failure",
      "approve-new-plan": "success",
      "apply-new-plan": "success",
      "check-again": "success",
    });
    expect(entered).toEqual(["landline-apply", "landline-approve-new-plan", "landline-apply"]);
    expect(call(report, "apply-new-plan").asked).toEqual([
      "--project",
      "landline.yaml",
      "ci",
      "apply",
      "--approved-plan",
      "sha256:abc",
    ]);
    expect(new Set(uploads.map(({ name }) => name)).size).toBe(uploads.length);
  });

  it("applies nothing when the new plan is rejected", async () => {
    const report = await scene({ workflow: "apply", event: "push", payload: push, stub: moved, approve: false });
    expect(results(report)).toMatchObject({
      apply: "failure",
      "approve-new-plan": "failure",
      "apply-new-plan": "skipped",
      check: "success",
      "check-again": "skipped",
    });
  });

  it("asks for no approval after any other failure", async () => {
    const report = await scene({ workflow: "apply", event: "push", payload: push, stub: { STUB_EXIT: "4" } });
    expect(results(report)).toMatchObject({
      apply: "failure",
      "approve-new-plan": "skipped",
      "apply-new-plan": "skipped",
      check: "success",
    });
    expect(entered).toEqual(["landline-apply"]);
  });

  it("leaves other branches alone", async () => {
    expect((await scene({ workflow: "apply", event: "push", payload: { ref: "refs/heads/topic" } })).triggered).toBe(
      false,
    );
  });
});

describe("drift", () => {
  it.each([
    [{}, { drift: "success", propose: "skipped", check: "success" }],
    [{ LANDLINE_PROPOSE: "true" }, { drift: "skipped", propose: "success", check: "success" }],
  ])("with %j", async (vars, expected) => {
    const report = await scene({ workflow: "drift", event: "schedule", vars });
    expect(results(report)).toEqual(expected);
    const [id, more] = expected.propose === "success" ? ["propose", ["--propose"]] : ["drift", []];
    expect(call(report, String(id)).asked).toEqual(["--project", "landline.yaml", "ci", "drift", ...more]);
  });
});

describe("fork comment", () => {
  const payload = (more: object) => ({
    action: "completed",
    workflow_run: {
      id: 9,
      name: "Landline plan",
      event: "pull_request",
      conclusion: "failure",
      head_repository: { full_name: "mallory/network" },
      ...more,
    },
  });

  it("runs for forks, without AWS and without the right to change code", async () => {
    const report = await scene({ workflow: "fork-comment", event: "workflow_run", payload: payload({}) });
    expect(results(report)).toEqual({ comment: "success" });
    expect(call(report, "comment")).toMatchObject({ aws: null, token: "token for actions contents pull-requests" });
  });

  it.each([
    ["our own branch", { head_repository: { full_name: "ACME/network" } }],
    ["a merge queue", { event: "merge_group" }],
    ["a cancelled run", { conclusion: "cancelled" }],
  ])("does not for %s", async (_, more) => {
    expect(results(await scene({ workflow: "fork-comment", event: "workflow_run", payload: payload(more) }))).toEqual({
      comment: "skipped",
    });
  });

  it("is not started by other workflows", async () => {
    expect(
      (await scene({ workflow: "fork-comment", event: "workflow_run", payload: payload({ name: "CI" }) })).triggered,
    ).toBe(false);
  });
});

it("ci runs the script of the repository", async () => {
  const report = await scene({ workflow: "ci", event: "push", payload: { ref: "refs/heads/main" } });
  expect(report.jobs[0]?.steps.at(-1)?.stdout).toBe("1 passed, 0 failed\n");
});

it("between them the scenes ran every line that there is", () => {
  const names = readdirSync(new URL(".github/workflows/", HOME)).map((name) => name.replace(/\.yml$/, ""));
  const lines = new Set(names.flatMap((name) => runLinesOf(workflowText(name), home)));
  expect(lines.size).toBe(3);
  expect([...lines].filter((line) => !executed.has(line))).toEqual([]);
});

/** A text in which an expression is filled in. */
const filled = (expression: string): string => `$\{{ ${expression} }}`;

describe("expressions", () => {
  const contexts: Contexts = {
    closed: { github: { event: { a: { b: "x" } }, event_name: "push" }, needs: { "a-b": { result: "success" } } },
    open: { vars: { THERE: "yes" } },
    status: statusOf(true),
  };

  it.each([
    ["github.event.a.b", "x"],
    ["github.event.c.d.e", null],
    ["vars.MISSING", null],
    ["vars.MISSING || 'default'", "default"],
    ["vars.THERE || 'default'", "yes"],
    ["github.event_name == 'PUSH'", true],
    ["vars.MISSING == ''", true],
    ["vars.THERE != 'true'", true],
    ["'it''s'", "it's"],
    ["!cancelled() && needs.a-b.result == 'success'", true],
    ["(false || true) && !false", true],
    ["format('landline-{0}', github.event_name)", "landline-push"],
    ["1 == '1'", true],
  ])("%s", (text, value) => expect(evaluate(text, contexts)).toEqual(value));

  it.each([
    "github.nothing",
    "needs.other.result",
    "nothing.at.all",
    "hashFiles('x')",
    "github.event_name ==",
    "'a' 'b'",
    "a > b",
    "(true",
  ])("%s is refused", (text) => expect(() => evaluate(text, contexts)).toThrow());

  it("fills texts, and refuses objects in them", () => {
    expect(interpolate(`a ${filled("vars.THERE")} b ${filled("vars.MISSING")}`, contexts)).toBe("a yes b ");
    expect(() => interpolate(filled("github.event"), contexts)).toThrow("an object");
  });

  it.each([
    [undefined, true, true],
    [undefined, false, false],
    ["true", false, false],
    ["always()", false, true],
    [filled("!cancelled() && vars.THERE == 'yes'"), false, true],
    ["failure()", true, false],
    ["vars.MISSING", true, false],
  ])("if: %s after success %s", (condition, well, held) => {
    expect(holds(condition, { ...contexts, status: statusOf(well) })).toBe(held);
  });
});

describe("the files of a step", () => {
  it("have lines and blocks", () =>
    expect(pairs("a=1=2\n\nb<<END\nx\ny\nEND\nc=\n")).toEqual({ a: "1=2", b: "x\ny", c: "" }));
  it.each(["no sign\n", "a<<END\nnever\n"])("%j is refused", (text) => expect(() => pairs(text)).toThrow());
});
