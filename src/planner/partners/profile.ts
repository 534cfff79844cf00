import type { Path, Position } from "../specs/problem.ts";
import type { CheckSpec, HandoffSpec, PartnerProfile } from "./profile.generated.ts";
import type { CompiledTemplate, TemplateForm } from "./template.ts";

export type * from "./profile.generated.ts";

/** One of the closed set of demands that a profile may make. */
export type CheckKind = CheckSpec["kind"];
/** A moment at which a hand-off is due. */
export type Moment = HandoffSpec["at"][number];
/** Which half of a connection: `provider` when the partner connects to our service, `consumer` when we connect to the partner's. */
export type Role = "provider" | "consumer";
/** The halves that a connection has. */
export type Mode = Role | "bidirectional";

/** A partner profile, read and checked as a whole: every template parses, every name in it is known, every regular expression compiles. */
export interface Profile {
  readonly name: string;
  /** As written: defaults that the schema names are not filled in. */
  readonly spec: PartnerProfile;
  readonly file: string;
  /** `shipped`: comes with Landline. `project`: one of the project's own. */
  readonly origin: "shipped" | "project";
  /** Where a field stands, or its nearest existing parent. */
  at(path: Path): Position;
  /** Names of the parameters that stand in shell lines. */
  readonly shellParams: ReadonlySet<string>;
  /** A template of this profile, parsed when the profile was loaded; `render` fills it in. */
  template(text: string, form?: TemplateForm): CompiledTemplate;
}

/** The profiles that specs may name, by name; one that comes with Landline is read when somebody asks for it. */
export interface Profiles {
  get(name: string): Profile | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** The halves that a mode has. */
export function rolesOf(mode: Mode): readonly Role[] {
  return mode === "bidirectional" ? ["provider", "consumer"] : [mode];
}
