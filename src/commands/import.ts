import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Estate } from "../model.ts";
import { suggestion } from "../planner/specs/index.ts";
import { openCloud } from "./cloud.ts";
import { readEstate } from "./estates.ts";
import { draftUntilCalm, type Imported } from "./import-drafts.ts";
import { reportImport } from "./import-report.ts";
import type { Io } from "./io.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { openProgress } from "./progress.ts";
import { type LoadedProject, projectToImportInto } from "./specs.ts";

export interface ImportOptions extends GlobalOptions {
  readonly ids: readonly string[];
  /** Every endpoint service and interface endpoint. */
  readonly all: boolean;
  /** Only in this target. */
  readonly target?: string;
  /** How the connection is to be called; for one id. */
  readonly name?: string;
  /** Refer to load balancers and security groups instead of managing them. */
  readonly refer: boolean;
  readonly outDir: string;
  readonly format: "text" | "json";
}

/** `landline import`: look at what others made, draft specs, ask the plan, write files. Writes no more than files, and over none. */
export async function importSpecs(options: ImportOptions, io: Io): Promise<number> {
  checkAsked(options);
  const loaded = projectToImportInto(options, io);
  const targets = targetsOf(options, loaded);
  const progress = openProgress(io, options);
  const cloud = await openCloud(loaded.project, options, io);
  try {
    progress.live(`looking at ${targets.join(", ")} ...`);
    const asked = options.all ? "all" : { ids: options.ids };
    const estates = await Promise.all(targets.map((target) => readEstate(loaded, target, asked, cloud, io)));
    progress.clear();
    refuseUnknown(options, estates, targets);
    const imported = await draftUntilCalm({ options, loaded, estates, cloud, io });
    if (imported.drafts.length === 0 && !options.all)
      throw new CommandError(
        `nothing to import: ${imported.left.map(({ id, why }) => `${id}: ${why}`).join("; ") || "the ids are of no use here"}`,
      );
    for (const { path, text } of imported.files) writeNew(path, text, io);
    reportImport(imported, options, io);
    warnUnread(imported, options, io);
    return EXIT.done;
  } finally {
    await cloud.close();
  }
}

function checkAsked({ ids, all, name }: ImportOptions): void {
  if (all && ids.length > 0) throw new CommandError("--all takes everything: leave the ids out, or leave out --all");
  if (!all && ids.length === 0)
    throw new CommandError(
      "say what to import: ids (vpce-svc-... or vpce-...), or --all for everything of the targets",
    );
  const odd = ids.find((id) => !/^vpce-(svc-)?[0-9a-f]{8,17}$/.test(id));
  if (odd !== undefined)
    throw new CommandError(
      `"${odd}" is not the id of an endpoint service (vpce-svc-...) or of an endpoint (vpce-...); what hangs on them comes along by itself`,
    );
  if (name === undefined) return;
  if (all || ids.length !== 1) throw new CommandError("--name is for one id; several get their names from their tags");
  if (!/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/.test(name))
    throw new CommandError(
      `"${name}" cannot be a connection's name: 3 to 40 of a-z, 0-9 and "-", beginning with a letter and not ending with "-"`,
    );
}

function targetsOf({ target }: ImportOptions, { project }: LoadedProject): string[] {
  const known = Object.keys(project.spec.targets);
  if (target === undefined) return known;
  if (known.includes(target)) return [target];
  throw new CommandError(
    `no target "${target}" in ${project.file}, which has ${known.join(", ")}${suggestion(target, known)}`,
  );
}

function refuseUnknown({ ids }: ImportOptions, estates: readonly Estate[], targets: readonly string[]): void {
  const seen = new Set(
    estates.flatMap(({ services, endpoints, left }) => [...services, ...endpoints, ...left.map(({ id }) => id)]),
  );
  const unknown = ids.filter((id) => !seen.has(id));
  if (unknown.length > 0)
    throw new CommandError(
      `${unknown.join(", ")} ${unknown.length === 1 ? "is" : "are"} not in ${targets.join(", ")}; check the id, or name the target where it lives in the project file. Nothing was written`,
    );
}

function writeNew(path: string, text: string, io: Io): void {
  const file = resolve(io.cwd, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    throw new CommandError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Files that the project does not read would adopt nothing. */
function warnUnread({ drafts }: Imported, options: ImportOptions, io: Io): void {
  const { connections, project } = projectToImportInto(options, io);
  const read = new Set(connections.map(({ spec }) => spec.metadata.name));
  if (drafts.some(({ name }) => !read.has(name)))
    io.err(
      `landline: ${project.file} does not read ${options.outDir}: add it to its specs (${JSON.stringify(project.spec.specs)}), or move the files\n`,
    );
}
