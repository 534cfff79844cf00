import { driftOf } from "../planner/status/drift.ts";
import { driftToJson, driftToText } from "../planner/writers/index.ts";
import { openCloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { look } from "./look.ts";
import { EXIT, type GlobalOptions } from "./options.ts";
import { planFrom, textOptions } from "./plan.ts";
import { openProgress } from "./progress.ts";
import { checkOnly, specsToPlan } from "./specs.ts";

export interface DriftOptions extends GlobalOptions {
  readonly only?: readonly string[];
  readonly format: "text" | "json";
}

/** `landline drift`: whether the cloud still is what the specs say; exit 2 when something moved, 1 when not all of it could be compared. */
export async function drift(options: DriftOptions, io: Io): Promise<number> {
  const specs = specsToPlan(options, io);
  const only = checkOnly(options.only, specs);
  const cloud = await openCloud(specs.project, options, io);
  try {
    const { snapshot } = await look(specs, only, cloud, openProgress(io, options), io);
    const found = driftOf({
      plan: planFrom(specs, snapshot, only, io),
      connections: specs.connections.filter(({ spec }) => !only || only.includes(spec.metadata.name)),
      snapshot,
      now: io.now().toISOString(),
    });
    io.out(options.format === "json" ? driftToJson(found) : driftToText(found, textOptions(io)));
    if (found.items.length > 0) return EXIT.changes;
    return found.errors.length > 0 ? EXIT.error : EXIT.done;
  } finally {
    await cloud.close();
  }
}
