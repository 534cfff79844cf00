import { quote, type Refusal } from "../problem.ts";
import { checkDnsName } from "./dns.ts";

/** A hosted zone as a text: its id (`Z...`, capitals) or its domain name, which has a dot and no capitals. */
export function checkHostedZone(value: string): Refusal | undefined {
  if (isZoneId(value)) return undefined;
  if (value.includes(".") && !value.includes("*")) return checkDnsName(value);
  return {
    code: "value.form",
    message: `${quote(value)} is neither the id of a hosted zone nor its domain name`,
    hint: "write an id, such as Z0123456789ABCDEFGHIJ, or a domain name, such as internal.example.com",
  };
}

/** A zone as messages call it: `Z0123...`, `example.com`, `example.com (private)`. */
export function zoneText(zone: string | { readonly name: string; readonly private?: boolean }): string {
  if (typeof zone === "string") return zone;
  return zone.private === undefined ? zone.name : `${zone.name} (${zone.private ? "private" : "public"})`;
}

/** Whether a text names a zone by its id. */
export const isZoneId = (value: string): boolean => /^Z[A-Z0-9]{1,31}$/.test(value);
