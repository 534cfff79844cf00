import { createHash } from "node:crypto";
import { failureOf } from "../aws/errors.ts";
import { openReads, type Reads } from "../aws/reads.ts";
import { kinds } from "../kinds/index.ts";
import type { Snapshot, TargetSnapshot, Wanted } from "../model.ts";
import { wantedByTarget } from "../planner/wanted.ts";
import { readTarget } from "../state/snapshot.ts";
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
): Promise<Looked> {
  const wanted = wantedOf(specs, only);
  const started = io.now().getTime();
  progress.live(`reading ${wanted.size === 1 ? "1 target" : `${wanted.size} targets`} ...`);
  const targets = await Promise.all([...wanted.keys()].map((target) => lookAt(specs, target, wanted, cloud, io)));
  progress.clear();
  const resources = targets.reduce((sum, { resources: found }) => sum + found.length, 0);
  progress.say(
    `read ${targets.map(({ target }) => target).join(", ")}: ${resources} of our resources in ${seconds(io.now().getTime() - started)}`,
  );
  return { snapshot: { formatVersion: 1, project: specs.project.spec.metadata.name, targets }, wanted };
}

/** What a run has to look at, by target. */
export const wantedOf = (specs: Specs, only: readonly string[] | undefined): ReadonlyMap<string, Wanted> =>
  wantedByTarget(specs.project, specs.connections, sha256, only);

/** Reads one target. */
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
    const { code, message } = failureOf(error);
    if (code === "WrongAccountError") throw new CommandError(message);
    throw new CommandError(
      `target ${target} (account ${place.account}, ${place.region}) cannot be read: ${code}: ${message}${hintFor(code)}`,
    );
  }
}

export const readsOf = (specs: Specs, target: string, wanted: Wanted, cloud: Cloud): Reads =>
  openReads(cloud.aws(target, "plan"), { project: specs.project.spec.metadata.name, target, wanted });

function hintFor(code: string): string {
  if (["CredentialsProviderError", "TokenProviderError"].includes(code)) {
    return ". Sign in (AWS_PROFILE, AWS_ACCESS_KEY_ID, an instance role, ...), or try it on the embedded AWS with --sandbox";
  }
  if (["UnauthorizedOperation", "AccessDenied"].includes(code))
    return ". `landline iam --mode plan` prints the policy that reading needs";
  return "";
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
