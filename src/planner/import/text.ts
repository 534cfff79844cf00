import { Document, isMap, isNode, isScalar, isSeq, visit, type YAMLMap } from "yaml";
import type { Path } from "../specs/index.ts";

/** A remark for the person who reads the file, above what stands at a path or behind it. */
export interface Remark {
  readonly path: Path;
  readonly place: "above" | "behind";
  readonly text: string;
}

/** A spec as YAML: small maps and lists on one line, as people write them, `heading` at the top. */
export function specText(spec: object, heading: readonly string[], remarks: readonly Remark[]): string {
  const document = new Document(spec);
  visit(document, {
    Collection(_key, node, path) {
      if (isSeq(node)) node.flow = node.items.every(isScalar);
      if (isMap(node)) node.flow = isShort(node, path.at(-1));
    },
  });
  for (const { path, place, text } of remarks) {
    const node = place === "above" ? headOf(document, path) : document.getIn(path, true);
    if (!isNode(node)) continue;
    if (place === "above") node.commentBefore = joined(node.commentBefore, text);
    else node.comment = joined(node.comment, text);
  }
  document.commentBefore = heading.map((line) => ` ${line}`).join("\n");
  return document
    .toString({ lineWidth: 0 })
    .replace(/^(# .*\n)\n(?=[a-z])/m, "$1")
    .replaceAll(/^(\s*(?:- )?\w+: )\[ (.*) \]( #.*)?$/gm, "$1[$2]$3");
}

/** Where a comment above a value stands: at its key, or in a list at the item itself. */
function headOf(document: Document, path: Path): unknown {
  const parent = document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return document.getIn(path, true);
  return parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key;
}

const joined = (before: string | null | undefined, text: string): string =>
  [...(before ? [before] : []), ...text.split("\n").map((line) => ` ${line}`)].join("\n");

/** An entry of a list is short (who and why, ports and source, address and id), and so is what only names something. */
function isShort({ items }: YAMLMap, parent: unknown): boolean {
  const keys = items.map(({ key }) => String(key)).join(" ");
  const plain = items.length > 0 && items.every(({ value }) => isScalar(value));
  return plain && (isSeq(parent) ? keys !== "arn" : NAMES.has(keys));
}
const NAMES = new Set(["connection", "name zone"]);
