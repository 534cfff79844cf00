import type { Change, Difference, Finding, Handoff, Intent, Plan, Position, Summary, Wait } from "../../model.ts";
import { objectOf, symbolicDifferences } from "../digest.ts";
import { sortKeys } from "./values.ts";

/** A change as a plan file holds it: the contract, without what only the planner and the applier of the same run need. */
export interface FileChange extends Omit<Change, "step" | "notes" | "desired" | "live"> {
  /** Only where it differs from the address. */
  readonly step?: string;
  /** The id of the object that is updated, replaced or deleted. */
  readonly object?: string;
  /** Only where there are any. */
  readonly notes?: readonly string[];
}

/** A plan as JSON: `schema/plan.v1.schema.json`. */
export interface PlanFile {
  readonly formatVersion: 1;
  readonly planId: string;
  readonly project: string;
  /** What each connection of the plan is to be; absent in a file of an older Landline. */
  readonly connections?: readonly Intent[];
  readonly summary: Summary;
  readonly changes: readonly FileChange[];
  readonly findings: readonly Finding[];
  readonly waits: readonly Wait[];
  readonly handoffs: readonly Handoff[];
}

/** The plan as JSON text: the same plan always gives the same bytes. Keys in the order of the contract, two spaces, newline at the end. */
export function planToJson(plan: Plan): string {
  const { create, update, replace, delete: deletions, unchanged, errors, warnings, waits } = plan.summary;
  const file: PlanFile = {
    formatVersion: plan.formatVersion,
    planId: plan.planId,
    project: plan.project,
    ...(plan.connections ? { connections: plan.connections.map(({ name, intent }) => ({ name, intent })) } : {}),
    summary: { create, update, replace, delete: deletions, unchanged, errors, warnings, waits },
    changes: plan.changes.map(changeToFile),
    findings: plan.findings.map(findingToFile),
    waits: plan.waits.map(waitToFile),
    handoffs: plan.handoffs.map(handoffToFile),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

export function waitToFile(wait: Wait): Wait {
  const { connection, address, on, for: what, since, until } = wait;
  return { connection, ...(address === undefined ? {} : { address }), on, for: what, since, until };
}

export function handoffToFile(handoff: Handoff): Handoff {
  const { connection, id, title, ready, body, channel, actor, stage, notes } = handoff;
  return {
    connection,
    id,
    title,
    ready,
    body,
    ...(channel === undefined ? {} : { channel }),
    ...(actor === undefined ? {} : { actor }),
    ...(stage === undefined ? {} : { stage }),
    ...(notes === undefined ? {} : { notes }),
  };
}

function changeToFile(change: Change): FileChange {
  const { step, address, connection, kind, target, action, risks, notes, dependsOn, relies, digest } = change;
  const object = objectOf(change);
  return {
    address,
    ...(step === address ? {} : { step }),
    connection,
    kind,
    target,
    action,
    ...(object === undefined ? {} : { object }),
    ...(change.leftover ? { leftover: true as const } : {}),
    ...(change.temporary ? { temporary: true as const } : {}),
    risks,
    ...(notes.length === 0 ? {} : { notes }),
    differences: symbolicDifferences(change).map(differenceToFile),
    dependsOn,
    relies: sortEntries(relies),
    digest,
    ...(change.refused === undefined ? {} : { refused: change.refused }),
  };
}

function sortEntries<V>(entries: { readonly [key: string]: V }): { readonly [key: string]: V } {
  return Object.fromEntries(Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function differenceToFile({ attribute, before, after, forcesReplacement }: Difference): Difference {
  return {
    attribute,
    ...(before === undefined ? {} : { before: sortKeys(before) }),
    ...(after === undefined ? {} : { after: sortKeys(after) }),
    ...(forcesReplacement === undefined ? {} : { forcesReplacement }),
  };
}

export function findingToFile(finding: Finding): Finding {
  const { id, severity, connection, address, message, at, waivable, waived, deferred } = finding;
  return {
    id,
    severity,
    ...(connection === undefined ? {} : { connection }),
    ...(address === undefined ? {} : { address }),
    message,
    ...(at === undefined ? {} : { at: positionToFile(at) }),
    ...(waivable === undefined ? {} : { waivable }),
    ...(waived === undefined ? {} : { waived }),
    ...(deferred === undefined ? {} : { deferred }),
  };
}

export function positionToFile({ file, line, column }: Position): Position {
  return { file, line, column };
}
