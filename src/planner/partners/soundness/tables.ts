import { quote, type Report } from "../../specs/problem.ts";
import type { PartnerProfile } from "../profile.ts";

/** A field is a text in every row of its table, or a list in every row. */
export function checkTables({ tables = {} }: PartnerProfile, report: Report): void {
  for (const [name, { rows }] of Object.entries(tables)) {
    const first = new Map<string, { readonly row: string; readonly list: boolean }>();
    for (const [row, fields] of Object.entries(rows)) {
      for (const [field, value] of Object.entries(fields)) {
        const list = Array.isArray(value);
        const earlier = first.get(field);
        if (earlier === undefined) first.set(field, { row, list });
        else if (earlier.list !== list) {
          const [here, there] = list ? ["a list", "a text"] : ["a text", "a list"];
          const message = `${quote(field)} is ${here} here and ${there} in the row ${quote(earlier.row)}`;
          report(["tables", name, "rows", row, field], { code: "profile.table", message });
        }
      }
    }
  }
}
