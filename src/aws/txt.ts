import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import type { Aws } from "./aws.ts";
import { isCode } from "./errors.ts";
import { plainName, recordsAt } from "./reads.ts";
import { valuesOf } from "./records.ts";

const TTL_SECONDS = 300;

/** What happens to one TXT set. Several parties may share a set, so only single values come and go. */
export interface TxtEdit {
  readonly name: string;
  /** A value as Route 53 writes it, in quotes. */
  readonly add?: string;
  /** Which of the present values go. */
  readonly drop?: (value: string) => boolean;
}

/** The batch that makes these edits to a zone; empty when nothing is left to do. */
export function txtChanges(edits: readonly TxtEdit[], sets: readonly ResourceRecordSet[]): Change[] {
  return edits.flatMap(({ name, add, drop = () => false }): Change[] => {
    const existing = sets.find((set) => set.Type === "TXT" && plainName(set.Name) === name);
    const before = valuesOf(existing);
    const after = [...new Set([...before.filter((value) => value === add || !drop(value)), ...(add ? [add] : [])])];
    if (String(before) === String(after)) return [];
    if (existing && after.length === 0) return [{ Action: "DELETE", ResourceRecordSet: existing }];
    const set = { Name: name, Type: "TXT", TTL: existing?.TTL ?? TTL_SECONDS } as const;
    const ResourceRecords = after.map((Value) => ({ Value }));
    return [{ Action: existing ? "UPSERT" : "CREATE", ResourceRecordSet: { ...set, ResourceRecords } }];
  });
}

/**
 * Reads the sets afresh and sends one batch. A batch refused because a set came, went or moved meanwhile (or because the answer to our first
 * try was lost) is made anew once. Answers with the change's id, to wait for; undefined when there was nothing to do.
 */
export async function editTxt(aws: Aws, HostedZoneId: string, edits: readonly TxtEdit[]): Promise<string | undefined> {
  for (let tries = 1; ; tries++) {
    const sets = await Promise.all(edits.map(({ name }) => recordsAt(aws, HostedZoneId, name)));
    const Changes = txtChanges(edits, sets.flat());
    if (Changes.length === 0) return undefined;
    try {
      const input = { HostedZoneId, ChangeBatch: { Changes } };
      const { ChangeInfo } = await aws.route53.send(new ChangeResourceRecordSetsCommand(input));
      return ChangeInfo?.Id;
    } catch (error) {
      if (tries === 2 || !isCode(error, "InvalidChangeBatch")) throw error;
    }
  }
}

/** Waits until every name server answers with a change; false when that takes longer than `seconds`. */
export async function inSync(aws: Aws, changeId: string, seconds: number): Promise<boolean> {
  const until = Date.now() + seconds * 1000;
  for (let wait = 200; Date.now() < until; wait = Math.min(wait * 2, 5000)) {
    const { ChangeInfo } = await aws.route53.send(new GetChangeCommand({ Id: changeId }));
    if (ChangeInfo?.Status === "INSYNC") return true;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return false;
}
