import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Snapshot } from "../model.ts";
import { CommandError } from "./options.ts";
import { schemaText } from "./schema-files.ts";

/** Snapshot files, one per target or one for all, as one snapshot. */
export function readSnapshots(paths: readonly string[], cwd: string): Snapshot {
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
  const targets = snapshots.flatMap((snapshot) => snapshot.targets);
  const twice = targets.find(({ target }, index) => targets.findIndex((one) => one.target === target) !== index);
  if (twice) throw new CommandError(`target ${twice.target} is in two of the snapshot files; leave one out`);
  return { ...first, targets };
}

function readJson(path: string, cwd: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(cwd, path), "utf8"));
  } catch (error) {
    throw new CommandError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
