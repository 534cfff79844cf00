import type { Problem } from "../../specs/problem.ts";
import { type Cut, characters, cutTo, fitTo, GITHUB_LIMIT, type LeftOut, type Piece, type Show } from "../budget.ts";
import { leftOutNote, section } from "../markdown-blocks.ts";
import { code } from "../safe-markdown.ts";
import { clip, visible } from "../visible.ts";
import { count } from "../words.ts";
import { problemPiece } from "./problems.ts";

/** A connection whose spec the pull request touches. */
export interface TouchedConnection {
  readonly name: string;
  readonly change: "added" | "changed" | "removed";
  readonly file?: string;
}

export interface ForkCommentInput {
  readonly marker: string;
  readonly problems: readonly Problem[];
  readonly connections: readonly TouchedConnection[];
  readonly limit?: number;
}

type Part = "problem" | "connection";

const CUTS: readonly Cut<Part>[] = [
  { name: "connection", to: "short" },
  { name: "problem", to: "short" },
  { name: "connection", to: "gone" },
  { name: "problem", to: "gone" },
];

const LONGEST = 120;

const ON = [
  "This pull request comes from a fork, so it got no credentials and no cloud was asked: whether the specs fit the cloud, and what a merge would change, is not known.",
  "",
  "To go on, somebody with permission to write looks at the change, pushes the branch to this repository and opens a pull request from it: that one gets the plan. Nothing of a merged fork is applied without a reviewed plan.",
  "",
];

/** What can be said about a pull request from a fork without any cloud. Everything in here may have been written by anybody. */
export function forkComment({ marker, problems, connections, limit }: ForkCommentInput): string {
  const room = characters(limit ?? GITHUB_LIMIT);
  const pieces = { problems: problems.map(problemPiece), connections: ordered(connections).map(connectionPiece) };
  const layout = (show: Show<Part>, leftOut: LeftOut<Part>) => {
    const lines = [
      marker,
      headline(problems.length),
      "",
      ...leftOutNote(leftOut, "`landline validate` lists all of it."),
      ...section("Problems", pieces.problems.map(show)),
      ...section(`Connections whose specs change: ${countsOf(connections)}`, pieces.connections.map(show)),
      ...ON,
    ];
    return `${lines.join("\n").trimEnd()}\n`;
  };
  const text = fitTo([...pieces.problems, ...pieces.connections], CUTS, room, layout);
  return text ?? cutTo(`${marker}\n${headline(problems.length)}\n`, room);
}

function headline(problems: number): string {
  if (problems > 0) return `🔴 **No, do not merge: ${count(problems, "problem")} in the specs.** No cloud was asked.`;
  return "🟠 **Not yet: the specs are valid, and there is no plan.** No cloud was asked.";
}

/** Removals first: they are what somebody should look at. */
function ordered(connections: readonly TouchedConnection[]): TouchedConnection[] {
  return (["removed", "changed", "added"] as const).flatMap((sort) =>
    connections.filter(({ change }) => change === sort),
  );
}

function countsOf(connections: readonly TouchedConnection[]): string {
  const sorts = ["removed", "changed", "added"] as const;
  const parts = sorts.map((sort) => [connections.filter(({ change }) => change === sort).length, sort] as const);
  return parts.flatMap(([n, sort]) => (n > 0 ? [`${n} ${sort}`] : [])).join(", ");
}

function connectionPiece({ name, change, file }: TouchedConnection): Piece<Part> {
  const short = `- ${change} ${code(clip(visible(name), LONGEST))}`;
  return {
    name: "connection",
    full: `${short}${file === undefined ? "" : ` in ${code(clip(visible(file), 300))}`}`,
    short,
  };
}
