import { Document, isMap, isScalar, isSeq, Scalar, visit, type YAMLMap } from "yaml";
import { isMap as isPlainMap } from "./json.ts";

/** Values as people write them in a spec. */

const PRINTED = { lineWidth: 0, doubleQuotedAsJSON: true } as const;

/** A value on one line, good anywhere. `like` is the style of quotes that stood there before. */
export function inlineText(value: unknown, like?: Scalar.Type): string {
  if (Array.isArray(value)) return `[${value.map((item) => inlineText(item)).join(", ")}]`;
  if (isPlainMap(value)) {
    const members = Object.entries(value).map(([key, member]) => `${inlineText(key)}: ${inlineText(member)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  if (typeof value === "string" && UNPRINTED.test(value)) return JSON.stringify(value);
  const scalar = new Scalar(value);
  if (like !== undefined) scalar.type = like;
  // Inside of a list on one line, where most characters need quotes.
  const list = new Document([scalar]);
  if (isSeq(list.contents)) list.contents.flow = true;
  return list.toString(PRINTED).trimEnd().slice(1, -1).trim();
}

/** Line ends and whatever else would not be seen. */
const UNPRINTED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** A value on lines of its own, without indentation: lists in blocks, except of short values; entries of lists on one line where they are short. */
export function blockLines(value: unknown): string[] {
  const document = new Document(value);
  layOut(document);
  return printed(document).trimEnd().split("\n");
}

/** Small maps and lists on one line, as people write them. */
export function layOut(document: Document): void {
  visit(document, {
    Collection(_key, node, path) {
      if (isSeq(node)) node.flow = node.items.every(isScalar);
      if (isMap(node)) node.flow = isShort(node, path.at(-1));
    },
  });
}

export const printed = (document: Document): string =>
  document.toString(PRINTED).replaceAll(/^(\s*(?:- )?\w+: )\[ (.*) \]( #.*)?$/gm, "$1[$2]$3");

/** An entry of a list is short (who and why, ports and source, address and id), and so is what only names something. */
function isShort({ items }: YAMLMap, parent: unknown): boolean {
  const keys = items.map(({ key }) => String(key)).join(" ");
  const plain = items.length > 0 && items.every(({ value }) => isScalar(value));
  return plain && (isSeq(parent) ? keys !== "arn" : NAMES.has(keys));
}
const NAMES = new Set(["connection", "name zone"]);
