import { describe, expect, test } from "vitest";
import { GitHubError } from "../../src/github/errors.ts";
import { type Environment, readRun } from "../../src/github/run.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);

const ENV: Environment = {
  GITHUB_REPOSITORY: "acme/network",
  GITHUB_API_URL: "https://api.github.com",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_EVENT_NAME: "pull_request",
  GITHUB_EVENT_PATH: "/event.json",
  GITHUB_SHA: A,
  GITHUB_REF: "refs/pull/7/merge",
  GITHUB_RUN_ID: "123456789",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_STEP_SUMMARY: "/summary",
  GITHUB_OUTPUT: "/output",
};

const PULL = {
  number: 7,
  title: "Add payments",
  state: "open",
  draft: false,
  merged_at: null,
  merge_commit_sha: B,
  user: { login: "ana" },
  head: { sha: A, ref: "change", repo: { full_name: "acme/network" } },
  base: { sha: B, ref: "main" },
  html_url: "https://github.com/acme/network/pull/7",
};

const PAYLOADS: Readonly<Record<string, object>> = {
  pull_request: { action: "opened", pull_request: PULL },
  pull_request_target: { action: "synchronize", pull_request: PULL },
  pull_request_review: { action: "submitted", pull_request: PULL, review: { state: "approved" } },
  push: {
    before: A,
    after: B,
    ref: "refs/heads/main",
    repository: { full_name: "acme/network", default_branch: "main" },
  },
  merge_group: {
    action: "checks_requested",
    merge_group: {
      head_sha: A,
      head_ref: "refs/heads/gh-readonly-queue/main/pr-7-x",
      base_sha: B,
      base_ref: "refs/heads/main",
    },
  },
  schedule: { schedule: "0 3 * * *" },
  workflow_dispatch: { inputs: {} },
  workflow_run: {
    action: "completed",
    workflow_run: {
      id: 5,
      event: "pull_request",
      head_sha: A,
      head_repository: { full_name: "mallory/network" },
      path: ".github/workflows/plan.yml",
    },
  },
};

const run = (env: Environment, payload: unknown = PAYLOADS[env.GITHUB_EVENT_NAME ?? ""]) =>
  readRun(env, () => JSON.stringify(payload));

const read = (name: string, payload?: unknown) =>
  run({ ...ENV, GITHUB_EVENT_NAME: name }, payload ?? PAYLOADS[name]).event;

/** The refusal, which has to name this. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(GitHubError);
    expect(error).toMatchObject({ kind: "invalid" });
    return String(error);
  }
  throw new Error("was not refused");
}

describe("where a run stands", () => {
  test("is read from the environment", () => {
    expect(run(ENV)).toMatchObject({
      repository: { owner: "acme", name: "network" },
      apiUrl: "https://api.github.com",
      serverUrl: "https://github.com",
      sha: A,
      ref: "refs/pull/7/merge",
      id: 123456789,
      attempt: 2,
      summaryFile: "/summary",
      outputFile: "/output",
      url: "https://github.com/acme/network/actions/runs/123456789/attempts/2",
    });
  });

  test("does without what not every server sets", () => {
    const { GITHUB_SERVER_URL, GITHUB_RUN_ATTEMPT, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT, ...rest } = ENV;
    const bare = run(rest);
    expect(bare).toMatchObject({ serverUrl: "https://github.com", attempt: 1 });
    expect(bare.url).toBe("https://github.com/acme/network/actions/runs/123456789");
    expect(bare).not.toHaveProperty("summaryFile");
    expect(bare).not.toHaveProperty("outputFile");
    const enterprise = run({ ...rest, GITHUB_API_URL: "https://ghe.example/api/v3/" });
    expect(enterprise).toMatchObject({ apiUrl: "https://ghe.example/api/v3", serverUrl: "https://ghe.example" });
  });

  test.each([
    "GITHUB_REPOSITORY",
    "GITHUB_API_URL",
    "GITHUB_EVENT_NAME",
    "GITHUB_EVENT_PATH",
    "GITHUB_SHA",
    "GITHUB_REF",
    "GITHUB_RUN_ID",
  ])("is refused without %s", (name) => {
    expect(refusal(() => run({ ...ENV, [name]: undefined }))).toContain(`${name} is not set`);
    expect(refusal(() => run({ ...ENV, [name]: "" }))).toContain(`${name} is not set`);
  });

  test.each([
    ["GITHUB_REPOSITORY", "acme"],
    ["GITHUB_REPOSITORY", "acme/network/x"],
    ["GITHUB_REPOSITORY", "acme/../x"],
    ["GITHUB_API_URL", "api.github.com"],
    ["GITHUB_API_URL", "http://api.github.com"],
    ["GITHUB_API_URL", "https://user:secret@api.github.com"],
    ["GITHUB_API_URL", "ftp://api.github.com"],
    ["GITHUB_SERVER_URL", "javascript:alert(1)"],
    ["GITHUB_SHA", "main"],
    ["GITHUB_SHA", A.toUpperCase()],
    ["GITHUB_SHA", `${A}\n`],
    ["GITHUB_RUN_ID", "0"],
    ["GITHUB_RUN_ID", "12x"],
    ["GITHUB_RUN_ATTEMPT", "-1"],
  ])("is refused when %s is %j", (name, value) => {
    const said = refusal(() => run({ ...ENV, [name]: value }));
    expect(said).toContain(`${name} should be`);
    expect(said).not.toContain("secret");
  });

  test("takes http on this machine, where the local GitHub is", () => {
    expect(run({ ...ENV, GITHUB_API_URL: "http://127.0.0.1:8080/api/v3" }).apiUrl).toBe("http://127.0.0.1:8080/api/v3");
  });
});

describe("the event", () => {
  test.each(["pull_request", "pull_request_target", "pull_request_review"])("%s carries the pull request", (name) => {
    expect(read(name)).toMatchObject({
      name,
      pull: {
        number: 7,
        state: "open",
        merged: false,
        draft: false,
        author: "ana",
        head: { sha: A, ref: "change", repository: "acme/network" },
        base: { sha: B, ref: "main" },
        mergeCommit: null,
        url: PULL.html_url,
      },
    });
  });

  test("tells a trial merge from a merge, and knows forks and accounts that are gone", () => {
    const merged = { ...PULL, state: "closed", merged_at: "2026-01-01T00:00:00Z" };
    expect(read("pull_request", { action: "closed", pull_request: merged })).toMatchObject({
      pull: { merged: true, mergeCommit: B },
    });
    const orphan = { ...PULL, user: null, head: { ...PULL.head, repo: null } };
    expect(read("pull_request", { action: "opened", pull_request: orphan })).toMatchObject({
      pull: { author: "ghost", head: { repository: null } },
    });
  });

  test("push, merge_group and workflow_run carry their commits", () => {
    expect(read("push")).toEqual({ name: "push", before: A, after: B, ref: "refs/heads/main", defaultBranch: "main" });
    expect(read("merge_group")).toMatchObject({
      name: "merge_group",
      headSha: A,
      baseSha: B,
      baseRef: "refs/heads/main",
    });
    expect(read("workflow_run")).toEqual({
      name: "workflow_run",
      run: {
        id: 5,
        event: "pull_request",
        headSha: A,
        headRepository: "mallory/network",
        path: ".github/workflows/plan.yml",
      },
    });
  });

  test.each(["schedule", "workflow_dispatch"])("%s carries nothing", (name) => {
    expect(read(name)).toEqual({ name });
  });

  test.each(["issue_comment", "toString", "__proto__", "Push"])(
    "%j is not understood, and the refusal lists what is",
    (name) => {
      const said = refusal(() => run({ ...ENV, GITHUB_EVENT_NAME: name }, {}));
      expect(said).toContain("GITHUB_EVENT_NAME");
      for (const known of Object.keys(PAYLOADS)) expect(said).toContain(known);
    },
  );

  test.each([
    ["pull_request", "number", { ...PULL, number: "7" }],
    ["pull_request", "number", { ...PULL, number: 0 }],
    ["pull_request", "number", { ...PULL, number: 1.5 }],
    ["pull_request", "head.sha", { ...PULL, head: { ...PULL.head, sha: "$(reboot)" } }],
    ["pull_request", "head.sha", { ...PULL, head: { ...PULL.head, sha: undefined } }],
    ["pull_request", "base.sha", { ...PULL, base: { ref: "main" } }],
    ["pull_request", "title", { ...PULL, title: null }],
    ["pull_request", "head.repo.full_name", { ...PULL, head: { ...PULL.head, repo: { full_name: 3 } } }],
  ])("%s with a wrong %s is refused by the field's name", (name, field, pull) => {
    const said = refusal(() => read(name, { action: "opened", pull_request: pull }));
    expect(said).toContain(`pull_request.${field}`);
    expect(said).toContain("GITHUB_EVENT_PATH");
  });

  test.each([null, [], "text", 3, {}])("a payload of %j is refused", (payload) => {
    expect(refusal(() => readRun(ENV, () => JSON.stringify(payload)))).toContain("action");
  });

  test("a payload that is not there or no JSON is refused", () => {
    const missing = refusal(() =>
      readRun(ENV, () => {
        throw new Error("ENOENT: secret path");
      }),
    );
    expect(missing).toContain("GITHUB_EVENT_PATH");
    expect(missing).not.toContain("secret");
    expect(refusal(() => readRun(ENV, () => "{"))).toContain("not JSON");
  });

  test("of another repository is refused; names have no case", () => {
    const payload = { ...PAYLOADS.pull_request, repository: { full_name: "evil/network" } };
    expect(refusal(() => read("pull_request", payload))).toContain("evil/network");
    expect(read("pull_request", { ...payload, repository: { full_name: "Acme/Network" } }).name).toBe("pull_request");
  });
});
