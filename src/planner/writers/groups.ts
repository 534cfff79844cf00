import type { Action, Change, Plan, Risk } from "../../model.ts";
import { groupBy } from "../collections.ts";
import { ACTIONS, orderRisks } from "./words.ts";

export type Counts = { readonly [A in Action]: number };

/** The changes of one connection, in plan order. */
export interface Group {
  readonly connection: string;
  readonly changes: readonly Change[];
  readonly counts: Counts;
  readonly risks: readonly Risk[];
}

/** The changes by connection; connections in the order in which the plan first comes to them. */
export function groupByConnection(changes: readonly Change[]): Group[] {
  return [...groupBy(changes, (change) => change.connection)].map(([connection, own]) => ({
    connection,
    changes: own,
    counts: countActions(own),
    risks: orderRisks(own.flatMap((change) => change.risks)),
  }));
}

/** The object that a replacement leaves behind; its deletion counts as part of the replacement. */
export function isLeftover(change: Change): boolean {
  return change.leftover === true;
}

/** As in the plan's summary: the old halves of replacements do not count as deletions. */
export function countActions(changes: readonly Change[]): Counts {
  const counts = { create: 0, update: 0, replace: 0, delete: 0 };
  for (const change of changes) if (!isLeftover(change) && !change.temporary) counts[change.action] += 1;
  return counts;
}

/** `3 to create, 1 to delete`: only what there is. */
export function countWords(counts: Counts): string {
  const present = ACTIONS.filter((action) => counts[action] > 0);
  return present.map((action) => `${counts[action]} to ${action}`).join(", ");
}

/** In which part of a document a change is told: its connection, if nothing else is said. */
export type PlaceOf = (change: Change) => string;

const byConnection: PlaceOf = ({ connection }) => connection;

/** Steps told elsewhere (of other connections) that come right before a step, by step. Grouping hides this order, so writers say it. */
export function stepsOfOthers(plan: Plan, placeOf = byConnection): ReadonlyMap<string, readonly string[]> {
  const places = new Map(plan.changes.map((change) => [change.step, placeOf(change)]));
  const isForeign = (own: string) => (step: string) => (places.get(step) ?? own) !== own;
  return new Map(plan.changes.map((change) => [change.step, change.dependsOn.filter(isForeign(placeOf(change)))]));
}

/** Said once, where steps of one part of a document wait for steps of another; `after` is from `stepsOfOthers`. */
export function orderNote(
  after: ReadonlyMap<string, readonly string[]>,
  part: "connection" | "section" = "connection",
): string | undefined {
  const crosses = [...after.values()].some((steps) => steps.length > 0);
  if (!crosses) return undefined;
  return `Order matters: these ${part}s depend on each other. Apply follows the plan's own order; a line “after …” names the step of another ${part} that comes first.`;
}
