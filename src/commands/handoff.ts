import type { Handoff } from "../model.ts";
import { handoffIds } from "../planner/partners/handoffs.ts";
import type { Io } from "./io.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { planNow } from "./plan.ts";
import { checkOnly, type Specs, specsToPlan } from "./specs.ts";

export interface HandoffOptions extends GlobalOptions {
  readonly name: string;
  readonly step?: string;
  readonly format: "text" | "json";
}

/** `landline handoff NAME`: what to send to the partner or do ourselves next, with real ids filled in. */
export async function handoff(options: HandoffOptions, io: Io): Promise<number> {
  const specs = specsToPlan(options, io);
  const made = await planNow(specs, checkOnly([options.name], specs), options, io, options.step);
  const unreadable = made.findings.find(
    ({ id, connection }) => id === "target.unreadable" && connection === options.name,
  );
  if (unreadable) throw new CommandError(unreadable.message);
  const all = made.handoffs.filter(({ connection }) => connection === options.name);
  const chosen = options.step === undefined ? all : all.filter(({ id }) => isStep(id, options.step));
  if (options.step !== undefined && chosen.length === 0) {
    throw new CommandError(
      `${options.name} has no hand-off "${options.step}"; it has ${idsOf(all, options.name, specs).join(", ") || "none"}`,
    );
  }
  if (options.format === "json") io.out(`${JSON.stringify(chosen, null, 2)}\n`);
  else if (chosen.length === 0) io.out(`Nothing to hand over: ${options.name} needs nothing from its partner now.\n`);
  else io.out(chosen.map(toText).join("\n"));
  return EXIT.done;
}

/** One that is there several times, for each endpoint or request, goes by its plain name too. */
const isStep = (id: string, step: string | undefined): boolean => id === step || id.split("/", 1)[0] === step;

/** Those that are due, and those that the profile of its partner has for other moments. */
function idsOf(due: readonly Handoff[], name: string, { connections, profiles }: Specs): string[] {
  const document = connections.find(({ spec }) => spec.metadata.name === name);
  const profile = profiles.get(document?.spec.partner?.profile ?? "");
  const declared = document && profile ? handoffIds(document, profile) : [];
  return [...new Set([...due.map(({ id }) => id), ...declared])];
}

const WHO = { us: "us", partner: "the partner", requester: "the requester", approver: "the approver" } as const;

/** What it is stands above the text, what a person has to know besides below it: the text itself can be copied as it is. */
function toText({ title, ready, body, channel, actor, notes = [] }: Handoff): string {
  const about = channel && actor ? ` (${channel}, by ${WHO[actor]})` : "";
  const besides = notes.length === 0 ? "" : `\n${notes.map((note) => `Note: ${note}`).join("\n")}\n`;
  return `${title}${about}${ready ? "" : " (not ready)"}\n\n${body}\n${besides}`;
}
