import { isUnread } from "../planner/findings/unreadable.ts";
import { type ConnectionStatus, statusOf } from "../planner/status/index.ts";
import { statusDetailsToText, statusToJson, statusToText } from "../planner/writers/index.ts";
import { openCloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { look } from "./look.ts";
import { EXIT, type GlobalOptions } from "./options.ts";
import { planFrom, textOptions } from "./plan.ts";
import { openProgress } from "./progress.ts";
import { checkOnly, specsToPlan } from "./specs.ts";
import { type Stopped, watch } from "./watch.ts";

export interface StatusOptions extends GlobalOptions {
  /** Only this connection, with all details. */
  readonly name?: string;
  readonly format: "text" | "json";
  /** Look again every so many seconds. */
  readonly watch?: number;
}

const never: Stopped = new Promise(() => {});

/** `landline status [NAME]`: every connection and its state, or all there is to know of one. */
export async function status(options: StatusOptions, io: Io, stopped: Stopped = never): Promise<number> {
  if (options.watch === undefined) {
    const { text, exit } = await statusNow(options, io);
    io.out(text);
    return exit;
  }
  // On a terminal that is read by a person the text stays in place; progress would get between.
  const quiet = { ...options, quiet: true };
  await watch(async () => (await statusNow(quiet, io)).text, options.watch, options.format === "text", io, stopped);
  return EXIT.done;
}

/** Specs and cloud are read afresh each time. A target that cannot be read is shown as such, and makes the exit code 1. */
async function statusNow(options: StatusOptions, io: Io): Promise<{ readonly text: string; readonly exit: number }> {
  const specs = specsToPlan(options, io);
  const only = checkOnly(options.name === undefined ? undefined : [options.name], specs);
  const cloud = await openCloud(specs.project, options, io);
  try {
    const { snapshot } = await look(specs, only, cloud, openProgress(io, options), io, { health: true });
    const statuses = statusOf({
      connections: specs.connections,
      profiles: specs.profiles,
      plan: planFrom(specs, snapshot, only, io),
      snapshot,
      now: io.now().toISOString(),
      only,
    });
    const exit = snapshot.targets.some(isUnread) ? EXIT.error : EXIT.done;
    return { text: render(statuses, specs.project.spec.metadata.name, options, io), exit };
  } finally {
    await cloud.close();
  }
}

function render(
  statuses: readonly ConnectionStatus[],
  project: string,
  { name, format }: StatusOptions,
  io: Io,
): string {
  if (format === "json") return statusToJson(project, statuses);
  const [first] = statuses;
  return name !== undefined && first
    ? statusDetailsToText(first, textOptions(io))
    : statusToText(statuses, textOptions(io));
}
