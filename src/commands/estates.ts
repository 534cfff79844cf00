import { failureOf } from "../aws/errors.ts";
import { openReads, plainName, type Reads } from "../aws/reads.ts";
import { kinds } from "../kinds/index.ts";
import type { Estate, Wanted } from "../model.ts";
import { nothing } from "../planner/wanted.ts";
import { readTarget } from "../state/snapshot.ts";
import { type Asked, surveyTarget } from "../state/survey.ts";
import type { Cloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { CommandError } from "./options.ts";
import type { LoadedProject } from "./specs.ts";

/** What of a target is to be imported, read as if it were ours already. With clients that cannot write. */
export async function readEstate(
  { project }: LoadedProject,
  target: string,
  asked: Asked,
  cloud: Cloud,
  io: Io,
): Promise<Estate> {
  const place = project.spec.targets[target];
  if (!place) throw new Error(`no target ${target}`);
  const reads = (wanted: Wanted) =>
    openReads(cloud.aws(target, "plan"), { project: project.spec.metadata.name, target, wanted });
  try {
    const { survey, wanted } = await surveyTarget(reads(nothing()), asked);
    const fresh = reads({ ...nothing(), ...wanted });
    const snapshot = await readTarget(byZone(fresh), Object.values(kinds), place, io.now);
    return { ...survey, snapshot };
  } catch (error) {
    const { code, message } = failureOf(error);
    throw new CommandError(
      code === "WrongAccountError"
        ? message
        : `target ${target} (account ${place.account}, ${place.region}) cannot be read: ${code}: ${message}. \`landline iam --mode plan\` prints the policy that reading needs`,
    );
  }
}

/** Many names of few zones cost less as the zones' whole lists, at the five calls a second that Route 53 allows an account. */
const byZone = (reads: Reads): Reads => ({
  ...reads,
  recordsAt: async (zoneId, name) => (await reads.records(zoneId)).filter((record) => plainName(record.Name) === name),
});
