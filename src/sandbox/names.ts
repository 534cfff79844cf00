/**
 * A DNS name as Route 53 keeps and compares it: lower case, with the trailing dot, and everything but letters, digits, `-`, `_` and `.` as an octal
 * escape (`*` is `\052`).
 */
export function canonicalName(name: string): string {
  const escaped = name
    .toLowerCase()
    .replace(/\\[0-7]{3}|[^a-z0-9_.-]/g, (part) => (part.length === 4 ? part : octal(part)));
  return escaped.endsWith(".") ? escaped : `${escaped}.`;
}

function octal(char: string): string {
  return [...Buffer.from(char)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
