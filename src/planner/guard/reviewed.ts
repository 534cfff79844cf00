import type { Change, Finding, Plan } from "../../model.ts";
import { type Reviewed, wasReviewed } from "../digest.ts";
import type { Sha256 } from "../names.ts";

/** A plan that people have reviewed, by step, and how to call it. */
export interface ReviewedPlan {
  readonly name: string;
  readonly steps: ReadonlyMap<string, Reviewed>;
}

/** So many refused changes are named in the message; the plan shows them all. */
const NAMED = 5;

/** What was reviewed is what is done: every change that the reviewed plan does not hold is refused, with the difference named. */
export function onlyReviewed(plan: Plan, { name, steps }: ReviewedPlan, sha256: Sha256): Plan {
  const strange = new Set(plan.changes.filter((change) => !change.refused && !wasReviewed(change, steps, sha256)));
  if (strange.size === 0) return plan;
  const changes = plan.changes.map(
    (change): Change => (strange.has(change) ? { ...change, refused: "not-reviewed" } : change),
  );
  const words = [...strange].slice(0, NAMED).map(({ action, step }) => `${action} ${step}`);
  const more = strange.size > NAMED ? ` and ${strange.size - NAMED} more` : "";
  const message = `${strange.size} of ${plan.changes.length} changes are not in ${name} and are refused: ${words.join(", ")}${more}. The specs or the cloud have changed since it was made; make a new plan, have it reviewed, and apply that`;
  const finding: Finding = { id: "not-reviewed", severity: "error", message };
  return {
    ...plan,
    changes,
    findings: [finding, ...plan.findings],
    summary: { ...plan.summary, errors: plan.summary.errors + 1 },
  };
}
