import type { Change } from "../../model.ts";
import { type ChangeContext, kindOf } from "./context.ts";
import { type Row, rowsOf } from "./rows.ts";
import { code, inline } from "./safe-markdown.ts";
import type { Refusal } from "./verdict.ts";
import { clip, visible } from "./visible.ts";
import { ended, orderRisks, RISK_WORDS } from "./words.ts";

/** A change in GitHub Markdown: as lines of a ```diff fence, where the first character gives the colour, and as a line to look at. */

/** In a diff, `!` is shown in orange and `#` in grey. */
const MARK: { readonly [A in Change["action"]]: string } = { create: "+", update: "!", replace: "!", delete: "-" };

/** Longest foreign text in a shortened line, in characters. */
const SHORT = 160;

/** The whole change as lines of a diff. */
export function diffLines(change: Change, context: ChangeContext): string[] {
  const after = context.after.get(change.step) ?? [];
  const refusal = context.refusals.get(change.step);
  return [
    diffTitle(change, context),
    ...(refusal === undefined ? [] : [`#     ${refusedWords(refusal)}`]),
    ...diffRows(rowsOf(change), change.action),
    ...change.notes.map((note) => `#     ${note}`),
    ...after.map((step) => `#     after ${step}`),
  ];
}

/** The change in one line of a diff. */
export function diffTitle(change: Change, context: ChangeContext): string {
  const words = [change.action, change.step, `(${kindOf(change)}, ${change.target})`, ...riskLabels(change, context)];
  return `${MARK[change.action]} ${words.join(" ")}`;
}

/** A change that a reviewer must see, as a list item: what it does, its risks, what they mean here, and whether it is refused. The sentence behind a refusal stands among the errors. */
export function watchLine(change: Change, refusal: Refusal | undefined): string {
  const why = refusal === undefined || refusal.id !== undefined ? "" : refusal.why;
  return `${watchHead(change, refusal)}${[why, ...change.notes].map(sentence).join("")}`;
}

/** The same, short whatever the text: at most the address and the risks. */
export function shortWatchLine(change: Change, refusal: Refusal | undefined): string {
  const step = clip(visible(change.step), SHORT);
  const risks = orderRisks(change.risks).map((risk) => RISK_WORDS[risk]);
  const labels = [...(refusal === undefined ? [] : ["refused"]), ...risks].join(", ");
  return `- **${change.action}** ${code(step)}${labels === "" ? "" : `: ${labels}`}`;
}

function watchHead(change: Change, refusal: Refusal | undefined): string {
  const risks = orderRisks(change.risks).map((risk) => `**${RISK_WORDS[risk]}**`);
  const labels = [...(refusal === undefined ? [] : [refusedLabel(refusal)]), ...risks];
  const where = `${kindOf(change)} in ${code(change.target)}`;
  return `- **${change.action}** ${code(change.step)}, ${where}${labels.length === 0 ? "" : `: ${labels.join(", ")}`}.`;
}

function refusedWords({ id, why }: Refusal): string {
  return id === undefined ? `refused: ${why}` : `refused by ${id}, see the errors`;
}

function refusedLabel(refusal: Refusal): string {
  return refusal.id === undefined ? "**refused**" : `**refused** by ${code(refusal.id)}`;
}

function sentence(text: string): string {
  return text === "" ? "" : ` ${inline(ended(text))}`;
}

function riskLabels(change: Change, context: ChangeContext): string[] {
  const refused = context.refusals.has(change.step) ? ["[REFUSED]"] : [];
  return [...refused, ...orderRisks(change.risks).map((risk) => `[${RISK_WORDS[risk]}]`)];
}

/** Rows as lines of a diff; `action` says on which side an attribute stands whose value takes lines of its own. */
export function diffRows(rows: readonly Row[], action: Change["action"]): string[] {
  return rows.flatMap((row) => diffRow(action, row));
}

function diffRow(action: Change["action"], row: Row): string[] {
  if (row.form === "more") return [`#     … ${row.words}`];
  if (row.form === "value") return [`${row.sign}     ${row.attribute}: ${row.value}`];
  const forces = row.forces ? "   (forces replacement)" : "";
  if (row.form === "change") {
    return [`-     ${row.attribute}: ${row.before}`, `+     ${row.attribute}: ${row.after}${forces}`];
  }
  const side = action === "create" ? "+" : action === "delete" ? "-" : " ";
  const kept = row.form === "set" && row.kept > 0 ? `   (${row.kept} unchanged)` : "";
  return [
    `${side}     ${row.attribute}:${kept}${forces}`,
    ...row.items.map((item) => `${item.sign}       ${item.text}`.trimEnd()),
  ];
}
