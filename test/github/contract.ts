import { FORGOTTEN, GITHUB_ERROR } from "./contract-answers.ts";
import { type FindRoute, type OpenApi, type Operation, type Route, routesOf } from "./contract-operations.ts";
import { bodyCheck, type Check, type JsonSchema, queryCheck } from "./contract-schemas.ts";

/** One request and its answer, with JSON bodies parsed; `undefined` is no body. */
export interface Exchange {
  method: string;
  /** Percent-encoded as on the wire; a base path such as `/api/v3` may stand before. */
  path: string;
  /** The query, unless it stands in the path. */
  query?: Readonly<Record<string, string>>;
  requestBody?: unknown;
  status: number;
  responseBody?: unknown;
}

/** An event as workflows get it: its name as in GITHUB_EVENT_NAME, its payload as in the file at GITHUB_EVENT_PATH. */
export interface Event {
  name: string;
  payload: Readonly<Record<string, unknown>>;
}

/** What GitHub's OpenAPI description says about exchanges and events. */
export interface Contract {
  /** What the request or the answer does that GitHub does not describe, one line each; empty when all is well. */
  check(exchange: Exchange): string[];
  /** What the payload has against the webhook of its name and action; a schedule has none. */
  checkEvent(event: Event): string[];
  /** GitHub's name of the operation, such as `issues/create-comment`; undefined when the description has none. */
  operationOf(exchange: Pick<Exchange, "method" | "path">): string | undefined;
  /** Every operation of the description. */
  operations: readonly string[];
}

interface Checks {
  find: FindRoute;
  body: Check;
  query: Check;
}

/** Statuses that any operation may answer with; the description names them for some only. */
const EVERYWHERE = new Set([304, 401, 403, 404, 429]);
/** GitHub has refused the request, so that the contract need not: tests send such bodies on purpose. */
const REFUSED = new Set([400, 422]);
const GHES_PREFIX = /^\/api\/v3(?=\/)/;

/** The contract that an OpenAPI document (see `extract-openapi.mjs`) describes. */
export function contractOf(openapi: OpenApi): Contract {
  const checks = { find: routesOf(openapi), body: bodyCheck(openapi.components.schemas), query: queryCheck() };
  return {
    check: (exchange) => checkExchange(checks, exchange),
    checkEvent: (event) => checkEvent(checks.body, openapi.webhooks, event),
    operationOf: (exchange) => checks.find(exchange.method, split(exchange).path)?.operation.operationId,
    operations: Object.values(openapi.paths).flatMap((item) => Object.values(item).map((each) => each.operationId)),
  };
}

function checkExchange(checks: Checks, exchange: Exchange): string[] {
  const { path, query } = split(exchange);
  const route = checks.find(exchange.method, path);
  const where = `${exchange.method} ${exchange.path} → ${exchange.status}`;
  if (route === undefined) return [`${where}: no such operation in test/github/fixtures/openapi.json`];
  const { operation } = route;
  const complaints = [
    ...checkQuery(checks, route, query).map((line) => `query: ${line}`),
    ...checkRequest(checks, operation, exchange).map((line) => `request: ${line}`),
    ...checkResponse(checks, operation, exchange).map((line) => `response: ${line}`),
  ];
  return complaints.map((line) => `${where} (${operation.operationId}) ${line}`);
}

function checkEvent(check: Check, webhooks: OpenApi["webhooks"], { name, payload }: Event): string[] {
  if (name === "schedule") return [];
  const action = typeof payload.action === "string" ? `_${payload.action}` : "";
  const webhook = `${name}${action}`.replaceAll("_", "-");
  const schema = webhooks[webhook]?.post.requestBody.content?.["application/json"].schema;
  if (schema === undefined) return [`event ${webhook}: no such webhook in test/github/fixtures/openapi.json`];
  return check(schema, payload).map((line) => `event ${webhook}: ${line}`);
}

function split({ path, query }: Pick<Exchange, "path" | "query">): { path: string; query: URLSearchParams } {
  const url = new URL(path, "http://github.invalid");
  return {
    path: url.pathname.replace(GHES_PREFIX, ""),
    query: query === undefined ? url.searchParams : new URLSearchParams(query),
  };
}

const querySchemas = new WeakMap<Operation, JsonSchema>();

function checkQuery({ query: check }: Checks, { operation }: Route, query: URLSearchParams): string[] {
  const doubled = [...new Set(query.keys())].filter((name) => query.getAll(name).length > 1);
  if (doubled.length > 0) return [`${doubled.join(", ")} given more than once`];
  return check(querySchema(operation), Object.fromEntries(query));
}

function querySchema(operation: Operation): JsonSchema {
  const known = querySchemas.get(operation);
  if (known !== undefined) return known;
  const parameters = operation.parameters.filter((each) => each.in === "query");
  const schema = {
    type: "object",
    properties: Object.fromEntries(parameters.map((each) => [each.name, each.schema])),
    required: parameters.filter((each) => each.required).map((each) => each.name),
    additionalProperties: false,
  };
  querySchemas.set(operation, schema);
  return schema;
}

function checkRequest({ body: check }: Checks, operation: Operation, { requestBody, status }: Exchange): string[] {
  if (REFUSED.has(status)) return [];
  const described = operation.requestBody;
  const schema = described?.content?.["application/json"].schema;
  if (requestBody === undefined) return described?.required ? ["a body is required"] : [];
  return schema === undefined ? ["a body is not described"] : check(schema, requestBody);
}

function checkResponse({ body: check }: Checks, operation: Operation, exchange: Exchange): string[] {
  const { status, responseBody } = exchange;
  // A gateway answers these, often with a page of HTML.
  if (status >= 500) return [];
  const described = operation.responses[status];
  if (described === undefined && !isKnownAnswer(operation, status)) return [`status ${status} is not described`];
  const schema = described?.content?.["application/json"].schema ?? (status >= 400 ? GITHUB_ERROR : undefined);
  if (schema !== undefined) {
    return responseBody === undefined ? ["the body is missing"] : check(schema, withoutStatus(responseBody, status));
  }
  return responseBody === undefined ? [] : ["a body is not described"];
}

/** Errors tell their status in the body as well, which only some of the description's error schemas say. */
function withoutStatus(body: unknown, status: number): unknown {
  if (status < 400 || typeof body !== "object" || body === null || !("status" in body)) return body;
  const { status: told, ...rest } = body;
  return told === String(status) ? rest : body;
}

function isKnownAnswer(operation: Operation, status: number): boolean {
  return (
    EVERYWHERE.has(status) ||
    FORGOTTEN.some((each) => each.operation === operation.operationId && each.status === status)
  );
}
