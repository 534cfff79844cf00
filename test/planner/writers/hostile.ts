import fc from "fast-check";

/** Texts that want out of where they were put: everything that does something on GitHub, mixed with plain words and any characters. */

const SIGNS = [..."`|@#<>&\\[]()!*_~$-+=.:/ \n\r\t'\"{}%"];
const BLOCKS = [
  "```",
  "````",
  "~~~",
  "\n```\n",
  "\n~~~\n",
  "\n\n# Approved\n",
  "\n- item\n",
  "\n1. one\n",
  "\n| a | b |\n|---|---|\n",
  "|---|",
  ":-:",
  "\n===\n",
  "\n---\n",
  "***",
  "> [!NOTE]\n> x",
  "- [x] done",
  "[x]: http://x.example",
  "    ",
];
const HTML = [
  "<!-- m -->",
  "<!-- landline:plan -->",
  "<!--",
  "-->",
  "</details>",
  "</summary>",
  "</code>",
  "<b>",
  "<img src=x>",
  "<script>",
  "<?x?>",
  "<![CDATA[x]]>",
  "&lt;",
  "&#64;x",
  "&#35;1",
  "&nbsp;",
];
const REFERENCES = [
  "@everyone",
  "@acme/team",
  "#12",
  "GH-3",
  "gh-4",
  "acme/net#1",
  "acme/net@a1b2c3d4",
  "a1b2c3d",
  "A1B2C3D4E5",
  "0123456789abcdef0123456789abcdef01234567",
  "https://evil.example",
  "HTTPS://evil.example/a?b=c#d",
  "http://x",
  "ftp://x.example",
  "www.evil.example",
  "mailto:a@b.example",
  "a@b.example",
  "<http://x.example>",
  "![x](http://x)",
  "[x](http://x)",
  "[^1]",
  "[^1]: note",
  "$x$",
  "$$",
  "$`x`$",
  ":lock:",
  ":100:",
  ":+1:",
  "GHSA-aaaa-bbbb-cccc",
  "CVE-2024-1",
];
const UNSEEN = [
  "\u202e",
  "\u200b",
  "\u2066",
  "\u0000",
  "\u001b[31m",
  "\ufe0f",
  "\u00ad",
  "\u3164",
  "\ud800",
  "\u{e0041}",
];
const PLAIN = [
  "connection",
  "payments-api",
  "arn:aws:iam::222222222222:root",
  "specs/a.yaml:100:7",
  "1. ",
  "12) ",
  "a b",
];

const piece = fc.oneof(
  fc.constantFrom(...SIGNS),
  fc.constantFrom(...BLOCKS),
  fc.constantFrom(...HTML),
  fc.constantFrom(...REFERENCES),
  fc.constantFrom(...UNSEEN),
  fc.constantFrom(...PLAIN),
  fc.integer({ min: 1, max: 300 }).map((length) => "`".repeat(length)),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);

/** One hostile text, up to some hundred characters. */
export const hostile: fc.Arbitrary<string> = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(""));

/** One piece again and again, 10,000 characters and more. */
export const hostileRun: fc.Arbitrary<string> = piece
  .filter((text) => text !== "")
  .map((text) => text.repeat(Math.ceil(10_000 / text.length)));

/** Fields whose words are ours: the rest of a plan or report may come from anybody. */
const OURS: ReadonlySet<string> = new Set(["action", "kind", "severity", "on", "risks", "result"]);

/**
 * The same plan, report or other data with every text of others replaced, keys of values included. Equal texts stay equal and different ones
 * different, so that references still lead somewhere.
 */
export function withTexts<T>(value: T, texts: readonly string[]): T {
  const names = new Map<string, string>();
  const rename = (text: string): string => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const index = names.size;
    const base = texts[index % texts.length] ?? "";
    const name = index < texts.length ? base : index % 2 === 0 ? `${index}${base}` : `${base}${index}`;
    names.set(text, name);
    return name;
  };
  return replaced(value, rename);
}

function replaced<T>(value: T, rename: (text: string) => string): T;
function replaced(value: unknown, rename: (text: string) => string): unknown {
  if (typeof value === "string") return rename(value);
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, rename));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, part]) => [key, OURS.has(key) ? part : replaced(part, rename)]);
  return Object.fromEntries(entries);
}
