import type { Action, Change } from "../../model.ts";
import type { Item } from "./compare.ts";
import { type ChangeContext, kindOf } from "./context.ts";
import { countWords, type Group } from "./groups.ts";
import { columnOf, paragraph, type Sheet, type TextStyle } from "./layout.ts";
import { type Row, rowsOf } from "./rows.ts";
import type { Refusal } from "./verdict.ts";
import { clip, visible } from "./visible.ts";
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
const MOST_TARGET = 24;
const MOST_ATTRIBUTE = 30;

/** One connection: its headline, then its changes in plan order. */
export function groupLines(sheet: Sheet, group: Group, context: ChangeContext): string[] {
  const { paint } = sheet;
  const risks = group.risks.map((risk) => paint(TONE_STYLE[RISK_TONE[risk]], RISK_WORDS[risk]));
  const counts = countWords(group.counts) || "the rest of a replacement";
  const headline = [paint("bold", visible(group.connection)), counts, risks.join(", ")].filter((part) => part !== "");
  const columns = columnsOf(sheet, group.changes, context);
  return [
    headline.join(paint("dim", "  ·  ")),
    ...group.changes.flatMap((change) => changeLines(sheet, change, columns, context)),
  ];
}

interface Columns {
  readonly address: number;
  readonly kind: number;
  readonly target: number;
  /** Whether the labels fit behind the columns. */
  readonly wide: boolean;
}

function columnsOf(sheet: Sheet, changes: readonly Change[], context: ChangeContext): Columns {
  const address = columnOf(changes.map(nameOf), MOST_ADDRESS);
  const kind = columnOf(changes.map(kindOf), MOST_ADDRESS);
  const target = columnOf(
    changes.map((change) => visible(change.target)),
    MOST_TARGET,
  );
  const labels = changes.map((change) => labelsOf(change, context.refusals.has(change.step)));
  const widest = columnOf(
    labels.map((own) => own.map(([, label]) => label).join(" ")),
    sheet.width,
  );
  return { address, kind, target, wide: 4 + address + kind + target + 6 + widest <= sheet.width };
}

function changeLines(sheet: Sheet, change: Change, columns: Columns, context: ChangeContext): string[] {
  const refusal = context.refusals.get(change.step);
  const after = (context.after.get(change.step) ?? []).map(visible);
  return [
    ...titleLines(sheet, change, columns, refusal !== undefined),
    ...(refusal === undefined ? [] : refusalLines(sheet, refusal)),
    // What is created or deleted needs no sign on each value: the change has one.
    ...rowLines(sheet, rowsOf(change, sheet.verbose), change.action === "create" || change.action === "delete"),
    ...change.notes.flatMap((note) => paragraph(sheet, noteStyle(change), `${INDENT}! `, note)),
    ...(after.length === 0 ? [] : paragraph(sheet, "cyan", INDENT, `after ${after.join(", ")}`)),
  ];
}

/** Sign, name, kind, target, labels; the labels get a line of their own where the terminal is too narrow for the group. */
function titleLines(sheet: Sheet, change: Change, columns: Columns, refused: boolean): string[] {
  const { paint } = sheet;
  const style = ACTION_STYLE[change.action];
  const target = visible(change.target);
  const place = `${kindOf(change).padEnd(columns.kind)}  ${target}`;
  const name = paint(style, nameOf(change).padEnd(columns.address));
  const title = `  ${paint(style, SIGN[change.action])} ${name}  ${paint("dim", place)}`;
  const labels = labelsOf(change, refused);
  if (labels.length === 0) return [title];
  const line = labels.map(([labelStyle, label]) => paint(labelStyle, label)).join(" ");
  return columns.wide
    ? [`${title}${" ".repeat(Math.max(0, columns.target - target.length))}  ${line}`]
    : [title, INDENT + line];
}

function labelsOf(change: Change, refused: boolean): [TextStyle, string][] {
  const risks = orderRisks(change.risks).map((risk): [TextStyle, string] => [
    TONE_STYLE[RISK_TONE[risk]],
    `[${RISK_WORDS[risk]}]`,
  ]);
  return refused ? [["red", "[REFUSED]"], ...risks] : risks;
}

/** One line: the whole sentence stands among the errors. */
function refusalLines(sheet: Sheet, refusal: Refusal): string[] {
  if (refusal.id === undefined) return paragraph(sheet, "red", `${INDENT}✗ `, `Refused: ${refusal.why}`);
  const words = visible(`Refused by ${refusal.id}: ${refusal.why}`);
  return [INDENT + sheet.paint("red", `✗ ${clip(words, sheet.width - INDENT.length - 2)}`)];
}

function noteStyle(change: Change): TextStyle {
  const worst = orderRisks(change.risks)[0];
  return worst === undefined ? "dim" : TONE_STYLE[RISK_TONE[worst]];
}

/** Rows below a title, their values in one column; `bare` leaves out the sign of a value that has only one side. */
export function rowLines(sheet: Sheet, rows: readonly Row[], bare = false): string[] {
  const names = rows.map((row) => (row.form === "more" ? "" : row.attribute));
  const column = columnOf(names, MOST_ATTRIBUTE) + 2;
  return rows.flatMap((row) => oneRow(sheet, row, column, bare));
}

function oneRow(sheet: Sheet, row: Row, column: number, bare: boolean): string[] {
  const { paint } = sheet;
  if (row.form === "more") return [INDENT + paint("dim", `… ${row.words}`)];
  const name = INDENT + row.attribute.padEnd(column);
  if (row.form === "value")
    return [name + (bare ? row.value : paint(ITEM_STYLE[row.sign], `${row.sign} ${row.value}`))];
  const forces = row.forces ? `  ${paint("magenta", "forces replacement")}` : "";
  if (row.form === "document")
    return [`${INDENT}${row.attribute}${forces}`, ...itemLines(sheet, row.items, `${INDENT}  `)];
  if (row.form === "set") {
    const kept = row.kept > 0 ? [`${" ".repeat(name.length)}${paint("dim", `  ${row.kept} unchanged`)}`] : [];
    const lines = [...itemLines(sheet, row.items, " ".repeat(name.length)), ...kept];
    return lines.map((line, index) => (index === 0 ? name + line.slice(name.length) + forces : line));
  }
  const length = name.length + row.before.length + row.after.length + 3;
  const arrow = paint("bold", "→");
  if (length <= sheet.width) return [`${name}${row.before} ${arrow} ${row.after}${forces}`];
  return [name + row.before, `${" ".repeat(name.length - 2)}${arrow} ${row.after}${forces}`];
}

function itemLines(sheet: Sheet, items: readonly Item[], indent: string): string[] {
  return items.map((item) => indent + sheet.paint(ITEM_STYLE[item.sign], `${item.sign} ${item.text}`));
}

function nameOf(change: Change): string {
  return visible(change.step);
}
