import type { Change, Finding, Handoff, Plan, Wait } from "../../../model.ts";
import { compareText, groupBy } from "../../collections.ts";
import type { Piece } from "../budget.ts";
import type { ChangeContext } from "../context.ts";
import { groupByConnection, type PlaceOf } from "../groups.ts";
import { handoffPiece, waitPiece } from "../markdown-blocks.ts";
import {
  findings,
  groupPieces,
  isRemark,
  isWarning,
  type Part,
  type Pieces,
  rowPiece,
  watchedPieces,
} from "../markdown-pieces.ts";
import { isBlocking } from "../verdict.ts";
import { clip, visible } from "../visible.ts";
import type { InScope, Place } from "./words.ts";

/**
 * The middle of the comment: one section per target, in each the connections that change there. A connection that spans two targets stands
 * in both, each time with what changes in that target; what is said about it as a whole is told where it comes first.
 */

export type CommentPart = Part | "picture" | "connection without changes";

/** One connection in one target. */
export interface Entry extends Omit<Pieces, "changes"> {
  readonly row: Piece<CommentPart>;
  readonly changes: readonly Piece<CommentPart>[];
  readonly notes: Notes;
  /** Why it was planned. */
  readonly why?: string;
}

/** What is said about a connection besides its changes. Errors are told above all connections. */
export interface Notes {
  readonly warnings: readonly Piece<CommentPart>[];
  readonly remarks: readonly Piece<CommentPart>[];
  readonly waits: readonly Piece<CommentPart>[];
  readonly handoffs: readonly Piece<CommentPart>[];
}

export interface Section {
  readonly target: string;
  readonly place?: Place;
  /** What nobody may overlook there, one line each. */
  readonly watched: readonly Piece<CommentPart>[];
  readonly entries: readonly Entry[];
}

export interface Sections {
  readonly sections: readonly Section[];
  /** Connections about which something is said although nothing of them changes. */
  readonly quiet: readonly { readonly connection: string; readonly notes: Notes }[];
  /** What is said about no connection at all. */
  readonly general: Notes;
}

/** Where the comment tells a change: connection and target. */
export const placeOf: PlaceOf = ({ connection, target }) => JSON.stringify([connection, target]);

const LONGEST_NAME = 200;

export function sectionsOf(
  plan: Plan,
  context: ChangeContext,
  targets: readonly Place[],
  scope: readonly InScope[],
): Sections {
  const notes = notesByConnection(plan);
  const told = new Set<string>();
  const notesFor = (connection: string): Notes => {
    const own = told.has(connection) ? undefined : notes.get(connection);
    told.add(connection);
    return own ?? NO_NOTES;
  };
  const why = new Map(scope.map((one) => [one.name, one.why]));
  const sections = byTarget(plan.changes, targets).map(({ target, place, changes }) => ({
    target,
    ...(place === undefined ? {} : { place }),
    watched: watchedPieces({ changes }, context),
    entries: groupByConnection(changes).map((group) => ({
      ...groupPieces(group, context),
      row: rowPiece(group, context),
      notes: notesFor(group.connection),
      ...ifSaid(why.get(group.connection)),
    })),
  }));
  const rest = [...notes].filter(([connection]) => !told.has(connection));
  const quiet = rest.map(([connection, own]) => ({ connection: clip(visible(connection), LONGEST_NAME), notes: own }));
  return { sections, quiet, general: notesOf(plan.findings.filter(isGeneral), [], []) };
}

/** Every piece of the sections, for the budget. */
export function sectionPieces({ sections, quiet, general }: Sections): Piece<CommentPart>[] {
  const entries = sections.flatMap((section) => section.entries);
  return [
    ...sections.flatMap((section) => section.watched),
    ...entries.flatMap(({ row, changes }) => [row, ...changes]),
    ...[...entries, ...quiet].flatMap(({ notes }) => notePieces(notes)),
    ...notePieces(general),
  ];
}

export const notePieces = ({ warnings, remarks, waits, handoffs }: Notes): readonly Piece<CommentPart>[] => [
  ...warnings,
  ...remarks,
  ...waits,
  ...handoffs,
];

const ifSaid = (why: string | undefined) => (why === undefined ? {} : { why });

const NO_NOTES: Notes = { warnings: [], remarks: [], waits: [], handoffs: [] };

/** In the order in which the project lists its targets; others, of whom only the cloud knows, after them. */
function byTarget(changes: readonly Change[], targets: readonly Place[]) {
  const groups = groupBy(changes, ({ target }) => target);
  const listed = targets.map(({ name }) => name);
  const others = [...groups.keys()].filter((name) => !listed.includes(name)).sort(compareText);
  return [...new Set([...listed, ...others])].flatMap((target) => {
    const own = groups.get(target);
    return own === undefined ? [] : [{ target, place: targets.find(({ name }) => name === target), changes: own }];
  });
}

function notesByConnection({ findings: all, waits, handoffs }: Plan): ReadonlyMap<string, Notes> {
  const named = all.filter((finding) => !isGeneral(finding) && !isBlocking(finding));
  const byConnection = <T extends { readonly connection?: string }>(items: readonly T[]) =>
    groupBy(items, ({ connection = "" }) => connection);
  const [own, waiting, handed] = [byConnection(named), byConnection(waits), byConnection(handoffs)];
  const names = [...new Set([...own.keys(), ...waiting.keys(), ...handed.keys()])];
  return new Map(
    names.map((name) => [name, notesOf(own.get(name) ?? [], waiting.get(name) ?? [], handed.get(name) ?? [])]),
  );
}

function notesOf(said: readonly Finding[], waits: readonly Wait[], handoffs: readonly Handoff[]): Notes {
  return {
    warnings: findings({ findings: said }, "warning", isWarning),
    remarks: findings({ findings: said }, "remark", isRemark),
    waits: waits.map(waitPiece),
    handoffs: handoffs.map(handoffPiece),
  };
}

const isGeneral = ({ connection }: Finding): boolean => connection === undefined;
