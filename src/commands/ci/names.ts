import { marker } from "../../github/marker.ts";

/** What we call the things that we leave on GitHub. Others build rules and required checks on these names: they are part of the contract. */

/** The check run of a target; what a branch rule may require. */
export const checkName = (target: string): string => `landline / ${target}`;
const CHECK = /^landline \/ (.+)$/;
/** The target of a check run of ours; undefined when it is another one. */
export const targetOfCheck = (name: string): string | undefined => CHECK.exec(name)?.[1];

/**
 * The first line of our comment on a pull request: one for each project of a repository, told apart by the path of the project file. A name
 * would not do: it cannot be read while the file has a mistake in it, and then there would be a second comment.
 */
export const commentMarker = (projectFile: string): string => marker("pull-request", projectFile);
/** The first line of a connection's drift issue. */
export const issueMarker = (project: string, connection: string): string =>
  marker("drift", issueKey(project, connection));
/** What that marker holds. */
export const issueKey = (project: string, connection: string): string => `${project}/${connection}`;

/** The artifact of the plan workflow, and the file in it. */
export const PLAN_ARTIFACT = "landline-plan";
export const PLAN_FILE = "plan.json";
/** The same for people. */
export const PLAN_TEXT = "plan.md";
/** What the run for a fork leaves instead. */
export const OFFLINE_FILE = "landline-offline.json";
/** The artifact of the apply workflow: the reports, and the plan that is to be approved when it refused. The workflow's second job has its own. */
export const APPLY_ARTIFACT = "landline-apply";
export const APPLY_NEW_ARTIFACT = "landline-apply-new-plan";
/** Where a run writes its files when `--out` says nothing; the workflows upload this folder. */
export const OUT_FOLDER = "landline-plan";

/** The environment whose required reviewers may approve a plan that nobody has reviewed on the pull request. */
export const APPROVING_ENVIRONMENT = "landline-approve-new-plan";
export const DRIFT_LABEL = "landline-drift";
/** The branch of a pull request that proposes to accept a request. */
export const proposalBranch = (endpointId: string): string => `landline/accept-${endpointId}`;
