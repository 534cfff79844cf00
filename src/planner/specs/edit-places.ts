import {
  type CST,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { blockLines, inlineText } from "./edit-words.ts";
import { isMap as isPlainMap } from "./json.ts";

/** One change of a text: what stands from here to there becomes this. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export type Parent = YAMLMap | YAMLSeq;

/** One more entry at the end of a list, written as the last one is. */
export function appendTo(text: string, list: YAMLSeq, value: unknown): Splice[] | undefined {
  if (list.flow) return intoFlow(text, list, inlineText(value));
  const last = list.items.at(-1);
  const dash = dashOf(list);
  if (last === undefined || dash === undefined) return undefined;
  const spread = isMap(last) && !last.flow;
  return [newLines(text, endOf(last), columnOf(text, dash), entryLines(value, spread))];
}

/** One more key at the end of a map. */
export function insertKey(text: string, map: YAMLMap, key: string, value: unknown): Splice[] | undefined {
  if (map.flow) return intoFlow(text, map, `${inlineText(key)}: ${inlineText(value)}`);
  const [first, last] = [map.items[0], map.items.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return [newLines(text, endOf(last), columnOf(text, startOf(first)), blockLines({ [key]: value }))];
}

/** Another value in the place of one; a comment behind it stays. */
export function replaceWith(
  text: string,
  node: Node | null,
  parent: Parent | undefined,
  value: unknown,
): Splice[] | undefined {
  if (!node?.range) return undefined;
  const from = startOf(node);
  const block = blockScalar(node);
  const to = block && keepsLines(block) ? endOf(node) - lineEndsOf(block) : endOf(node);
  if (from === to) return [intoNothing(text, from, parent, value)];
  if (isCollection(node) && !node.flow && isFilled(value)) {
    const lines = blockLines(value);
    const below = `${lineEnd(text)}${" ".repeat(columnOf(text, from))}`;
    return [{ from, to, text: lines.length === 1 ? inlineText(value) : lines.join(below) }];
  }
  const quotes = isScalar(node) && !block ? node.type : undefined;
  return [{ from, to, text: inlineText(value, quotes) }];
}

/** A key that has no value yet: what is short goes behind it, the rest on the lines below. */
function intoNothing(text: string, at: number, parent: Parent | undefined, value: unknown): Splice {
  const [key] = isMap(parent) && !parent.flow ? parent.items : [];
  return key !== undefined && isFilled(value)
    ? newLines(text, at, columnOf(text, startOf(key)) + 2, blockLines(value))
    : { from: at, to: at, text: ` ${inlineText(value)}` };
}

const isFilled = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

function entryLines(value: unknown, spread: boolean): string[] {
  if (!isPlainMap(value)) return [`- ${inlineText(value)}`];
  return spread ? blockLines(value).map((line, index) => `${index === 0 ? "- " : "  "}${line}`) : blockLines([value]);
}

/** Whole lines below the one in which something ends. */
function newLines(text: string, end: number, indent: number, lines: readonly string[]): Splice {
  const next = text[end - 1] === "\n" ? end : text.indexOf("\n", end) + 1;
  const eol = lineEnd(text);
  const body = lines.map((line) => (line === "" ? line : " ".repeat(indent) + line)).join(eol);
  return next === 0
    ? { from: text.length, to: text.length, text: `${eol}${body}` }
    : { from: next, to: next, text: `${body}${eol}` };
}

/** One more entry before the bracket that closes: on a line of its own where the last one has that. */
function intoFlow(text: string, { items, range }: Parent, entry: string): Splice[] | undefined {
  if (!range) return undefined;
  const [start, end] = range;
  const last = items.at(-1) as Node | Pair | undefined;
  if (last === undefined) return [intoEmpty(text, start, end, entry)];
  const at = endOf(last);
  const indent = text.slice(lineStart(text, startOf(last)), startOf(last));
  const comma = afterBlanks(text, at);
  const hasComma = text[comma] === ",";
  const rest = hasComma ? comma + 1 : at;
  const below = text.indexOf("\n", rest);
  const own = indent.trim() === "" && below >= 0 && below < end && isBlankLine(text.slice(rest, below));
  if (!own) return [{ from: at, to: at, text: `, ${entry}` }];
  return [
    ...(hasComma ? [] : [{ from: at, to: at, text: "," }]),
    { from: below + 1, to: below + 1, text: `${indent}${entry}${hasComma ? "," : ""}${lineEnd(text)}` },
  ];
}

function intoEmpty(text: string, start: number, end: number, entry: string): Splice {
  const inside = text.slice(start + 1, end - 1);
  const to = inside.trim() === "" ? end - 1 : start + 1;
  return { from: start + 1, to, text: text[start] === "{" ? ` ${entry} ` : entry };
}

const isBlankLine = (text: string): boolean => /^\s*(#.*)?$/.test(text);

/** The first character from here on that is neither blank nor part of a comment. */
function afterBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (/\s/.test(text[at] ?? "")) at++;
    if (text[at] !== "#") return at;
    const next = text.indexOf("\n", at);
    at = next < 0 ? text.length : next;
  }
}

/** Where something begins, and where its last character stands, comments left out. Block collections reach as far as their last entry. */
function startOf(part: Node | Pair): number {
  return (isPair(part) ? (part.key as Node | null) : part)?.range?.[0] ?? 0;
}

function endOf(part: unknown): number {
  if (isPair(part)) return endOf(part.value ?? part.key);
  if (isCollection(part) && !part.flow && part.items.length > 0) return endOf(part.items.at(-1));
  const end = (part as Node).range?.[1] ?? 0;
  const block = blockScalar(part);
  return block && !keepsLines(block) ? end - lineEndsOf(block) : end;
}

/** A scalar on lines of its own, after `|` or `>`. */
function blockScalar(node: unknown): CST.BlockScalar | undefined {
  const token = isScalar(node) ? node.srcToken : undefined;
  return token?.type === "block-scalar" ? token : undefined;
}

/** Whether the empty lines below it are part of what it says: `|+`. */
const keepsLines = ({ props }: CST.BlockScalar): boolean =>
  props.some((token) => "source" in token && /^[|>].*\+/.test(token.source));

const lineEndsOf = ({ source }: CST.BlockScalar): number => source.length - source.replace(/[\r\n]+$/, "").length;

/** The dash of a list's first entry, which is no node. */
function dashOf({ srcToken }: YAMLSeq): number | undefined {
  if (srcToken?.type !== "block-seq") return undefined;
  return srcToken.items[0]?.start.find(({ type }) => type === "seq-item-ind")?.offset;
}

const lineStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;

/** A byte order mark takes no room. */
function columnOf(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return offset - start - (start === 0 && text.startsWith("\ufeff") ? 1 : 0);
}

const lineEnd = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");
