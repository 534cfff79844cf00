import type { PullRequest } from "../../github/words.ts";
import type { ProjectDocument } from "../../planner/specs/index.ts";
import type { MoreAt, Place } from "../../planner/writers/pull-request/index.ts";

/** All targets of a project, in its order. */
export const placesOf = ({ spec }: ProjectDocument): Place[] =>
  Object.entries(spec.targets).map(([name, { account, region }]) => ({ name, account, region }));

/** Where the whole of a plan is: an address that stays, whichever run it was. */
export const moreAt = ({ url }: Pick<PullRequest, "url">, artifact: string): MoreAt => ({
  words: "the summary of the run",
  url: `${url}/checks`,
  artifact,
});
