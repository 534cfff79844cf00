import { compareText } from "../collections.ts";
import { isMap } from "../specs/json.ts";
import { type Problem, quote, sortProblems } from "../specs/problem.ts";
import type { Schemas } from "../specs/schema.ts";
import { type Shaped, shape } from "../specs/shape.ts";
import { readYaml, type SourceFile } from "../specs/yaml.ts";
import { compile } from "./compile.ts";
import type { PartnerProfile, Profile, Profiles } from "./profile.ts";
import { checkSoundness } from "./soundness/index.ts";
import { textsOf } from "./soundness/texts.ts";
import type { CompiledTemplate } from "./template.ts";

/** Profile files: those that come with Landline, each called `NAME.yaml`, and the project's own. Paths as people are to see them. */
export interface ProfileFiles {
  readonly shipped: readonly SourceFile[];
  readonly own: readonly SourceFile[];
}

/** What the profile files say. */
export interface LoadedProfiles {
  readonly profiles: Profiles;
  readonly problems: Problem[];
  /** Whether every profile could be read. If not, one that seems to be unknown may be one of the others. */
  readonly complete: boolean;
}

/**
 * Reads the project's profiles and checks each as a whole. One with a problem is left out: half a profile would let pass what the other half
 * refuses. Those that come with Landline are read when a spec names them: most projects name one or two of them.
 */
export function loadProfiles({ shipped, own }: ProfileFiles, schemas: Pick<Schemas, "partner">): LoadedProfiles {
  const problems: Problem[] = [];
  const profiles = new ReadWhenNamed(shipped, schemas);
  let complete = true;
  for (const file of [...own].sort((a, b) => compareText(a.path, b.path))) {
    const read = readProfiles(file, "project", schemas);
    problems.push(...read.problems);
    if (read.problems.length > 0) complete = false;
    for (const profile of read.profiles) {
      if (profiles.has(profile.name)) problems.push(duplicate(profile, profiles.own.get(profile.name)));
      else profiles.own.set(profile.name, profile);
    }
  }
  return { profiles, problems: sortProblems(problems), complete };
}

/** The project's profiles, and those that come with Landline as far as somebody has asked for them. */
class ReadWhenNamed implements Profiles {
  readonly own = new Map<string, Profile>();
  readonly #shipped: ReadonlyMap<string, SourceFile>;
  readonly #read = new Map<string, Profile>();
  readonly #schemas: Pick<Schemas, "partner">;

  constructor(shipped: readonly SourceFile[], schemas: Pick<Schemas, "partner">) {
    this.#shipped = new Map(shipped.map((file) => [file.path.replace(/^.*\/|\.yaml$/g, ""), file]));
    this.#schemas = schemas;
  }

  has(name: string): boolean {
    return this.own.has(name) || this.#shipped.has(name);
  }

  keys(): Iterable<string> {
    return [...this.#shipped.keys(), ...this.own.keys()];
  }

  get(name: string): Profile | undefined {
    const file = this.#shipped.get(name);
    if (file === undefined) return this.own.get(name);
    const profile = this.#read.get(name) ?? sound(name, file, this.#schemas);
    this.#read.set(name, profile);
    return profile;
  }
}

/** A profile that comes with Landline has no problems, or Landline has one. */
function sound(name: string, file: SourceFile, schemas: Pick<Schemas, "partner">): Profile {
  const { profiles, problems } = readProfiles(file, "shipped", schemas);
  const [profile] = profiles;
  if (profile?.name === name && problems.length === 0) return profile;
  const [first] = problems;
  const why = first ? `${first.at.file}:${first.at.line}: ${first.message}` : `${file.path} holds another profile`;
  throw new Error(`the partner profile ${name} that comes with Landline is broken (${why}): install Landline again`);
}

function readProfiles(
  file: SourceFile,
  origin: Profile["origin"],
  schemas: Pick<Schemas, "partner">,
): { profiles: Profile[]; problems: Problem[] } {
  const { documents, problems } = readYaml(file);
  const profiles = documents.flatMap((document): Profile[] => {
    if (isMap(document.value) && (document.value.kind === "Connection" || document.value.kind === "Project")) {
      problems.push({
        code: "kind.unknown",
        message: `a document of kind ${document.value.kind} stands among the partner profiles`,
        at: document.at(["kind"]),
        hint: "partners in the project file finds profiles, specs finds connections: let each find its own files",
      });
      return [];
    }
    const { shaped, problems: misfits } = shape(document, schemas.partner);
    problems.push(...misfits);
    // What was left out to make it fit would be missed all over the rest.
    if (misfits.length > 0 || shaped.value === undefined) return [];
    // The schema has judged the value.
    const spec = shaped.value as PartnerProfile;
    const before = problems.length;
    const profile = profileOf(spec, shaped, origin);
    checkSoundness(profile, shaped, file.text, problems);
    return problems.length === before ? [profile] : [];
  });
  return { profiles, problems };
}

function profileOf(spec: PartnerProfile, { file, at }: Shaped, origin: Profile["origin"]): Profile {
  const compiled = new Map<string, CompiledTemplate>();
  const template: Profile["template"] = (text, form = "text") => {
    const key = `${form} ${text}`;
    const known = compiled.get(key) ?? compile(text, form);
    compiled.set(key, known);
    return known;
  };
  const inShell = textsOf(spec).filter(({ form }) => form === "shell");
  const used = inShell.flatMap(({ text, form }) => [...template(text, form).uses]);
  const shellParams = new Set(
    used.flatMap((path) => (path.startsWith("params.") ? [path.slice("params.".length)] : [])),
  );
  return { name: spec.metadata.name, spec, file, origin, at, template, shellParams };
}

/** `earlier` is the project's other profile of that name; without it there is one that comes with Landline. */
function duplicate({ name, at }: Profile, earlier: Profile | undefined): Problem {
  const other = earlier?.at(["metadata", "name"]);
  return {
    code: "profile.duplicate",
    message: other
      ? `another profile is called ${quote(name)} already, in ${other.file}:${other.line}`
      : `a profile ${quote(name)} comes with Landline`,
    at: at(["metadata", "name"]),
    hint: "specs name a profile by its name, so it must be unique: choose another one",
  };
}
