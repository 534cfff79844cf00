/**
 * What a reader cannot see, made visible. Names, tags and messages come from specs, from AWS and from partners: an escape sequence could
 * repaint a terminal, a bidirectional mark could turn a sentence round. Every writer sends foreign text through here first.
 */

/**
 * Controls, format characters (bidirectional, zero-width, tag characters), private use, lone surrogates, separators, what fonts draw as
 * nothing (fillers, variation selectors, the braille blank), and spaces other than the usual one.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{NChar}\u2800]|[^\P{Zs} ]/gu;

const SHORT: { readonly [character: string]: string } = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text on one line: line breaks and tabs as `\n` and `\t`, anything else unseen as `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, show);
}

/** The lines of a longer text, each made visible; tabs become two spaces, blank lines at the end go. */
export function visibleLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/).map((line) => visible(line.replaceAll("\t", "  ")));
  // Only after they were made visible: an unseen character at the end is no blank.
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(0, Math.max(1, last + 1));
}

/** At most `max` characters, with `…` in place of the rest. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

function show(character: string): string {
  return SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
