import type { Plan, Summary } from "../../model.ts";
import { contextOf } from "./context.ts";
import { groupByConnection, orderNote } from "./groups.ts";
import { joinSections, paragraph, type Sheet, sheetOf, type TextOptions } from "./layout.ts";
import { findingSections, handoffSection, waitSection } from "./text-blocks.ts";
import { groupLines } from "./text-change.ts";
import { matchWords, nextWords, type Refusals } from "./verdict.ts";
import { visible } from "./visible.ts";
import { summaryLine, troubleWords } from "./words.ts";

/**
 * A plan for a terminal: the changes by connection with what each attribute becomes, then findings, waits and hand-offs, and at the end,
 * where the eye rests, the counts and what to do next.
 */
export function planToText(plan: Plan, options: TextOptions): string {
  const sheet = sheetOf(options);
  const context = contextOf(plan);
  const note = orderNote(context.after);
  return joinSections([
    note === undefined ? [] : paragraph(sheet, "dim", "", note),
    ...groupByConnection(plan.changes).map((group) => groupLines(sheet, group, context)),
    ...findingSections(sheet, plan.findings),
    waitSection(sheet, plan.waits),
    handoffSection(sheet, plan.handoffs),
    closing(sheet, plan, context.refusals),
  ]);
}

function closing(sheet: Sheet, plan: Plan, refusals: Refusals): string[] {
  const trouble = troubleLine(sheet, plan.summary);
  const words = nextWords(plan, refusals);
  const next = words === "" ? [] : paragraph(sheet, undefined, "", words);
  if (plan.changes.length === 0) return [sheet.paint("bold", noChanges(plan)), ...trouble, ...next];
  const refused = `${refusals.size} of ${plan.changes.length} refused.`;
  return [
    sheet.paint("bold", summaryLine(plan.summary)),
    ...(refusals.size === 0 ? [] : [sheet.paint("red", refused)]),
    ...trouble,
    sheet.paint("dim", `Plan id ${visible(plan.planId)}`),
    ...next,
  ];
}

function noChanges(plan: Plan): string {
  const { errors, waits } = plan.summary;
  return `No changes${errors + waits > 0 ? " for now" : ""}. ${matchWords(plan)}`.trimEnd();
}

function troubleLine(sheet: Sheet, summary: Summary): string[] {
  const words = troubleWords(summary);
  if (words === "") return [];
  const style = summary.errors > 0 ? "red" : summary.warnings > 0 ? "yellow" : "cyan";
  return [sheet.paint(style, `${words}.`)];
}
