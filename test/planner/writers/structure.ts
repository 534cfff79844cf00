import type { Html, Link, Node, Nodes, Root, Table } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/**
 * Looks at Markdown as GitHub does: with a parser of GitHub's flavour, and then for what GitHub makes of the text that the parser leaves.
 * Two documents of ours that differ only in what others wrote have the same structure, and neither holds a danger.
 */

export { hostile, hostileRun, withTexts } from "./hostile.ts";

/** What a reader sees as form: everything that foreign text must not be able to add, take away or move. */
export interface Structure {
  readonly headings: number;
  /** `4×7`: rows with the head, cells of the widest row; rows of different width are told as `4×6-7`. */
  readonly tables: readonly string[];
  readonly details: number;
  /** Languages of the fenced blocks. */
  readonly fences: readonly string[];
  readonly strong: number;
  /** In italics or struck through. */
  readonly emphasis: number;
  /** Every block in order, two spaces for each level, without text. */
  readonly outline: readonly string[];
}

export interface Own {
  /** Links that we write ourselves. */
  readonly links?: readonly string[];
  /** HTML of ours besides `<details>`, `<summary>` and `<code>` in it: each text whole. */
  readonly html?: readonly string[];
}

export function parse(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

export function structureOf(markdown: string): Structure {
  const root = parse(markdown);
  const nodes = all(root);
  const html = nodes.filter((node) => node.type === "html");
  return {
    headings: nodes.filter((node) => node.type === "heading").length,
    tables: nodes.filter((node) => node.type === "table").map(sizeOf),
    details: html.filter((node) => node.value.startsWith("<details")).length,
    fences: nodes.filter((node) => node.type === "code").map((node) => node.lang ?? ""),
    strong: nodes.filter((node) => node.type === "strong").length,
    emphasis: nodes.filter((node) => node.type === "emphasis" || node.type === "delete").length,
    outline: outlineOf(root, 0),
  };
}

/** Everything in a document that notifies, links, loads, hides or forges; empty for a document of ours, whoever wrote its texts. */
export function dangersIn(markdown: string, own: Own = {}): string[] {
  const root = parse(markdown);
  const ours = (own.html ?? []).reduce((text, html) => text.replace(html, ""), markdown);
  return [
    ...(ours.includes("<!--") ? ["a comment in HTML"] : []),
    ...(longest(ours) > CMARK_BACKQUOTES ? ["more backquotes than GitHub's parser takes"] : []),
    ...[...ours.matchAll(UNSEEN)].map(([found]) => `unseen ${JSON.stringify(found)}`),
    ...all(root).flatMap((node) => dangersOf(node, own)),
  ];
}

/** What GitHub makes of text outside code after Markdown is rendered, as its documentation describes it and rather too much than too little. */
export function referencesIn(text: string): string[] {
  return Object.entries(REFERENCES).flatMap(([name, pattern]) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [`${name} ${JSON.stringify(found)}`];
  });
}

/** cmark-gfm finds no code span that begins with more; micromark has no such limit. */
const CMARK_BACKQUOTES = 80;

/** The zero-width space is ours. */
const UNSEEN = /(?![\n\u200b])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu;

const REFERENCES: { readonly [name: string]: RegExp } = {
  mention: /@[a-z0-9]/i,
  issue: /#\d/,
  "issue by GH": /gh-\d/i,
  commit: /(?<![0-9a-z])[0-9a-f]{7,64}(?![0-9a-z])/i,
  address: /(?:https?|ftp):\/\/|www\./i,
  mail: /[\w.+-]@[\w-]+\.\w/,
  emoji: /:(?:100|1234|\+1|-1|\w*[a-z]\w*):/i,
  formula: /\$/,
  advisory: /ghsa-\w|cve-\d/i,
};

/** Nodes that we never write, whatever is in them. */
const NEVER: ReadonlySet<Nodes["type"]> = new Set([
  "image",
  "imageReference",
  "linkReference",
  "definition",
  "footnoteReference",
  "footnoteDefinition",
  "break",
]);

const DETAILS = /^<details(?: open)?><summary>((?:<code>[^<>]*<\/code>|[^<>])*)<\/summary>$|^<\/details>$/;

function dangersOf(node: Nodes, own: Own): string[] {
  if (NEVER.has(node.type)) return [node.type];
  if (node.type === "link") return dangersOfLink(node, own);
  if (node.type === "html") return dangersOfHtml(node, own);
  if (node.type === "code" && node.lang === null) return ["code without a fence"];
  return node.type === "text" ? referencesIn(node.value) : [];
}

function dangersOfLink({ url }: Link, { links = [] }: Own): string[] {
  return links.includes(url) ? [] : [`link to ${url}`];
}

function dangersOfHtml({ value }: Html, { html = [] }: Own): string[] {
  if (html.includes(value)) return [];
  const ours = DETAILS.exec(value);
  if (ours === null) return [`html ${value}`];
  const bare = (ours[1] ?? "").replace(/<code>[^<>]*<\/code>/g, " ");
  return referencesIn(bare.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"'));
}

function all(node: Nodes): Nodes[] {
  return [node, ...childrenOf(node).flatMap(all)];
}

function childrenOf(node: Nodes): readonly Nodes[] {
  return "children" in node ? node.children : [];
}

/** Inside these stands only text. */
const LEAVES: ReadonlySet<Node["type"]> = new Set(["paragraph", "heading", "tableCell"]);

function outlineOf(node: Nodes, depth: number): string[] {
  const line = `${"  ".repeat(depth)}${nameOf(node)}`;
  return LEAVES.has(node.type) ? [line] : [line, ...childrenOf(node).flatMap((child) => outlineOf(child, depth + 1))];
}

function nameOf(node: Nodes): string {
  if (node.type === "heading") return `heading ${node.depth}`;
  if (node.type === "code") return `code ${node.lang ?? ""}`;
  if (node.type === "html") return node.value.replace(/<summary>.*<\/summary>/, "<summary>");
  if (node.type === "list") return node.ordered === true ? "numbered list" : "list";
  if (node.type === "listItem") return typeof node.checked === "boolean" ? `task ${node.checked}` : "item";
  return node.type;
}

function sizeOf(table: Table): string {
  const widths = table.children.map((row) => row.children.length);
  const least = Math.min(...widths);
  const most = Math.max(...widths);
  return `${widths.length}×${least === most ? most : `${least}-${most}`}`;
}

function longest(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
