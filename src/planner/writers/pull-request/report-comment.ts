import type { Plan } from "../../../model.ts";
import { characters, GITHUB_LIMIT } from "../budget.ts";
import { countResults, type Report, stepsNotReached } from "../report.ts";
import { headline, reportDocument } from "../report-markdown.ts";
import { code, inline } from "../safe-markdown.ts";
import { clip, visible } from "../visible.ts";
import { count } from "../words.ts";
import { folded } from "./blocks.ts";
import { link, whereText } from "./links.ts";
import { countsLine, planDocument } from "./plan-comment.ts";
import type { MoreAt, Place } from "./words.ts";

/** What became of a deployment to one target, in GitHub's words. */
export interface DeploymentLine {
  readonly target: string;
  readonly state: string;
  readonly url?: string;
}

export interface ReportCommentInput {
  readonly marker: string;
  readonly report: Report;
  /** The plan that was reviewed. */
  readonly plan: Plan;
  readonly targets: readonly Place[];
  /** Who approved what, as plain lines; two spaces before a line put it under the one above. */
  readonly approvals: readonly string[];
  readonly deployments: readonly DeploymentLine[];
  readonly moreAt: MoreAt;
  /** Where the job can be run again. */
  readonly rerun?: string;
  readonly limit?: number;
}

const MOST_LINES = 40;
const LONGEST = 300;

/**
 * What the apply did, in the comment that held the plan: the result, what to do next, who had approved, all outcomes, and the plan that was
 * reviewed folded below, where there is room.
 */
export function reportComment(input: ReportCommentInput): string {
  const limit = characters(input.limit ?? GITHUB_LIMIT);
  const { marker, report, moreAt } = input;
  const top = [marker, headline(report), ""];
  const more = [...nextLines(input), ...approvalLines(input.approvals), ...deploymentLines(input.deployments)];
  const tail = `\nThe whole report is in ${whereText(moreAt)}.\n`;
  const text = reportDocument(top, more, report, { ...limit, most: Math.max(0, limit.most - tail.length) });
  const withTail = text.length + tail.length <= limit.most ? `${text}${tail}` : text;
  const below = planBelow(input, limit.most - withTail.length - 1);
  return below === undefined ? withTail : `${withTail}\n${below}`;
}

/** The reviewed plan, folded; undefined when there is no room for it. */
function planBelow({ plan, targets, moreAt }: ReportCommentInput, room: number): string | undefined {
  if (plan.changes.length === 0) return undefined;
  const around = (lines: readonly string[]) =>
    `${folded("The plan that was reviewed", lines, false).join("\n").trimEnd()}\n`;
  const most = room - around([""]).length;
  const text = planDocument([], countsLine(plan), { plan, targets, moreAt }, characters(most));
  return text === undefined ? undefined : around([text.trimEnd(), ""]);
}

/** What a person has to do now. Running again continues: what is done is not done twice. */
function nextLines({ report, rerun }: ReportCommentInput): string[] {
  const { failed, skipped, refused } = countResults(report.outcomes);
  const again = link("re-run the job", rerun);
  const open = failed + skipped + stepsNotReached(report).length > 0;
  const settle = failed > 0 ? `Settle what failed, then ${again}` : `To go on, ${again}`;
  const said = [
    ...(open ? [`**Applied in part.** ${settle}: it continues where this run stopped and does nothing twice.`] : []),
    ...(refused > 0
      ? [
          `${count(refused, "change")} refused: running again does not help, a pull request that settles the reason does.`,
        ]
      : []),
    ...(!open && report.waits.length > 0
      ? [`Somebody else has to act first, see Waiting; then ${again}, and it continues with what waits for that.`]
      : []),
  ];
  return said.length === 0 ? [] : [said.join(" "), ""];
}

function approvalLines(approvals: readonly string[]): string[] {
  if (approvals.length === 0) return [];
  const lines = approvals.slice(0, MOST_LINES).map((line) => {
    const indent = line.startsWith("  ") ? "  " : "";
    return `${indent}- ${inline(clip(visible(line.trim()), LONGEST))}`;
  });
  const more = approvals.length > MOST_LINES ? [`- and ${approvals.length - MOST_LINES} more`] : [];
  return ["#### Approvals", "", ...lines, ...more, ""];
}

function deploymentLines(deployments: readonly DeploymentLine[]): string[] {
  if (deployments.length === 0) return [];
  const lines = deployments
    .slice(0, MOST_LINES)
    .map(
      ({ target, state, url }) =>
        `- ${code(clip(visible(target), LONGEST))}: ${link(clip(visible(state), LONGEST), url)}`,
    );
  const more = deployments.length > MOST_LINES ? [`- and ${deployments.length - MOST_LINES} more`] : [];
  return ["#### Deployments", "", ...lines, ...more, ""];
}
