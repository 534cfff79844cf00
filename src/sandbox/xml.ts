import type { Node, Tree } from "./operation.ts";

/** EC2's list wrapping: each entry in its own `<item>`; an empty list is an empty element. */
export function items(values: readonly Node[]): Tree {
  return { item: [...values] };
}

/** The awsQuery list wrapping: each entry in its own `<member>`. */
export function members(values: readonly Node[]): Tree {
  return { member: [...values] };
}

/** Writes the elements of a tree without a root, in their order. */
export function xml(tree: Tree): string {
  return Object.entries(tree)
    .map(([name, node]) => element(name, node))
    .join("");
}

function element(name: string, node: Node): string {
  if (node === undefined) return "";
  if (Array.isArray(node)) return node.map((entry) => element(name, entry)).join("");
  const body = node === null ? "" : typeof node === "object" ? xml(node) : escaped(String(node));
  return body === "" ? `<${name}/>` : `<${name}>${body}</${name}>`;
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;" };

/** Text as XML 1.0 may carry it: markup escaped, characters that XML forbids replaced by U+FFFD. */
function escaped(value: string): string {
  return (
    value
      .replace(/[&<>"\r]/g, (char) => escapes[char] ?? char)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 cannot hold.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
  );
}
