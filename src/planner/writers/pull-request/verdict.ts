import type { Plan } from "../../../model.ts";
import { brief } from "../markdown-blocks.ts";
import { isBlocking, type Refusals, verdictOf } from "../verdict.ts";
import { count, ended, listWords, orderRisks, RISK_WORDS } from "../words.ts";
import { openItems } from "./checklist.ts";
import type { ChecklistItem } from "./words.ts";

/** The first line of the comment: may I merge? Yes; yes, once something is done; no. */

/** So many reasons stand in the line, the others are counted. */
const MOST_REASONS = 2;

/** Whether the plan asks for nothing: no change, no error, no wait, nothing to approve. */
export function changesNothing(plan: Plan, checklist: readonly ChecklistItem[]): boolean {
  const quiet = plan.changes.length === 0 && plan.waits.length === 0 && !plan.findings.some(isBlocking);
  return quiet && openItems(checklist).length === 0;
}

/** `🟠 **Yes, once this is done:** …` */
export function mergeLine(plan: Plan, checklist: readonly ChecklistItem[], refusals: Refusals): string {
  const errors = plan.findings.filter(isBlocking);
  if (refusals.size > 0 || errors.length > 0) return noLine(plan, errors.length, refusals);
  const open = openItems(checklist);
  if (open.length === 0) return yesLine(plan);
  const lead = open.length === 1 ? "once this is done" : `once these ${open.length} are done`;
  return line(
    "🟠",
    `Yes, ${lead}:`,
    open.map(({ text }) => text),
  );
}

function noLine(plan: Plan, errors: number, refusals: Refusals): string {
  const changes = count(plan.changes.length, "change");
  const what = refusals.size === 0 ? count(errors, "error") : `${refusals.size} of ${changes} refused`;
  return line("🔴", `No, do not merge: ${what}.`, verdictOf(plan, refusals).reasons);
}

function yesLine(plan: Plan): string {
  if (plan.changes.length === 0) return line("✅", "Yes: there is nothing to change for now.", []);
  const risks = orderRisks(plan.changes.flatMap((change) => change.risks)).map((risk) => RISK_WORDS[risk]);
  const changes = count(plan.changes.length, "change");
  if (risks.length === 0) return line("🟢", `Yes: ${changes}, no risks.`, []);
  return line("🟠", `Yes, if ${plan.changes.length === 1 ? "this change is" : `these ${changes} are`} what you want:`, [
    listWords(risks),
  ]);
}

function line(light: string, headline: string, reasons: readonly string[]): string {
  const shown = reasons.slice(0, MOST_REASONS).map((reason) => ` ${brief(ended(reason))}`);
  const rest = reasons.length > MOST_REASONS ? ` And ${reasons.length - MOST_REASONS} more.` : "";
  return `${light} **${headline}**${shown.join("")}${rest}`;
}
