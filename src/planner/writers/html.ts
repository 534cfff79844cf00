import type { Finding, Handoff, Plan, Wait } from "../../model.ts";
import { contextOf } from "./context.ts";
import { groupByConnection, orderNote } from "./groups.ts";
import { groupHtml } from "./html-change.ts";
import { STYLE, STYLE_HASH } from "./html-style.ts";
import { element, escapeHtml } from "./safe-html.ts";
import { nextWords, type Verdict, verdictOf } from "./verdict.ts";
import { visibleLines } from "./visible.ts";
import { ACTIONS, positionText, SEVERITIES, SEVERITY_TITLE, waitWords } from "./words.ts";

/** Nothing is loaded, nothing runs, nothing is sent; the one style sheet is known by its hash. */
const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** A plan as one page that needs nothing else: no script, nothing from elsewhere, light or dark as the reader's system is. */
export function planToHtml(plan: Plan): string {
  const context = contextOf(plan);
  const order = orderNote(context.after);
  const next = nextWords(plan, context.refusals).replaceAll("`", "");
  const body = [
    `<h1>Plan for ${escapeHtml(plan.project)}</h1>`,
    verdictHtml(verdictOf(plan, context.refusals)),
    tiles(plan),
    ...(order === undefined ? [] : [element("p", "dim", order)]),
    ...groupByConnection(plan.changes).map((group) => groupHtml(group, context)),
    ...findingsHtml(plan.findings),
    ...block("Waiting", plan.waits.map(waitHtml)),
    ...block("Hand-offs", plan.handoffs.map(handoffHtml)),
    ...(next === "" ? [] : [element("p", "next", next)]),
    element("p", "dim mono", `Plan id ${plan.planId}`),
  ];
  return page(`Plan for ${plan.project}`, body);
}

function page(title: string, body: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body><main>",
    ...body,
    "</main></body>",
    "</html>",
    "",
  ].join("\n");
}

function verdictHtml({ level, headline, reasons }: Verdict): string {
  const paragraphs = reasons.map((reason) => `<p>${escapeHtml(reason)}</p>`).join("");
  return `<div class="verdict ${level}"><strong>${escapeHtml(headline)}</strong>${paragraphs}</div>`;
}

function tiles({ summary }: Plan): string {
  const counts = [
    ...ACTIONS.map((action) => [summary[action], `to ${action}`] as const),
    [summary.unchanged, "unchanged"] as const,
    [summary.errors, "errors"] as const,
    [summary.warnings, "warnings"] as const,
    [summary.waits, "waits"] as const,
  ];
  const items = counts.map(([n, words]) => `<li${n === 0 ? ' class="zero"' : ""}><b>${n}</b>${words}</li>`);
  return `<ul class="tiles">${items.join("")}</ul>`;
}

function findingsHtml(findings: readonly Finding[]): string[] {
  const open = findings.filter((finding) => finding.waived === undefined);
  const waived = findings.filter((finding) => finding.waived !== undefined);
  return [
    ...SEVERITIES.flatMap((severity) =>
      block(SEVERITY_TITLE[severity], open.filter((finding) => finding.severity === severity).map(findingHtml)),
    ),
    ...block("Waived", waived.map(findingHtml)),
  ];
}

function block(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return [`<h2>${title}</h2>`, ...items.map((item) => `<div class="block">${item}</div>`)];
}

function findingHtml(finding: Finding): string {
  const about = finding.address ?? finding.connection;
  return [
    element("code", finding.waived === undefined ? finding.severity : "dim", finding.id),
    ...(about === undefined ? [] : [element("code", "address", about)]),
    ...(finding.at === undefined ? [] : [element("span", "dim mono", positionText(finding.at))]),
    element("p", "note", finding.message),
    ...(finding.deferred === undefined
      ? []
      : [element("p", "note dim", `Not checked yet, waits for: ${finding.deferred}`)]),
    ...(finding.waived === undefined ? [] : [element("p", "note dim", `Waived: ${finding.waived}`)]),
  ].join(" ");
}

function waitHtml(wait: Wait): string {
  return `${element("code", "address", wait.address ?? wait.connection)} ${escapeHtml(waitWords(wait))}`;
}

function handoffHtml(handoff: Handoff): string {
  const missing = handoff.ready ? "" : element("span", "warning", "not ready: a value is still missing");
  const lines = visibleLines(handoff.body).map(escapeHtml).join("\n");
  const notes = (handoff.notes ?? []).map((note) => element("p", "note dim", `Note: ${note}`)).join("");
  return `<strong>${escapeHtml(handoff.title)}</strong> ${element("span", "dim", handoff.connection)} ${missing}<pre>${lines}</pre>${notes}`;
}
