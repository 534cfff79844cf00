import { describe, expect, test } from "vitest";
import { GitHubError, type GitHubProblem, gitHubErrorOf } from "../../src/github/errors.ts";
import { permissionAdvice } from "../../src/github/permissions.ts";

const request = { method: "POST", url: "https://ghe.example/api/v3/repos/acme/network/issues/7/comments" };

const refused = (
  status: number,
  message: string,
  more: { headers?: Record<string, string>; errors?: unknown[] } = {},
) =>
  gitHubErrorOf(
    {
      message,
      request,
      response: {
        status,
        headers: more.headers ?? {},
        data: { message, ...(more.errors ? { errors: more.errors } : {}) },
      },
    },
    (text) => text,
  );

test.each<[number, string, GitHubProblem, Record<string, string>?]>([
  [401, "Bad credentials", "permission"],
  [403, "Resource not accessible by integration", "permission"],
  [403, "You have exceeded a secondary rate limit.", "rate-limit"],
  [403, "Slow down", "rate-limit", { "retry-after": "60" }],
  [403, "API rate limit exceeded", "rate-limit", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000000" }],
  [403, "No", "permission", { "x-ratelimit-remaining": "10" }],
  [429, "Too many", "rate-limit"],
  [404, "Not Found", "not-found"],
  [409, "Conflict", "invalid"],
  [422, "Body is too long (maximum is 65536 characters)", "too-long"],
  [422, "Validation Failed", "invalid"],
  [500, "Oops", "unreachable"],
  [503, "Body is too long", "unreachable"],
])("%i %s is %s", (status, message, kind, headers = {}) => {
  const error = refused(status, message, { headers });
  expect(error.kind).toBe(kind);
  expect(error.httpStatus).toBe(status);
  expect(error.message).toContain("POST /repos/acme/network/issues/7/comments");
});

test("what the list of a 422 says is said, and decides", () => {
  const errors = [{ resource: "IssueComment", field: "body", code: "custom", message: "is too long" }, "plain words"];
  const error = refused(422, "Validation Failed", { errors });
  expect(error.kind).toBe("too-long");
  expect(error.message).toContain("IssueComment body custom is too long");
  expect(error.message).toContain("plain words");
});

test("a request without an answer is unreachable and has no status", () => {
  const error = gitHubErrorOf({ message: "other side closed", status: 500, request }, (text) => text);
  expect(error.kind).toBe("unreachable");
  expect(error.httpStatus).toBeUndefined();
  expect(error.message).toContain("other side closed");
});

test("ours stay as they are, and anything else is still an error of ours", () => {
  const ours = new GitHubError("invalid", "x");
  expect(gitHubErrorOf(ours, (text) => text)).toBe(ours);
  expect(gitHubErrorOf(undefined, (text) => text)).toBeInstanceOf(GitHubError);
  expect(gitHubErrorOf("text", (text) => text)).toBeInstanceOf(GitHubError);
});

test("the error never looks like Octokit's, whose paging swallows conflicts", () => {
  expect(refused(409, "Conflict")).not.toHaveProperty("status");
});

test("a locked conversation is no matter of permissions", () => {
  expect(refused(403, "Unable to create comment because issue is locked.").message).not.toContain("permissions:");
});

describe("the line for the workflow", () => {
  const repo = "/repos/acme/network";
  test.each([
    ["POST", `${repo}/issues/7/comments`, "pull-requests: write"],
    ["PATCH", `${repo}/issues/comments/9`, "pull-requests: write"],
    ["GET", `${repo}/pulls/7/reviews`, "pull-requests: read"],
    ["POST", `${repo}/issues`, "issues: write"],
    ["POST", `${repo}/check-runs`, "checks: write"],
    ["GET", `${repo}/commits/abc/check-runs`, "checks: read"],
    ["POST", `${repo}/deployments/1/statuses`, "deployments: write"],
    ["GET", `${repo}/actions/artifacts`, "actions: read"],
    ["GET", `${repo}/environments`, "actions: read"],
    ["POST", `${repo}/git/refs`, "contents: write"],
    ["GET", `${repo}/activity`, "contents: read"],
    ["GET", `${repo}/commits/abc/pulls`, "pull-requests: read"],
  ])("%s %s needs %s", (method, path, line) => {
    expect(permissionAdvice({ method, path })).toContain(`\`${line}\``);
  });

  test.each([
    ["issues=write; pull_requests=write", ["pull-requests: write"], ["issues: write"]],
    ["issues=write", ["issues: write"], []],
    ["contents=read,pull_requests=read; issues=read", ["contents: read", "pull-requests: read"], ["issues"]],
  ])("of %j it names %j", (accepted, named, unnamed) => {
    const advice = permissionAdvice({ method: "POST", path: `${repo}/issues/7/comments`, accepted });
    for (const line of named) expect(advice).toContain(`\`${line}\``);
    for (const line of unnamed) expect(advice).not.toContain(line);
  });

  test("says when no workflow can have it", () => {
    const advice = permissionAdvice({
      method: "GET",
      path: `${repo}/branches/main/protection`,
      accepted: "administration=read",
    });
    expect(advice).toContain("administration: read");
    expect(advice).toContain("GitHub App");
    expect(advice).not.toContain("permissions:");
  });

  test("is left out for calls that nobody knows", () => {
    expect(permissionAdvice({ method: "GET", path: "/zen" })).not.toContain("permissions:");
  });
});
