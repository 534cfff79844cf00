import { structuredPatch } from "diff";
import type { Value } from "../../model.ts";
import { documentText, sortKeys, valueText } from "./values.ts";
import { visible } from "./visible.ts";

/** One line of a difference: added, removed, or there for context. */
export interface Item {
  readonly sign: "+" | "-" | " ";
  readonly text: string;
}

/** Lines of context around a changed line of a document. */
const CONTEXT = 3;

/** What a set gained and lost, additions first, and what it kept. Order and duplicates do not count. */
export function compareSets(before: readonly Value[], after: readonly Value[]): { items: Item[]; kept: Item[] } {
  const old = new Set(before.map(keyOf));
  const now = new Set(after.map(keyOf));
  const text = (sign: Item["sign"]) => (value: Value) => ({ sign, text: valueText(value) });
  const items = [
    ...unique(after.filter((value) => !old.has(keyOf(value)))).map(text("+")),
    ...unique(before.filter((value) => !now.has(keyOf(value)))).map(text("-")),
  ];
  return { items, kept: unique(after.filter((value) => old.has(keyOf(value)))).map(text(" ")) };
}

/** Two lists in which order counts: every item, a moved one as removed and added. */
export function compareLists(before: readonly Value[], after: readonly Value[]): Item[] {
  const lines = (values: readonly Value[]) => values.map((value) => `${valueText(value)}\n`).join("");
  const context = before.length + after.length;
  const hunks = structuredPatch("", "", lines(before), lines(after), undefined, undefined, { context }).hunks;
  return hunks.flatMap((hunk) => hunk.lines.map(lineItem));
}

/** Two documents as a unified difference, without the header; `…` stands between distant places. */
export function compareDocuments(before: Value | undefined, after: Value | undefined, attribute: string): Item[] {
  const old = withNewline(documentText(before, attribute));
  const now = withNewline(documentText(after, attribute));
  const hunks = structuredPatch("", "", old, now, undefined, undefined, { context: CONTEXT }).hunks;
  return hunks.flatMap((hunk, index) => [
    ...(index > 0 ? [{ sign: " " as const, text: "…" }] : []),
    ...hunk.lines.map(lineItem),
  ]);
}

function lineItem(line: string): Item {
  const sign = line.startsWith("+") ? "+" : line.startsWith("-") ? "-" : " ";
  return { sign, text: visible(line.slice(1)) };
}

function withNewline(text: string): string {
  return text === "" ? "" : `${text}\n`;
}

function keyOf(value: Value): string {
  return JSON.stringify(sortKeys(value));
}

function unique(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}
