import type { Plan, Risk } from "../../model.ts";
import type { CompletePolicy } from "../specs/index.ts";
import type { Cause, Requirement } from "./words.ts";

type Rule = CompletePolicy["approvals"][number];

/**
 * The rules of `policy.approvals` that this plan brings into force, in their order. Refused changes count too: they are part of what a
 * reviewer sees. A plan without changes needs nobody.
 */
export function requirementsOf(plan: Pick<Plan, "changes">, approvals: readonly Rule[]): Requirement[] {
  return approvals.flatMap(({ risks, count, from = [] }) => {
    const why = plan.changes.flatMap((change) => causeOf(change, risks));
    return why.length === 0 ? [] : [{ risks, count, from, why }];
  });
}

function causeOf({ step, action, risks }: Plan["changes"][number], named: Rule["risks"]): Cause[] {
  if (named.includes("any")) return [{ step, action, risks }];
  const mine: Risk[] = risks.filter((risk) => named.includes(risk));
  return mine.length === 0 ? [] : [{ step, action, risks: mine }];
}
