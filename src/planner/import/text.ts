import { Document, isMap, isNode, isScalar } from "yaml";
import { layOut, type Path, printed } from "../specs/index.ts";

/** A remark for the person who reads the file, above what stands at a path or behind it. */
export interface Remark {
  readonly path: Path;
  readonly place: "above" | "behind";
  readonly text: string;
}

/** A spec as YAML: small maps and lists on one line, as people write them, `heading` at the top. */
export function specText(spec: object, heading: readonly string[], remarks: readonly Remark[]): string {
  const document = new Document(spec);
  layOut(document);
  for (const { path, place, text } of remarks) {
    const node = place === "above" ? headOf(document, path) : document.getIn(path, true);
    if (!isNode(node)) continue;
    if (place === "above") node.commentBefore = joined(node.commentBefore, text);
    else node.comment = joined(node.comment, text);
  }
  document.commentBefore = heading.map((line) => ` ${line}`).join("\n");
  return printed(document).replace(/^(# .*\n)\n(?=[a-z])/m, "$1");
}

/** Where a comment above a value stands: at its key, or in a list at the item itself. */
function headOf(document: Document, path: Path): unknown {
  const parent = document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return document.getIn(path, true);
  return parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key;
}

const joined = (before: string | null | undefined, text: string): string =>
  [...(before ? [before] : []), ...text.split("\n").map((line) => ` ${line}`)].join("\n");
