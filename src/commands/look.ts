import { createHash } from "node:crypto";
import { failureOf } from "../aws/errors.ts";
import { openReads, type Reads } from "../aws/reads.ts";
import { kinds } from "../kinds/index.ts";
import type { Snapshot, TargetSnapshot, Wanted } from "../model.ts";
import { isUnread, unreadableWords } from "../planner/findings/unreadable.ts";
import { wantedByTarget } from "../planner/wanted.ts";
import { readTarget, unreadTarget } from "../state/snapshot.ts";
import type { Cloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { CommandError } from "./options.ts";
import type { Progress } from "./progress.ts";
import type { Specs } from "./specs.ts";

/** SHA-256 in hex: the planner's only need that it cannot meet itself. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export interface Looked {
  readonly snapshot: Snapshot;
  readonly wanted: ReadonlyMap<string, Wanted>;
}

/** Reads what the specs need from every target at once, with clients that cannot write. */
export async function look(
  specs: Specs,
  only: readonly string[] | undefined,
  cloud: Cloud,
  progress: Progress,
  io: Io,
  more: Pick<Wanted, "health"> = {},
): Promise<Looked> {
  const wanted = new Map([...wantedOf(specs, only)].map(([target, lists]) => [target, { ...lists, ...more }]));
  const project = specs.project.spec.metadata.name;
  // Nothing is asked about: a change that reaches no connection.
  if (wanted.size === 0) return { snapshot: { formatVersion: 1, project, targets: [] }, wanted };
  const started = io.now().getTime();
  progress.live(`reading ${wanted.size === 1 ? "1 target" : `${wanted.size} targets`} ...`);
  const targets = await Promise.all([...wanted.keys()].map((target) => lookAt(specs, target, wanted, cloud, io)));
  progress.clear();
  refuseBlindness(targets);
  const seen = targets.filter((target) => !isUnread(target));
  const resources = seen.reduce((sum, { resources: found }) => sum + found.length, 0);
  progress.say(
    `read ${seen.map(({ target }) => target).join(", ")}: ${resources} of our resources in ${seconds(io.now().getTime() - started)}`,
  );
  for (const target of targets.filter(isUnread)) progress.say(unreadableWords(target));
  return { snapshot: { formatVersion: 1, project, targets }, wanted };
}

/** What a run has to look at, by target. */
export const wantedOf = (specs: Specs, only: readonly string[] | undefined): ReadonlyMap<string, Wanted> =>
  wantedByTarget(specs.project, specs.connections, sha256, only, specs.former, specs.profiles);

/** Reads one target. One that cannot be read says so in its snapshot: the connections of the others do not depend on it. */
export async function lookAt(
  specs: Specs,
  target: string,
  wantedHere: ReadonlyMap<string, Wanted>,
  cloud: Cloud,
  io: Io,
): Promise<TargetSnapshot> {
  const place = specs.project.spec.targets[target];
  const wanted = wantedHere.get(target);
  if (!place || !wanted) throw new Error(`no target ${target}`);
  try {
    return await readTarget(readsOf(specs, target, wanted, cloud), Object.values(kinds), place, io.now);
  } catch (error) {
    return unreadTarget(target, place, failureOf(error), io.now);
  }
}

/** Where nothing at all can be read there is nothing to plan, to show or to keep. */
export function refuseBlindness(targets: readonly TargetSnapshot[]): void {
  const unread = targets.filter(isUnread);
  if (unread.length > 0 && unread.length === targets.length)
    throw new CommandError(unread.map(unreadableWords).join("\n"));
}

export const readsOf = (specs: Specs, target: string, wanted: Wanted, cloud: Cloud): Reads =>
  openReads(cloud.aws(target, "plan"), { project: specs.project.spec.metadata.name, target, wanted });

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
