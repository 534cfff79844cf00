import { readdirSync, readFileSync } from "node:fs";
import { loadProfiles } from "../../../src/planner/partners/load.ts";
import type { Profile, Profiles } from "../../../src/planner/partners/profile.ts";

/** Invented profiles for tests: `acme-cloud` has one of everything, `acme-lattice` is unsupported, `acme-stream` is old and only lets us consume. */
const FOLDER = new URL("profiles/", import.meta.url);

const schema = new URL("../../../schema/partner.v1.schema.json", import.meta.url);
export const schemas = { partner: JSON.parse(readFileSync(schema, "utf8")) };

/** The profile files as a project's own. */
export const profileFiles = readdirSync(FOLDER)
  .sort()
  .map((name) => ({ path: `partners/${name}`, text: readFileSync(new URL(name, FOLDER), "utf8") }));

const loaded = loadProfiles({ shipped: [], own: profileFiles }, schemas);
if (loaded.problems.length > 0) throw new Error(`bad profile in a test: ${JSON.stringify(loaded.problems, null, 1)}`);

export const profiles: Profiles = loaded.profiles;

export function profile(name: string): Profile {
  const found = profiles.get(name);
  if (!found) throw new Error(`no profile ${name} in a test`);
  return found;
}

/** A profile from its text. */
export function profileFrom(text: string): Profile {
  const { profiles: read, problems } = loadProfiles({ shipped: [], own: [{ path: "partners/p.yaml", text }] }, schemas);
  const only = [...read.keys()].map((name) => read.get(name))[0];
  if (!only) throw new Error(`bad profile in a test: ${JSON.stringify(problems, null, 1)}`);
  return only;
}
