import { callerFor } from "./begin.ts";
import type { Clock } from "./clock.ts";
import type { Host } from "./dispatch.ts";
import { emitPlain } from "./events.ts";
import type { Fault } from "./faults.ts";
import type { TokenOptions } from "./options.ts";
import { look, lookAtAll } from "./pushes.ts";
import { dequeue, enqueue, landQueue } from "./queue.ts";
import { fullName } from "./repository-view.ts";
import type { LoggedRequest } from "./requests.ts";
import { type RunnerOptions, runnerEnvironment } from "./runner-environment.ts";
import { beginRun, finishRun, type RunInput, rerun, reviewEnvironment, uploadArtifact } from "./runners.ts";
import type { GitHubEvent, MergeGroup, MergeMethod, User, World } from "./world.ts";

/** What people, runners and mishaps do: everything that does not come through the API. All of it throws an Error when GitHub would not allow it. */
export interface Control {
  /** Time, which can be moved forward. */
  clock: Clock;
  /** The state, to look at. */
  world: World;
  /** Notices pushes now, and makes the test merges of all open pull requests. */
  refresh(): void;
  /** Says who did the push to this branch that was made just now; `repository` (`owner/name`) for a fork. */
  pushed(login: string, branch: string, repository?: string): void;
  /** All requests so far, oldest first. */
  requests(): LoggedRequest[];
  /** All events so far, oldest first; pushes are noticed first. */
  events(): GitHubEvent[];
  /** The schedule comes round for a workflow: `.github/workflows/drift.yml` unless told. */
  scheduled(workflow?: string): GitHubEvent;
  /** Somebody starts a workflow by hand: `.github/workflows/apply.yml` unless told. */
  dispatched(login: string, workflow?: string): GitHubEvent;
  /** The variables that Actions sets for a job that this event starts; the payload is for the test to write to `eventPath`. */
  runnerEnvironment(event: GitHubEvent, options?: RunnerOptions): Record<string, string>;
  /** Plans a mishap. */
  fault(fault: Fault): void;
  clearFaults(): void;
  /** A token from now on; one that is there already stands for something else afterwards. */
  addToken(token: string, what: TokenOptions): void;
  revokeToken(token: string): void;
  /** Puts a pull request at the end of the merge queue: a head of its own, and a `merge_group` event. */
  enqueue(number: number, login: string, method?: MergeMethod): { group: MergeGroup; event: GitHubEvent };
  /** Moves the base to this entry's head, with all entries before it; answers with the new head. */
  landQueue(number: number): string;
  /** Takes an entry out; those after it get new heads. */
  dequeue(number: number): void;
  /** Begins a run of a workflow; answers with its id. */
  beginRun(input: RunInput): number;
  /** Ends it: the `workflow_run` event. */
  finishRun(id: number, conclusion?: "success" | "failure" | "cancelled"): GitHubEvent;
  /** Starts it again; answers with the number of the attempt. */
  rerun(id: number): number;
  /** Answers with the artifact's id. */
  uploadArtifact(runId: number, name: string, files: Readonly<Record<string, string | Uint8Array>>): number;
  /** A reviewer lets the run into the environment, or not. */
  approveEnvironment(
    runId: number,
    environment: string,
    login: string,
    options?: { state?: "approved" | "rejected"; comment?: string },
  ): void;
}

/** The control calls of a running server. */
export function createControl(host: Host): Control {
  const { world } = host;
  const user = (login: string): User => userNamed(world, login);
  return {
    clock: world.clock,
    world,
    refresh: () => lookAtAll(world),
    pushed: (login, branch, repository) => pushed(world, user(login), branch, repository),
    requests: () => [...host.requests],
    events: () => {
      look(world);
      return [...world.events];
    },
    scheduled(workflow = ".github/workflows/drift.yml") {
      look(world);
      return emitPlain(world, "schedule", workflow, null);
    },
    dispatched(login, workflow = ".github/workflows/apply.yml") {
      look(world);
      return emitPlain(world, "workflow_dispatch", workflow, user(login));
    },
    runnerEnvironment: (event, options) => runnerEnvironment(world, event, options),
    fault: (fault) => host.faults.add(fault),
    clearFaults: () => host.faults.clear(),
    addToken: (token, what) => world.tokens.set(token, callerFor(world, token, what)),
    revokeToken: (token) => world.tokens.delete(token),
    ...queueControl(world, user),
    ...runControl(world, user),
  };
}

type Find = (login: string) => User;

function queueControl(world: World, user: Find): Pick<Control, "enqueue" | "landQueue" | "dequeue"> {
  return {
    enqueue(number, login, method) {
      look(world);
      return enqueue(world, number, user(login), method);
    },
    landQueue(number) {
      look(world);
      return landQueue(world, number);
    },
    dequeue: (number) => dequeue(world, number),
  };
}

type RunControl = Pick<Control, "beginRun" | "finishRun" | "rerun" | "uploadArtifact" | "approveEnvironment">;

function runControl(world: World, user: Find): RunControl {
  return {
    beginRun(input) {
      look(world);
      return beginRun(world, input, user(input.actor)).id;
    },
    finishRun(id, conclusion = "success") {
      look(world);
      return finishRun(world, id, conclusion);
    },
    rerun: (id) => rerun(world, id),
    uploadArtifact: (runId, name, files) => uploadArtifact(world, runId, name, files),
    approveEnvironment: (runId, environment, login, options) =>
      reviewEnvironment(world, runId, environment, user(login), options),
  };
}

function pushed(world: World, user: User, branch: string, repository = fullName(world.home)): void {
  const place = [world.home, ...world.forks].find((known) => fullName(known) === repository);
  if (!place) throw new Error(`${repository} is neither the repository nor one of its forks`);
  const before = place.heads.get(branch);
  look(world, { user, place, branch });
  if (place.heads.get(branch) === before) {
    throw new Error(`nothing was pushed to ${branch} since the last look; say who pushed right after the push`);
  }
}

function userNamed(world: World, login: string): User {
  const user = world.users.find((known) => known.login.toLowerCase() === login.toLowerCase());
  if (!user) throw new Error(`${login} is not among the users of this GitHub`);
  return user;
}
