import { resolve } from "node:path";
import { branchSha } from "../../github/branches.ts";
import { openPullRequests, pullRequest } from "../../github/pulls.ts";
import type { CheckToPost, PullRequest } from "../../github/words.ts";
import type { Plan } from "../../model.ts";
import { onlyReviewedMerge, type ReviewedMerge } from "../../planner/guard/reviewed-merge.ts";
import { jobSummary, noPlanCheck } from "../../planner/writers/pull-request/index.ts";
import { changedFrom } from "../changed.ts";
import { workingTree } from "../file-tree.ts";
import { sha256 } from "../look.ts";
import { CommandError, EXIT } from "../options.ts";
import { planNow } from "../plan.ts";
import type { Specs } from "../specs.ts";
import { inRepository, planChecks } from "./checks.ts";
import { fileOf } from "./moved.ts";
import { checkName } from "./names.ts";
import type { CiOn, CiOptions } from "./open.ts";
import { placesOf } from "./places.ts";
import { postNewChecks, writeSummary } from "./post.ts";
import { unlikeBranch } from "./push.ts";
import { readMerge } from "./read-merge.ts";
import { shownPlan } from "./reviewed.ts";

type OnGroup = CiOn<"merge_group">;

/** In a merge queue: whether what the group would do is what was reviewed on its pull requests, said at checks on the group's own commit. */
export async function checkGroup(ci: OnGroup, options: CiOptions): Promise<number> {
  const { headSha, baseSha } = ci.run.event;
  const at = ci.git.commitOf("HEAD");
  if (at !== headSha)
    throw new CommandError(`the checkout is at ${at}, the group at ${headSha}: check out without \`ref:\``);
  const paths = () => ci.git.workingPaths().map((path) => resolve(ci.git.root, path));
  const merge = { commit: headSha, base: ci.git.fetched(baseSha), tree: workingTree, paths };
  const read = readMerge(ci, merge, options);
  if ("problems" in read) {
    const { title, summary, annotations } = noPlanCheck({ problems: read.problems });
    const output = { title, summary, annotations: inRepository(ci, annotations), conclusion: "failure" as const };
    const checks = (read.project ? placesOf(read.project) : []).map(({ name }): CheckToPost => {
      return { ...output, name: checkName(name), headSha, externalId: "no-plan", detailsUrl: ci.run.url };
    });
    await postNewChecks(ci, checks);
    return EXIT.error;
  }
  const { specs, only } = changedFrom(ci.git, merge.base, { ...merge, specs: read.specs }, options, ci.io);
  const plan = await heldToReviews(ci, options, specs, await planNow(specs, only, options, ci.io));
  writeSummary(ci, jobSummary(plan));
  const moreAt = { words: "the summary of the run", url: ci.run.url };
  await postNewChecks(ci, planChecks(ci, { headSha, plan, specs, targets: placesOf(specs.project), moreAt }));
  return EXIT.done;
}

/** The plan of the group with everything refused that none of its pull requests showed. */
async function heldToReviews(ci: OnGroup, options: CiOptions, specs: Specs, plan: Plan): Promise<Plan> {
  if (plan.changes.length === 0) return plan;
  const pulls = await pullsOf(ci);
  const shown: Reviewed[] = [];
  for (const pull of pulls) {
    const found = await shownPlan(ci.github, pull, specs.project);
    if (typeof found === "string") ci.io.err(`${found}\n`);
    else if (found.green && found.planId === plan.planId) return plan;
    else shown.push({ pull, planId: found.planId });
  }
  const parts: Pick<ReviewedMerge, "steps" | "intents">[] = [];
  for (const one of shown) parts.push(await partOf(ci, options, specs, plan, one));
  const name = `the reviewed ${pulls.length === 1 ? "plan" : "plans"} of ${pulls.map(({ number }) => `#${number}`).join(" and ")}`;
  const reviewed = {
    name: pulls.length === 0 ? "any reviewed plan" : name,
    steps: new Map(parts.flatMap(({ steps }) => [...steps])),
    intents: parts.flatMap(({ intents }) => intents ?? []),
  };
  return onlyReviewedMerge(plan, reviewed, sha256);
}

interface Reviewed {
  readonly pull: PullRequest;
  readonly planId: string;
}

/**
 * What a pull request has to say of the group: its reviewed plan as far as its connections are to be the same here as there, by that plan and
 * by its branch. Two pull requests that edit one connection both have nothing to say of it: nobody has reviewed the two together.
 */
async function partOf(
  ci: OnGroup,
  options: CiOptions,
  specs: Specs,
  plan: Plan,
  { pull, planId }: Reviewed,
): Promise<Pick<ReviewedMerge, "steps" | "intents">> {
  const file = await fileOf(ci, pull, planId, specs.project);
  if (!file) {
    ci.io.err(`pull request ${pull.number}: no artifact of the plan workflow holds the plan ${planId}\n`);
    return { steps: new Map() };
  }
  const now = new Map(plan.connections?.map(({ name, intent }) => [name, intent]));
  const same = (file.plan.connections ?? []).filter(({ name, intent }) => now.get(name) === intent);
  const names = same.map(({ name }) => name);
  const other = new Set(unlikeBranch({ ci, options, head: { specs } }, pull, names));
  const intents = same.filter(({ name }) => !other.has(name));
  const steps = [...file.reviewed].filter(([, { connection }]) => intents.some(({ name }) => name === connection));
  return { steps: new Map(steps), intents };
}

/**
 * The pull requests whose commits the group brings: the one that its branch is named after, and those whose heads were merged on the way from
 * the base branch, because groups that wait stand on each other.
 */
async function pullsOf({ git, github, run: { event } }: OnGroup): Promise<PullRequest[]> {
  const base = event.baseRef.replace(/^refs\/heads\//, "");
  const [, last] = /\/pr-(\d+)-[0-9a-f]+$/.exec(event.headRef) ?? [];
  const tip = await branchSha(github, base);
  const from = tip === undefined ? event.baseSha : git.fetched(tip, `refs/heads/${base}`);
  const start = git.isAncestor(from, event.headSha) ? from : event.baseSha;
  const merged = new Set(git.firstParents(start, event.headSha).flatMap((commit) => git.parentsOf(commit).slice(1)));
  const queued = (await openPullRequests(github, base)).filter(({ head }) => merged.has(head.sha));
  if (last === undefined || queued.some(({ number }) => number === Number(last))) return queued;
  return [...queued, await pullRequest(github, Number(last))];
}
