import type { Plan, Summary } from "../../../model.ts";
import { groupBy } from "../../collections.ts";
import { summarize } from "../../summary.ts";
import { characters } from "../budget.ts";
import { contextOf } from "../context.ts";
import { countActions, countWords } from "../groups.ts";
import { isBlocking } from "../verdict.ts";
import { clip } from "../visible.ts";
import { count, listWords, orderRisks, RISK_WORDS, troubleWords } from "../words.ts";
import { type Annotation, annotationsOf } from "./annotations.ts";
import { crowdedComment } from "./crowded.ts";
import { planDocument } from "./plan-comment.ts";
import { placeOf } from "./sections.ts";
import type { MoreAt, Place } from "./words.ts";

/** What GitHub takes as the title of a check run, in characters. */
export const LONGEST_TITLE = 255;
/** What GitHub takes as the summary of a check run, in characters, and how many annotations in one call. */
export const SUMMARY_LIMIT = 65_535;
export const MOST_ANNOTATIONS = 50;

export interface CheckOutputInput {
  /** The whole plan. */
  readonly plan: Plan;
  readonly target: Place;
  readonly moreAt: MoreAt;
  /** The targets of each connection as its spec says: to whom belongs what is said of a connection that does not change. Not known: to all. */
  readonly homes?: ReadonlyMap<string, readonly string[]>;
}

export interface CheckOutput {
  /** At most 255 characters, holds no foreign text. */
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  /** At most 50, errors first; the summary says how many more there are. */
  readonly annotations: readonly Annotation[];
  /** Whether something in this target is refused or wrong: the check should be red. */
  readonly refused: boolean;
}

/** What a plan says of one target, as a check run on the pull request's head. */
export function checkOutput({ plan, target, moreAt, homes = new Map() }: CheckOutputInput): CheckOutput {
  const part = partOf(plan, target.name, homes);
  const all = annotationsOf(part.findings);
  const annotations = all.slice(0, MOST_ANNOTATIONS);
  const refused = part.changes.some((change) => change.refused !== undefined) || part.findings.some(isBlocking);
  const title = clip(titleOf(part, refused), LONGEST_TITLE);
  const more = all.length - annotations.length;
  const top = [
    `**${title}**`,
    "",
    ...(more > 0
      ? [
          `${count(more, "more finding")} ${more === 1 ? "has" : "have"} no annotation: GitHub takes ${MOST_ANNOTATIONS} at once.`,
          "",
        ]
      : []),
  ];
  return { title, summary: summaryOf(part, target, moreAt, top), annotations, refused };
}

function summaryOf(part: Plan, target: Place, moreAt: MoreAt, top: readonly string[]): string {
  const limit = characters(SUMMARY_LIMIT);
  const trouble = troubleWords(part.summary);
  const counts = trouble === "" ? "" : `${trouble}.`;
  const whole = planDocument(top, counts, { plan: part, targets: [target], moreAt }, limit);
  return whole ?? crowdedComment(part, { top, counts, moreAt }, contextOf(part, placeOf), limit);
}

function titleOf(part: Plan, refused: boolean): string {
  const changes = countWords(countActions(part.changes));
  const risks = listWords(orderRisks(part.changes.flatMap((change) => change.risks)).map((risk) => RISK_WORDS[risk]));
  const what =
    changes === "" ? (part.changes.length === 0 ? "Nothing changes here" : "The rest of a replacement") : changes;
  return `${refused ? `Do not merge: ${refusedWords(part)}. ` : ""}${what}${risks === "" ? "" : `: ${risks}`}`;
}

function refusedWords({ changes, summary }: { readonly changes: Plan["changes"]; readonly summary: Summary }): string {
  const refused = changes.filter((change) => change.refused !== undefined).length;
  const parts = [
    ...(refused > 0 ? [`${refused} of ${count(changes.length, "change")} refused`] : []),
    ...(summary.errors > 0 ? [count(summary.errors, "error")] : []),
  ];
  return parts.join(", ");
}

/**
 * The part of a plan that is about one target: its changes, and what is said about them, about their connections, or about no connection. It
 * keeps the whole plan's id.
 */
function partOf(plan: Plan, target: string, homes: ReadonlyMap<string, readonly string[]>): Plan {
  const changes = plan.changes.filter((change) => change.target === target);
  const byAddress = groupBy(plan.changes, ({ address }) => address);
  const byConnection = groupBy(plan.changes, ({ connection }) => connection);
  const isHere = ({ connection, address }: { readonly connection?: string; readonly address?: string }): boolean => {
    const nearest = (address === undefined ? undefined : byAddress.get(address)) ?? byConnection.get(connection ?? "");
    const known = nearest?.map((change) => change.target) ?? homes.get(connection ?? "");
    return known === undefined || known.includes(target);
  };
  const [findings, waits] = [plan.findings.filter(isHere), plan.waits.filter(isHere)];
  const handoffs = plan.handoffs.filter(isHere);
  return { ...plan, changes, findings, waits, handoffs, summary: summarize({ changes, findings, waits }, 0) };
}
