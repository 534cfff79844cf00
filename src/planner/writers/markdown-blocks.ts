import type { Finding, Handoff, Wait } from "../../model.ts";
import type { LeftOut, Piece, Show } from "./budget.ts";
import { code, fence, fencedText, inline } from "./safe-markdown.ts";
import { clip, visible } from "./visible.ts";
import { count, listWords, positionText, waitWords } from "./words.ts";

/** The parts of a Markdown document that a plan and a report share: findings, waits, hand-offs, each full and short. */

/** Longest foreign text in a shortened line, in characters. */
const SHORT = 160;

export function findingPiece<Name extends string>(name: Name, finding: Finding): Piece<Name> {
  const about = finding.address ?? finding.connection;
  const head = [`**${inline(finding.id)}**`, about === undefined ? "" : code(about), place(finding)].filter(
    (part) => part !== "",
  );
  const more = [
    inline(finding.message),
    finding.deferred === undefined ? "" : `Not checked yet, waits for: ${inline(finding.deferred)}`,
    finding.waived === undefined ? "" : `Waived: ${inline(finding.waived)}`,
  ];
  return {
    name,
    full: `- ${head.join(" ")}: ${more.filter((part) => part !== "").join(" ")}`,
    short: `- **${brief(finding.id)}** ${about === undefined ? "" : `${code(clip(visible(about), SHORT))}: `}${brief(finding.message)}`,
  };
}

export function waitPiece(wait: Wait): Piece<"wait"> {
  const about = wait.address ?? wait.connection;
  return {
    name: "wait",
    full: `- ${code(about)}: ${inline(waitWords(wait))}`,
    short: `- ${code(clip(visible(about), SHORT))}: ${brief(waitWords(wait))}`,
  };
}

export function handoffPiece(handoff: Handoff): Piece<"hand-off"> {
  const missing = handoff.ready ? "" : " (not ready: a value is still missing)";
  const notes = (handoff.notes ?? []).map((note) => `\n\nNote: ${inline(note)}`).join("");
  return {
    name: "hand-off",
    full: `**${inline(handoff.title)}** for ${code(handoff.connection)}${missing}\n\n${fencedText(handoff.body)}${notes}`,
    short: `**${brief(handoff.title)}** for ${code(clip(visible(handoff.connection), SHORT))}${missing}`,
  };
}

/** Foreign text cut to one short sentence. */
export function brief(text: string): string {
  return inline(clip(visible(text), SHORT));
}

/** A heading with its pieces, or nothing when none is left. */
export function section(title: string, texts: readonly (string | undefined)[], between = "\n"): string[] {
  const present = texts.filter((text) => text !== undefined);
  return present.length === 0 ? [] : [`#### ${title}`, "", present.join(between), ""];
}

/** Blocks, unlike list items, need a blank line between them. */
export const BLANK_LINE = "\n\n";

/** Changes as a diff, those that are not shown counted; nothing when none is. */
export function diffBlock<Name extends string>(changes: readonly Piece<Name>[], show: Show<Name>): string[] {
  const shown = changes.map(show).filter((text) => text !== undefined);
  if (shown.length === 0) return [];
  const missing = changes.length - shown.length;
  const lines = [
    ...shown.join("\n\n").split("\n"),
    ...(missing > 0 ? ["", `# ${count(missing, "more change")} not shown`] : []),
  ];
  return [fence(lines, "diff"), ""];
}

/** Says what was cut to stay under the limit: a reader must never take a part for the whole. */
export function leftOutNote<Name extends string>(
  leftOut: LeftOut<Name>,
  rest = "The JSON output has everything.",
): string[] {
  if (leftOut.length === 0) return [];
  const words = (to: "short" | "gone") => {
    const entries = leftOut.filter((entry) => entry.to === to);
    return listWords(entries.map((entry) => count(entry.count, entry.name, plural(entry.name))));
  };
  const gone = words("gone") === "" ? [] : [`left out: ${words("gone")}`];
  const short = words("short") === "" ? [] : [`in one line each: ${words("short")}`];
  return [`**Too long for one comment; ${[...gone, ...short].join("; ")}.** ${rest}`, ""];
}

/** `changes to look at`: the first noun takes the s, unless the words end in it. */
function plural(name: string): string {
  const [, noun = name, rest = ""] = /^(\S+)( (?:to|without|not) .*)$/.exec(name) ?? [];
  return `${noun}s${rest}`;
}

function place(finding: Finding): string {
  return finding.at === undefined ? "" : `at ${code(positionText(finding.at))}`;
}
