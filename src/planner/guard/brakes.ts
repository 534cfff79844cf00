import type { Finding } from "../../model.ts";
import { type Policy, removes } from "./policy.ts";

/** More deletions than this in one run are more often a mistake than a wish: an absolute limit and one in percent of what is ours. */
const DEFAULT = { max: 5, percent: 25 };

export const deletionBrakes: Policy = (plan, { project, owned }) => {
  const { max = DEFAULT.max, percent = DEFAULT.percent, reason } = project.spec.policy?.deletions ?? {};
  const deletions = plan.changes.filter(removes).length;
  const share = owned === 0 ? 0 : (100 * deletions) / owned;
  const overMax = deletions > max;
  const overPercent = share > percent;
  if (!overMax && !overPercent) return plan;
  const limits = [overMax ? `max is ${max}` : undefined, overPercent ? `percent is ${percent}` : undefined].filter(
    (text) => text !== undefined,
  );
  const raised = [
    overMax ? `max: ${deletions}` : undefined,
    overPercent ? `percent: ${Math.ceil(share)}` : undefined,
  ].filter((text) => text !== undefined);
  const finding: Finding = {
    id: "deletions.brake",
    severity: "error",
    message:
      `the plan deletes ${deletions} of ${owned} resources (${share.toFixed(share < 10 ? 1 : 0)} %), but policy.deletions.${limits.join(" and policy.deletions.")} in ${project.file}` +
      `${reason ? ` (raised before: ${reason})` : ""}; nothing is applied. If this is meant, raise it in this pull request: deletions: {${raised.join(", ")}, reason: "..."}`,
    at: project.at(["policy", "deletions"]),
  };
  return { ...plan, findings: [...plan.findings, finding] };
};
