// Writes test/github/fixtures/openapi.json: the part of GitHub's OpenAPI description that Landline and its local GitHub use.
//
//   npm pack @octokit/openapi@23.0.2        # 29 MB; 385 MB unpacked, so it is no dependency
//   tar xzf octokit-openapi-23.0.2.tgz package/package.json package/generated/api.github.com.json
//   node test/github/extract-openapi.mjs package
//
// Another operation: add it to OPERATIONS and run this again. Tests read the fixture and never run this file.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** @typedef {ReturnType<typeof JSON.parse>} Json Any part of the description. */

const FIXTURE = new URL("./fixtures/openapi.json", import.meta.url);
const REPO = "/repos/{owner}/{repo}";

/** Path template below the repository (or from the root when it begins with `/`), with the methods that are used. */
const OPERATIONS = {
  "": "get",
  issues: "get post",
  "issues/{issue_number}": "get patch",
  "issues/{issue_number}/comments": "get post",
  "issues/{issue_number}/labels": "post",
  "issues/comments/{comment_id}": "get patch delete",
  labels: "get post",
  "labels/{name}": "get",
  pulls: "get post",
  "pulls/{pull_number}": "get patch",
  "pulls/{pull_number}/commits": "get",
  "pulls/{pull_number}/files": "get",
  "pulls/{pull_number}/merge": "put",
  "pulls/{pull_number}/requested_reviewers": "get",
  "pulls/{pull_number}/reviews": "get post",
  "pulls/{pull_number}/reviews/{review_id}/dismissals": "put",
  "check-runs": "post",
  "check-runs/{check_run_id}": "get patch",
  "commits/{ref}": "get",
  "commits/{ref}/check-runs": "get",
  "commits/{commit_sha}/pulls": "get",
  "compare/{basehead}": "get",
  "contents/{path}": "get put",
  "git/ref/{ref}": "get",
  "git/refs": "post",
  activity: "get",
  "branches/{branch}": "get",
  "branches/{branch}/protection": "get",
  "rules/branches/{branch}": "get",
  "codeowners/errors": "get",
  "collaborators/{username}/permission": "get",
  deployments: "get post",
  "deployments/{deployment_id}": "get",
  "deployments/{deployment_id}/statuses": "get post",
  environments: "get",
  "environments/{environment_name}": "get",
  "actions/artifacts": "get",
  "actions/artifacts/{artifact_id}": "get",
  "actions/artifacts/{artifact_id}/{archive_format}": "get",
  "actions/oidc/customization/sub": "get",
  "actions/runs/{run_id}": "get",
  "actions/runs/{run_id}/approvals": "get",
  "actions/runs/{run_id}/artifacts": "get",
  "actions/runs/{run_id}/pending_deployments": "get",
  "/orgs/{org}/teams/{team_slug}/members": "get",
  "/orgs/{org}/teams/{team_slug}/memberships/{username}": "get",
};

/** Events of which the local GitHub has payloads. */
const WEBHOOKS = [
  "merge-group-checks-requested",
  "pull-request-closed",
  "pull-request-opened",
  "pull-request-reopened",
  "pull-request-review-dismissed",
  "pull-request-review-submitted",
  "pull-request-synchronize",
  "push",
  "workflow-dispatch",
  "workflow-run-completed",
];

/** Keywords that say nothing about what is valid. */
const PROSE = new Set([
  "description",
  "title",
  "example",
  "examples",
  "externalDocs",
  "default",
  "readOnly",
  "writeOnly",
  "deprecated",
  "nullable",
  "discriminator",
]);
/** Keywords whose value is a map of names to schemas, or a list of schemas, or one schema. */
const SCHEMA_MAPS = new Set(["properties", "patternProperties"]);
const SCHEMA_LISTS = new Set(["oneOf", "anyOf", "allOf"]);
const SCHEMAS = new Set(["items", "not", "additionalProperties"]);
const COMPONENT = "#/components/";

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error("say where the unpacked @octokit/openapi is: node test/github/extract-openapi.mjs FOLDER");
const source = JSON.parse(await readFile(join(folder, "generated/api.github.com.json"), "utf8"));
const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

const paths = Object.fromEntries(Object.entries(OPERATIONS).map(([below, methods]) => pathItem(below, methods)));
const webhooks = Object.fromEntries(WEBHOOKS.map((event) => [event, webhook(event)]));
const components = { schemas: reachable({ paths, webhooks }) };
await writeFile(FIXTURE, lines({ openapi: "3.1.0", info: about(), paths, webhooks, components }));

/** Where this comes from; MIT asks for the notice. */
function about() {
  return {
    title: "GitHub REST API, the operations and events that Landline uses",
    version,
    "x-source": `${name} ${version}, generated/api.github.com.json, by test/github/extract-openapi.mjs`,
    "x-license": `${license}, Copyright GitHub, Inc. and the Octokit contributors`,
    "x-changed": "prose and unused parts left out; nullable written as OpenAPI 3.1 (JSON Schema 2020-12) does",
  };
}

function pathItem(/** @type {string} */ below, /** @type {string} */ methods) {
  const path =
    below === "" || below.startsWith("/") ? `${below.startsWith("/") ? "" : REPO}${below}` : `${REPO}/${below}`;
  const item = source.paths[path];
  if (item === undefined) throw new Error(`${name} ${version} has no path ${path}`);
  const operations = methods.split(" ").map((method) => {
    if (item[method] === undefined) throw new Error(`${name} ${version} has no ${method} ${path}`);
    return [method, operation(item[method])];
  });
  return [path, Object.fromEntries(operations)];
}

/** @param {Json} from */
function operation(from) {
  const responses = Object.entries(from.responses).map(([status, response]) => [status, content(resolve(response))]);
  return {
    operationId: from.operationId,
    parameters: (from.parameters ?? []).map(resolve).map(parameter),
    ...(from.requestBody && {
      requestBody: { required: from.requestBody.required === true, ...content(from.requestBody) },
    }),
    responses: Object.fromEntries(responses),
  };
}

function webhook(/** @type {string} */ event) {
  const item = source["x-webhooks"][event];
  if (item === undefined) throw new Error(`${name} ${version} has no webhook ${event}`);
  return { post: { requestBody: { required: true, ...content(item.post.requestBody) } } };
}

/** @param {Json} from */
function parameter(from) {
  const { name, in: place, required = false, schema } = from;
  // GitHub marks the parameters that may hold slashes, such as the path of a file, with this extension.
  const segments = from["x-multi-segment"] ? { "x-multi-segment": true } : {};
  return { name, in: place, required, schema: convert(schema), ...segments };
}

/** The JSON body, if there is one; other content types (raw, html) are not asked for. */
function content(/** @type {Json} */ from) {
  const schema = from.content?.["application/json"]?.schema;
  return schema === undefined ? {} : { content: { "application/json": { schema: convert(schema) } } };
}

/** Follows a reference to a parameter or a response. */
function resolve(/** @type {Json} */ node) {
  return node.$ref === undefined ? node : component(node.$ref);
}

function component(/** @type {string} */ ref) {
  const [kind = "", key = ""] = ref.slice(COMPONENT.length).split("/");
  return source.components[kind][key];
}

/**
 * An OpenAPI 3.0 schema as JSON Schema 2020-12, without prose.
 * @param {Json} schema
 * @returns {Json}
 */
function convert(schema) {
  if (typeof schema !== "object") return schema;
  if (schema.$ref !== undefined) return { $ref: schema.$ref };
  const kept = Object.entries(schema).filter(([keyword]) => !PROSE.has(keyword) && !keyword.startsWith("x-"));
  const result = Object.fromEntries(kept.map(([keyword, value]) => [keyword, convertKeyword(keyword, value)]));
  // The default, written out. Left in, it would mark misspelt names as known.
  if (result.additionalProperties === true && result.properties !== undefined) delete result.additionalProperties;
  return schema.nullable === true ? orNull(result) : result;
}

function convertKeyword(/** @type {string} */ keyword, /** @type {Json} */ value) {
  if (SCHEMA_MAPS.has(keyword))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, convert(each)]));
  if (SCHEMA_LISTS.has(keyword)) return value.map(convert);
  return SCHEMAS.has(keyword) ? convert(value) : value;
}

function orNull(/** @type {Json} */ schema) {
  if (schema.type === undefined && schema.enum === undefined) {
    return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: "null" }] };
  }
  const type = schema.type === undefined ? {} : { type: [schema.type, "null"] };
  const values = schema.enum === undefined || schema.enum.includes(null) ? {} : { enum: [...schema.enum, null] };
  return { ...schema, ...type, ...values };
}

/** The schemas that the operations need, and those that these need, by name. */
function reachable(/** @type {unknown} */ from) {
  /** @type {Record<string, unknown>} */
  const found = {};
  const open = refsIn(from);
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const key = ref.slice(`${COMPONENT}schemas/`.length);
    if (key in found) continue;
    found[key] = convert(component(ref));
    open.push(...refsIn(found[key]));
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function refsIn(/** @type {unknown} */ node) {
  return [...JSON.stringify(node).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = ""]) => ref);
}

/** JSON with a line for each path, webhook and schema: small, and a new version still shows what changed. */
function lines(/** @type {Json} */ { openapi, info, paths, webhooks, components }) {
  const map = (/** @type {object} */ of) =>
    `{\n${Object.entries(of)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(",\n")}\n}`;
  const head = `"openapi":${JSON.stringify(openapi)},\n"info":${map(info)}`;
  const body = `"paths":${map(paths)},\n"webhooks":${map(webhooks)}`;
  return `{\n${head},\n${body},\n"components":{"schemas":${map(components.schemas)}}\n}\n`;
}
