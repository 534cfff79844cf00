import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Estate, LeftOut, Plan } from "../model.ts";
import { isUnmarked } from "../planner/adoption.ts";
import { type Draft, draftSpecs, draftText, type ImportInput, learn } from "../planner/import/index.ts";
import { indexSnapshot } from "../planner/snapshot-index.ts";
import { type Problem, parseConnections, renderProblems, type SourceFile, suggestion } from "../planner/specs/index.ts";
import { type Cloud, openCloud } from "./cloud.ts";
import { readEstate } from "./estates.ts";
import type { Io } from "./io.ts";
import { look } from "./look.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { planFrom } from "./plan.ts";
import { openProgress } from "./progress.ts";
import { readSchemas } from "./schema-files.ts";
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
    const imported = await draft({ options, loaded, estates, cloud, io });
    if (imported.drafts.length === 0 && !options.all)
      throw new CommandError(
        `nothing to import: ${imported.left.map(({ id, why }) => `${id}: ${why}`).join("; ") || "the ids are of no use here"}`,
      );
    for (const { path, text } of imported.files) writeNew(path, text, io);
    report(imported, options, io);
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

interface Drafting {
  readonly options: ImportOptions;
  readonly loaded: LoadedProject;
  readonly estates: readonly Estate[];
  readonly cloud: Cloud;
  readonly io: Io;
}

interface Imported {
  readonly drafts: readonly Draft[];
  readonly files: readonly SourceFile[];
  readonly left: readonly LeftOut[];
  /** What follows when the files are there; undefined without any. */
  readonly plan?: Plan;
}

/** Each round refers to what the round before has shown that no spec can say; every round but the last finds at least one such thing. */
const ROUNDS = 6;

/** Drafts the specs and asks the plan about them until it does nothing to what they adopt but mark it. */
async function draft(drafting: Drafting): Promise<Imported> {
  const { options, loaded, estates, io } = drafting;
  const cannot = new Map<string, string>();
  const input: ImportInput = {
    project: loaded.project,
    connections: loaded.connections,
    ours: await oursOf(drafting),
    estates,
    schema: readSchemas().connection,
    taken: takenNames(drafting),
    ...(options.name === undefined ? {} : { name: options.name }),
    refer: options.refer,
    day: io.now().toISOString().slice(0, 10),
    cannot,
  };
  for (let round = 1; ; round++) {
    const drafts = draftSpecs(input);
    const files = drafts.map((one) => ({
      path: join(options.outDir, `${one.name}.yaml`),
      text: draftText(one, input, schemaPath(options)),
    }));
    const left = [...estates.flatMap((estate) => estate.left), ...leftAliases(cannot)];
    if (drafts.length === 0) return { drafts, files, left };
    const found = await askThePlan(drafting, drafts, files);
    const lessons = "problems" in found ? lessonsOf(found.problems, drafts, files) : learn(found.plan);
    const fresh = [...lessons].filter(([id]) => !cannot.has(id));
    if (fresh.length === 0 || round === ROUNDS) {
      if ("problems" in found) throw new CommandError(unsayable(found.problems, [...loaded.sources, ...files]));
      return { drafts, files, left, plan: found.plan };
    }
    for (const [id, why] of fresh) cannot.set(id, why);
  }
}

const leftAliases = (cannot: ReadonlyMap<string, string>): LeftOut[] =>
  [...cannot].flatMap(([id, why]) => (/^Z[A-Z0-9]*\//.test(id) ? [{ id, why }] : []));

/** Only services of this project can be named by their connections. */
async function oursOf({ loaded, cloud, io }: Drafting): Promise<ImportInput["ours"]> {
  if (loaded.connections.length === 0) return [];
  return indexSnapshot((await look(loaded, undefined, cloud, silent, io)).snapshot).live;
}

const silent = { say() {}, live() {}, clear() {} };

function takenNames({ options, loaded, io }: Drafting): Set<string> {
  const folder = resolve(io.cwd, options.outDir);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const names = loaded.connections.map(({ spec }) => spec.metadata.name);
  const taken = new Set([...names, ...files.map((file) => file.replace(/\.ya?ml$/, ""))]);
  if (options.name !== undefined && taken.has(options.name))
    throw new CommandError(
      `there is a connection or a file called "${options.name}" already, in ${options.outDir} or in another spec; choose another --name. Nothing was written`,
    );
  return taken;
}

/** The schemas are looked for beside the project file, as in its examples. */
function schemaPath({ outDir, project }: ImportOptions): string {
  return relative(resolve("/", outDir), resolve("/", dirname(project), "schema/connection.v1.schema.json"))
    .split(sep)
    .join("/");
}

/** What would follow if the files were there. */
async function askThePlan(
  { loaded, cloud, io }: Drafting,
  drafts: readonly Draft[],
  files: readonly SourceFile[],
): Promise<{ readonly plan: Plan } | { readonly problems: readonly Problem[] }> {
  const { connections, problems } = parseConnections([...loaded.sources, ...files], loaded.project, {
    schemas: readSchemas(),
    // As when the project was loaded: without drafts it has no problems.
    today: new Date(0).toISOString().slice(0, 10),
    profiles: [],
  });
  if (problems.length > 0) return { problems };
  const specs = { project: loaded.project, connections };
  const names = drafts.map(({ name }) => name).sort();
  const { snapshot } = await look(specs, names, cloud, silent, io);
  return { plan: planFrom(specs, snapshot, names, io) };
}

/** What validation refuses of a draft is referred to; a problem of a name leaves its aliases out. */
function lessonsOf(
  problems: readonly Problem[],
  drafts: readonly Draft[],
  files: readonly SourceFile[],
): Map<string, string> {
  const lessons = new Map<string, string>();
  for (const { at, code, message } of problems) {
    const dropped = code.startsWith("dns.") ? /^Z/ : /:loadbalancer\/|^sg-/;
    const own = drafts.filter((_, index) => files[index]?.path === at.file);
    // What two files cannot both say may be reported at the one that was there before.
    for (const { id: main, spec } of own.length > 0 ? own : drafts)
      for (const { id } of (spec.adopt ?? []) as readonly { readonly id: string }[])
        if (id !== main && dropped.test(id) && !lessons.has(id)) lessons.set(id, message);
  }
  return lessons;
}

function unsayable(problems: readonly Problem[], files: readonly SourceFile[]): string {
  const sources = new Map(files.map(({ path, text }) => [path, text]));
  return `what lives cannot be said as a valid spec; nothing was written:\n${renderProblems(problems, sources)}`;
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

function report({ drafts, files, left, plan }: Imported, { format }: ImportOptions, io: Io): void {
  const written = drafts.map(({ name, id, target, spec }, index) => ({
    path: files[index]?.path ?? "",
    connection: name,
    id,
    target,
    adopts: (spec.adopt as readonly unknown[]).length,
  }));
  const adoptions = plan?.changes.filter(({ live }) => live && isUnmarked(live)).length ?? 0;
  const others = (plan?.changes ?? [])
    .filter(
      ({ live, differences }) =>
        !live || !isUnmarked(live) || differences.some(({ attribute }) => !attribute.startsWith("tags.")),
    )
    .map(({ action, step }) => `${action} ${step}`);
  const errors = (plan?.findings ?? []).filter(({ severity }) => severity === "error").map(({ message }) => message);
  if (format === "json") {
    io.out(`${JSON.stringify({ files: written, left, plan: { adoptions, others, errors } }, null, 2)}\n`);
    return;
  }
  for (const { path, id, target, adopts } of written)
    io.out(`wrote ${path}: ${id} of ${target}, ${adopts} object${adopts === 1 ? "" : "s"} to adopt\n`);
  for (const { id, why } of left) io.out(`left out ${id}: ${why}\n`);
  if (written.length === 0) {
    io.out("nothing to import: every endpoint service and interface endpoint of the targets is accounted for\n");
    return;
  }
  io.out(`\n${verdict(adoptions, others)}\n`);
  for (const message of errors) io.out(`It has an error to settle first: ${message}\n`);
  io.out("Next: fill in owners and reasons, then `landline plan`, review, `landline apply`.\n");
}

function verdict(adoptions: number, others: readonly string[]): string {
  const start = `The plan that follows adopts ${adoptions} object${adoptions === 1 ? "" : "s"}`;
  return others.length === 0
    ? `${start}: it adds marks and changes nothing else.`
    : `${start}, and it also has: ${others.join(", ")}. Look at these before you apply.`;
}
