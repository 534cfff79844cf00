import type { Handoff, Outcome, Plan, Result, Wait } from "../../model.ts";
import { handoffToFile, waitToFile } from "./json.ts";
import { RESULTS } from "./words.ts";

/** What an apply has to tell. */
export interface Report {
  readonly plan: Plan;
  /** In the order in which they came about. */
  readonly outcomes: readonly Outcome[];
  /** As they are after the apply. */
  readonly waits: readonly Wait[];
  readonly handoffs: readonly Handoff[];
  /** The journal's path. */
  readonly journal?: string;
  /** The command to go on with; said when something is left to do. */
  readonly resume: string;
}

export type ResultCounts = { readonly [R in Result]: number };

export function countResults(outcomes: readonly Outcome[]): ResultCounts {
  const counts = { done: 0, failed: 0, skipped: 0, refused: 0 };
  for (const outcome of outcomes) counts[outcome.result] += 1;
  return counts;
}

/** `Applied: 7 done, 0 failed, 0 skipped, 0 refused.` */
export function reportLine(counts: ResultCounts): string {
  return `Applied: ${RESULTS.map((result) => `${counts[result]} ${result}`).join(", ")}.`;
}

/** Steps of the plan that have no outcome: a run that was stopped did not get to them. */
export function stepsNotReached({ plan, outcomes }: Report): string[] {
  const reached = new Set(outcomes.map((outcome) => outcome.step));
  return plan.changes.map((change) => change.step).filter((step) => !reached.has(step));
}

/**
 * What leads to the command to go on with, if anything does: something failed or was left, or somebody else has to act first. What was refused
 * does not change by running again.
 */
export function resumeWords(report: Report): string | undefined {
  const { failed, skipped } = countResults(report.outcomes);
  if (failed + skipped + stepsNotReached(report).length > 0) return "Go on with";
  return report.waits.length > 0 ? "Once they have acted" : undefined;
}

/** The report as JSON text; keys in a fixed order, two spaces, newline at the end. */
export function reportToJson(report: Report): string {
  const file = {
    formatVersion: 1,
    planId: report.plan.planId,
    project: report.plan.project,
    summary: { ...countResults(report.outcomes), notReached: stepsNotReached(report).length },
    outcomes: report.outcomes.map(outcomeToFile),
    notReached: stepsNotReached(report),
    waits: report.waits.map(waitToFile),
    handoffs: report.handoffs.map(handoffToFile),
    ...(report.journal === undefined ? {} : { journal: report.journal }),
    resume: report.resume,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function outcomeToFile({ step, address, connection, action, result, message, code, id }: Outcome): Outcome {
  return {
    step,
    address,
    connection,
    action,
    result,
    message,
    ...(code === undefined ? {} : { code }),
    ...(id === undefined ? {} : { id }),
  };
}
