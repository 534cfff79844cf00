import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Snapshot, TargetSnapshot } from "../model.ts";
import { wantedOf } from "./look.ts";
import { CommandError } from "./options.ts";
import { schemaText } from "./schema-files.ts";
import type { Specs } from "./specs.ts";

/** What is to be planned from snapshots. */
export interface Needed {
  readonly specs: Specs;
  readonly only: readonly string[] | undefined;
}

/**
 * Snapshot files, one per target or one for all, as one snapshot. Refused is what would make a plan look at less than there is: everything
 * that it misses would seem to be gone.
 */
export function readSnapshots(paths: readonly string[], needed: Needed, cwd: string): Snapshot {
  const validate = new Ajv2020({ strict: false }).compile<Snapshot>(JSON.parse(schemaText("snapshot")));
  const snapshots = paths.map((path) => {
    const snapshot = readJson(path, cwd);
    if (validate(snapshot)) return snapshot;
    const [error] = validate.errors ?? [];
    throw new CommandError(
      `${path} is not a snapshot: ${error?.instancePath || "/"} ${error?.message}; write it with \`landline snapshot --target NAME --out ${path}\``,
    );
  });
  const [first] = snapshots;
  if (!first) throw new CommandError("--snapshot needs at least one file");
  const strange = snapshots.findIndex(({ project }) => project !== first.project);
  if (strange > 0)
    throw new CommandError(
      `${paths[0]} is of project "${first.project}", ${paths[strange]} of "${snapshots[strange]?.project}"; they cannot be planned together`,
    );
  refuseProject(paths[0] ?? "", first.project, needed);
  const targets = snapshots.flatMap((snapshot) => snapshot.targets);
  const twice = targets.find(({ target }, index) => targets.findIndex((one) => one.target === target) !== index);
  if (twice) throw new CommandError(`target ${twice.target} is in two of the snapshot files; leave one out`);
  refuseGaps(targets, needed);
  return { ...first, targets };
}

function refuseProject(path: string, project: string, { specs }: Needed): void {
  const { name } = specs.project.spec.metadata;
  if (project !== name) throw new CommandError(`${path} is of project "${project}", this is "${name}"`);
}

function refuseGaps(targets: readonly TargetSnapshot[], { specs, only }: Needed): void {
  for (const [target, { connections }] of wantedOf(specs, only)) {
    const found = targets.find((one) => one.target === target);
    const again = `read it with \`landline snapshot --target ${target} --out FILE\``;
    if (!found) throw new CommandError(`target ${target} is in none of the snapshot files; ${again}`);
    const place = specs.project.spec.targets[target];
    if (place?.account !== found.account || place.region !== found.region)
      throw new CommandError(
        `the snapshot of target ${target} is of account ${found.account}, ${found.region}, ` +
          `and ${specs.project.file} says ${place?.account}, ${place?.region}; ${again}`,
      );
    const seen = found.only;
    if (seen && !connections?.every((name) => seen.includes(name)))
      throw new CommandError(
        `the snapshot of target ${target} is limited to ${seen.join(", ")}; ${again}, or plan with --only`,
      );
  }
}

function readJson(path: string, cwd: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(cwd, path), "utf8"));
  } catch (error) {
    throw new CommandError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
