import { planToJson, planToMarkdown, planToText } from "../../planner/writers/index.ts";
import { refusalComment } from "../../planner/writers/pull-request/index.ts";
import { EXIT } from "../options.ts";
import { textOptions } from "../plan.ts";
import type { Assessed } from "./assess.ts";
import { APPROVING_ENVIRONMENT, PLAN_FILE, PLAN_TEXT } from "./names.ts";
import { whatOf } from "./new-plan.ts";
import { postComment, writeFiles, writeOutputs, writeSummary } from "./post.ts";
import type { Look, Push } from "./push.ts";

export interface Refused {
  readonly parts: readonly Assessed[];
  /** The plan that somebody may approve in the environment; absent where that would not help. */
  readonly offered?: Look | undefined;
  readonly artifact: string;
}

/** Tells why nothing of these parts was carried out, each on its pull request, and what to do. Gives the exit code. */
export async function refuse(push: Push, { parts, offered, artifact }: Refused): Promise<number> {
  const { ci, options } = push;
  if (offered) {
    const { plan } = offered;
    ci.io.out(`${planToText(plan, textOptions(ci.io))}\n`);
    writeFiles(options, ci, { [PLAN_FILE]: planToJson(plan), [PLAN_TEXT]: planToMarkdown(plan) });
    writeOutputs(ci, { "plan-id": plan.planId });
  }
  for (const part of parts) {
    const { block, reasons, delta, approvable } = part;
    ci.annotate({ level: "error", title: `Landline applied nothing of ${whatOf(part)}`, message: reasons.join("\n") });
    const body = refusalComment({
      marker: ci.marker,
      reasons,
      ...(delta ? { delta } : {}),
      ...(offered && approvable ? { newPlanId: offered.plan.planId } : {}),
      environment: { name: APPROVING_ENVIRONMENT, url: ci.run.url },
      moreAt: { words: "the summary of the run", url: ci.run.url, artifact },
    });
    writeSummary(ci, `## ${whatOf(part)}\n\n${body.slice(body.indexOf("\n") + 1)}`);
    if (block.pull) await postComment(ci, block.pull.number, body);
  }
  if (offered) writeSummary(ci, planToMarkdown(offered.plan));
  const codes = parts.map(({ exitCode }) => exitCode ?? EXIT.refused);
  return codes.every((code) => code === EXIT.error) ? EXIT.error : EXIT.refused;
}
