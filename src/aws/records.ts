import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import type { Aws } from "./aws.ts";
import { failureOf } from "./errors.ts";

/** Whose a record is: records cannot be tagged, so a TXT record beside each one says it. */
export interface Mark {
  readonly project: string;
  readonly address: string;
}

const PREFIX = "_landline.";
/** One character string of a TXT record holds at most 255 characters; a value may hold many strings. */
const TXT_STRING = 255;

/** Where the mark of a record lies. */
export const markName = (name: string): string => `${PREFIX}${name}`;

/** The record that a mark lies beside; undefined when the name is not that of a mark. */
export const markedName = (name: string): string | undefined =>
  name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;

/** The mark as a TXT value. */
export const markValue = (project: string, address: string): string =>
  txtValue(`heritage=landline,project=${project},address=${address}`);

/** A text as a TXT value, quoted and cut into strings as Route 53 wants it. */
export function txtValue(text: string): string {
  const strings = text.match(new RegExp(`.{1,${TXT_STRING}}`, "g")) ?? [];
  return strings.map((part) => `"${part.replace(/["\\]/g, "\\$&")}"`).join(" ");
}

/** The first mark among TXT values; values of others are passed over. */
export function parseMark(values: readonly string[]): Mark | undefined {
  for (const value of values) {
    const fields = new Map(txtText(value).split(",").map(keyAndValue));
    const [project, address] = [fields.get("project"), fields.get("address")];
    if (fields.get("heritage") === "landline" && project && address) return { project, address };
  }
  return undefined;
}

/** What a TXT value says: its strings joined, escapes undone. A value without quotes is taken as it is. */
export function txtText(value: string): string {
  const strings = value.match(/"(?:[^"\\]|\\.)*"/gs)?.map((part) => part.slice(1, -1)) ?? [value];
  return strings
    .join("")
    .replace(/\\(\d{3}|.)/gs, (_, escaped: string) =>
      escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped,
    );
}

function keyAndValue(field: string): readonly [string, string] {
  const at = field.indexOf("=");
  return [field.slice(0, at).trim(), field.slice(at + 1).trim()];
}

/** The values of a record set that is not an alias. */
export const valuesOf = (set: ResourceRecordSet | undefined): string[] =>
  (set?.ResourceRecords ?? []).map(({ Value = "" }) => Value);

/**
 * Sends one batch, which Route 53 carries out as a whole or not at all; an empty one is not sent. Answers with the id of the change, which
 * takes up to a minute to reach all name servers. Throws the SDK's errors.
 */
export async function changeRecords(
  aws: Aws,
  HostedZoneId: string,
  changes: readonly Change[],
): Promise<string | undefined> {
  if (changes.length === 0) return undefined;
  const ChangeBatch = { Changes: [...changes] };
  const { ChangeInfo } = await aws.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
  return ChangeInfo?.Id;
}

/** Whether a change has reached all name servers. */
export async function isInSync(aws: Aws, Id: string): Promise<boolean> {
  const { ChangeInfo } = await aws.route53.send(new GetChangeCommand({ Id }));
  return ChangeInfo?.Status === "INSYNC";
}

/** Route 53 has one code for every refused batch; only the text tells them apart. */
export const alreadyExists = (error: unknown): boolean => refusedBatch(error, "already exists");
export const wasNotFound = (error: unknown): boolean => refusedBatch(error, "was not found");

function refusedBatch(error: unknown, text: string): boolean {
  const { code, message } = failureOf(error);
  return code === "InvalidChangeBatch" && message.toLowerCase().includes(text);
}
