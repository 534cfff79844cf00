import type { Finding } from "../../model.ts";
import type { Policy } from "./policy.ts";

/** The one place where errors block: an error of a connection refuses that connection's changes, an error of the run refuses all. */
export const refuse: Policy = (plan) => {
  const errors = plan.findings.filter(({ severity, waived }) => severity === "error" && waived === undefined);
  const wholeRun = errors.find(({ connection }) => connection === undefined);
  const byConnection = new Map<string, Finding>();
  for (const error of errors)
    if (error.connection !== undefined && !byConnection.has(error.connection))
      byConnection.set(error.connection, error);
  const changes = plan.changes.map((change) => {
    const cause = wholeRun ?? byConnection.get(change.connection);
    return cause ? { ...change, refused: cause.id } : change;
  });
  return { ...plan, changes };
};
