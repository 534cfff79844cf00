import type { Change, Difference, Json, Value } from "../../../model.ts";
import { canonical } from "../../canonical.ts";
import type { Delta } from "../../changed/delta.ts";
import { objectOf, symbolicDifferences } from "../../digest.ts";
import type { Piece, Show } from "../budget.ts";
import type { ChangeContext } from "../context.ts";
import type { FileChange } from "../json.ts";
import { diffBlock } from "../markdown-blocks.ts";
import { diffLines, diffTitle } from "../markdown-change.ts";
import { valueText } from "../values.ts";
import { clip, visible } from "../visible.ts";
import { count, listWords } from "../words.ts";

/** How a plan differs from the one that was reviewed, operation by operation and attribute by attribute. */

export type DeltaPart = "gone operation" | "new operation" | "differing operation";

export interface DeltaPieces {
  readonly gone: readonly Piece<DeltaPart>[];
  readonly fresh: readonly Piece<DeltaPart>[];
  readonly differing: readonly Piece<DeltaPart>[];
}

/** Longest line, in characters: an attribute may be a whole policy. */
const LONG = 400;
const SHORT = 200;

const NOTHING: ChangeContext = { refusals: new Map(), after: new Map() };

export function deltaPieces({ onlyReviewed, onlyFresh, changed }: Delta): DeltaPieces {
  return {
    gone: onlyReviewed.map((change) => operationPiece("gone operation", asChange(change))),
    fresh: onlyFresh.map((change) => operationPiece("new operation", change)),
    differing: changed.map(({ reviewed, fresh }) => differingPiece(reviewed, fresh)),
  };
}

/** The three lists under their headings; empty ones are left out. */
export function deltaLines({ gone, fresh, differing }: DeltaPieces, show: Show<DeltaPart>): string[] {
  return [
    ...titled("New: nobody has reviewed these", diffBlock(fresh, show)),
    ...titled("Different now (- as reviewed, + as it would be now)", diffBlock(differing, show)),
    ...titled("Reviewed, and no longer needed or possible", diffBlock(gone, show)),
  ];
}

/** `1 operation is new, 2 differ and 1 is gone`; says so when nothing differs. */
export function deltaWords({ onlyReviewed, onlyFresh, changed }: Delta): string {
  const parts = [
    [onlyFresh.length, "is new", "are new"],
    [changed.length, "differs", "differ"],
    [onlyReviewed.length, "is gone", "are gone"],
  ] as const;
  const said = parts.filter(([n]) => n > 0);
  const words = said.map(
    ([n, one, many], index) => `${index === 0 ? count(n, "operation") : n} ${n === 1 ? one : many}`,
  );
  return said.length === 0 ? "the operations are the same" : listWords(words);
}

function titled(title: string, block: readonly string[]): string[] {
  return block.length === 0 ? [] : [`#### ${title}`, "", ...block];
}

function operationPiece(name: DeltaPart, change: Change): Piece<DeltaPart> {
  const lines = diffLines(change, refusedContext(change)).map((line) => clip(visible(line), LONG));
  return { name, full: lines.join("\n"), short: shortTitle(change) };
}

function differingPiece(reviewed: FileChange, fresh: Change): Piece<DeltaPart> {
  const title = diffTitle(fresh, refusedContext(fresh));
  const lines = [`!${title.slice(1)}`, ...differenceLines(reviewed, fresh)];
  return {
    name: "differing operation",
    full: lines.map((line) => clip(visible(line), LONG)).join("\n"),
    short: `!${shortTitle(fresh).slice(1)}`,
  };
}

/** What differs between the two, one pair of lines each; in the order of the new operation, then what only the reviewed one has. */
function differenceLines(reviewed: FileChange, fresh: Change): string[] {
  const [old, now] = [sidesOf(reviewed, reviewed.differences), sidesOf(freshObject(fresh), symbolicDifferences(fresh))];
  const names = [...new Set([...now.keys(), ...old.keys()])];
  const lines = names.flatMap((name) => {
    const [before, after] = [old.get(name), now.get(name)];
    if (before === after) return [];
    return [`-     ${name}: ${before ?? "(not part of it)"}`, `+     ${name}: ${after ?? "(not part of it)"}`];
  });
  return lines.length > 0 ? lines : ["#     only what it relies on differs"];
}

/** An operation as one text per side, so that only what differs is shown. */
function sidesOf(
  { action, object, relies, refused }: Pick<FileChange, "action" | "object" | "relies" | "refused">,
  differences: readonly Difference[],
): ReadonlyMap<string, string> {
  return new Map([
    ["action", action],
    ["object", object ?? "(none yet)"],
    ...differences.map((difference): [string, string] => [difference.attribute, differenceText(difference)]),
    ...Object.entries(relies).map(([ref, id]): [string, string] => [`relies on ${ref}`, id ?? "(known after apply)"]),
    ["refused", refused ?? "no"],
  ]);
}

function freshObject(fresh: Change): Pick<FileChange, "action" | "object" | "relies" | "refused"> {
  const object = objectOf(fresh);
  const { action, relies, refused } = fresh;
  return { action, relies, ...(object === undefined ? {} : { object }), ...(refused === undefined ? {} : { refused }) };
}

function differenceText({ attribute, before, after }: Difference): string {
  const [old, now] = [sideText(before, attribute), sideText(after, attribute)];
  return `${old} → ${now}`;
}

function sideText(value: Json | Value | undefined, attribute: string): string {
  return value === undefined ? "(absent)" : valueText(sorted(value), attribute);
}

/** Sets in one order, so that order alone is no difference. */
function sorted(value: Value): Value {
  if (!Array.isArray(value)) return value;
  return (value as readonly Value[]).toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
}

/** A change of a plan file, as the writers know changes. */
function asChange({ object: _, ...change }: FileChange): Change {
  return { ...change, step: change.step ?? change.address, notes: change.notes ?? [] };
}

function refusedContext(change: Change): ChangeContext {
  if (change.refused === undefined) return NOTHING;
  return { ...NOTHING, refusals: new Map([[change.step, { why: change.refused }]]) };
}

function shortTitle(change: Change): string {
  return clip(visible(diffTitle(change, refusedContext(change))), SHORT);
}
