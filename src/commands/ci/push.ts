import { branchSha } from "../../github/branches.ts";
import type { PullRequest } from "../../github/words.ts";
import type { Intent, Plan } from "../../model.ts";
import { intentsOf, type Version } from "../../planner/changed/index.ts";
import type { ProjectDocument } from "../../planner/specs/index.ts";
import { changedFrom, type Head, headAt } from "../changed.ts";
import type { Cloud } from "../cloud.ts";
import { type Looked, look, sha256 } from "../look.ts";
import { CommandError, EXIT } from "../options.ts";
import { planFrom } from "../plan.ts";
import type { Progress } from "../progress.ts";
import type { Specs } from "../specs.ts";
import { type Block, type Pushed, short } from "./blocks.ts";
import type { Ci, CiOn, CiOptions } from "./open.ts";
import { loadBase, projectAlone } from "./read-merge.ts";

export interface CiApplyOptions extends CiOptions {
  /** The id of a plan that somebody approved in the environment of this run. */
  readonly approvedPlan?: string;
  readonly parallel: number;
  readonly journal?: string;
}

/** A push that is carried out: what was pushed and everything that is needed to look and to act. */
export interface Push {
  readonly ci: CiOn<"push">;
  readonly options: CiApplyOptions;
  readonly pushed: Pushed;
  /** The specs as the push left them: what everything is planned from, whichever of its merges brought it. */
  readonly head: Head;
  readonly cloud: Cloud;
  readonly progress: Progress;
}

/** What is planned of a push, and the plan. */
export interface Look {
  readonly specs: Specs;
  readonly only: readonly string[] | undefined;
  readonly looked: Looked;
  readonly plan: Plan;
}

/** What a part of a push reaches; nothing when `only` is empty. */
export interface Reach extends Pick<Look, "specs" | "only"> {
  /** The project files whose rules it is judged by: before the push, before this part of it, and after the push. */
  readonly rules: readonly ProjectDocument[];
}

/** What the step from a block's base to its last commit reaches, to be planned as the push left it. */
export function reachOf({ ci, options, pushed, head }: Push, { base, last }: Block): Reach {
  const own = last === pushed.after ? head : headAt(ci.git, last, options, ci.io);
  const { specs, only } = changedFrom(ci.git, base, own, options, ci.io);
  const { project, connections, profiles } = head.specs;
  const rules = [...new Set([pushed.before, base])].flatMap((commit) => projectAt({ ci, options }, commit) ?? []);
  return {
    specs: { project, connections, profiles, ...(specs.former ? { former: specs.former } : {}) },
    only,
    rules: [...rules, project],
  };
}

/** The project file of a commit; undefined where there was none. One that cannot be read may hold rules that nobody knows. */
function projectAt({ ci, options }: Pick<Push, "ci" | "options">, commit: string): ProjectDocument | undefined {
  const project = projectAlone(loadBase(ci, commit, options));
  const path = ci.repositoryPath(options.project);
  if (project || !ci.git.entries(commit, "").some((entry) => entry.path === path)) return project;
  throw new CommandError(
    `${path} of ${short(commit)} cannot be read, so nobody knows which approvals it asks for. Open a new pull request for what should be done`,
    EXIT.refused,
  );
}

/** Looks and plans. */
export async function lookAndPlan(
  { cloud, progress, ci: { io } }: Push,
  { specs, only }: Pick<Look, "specs" | "only">,
): Promise<Look> {
  const looked = await look(specs, only, cloud, progress, io);
  return { specs, only, looked, plan: planFrom(specs, looked.snapshot, only, io) };
}

/**
 * Connections that a later push has already changed. A run may wait for others, and old ones may be run again: nothing of theirs is done then,
 * because what was approved of them is no longer what anybody wants.
 */
export async function overtaken({ ci, options, pushed, head }: Push, names: readonly string[]): Promise<string[]> {
  const tip = await branchSha(ci.github, pushed.branch);
  if (tip === pushed.after || names.length === 0) return [];
  if (tip === undefined) return [...names];
  const commit = ci.git.fetched(tip, `refs/heads/${pushed.branch}`);
  if (!ci.git.isAncestor(pushed.after, commit)) return [...names];
  return differing(names, head.specs, headAt(ci.git, commit, options, ci.io).specs);
}

/** Connections of which the branch of a pull request wants something else than what would be carried out. */
export function unlikeBranch(
  {
    ci,
    options,
    head,
  }: { readonly ci: Pick<Ci, "git" | "io">; readonly options: CiOptions; readonly head: { readonly specs: Specs } },
  pull: Pick<PullRequest, "number" | "head">,
  names: readonly string[],
): string[] {
  const commit = ci.git.fetched(pull.head.sha, `refs/pull/${pull.number}/head`);
  const { project, connections, profiles } = loadBase(ci, commit, options);
  return project ? differing(names, head.specs, { project, connections, profiles }) : [...names];
}

function differing(names: readonly string[], one: Version, other: Version): string[] {
  const of = ({ project, connections, profiles }: Version) =>
    new Map(intentsOf(project, connections, names, sha256, profiles).map(({ name, intent }: Intent) => [name, intent]));
  const [here, there] = [of(one), of(other)];
  return names.filter((name) => here.get(name) !== there.get(name));
}
