import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Estate, LeftOut, Plan } from "../model.ts";
import { type Draft, draftSpecs, draftText, type ImportInput, learn } from "../planner/import/index.ts";
import { indexSnapshot } from "../planner/snapshot-index.ts";
import { type Problem, parseConnections, renderProblems, type SourceFile } from "../planner/specs/index.ts";
import type { Cloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { look } from "./look.ts";
import { CommandError } from "./options.ts";
import { planFrom } from "./plan.ts";
import { readSchemas } from "./schema-files.ts";
import type { LoadedProject } from "./specs.ts";

/** What the person asked for, as far as it changes the specs. */
export interface DraftOptions {
  readonly project: string;
  readonly outDir: string;
  readonly name?: string;
  readonly refer: boolean;
}

export interface Drafting {
  readonly options: DraftOptions;
  readonly loaded: LoadedProject;
  readonly estates: readonly Estate[];
  readonly cloud: Cloud;
  readonly io: Io;
}

/** What an import has to write and to say. */
export interface Imported {
  readonly drafts: readonly Draft[];
  readonly files: readonly SourceFile[];
  readonly left: readonly LeftOut[];
  /** What follows when the files are there; undefined without any. */
  readonly plan?: Plan;
}

/** Each round refers to what the round before has shown that no spec can say; every round but the last finds at least one such thing. */
const ROUNDS = 6;

/** Drafts the specs and asks the plan about them until it does nothing to what they adopt but mark it. */
export async function draftUntilCalm(drafting: Drafting): Promise<Imported> {
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
function schemaPath({ outDir, project }: DraftOptions): string {
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
    profiles: loaded.profiles,
  });
  if (problems.length > 0) return { problems };
  const specs = { project: loaded.project, connections, profiles: loaded.profiles };
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
