import type { Plan } from "../../../model.ts";
import { utf8Bytes } from "../budget.ts";
import { planToMarkdown } from "../markdown.ts";

/** GitHub drops the whole summary of a step that has more bytes than this. */
const SUMMARY_BYTES = 1_024 * 1_024;

/** The whole plan for the summary of the job; shortened, and saying so, only where a mebibyte is not enough. */
export function jobSummary(plan: Plan, bytes = SUMMARY_BYTES): string {
  return planToMarkdown(plan, { limit: utf8Bytes(bytes) });
}
