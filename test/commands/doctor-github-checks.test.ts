import { describe, expect, it } from "vitest";
import { type Seen, seen, unseen } from "../../src/commands/doctor/check.ts";
import { checkGitHub } from "../../src/commands/doctor/checks/github.ts";
import type { GitHubFacts } from "../../src/commands/doctor/github-facts.ts";
import { readWorkflow } from "../../src/commands/doctor/look-workflows.ts";

const HIDDEN = unseen("it does not show", "another token");

const applies = readWorkflow(
  "apply.yml",
  `on: push
jobs:
  apply: { environment: prod, steps: [{ run: landline ci apply }] }
  ask: { environment: ask, steps: [] }
`,
);
const plans = (on: string) =>
  readWorkflow("plan.yml", `on: ${on}\njobs: { plan: { steps: [{ run: landline ci plan; landline ci check }] } }\n`);

const rules = {
  pullRequest: { approvals: 1, dismissesStale: true, lastPushApproval: true, codeOwners: false },
  checks: [{ name: "landline / net", appId: 15368 }, { name: "landline / apps", appId: 15368 }, { name: "build" }],
  mergeQueue: false,
  refusesForcePushes: true,
  refusesDeletion: true,
};
const branch = { branch: "main", rules, hidden: false };
const places = [
  { name: "prod", reviewers: [], preventsSelfReview: false, branches: "listed" },
  { name: "ask", reviewers: [{ type: "user", name: "ana" }], preventsSelfReview: true, branches: "all" },
] as const;

const access = {
  actions: "read",
  checks: "read",
  contents: "read",
  deployments: "none",
  issues: "write",
  "pull-requests": "read",
} as const;

/** A repository in which all is well. */
const well: GitHubFacts = {
  repository: "acme/network",
  about: {
    id: 7,
    ownerId: 3,
    fullName: "acme/network",
    defaultBranch: "main",
    private: true,
    createdAt: "2026-08-01T00:00:00Z",
  },
  token: seen({ access, inWorkflow: true }),
  rules: seen(branch),
  environments: seen(places),
  codeowners: seen([]),
  subject: seen({ immutable: true, prefix: "repo:acme@3/network@7" }),
  approvers: { "@ana": seen({ is: "user", mayWrite: true }), "@acme/net": seen({ is: "team" }) },
};

const judge = (facts: Partial<GitHubFacts>, workflows = [applies, plans("[pull_request, merge_group]")]) =>
  checkGitHub(seen({ ...well, ...facts }), { targets: ["net", "apps"], workflows });
const complaints = (facts: Partial<GitHubFacts>, workflows?: Parameters<typeof judge>[1]): string[] =>
  judge(facts, workflows)
    .filter(({ state }) => state !== "ok")
    .map(({ id, state }) => `${id} ${state}`);
const withRules = (changed: object): Partial<GitHubFacts> => ({
  rules: seen({ ...branch, rules: { ...rules, ...changed } }),
});
const without = (): object => {
  const { pullRequest: _, ...rest } = rules;
  return rest;
};
const place = (index: 0 | 1, changed: object): Partial<GitHubFacts> => ({
  environments: seen(places.map((one, at) => (at === index ? { ...one, ...changed } : one))),
});

describe("a repository", () => {
  it("in which all is well", () => {
    expect(complaints({})).toEqual([]);
    for (const { mend } of judge({})) expect(mend).toEqual([]);
  });

  it("that cannot be seen at all is one unknown", () => {
    expect(checkGitHub(HIDDEN, { targets: [], workflows: [] })).toEqual([
      { id: "github.access", about: "", state: "unknown", found: "it does not show", mend: ["another token"] },
    ]);
  });

  it("says thing by thing what the token does not see, and what would", () => {
    const hidden: Seen<never> = HIDDEN;
    const blind = {
      token: hidden,
      rules: hidden,
      environments: hidden,
      codeowners: hidden,
      approvers: { "@acme/net": hidden },
    };
    const unknown = judge(blind).filter(({ state }) => state === "unknown");
    expect(unknown.map(({ id }) => id)).toEqual([
      "github.token",
      "github.pull-requests",
      "github.environment",
      "github.codeowners",
      "github.approvers",
    ]);
    for (const { mend } of unknown) expect(mend).toEqual(["another token"]);
  });

  it.each<[string, Partial<GitHubFacts>, string[]]>([
    ["was renamed", { repository: "acme/old" }, ["github.access warning"]],
    ["asked for in another case is the same", { repository: "Acme/Network" }, []],
    [
      "lets pushes in without a pull request",
      { rules: seen({ ...branch, rules: without() as typeof rules }) },
      ["github.pull-requests broken"],
    ],
    [
      "keeps stale approvals",
      withRules({ pullRequest: { ...rules.pullRequest, dismissesStale: false } }),
      ["github.pull-requests warning"],
    ],
    [
      "lets the last pusher approve",
      withRules({ pullRequest: { ...rules.pullRequest, lastPushApproval: false } }),
      ["github.pull-requests warning"],
    ],
    [
      "asks for no approval",
      withRules({ pullRequest: { ...rules.pullRequest, approvals: 0 } }),
      ["github.pull-requests warning"],
    ],
    ["does not wait for a target", withRules({ checks: rules.checks.slice(0, 1) }), ["github.required-checks broken"]],
    [
      "lets anybody report a check",
      withRules({ checks: rules.checks.map(({ name }) => ({ name })) }),
      ["github.required-checks warning"],
    ],
    ["takes checks from another app", withRules({ checks: rules.checks.map(({ name }) => ({ name, appId: 9 })) }), []],
    [
      "waits for a target that is gone",
      withRules({ checks: [...rules.checks, { name: "landline / old" }] }),
      ["github.required-checks broken"],
    ],
    ["lets its history be rewritten", withRules({ refusesForcePushes: false }), ["github.force-pushes warning"]],
    [
      "gives its workflow a person's token",
      { token: seen({ access, scopes: ["repo"], inWorkflow: true }) },
      ["github.token warning"],
    ],
    [
      "has errors in CODEOWNERS",
      {
        codeowners: seen([
          { path: "CODEOWNERS", line: 3, column: 1, kind: "Unknown owner", message: "m", suggestion: null },
        ]),
      },
      ["github.codeowners broken"],
    ],
    ["is looked at by a person", { token: seen({ access, scopes: ["repo"], inWorkflow: false }) }, []],
    ["has no CODEOWNERS", { codeowners: seen(undefined) }, []],
    [
      "names an approver who may not write",
      { approvers: { "@eve": seen({ is: "user", mayWrite: false }) } },
      ["github.approvers warning"],
    ],
    [
      "names a team that is not there",
      { approvers: { "@acme/x": seen({ is: "missing" }) } },
      ["github.approvers broken"],
    ],
    ["lacks an environment", { environments: seen([places[1]]) }, ["github.environment broken"]],
    ["lets every branch into the environment", place(0, { branches: "all" }), ["github.environment warning"]],
    ["lets protected branches in", place(0, { branches: "protected" }), []],
    ["asks nobody about a new plan", place(1, { reviewers: [] }), ["github.environment warning"]],
    ["lets people approve their own", place(1, { preventsSelfReview: false }), ["github.environment warning"]],
    ["writes its environments in another case", place(0, { name: "Prod" }), []],
  ])("that %s", (_, facts, expected) => {
    expect(complaints(facts)).toEqual(expected);
  });

  it("judges rulesets with care where a classic protection is hidden", () => {
    const lacking = { ...rules, ...without(), checks: [], refusesForcePushes: false } as typeof rules;
    const { pullRequest: _, ...bare } = lacking;
    expect(complaints({ rules: seen({ branch: "main", rules: bare, hidden: true }) })).toEqual([
      "github.pull-requests unknown",
      "github.required-checks unknown",
      "github.force-pushes unknown",
    ]);
    expect(complaints({ rules: seen({ branch: "main", rules: bare, hidden: false }) })).toEqual([
      "github.pull-requests broken",
      "github.required-checks broken",
      "github.force-pushes warning",
    ]);
  });

  it("judges an environment that applies and does other things by the applying", () => {
    const both = (first: string, second: string) =>
      readWorkflow(
        "a.yml",
        `on: push\njobs:\n${[first, second].map((run, n) => `  j${n}: { environment: prod, steps: [{ run: ${run} }] }\n`).join("")}`,
      );
    for (const workflow of [both("landline ci apply", "date"), both("date", "landline ci apply")]) {
      expect(complaints({}, [workflow])).toEqual([]);
      expect(complaints(place(0, { branches: "all" }), [workflow])).toEqual(["github.environment warning"]);
    }
  });

  it("with a merge queue needs a workflow that starts for it", () => {
    const queue = withRules({ mergeQueue: true });
    expect(complaints(queue)).toEqual([]);
    expect(complaints(queue, [applies, plans("pull_request")])).toEqual(["workflows.merge-queue broken"]);
  });

  it("tells which commands its token would do for", () => {
    const check = judge({}).find(({ id }) => id === "github.token");
    expect(check?.found).toContain("enough for landline ci drift");
    expect(check?.found).not.toContain("landline ci plan");
  });
});

describe("the subject that trust policies have to name", () => {
  const old = { ...well.about, createdAt: "2026-07-14T23:59:59Z" };
  const said = (facts: Partial<GitHubFacts>, workflows?: Parameters<typeof judge>[1]) =>
    judge(facts, workflows)
      .filter(({ id }) => id === "github.oidc")
      .map(({ about, state, found, mend }) => `${state}: ${[about, found, ...mend].join(" ")}`)
      .join("\n");

  it("is the one that GitHub says", () => {
    const text = said({ about: old });
    expect(text).toContain("ok: ");
    expect(text).toContain("repo:acme@3/network@7:pull_request");
    expect(text).toContain("repo:acme@3/network@7:environment:prod");
    expect(text).toContain("repo:acme@3/network@7:ref:refs/heads/gh-readonly-queue/main/*");
    expect(text).not.toContain("repo:acme/network");
  });

  it("has ids in a repository of the day and later, whether or not GitHub says", () => {
    const text = said({ subject: HIDDEN, about: { ...old, createdAt: "2026-07-15T00:00:00Z" } });
    expect(text).toContain("ok: ");
    expect(text).toContain("repo:acme@3/network@7:pull_request");
    expect(text).not.toContain("repo:acme/network");
  });

  it.each([
    [{ prefix: "repo:x/y:" }, "repo:x/y:pull_request"],
    [{ immutable: false }, "repo:acme/network:pull_request"],
    [{ immutable: true }, "repo:acme@3/network@7:pull_request"],
  ])("is what %j says", (value, subject) => {
    expect(said({ subject: seen(value), about: old })).toContain(`has to name ${subject}, `);
  });

  it("may be either in an older one that GitHub says nothing of", () => {
    const text = said({ subject: HIDDEN, about: old });
    expect(text).toContain("unknown:  it does not show another token");
    expect(text).toContain("repo:acme/network:pull_request");
    expect(text).toContain("repo:acme@3/network@7:pull_request");
  });

  it("is the branch where the apply has no environment, and nothing of a queue where there is none", () => {
    const text = said({}, [readWorkflow("a.yml", "on: push\njobs: { a: { steps: [{ run: landline ci apply }] } }")]);
    expect(text).toContain("apply role has to name repo:acme@3/network@7:ref:refs/heads/main");
    expect(text).not.toContain("queue");
  });

  it("writes a colon in a name as GitHub does", () => {
    const odd = readWorkflow(
      "a.yml",
      "on: push\njobs: { a: { environment: 'a:b', steps: [{ run: landline ci apply }] } }",
    );
    expect(said({}, [odd])).toContain("environment:a%3Ab");
  });

  it("is of the repository's own making", () => {
    expect(said({ subject: seen({ claims: ["repository_id", "ref"] }) })).toMatch(/^warning: .*repository_id and ref/);
  });
});
