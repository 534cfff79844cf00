import { visible, visibleLines } from "./visible.ts";

/**
 * Foreign text in GitHub Markdown. Every string that comes from a spec, from AWS or from a partner passes exactly one of these functions;
 * each leaves text that notifies nobody, links nowhere, loads nothing and cannot leave the place where it was put.
 *
 * GitHub turns `@name`, `#1`, `GH-1` and commit hashes into links after Markdown is rendered, so neither a backslash nor an HTML entity
 * stops it: only a character in between does, or a code span. https://github.github.com/gfm/ has the rest.
 */

/** Nothing to see, but a name or a number after it is no longer a mention or a reference. */
const BREAK = "\u200b";

/** Characters that begin or end something in Markdown wherever they stand. `&` because an entity could bring the others back. */
const ACTIVE = /[\\`*_[\]<>&~|$^!#]/g;

/** What makes a line a list, a heading or a rule when it stands first. */
const LINE_START = /^(?:[-+=]|\d+(?=[.)]))/;

/** Ids, ARNs, names and numbers: what may become one code span inside a sentence. */
const TOKEN = /([\w./:-]+)/;

const QUOTED = /`([^`]+)`/;

/** What GitHub takes for a commit. Account ids and the ends of AWS ids look the same. */
const HASH = /(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])/;

/**
 * A sentence outside code, on one line. What stands in backquotes becomes a code span, and so do tokens that look like commit hashes
 * (ids and ARNs among them).
 */
export function inline(text: string): string {
  const parts = visible(text).split(QUOTED);
  const written = parts.flatMap((part, index) => (index % 2 === 1 ? [code(part)] : sentence(part)));
  return written
    .filter((part) => part !== "")
    .map(keepApart)
    .join("")
    .replace(LINE_START, escapeStart);
}

/** A name or value as a code span; the fence is longer than any run of backquotes inside. */
export function code(text: string): string {
  const shown = unmarked(visible(text));
  if (shown === "") return "(empty)";
  const fence = "`".repeat(longestRun(shown) + 1);
  const pad = /^[` ]|[` ]$/.test(shown) ? " " : "";
  return fence + pad + shown + pad + fence;
}

/** A code span in a table. The table's rows are split before code spans are read, so no pipe may stand in it. */
export function codeInCell(text: string): string {
  return code(visible(text).replaceAll("|", "\\u{7c}"));
}

/** A fenced block. The lines are taken as they are, except that nothing unseen and no comment marker gets through. */
export function fence(lines: readonly string[], language: string): string {
  const shown = lines.map((line) => unmarked(visible(line)));
  const ticks = "`".repeat(Math.max(3, longestRun(shown.join("\n")) + 1));
  return [ticks + language, ...shown, ticks].join("\n");
}

/** A longer foreign text, lines kept, as a fenced block. */
export function fencedText(text: string): string {
  return fence(visibleLines(text), "text");
}

/** Text inside our own `<summary>`: HTML, not Markdown. */
export function inSummary(text: string): string {
  const escaped = visible(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return breakMentions(escaped.replaceAll('"', "&quot;"));
}

function sentence(text: string): string[] {
  return text.split(TOKEN).map((part, index) => (index % 2 === 1 ? token(part) : plain(part)));
}

/** Two code spans side by side would be read as one. */
function keepApart(part: string, index: number, parts: readonly string[]): string {
  const before = parts[index - 1] ?? "";
  return part.startsWith("`") && before.endsWith("`") && !before.endsWith("\\`") ? BREAK + part : part;
}

/** A token is plain text, a code span if it looks like a hash, and never a link. */
function token(text: string): string {
  const [, core = "", end = ""] = /^(.*?)([.:]*)$/.exec(text) ?? [];
  if (HASH.test(core)) return code(core) + end;
  return plain(text)
    .replaceAll("://", "\\://")
    .replace(/www(?=\.)/gi, "$&\\");
}

function plain(text: string): string {
  return breakMentions(text.replace(ACTIVE, "\\$&"));
}

/** `@`, `#` and `GH-` no longer reach what follows them. In HTML an entity's own `#` never comes from us. */
function breakMentions(text: string): string {
  return text.replace(/[@#]|GH-/gi, `$&${BREAK}`);
}

function escapeStart(start: string): string {
  return /\d/.test(start) ? start + BREAK : `\\${start}`;
}

/** Our comment on a pull request is found by a marker in an HTML comment: no value may bring one. */
function unmarked(text: string): string {
  return text.replaceAll("<!--", "<\\u{21}--");
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
