import { noPlanCheck, noPlanComment, type WhyNoPlan } from "../../planner/writers/pull-request/index.ts";
import { EXIT } from "../options.ts";
import { inRepository } from "./checks.ts";
import type { CiOnPull } from "./merge-result.ts";
import { checkName } from "./names.ts";
import { placesOf } from "./places.ts";
import { postChecks, postComment, writeOutputs, writeSummary } from "./post.ts";
import type { KnownProject } from "./read-merge.ts";

/** What stands for the plan in a check that is red because there is none. No plan has this id. */
const NO_PLAN = "no-plan";

/** Says on the pull request why there is no plan: in the comment, and red at every target that is known. Gives the exit code. */
export async function postNoPlan(ci: CiOnPull, { project }: KnownProject, why: WhyNoPlan): Promise<number> {
  const { pull } = ci.run.event;
  const { title, summary, annotations } = noPlanCheck(why);
  writeSummary(ci, summary);
  await postComment(ci, pull.number, noPlanComment({ marker: ci.marker, why }));
  const checks = (project ? placesOf(project) : []).map((target) => ({
    name: checkName(target.name),
    headSha: pull.head.sha,
    conclusion: "failure" as const,
    externalId: NO_PLAN,
    title,
    summary,
    annotations: inRepository(ci, annotations),
    detailsUrl: ci.run.url,
  }));
  await postChecks(ci, checks);
  writeOutputs(ci, { verdict: "problems" in why ? "invalid" : "failed" });
  return EXIT.error;
}
