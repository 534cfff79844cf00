import { createHash, randomUUID } from "node:crypto";
import { authenticate, authorize } from "./access.ts";
import { parseBody } from "./body.ts";
import type { Answer, Call } from "./call.ts";
import { download } from "./downloads.ts";
import { ApiError, notFound } from "./errors.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Limits } from "./limits.ts";
import type { Exchange } from "./options.ts";
import { look } from "./pushes.ts";
import type { LoggedRequest } from "./requests.ts";
import type { createRouter, Found } from "./router.ts";
import type { Caller, Place, World } from "./world.ts";

/** What one running server consists of. */
export interface Host {
  world: World;
  router: ReturnType<typeof createRouter>;
  limits: Limits;
  faults: Faults;
  requests: LoggedRequest[];
  basePath: string;
  latencyMs: number;
  onExchange: (exchange: Exchange) => void;
  log: (line: string) => void;
}

/** A request as it came over the wire. */
export interface Incoming {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

/** What goes back; `silent` never answers, `dropped` cuts the connection. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  fate?: "dropped" | "silent";
  delayMs: number;
}

/** Handles one request from beginning to end, in one piece. */
export function dispatch(host: Host, incoming: Incoming): Reply {
  const path = incoming.url.pathname;
  const file = download(host.world, incoming.url);
  if (file) return reply(file, {});
  const below = path.startsWith(`${host.basePath}/`) ? path.slice(host.basePath.length) : undefined;
  return below === undefined ? reply(refusal(host, notFound()), {}) : operate(host, incoming, below);
}

function operate(host: Host, incoming: Incoming, path: string): Reply {
  const { method } = incoming;
  const found = host.router(method, path);
  const fault = host.faults.meet(method, path);
  const creating = method !== "GET" && method !== "HEAD";
  let caller: Caller | undefined;
  let answer: Answer;
  try {
    caller = authenticate(host.world, text(incoming.headers.authorization));
    answer = admit(host, incoming, { found, fault, caller, creating });
  } catch (error) {
    answer = refusal(host, error);
  }
  const common = commonHeaders(host, caller);
  const sent = validated(host, incoming, caller, reply(answer, common));
  const done = withFate(sent, fault);
  host.requests.push({
    method,
    path,
    query: incoming.url.search,
    ...(found === undefined ? {} : { template: found.route.template }),
    ...(caller === undefined ? {} : { login: caller.user.login }),
    status: done.fate === undefined ? done.status : 0,
    creating,
  });
  if (done.fate === undefined && fault === undefined) show(host, incoming, path, found, answer, done);
  return done;
}

interface Admission {
  found: Found | undefined;
  fault: Fault | undefined;
  caller: Caller;
  creating: boolean;
}

/** Limits first, then permissions, then the operation itself; faults before and after the effect. */
function admit(host: Host, incoming: Incoming, { found, fault, caller, creating }: Admission): Answer {
  if (fault?.kind === "primary") throw host.limits.exhaust(caller);
  if (fault?.kind === "secondary") throw host.limits.secondary(fault.retryAfter ?? 60);
  host.limits.charge(caller, creating);
  if (fault?.kind === "status-before") throw broken(fault);
  if (fault?.kind === "drop-before" || fault?.kind === "timeout-before") return { status: 0 };
  if (!found) throw notFound();
  look(host.world);
  const answer = found.route.handle(callFor(host.world, incoming, found, caller));
  if (fault?.kind === "status-after") throw broken(fault);
  return answer;
}

function callFor(world: World, incoming: Incoming, { route, params }: Found, caller: Caller): Call {
  const place = placeOf(world, params);
  if (!place || (place.fork && !route.forks)) throw notFound();
  authorize(world, caller, route);
  return { world, caller, place, params, query: incoming.url.searchParams, body: parseBody(incoming.body) };
}

/** GitHub compares owners and repositories without case. Paths of an organisation belong to the repository at home. */
function placeOf(world: World, { owner, repo, org }: Record<string, string>): Place | undefined {
  const same = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase();
  if (org !== undefined) return same(world.home.owner.login, org) ? world.home : undefined;
  return [world.home, ...world.forks].find((place) => same(place.owner.login, owner) && same(place.name, repo));
}

function broken(fault: Fault): ApiError {
  const status = fault.status ?? 502;
  const message = fault.message ?? (status >= 500 ? "Server Error" : "Validation Failed");
  return new ApiError(status, message);
}

function refusal(host: Host, error: unknown): Answer {
  if (error instanceof ApiError) {
    const body = {
      message: error.message,
      ...(error.errors === undefined ? {} : { errors: error.errors }),
      documentation_url: "https://docs.github.com/rest",
      status: String(error.status),
    };
    return { status: error.status, body, headers: error.headers };
  }
  host.log(`github: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return { status: 500, body: { message: "Server Error" } };
}

function commonHeaders(host: Host, caller: Caller | undefined): Record<string, string> {
  return {
    "x-github-request-id": randomUUID().toUpperCase(),
    "x-github-api-version-selected": "2022-11-28",
    ...(caller === undefined ? {} : host.limits.headers(caller)),
    ...(caller === undefined || caller.app ? {} : { "x-oauth-scopes": "repo, read:org" }),
  };
}

function reply(answer: Answer, common: Record<string, string>): Reply {
  const json = answer.body !== undefined;
  const body = answer.bytes ?? Buffer.from(json ? JSON.stringify(answer.body) : "");
  const type: Record<string, string> = json ? { "content-type": "application/json; charset=utf-8" } : {};
  return { status: answer.status, headers: { ...common, ...type, ...answer.headers }, body, delayMs: 0 };
}

/** Puts the ETag on reads; what the caller already has is not sent again and costs nothing. */
function validated(host: Host, incoming: Incoming, caller: Caller | undefined, sent: Reply): Reply {
  if (incoming.method !== "GET" || sent.status !== 200 || !caller) return sent;
  const etag = `W/"${createHash("sha256").update(sent.body).digest("hex")}"`;
  const headers = { ...sent.headers, etag, "cache-control": "private, max-age=60, s-maxage=60" };
  if (text(incoming.headers["if-none-match"]) !== etag) return { ...sent, headers };
  host.limits.refund(caller);
  const kept: Record<string, string> = { ...headers, ...host.limits.headers(caller) };
  delete kept["content-type"];
  return { ...sent, status: 304, headers: kept, body: Buffer.alloc(0) };
}

function withFate(sent: Reply, fault: Fault | undefined): Reply {
  const delayMs = fault?.kind === "delay" ? (fault.delayMs ?? 0) : 0;
  if (fault?.kind.startsWith("drop-")) return { ...sent, fate: "dropped", delayMs };
  if (fault?.kind.startsWith("timeout-")) return { ...sent, fate: "silent", delayMs };
  return { ...sent, delayMs };
}

function show(
  host: Host,
  incoming: Incoming,
  path: string,
  found: Found | undefined,
  answer: Answer,
  sent: Reply,
): void {
  host.onExchange({
    method: incoming.method,
    path,
    ...(found === undefined ? {} : { template: found.route.template }),
    query: Object.fromEntries(incoming.url.searchParams),
    requestBody: incoming.body === "" ? undefined : readJson(incoming.body),
    status: sent.status,
    // Through JSON, because that is what the client sees: members that are undefined are not there.
    responseBody: sent.status === 304 || answer.body === undefined ? undefined : readJson(JSON.stringify(answer.body)),
    headers: sent.headers,
  });
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
