/** Who has to approve a plan, and whether they have: `policy.approvals` against the reviews of a pull request. */

export { type Questions, questionsOf } from "./questions.ts";
export { requirementsOf } from "./requirements.ts";
export { type ChecklistItem, checklistOf, evidenceOf } from "./say.ts";
export { judge } from "./verdict.ts";
export type * from "./words.ts";
