import { styleText } from "node:util";
import { type ConnectionState, type ConnectionStatus, statusOf } from "../planner/status.ts";
import { openCloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { look } from "./look.ts";
import { EXIT, type GlobalOptions } from "./options.ts";
import { planFrom } from "./plan.ts";
import { openProgress } from "./progress.ts";
import { checkOnly, specsToPlan } from "./specs.ts";

export interface StatusOptions extends GlobalOptions {
  readonly name?: string;
  readonly format: "text" | "json";
}

/** `landline status [NAME]`: every connection, its state, and who is connected. */
export async function status(options: StatusOptions, io: Io): Promise<number> {
  const specs = specsToPlan(options, io);
  const only = checkOnly(options.name === undefined ? undefined : [options.name], specs);
  const cloud = await openCloud(specs.project, options, io);
  try {
    const { snapshot } = await look(specs, only, cloud, openProgress(io, options), io);
    const rows = statusOf(specs.connections, planFrom(specs, snapshot, only, io), snapshot, only);
    io.out(options.format === "json" ? `${JSON.stringify(rows, null, 2)}\n` : table(rows, io));
    return EXIT.done;
  } finally {
    await cloud.close();
  }
}

const COLOR: { readonly [S in ConnectionState]: "green" | "yellow" | "red" | "cyan" } = {
  active: "green",
  "waiting-partner": "yellow",
  "waiting-us": "yellow",
  creating: "cyan",
  degraded: "yellow",
  failed: "red",
  deleting: "red",
};

function table(rows: readonly ConnectionStatus[], io: Io): string {
  const cells = rows.map(({ connection, state, objects, consumers, summary }) => [
    connection,
    state,
    objects.join(" "),
    consumers.map(({ endpointId, account, state: is }) => `${endpointId} (${account}, ${is})`).join(", ") || "-",
    summary,
  ]);
  const head = ["CONNECTION", "STATE", "OBJECTS", "CONNECTED", "WHAT NEXT"];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], paint: (text: string, column: number) => string = (text) => text) =>
    row
      .map((text, column) => paint(column === row.length - 1 ? text : text.padEnd(widths[column] ?? 0), column))
      .join("  ")
      .trimEnd();
  const styled = (style: "bold" | "green" | "yellow" | "red" | "cyan", text: string) =>
    io.color ? styleText(style, text, { validateStream: false }) : text;
  return [
    line(head, (text) => styled("bold", text)),
    ...cells.map((row, index) =>
      line(row, (text, column) => (column === 1 ? styled(COLOR[rows[index]?.state ?? "active"], text) : text)),
    ),
    "",
  ].join("\n");
}
