import {
  joinSections,
  type Paint,
  paragraph,
  type Sheet,
  sheetOf,
  type TextOptions,
  type TextStyle,
} from "../../planner/writers/layout.ts";
import { visible } from "../../planner/writers/visible.ts";
import { AREAS, type Area, areaOf, type Check, type CheckState } from "./check.ts";

const TITLES: { readonly [A in Area]: string } = {
  machine: "This machine",
  project: "The project",
  workflows: "The workflows",
  github: "GitHub",
  aws: "AWS",
};

const STYLES: { readonly [S in CheckState]: TextStyle } = {
  ok: "green",
  warning: "yellow",
  broken: "red",
  unknown: "dim",
};

/** As wide as the longest, `warning`: read in a log without colour as well as on a terminal. */
const MARK_WIDTH = 7;
const INDENT = " ".repeat(2 + MARK_WIDTH + 2);

/** How many checks there are in each state. */
export type Counts = { readonly [S in CheckState]: number };

export const countsOf = (checks: readonly Check[]): Counts => {
  const of = (state: CheckState) => checks.filter((check) => check.state === state).length;
  return { ok: of("ok"), warning: of("warning"), broken: of("broken"), unknown: of("unknown") };
};

/** One paragraph for each check, by area; what to do stands below what was found. */
export function doctorToText(checks: readonly Check[], options: TextOptions): string {
  const sheet = sheetOf(options);
  const sections = AREAS.map((area) => {
    const own = checks.filter((check) => areaOf(check) === area);
    return own.length === 0 ? [] : [sheet.paint("bold", TITLES[area]), ...own.flatMap((check) => lines(sheet, check))];
  });
  return joinSections([...sections, [verdict(countsOf(checks), sheet.paint)]]);
}

function lines(sheet: Sheet, { about, state, found, mend }: Check): string[] {
  const mark = `  ${sheet.paint(STYLES[state], state.padEnd(MARK_WIDTH))}  `;
  const name = about === "" ? "" : `${visible(about)}:`;
  const [first = "", ...more] = paragraph(sheet, undefined, INDENT, `${name} ${found}`.trim());
  const start = first.slice(INDENT.length);
  // A name that was broken into lines stays plain.
  const painted = start.startsWith(name) ? sheet.paint("bold", name) + start.slice(name.length) : start;
  return [mark + painted, ...more, ...mend.flatMap((line) => mendLines(sheet, line))];
}

/** What may have to be copied is never broken into lines. */
function mendLines(sheet: Sheet, line: string): string[] {
  const arrow = `${INDENT}${sheet.paint("cyan", "->")} `;
  return [arrow + visible(line)];
}

function verdict(counts: Counts, paint: Paint): string {
  const parts = [
    paint(counts.broken > 0 ? "red" : "green", `${counts.broken} broken`),
    `${counts.warning} to think about`,
    `${counts.unknown} not to be seen from here`,
    `${counts.ok} well`,
  ];
  return `${parts.join(", ")}.`;
}
