/**
 * What the pull request and its issues say: pure writers, plain data in, text out. The map:
 *
 * - `plan-comment` (may I merge?), `report-comment` (what the merge did), `refusal-comment` (why it did nothing), `fork-comment`,
 *   `no-plan` (mistakes, or a run that failed).
 * - `check-output` and `moved-check` for check runs, `job-summary` for the run, `drift-issue` for what moves behind our back (its content comes from
 *   `attention`), `proposal` for a request that a pull request would accept.
 * - What they share: `verdict` and `checklist`, `sections` and `blocks`, `delta` (reviewed against new), `gathered` and `crowded` (when single changes
 *   do not fit), `picture` in `mermaid`.
 */
export type { Annotation } from "./annotations.ts";
export { type Attention, attentionOf, requestsOf, unseen } from "./attention.ts";
export { type CheckOutput, type CheckOutputInput, checkOutput } from "./check-output.ts";
export {
  type DriftIssueInput,
  driftClosed,
  driftIssue,
  driftTitle,
  type ExpiringGrant,
  type OpenRequest,
} from "./drift-issue.ts";
export { type ForkCommentInput, forkComment, type TouchedConnection } from "./fork-comment.ts";
export { jobSummary } from "./job-summary.ts";
export { conflictCheck, type MovedInput, movedCheck } from "./moved-check.ts";
export { type NoPlanInput, noPlanCheck, noPlanComment, type WhyNoPlan } from "./no-plan.ts";
export { type Picture, pictureOf } from "./picture.ts";
export { type PlanCommentInput, planComment } from "./plan-comment.ts";
export { type ProposalInput, proposal, proposedReason } from "./proposal.ts";
export { type RefusalInput, refusalComment } from "./refusal-comment.ts";
export { type DeploymentLine, type ReportCommentInput, reportComment } from "./report-comment.ts";
export type { ChecklistItem, InScope, MoreAt, Place } from "./words.ts";
