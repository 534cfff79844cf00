import { expect, test } from "vitest";
import type { Exchange } from "./contract.ts";
import { githubContract, githubOpenApi } from "./contract-fixture.ts";
import { bodyCheck } from "./contract-schemas.ts";

const LABEL = {
  id: 1,
  node_id: "LA_1",
  url: "https://api.example/labels/drift",
  name: "drift",
  description: null,
  color: "d93f0b",
  default: false,
};
const getLabel: Exchange = {
  method: "GET",
  path: "/repos/acme/network/labels/drift",
  status: 200,
  responseBody: LABEL,
};
const createLabel: Exchange = {
  method: "POST",
  path: "/repos/acme/network/labels",
  requestBody: { name: "drift", color: "d93f0b" },
  status: 201,
  responseBody: LABEL,
};
const listIssues: Exchange = { method: "GET", path: "/repos/acme/network/issues", status: 200, responseBody: [] };
const deleteComment: Exchange = { method: "DELETE", path: "/repos/acme/network/issues/comments/7", status: 204 };
const NOT_FOUND = { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" };

const fits: Record<string, Exchange> = {
  "an answer": getLabel,
  "a request with its answer": createLabel,
  "a base path, as on GitHub Enterprise Server": { ...getLabel, path: `/api/v3${getLabel.path}` },
  "a query in the path": { ...listIssues, path: `${listIssues.path}?state=all&per_page=100` },
  "a query apart": { ...listIssues, query: { state: "all", per_page: "100", since: "2026-01-01T00:00:00Z" } },
  "an address that GitHub leaves empty": { ...getLabel, responseBody: { ...LABEL, url: "" } },
  "an error that fits several of the forms that are described": {
    method: "PUT",
    path: "/repos/acme/network/contents/a.yaml",
    requestBody: { message: "Change", content: "eA==" },
    status: 409,
    responseBody: {
      message: "a.yaml does not match",
      documentation_url: "https://docs.github.com/rest",
      status: "409",
    },
  },
  "no content": deleteComment,
  "not modified": { ...getLabel, status: 304, responseBody: undefined },
  "a described error": { ...getLabel, status: 404, responseBody: NOT_FOUND },
  "a missing object where the description forgets the 404": { ...deleteComment, status: 404, responseBody: NOT_FOUND },
  "a rate limit": { ...getLabel, status: 429, responseBody: { message: "Slow down", documentation_url: "" } },
  "a gateway's page": { ...getLabel, status: 502, responseBody: "<html>" },
  "a bad request that was refused": {
    ...createLabel,
    requestBody: { colour: 1 },
    status: 422,
    responseBody: {
      message: "Validation Failed",
      documentation_url: "https://docs.github.com/rest",
      status: "422",
      errors: [{ resource: "Label", field: "name", code: "missing_field" }],
    },
  },
};

const violates: Record<string, [exchange: Exchange, complaint: RegExp]> = {
  "an operation that GitHub does not have": [{ ...getLabel, path: "/repos/acme/network/lables" }, /no such operation/],
  "a method that GitHub does not have": [{ ...getLabel, method: "PUT" }, /no such operation/],
  "a word for a number in the path": [{ ...deleteComment, path: "/repos/a/b/issues/comments/x" }, /no such operation/],
  "an unknown parameter": [{ ...listIssues, query: { perpage: "100" } }, /query: .*"perpage"/],
  "a parameter of another type": [{ ...listIssues, query: { per_page: "many" } }, /query: \/per_page must be integer/],
  "a parameter outside its values": [{ ...listIssues, query: { state: "merged" } }, /query: \/state/],
  "a date that is none": [{ ...listIssues, query: { since: "yesterday" } }, /query: \/since .*date-time/],
  "a parameter twice": [{ ...listIssues, path: `${listIssues.path}?page=1&page=2` }, /query: page .*more than once/],
  "a request without its body": [{ ...createLabel, requestBody: undefined }, /request: a body is required/],
  "a body where none belongs": [{ ...getLabel, requestBody: {} }, /request: a body is not described/],
  "a request without a member": [{ ...createLabel, requestBody: {} }, /request: .*required property 'name'/],
  "a misspelt member": [
    { ...createLabel, requestBody: { name: "x", colour: "d93f0b" } },
    /request: .*unevaluated properties: "colour"/,
  ],
  "a text where a number belongs": [
    { ...getLabel, responseBody: { ...LABEL, id: "1" } },
    /response: \/id must be integer/,
  ],
  "null where none may be": [
    { ...getLabel, responseBody: { ...LABEL, name: null } },
    /response: \/name must be string/,
  ],
  "an address that is none": [{ ...getLabel, responseBody: { ...LABEL, url: "labels/1" } }, /response: \/url .*format/],
  "a missing member": [{ ...getLabel, responseBody: { ...LABEL, node_id: undefined } }, /response: .*'node_id'/],
  "an undocumented member": [{ ...getLabel, responseBody: { ...LABEL, owner: 1 } }, /response: .*"owner"/],
  "an undocumented member of a member": [
    {
      method: "GET",
      path: "/repos/acme/network/git/ref/heads/main",
      status: 200,
      responseBody: {
        ref: "refs/heads/main",
        node_id: "R_1",
        url: "https://api.example/ref",
        object: { type: "commit", sha: "a".repeat(40), url: "https://api.example/commit", author: "ana" },
      },
    },
    /response: \/object .*"author"/,
  ],
  "an undocumented member of an entry": [
    { ...getLabel, path: "/repos/acme/network/labels", responseBody: [LABEL, { ...LABEL, owner: 1 }] },
    /response: \/1 .*"owner"/,
  ],
  "a missing body": [{ ...getLabel, responseBody: undefined }, /response: the body is missing/],
  "a body with no content": [{ ...deleteComment, responseBody: {} }, /response: a body is not described/],
  "a body that was not modified": [{ ...getLabel, status: 304 }, /response: a body is not described/],
  "a status that the operation does not have": [{ ...getLabel, status: 201 }, /response: status 201/],
  "a refusal that the operation does not have": [{ ...getLabel, status: 409 }, /response: status 409/],
  "an error that tells another status": [
    { ...getLabel, status: 404, responseBody: { ...NOT_FOUND, status: 404 } },
    /response: \/status must be string/,
  ],
  "an error without its message": [
    { ...deleteComment, status: 403, responseBody: { documentation_url: "" } },
    /response: .*'message'/,
  ],
};

test.each(Object.entries(fits))("fits: %s", (_, exchange) => {
  expect(githubContract.check(exchange)).toEqual([]);
});

test.each(Object.entries(violates))("violates: %s", (_, [exchange, complaint]) => {
  // As on the wire, where members that are undefined do not exist.
  const responseBody = exchange.responseBody && JSON.parse(JSON.stringify(exchange.responseBody));
  const complaints = githubContract.check({ ...exchange, responseBody });
  expect(complaints).toEqual([expect.stringMatching(complaint)]);
});

test("every schema of the description is whole", () => {
  const check = bodyCheck(githubOpenApi.components.schemas);
  const operations = Object.values(githubOpenApi.paths).flatMap((item) => Object.values(item));
  const bodies = operations.flatMap(({ requestBody, responses }) => [requestBody ?? {}, ...Object.values(responses)]);
  const schemas = bodies.flatMap(({ content }) => (content === undefined ? [] : [content["application/json"].schema]));
  // A reference that leads nowhere throws. No body is a text.
  for (const schema of schemas) expect(check(schema, "a text")).not.toEqual([]);
  expect(schemas.length).toBeGreaterThan(operations.length);
});

test("complaints say which exchange and which operation", () => {
  const [complaint] = githubContract.check({ ...getLabel, status: 409 });
  expect(complaint).toBe(
    "GET /repos/acme/network/labels/drift → 409 (issues/get-label) response: status 409 is not described",
  );
});

test.each([
  ["GET", "/repos/a/b/issues/comments/7", "issues/get-comment"],
  ["GET", "/repos/a/b/issues/7/comments", "issues/list-comments"],
  ["GET", "/repos/a/b/contents/specs/deep/a.yaml", "repos/get-content"],
  ["GET", "/repos/a/b/commits/feature/x/check-runs", "checks/list-for-ref"],
  ["GET", "/repos/a/b/commits/feature/x", "repos/get-commit"],
  ["GET", "/repos/a/b/branches/feature/x/protection", "repos/get-branch-protection"],
  ["GET", "/repos/a/b/compare/main...feature/x", "repos/compare-commits-with-basehead"],
  ["GET", "/repos/a/b/git/ref/heads/feature/x", "git/get-ref"],
  ["GET", "/repos/a/b/rules/branches/release/1", "repos/get-branch-rules"],
])("finds the operation of %s %s", (method, path, operation) => {
  expect(githubContract.operationOf({ method, path })).toBe(operation);
});
