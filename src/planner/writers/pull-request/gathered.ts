import type { Change, Plan } from "../../../model.ts";
import { compareText, groupBy } from "../../collections.ts";
import type { ChangeContext } from "../context.ts";
import { isWatched } from "../context.ts";
import { type Counts, countActions, countWords } from "../groups.ts";
import { fence } from "../safe-markdown.ts";
import { isBlocking } from "../verdict.ts";
import { clip, visible } from "../visible.ts";
import { ACTIONS, count, orderRisks, RISK_ORDER, RISK_WORDS, SIGN } from "../words.ts";

/**
 * The plan when single changes do not fit: one short line for each connection in which something is lost, replaced, let in, refused or wrong,
 * gathered under what they have in common. A line with the longest name that a spec may have (40 characters) and two sorts of change has 46
 * characters, one with all four has 50 and more only from ten changes of a sort on: some 1,250 such connections fit, more with shorter names.
 */

export interface Gathered {
  /** A diff block with every such connection. */
  readonly block: string;
  readonly connections: number;
  /** Connections of which only harmless changes are not shown. */
  readonly harmless: number;
}

/** Names from specs have 40 characters at most; what a mark in the cloud says may be longer. */
const LONGEST_NAME = 48;

interface Line {
  readonly connection: string;
  readonly counts: Counts;
  /** What it has in common with others: risks, and errors by their ids. */
  readonly common: string;
  readonly weight: number;
  readonly loses: boolean;
}

/** `words`: `1 to delete, 2 to replace`; `signs`: `-1±2`. */
export function gather(plan: Plan, context: ChangeContext, form: "words" | "signs"): Gathered {
  const lines = linesOf(plan, context);
  const groups = [...groupBy(lines, ({ common }) => common)].toSorted(
    ([, [a]], [, [b]]) => (a?.weight ?? 0) - (b?.weight ?? 0),
  );
  const legend = form === "signs" ? ["# -1 one deletion, ±1 one replacement, ~1 one update, +1 one creation"] : [];
  const text = groups.flatMap(([common, own]) => [
    `# ${common} (${count(own.length, "connection")})`,
    ...own.map((line) => lineText(line, form)),
  ]);
  const changed = new Set(plan.changes.map(({ connection }) => connection)).size;
  const shown = new Set(lines.map(({ connection }) => connection));
  const shownChanged = plan.changes.filter(({ connection }) => shown.has(connection));
  return {
    block: fence([...legend, ...text], "diff"),
    connections: lines.length,
    harmless: changed - new Set(shownChanged.map(({ connection }) => connection)).size,
  };
}

function linesOf(plan: Plan, context: ChangeContext): Line[] {
  const watched = plan.changes.filter((change) => isWatched(change, context));
  const byConnection = groupBy(watched, ({ connection }) => connection);
  const errors = groupBy(plan.findings.filter(isBlocking), ({ connection = "(the whole run)" }) => connection);
  const names = [...new Set([...byConnection.keys(), ...errors.keys()])].sort(compareText);
  return names.map((connection) => {
    const own = byConnection.get(connection) ?? [];
    const ids = [...new Set((errors.get(connection) ?? []).map(({ id }) => visible(id)))].sort(compareText);
    return { connection, counts: countAll(own), ...commonOf(own, ids), loses: own.some(isLoss) };
  });
}

/** Old halves of replacements are counted where they stand alone: a connection whose only loss they are must not look harmless. */
function countAll(changes: readonly Change[]): Counts {
  const counts = countActions(changes);
  return ACTIONS.some((action) => counts[action] > 0) ? counts : { ...counts, delete: changes.length };
}

function commonOf(changes: readonly Change[], errors: readonly string[]): Pick<Line, "common" | "weight"> {
  const risks = orderRisks(changes.flatMap((change) => change.risks));
  const refused = changes.some((change) => change.refused !== undefined);
  const words = [
    ...risks.map((risk) => RISK_WORDS[risk]),
    ...(refused ? ["refused"] : []),
    ...(errors.length > 0 ? [`error ${clip(errors.join(", "), LONGEST_NAME)}`] : []),
  ];
  const worst = risks[0];
  const weight = worst === undefined ? RISK_ORDER.length : RISK_ORDER.indexOf(worst);
  return { common: words.join(", ") || "deletes or replaces", weight };
}

const isLoss = ({ action }: Change): boolean => action === "delete" || action === "replace";

function lineText({ connection, counts, loses }: Line, form: "words" | "signs"): string {
  const name = clip(visible(connection), LONGEST_NAME);
  const mark = loses ? "-" : "!";
  if (form === "words") return `${mark} ${name}: ${countWords(counts) || "no change"}`;
  const signs = ["delete", "replace", "update", "create"] as const;
  return `${mark}${name} ${signs.flatMap((action) => (counts[action] > 0 ? [`${SIGN[action]}${counts[action]}`] : [])).join("")}`.trimEnd();
}
