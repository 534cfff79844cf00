import { planToJson, planToText } from "../planner/writers/index.ts";
import type { Io } from "./io.ts";
import { EXIT, type GlobalOptions } from "./options.ts";
import { planNow, textOptions } from "./plan.ts";
import { checkOnly, specsToPlan } from "./specs.ts";

export interface DriftOptions extends GlobalOptions {
  readonly only?: readonly string[];
  readonly format: "text" | "json";
}

/** `landline drift`: whether the cloud still is what the specs say; exit 2 when something moved. */
export async function drift(options: DriftOptions, io: Io): Promise<number> {
  const specs = specsToPlan(options, io);
  const made = await planNow(specs, checkOnly(options.only, specs), options, io);
  io.out(options.format === "json" ? planToJson(made) : `${planToText(made, textOptions(io))}\n`);
  return made.changes.length > 0 ? EXIT.changes : EXIT.done;
}
