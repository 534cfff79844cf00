import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Capture, captureFrom, capturingHandoffs } from "../planner/partners/capture/index.ts";
import { type Sighting, sightingOf } from "../planner/partners/capture/sighting.ts";
import type { Profile } from "../planner/partners/profile.ts";
import { editSpec } from "../planner/specs/edit.ts";
import type { ConnectionDocument } from "../planner/specs/index.ts";
import { captureToJson, captureToText } from "../planner/writers/capture.ts";
import { openCloud } from "./cloud.ts";
import { type FileTree, workingTree } from "./file-tree.ts";
import type { Io } from "./io.ts";
import { look } from "./look.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { textOptions } from "./plan.ts";
import { openProgress } from "./progress.ts";
import { checkOnly, type Specs, specsToPlan } from "./specs.ts";

export interface CaptureOptions extends GlobalOptions {
  readonly name: string;
  /** Only what this hand-off captures. */
  readonly step?: string;
  /** Why the endpoint that the output shows is to be accepted: who has confirmed it, and where. */
  readonly reason?: string;
  /** Show what would be written, and write nothing. */
  readonly dryRun: boolean;
  readonly format: "text" | "json";
}

/** The most of a paste that is read, in characters; a screen holds a fiftieth of it. */
const LONGEST = 262_144;

/** `landline capture NAME < output.txt`: what the partner has printed, recognised and written into the spec. */
export async function capture(options: CaptureOptions, io: Io, output: () => Promise<string>): Promise<number> {
  const specs = specsToPlan(options, io);
  const { document, profile } = partnerOf(options.name, specs);
  checkStep(options.step, document, profile);
  const text = await output();
  if (text.length > LONGEST)
    throw new CommandError(
      `the output holds ${text.length} characters; at most ${LONGEST} are read: paste only the part that is about ${options.name}`,
    );
  const today = io.now().toISOString().slice(0, 10);
  const { step, reason } = options;
  const asked = { ...(step === undefined ? {} : { step }), ...(reason === undefined ? {} : { reason }) };
  const seen = captureFrom({ document, profile, output: text, today, ...asked });
  refuseDoubts(seen, options.name, profile);
  refuseReason(seen, reason);
  const sighting =
    seen.accept === undefined ? undefined : await sighted(seen.accept, specs, document, profile, options, io);
  const file = resolve(io.cwd, document.file);
  const before = readFileSync(file, "utf8");
  const after = seen.edits.length === 0 ? before : edited(before, file, seen, options, io);
  const writes = after !== before && !options.dryRun;
  if (writes) write(file, after, document.file);
  const shown = {
    connection: options.name,
    file: document.file,
    capture: seen,
    wrote: writes,
    ...(sighting ? { sighting } : {}),
  };
  io.out(options.format === "json" ? captureToJson(shown) : captureToText(shown, textOptions(io)));
  return EXIT.done;
}

function partnerOf(name: string, specs: Specs): { readonly document: ConnectionDocument; readonly profile: Profile } {
  checkOnly([name], specs);
  const document = specs.connections.find(({ spec }) => spec.metadata.name === name);
  const profile = specs.profiles.get(document?.spec.partner?.profile ?? "");
  if (document && profile) return { document, profile };
  throw new CommandError(
    `the spec of ${name} names no partner, so that nobody knows what its output looks like: write partner: {profile: ...} into it`,
  );
}

function checkStep(step: string | undefined, document: ConnectionDocument, profile: Profile): void {
  const ids = capturingHandoffs(document, profile).map(({ id }) => id);
  if (step === undefined || ids.includes(step)) return;
  throw new CommandError(
    `no hand-off "${step}" of ${document.spec.metadata.name} has an answer to capture; ${ids.length === 0 ? "none has" : `those that have are ${ids.join(", ")}`}`,
  );
}

/** Nothing is written from a paste of which any part is in doubt: whoever pastes it again loses a minute, a wrong id loses a day. */
function refuseDoubts({ refusals, written, tests, looksFor }: Capture, name: string, profile: Profile): void {
  if (refusals.length > 0)
    throw new CommandError(`nothing was written:\n${refusals.map((one) => `- ${one}`).join("\n")}`);
  if (written.length + tests.length > 0) return;
  const wanted = looksFor.length === 0 ? ["nothing: it says nothing of what this partner prints"] : looksFor;
  throw new CommandError(
    `nothing in the output was recognised for ${name}. The profile ${profile.name} looks for:\n${wanted.map((one) => `- ${one}`).join("\n")}`,
  );
}

/** A reason that would go nowhere was meant for something else. */
function refuseReason({ accept }: Capture, reason: string | undefined): void {
  if (reason === undefined) return;
  if (reason.trim() === "" || /\p{Cc}/u.test(reason))
    throw new CommandError("--reason has to be a sentence on one line: who has confirmed the endpoint, and where");
  if (accept === undefined)
    throw new CommandError(
      "--reason says why an endpoint is accepted, and the output shows none that is to be; nothing was written. Leave it out for anything else",
    );
}

/** Whether AWS shows the endpoint that is to be accepted. That it cannot be asked now is no reason to keep the id out of the spec. */
async function sighted(
  id: string,
  specs: Specs,
  document: ConnectionDocument,
  profile: Profile,
  options: CaptureOptions,
  io: Io,
): Promise<Sighting> {
  const name = document.spec.metadata.name;
  try {
    const cloud = await openCloud(specs.project, options, io);
    try {
      const { snapshot } = await look(specs, [name], cloud, openProgress(io, { ...options, quiet: true }), io);
      return sightingOf(id, { snapshot, project: specs.project, document, profile });
    } finally {
      await cloud.close();
    }
  } catch (error) {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { words: `${id} was not looked for at our service: ${why}` };
  }
}

/** The spec's new text, held against everything that specs are held against. */
function edited(before: string, file: string, { edits }: Capture, { name, project }: CaptureOptions, io: Io): string {
  const made = editSpec(before, name, edits);
  if ("problem" in made) throw new CommandError(`nothing was written: ${made.problem}`);
  specsToPlan({ project }, io, withText(file, made.text));
  return made.text;
}

/** The working tree as it will be. */
const withText = (file: string, text: string): FileTree => ({
  ...workingTree,
  sizeOf: (path) => (path === file ? Buffer.byteLength(text) : workingTree.sizeOf(path)),
  read: (path) => (path === file ? Buffer.from(text) : workingTree.read(path)),
});

function write(file: string, text: string, shown: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError(`${shown} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
