import { artifactsOfRun } from "../../github/artifacts.ts";
import { approvalsOfRun, type EnvironmentApproval } from "../../github/environments.ts";
import { pushersOf } from "../../github/pushers.ts";
import type { PullRequest } from "../../github/words.ts";
import { asSet } from "../../planner/collections.ts";
import { type Assessed, heldTo } from "./assess.ts";
import { short } from "./blocks.ts";
import { APPLY_ARTIFACT, APPROVING_ENVIRONMENT } from "./names.ts";
import { type Look, lookAndPlan, type Push } from "./push.ts";
import { readArtifact } from "./reviewed.ts";

/**
 * What was refused because nobody has reviewed it may be approved by a person after all: the plan of all refused parts together, which a required
 * reviewer of an environment lets through by its id, in the same run.
 */

/** The plan of refused parts together, as it would be carried out now. Undefined when no approval could make it possible. */
export async function newPlan(push: Push, refused: readonly Assessed[]): Promise<Look | undefined> {
  const looks = refused.flatMap(({ look, approvable }) => (look && approvable ? [look] : []));
  if (looks.length === 0) return undefined;
  const { project, connections, profiles } = push.head.specs;
  const former = looks.flatMap(({ specs }) => specs.former ?? []);
  const everything = looks.some(({ only }) => only === undefined);
  const look = await lookAndPlan(push, {
    specs: { project, connections, profiles, ...(everything ? {} : { former }) },
    only: everything ? undefined : asSet(looks.flatMap(({ only }) => only ?? [])),
  });
  const { changes, summary } = look.plan;
  const possible =
    changes.length > 0 && summary.errors === 0 && changes.every((change) => change.refused === undefined);
  return possible ? look : undefined;
}

/** The approval of a new plan, as far as it goes. */
export interface NewApproval {
  /** Why it does not hold, in sentences; empty: the plan may be carried out. */
  readonly reasons: readonly string[];
  readonly evidence: readonly string[];
}

/** Whether the plan that somebody approved in this run is the one that would be carried out now, and whether that somebody may approve. */
export async function approvedPlan(
  push: Push,
  planId: string,
  { plan }: Look,
  refused: readonly Assessed[],
): Promise<NewApproval> {
  const content = plan.planId === planId ? [] : await restOf(push, planId, plan);
  const { reasons, evidence } = await approversOf(push, planId, refused);
  return { reasons: [...content, ...reasons], evidence };
}

/** A run that is run again finds less to do than was approved; what was, the first job has left in this very run. */
async function restOf({ ci, head }: Push, planId: string, plan: Look["plan"]): Promise<readonly string[]> {
  for (const artifact of await artifactsOfRun(ci.github, ci.run.id, APPLY_ARTIFACT)) {
    const read = await readArtifact(ci.github, artifact, head.specs.project);
    if (typeof read !== "string" && read.plan.planId === planId) return heldTo(plan, read, "the approved plan").reasons;
  }
  return [
    `what was approved is the plan ${planId}, and what would be done now is ${plan.planId}: run all jobs again, the first one asks for approval of what is to be done then`,
  ];
}

/** Who must not approve in the environment: who wrote it. */
interface Authors {
  readonly logins: ReadonlySet<string>;
  /** Not when somebody unknown may have pushed; one approval more shows that somebody else has looked. */
  readonly certain: boolean;
}

async function approversOf(push: Push, planId: string, refused: readonly Assessed[]): Promise<NewApproval> {
  const { ci } = push;
  const authors = await authorsOf(push, refused);
  const given = (await approvalsOfRun(ci.github, ci.run.id)).filter(isOurs);
  const isAuthor = ({ by }: EnvironmentApproval): boolean => authors.logins.has(by.toLowerCase());
  const own = given.filter(isAuthor);
  const others = given.filter((one) => !isAuthor(one));
  // GitHub does not tell which attempt of a run an approval was for; beside one that does not count, only one that names the plan is known to be of it.
  const counted = asSet((own.length === 0 ? others : others.filter(names(planId))).map(({ by }) => by));
  const needed = authors.certain ? 1 : 2;
  const evidence = counted.map((by) => `${planId} approved by ${by} in the environment ${APPROVING_ENVIRONMENT}`);
  if (counted.length >= needed) return { reasons: [], evidence };
  return { reasons: [missing(planId, { own, others, counted: counted.length, needed })], evidence };
}

const isOurs = ({ environments, state }: EnvironmentApproval): boolean =>
  state === "approved" && environments.includes(APPROVING_ENVIRONMENT);

/** So many characters of an id tell it from all others. */
const ENOUGH = 12;
const idWord = (planId: string): string => planId.replace(/^sha256:/, "").slice(0, ENOUGH);
const names =
  (planId: string) =>
  ({ comment }: EnvironmentApproval): boolean =>
    comment.includes(idWord(planId));

interface Given {
  readonly own: readonly EnvironmentApproval[];
  readonly others: readonly EnvironmentApproval[];
  readonly counted: number;
  readonly needed: number;
}

function missing(planId: string, { own, others, counted, needed }: Given): string {
  const who = asSet(own.map(({ by }) => by)).join(", ");
  const more =
    own.length === 0
      ? ""
      : `: ${who} approved, and wrote or pushed what is to be applied, so that somebody else has to` +
        `${others.length > 0 ? `, saying ${idWord(planId)} in the comment, because GitHub does not tell which attempt an approval was for` : ""}`;
  const unknown = needed > 1 ? " (one more than usual, because it cannot be seen who pushed last)" : "";
  return `${counted} of ${needed} approvals of ${planId} in the environment ${APPROVING_ENVIRONMENT}${unknown}${more}. Run all jobs again`;
}

async function authorsOf({ ci, pushed }: Push, refused: readonly Assessed[]): Promise<Authors> {
  const logins = new Set<string>();
  let certain = true;
  for (const { block } of refused) {
    const { owner, name } = ci.run.repository;
    const direct = { sha: pushed.after, ref: pushed.branch, repository: `${owner}/${name}` };
    const pushers = await pushersOf(ci.github, block.pull ?? { head: direct });
    for (const login of [...pushers.logins, ...(block.pull ? [block.pull.author] : [])])
      logins.add(login.toLowerCase());
    certain = certain && pushers.certain;
  }
  return { logins, certain };
}

/** `#12`, or the commits of a direct push. */
export const whatOf = ({ block: { pull, commits } }: Pick<Assessed, "block">): string =>
  pull ? `#${pull.number}` : `commit ${commits.map(short).join(", ")}`;

export const pullsOf = (parts: readonly Assessed[]): PullRequest[] => parts.flatMap(({ block }) => block.pull ?? []);
