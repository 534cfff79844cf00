import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkWorkflows } from "../../src/commands/doctor/checks/workflows.ts";
import { readWorkflow } from "../../src/commands/doctor/look-workflows.ts";
import type { WorkflowFacts } from "../../src/commands/doctor/workflow-facts.ts";

const HASH = "0123456789abcdef0123456789abcdef01234567";

/** Lists of lists by alias: nine lines that unfold into a hundred million items. */
const BOMB = Array.from(
  { length: 9 },
  (_, n) => `a${n}: &a${n} [${n ? `*a${n - 1}`.concat(",").repeat(10) : "x"}]`,
).join("\n");

/** A workflow that applies, with nothing to complain about; `from` is replaced by `to`. */
function applying(from: string | RegExp = "", to = ""): WorkflowFacts {
  const text = `
on: { push: { branches: [main] } }
permissions: {}
jobs:
  apply:
    environment: prod
    concurrency: { group: apply, cancel-in-progress: false, queue: max }
    permissions: { contents: read, pull-requests: write, checks: read, actions: read, deployments: write, id-token: write }
    steps:
      - uses: actions/checkout@${HASH} # v6
        with: { fetch-depth: 0, persist-credentials: false }
      - uses: aws-actions/configure-aws-credentials@${HASH}
        with: { role-to-assume: x }
      - run: npx landline ci apply
`;
  if (from !== "" && text.replace(from, to) === text) throw new Error(`the workflow does not say ${from}`);
  return readWorkflow(".github/workflows/apply.yml", text.replace(from, to));
}

/** What is not well, as `id state`, apart from the commands that this one workflow does not run. */
const complaints = (...workflows: readonly WorkflowFacts[]): string[] =>
  checkWorkflows(workflows)
    .filter(({ id, state }) => state !== "ok" && id !== "workflows.present")
    .map(({ id, state }) => `${id} ${state}`);

describe("reading a workflow", () => {
  it("tells what matters of each job, and where", () => {
    expect(applying()).toEqual({
      file: ".github/workflows/apply.yml",
      events: ["push"],
      jobs: [
        {
          id: "apply",
          commands: ["apply"],
          permissions: {
            contents: "read",
            "pull-requests": "write",
            checks: "read",
            actions: "read",
            deployments: "write",
            "id-token": "write",
          },
          environment: "prod",
          concurrency: { cancels: false, queue: "max" },
          uses: [
            {
              line: 10,
              name: `actions/checkout@${HASH}`,
              with: { "fetch-depth": "0", "persist-credentials": "false" },
            },
            { line: 12, name: `aws-actions/configure-aws-credentials@${HASH}`, with: { "role-to-assume": "x" } },
          ],
        },
      ],
    });
  });

  it.each([
    ["run: landline ci apply", ["apply"]],
    ["run: node dist/cli.js --project net/landline.yaml ci apply --out x", ["apply"]],
    ["run: landline --quiet ci plan && landline ci check", ["plan", "check"]],
    ["run: landline ci drift --propose", ["drift"]],
    ["run: landline plan", []],
    ["run: landline ci planner", []],
    ["run: echo landline; other ci plan", []],
    [`{ uses: ./, with: { command: plan } }`, ["plan"]],
    [`{ uses: acme/landline@${HASH}, with: { command: ci drift } }`, ["drift"]],
    [`{ uses: acme/other@${HASH}, with: { command: plan } }`, []],
    [`{ uses: ./, with: { command: doctor } }`, []],
  ])("a step `%s` runs %j", (step, commands) => {
    const { jobs } = readWorkflow("w.yml", `on: push\njobs:\n  a:\n    steps:\n      - ${step}\n`);
    expect(jobs.map((job) => job.commands)).toEqual([commands]);
  });

  it.each([
    ["push", ["push"]],
    ["[push, merge_group]", ["push", "merge_group"]],
    ["{ pull_request: , schedule: [] }", ["pull_request", "schedule"]],
  ])("on: %s", (on, events) => {
    expect(readWorkflow("w.yml", `on: ${on}\njobs: {}\n`).events).toEqual(events);
  });

  it.each(["on: [push", "- a list", "", "a: *nobody", BOMB])("never throws: %j", (text) => {
    expect(readWorkflow("w.yml", text)).toMatchObject({ problem: expect.any(String), jobs: [] });
  });

  it("survives a value that holds itself", () => {
    const text = "on: &on [*on]\njobs: { a: { steps: &steps [*steps], permissions: &p { contents: *p } } }\n";
    expect(readWorkflow("w.yml", text).jobs).toHaveLength(1);
  });

  it("takes permissions and concurrency of the workflow where the job has none", () => {
    const text = "on: push\npermissions: { contents: read }\nconcurrency: one\njobs: { a: { steps: [] } }\n";
    expect(readWorkflow("w.yml", text).jobs[0]).toMatchObject({
      permissions: { contents: "read" },
      concurrency: { cancels: false },
    });
  });
});

describe("judging workflows", () => {
  it("finds nothing in one that is right", () => {
    expect(complaints(applying())).toEqual([]);
  });

  it.each([
    ["too few permissions", "deployments: write, ", "", "workflows.permissions broken"],
    ["read where write is needed", "pull-requests: write", "pull-requests: read", "workflows.permissions broken"],
    ["no token for AWS", ", id-token: write", "", "workflows.permissions broken"],
    ["more than needed", "contents: read", "contents: write", "workflows.permissions warning"],
    ["everything", /permissions: \{ contents.*/, "permissions: write-all", "workflows.permissions warning"],
    ["only reading", /permissions: \{ contents.*/, "permissions: read-all", "workflows.permissions broken"],
    ["a tag instead of a commit", `checkout@${HASH} # v6`, "checkout@v6", "workflows.pinned warning"],
    ["a short hash", `checkout@${HASH} # v6`, "checkout@0123456", "workflows.pinned warning"],
    ["one commit of history", "fetch-depth: 0, ", "", "workflows.checkout warning"],
    ["the token left behind", ", persist-credentials: false", "", "workflows.checkout warning"],
    ["no concurrency", /concurrency:.*/, "", "workflows.concurrency warning"],
    [
      "applies that are cancelled",
      "cancel-in-progress: false",
      "cancel-in-progress: true",
      "workflows.concurrency broken",
    ],
    ["perhaps cancelled", "in-progress: false", `in-progress: "\${{ x }}"`, "workflows.concurrency broken"],
    ["merges that are lost", ", queue: max", "", "workflows.concurrency warning"],
    ["the wrong event", "push:", "workflow_dispatch:", "workflows.trigger broken"],
    ["no YAML", "on: {", "on: {{", "workflows.readable broken"],
  ])("%s", (_, from, to, complaint) => {
    expect(complaints(applying(from, to))).toEqual([complaint]);
  });

  it("says nothing about permissions that nobody named but that the repository decides", () => {
    const text = applying(/permissions: \{ contents.*/, "").jobs[0];
    expect(text?.permissions).toEqual({});
    const { jobs } = readWorkflow("w.yml", "on: push\njobs: { a: { steps: [{ run: landline ci drift }] } }\n");
    expect(jobs[0]?.permissions).toBeUndefined();
    expect(
      complaints(readWorkflow("w.yml", "on: schedule\njobs: { a: { steps: [{ run: landline ci drift }] } }\n")),
    ).toEqual(["workflows.permissions warning"]);
  });

  it("asks for the most that any command of a job needs", () => {
    const text = (level: string) => `on: [pull_request, push]
jobs:
  both:
    permissions: { contents: read, pull-requests: ${level}, checks: write }
    steps: [{ run: landline ci plan }, { run: landline ci check }]
`;
    expect(complaints(readWorkflow("w.yml", text("write")))).toEqual([]);
    expect(complaints(readWorkflow("w.yml", text("read")))).toEqual(["workflows.permissions broken"]);
  });

  it("does not take read-all for a token that signs in to AWS", () => {
    const text = (step: string) => `on: schedule
permissions: read-all
jobs: { a: { steps: [${step} { run: landline ci drift }] } }
`;
    const lacking = (step: string) =>
      checkWorkflows([readWorkflow("w.yml", text(step))]).find(({ id }) => id === "workflows.permissions")?.found;
    expect(lacking("")).not.toContain("id-token");
    expect(lacking(`{ uses: aws-actions/configure-aws-credentials@${HASH}, with: { role-to-assume: x } },`)).toContain(
      "id-token: write",
    );
  });

  it("refuses a checkout of the pull request where the token may write", () => {
    const text = `
on: pull_request_target
jobs:
  plan:
    permissions: { contents: read, pull-requests: write, checks: write }
    steps:
      - uses: actions/checkout@${HASH}
        with: { ref: "\${{ github.event.pull_request.head.sha }}", fetch-depth: 0, persist-credentials: false }
      - run: landline ci plan
`;
    expect(complaints(readWorkflow("w.yml", text))).toEqual(["workflows.checkout broken"]);
    expect(complaints(readWorkflow("w.yml", text.replace(/ref: "[^"]*", /, "")))).toEqual([]);
    expect(complaints(readWorkflow("w.yml", text.replace("pull_request_target", "pull_request")))).toEqual([]);
  });

  it("names the commands that nothing runs", () => {
    const [check] = checkWorkflows([applying()]).filter(({ id }) => id === "workflows.present");
    expect(check).toMatchObject({ state: "warning" });
    expect(check?.found).toMatch(/landline ci plan.*landline ci check.*landline ci drift/);
    expect(check?.found).not.toContain("landline ci apply");
  });

  it("finds nothing in the workflows of this repository and those that init writes", () => {
    for (const folder of ["../../.github/workflows/", "../../templates/github/"]) {
      const home = new URL(folder, import.meta.url);
      const workflows = readdirSync(home)
        .filter((name) => /\.ya?ml$/.test(name))
        .map((name) => readWorkflow(name, readFileSync(new URL(name, home), "utf8")))
        .filter(({ jobs }) => jobs.some(({ commands }) => commands.length > 0));
      expect(workflows.length).toBeGreaterThan(2);
      const wrong = checkWorkflows(workflows).filter(({ state, id }) => state !== "ok" && id !== "workflows.pinned");
      expect(wrong).toEqual([]);
    }
  });
});
