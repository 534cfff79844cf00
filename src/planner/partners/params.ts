import { type Path, quote, type Refusal } from "../specs/problem.ts";
import { suggestion } from "../specs/suggest.ts";
import { type Fit, fits } from "./param-fit.ts";
import type { Mode, ParamSpec, Profile } from "./profile.ts";
import type { Known } from "./values.ts";
import { holds } from "./when.ts";

/** The parameters of one spec, held against its profile. */
export interface Params {
  /** What is known, by name: what the spec says where that is right, otherwise the default. */
  readonly values: ReadonlyMap<string, Known>;
  /** Names of `later` parameters that are needed here and that the partner has not told yet, in the profile's order. */
  readonly later: readonly string[];
  /** Names of `handoff` parameters that are needed here and missing, in the profile's order. */
  readonly forHandoff: readonly string[];
  /** What is wrong, with the path in the spec. Specs with any are refused before planning. */
  readonly refusals: readonly ParamRefusal[];
}

export interface ParamRefusal {
  readonly path: Path;
  readonly refusal: Refusal;
}

const PATH = ["partner", "params"] as const;

/** Reads `partner.params` of a spec: what it says, what the profile says instead, and what is missing. */
export function readParams(
  profile: Profile,
  partner: { readonly params?: { readonly [name: string]: unknown } },
  mode: Mode | undefined,
): Params {
  const specs = profile.spec.params ?? {};
  const written = partner.params ?? {};
  const names = Object.keys(specs);
  const refusals = Object.keys(written)
    .filter((name) => !Object.hasOwn(specs, name))
    .map((name) => unknown(name, profile, names));
  const values = new Map<string, Known>();
  const wrong = new Set<string>();
  for (const [name, spec] of Object.entries(specs)) {
    if (!Object.hasOwn(written, name)) {
      // The schema of profiles has judged the default.
      if (spec.default !== undefined) values.set(name, spec.default as Known);
      continue;
    }
    const fit = fits(written[name], spec, profile.shellParams.has(name));
    if ("value" in fit) values.set(name, fit.value);
    else {
      wrong.add(name);
      refusals.push(...misfits(name, fit, spec));
    }
  }
  const lacking = Object.entries(specs).filter(
    ([name, { when }]) => !values.has(name) && !wrong.has(name) && holds(when, { mode, params: values }),
  );
  const needed = (how: ParamSpec["needed"]) => lacking.filter(([, spec]) => spec.needed === how);
  refusals.push(...needed("always").map(([name, { obtain }]) => missing(name, obtain, profile)));
  const nameOf = ([name]: readonly [string, ParamSpec]) => name;
  return { values, later: needed("later").map(nameOf), forHandoff: needed("handoff").map(nameOf), refusals };
}

function unknown(name: string, profile: Profile, names: readonly string[]): ParamRefusal {
  const message = `the profile ${profile.name} has no parameter ${quote(name)}${suggestion(name, names)}`;
  const hint = names.length === 0 ? "it has none at all" : `it has: ${names.join(", ")}`;
  return { path: [...PATH, name], refusal: { code: "partner.param-unknown", message, hint } };
}

function missing(name: string, obtain: string, profile: Profile): ParamRefusal {
  const message = `the profile ${profile.name} needs the parameter ${quote(name)}`;
  return { path: PATH, refusal: { code: "partner.param-missing", message, hint: `${name}: ${obtain}` } };
}

function misfits(name: string, { wrong }: Extract<Fit, { wrong: unknown }>, { obtain }: ParamSpec): ParamRefusal[] {
  return wrong.map(({ index, message, hint }) => ({
    path: [...PATH, name, ...(index === undefined ? [] : [index])],
    refusal: {
      code: "partner.param-form",
      message: `${index === undefined ? name : `an entry of ${name}`} ${message}`,
      hint: hint ?? obtain,
    },
  }));
}
