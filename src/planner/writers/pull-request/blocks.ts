import type { LeftOut, Show } from "../budget.ts";
import { BLANK_LINE, diffBlock, leftOutNote } from "../markdown-blocks.ts";
import { TABLE_HEAD } from "../markdown-pieces.ts";
import { code, inline, inSummary } from "../safe-markdown.ts";
import { count, ended } from "../words.ts";
import { whereText } from "./links.ts";
import { type CommentPart, type Entry, type Notes, notePieces, type Section } from "./sections.ts";
import type { MoreAt } from "./words.ts";

/** The blocks of the comment: a target's table, what to look at, and its connections, each folded away with all that is said about it. */

/** `alone`: there is no other target, so it needs no heading. */
export function sectionLines(section: Section, alone: boolean, show: Show<CommentPart>): string[] {
  const rows = section.entries.map(({ row }) => show(row)).filter((row) => row !== undefined);
  const table = rows.length === 0 ? [] : [...TABLE_HEAD, ...rows, ""];
  const details = section.entries.flatMap((entry) => entryLines(entry, alone && section.entries.length === 1, show));
  const watched = titled("#### Look at these", section.watched.map(show));
  const lines = [...table, ...watched, ...details];
  return alone || lines.length === 0 ? lines : [headingOf(section), "", ...lines];
}

/** A connection of which nothing changes. */
export function quietLines(connection: string, notes: Notes, show: Show<CommentPart>): string[] {
  const said = noteLines(notes, show);
  return said.length === 0 ? [] : folded(`${inSummary(connection)}: no change${countsOf(notes)}`, said, false);
}

export function noteLines({ warnings, remarks, waits, handoffs }: Notes, show: Show<CommentPart>): string[] {
  return [
    ...titled("**Warnings**", warnings.map(show)),
    ...titled("**For information**", remarks.map(show)),
    ...titled("**Waiting**", waits.map(show)),
    ...titled("**Hand-offs**", handoffs.map(show), BLANK_LINE),
  ];
}

/** What was shortened or dropped, and where all of it is. */
export function cutNote(leftOut: LeftOut<CommentPart>, moreAt: MoreAt): string[] {
  return leftOutNote(leftOut, `All of it is in ${whereText(moreAt)}.`);
}

/** The last lines: where the whole plan is, and its name. */
export function footer(planId: string, moreAt: MoreAt): string[] {
  return [`The whole plan is in ${whereText(moreAt)}.`, "", `Plan ${code(planId)}.`];
}

export function folded(summary: string, lines: readonly string[], open: boolean): string[] {
  return [`${open ? "<details open>" : "<details>"}<summary>${summary}</summary>`, "", ...lines, "</details>", ""];
}

function entryLines(entry: Entry, open: boolean, show: Show<CommentPart>): string[] {
  const said = [...diffBlock(entry.changes, show), ...noteLines(entry.notes, show)];
  if (said.length === 0) return [];
  const why = entry.why === undefined ? [] : [`Planned because: ${inline(ended(entry.why))}`, ""];
  const summary = `${inSummary(entry.connection)}: ${entry.counts}${countsOf(entry.notes)}`;
  return folded(summary, [...why, ...said], open);
}

/** `; 1 warning, 2 waits`: a reader should not have to unfold to know that there is something. */
function countsOf(notes: Notes): string {
  if (notePieces(notes).length === 0) return "";
  const parts = [
    [notes.warnings.length, "warning"],
    [notes.remarks.length, "remark"],
    [notes.waits.length, "wait"],
    [notes.handoffs.length, "hand-off"],
  ] as const;
  return `; ${parts.flatMap(([n, word]) => (n > 0 ? [count(n, word)] : [])).join(", ")}`;
}

function headingOf({ target, place }: Section): string {
  const where = place === undefined ? "" : `, account ${code(place.account)}, ${code(place.region)}`;
  return `### ${code(target)}${where}`;
}

function titled(title: string, texts: readonly (string | undefined)[], between = "\n"): string[] {
  const present = texts.filter((text) => text !== undefined);
  return present.length === 0 ? [] : [title, "", present.join(between), ""];
}
