import type { Io } from "./io.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { planNow } from "./plan.ts";
import { checkOnly, specsToPlan } from "./specs.ts";

export interface HandoffOptions extends GlobalOptions {
  readonly name: string;
  readonly step?: string;
  readonly format: "text" | "json";
}

/** `landline handoff NAME`: what to send to the partner or do ourselves next, with real ids filled in. */
export async function handoff(options: HandoffOptions, io: Io): Promise<number> {
  const specs = specsToPlan(options, io);
  const made = await planNow(specs, checkOnly([options.name], specs), options, io);
  const unreadable = made.findings.find(
    ({ id, connection }) => id === "target.unreadable" && connection === options.name,
  );
  if (unreadable) throw new CommandError(unreadable.message);
  const all = made.handoffs.filter(({ connection }) => connection === options.name);
  const chosen = options.step === undefined ? all : all.filter(({ id }) => id === options.step);
  if (options.step !== undefined && chosen.length === 0) {
    throw new CommandError(
      `${options.name} has no hand-off "${options.step}" now; it has ${all.map(({ id }) => id).join(", ") || "none"}`,
    );
  }
  if (options.format === "json") io.out(`${JSON.stringify(chosen, null, 2)}\n`);
  else if (chosen.length === 0) io.out(`Nothing to hand over: ${options.name} needs nothing from its partner now.\n`);
  else io.out(chosen.map(({ title, ready, body }) => `${title}${ready ? "" : " (not ready)"}\n\n${body}\n`).join("\n"));
  return EXIT.done;
}
