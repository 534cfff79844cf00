import { visible, visibleLines } from "./visible.ts";

/**
 * Foreign text in GitHub Markdown. Every string that comes from a spec, from AWS or from a partner passes exactly one of these functions;
 * each leaves text that notifies nobody, links nowhere, loads nothing and cannot leave the place where it was put.
 *
 * GitHub turns `@name`, `#1`, `GH-1`, commit hashes, `:emoji:` and `$formulas$` into something else after Markdown is rendered, so neither
 * a backslash nor an HTML entity stops it: only a character in between does, or code. https://github.github.com/gfm/ has the rest.
 */

/** Nothing to see, but a name or a number after it is no longer a mention or a reference. `visible` lets none through, so it is always ours. */
const BREAK = "\u200b";

/** Characters that begin or end something in Markdown wherever they stand. `&` because an entity could bring the others back. */
const ACTIVE = /[\\`*_[\]<>&~|!#]/g;

/** What makes a line a list, a rule, the underline of a heading or the second row of a table when it stands first. */
const LINE_START = /^(?:[-+=]|:(?=-))/;
const NUMBERED = /^\d+(?=[.)])/;

/** Ids, ARNs, names, addresses and numbers: what may become one code span inside a sentence. */
const TOKEN = /([\w./:@#%?=&+~${}-]+)/;

const QUOTED = /`([^`]+)`/;

/** Tokens that GitHub would make a link, a picture or a formula of. As code they are left alone, and can be copied. */
const LIVE: readonly RegExp[] = [
  // A commit. Account ids and the ends of AWS ids look the same.
  /(?<![0-9a-z])[0-9a-f]{7,64}(?![0-9a-z])/i,
  // Addresses of pages and people.
  /:\/\/|www\./i,
  /[\w.+-]@[\w-]+\.\w/,
  // Emoji: the middle of an ARN, or line and column of a file. Of the names without a letter these two exist.
  /:(?:100|1234|(?=\d*[^\d:])[\w+-]+):/,
  // A formula. GitHub does not honour a backslash before a dollar sign.
  /\$/,
  // Security advisories.
  /GHSA-|CVE-\d/i,
];

/**
 * Longest run of backquotes that is written as it is. GitHub's parser knows no code span with more than 80 backquotes around it and counts
 * a fence's to 255, so a value full of them would get out. https://github.com/github/cmark-gfm
 */
const MOST_BACKQUOTES = 16;
const TOO_MANY_BACKQUOTES = new RegExp(`\`{${MOST_BACKQUOTES + 1},}`, "g");

/**
 * A sentence outside code, on one line and never empty. What stands in backquotes becomes a code span, and so does what GitHub would make
 * something of: ids and ARNs, addresses, emoji, dollar signs. Not for a table: `inlineInCell` is.
 */
export function inline(text: string): string {
  return sentenceWith(visible(text), code);
}

/** The same in a table. */
export function inlineInCell(text: string): string {
  return sentenceWith(visible(text), codeInCell);
}

/** A name or value as a code span; the fence is longer than any run of backquotes inside. */
export function code(text: string): string {
  const shown = literal(visible(text));
  if (shown === "") return EMPTY;
  const fence = "`".repeat(longestRun(shown) + 1);
  // One space at each end is taken off again, unless there is nothing but spaces.
  const pad = /^[` ]|[` ]$/.test(shown) && shown.trim() !== "" ? " " : "";
  return fence + pad + shown + pad + fence;
}

/** A code span in a table. The table's rows are split before code spans are read, so no pipe may stand in it. */
export function codeInCell(text: string): string {
  return code(visible(text).replaceAll("|", "\\u{7c}"));
}

/** A fenced block. The lines are taken as they are, except that nothing unseen and no comment marker gets through. */
export function fence(lines: readonly string[], language: string): string {
  const shown = lines.map((line) => literal(visible(line)));
  const ticks = "`".repeat(Math.max(3, longestRun(shown.join("\n")) + 1));
  return [ticks + language, ...shown, ticks].join("\n");
}

/** A longer foreign text, lines kept, as a fenced block. */
export function fencedText(text: string): string {
  return fence(visibleLines(text), "text");
}

/** Text inside our own `<summary>`: HTML, not Markdown, and code, so that GitHub reads no reference in it. */
export function inSummary(text: string): string {
  const escaped = literal(visible(text)).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped === "" ? EMPTY : `<code>${escaped.replaceAll('"', "&quot;")}</code>`;
}

const EMPTY = "(empty)";

function sentenceWith(text: string, toCode: (text: string) => string): string {
  // Spaces at the start would indent, at the end break the line.
  const parts = text.trim().split(QUOTED);
  const written = parts.flatMap((part, index) => (index % 2 === 1 ? [toCode(part)] : sentence(part, toCode)));
  const line = written
    .filter((part) => part !== "")
    .map(keepApart)
    .join("");
  return line === "" ? EMPTY : line.replace(LINE_START, "\\$&").replace(NUMBERED, "$&\\");
}

function sentence(text: string, toCode: (text: string) => string): string[] {
  return text.split(TOKEN).flatMap((part, index) => (index % 2 === 1 ? token(part, toCode) : [plain(part)]));
}

/** Two code spans side by side would be read as one, and a backslash before a backquote does not end a code span. */
function keepApart(part: string, index: number, parts: readonly string[]): string {
  return part.startsWith("`") && (parts[index - 1] ?? "").endsWith("`") ? BREAK + part : part;
}

/** A token is plain text, or a code span without the full stop or question mark after it. */
function token(text: string, toCode: (text: string) => string): string[] {
  if (!LIVE.some((live) => live.test(text))) return [plain(text)];
  let end = text.length;
  while (end > 0 && ".:?".includes(text.charAt(end - 1))) end -= 1;
  const core = text.slice(0, end);
  return LIVE.some((live) => live.test(core)) ? [toCode(core), plain(text.slice(end))] : [toCode(text)];
}

/** `@`, `#` and `GH-` no longer reach what follows them. */
function plain(text: string): string {
  return text.replace(ACTIVE, "\\$&").replace(/[@#]|GH-(?=\d)/gi, `$&${BREAK}`);
}

/**
 * Text for code, which shows what it holds, with two exceptions: our comment on a pull request is found by a marker in an HTML comment, so
 * no value may bring one; and a long run of backquotes is told by its length, `\u{60}{300}`.
 */
function literal(text: string): string {
  return text.replaceAll("<!--", "<\\u{21}--").replace(TOO_MANY_BACKQUOTES, (run) => `\\u{60}{${run.length}}`);
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
