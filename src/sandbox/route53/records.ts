import { AwsError, type Call, type Tree } from "../operation.ts";
import { struct, structs, text } from "../params.ts";
import { tryBatch } from "./batch.ts";
import { addChange, changeTree } from "./changes.ts";
import { findZone } from "./find.ts";
import { invalidInput, need } from "./input.ts";
import { quota } from "./quotas.ts";
import { type Change, readChange } from "./record-input.ts";

/** What one batch may hold. An UPSERT counts twice, an alias as one element. */
const mostElements = 1000;
const mostCharacters = 32_000;

/** ChangeResourceRecordSets: all changes of the batch or none. @throws AwsError InvalidChangeBatch with every problem in one bracketed list */
export function changeResourceRecordSets(call: Call): Tree {
  const zone = findZone(call, need(call.params, "Id"));
  const batch = struct(call.params, "ChangeBatch") ?? {};
  const changes = structs(batch, "Changes").map(readChange);
  if (changes.length === 0)
    throw invalidInput("Invalid request: Missing field 'Changes': a batch needs at least one change");
  refuse(sizeProblems(changes));
  const { records, problems } = tryBatch(call, zone, changes);
  refuse(problems);
  const most = quota(call, "MAX_RRSETS_BY_ZONE");
  if (records.length > most && records.length > zone.records.length) {
    refuse([`Limits Exceeded: MAX_RRSETS_BY_ZONE - Cannot have more than ${most} records in zone ${zone.name}`]);
  }
  zone.records = records;
  return { ChangeInfo: { ...changeTree(addChange(call, zone)), Comment: text(batch, "Comment") } };
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new AwsError("InvalidChangeBatch", `[${problems.join(", ")}]`);
}

function sizeProblems(changes: readonly Change[]): string[] {
  const elements = total(changes, ({ values }) => values?.length ?? 1);
  const characters = total(changes, ({ values }) => (values ?? []).join("").length);
  return [
    ...(elements > mostElements ? [`Number of records limit of ${mostElements} exceeded.`] : []),
    ...(characters > mostCharacters ? [`Number of characters limit of ${mostCharacters} exceeded.`] : []),
  ];
}

function total(changes: readonly Change[], sizeOf: (record: Change["record"]) => number): number {
  return changes.reduce((sum, { action, record }) => sum + sizeOf(record) * (action === "UPSERT" ? 2 : 1), 0);
}
