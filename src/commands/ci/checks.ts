import type { CheckToPost } from "../../github/words.ts";
import type { Plan } from "../../model.ts";
import { targetsIn } from "../../planner/changed/index.ts";
import { type Annotation, checkOutput, type MoreAt, type Place } from "../../planner/writers/pull-request/index.ts";
import type { Specs } from "../specs.ts";
import { checkName } from "./names.ts";
import type { Ci } from "./open.ts";

export interface ChecksInput {
  /** The commit that the checks are put on. */
  readonly headSha: string;
  readonly plan: Plan;
  readonly specs: Specs;
  readonly targets: readonly Place[];
  readonly moreAt: MoreAt;
}

/**
 * A check run for every target, also for those where nothing changes: a rule may require it. Missing approvals do not turn one red, because
 * GitHub's own rules and the apply judge them.
 */
export function planChecks(
  ci: Pick<Ci, "run" | "repositoryPath">,
  { headSha, plan, specs, targets, moreAt }: ChecksInput,
): CheckToPost[] {
  const homes = new Map(specs.connections.map(({ spec }) => [spec.metadata.name, targetsIn(spec)]));
  return targets.map((target) => {
    const { title, summary, annotations, refused } = checkOutput({ plan, target, moreAt, homes });
    return {
      name: checkName(target.name),
      headSha,
      conclusion: refused ? "failure" : "success",
      externalId: plan.planId,
      title,
      summary,
      annotations: inRepository(ci, annotations),
      detailsUrl: ci.run.url,
    };
  });
}

/** Annotations on the files as GitHub knows them. */
export const inRepository = (
  { repositoryPath }: Pick<Ci, "repositoryPath">,
  annotations: readonly Annotation[],
): Annotation[] => annotations.map((one) => ({ ...one, path: repositoryPath(one.path) }));
