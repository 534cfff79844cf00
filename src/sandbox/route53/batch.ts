import type { Call } from "../operation.ts";
import type { HostedZone, RecordSet } from "../world.ts";
import { aliasProblems } from "./alias-targets.ts";
import { isApex } from "./apex.ts";
import { isWithin, nameProblem } from "./domain-names.ts";
import { type Change, policyOf } from "./record-input.ts";
import { valueProblems } from "./record-values.ts";

/** The records that a zone would have after a batch, with everything that speaks against it, in Route 53's words. */
export interface Result {
  records: RecordSet[];
  problems: string[];
}

/** Carries a batch out on a copy of the zone's records, change after change; a change with a problem has no effect. */
export function tryBatch(call: Call, zone: HostedZone, changes: readonly Change[]): Result {
  const records = new Records(zone.records);
  const problems = repeated(changes);
  for (const change of changes) problems.push(...apply(zone, records, change));
  const after = { id: zone.id, records: records.all() };
  for (const { action, record } of changes) {
    if (action !== "DELETE") problems.push(...aliasProblems(call, record, after));
  }
  return { records: after.records, problems: [...new Set(problems)] };
}

/** Record sets by name, so that one change does not look through a whole zone. */
class Records {
  readonly #byName = new Map<string, RecordSet[]>();

  constructor(records: readonly RecordSet[]) {
    for (const record of records) this.#byName.set(record.name, [...this.named(record.name), record]);
  }

  named(name: string): RecordSet[] {
    return this.#byName.get(name) ?? [];
  }

  find(wanted: RecordSet): RecordSet | undefined {
    return this.named(wanted.name).find((each) => key(each) === key(wanted));
  }

  remove(record: RecordSet): void {
    this.#byName.set(
      record.name,
      this.named(record.name).filter((each) => key(each) !== key(record)),
    );
  }

  put(record: RecordSet): void {
    this.remove(record);
    this.#byName.set(record.name, [...this.named(record.name), record]);
  }

  all(): RecordSet[] {
    return [...this.#byName.values()].flat();
  }
}

function key({ name, type, setIdentifier }: RecordSet): string {
  return JSON.stringify([name, type, setIdentifier]);
}

/** A record set may be changed once in a batch, or deleted and then made anew. */
function repeated(changes: readonly Change[]): string[] {
  const actionsByKey = new Map<string, string[]>();
  for (const { action, record } of changes) {
    actionsByKey.set(key(record), [...(actionsByKey.get(key(record)) ?? []), action]);
  }
  return changes
    .filter(({ record }) => !/^(\w+|DELETE,(CREATE|UPSERT))$/.test((actionsByKey.get(key(record)) ?? []).join()))
    .map(
      ({ record: { type, name } }) =>
        `The request contains an invalid set of changes for a resource record set '${type} ${name}'`,
    );
}

function apply(zone: HostedZone, records: Records, change: Change): string[] {
  const { action, record, sentName } = change;
  const badName = nameProblem(sentName);
  if (badName !== undefined) return [badName];
  if (!isWithin(record.name, zone.name))
    return [`RRSet with DNS name ${record.name} is not permitted in zone ${zone.name}`];
  if (action === "DELETE") return remove(zone, records, record);
  const there = records.find(record);
  if (action === "CREATE" && there)
    return [`Tried to create resource record set ${called(record)} but it already exists`];
  const problems = [...valueProblems(record), ...neighbourProblems(zone, records.named(record.name), record)];
  if (problems.length === 0) records.put(record);
  return problems;
}

function called({ name, type, setIdentifier }: RecordSet): string {
  const set = setIdentifier === undefined ? "" : `, set-identifier='${setIdentifier}'`;
  return `[name='${name}', type='${type}'${set}]`;
}

function remove(zone: HostedZone, records: Records, record: RecordSet): string[] {
  const there = records.find(record);
  if (!there) return [`Tried to delete resource record set ${called(record)} but it was not found`];
  if (canonical(there) !== canonical(record)) {
    return [
      `Tried to delete resource record set ${called(record)} but the values provided do not match the current values`,
    ];
  }
  if (isApex(record, zone.name)) {
    return record.type === "SOA"
      ? ["A HostedZone must contain exactly one SOA record."]
      : ["A HostedZone must contain at least one NS record for the zone itself."];
  }
  records.remove(there);
  return [];
}

/** All that a delete has to repeat; the order of the values does not matter. */
function canonical({ ttl, values, alias, routing }: RecordSet): string {
  const target = alias && [alias.hostedZoneId, alias.dnsName, alias.evaluateTargetHealth];
  return JSON.stringify([ttl, values && [...values].sort(), target, Object.entries(routing ?? {}).sort()]);
}

function neighbourProblems(zone: HostedZone, sameName: readonly RecordSet[], record: RecordSet): string[] {
  const { name, type } = record;
  const start = `RRSet of type ${type} with DNS name ${name} is not permitted`;
  if (type === "CNAME" && name === zone.name) return [`${start} at apex in zone ${zone.name}`];
  const others = sameName.filter((each) => each.type !== type);
  if (type === "CNAME" && others.length > 0) {
    return [`${start} as it conflicts with other records with the same DNS name in zone ${zone.name}`];
  }
  if (others.some((each) => each.type === "CNAME")) {
    return [
      `${start} because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}`,
    ];
  }
  const mixed = sameName.some(
    (each) => each.type === type && key(each) !== key(record) && policyOf(each) !== policyOf(record),
  );
  return mixed
    ? [`RRSet with DNS name ${name}, type ${type} cannot be created as other RRSets exist with the same name and type.`]
    : [];
}
