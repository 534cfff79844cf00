import { compareText, groupBy } from "../collections.ts";
import type { ConnectionStatus } from "../status/index.ts";
import type { ConsumerStatus } from "../status/parts.ts";
import type { ConnectionState } from "../status/state.ts";
import { joinSections, type Sheet, sheetOf, type TextOptions, type TextStyle } from "./layout.ts";
import { healthWords } from "./status-words.ts";
import { clip, visible } from "./visible.ts";
import { count } from "./words.ts";

export const STATE_STYLE: { readonly [S in ConnectionState]: TextStyle } = {
  active: "green",
  absent: "dim",
  draft: "yellow",
  "awaiting-acceptance": "yellow",
  connecting: "cyan",
  "waiting-partner": "yellow",
  "waiting-us": "magenta",
  creating: "cyan",
  degraded: "yellow",
  failed: "red",
  deleting: "red",
};

/** In the order in which the last line counts them. */
const STATES: readonly ConnectionState[] = [
  "active",
  "degraded",
  "draft",
  "waiting-partner",
  "waiting-us",
  "awaiting-acceptance",
  "creating",
  "connecting",
  "failed",
  "deleting",
  "absent",
];

const HEAD = ["CONNECTION", "STATE", "OBJECTS", "CONNECTED", "TARGETS", "WHAT IS OPEN"];
const MOST_REASON = 90;

/** One line for each connection, and how many there are in each state. */
export function statusToText(statuses: readonly ConnectionStatus[], options: TextOptions): string {
  const sheet = sheetOf(options);
  if (statuses.length === 0) return "No connections: neither a spec nor anything with our mark.\n";
  const cells = statuses.map(cellsOf);
  const widths = HEAD.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], paint: (text: string, column: number) => string) =>
    row
      .map((text, column) => paint(column === row.length - 1 ? text : text.padEnd(widths[column] ?? 0), column))
      .join("  ")
      .trimEnd();
  return joinSections([
    [
      line(HEAD, (text) => sheet.paint("bold", text)),
      ...cells.map((row, index) =>
        line(row, (text, column) => (column === 1 ? painted(sheet, statuses[index], text) : text)),
      ),
    ],
    [totals(statuses)],
  ]);
}

const painted = ({ paint }: Sheet, status: ConnectionStatus | undefined, text: string): string =>
  status ? paint(STATE_STYLE[status.state], text) : text;

function cellsOf({ connection, state, reasons, service, endpoints }: ConnectionStatus): string[] {
  const objects = [...endpoints.map(({ id }) => id), ...(service ? [service.id] : [])];
  return [
    visible(connection),
    state,
    objects.join(" ") || "-",
    connected(service?.connections ?? []),
    service ? healthWords(service.targets) : "-",
    clip(visible(reasons.join("; ")), MOST_REASON) || "nothing",
  ];
}

/** `2 available, 1 pendingacceptance`: a service may have hundreds of consumers; the details list them all. */
function connected(consumers: readonly ConsumerStatus[]): string {
  const states = groupBy(consumers, ({ state }) => state);
  const words = [...states]
    .sort(([a], [b]) => compareText(a, b))
    .map(([state, own]) => `${own.length} ${visible(state)}`);
  return words.join(", ") || "-";
}

/** `vpce-0aa (402592597372, available)` */
export const consumerWords = ({ endpointId, account, state }: ConsumerStatus): string =>
  visible(`${endpointId} (${account}, ${state})`);

function totals(statuses: readonly ConnectionStatus[]): string {
  const parts = STATES.flatMap((state) => {
    const number = statuses.filter((status) => status.state === state).length;
    return number === 0 ? [] : [`${number} ${state}`];
  });
  return `${count(statuses.length, "connection")}: ${parts.join(", ")}.`;
}
