import type { Call, Tree } from "../operation.ts";
import { text } from "../params.ts";
import type { RecordSet } from "../world.ts";
import { nameProblem, sortName, storedName } from "./domain-names.ts";
import { findZone } from "./find.ts";
import { invalidInput, need, pageSize } from "./input.ts";

/** AWS shows at most this many record sets in one answer. */
const largestPage = 300;

/** ListResourceRecordSets: by reversed labels, then type, then set identifier, starting at the place that the request names. Pending changes show at once. */
export function listResourceRecordSets(call: Call): Tree {
  const { params } = call;
  const zone = findZone(call, need(params, "Id"));
  const start = startOf(
    text(params, "StartRecordName"),
    text(params, "StartRecordType"),
    text(params, "StartRecordIdentifier"),
  );
  const size = pageSize(params, "MaxItems", largestPage);
  const sorted = zone.records
    .map((record) => ({ record, place: placeOf(record.name, record.type, record.setIdentifier) }))
    .filter(({ place }) => place >= start)
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ record }) => record);
  const next = sorted[size];
  return {
    ResourceRecordSets: { ResourceRecordSet: sorted.slice(0, size).map(recordTree) },
    IsTruncated: next !== undefined,
    NextRecordName: next?.name,
    NextRecordType: next?.type,
    NextRecordIdentifier: next?.setIdentifier,
    MaxItems: String(size),
  };
}

function startOf(name?: string, type?: string, identifier?: string): string {
  if (type && !name) throw invalidInput("A record type can be specified only together with a record name");
  if (identifier && !type)
    throw invalidInput("A record identifier can be specified only together with a record name and type");
  if (!name) return "";
  const problem = nameProblem(name);
  if (problem !== undefined) throw invalidInput(problem);
  return placeOf(storedName(name), type, identifier);
}

function placeOf(name: string, type = "", identifier = ""): string {
  return `${sortName(name)} ${type} ${identifier}`;
}

function recordTree(record: RecordSet): Tree {
  const { alias } = record;
  return {
    Name: record.name,
    Type: record.type,
    SetIdentifier: record.setIdentifier,
    ...routingTree(record.routing ?? {}),
    TTL: alias ? undefined : record.ttl,
    ResourceRecords: alias ? undefined : { ResourceRecord: (record.values ?? []).map((Value) => ({ Value })) },
    AliasTarget: alias && {
      HostedZoneId: alias.hostedZoneId,
      DNSName: alias.dnsName,
      EvaluateTargetHealth: alias.evaluateTargetHealth,
    },
  };
}

/** `GeoLocation.CountryCode` becomes an element inside an element again. */
function routingTree(routing: Record<string, string>): Tree {
  const root: Tree = {};
  for (const [path, value] of Object.entries(routing)) {
    const steps = path.split(".");
    const last = steps.pop() ?? path;
    let at = root;
    for (const step of steps) {
      const there = at[step];
      const inner: Tree = typeof there === "object" && there !== null && !Array.isArray(there) ? there : {};
      at[step] = inner;
      at = inner;
    }
    at[last] = value;
  }
  return root;
}
