/**
 * The writers: a Plan or a Report → text. The map:
 *
 * - `text` for a terminal, `markdown` for a pull request, `json` for programs, `html` for a browser; `report*` the same for an apply.
 * - `plan-file` reads a plan's JSON back. `pull-request/` is what a pull request, its checks and drift issues say; it has its own index.
 * - What all of them share: `rows` (what stands below a change), `compare` and `values` (how values differ and read), `groups`, `context`,
 *   `verdict` ("may I merge?"), `words`.
 * - Foreign text is made harmless in `visible` (all), `safe-markdown`, `safe-html`, `workflow-commands` (the log of a job); `budget` keeps
 *   Markdown under GitHub's limit.
 */
export { GITHUB_LIMIT } from "./budget.ts";
export { driftToJson } from "./drift-json.ts";
export { driftLine, driftToText } from "./drift-text.ts";
export { planToHtml } from "./html.ts";
export { type FileChange, type PlanFile, planToJson } from "./json.ts";
export type { TextOptions, TextStyle } from "./layout.ts";
export { planToMarkdown } from "./markdown.ts";
export { type PlanFileProblem, type ReadPlan, type ReviewedStep, readPlanFile } from "./plan-file.ts";
export { type Report, reportToJson } from "./report.ts";
export { reportToMarkdown } from "./report-markdown.ts";
export { reportToText } from "./report-text.ts";
export { statusDetailsToText } from "./status-details.ts";
export { statusToJson } from "./status-json.ts";
export { statusToText } from "./status-text.ts";
export { planToText } from "./text.ts";
export { type AnnotationCommand, annotationCommand, harmlessLines } from "./workflow-commands.ts";
