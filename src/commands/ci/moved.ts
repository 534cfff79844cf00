import { isProblem } from "../../github/errors.ts";
import type { PullRequest } from "../../github/words.ts";
import type { Plan } from "../../model.ts";
import { deltaOf, sameOperations } from "../../planner/changed/index.ts";
import type { ProjectDocument } from "../../planner/specs/index.ts";
import type { PlanFile, ReadPlan } from "../../planner/writers/index.ts";
import { movedCheck } from "../../planner/writers/pull-request/index.ts";
import type { Ci } from "./open.ts";
import { shownPlanFile } from "./reviewed.ts";

/** Whether a fresh plan is the one that a pull request shows; when it is not, what that one was, where it is still to be had. */
export async function stillShown(
  ci: Pick<Ci, "github" | "io">,
  pull: PullRequest,
  planId: string,
  fresh: Plan,
  project: ProjectDocument,
): Promise<"same" | PlanFile | undefined> {
  if (sameOperations(planId, fresh)) return "same";
  const file = await fileOf(ci, pull, planId, project);
  return file && sameOperations(file.plan, fresh) ? "same" : file?.plan;
}

/** The plan as its artifact has it. A token that may not read artifacts still lets the check say that something moved, though not what. */
export async function fileOf(
  ci: Pick<Ci, "github" | "io">,
  pull: PullRequest,
  planId: string,
  project: ProjectDocument,
): Promise<ReadPlan | undefined> {
  try {
    return await shownPlanFile(ci.github, pull, planId, project, ci.io.err);
  } catch (error) {
    if (!isProblem(error, "permission")) throw error;
    ci.io.err(`pull request ${pull.number}: the plan that it shows cannot be read: ${error.message}\n`);
    return undefined;
  }
}

/** What the checks say then, with what moved it. */
export function movedOutput(
  reviewedId: string,
  fresh: Plan,
  file: PlanFile | undefined,
): { readonly title: string; readonly summary: string } {
  if (file === undefined) return movedCheck({ reviewedId, fresh });
  return movedCheck({ reviewedId, fresh, delta: deltaOf(file.changes, fresh), because: becauseOf(file, fresh) });
}

/** The same words as long as the same is so, whichever run finds it. */
function becauseOf({ connections: then = [] }: PlanFile, { connections: now = [] }: Plan): string {
  const before = new Map(then.map(({ name, intent }) => [name, intent]));
  const edited = now.filter(({ name, intent }) => before.has(name) && before.get(name) !== intent);
  return edited.length > 0
    ? `By now ${edited.map(({ name }) => name).join(", ")} would be merged with what another pull request has made of it`
    : "The specs would be the same; the cloud is no longer as it was when the plan was made";
}
