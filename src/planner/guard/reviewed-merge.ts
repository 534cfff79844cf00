import type { Change, Finding, Intent, Plan } from "../../model.ts";
import { wasReviewed } from "../digest.ts";
import type { Sha256 } from "../names.ts";
import type { ReviewedPlan } from "./reviewed.ts";

/** A plan that people have reviewed, with what its connections were to be. */
export interface ReviewedMerge extends ReviewedPlan {
  /** `connections` of the plan file; absent in one that says nothing of it: then nothing of it can be carried out. */
  readonly intents?: readonly Intent[] | undefined;
}

const CHANGED = "intent-changed";
const STRANGE = "not-reviewed";
/** So many steps are named in a message; the plan shows them all. */
const NAMED = 5;

/** Why a connection is left as it is, as a finding about it. */
interface Reason {
  readonly id: typeof CHANGED | typeof STRANGE;
  readonly message: string;
}

/**
 * What was reviewed is what is done, for a merge: stricter than `onlyReviewed`, because nobody looks at the terminal. A connection whose spec
 * is not the reviewed one is refused as a whole, also where each of its operations was reviewed: a sibling merge must not turn "create, move
 * the name, delete the old one" into "delete the old one". And where one operation is refused the rest of its connection is too, with
 * everything that would have to wait for it, so that no refusal leaves a sequence half carried out.
 */
export function onlyReviewedMerge(plan: Plan, reviewed: ReviewedMerge, sha256: Sha256): Plan {
  const reasons = new Map<string, Reason>();
  const open = plan.changes.filter(({ refused }) => refused === undefined);
  for (const connection of new Set(open.map((change) => change.connection))) {
    const reason = intentReason(connection, plan, reviewed) ?? operationReason(connection, open, reviewed, sha256);
    if (reason) reasons.set(connection, reason);
  }
  spread(plan.changes, reasons);
  if (reasons.size === 0) return plan;
  const changes = plan.changes.map((change): Change => {
    const reason = reasons.get(change.connection);
    return reason && change.refused === undefined ? { ...change, refused: reason.id } : change;
  });
  const findings = [...reasons].map(
    ([connection, { id, message }]): Finding => ({ id, severity: "error", connection, message }),
  );
  return {
    ...plan,
    changes,
    findings: [...findings, ...plan.findings],
    summary: { ...plan.summary, errors: plan.summary.errors + findings.length },
  };
}

function intentReason(connection: string, plan: Plan, { name, intents }: ReviewedMerge): Reason | undefined {
  const again = "Make a new plan, have it reviewed, and apply that";
  if (intents === undefined)
    return {
      id: CHANGED,
      message: `${name} does not say what ${connection} was to be, so nothing of it is carried out. ${again}`,
    };
  const of = (list: readonly Intent[] = []) => list.find((one) => one.name === connection)?.intent;
  const [then, now] = [of(intents), of(plan.connections)];
  if (then !== undefined && then === now) return undefined;
  const what =
    then === undefined
      ? `${connection} was not part of ${name}`
      : `the spec of ${connection}, or a target, tag or the name that it uses of the project, is not the one that ${name} was made from: another merge has edited it since`;
  return { id: CHANGED, message: `${what}. Nothing of ${connection} is carried out. ${again}` };
}

function operationReason(
  connection: string,
  open: readonly Change[],
  { name, steps }: ReviewedMerge,
  sha256: Sha256,
): Reason | undefined {
  const own = open.filter((change) => change.connection === connection);
  const strange = own.filter((change) => !wasReviewed(change, steps, sha256));
  if (strange.length === 0) return undefined;
  const words = strange.slice(0, NAMED).map(({ action, step }) => `${action} ${step}`);
  const more = strange.length > NAMED ? ` and ${strange.length - NAMED} more` : "";
  const rest =
    own.length > strange.length
      ? ` The other ${own.length - strange.length} of this connection are refused with them: half of a sequence is worse than none.`
      : "";
  const message = `${strange.length} of ${own.length} changes of ${connection} are not in ${name}: ${words.join(", ")}${more}. The cloud has changed since it was made.${rest} Make a new plan, have it reviewed, and apply that`;
  return { id: STRANGE, message };
}

/** To a fixpoint: what is refused takes along every connection that has a step behind it, and the rest of a connection of which something is refused. */
function spread(changes: readonly Change[], reasons: Map<string, Reason>): void {
  const byStep = new Map(changes.map((change) => [change.step, change]));
  const isRefused = ({ refused, connection }: Change) => refused !== undefined || reasons.has(connection);
  const torn = new Map(
    changes.filter(({ refused }) => refused !== undefined).map((change) => [change.connection, change]),
  );
  for (let before = -1; before !== reasons.size; ) {
    before = reasons.size;
    for (const change of changes) {
      if (isRefused(change)) continue;
      const cause =
        change.dependsOn.map((step) => byStep.get(step)).find((one) => one !== undefined && isRefused(one)) ??
        torn.get(change.connection);
      if (!cause) continue;
      const message = `${change.connection} is left as it is, because ${cause.action} ${cause.step} is refused and ${change.action} ${change.step} belongs to the same sequence`;
      reasons.set(change.connection, { id: STRANGE, message });
    }
  }
}
