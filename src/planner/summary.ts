import type { Change, Finding, Plan, Severity, Summary } from "../model.ts";
import { compareText } from "./collections.ts";

/** The counts of a plan; the old half of a replacement is not a deletion of its own, what stands only for the length of the plan does not count, waived findings do not count. */
export function summarize(
  { changes, findings, waits }: Pick<Plan, "changes" | "findings" | "waits">,
  unchanged: number,
): Summary {
  const count = (action: Change["action"]) =>
    changes.filter((change) => change.action === action && !change.leftover && !change.temporary).length;
  const said = (severity: Severity) =>
    findings.filter((finding) => finding.severity === severity && finding.waived === undefined).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    unchanged,
    errors: said("error"),
    warnings: said("warning"),
    waits: waits.length,
  };
}

const RANK: { readonly [S in Severity]: number } = { error: 0, warning: 1, info: 2 };

/** Worst first, then as the files read. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      compareText(a.at?.file ?? "", b.at?.file ?? "") ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      compareText(a.id, b.id) ||
      compareText(a.message, b.message),
  );
}
