import { type Drift, type DriftClass, type DriftItem, UNWANTED } from "../status/drift.ts";
import { columnOf, joinSections, paragraph, type Sheet, sheetOf, type TextOptions, type TextStyle } from "./layout.ts";
import { rowsOfDifferences } from "./rows.ts";
import { findingSections } from "./text-blocks.ts";
import { rowLines } from "./text-change.ts";
import { visible } from "./visible.ts";
import { count, KIND_WORDS, listWords, positionText } from "./words.ts";

export const CLASSES: readonly DriftClass[] = ["changed", "missing", "unexpected"];
export const TITLE: { readonly [C in DriftClass]: string } = {
  changed: "Changed behind our back (what the specs say → what the cloud has)",
  missing: "Missing: a spec wants it, and it is not there",
  unexpected: "Unexpected: it is there, and no spec wants it",
};
const SIGN: { readonly [C in DriftClass]: string } = { changed: "~", missing: "-", unexpected: "+" };
const STYLE: { readonly [C in DriftClass]: TextStyle } = { changed: "yellow", missing: "red", unexpected: "magenta" };

const INDENT = "      ";
const MOST_ADDRESS = 56;
const MOST_KIND = 24;
/** Up to this many connections are named. */
const MOST_NAMES = 8;

/** Drift for a terminal: one section for each class, then what could not be compared, and the counts last. */
export function driftToText(drift: Drift, options: TextOptions): string {
  const sheet = sheetOf(options);
  return joinSections([
    ...CLASSES.map((name) =>
      classLines(
        sheet,
        name,
        drift.items.filter((item) => item.class === name),
      ),
    ),
    followerLines(sheet, drift.followers),
    ...findingSections(sheet, drift.errors),
    closing(sheet, drift),
  ]);
}

/** `Drift: 1 changed, 0 missing, 2 unexpected; 12 as the specs want them.` */
export function driftLine({ summary }: Drift): string {
  const counts = CLASSES.map((name) => `${summary[name]} ${name}`).join(", ");
  return `Drift: ${counts}; ${summary.unchanged} as the specs want them.`;
}

function classLines(sheet: Sheet, name: DriftClass, items: readonly DriftItem[]): string[] {
  if (items.length === 0) return [];
  const widest = (texts: readonly string[], most: number) => columnOf(texts.map(visible), most);
  const address = widest(
    items.map((item) => item.address),
    MOST_ADDRESS,
  );
  const kind = widest(
    items.map((item) => KIND_WORDS[item.kind]),
    MOST_KIND,
  );
  return [sheet.paint("bold", TITLE[name]), ...items.flatMap((item) => itemLines(sheet, item, address, kind))];
}

function itemLines(sheet: Sheet, item: DriftItem, address: number, kind: number): string[] {
  const { paint } = sheet;
  const style = STYLE[item.class];
  const place = item.at ? `  ${paint("cyan", visible(positionText(item.at)))}` : "";
  const what = `${KIND_WORDS[item.kind].padEnd(kind)}  ${visible(item.target)}`;
  const title = `  ${paint(style, `${SIGN[item.class]} ${visible(item.address).padEnd(address)}`)}  ${paint("dim", what)}${place}`;
  if (item.class === "changed") return [title, ...rowLines(sheet, rowsOfDifferences(asPlanned(item), sheet.verbose))];
  // Of most the heading says it already; principals, requests and leftovers have more to say.
  const says = item.class === "unexpected" ? item.message !== UNWANTED : item.differences.length > 0;
  const object = item.object === undefined ? [] : [`${INDENT}${paint("dim", visible(item.object))}`];
  return [title, ...object, ...(says ? paragraph(sheet, undefined, INDENT, item.message) : [])];
}

/** The rows of a plan read from before to after; drift reads from the specs to the cloud. */
export const asPlanned = ({ differences }: DriftItem) =>
  differences.map(({ attribute, specs, cloud }) => ({
    attribute,
    ...(specs === undefined ? {} : { before: specs }),
    ...(cloud === undefined ? {} : { after: cloud }),
  }));

function followerLines(sheet: Sheet, followers: readonly string[]): string[] {
  if (followers.length === 0) return [];
  const one = followers.length === 1;
  const words = `${count(followers.length, "resource")} ${one ? "refers" : "refer"} to what is missing and ${one ? "follows" : "follow"} when it is mended: ${followers.join(", ")}`;
  return paragraph(sheet, "dim", "", words);
}

function closing(sheet: Sheet, drift: Drift): string[] {
  const { connections, targets } = drift.compared;
  const where = targets.map(({ target, account, region }) => `${target} (${account}, ${region})`);
  const who = `${count(connections.length, "connection")}${connections.length <= MOST_NAMES && connections.length > 0 ? ` (${connections.join(", ")})` : ""}`;
  const compared = `${who} compared with the committed specs, in ${listWords(where) || "no target"}`;
  const errors = drift.errors.length;
  const open =
    errors === 0
      ? []
      : [sheet.paint("red", `${count(errors, "error")}: not everything could be compared, or can be mended.`)];
  if (drift.items.length === 0) {
    const none = `No drift${errors > 0 ? " in what was compared" : ""}: ${count(drift.summary.unchanged, "resource")} as the specs want ${drift.summary.unchanged === 1 ? "it" : "them"}.`;
    return [...paragraph(sheet, "dim", "", `${compared}.`), sheet.paint("bold", none), ...open];
  }
  const caveat = "A spec that was changed and is not applied yet looks the same from here.";
  return [
    ...paragraph(sheet, "dim", "", `${compared}. ${caveat}`),
    sheet.paint("bold", driftLine(drift)),
    ...open,
    ...paragraph(
      sheet,
      undefined,
      "",
      "Next: `landline plan` shows what an apply would do about it; to keep what the cloud has, write it into the spec.",
    ),
  ];
}
