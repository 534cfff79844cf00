import type { Finding, ReadFailure, TargetSnapshot } from "../../model.ts";
import { asSet, groupBy } from "../collections.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ConnectionDocument, Path } from "../specs/index.ts";

/** A target that could not be read. */
type Unread = TargetSnapshot & { readonly error: ReadFailure };

/** Connections that are neither planned nor changed in this run, and why. */
export interface Unreadable {
  readonly blocked: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

const ID = "target.unreadable";

/**
 * What a target that cannot be read costs: every connection that needs it is left as it is, with the reason, and the others are planned
 * as if nothing had happened. What a removed spec has left elsewhere stays too, because nobody can tell what of it lies in that target.
 */
export function unreadableConnections(
  connections: ReadonlyMap<string, ConnectionDocument>,
  cloud: SnapshotIndex,
  inScope: (connection: string) => boolean,
): Unreadable {
  const unread = cloud.snapshot.targets.filter(isUnread);
  if (unread.length === 0) return { blocked: new Set(), findings: [] };
  const needs = asSet([...connections.keys()].filter(inScope)).flatMap((name) => needsOf(name, connections));
  const failed = unread.flatMap((target) => failuresBy(target, needs));
  const orphans = groupBy(
    cloud.live.filter(({ connection }) => !connections.has(connection) && inScope(connection)),
    ({ connection }) => connection,
  );
  const left = [...orphans].map(([name, live]) => leftFinding(name, live.length, unread));
  const idle = unread.filter(({ target }) => !needs.some((need) => need.target === target)).map(idleFinding);
  return {
    blocked: new Set([...failed, ...left].flatMap(({ connection }) => connection ?? [])),
    findings: [...failed, ...left, ...idle],
  };
}

/** `target apps-use1 (account 222222222222, us-east-1) cannot be read: AccessDenied: ...`, with what to do about it. */
export function unreadableWords({ target, account, region, error }: Unread): string {
  // This one names the target and what to do by itself.
  if (error.code === "WrongAccountError") return error.message;
  return `target ${target} (account ${account}, ${region}) cannot be read: ${error.code}: ${error.message}${hintFor(error.code)}`;
}

export const isUnread = (target: TargetSnapshot): target is Unread => target.error !== undefined;

const NO_CREDENTIALS = ["CredentialsProviderError", "TokenProviderError"];
const NO_RIGHTS = ["UnauthorizedOperation", "AccessDenied"];

function hintFor(code: string): string {
  if (NO_CREDENTIALS.includes(code))
    return ". Sign in (AWS_PROFILE, AWS_ACCESS_KEY_ID, an instance role, ...), or try it on the embedded AWS with --sandbox";
  return NO_RIGHTS.includes(code) ? ". `landline iam --mode plan` prints the policy that reading needs" : "";
}

/** One finding for each connection that needs the target, at the first field of its spec that leads there. */
function failuresBy(target: Unread, needs: readonly Need[]): Finding[] {
  const here = groupBy(
    needs.filter((need) => need.target === target.target),
    ({ document }) => document.spec.metadata.name,
  );
  return [...here].flatMap(([connection, [first]]): Finding[] => {
    const message = `${ended(unreadableWords(target))} Nothing of ${connection} is planned or changed until it can be read`;
    return first ? [{ id: ID, severity: "error", connection, message, at: first.document.at(first.path) }] : [];
  });
}

interface Place {
  readonly target: string;
  readonly path: Path;
}
interface Need extends Place {
  readonly document: ConnectionDocument;
}

/** Every target that a spec names, whatever the field it stands in, and those of the services of this project that it consumes. */
function needsOf(name: string, connections: ReadonlyMap<string, ConnectionDocument>): Need[] {
  const document = connections.get(name);
  if (!document) return [];
  const { service: own, endpoints = [], records = [] } = document.spec;
  const consumed = endpoints.flatMap(({ service }, index): Place[] => {
    const provider = typeof service === "object" ? connections.get(service.connection)?.spec.service : undefined;
    return provider ? [{ target: provider.target, path: ["endpoints", index, "service"] }] : [];
  });
  const places = [
    ...targetFields(own, ["service"]),
    ...targetFields(endpoints, ["endpoints"]),
    ...targetFields(records, ["records"]),
    ...consumed,
  ];
  return places.map((place) => ({ ...place, document }));
}

function targetFields(value: unknown, path: Path): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]): Place[] =>
    key === "target" && typeof inner === "string"
      ? [{ target: inner, path: [...path, key] }]
      : targetFields(inner, [...path, key]),
  );
}

function leftFinding(connection: string, live: number, unread: readonly Unread[]): Finding {
  const names = unread.map(({ target }) => target).join(", ");
  const count = live === 1 ? "the resource" : `the ${live} resources`;
  const message =
    `${connection} has no spec any more, and ${names} cannot be read: nobody can tell what of it lies there, so ` +
    `${count} of it elsewhere ${live === 1 ? "stays" : "stay"} until every target can be read`;
  return { id: ID, severity: "error", connection, message };
}

/** Nobody needs the target now, but what removed specs have left there is not seen. */
function idleFinding(target: Unread): Finding {
  const message = `${ended(unreadableWords(target))} No connection of this plan needs it, but whatever of ours lies there is not seen`;
  return { id: ID, severity: "warning", message };
}

const ended = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
