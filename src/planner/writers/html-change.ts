import type { Change } from "../../model.ts";
import type { Item } from "./compare.ts";
import { type ChangeContext, kindOf } from "./context.ts";
import { countWords, type Group } from "./groups.ts";
import { type Row, rowsOf } from "./rows.ts";
import { element, escapeHtml } from "./safe-html.ts";
import { orderRisks, RISK_TONE, RISK_WORDS, SIGN } from "./words.ts";

/** The changes of a plan as HTML: a card per connection, a block per change, a table row per attribute. */

const ITEM_CLASS: { readonly [S in Item["sign"]]: string } = { "+": "added", "-": "removed", " ": "dim" };

export function groupHtml(group: Group, context: ChangeContext): string {
  const counts = countWords(group.counts) || "the rest of a replacement";
  const labels = group.risks.map((risk) => element("span", `label ${RISK_TONE[risk]}`, RISK_WORDS[risk]));
  return [
    `<details class="connection" open>`,
    `<summary>${[escapeHtml(group.connection), element("span", "dim", counts), ...labels].join(" ")}</summary>`,
    ...group.changes.map((change) => changeHtml(change, context)),
    "</details>",
  ].join("\n");
}

function changeHtml(change: Change, context: ChangeContext): string {
  const refusal = context.refusals.get(change.step);
  const after = context.after.get(change.step) ?? [];
  const rows = rowsOf(change, true);
  return [
    `<section class="change ${change.action}">`,
    `<header>${headerHtml(change, refusal !== undefined)}</header>`,
    ...(refusal === undefined
      ? []
      : [element("p", "note error", `Refused${refusal.id ? ` (${refusal.id})` : ""}: ${refusal.why}`)]),
    ...change.notes.map((note) => element("p", "note", note)),
    ...(after.length === 0 ? [] : [element("p", "note dim", `after ${after.join(", ")}`)]),
    ...(rows.length === 0 ? [] : [`<table class="mono">${rows.map(rowHtml).join("\n")}</table>`]),
    "</section>",
  ].join("\n");
}

function headerHtml(change: Change, refused: boolean): string {
  return [
    element("span", "sign mono", `${SIGN[change.action]} ${change.action}`),
    element("code", "address", change.step),
    element("span", "dim", `${kindOf(change)} in ${change.target}`),
    ...(refused ? [element("span", "label stop", "refused")] : []),
    ...orderRisks(change.risks).map((risk) => element("span", `label ${RISK_TONE[risk]}`, RISK_WORDS[risk])),
  ].join(" ");
}

function rowHtml(row: Row): string {
  if (row.form === "more") return `<tr><th></th><td>${element("div", "dim", row.words)}</td></tr>`;
  return `<tr><th>${escapeHtml(row.attribute)}</th><td>${cells(row).join("")}</td></tr>`;
}

function cells(row: Exclude<Row, { form: "more" }>): string[] {
  if (row.form === "value") return [element("div", row.sign === "-" ? "removed" : "", row.value)];
  const forces = row.forces ? [element("div", "warning", "forces replacement")] : [];
  if (row.form === "change") {
    return [element("div", "removed", `- ${row.before}`), element("div", "added", `+ ${row.after}`), ...forces];
  }
  const kept = row.form === "set" && row.kept > 0 ? [element("div", "dim", `${row.kept} unchanged`)] : [];
  const items = row.items.map((item) => element("div", ITEM_CLASS[item.sign], `${item.sign} ${item.text}`));
  return [...items, ...kept, ...forces];
}
