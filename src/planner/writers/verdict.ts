import type { Change, Finding, Plan } from "../../model.ts";
import { groupBy } from "../collections.ts";
import { count, listWords, orderRisks, RISK_WORDS } from "./words.ts";

/** Why a change is not carried out: the finding's id, where there is one, and its sentence. */
export interface Refusal {
  readonly id?: string;
  readonly why: string;
}

/** Refusals by step. */
export type Refusals = ReadonlyMap<string, Refusal>;

/**
 * The answer to "may I merge?".
 * - `nothing`: nothing to change. - `calm`: changes without a risk. - `risky`: changes to look at. - `refused`: not all of it can be done.
 */
export interface Verdict {
  readonly level: "nothing" | "calm" | "risky" | "refused";
  /** Short, for a heading; holds no foreign text. */
  readonly headline: string;
  /** The sentences after it; may hold foreign text. */
  readonly reasons: readonly string[];
}

/** An error that no spec has waived. */
export function isBlocking(finding: Finding): boolean {
  return finding.severity === "error" && finding.waived === undefined;
}

/** Which changes the plan refuses, each with the sentence of the finding that its mark names. */
export function refusalsOf(plan: Plan): Refusals {
  const byId = groupBy(plan.findings, (finding) => finding.id);
  const refused = plan.changes.filter((change) => change.refused !== undefined);
  return new Map(refused.map((change) => [change.step, refusalOf(change, byId.get(change.refused ?? "") ?? [])]));
}

/** Judges a plan for the person who has to decide. */
export function verdictOf(plan: Plan, refusals: Refusals): Verdict {
  const errors = plan.findings.filter(isBlocking);
  if (refusals.size > 0 || errors.length > 0) return refusedVerdict(plan, errors, refusals);
  if (plan.changes.length === 0) return nothingVerdict(plan);
  const risks = orderRisks(plan.changes.flatMap((change) => change.risks)).map((risk) => RISK_WORDS[risk]);
  const changes = count(plan.changes.length, "change");
  if (risks.length === 0) return { level: "calm", headline: `${changes}, no risks.`, reasons: [] };
  return { level: "risky", headline: `${changes}; look before you merge:`, reasons: [`${listWords(risks)}.`] };
}

/** `The cloud matches the specs: 12 resources.` Less is claimed where an error or a wait keeps a spec from being met. */
export function matchWords({ summary }: Plan): string {
  const { unchanged, errors, waits } = summary;
  const resources = count(unchanged, "resource");
  if (errors + waits === 0)
    return unchanged === 0 ? "The cloud matches the specs." : `The cloud matches the specs: ${resources}.`;
  if (unchanged === 0) return "";
  return `${resources} ${unchanged === 1 ? "is as its spec wants it" : "are as the specs want them"}.`;
}

/** What to do next, as one sentence; a command stands in backquotes. Empty when there is nothing to do. */
export function nextWords(plan: Plan, refusals: Refusals): string {
  const all = plan.changes.length;
  if (all === 0) return plan.findings.some(isBlocking) ? "Settle the errors above, then plan again." : "";
  if (refusals.size === all) return "Nothing can be applied: settle what is refused above, then plan again.";
  if (refusals.size > 0) {
    const rest = count(all - refusals.size, "change");
    return `Next: \`landline apply\` carries out ${rest} and leaves out the ${refusals.size} refused.`;
  }
  return `Next: \`landline apply\` carries out ${all === 1 ? "this change" : `these ${all} changes`}.`;
}

/** Of several findings with one id, the one about this very resource, else about its connection, else about the run. */
function refusalOf(change: Change, named: readonly Finding[]): Refusal {
  const finding =
    named.find((one) => one.address === change.address) ??
    named.find((one) => one.connection === change.connection) ??
    named.find((one) => one.connection === undefined);
  return finding === undefined ? { why: change.refused ?? "" } : { id: finding.id, why: finding.message };
}

function nothingVerdict(plan: Plan): Verdict {
  const headline = plan.summary.waits > 0 ? "Nothing to do for now." : "Nothing to do.";
  return { level: "nothing", headline, reasons: [matchWords(plan)].filter((words) => words !== "") };
}

function refusedVerdict(plan: Plan, errors: readonly Finding[], refusals: Refusals): Verdict {
  const changes = count(plan.changes.length, "change");
  const what = refusals.size === 0 ? count(errors.length, "error") : `${refusals.size} of ${changes} refused`;
  const own = [...refusals.values()].map((refusal) => refusal.why);
  const reasons = [...new Set([...errors.map((error) => error.message), ...own])];
  return { level: "refused", headline: `Do not merge yet: ${what}.`, reasons };
}
