import type { Plan, Wait } from "../../../model.ts";
import { groupBy } from "../../collections.ts";
import { inline } from "../safe-markdown.ts";
import { isBlocking } from "../verdict.ts";
import { clip, visible } from "../visible.ts";
import { count, listWords } from "../words.ts";
import type { ChecklistItem } from "./words.ts";

/** What is still missing before the merge: what the caller knows (approvals), and the errors and waits of the plan. */

/** More items than this are counted: a policy has few rules, and each of them is one item. */
const MOST_ITEMS = 12;

/** Longest text of an item: full, and where room is short. In characters. */
const LONG = 500;
const SHORT = 160;

const WAITS_FOR: { readonly [O in Wait["on"]]: string } = { partner: "a partner", us: "us", aws: "AWS" };

/** What the merge has to wait for. Errors of the plan are none of these: they ask for another plan. */
export function openItems(checklist: readonly ChecklistItem[]): readonly ChecklistItem[] {
  return checklist.filter(({ done, blocks }) => blocks && !done);
}

/** The checklist as a task list; empty when there is nothing to wait for and nothing was done. */
export function checklistLines(plan: Plan, checklist: readonly ChecklistItem[], room: "wide" | "narrow"): string[] {
  const ordered = [...openItems(checklist), ...checklist.filter(({ done, blocks }) => done || !blocks)];
  const items = ordered.slice(0, MOST_ITEMS).map((item) => itemLine(item, room === "wide" ? LONG : SHORT));
  const more = ordered.length > MOST_ITEMS ? [`- and ${ordered.length - MOST_ITEMS} more`] : [];
  const lines = [...errorLine(plan), ...items, ...more, ...waitLine(plan.waits)];
  return lines.length === 0 ? [] : [...lines, ""];
}

function itemLine({ done, blocks, text }: ChecklistItem, longest: number): string {
  return `- [${done ? "x" : " "}] ${inline(clip(visible(text), longest))}${done || blocks ? "" : " (does not block the merge)"}`;
}

function errorLine({ findings }: Plan): string[] {
  const errors = findings.filter(isBlocking);
  if (errors.length === 0) return [];
  return [`- [ ] ${count(errors.length, "error")} to settle, see Errors`];
}

function waitLine(waits: readonly Wait[]): string[] {
  if (waits.length === 0) return [];
  const parties = [...groupBy(waits, ({ on }) => on).values()].map(
    (own) => `${own.length} for ${WAITS_FOR[own[0]?.on ?? "aws"]}`,
  );
  const verb = waits.length === 1 ? "does" : "do";
  return [`- ⏳ ${count(waits.length, "wait")} ${verb} not block the merge: ${listWords(parties)}`];
}
