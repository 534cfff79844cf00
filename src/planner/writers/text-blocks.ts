import type { Finding, Handoff, Severity, Wait } from "../../model.ts";
import { paragraph, type Sheet, type TextStyle } from "./layout.ts";
import { visible, visibleLines } from "./visible.ts";
import { positionText, SEVERITIES, SEVERITY_TITLE, waitWords } from "./words.ts";

/** The parts of a text page that a plan and a report share: findings, waits, hand-offs. */

const SEVERITY_STYLE: { readonly [S in Severity]: TextStyle } = { error: "red", warning: "yellow", info: "cyan" };
const SEVERITY_SIGN: { readonly [S in Severity]: string } = { error: "✗", warning: "!", info: "·" };

/** One section per severity, then those that a spec has waived, with the reason. */
export function findingSections(sheet: Sheet, findings: readonly Finding[]): string[][] {
  const open = findings.filter((finding) => finding.waived === undefined);
  const waived = findings.filter((finding) => finding.waived !== undefined);
  return [
    ...SEVERITIES.map((severity) =>
      findingSection(
        sheet,
        SEVERITY_TITLE[severity],
        open.filter((finding) => finding.severity === severity),
      ),
    ),
    findingSection(sheet, "Waived", waived),
  ];
}

export function waitSection(sheet: Sheet, waits: readonly Wait[]): string[] {
  if (waits.length === 0) return [];
  const lines = waits.flatMap((wait) =>
    paragraph(sheet, undefined, "  … ", `${wait.address ?? wait.connection}: ${waitWords(wait)}`),
  );
  return [sheet.paint("bold", "Waiting"), ...lines];
}

export function handoffSection(sheet: Sheet, handoffs: readonly Handoff[]): string[] {
  if (handoffs.length === 0) return [];
  return [sheet.paint("bold", "Hand-offs"), ...handoffs.flatMap((handoff) => handoffLines(sheet, handoff))];
}

function findingSection(sheet: Sheet, title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  return [sheet.paint("bold", title), ...findings.flatMap((finding) => findingLines(sheet, finding))];
}

function findingLines(sheet: Sheet, finding: Finding): string[] {
  const style = finding.waived === undefined ? SEVERITY_STYLE[finding.severity] : "dim";
  const place = finding.at === undefined ? "" : sheet.paint("cyan", visible(positionText(finding.at)));
  const about = finding.address ?? finding.connection ?? "";
  const id = sheet.paint(style, `${SEVERITY_SIGN[finding.severity]} ${visible(finding.id)}`);
  return [
    `  ${[id, visible(about), place].filter((part) => part !== "").join("  ")}`,
    ...paragraph(sheet, undefined, "      ", finding.message),
    ...(finding.deferred === undefined
      ? []
      : paragraph(sheet, "dim", "      ", `Not checked yet, waits for: ${finding.deferred}`)),
    ...(finding.waived === undefined ? [] : paragraph(sheet, "dim", "      ", `Waived: ${finding.waived}`)),
  ];
}

function handoffLines(sheet: Sheet, handoff: Handoff): string[] {
  const state = handoff.ready ? "" : `  ${sheet.paint("yellow", "not ready: a value is still missing")}`;
  const name = sheet.paint("dim", visible(`${handoff.connection}, ${handoff.id}`));
  return [
    `  ${sheet.paint("bold", visible(handoff.title))}  ${name}${state}`,
    ...visibleLines(handoff.body).map((line) => `    ${sheet.paint("dim", "│")} ${line}`.trimEnd()),
    ...(handoff.notes ?? []).flatMap((note) => paragraph(sheet, "dim", "    ", `Note: ${note}`)),
  ];
}
