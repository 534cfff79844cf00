import type { Delta } from "../../changed/delta.ts";
import { type Cut, characters, crowd, fitTo, GITHUB_LIMIT, type LeftOut, type Show } from "../budget.ts";
import { leftOutNote } from "../markdown-blocks.ts";
import { code, inline } from "../safe-markdown.ts";
import { clip, visible } from "../visible.ts";
import { ended } from "../words.ts";
import { type DeltaPart, type DeltaPieces, deltaLines, deltaPieces, deltaWords } from "./delta.ts";
import { link, whereText } from "./links.ts";
import type { MoreAt } from "./words.ts";

export interface RefusalInput {
  readonly marker: string;
  /** Why nothing was carried out, in sentences. */
  readonly reasons: readonly string[];
  /** What was reviewed against what would be done now; absent when there is no reviewed plan or no new one. */
  readonly delta?: Delta;
  /** The plan that would be carried out now; absent when none could be made. */
  readonly newPlanId?: string;
  /** The environment in which people may approve the new plan, and where they do it. */
  readonly environment: { readonly name: string; readonly url?: string };
  readonly moreAt: MoreAt;
  readonly limit?: number;
}

/** What would be done beyond the reviewed plan goes last: that is what somebody has to judge. */
export const DELTA_CUTS: readonly Cut<DeltaPart>[] = [
  { name: "gone operation", to: "short" },
  { name: "gone operation", to: "gone" },
  { name: "differing operation", to: "short" },
  { name: "new operation", to: "short" },
];

const MOST_REASONS = 12;
const LONGEST_REASON = 600;

/** The merge was not carried out: why, how the plan differs from the reviewed one, and the two ways on. */
export function refusalComment(input: RefusalInput): string {
  const limit = characters(input.limit ?? GITHUB_LIMIT);
  const { delta, moreAt } = input;
  const pieces = delta === undefined ? { gone: [], fresh: [], differing: [] } : deltaPieces(delta);
  const layout = (show: Show<DeltaPart>, leftOut: LeftOut<DeltaPart>) => {
    const lines = [
      ...headOf(input, LONGEST_REASON),
      ...leftOutNote(leftOut, `All of it is in ${whereText(moreAt)}.`),
      ...deltaLines(pieces, show),
    ];
    return `${lines.join("\n").trimEnd()}\n`;
  };
  return (
    fitTo(allOf(pieces), DELTA_CUTS, limit, layout) ??
    crowd(headOf(input, 160).join("\n").trimEnd(), listOf(pieces), limit)
  );
}

export const allOf = ({ gone, fresh, differing }: DeltaPieces) => [...fresh, ...differing, ...gone];

/** What has to be judged, as list items, for the last resort. */
export function listOf({ fresh, differing }: DeltaPieces): string[] {
  return [...fresh, ...differing].map(({ short }) => `- ${code(short)}`);
}

function headOf({ marker, reasons, delta, newPlanId, environment, moreAt }: RefusalInput, longest: number): string[] {
  const differs = delta === undefined ? [] : [`Against the reviewed plan, ${deltaWords(delta)}.`, ""];
  return [
    marker,
    "🔴 **Nothing was applied.** The merge stands; the cloud is as it was.",
    "",
    ...reasons.slice(0, MOST_REASONS).map((reason) => `- ${inline(ended(clip(visible(reason), longest)))}`),
    ...(reasons.length > MOST_REASONS ? [`- and ${reasons.length - MOST_REASONS} more`] : []),
    ...(reasons.length > 0 ? [""] : []),
    ...differs,
    "#### Two ways on",
    "",
    `1. ${newPlanId === undefined ? "Settle what is said above, then re-run the job." : approveWords(newPlanId, environment)}`,
    "2. Open a new pull request: take back what should not be done, or change the specs; its plan is reviewed anew.",
    "",
    `The whole plan is in ${whereText(moreAt)}.`,
    "",
  ];
}

function approveWords(id: string, { name, url }: RefusalInput["environment"]): string {
  const where = url === undefined ? "" : ` (${link("the run that waits for it", url)})`;
  return `Approve the new plan ${code(id)} in the environment ${code(clip(visible(name), 255))}${where}: the job then carries out that plan and no other.`;
}
