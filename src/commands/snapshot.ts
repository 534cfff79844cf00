import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Snapshot } from "../model.ts";
import { openCloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { lookAt, wantedOf } from "./look.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { openProgress } from "./progress.ts";
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
    throw new CommandError(`no target "${unknown}" in ${specs.project.file}; it has ${[...wanted.keys()].join(", ")}`);
  const progress = openProgress(io, options);
  const cloud = await openCloud(specs.project, options, io);
  try {
    const targets = await Promise.all(options.target.map((target) => lookAt(specs, target, wanted, cloud, io)));
    const taken: Snapshot = { formatVersion: 1, project: specs.project.spec.metadata.name, targets };
    writeFileSync(resolve(io.cwd, options.out), `${JSON.stringify(taken, null, 2)}\n`);
    const count = targets.reduce((sum, { resources }) => sum + resources.length, 0);
    progress.say(
      `${count} resources of ${options.target.join(", ")} written to ${options.out}; plan from it with \`landline plan --snapshot ${options.out}\``,
    );
    return EXIT.done;
  } finally {
    await cloud.close();
  }
}
