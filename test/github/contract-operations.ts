import type { JsonSchema } from "./contract-schemas.ts";

/** One parameter of an operation, as `fixtures/openapi.json` keeps it. */
export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: JsonSchema;
  /** GitHub's mark for path parameters that may hold slashes: branches, refs, paths of files. */
  "x-multi-segment"?: boolean;
}

/** A JSON body; without `content` there is none. */
export interface Body {
  content?: { "application/json": { schema: JsonSchema } };
}

/** One operation, as `fixtures/openapi.json` keeps it. */
export interface Operation {
  operationId: string;
  parameters: Parameter[];
  requestBody?: Body & { required: boolean };
  responses: Record<string, Body>;
}

/** The part of an OpenAPI 3.1 document that the contract reads. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  /** By event and action: `pull-request-opened`. */
  webhooks: Record<string, { post: { requestBody: Body } }>;
  components: { schemas: Record<string, JsonSchema> };
}

/** An operation with the path that leads to it. */
export interface Route {
  operation: Operation;
  /** `GET`. */
  method: string;
  /** `/repos/{owner}/{repo}/pulls/{pull_number}`. */
  template: string;
  pattern: RegExp;
  /** Segments of the template without a parameter; the more, the better it fits. */
  literals: number;
}

/** The operation behind a method and a path without its query, if the description has one. */
export type FindRoute = (method: string, path: string) => Route | undefined;

/** Finds operations; of several templates that fit a path the most literal one wins, as with `issues/comments/{comment_id}`. */
export function routesOf(openapi: OpenApi): FindRoute {
  const routes = Object.entries(openapi.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => route(template, method.toUpperCase(), operation)),
  );
  routes.sort((a, b) => b.literals - a.literals);
  return (method, path) => routes.find((each) => each.method === method.toUpperCase() && each.pattern.test(path));
}

function route(template: string, method: string, operation: Operation): Route {
  const segments = template.split("/").slice(1);
  const parameters = new Map(
    operation.parameters.filter((each) => each.in === "path").map((each) => [each.name, each]),
  );
  const pattern = segments.map((segment) => `/${segmentPattern(segment, parameters)}`).join("");
  const literals = segments.filter((segment) => !segment.startsWith("{")).length;
  return { operation, method, template, pattern: new RegExp(`^${pattern}$`), literals };
}

function segmentPattern(segment: string, parameters: Map<string, Parameter>): string {
  if (!segment.startsWith("{")) return segment.replaceAll("-", "\\-");
  const parameter = parameters.get(segment.slice(1, -1));
  if (parameter?.["x-multi-segment"]) return ".+";
  return parameter?.schema.type === "integer" ? "[0-9]+" : "[^/]+";
}
