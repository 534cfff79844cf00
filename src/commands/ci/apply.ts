import { join } from "node:path";
import { headAt } from "../changed.ts";
import { openCloud } from "../cloud.ts";
import type { Io } from "../io.ts";
import { CommandError, EXIT } from "../options.ts";
import { openProgress } from "../progress.ts";
import { type Assessed, assess, isSettled } from "./assess.ts";
import { type Block, blocksOf, type Pushed } from "./blocks.ts";
import { carryOut, type ToCarryOut, tellSettled } from "./carry.ts";
import { APPLY_ARTIFACT, APPLY_NEW_ARTIFACT } from "./names.ts";
import { approvedPlan, newPlan, pullsOf, whatOf } from "./new-plan.ts";
import { asCommand, type CiOn, ciOn, openCi, wrongEvent } from "./open.ts";
import { writeOutputs } from "./post.ts";
import type { CiApplyOptions, Look, Push } from "./push.ts";
import { refuse } from "./refuse.ts";

/**
 * `landline ci apply`: carries out what the pull requests of a push held and their reviewers approved, and nothing else. All or nothing of a pull
 * request is refused; the others of the push go on.
 */
export function ciApply(options: CiApplyOptions, io: Io): Promise<number> {
  return asCommand(async () => {
    const ci = openCi(options, io);
    const onPush = ciOn(ci, "push");
    if (!onPush) return wrongEvent("apply", ci, "push");
    const pushed = pushedOf(onPush);
    const blocks = await blocksOf(ci, pushed);
    const push = await openPush(onPush, pushed, options);
    try {
      const { approvedPlan: approved } = options;
      return await (approved === undefined ? applyReviewed(push, blocks) : applyApproved(push, blocks, approved));
    } finally {
      await push.cloud.close();
    }
  });
}

function pushedOf({ run }: CiOn<"push">): Pushed {
  const { before, after, ref, defaultBranch: branch } = run.event;
  if (ref !== `refs/heads/${branch}`)
    throw new CommandError(
      `landline ci apply carries out what was merged into ${branch}, and this push is to ${ref}: let the workflow run on pushes to ${branch} only`,
    );
  return { before, after, branch };
}

/** The specs come from the commit that was pushed, whatever else lies in the checkout. */
async function openPush(ci: CiOn<"push">, pushed: Pushed, options: CiApplyOptions): Promise<Push> {
  const head = headAt(ci.git, pushed.after, options, ci.io);
  const cloud = await openCloud(head.specs.project, options, ci.io);
  // The runner is gone afterwards: the record of what was done goes with the report.
  const kept = { ...options, journal: options.journal ?? join(options.out, "journal.jsonl") };
  return { ci, options: kept, pushed, head, cloud, progress: openProgress(ci.io, options) };
}

/** The parts of a push one after the other, each planned when those before it are done. */
async function applyReviewed(push: Push, blocks: readonly Block[]): Promise<number> {
  const codes: number[] = [];
  const refused: Assessed[] = [];
  for (const block of blocks) {
    const part = await assess(push, block);
    if (!part) push.ci.io.err(`${whatOf({ block })} changes no plan\n`);
    else if (part.reasons.length > 0) refused.push(part);
    else if (isSettled(part)) await tellSettled(push, toCarryOut(part));
    else codes.push(await carryOut(push, toCarryOut(part)));
  }
  if (refused.length > 0) {
    const offered = await newPlan(push, refused);
    codes.push(await refuse(push, { parts: refused, offered, artifact: APPLY_ARTIFACT }));
  }
  return endOf(push, codes);
}

function toCarryOut(part: Assessed): ToCarryOut {
  const { look, evidence, reviewed, block } = part;
  if (!look) throw new Error(`no plan of ${whatOf(part)}`);
  const pulls = block.pull ? [block.pull] : [];
  return { look, what: whatOf(part), pulls, evidence, ...(reviewed ? { reviewed } : {}), artifact: APPLY_ARTIFACT };
}

/** What was refused, as a person approved it in the environment of this run. What is not refused is left to the job that applies it. */
async function applyApproved(push: Push, blocks: readonly Block[], planId: string): Promise<number> {
  const parts: Assessed[] = [];
  for (const block of blocks) parts.push(...asList(await assess(push, block)));
  const refused = parts.filter(({ reasons }) => reasons.length > 0);
  const [open, rest] = [
    refused.filter(({ approvable }) => approvable),
    refused.filter(({ approvable }) => !approvable),
  ];
  const codes: number[] = [];
  if (rest.length > 0) codes.push(await refuse(push, { parts: rest, artifact: APPLY_NEW_ARTIFACT }));
  if (open.length > 0) codes.push(await applyNewPlan(push, open, planId, await newPlan(push, open)));
  else push.ci.io.err(`nothing is left that ${planId} was approved for\n`);
  return endOf(push, codes);
}

async function applyNewPlan(
  push: Push,
  open: readonly Assessed[],
  planId: string,
  look: Look | undefined,
): Promise<number> {
  const approval = look
    ? await approvedPlan(push, planId, look, open)
    : {
        reasons: ["what was refused cannot be carried out as one plan any more; see the plan of this run"],
        evidence: [],
      };
  if (!look || approval.reasons.length > 0) {
    const parts = open.map((part) => ({ ...part, reasons: [...approval.reasons, ...part.reasons] }));
    return refuse(push, { parts, artifact: APPLY_NEW_ARTIFACT });
  }
  const { evidence } = approval;
  const what = open.map(whatOf).join(", ");
  return carryOut(push, { look, what, pulls: pullsOf(open), evidence, artifact: APPLY_NEW_ARTIFACT });
}

const asList = <T>(one: T | undefined): T[] => (one === undefined ? [] : [one]);

/** Of several parts: 0 when all is done, 4 when something was and something was not; else what went wrong, an error before a refusal. */
function endOf({ ci }: Push, codes: readonly number[]): number {
  const code = overall(codes);
  writeOutputs(ci, { result: WORDS[code] ?? "failed" });
  return code;
}

const WORDS: { readonly [code: number]: string } = {
  [EXIT.done]: "done",
  [EXIT.error]: "failed",
  [EXIT.refused]: "refused",
  [EXIT.partly]: "partly",
};

function overall(codes: readonly number[]): number {
  const bad = codes.filter((code) => code !== EXIT.done);
  if (bad.length === 0) return EXIT.done;
  if (bad.length < codes.length || bad.includes(EXIT.partly)) return EXIT.partly;
  return bad.includes(EXIT.error) ? EXIT.error : EXIT.refused;
}
