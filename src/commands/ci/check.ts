import { isProblem } from "../../github/errors.ts";
import { openPullRequests } from "../../github/pulls.ts";
import type { PullRequest } from "../../github/words.ts";
import type { Io } from "../io.ts";
import { CommandError, EXIT } from "../options.ts";
import { defaultBranch } from "./default-branch.ts";
import { checkGroup } from "./group.ts";
import { asCommand, type Ci, type CiOptions, ciOn, openCi, wrongEvent } from "./open.ts";
import { writeOutputs, writeSummary } from "./post.ts";
import { loadBase, projectAlone } from "./read-merge.ts";
import { type Base, type Rechecked, recheck } from "./recheck.ts";

/** `landline ci check`: whether the plans that open pull requests show are still what a merge would do. Reads the cloud only. */
export function ciCheck(options: CiOptions, io: Io): Promise<number> {
  return asCommand(async () => {
    const ci = openCi(options, io);
    const onGroup = ciOn(ci, "merge_group");
    if (onGroup) return checkGroup(onGroup, options);
    const onBranch = ciOn(ci, "push", "schedule", "workflow_dispatch");
    return onBranch ? checkOpenPulls(onBranch, options) : wrongEvent("check", ci, "push", "schedule", "merge_group");
  });
}

/** What became of each; `unknown` when no plan could be made. */
type Result = Rechecked | "unknown";

async function checkOpenPulls(ci: Ci, options: CiOptions): Promise<number> {
  const base = await baseOf(ci, options);
  const found: { readonly number: number; readonly result: Result }[] = [];
  for (const pull of await openPullRequests(ci.github, base.branch)) {
    const result = await oneOf(ci, options, pull, base);
    ci.io.out(`#${pull.number}: ${WORDS[result]}\n`);
    found.push({ number: pull.number, result });
  }
  writeSummary(ci, summaryOf(found));
  writeOutputs(ci, { checked: found.length, moved: found.filter(({ result }) => result === "moved").length });
  return found.some(({ result }) => result === "unknown") ? EXIT.error : EXIT.done;
}

async function baseOf(ci: Ci, options: CiOptions): Promise<Base> {
  const branch = await defaultBranch(ci);
  const project = projectAlone(loadBase(ci, ci.run.sha, options));
  if (project) return { branch, commit: ci.run.sha, project };
  throw new CommandError(
    `${options.project} of ${branch} cannot be read: \`landline validate\` shows what is wrong with it`,
  );
}

/** What goes wrong with one pull request stops no other one; what will go wrong with all of them stops the run. */
async function oneOf(ci: Ci, options: CiOptions, pull: PullRequest, base: Base): Promise<Result> {
  try {
    return await recheck(ci, options, pull, base);
  } catch (error) {
    if (!(error instanceof CommandError || isProblem(error, "not-found", "invalid", "too-long"))) throw error;
    ci.io.err(`pull request ${pull.number}: ${error.message}\n`);
    return "unknown";
  }
}

const WORDS: { readonly [R in Result]: string } = {
  agrees: "the plan is the one that it shows",
  moved: "the plan has moved; its checks are red",
  conflict: "it conflicts with its base",
  passed: "nothing to check",
  unknown: "could not be checked; the log says why",
};

function summaryOf(found: readonly { readonly number: number; readonly result: Result }[]): string {
  const lines = found.map(({ number, result }) => `- #${number}: ${WORDS[result]}`);
  return ["#### Open pull requests", "", ...(lines.length > 0 ? lines : ["There are none."]), ""].join("\n");
}
