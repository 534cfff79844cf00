import type { Snapshot } from "../model.ts";
import { isUnread, unreadableWords } from "../planner/findings/unreadable.ts";
import { suggestion } from "../planner/specs/index.ts";
import { openCloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { lookAt, refuseBlindness, wantedOf } from "./look.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { openProgress } from "./progress.ts";
import { writeResult } from "./results.ts";
import { specsToPlan } from "./specs.ts";

export interface SnapshotOptions extends GlobalOptions {
  readonly target: readonly string[];
  readonly out: string;
}

/** `landline snapshot`: reads the live state of some targets into a file, for `landline plan --snapshot`. */
export async function snapshot(options: SnapshotOptions, io: Io): Promise<number> {
  const specs = specsToPlan(options, io);
  const wanted = wantedOf(specs, undefined);
  const unknown = options.target.find((target) => !wanted.has(target));
  if (unknown !== undefined)
    throw new CommandError(
      `no target "${unknown}" in ${specs.project.file}, which has ${[...wanted.keys()].join(", ")}${suggestion(unknown, wanted.keys())}`,
    );
  const progress = openProgress(io, options);
  const cloud = await openCloud(specs.project, options, io);
  try {
    const targets = await Promise.all(options.target.map((target) => lookAt(specs, target, wanted, cloud, io)));
    refuseBlindness(targets);
    const taken: Snapshot = { formatVersion: 1, project: specs.project.spec.metadata.name, targets };
    writeResult(options.out, `${JSON.stringify(taken, null, 2)}\n`, io);
    const count = targets.reduce((sum, { resources }) => sum + resources.length, 0);
    progress.say(
      `${count} resources of ${options.target.join(", ")} written to ${options.out}; plan from it with \`landline plan --snapshot ${options.out}\``,
    );
    for (const target of targets.filter(isUnread)) progress.say(unreadableWords(target));
    return EXIT.done;
  } finally {
    await cloud.close();
  }
}
