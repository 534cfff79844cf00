import type { Environment } from "../../../github/environments.ts";
import { broken, type Check, ok, warning } from "../check.ts";
import type { WorkflowFacts } from "../workflow-facts.ts";

/** The environments that the workflows name: one guards the apply role, another asks a person about a new plan. */
export function checkEnvironments(
  there: readonly Environment[],
  workflows: readonly WorkflowFacts[],
): readonly Check[] {
  const named = new Map<string, "applies" | "asks">();
  for (const { environment, commands } of workflows.flatMap(({ jobs }) => jobs)) {
    if (environment === undefined || environment.includes("${{")) continue;
    const applies = commands.includes("apply") || named.get(environment) === "applies";
    named.set(environment, applies ? "applies" : "asks");
  }
  return [...named].flatMap(([name, use]) => {
    // GitHub compares their names without regard to case.
    const found = there.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!found) return [missing(name, use)];
    return use === "applies" ? [judgeApplying(found)] : judgeAsking(found);
  });
}

const where = (name: string): string => `Settings > Environments > ${name}`;

function missing(name: string, use: "applies" | "asks"): Check {
  return broken("github.environment")(
    name,
    "a workflow names it, but it is not there: GitHub makes it at the first run, without any rule",
    use === "applies"
      ? `${where(name)}: make it, and limit Deployment branches to the default branch`
      : `${where(name)}: make it, with Required reviewers and Prevent self-review`,
  );
}

function judgeApplying(environment: Environment): Check {
  const { name, branches } = environment;
  if (branches !== "all")
    return ok("github.environment")(name, `only some branches may run in it${asked(environment)}`);
  return warning("github.environment")(
    name,
    "a workflow of any branch may run in it: only the trust policy's ref keeps it from the apply role",
    `${where(name)}: Deployment branches and tags: Selected branches, the default branch`,
  );
}

const asked = ({ reviewers }: Environment): string => (reviewers.length === 0 ? "" : ", after a reviewer agreed");

/** It exists for asking somebody else. */
function judgeAsking(environment: Environment): readonly Check[] {
  const { name, reviewers, preventsSelfReview } = environment;
  const id = "github.environment";
  if (reviewers.length === 0)
    return [
      warning(id)(
        name,
        "asks nobody, and an approval that nobody gave is refused: a plan that moved can only go through a new pull request",
        `${where(name)}: Required reviewers`,
      ),
    ];
  if (!preventsSelfReview)
    return [warning(id)(name, "who merged may approve the new plan alone", `${where(name)}: Prevent self-review`)];
  return [ok(id)(name, "asks somebody other than who merged")];
}
