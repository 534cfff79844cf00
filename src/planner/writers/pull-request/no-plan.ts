import type { Problem } from "../../specs/problem.ts";
import { type Cut, characters, cutTo, fitTo, GITHUB_LIMIT, type LeftOut, type Limit, type Show } from "../budget.ts";
import { leftOutNote, section } from "../markdown-blocks.ts";
import { fencedText } from "../safe-markdown.ts";
import { clip, visible } from "../visible.ts";
import { count } from "../words.ts";
import type { Annotation } from "./annotations.ts";
import { type CheckOutput, LONGEST_TITLE, MOST_ANNOTATIONS, SUMMARY_LIMIT } from "./check-output.ts";
import { problemPiece } from "./problems.ts";

/** Why there is no plan: the specs have mistakes, or something went wrong on the way. */
export type WhyNoPlan = { readonly problems: readonly Problem[] } | { readonly reason: string };

export interface NoPlanInput {
  readonly marker: string;
  readonly why: WhyNoPlan;
  readonly limit?: number;
}

const CUTS: readonly Cut<"problem">[] = [
  { name: "problem", to: "short" },
  { name: "problem", to: "gone" },
];

/** Reasons are the words of a failed run; beyond this they are not read. */
const LONGEST_REASON = 6_000;
const LONGEST_MESSAGE = 4_000;

/** What the comment says while there is no plan: never the plan of an earlier push. */
export function noPlanComment({ marker, why, limit }: NoPlanInput): string {
  return noPlanDocument([marker], why, characters(limit ?? GITHUB_LIMIT));
}

/** The same as a check run, red, with an annotation beside every mistake. */
export function noPlanCheck(why: WhyNoPlan): CheckOutput {
  const annotations = "problems" in why ? why.problems.slice(0, MOST_ANNOTATIONS).map(annotationOf) : [];
  return {
    title: clip(`No plan: ${shortly(why)}`, LONGEST_TITLE),
    summary: noPlanDocument([], why, characters(SUMMARY_LIMIT)),
    annotations,
    refused: true,
  };
}

function noPlanDocument(top: readonly string[], why: WhyNoPlan, limit: Limit): string {
  const head = [...top, `🔴 **No, do not merge: ${shortly(why)}.** There is no plan.`, ""];
  const pieces = "problems" in why ? why.problems.map(problemPiece) : [];
  const layout = (show: Show<"problem">, leftOut: LeftOut<"problem">) => {
    const lines = [
      ...head,
      ...leftOutNote(leftOut, "`landline validate` lists all of them."),
      ...section("Problems", pieces.map(show)),
      ...("reason" in why ? [fencedText(clip(why.reason, LONGEST_REASON)), ""] : []),
      ...WAYS_ON["problems" in why ? "problems" : "reason"],
    ];
    return `${lines.join("\n").trimEnd()}\n`;
  };
  return fitTo(pieces, CUTS, limit, layout) ?? cutTo(`${head.join("\n").trimEnd()}\n`, limit);
}

const WAYS_ON = {
  problems: ["Mend the specs and push; `landline validate` shows the same without any credentials."],
  reason: ["When the specs are to blame, mend them and push; otherwise re-run the job once the cause is gone."],
};

const shortly = (why: WhyNoPlan): string =>
  "problems" in why ? `${count(why.problems.length, "problem")} in the specs` : "the plan could not be made";

function annotationOf({ code, message, at, hint }: Problem): Annotation {
  const text = visible(hint === undefined ? message : `${message} (${hint})`);
  return {
    path: at.file,
    line: at.line,
    level: "failure",
    title: clip(visible(code), LONGEST_TITLE),
    message: clip(text, LONGEST_MESSAGE),
  };
}
