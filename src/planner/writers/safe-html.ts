import { visible } from "./visible.ts";

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Foreign text as HTML text or as a quoted attribute's value. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** An element around foreign text. `name` and `className` are ours; an empty class is left out. */
export function element(name: string, className: string, text: string): string {
  const attribute = className === "" ? "" : ` class="${className}"`;
  return `<${name}${attribute}>${escapeHtml(text)}</${name}>`;
}
