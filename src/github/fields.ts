import { GitHubError } from "./errors.ts";

/** A value that came from outside, and how a message should call it. */
export interface Source {
  readonly where: string;
  readonly value: unknown;
}

/** What GitHub sent, for messages. */
export const answer = (value: unknown): Source => ({ where: "GitHub's answer", value });

/** The value under a dotted path; undefined when something on the way is missing. */
export function at({ value }: Source, path: string): unknown {
  let found: unknown = value;
  for (const key of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}

export function text(source: Source, path: string): string {
  const found = at(source, path);
  return typeof found === "string" ? found : refuse(source, path, "a text", found);
}

/** A text that may be null or missing. */
export function textOrNull(source: Source, path: string): string | null {
  return (at(source, path) ?? null) === null ? null : text(source, path);
}

export function flag(source: Source, path: string): boolean {
  const found = at(source, path);
  return typeof found === "boolean" ? found : refuse(source, path, "true or false", found);
}

/** An id or number of something at GitHub: a positive whole number. */
export function id(source: Source, path: string): number {
  const found = at(source, path);
  return typeof found === "number" && Number.isSafeInteger(found) && found > 0
    ? found
    : refuse(source, path, "a positive whole number", found);
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** A full commit hash. Strict, because these go on to git and into addresses. */
export function commit(source: Source, path: string): string {
  const found = at(source, path);
  return typeof found === "string" && COMMIT.test(found) ? found : refuse(source, path, "a full commit hash", found);
}

export function commitOrNull(source: Source, path: string): string | null {
  return (at(source, path) ?? null) === null ? null : commit(source, path);
}

/** The login under `<path>.login`; GitHub sends null for deleted accounts and shows them as `ghost`, and so do we. */
export function login(source: Source, path: string): string {
  return (at(source, path) ?? null) === null ? "ghost" : text(source, `${path}.login`);
}

function refuse(source: Source, path: string, expected: string, found: unknown): never {
  throw new GitHubError("invalid", `${source.where}: \`${path}\` should be ${expected}, but is ${shown(found)}.`);
}

function shown(found: unknown): string {
  if (found === undefined) return "missing";
  if (Array.isArray(found)) return "a list";
  if (typeof found === "object" && found !== null) return "an object";
  const written = JSON.stringify(found);
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}
