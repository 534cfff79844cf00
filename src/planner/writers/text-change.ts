import type { Action, Change } from "../../model.ts";
import type { Item } from "./compare.ts";
import { type ChangeContext, kindOf } from "./context.ts";
import { countWords, type Group } from "./groups.ts";
import { columnOf, paragraph, type Sheet, type TextStyle } from "./layout.ts";
import { type Row, rowsOf } from "./rows.ts";
import type { Refusal } from "./verdict.ts";
import { visible } from "./visible.ts";
import { orderRisks, RISK_TONE, RISK_WORDS, SIGN, type Tone } from "./words.ts";

const ACTION_STYLE: { readonly [A in Action]: TextStyle } = {
  create: "green",
  update: "yellow",
  replace: "magenta",
  delete: "red",
};
const TONE_STYLE: { readonly [T in Tone]: TextStyle } = { loss: "red", access: "magenta", move: "yellow" };
const ITEM_STYLE: { readonly [S in Item["sign"]]: TextStyle } = { "+": "green", "-": "red", " ": "dim" };

const INDENT = "      ";
const MOST_ADDRESS = 56;
const MOST_ATTRIBUTE = 30;

/** One connection: its headline, then its changes in plan order. */
export function groupLines(sheet: Sheet, group: Group, context: ChangeContext): string[] {
  const { paint } = sheet;
  const risks = group.risks.map((risk) => paint(TONE_STYLE[RISK_TONE[risk]], RISK_WORDS[risk]));
  const counts = countWords(group.counts) || "the rest of a replacement";
  const headline = [paint("bold", visible(group.connection)), counts, risks.join(", ")].filter((part) => part !== "");
  const columns = {
    address: columnOf(group.changes.map(nameOf), MOST_ADDRESS),
    kind: columnOf(group.changes.map(kindOf), MOST_ADDRESS),
    target: columnOf(
      group.changes.map((change) => visible(change.target)),
      MOST_ADDRESS,
    ),
  };
  return [
    headline.join(paint("dim", "  ·  ")),
    ...group.changes.flatMap((change) => changeLines(sheet, change, columns, context)),
  ];
}

interface Columns {
  readonly address: number;
  readonly kind: number;
  readonly target: number;
}

function changeLines(sheet: Sheet, change: Change, columns: Columns, context: ChangeContext): string[] {
  const refusal = context.refusals.get(change.step);
  const after = (context.after.get(change.step) ?? []).map(visible);
  return [
    titleLine(sheet, change, columns, refusal !== undefined),
    ...(refusal === undefined ? [] : refusalLines(sheet, refusal)),
    ...rowLines(sheet, rowsOf(change, sheet.verbose)),
    ...change.notes.flatMap((note) => paragraph(sheet, noteStyle(change), `${INDENT}! `, note)),
    ...(after.length === 0 ? [] : paragraph(sheet, "cyan", INDENT, `after ${after.join(", ")}`)),
  ];
}

function titleLine(sheet: Sheet, change: Change, columns: Columns, refused: boolean): string {
  const { paint } = sheet;
  const style = ACTION_STYLE[change.action];
  const parts = [
    `  ${paint(style, SIGN[change.action])} ${paint(style, nameOf(change).padEnd(columns.address))}`,
    paint("dim", kindOf(change).padEnd(columns.kind)),
    paint("dim", visible(change.target).padEnd(columns.target)),
    ...(refused ? [paint("red", "[REFUSED]")] : []),
    ...orderRisks(change.risks).map((risk) => paint(TONE_STYLE[RISK_TONE[risk]], `[${RISK_WORDS[risk]}]`)),
  ];
  const labels = parts.slice(3).join(" ");
  return [...parts.slice(0, 3), labels].join("  ").trimEnd();
}

function refusalLines(sheet: Sheet, refusal: Refusal): string[] {
  const id = refusal.id === undefined ? "" : ` (${refusal.id})`;
  return paragraph(sheet, "red", `${INDENT}✗ `, `Refused${id}: ${refusal.why}`);
}

function noteStyle(change: Change): TextStyle {
  const worst = orderRisks(change.risks)[0];
  return worst === undefined ? "dim" : TONE_STYLE[RISK_TONE[worst]];
}

function rowLines(sheet: Sheet, rows: readonly Row[]): string[] {
  const names = rows.map((row) => (row.form === "more" ? "" : row.attribute));
  const column = columnOf(names, MOST_ATTRIBUTE) + 2;
  return rows.flatMap((row) => oneRow(sheet, row, column));
}

function oneRow(sheet: Sheet, row: Row, column: number): string[] {
  const { paint } = sheet;
  if (row.form === "more") return [INDENT + paint("dim", `… ${row.words}`)];
  const name = INDENT + row.attribute.padEnd(column);
  if (row.form === "value") return [name + signed(sheet, row)];
  const forces = row.forces ? `  ${paint("magenta", "forces replacement")}` : "";
  if (row.form === "items") return itemLines(sheet, row, name, forces);
  const length = name.length + row.before.length + row.after.length + 3;
  if (length <= sheet.width) return [`${name}${row.before} ${paint("bold", "→")} ${row.after}${forces}`];
  return [name + row.before + forces, `${" ".repeat(name.length - 2)}${paint("bold", "→")} ${row.after}`];
}

/** A value that comes or goes: the sign is said once, at the change; here only what is lost is coloured. */
function signed(sheet: Sheet, row: Extract<Row, { form: "value" }>): string {
  return row.sign === "-" ? sheet.paint("red", row.value) : row.value;
}

function itemLines(sheet: Sheet, row: Extract<Row, { form: "items" }>, name: string, forces: string): string[] {
  const kept = row.kept > 0 ? [sheet.paint("dim", `  ${row.kept} unchanged`)] : [];
  const items = row.items.map((item) => sheet.paint(ITEM_STYLE[item.sign], `${item.sign} ${item.text}`));
  const [first = "", ...others] = [...items, ...kept];
  return [name + first + forces, ...others.map((line) => " ".repeat(name.length) + line)];
}

function nameOf(change: Change): string {
  return visible(change.step);
}
