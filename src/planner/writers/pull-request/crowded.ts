import type { Plan } from "../../../model.ts";
import { groupBy } from "../../collections.ts";
import { cutTo, fits, type Limit } from "../budget.ts";
import type { ChangeContext } from "../context.ts";
import { countActions, countWords } from "../groups.ts";
import { code } from "../safe-markdown.ts";
import { isBlocking } from "../verdict.ts";
import { clip, visible } from "../visible.ts";
import { count } from "../words.ts";
import { footer } from "./blocks.ts";
import { type Gathered, gather } from "./gathered.ts";
import { whereText } from "./links.ts";
import type { MoreAt } from "./words.ts";

/** What stands around the connections. */
export interface Crowd {
  /** The line by which the document is found again, where it has one. */
  readonly marker?: string;
  /** The verdict and what is missing for it. */
  readonly top: readonly string[];
  /** One line that counts what changes. */
  readonly counts: string;
  readonly moreAt: MoreAt;
}

const MOST_TARGETS = 40;
const LONGEST_NAME = 60;

/**
 * The comment when single changes do not fit: each connection in which something is lost, let in, refused or wrong in a line of its own. When
 * not even that fits, it must not be taken for a plan that somebody could judge, and says so first.
 */
export function crowdedComment(plan: Plan, crowd: Crowd, context: ChangeContext, limit: Limit): string {
  const forms = ["words", "signs"] as const;
  const texts = forms.map((form) => gatheredComment(plan, crowd, gather(plan, context, form)));
  return texts.find((text) => fits(text, limit)) ?? unreadable(plan, crowd, limit);
}

function gatheredComment(plan: Plan, { marker, top, counts, moreAt }: Crowd, gathered: Gathered): string {
  const { block, connections, harmless } = gathered;
  const rest =
    harmless === 0
      ? ""
      : ` ${count(harmless, "more connection")} with harmless changes only ${harmless === 1 ? "is" : "are"} not listed.`;
  const lines = [
    ...markerLine(marker),
    ...top,
    counts,
    "",
    `**Too long for one comment: every connection with a deletion, a replacement, a risk or an error stands here in one line (${connections}).**${rest}`,
    "",
    block,
    "",
    ...footer(plan.planId, moreAt),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function unreadable(plan: Plan, { marker, counts, moreAt }: Crowd, limit: Limit): string {
  const targets = [...groupBy(plan.changes, ({ target }) => target)];
  const rows = targets.slice(0, MOST_TARGETS).map(([target, own]) => {
    const connections = new Set(own.map(({ connection }) => connection)).size;
    return `- ${code(clip(visible(target), LONGEST_NAME))}: ${countWords(countActions(own)) || "the rest of replacements"}, in ${count(connections, "connection")}`;
  });
  const more = targets.length > MOST_TARGETS ? [`- and ${targets.length - MOST_TARGETS} more targets`] : [];
  const errors = plan.findings.filter(isBlocking).length;
  const lines = [
    ...markerLine(marker),
    `🔴 **No, do not merge from this comment: what would be lost does not fit in it.** Read ${whereText(moreAt)}, or make smaller pull requests.`,
    "",
    counts,
    "",
    ...rows,
    ...more,
    ...(errors > 0 ? [`- ${count(errors, "error")}`] : []),
    "",
    ...footer(plan.planId, moreAt),
  ];
  return cutTo(`${lines.join("\n").trimEnd()}\n`, limit);
}

const markerLine = (marker: string | undefined): string[] => (marker === undefined ? [] : [marker]);
