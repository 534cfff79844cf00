import type { GitHub } from "./client.ts";
import { createOnce } from "./creating.ts";
import { answer, at, id, text } from "./fields.ts";
import type { Identity } from "./words.ts";

export interface DeploymentToCreate {
  /** The commit that is deployed. */
  readonly sha: string;
  /** GitHub makes an environment of this name when there is none. */
  readonly environment: string;
  /** At most 140 characters; longer ones are cut. */
  readonly description: string;
  /** Tells this deployment from all others, such as run and attempt; kept with the rest of the payload. */
  readonly key: string;
  /** What people may want to look up later: who approved what. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Longer ones GitHub refuses. */
const MOST_DESCRIPTION = 140;

/**
 * Tells GitHub that a target is being deployed to. Neither merges the base branch into the ref nor waits for checks: by now the merge has happened
 * and the checks were judged. Nothing is deployed by it.
 * @returns its id
 */
export async function createDeployment(github: GitHub, wanted: DeploymentToCreate): Promise<number> {
  const { octokit, repository } = github;
  const place = { owner: repository.owner, repo: repository.name, environment: wanted.environment };
  return createOnce(github, {
    create: async () => {
      const { data } = await octokit.rest.repos.createDeployment({
        ...place,
        ref: wanted.sha,
        task: TASK,
        auto_merge: false,
        required_contexts: [],
        description: short(wanted.description),
        payload: { ...wanted.payload, key: wanted.key },
      });
      return id(answer(data), "id");
    },
    find: async () => {
      const { data } = await octokit.rest.repos.listDeployments({
        ...place,
        sha: wanted.sha,
        task: TASK,
        per_page: 100,
      });
      const found = data.find((one) => createdBy(github.identity, one) && keyOf(one) === wanted.key);
      return found?.id;
    },
  });
}

const TASK = "landline";

const createdBy = ({ login }: Identity, data: unknown): boolean => at(answer(data), "creator.login") === login;

/** GitHub gives an object back as an object, and a text as it was. */
function keyOf(data: unknown): unknown {
  const payload = at(answer(data), "payload");
  if (typeof payload !== "string") return at(answer(payload), "key");
  try {
    return at(answer(JSON.parse(payload)), "key");
  } catch {
    return undefined;
  }
}

/** How a deployment goes. A success makes older deployments to the same environment inactive. */
export interface DeploymentStatus {
  readonly state: "queued" | "in_progress" | "success" | "failure" | "error" | "inactive";
  /** At most 140 characters; longer ones are cut. */
  readonly description: string;
  /** Where a person sees the run. */
  readonly logUrl: string;
}

export async function setDeploymentStatus(github: GitHub, deployment: number, wanted: DeploymentStatus): Promise<void> {
  const { octokit, repository } = github;
  const place = { owner: repository.owner, repo: repository.name, deployment_id: deployment };
  const description = short(wanted.description);
  await createOnce(github, {
    create: async () => {
      await octokit.rest.repos.createDeploymentStatus({
        ...place,
        state: wanted.state,
        description,
        log_url: wanted.logUrl,
      });
      return true;
    },
    find: async () => {
      const { data } = await octokit.rest.repos.listDeploymentStatuses({ ...place, per_page: 100 });
      const newest = data.reduce<(typeof data)[number] | undefined>((a, b) => (a && a.id > b.id ? a : b), undefined);
      const there = newest && text(answer(newest), "state") === wanted.state && newest.description === description;
      return there ? true : undefined;
    },
  });
}

/** Cut between characters, not within one. */
function short(description: string): string {
  const characters = [...description];
  return characters.length <= MOST_DESCRIPTION ? description : `${characters.slice(0, MOST_DESCRIPTION - 1).join("")}…`;
}
