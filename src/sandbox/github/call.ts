import { notFound } from "./errors.ts";
import type { Role } from "./options.ts";
import type { Caller, Place, World } from "./world.ts";

/** A recognised request of somebody known. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
  /** The repository that the path names. */
  readonly place: Place;
  /** Parts of the path by their name in the template. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is answered: JSON, or bytes. */
export interface Answer {
  status: number;
  body?: unknown;
  bytes?: Uint8Array;
  headers?: Record<string, string>;
}

/** Permissions of which an app needs all, by the API's names; `{}` is what every token may do. */
export type Needs = Readonly<Record<string, "read" | "write">>;

/** One operation of the API. */
export interface Route {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** As in GitHub's OpenAPI description. */
  template: string;
  /** What an app's token must have: any one of these. */
  needs: readonly Needs[];
  /** What a person must be in the repository; `app` is for apps only. */
  role: Role | "app";
  /** Offered for forks as well. */
  forks?: true;
  handle: (call: Call) => Answer;
}

export function ok(body: unknown, headers?: Record<string, string>): Answer {
  return { status: 200, body, ...(headers === undefined ? {} : { headers }) };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export const noContent: Answer = { status: 204 };

/** A part of the path; the template has it, or the server is wrong. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the path has no {${name}}`);
  return value;
}

/** A number in the path; anything else is no such object. */
export function numberParam(call: Call, name: string): number {
  const text = param(call, name);
  if (!/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}
