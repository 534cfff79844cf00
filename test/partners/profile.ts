import { readFileSync } from "node:fs";
import { loadProfiles } from "../../src/planner/partners/load.ts";
import type { Mode, Profile } from "../../src/planner/partners/profile.ts";
import { type Reported, reportedState } from "../../src/planner/partners/states.ts";

const HOME = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, HOME), "utf8");

/** A profile that comes with Landline; throws when it is not sound. */
export function shippedProfile(name: string): Profile {
  const path = `partners/${name}.yaml`;
  const partner = JSON.parse(read("schema/partner.v1.schema.json"));
  const profile = loadProfiles({ shipped: [{ path, text: read(path) }], own: [] }, { partner }).profiles.get(name);
  if (!profile) throw new Error(`${path} holds no profile ${name}`);
  return profile;
}

/** What a word of the partner means. */
export const meaning = (name: string, mode: Mode, state: string): Reported =>
  reportedState(shippedProfile(name), mode, { state, on: "2026-11-20" });

/** What the profile's hand-offs take from a partner's answer: `accept vpce-...`, `params.x value`. */
export function taken(name: string, text: string): string[] {
  const { provider, consumer, handoffs = [] } = shippedProfile(name).spec;
  const all = [...(provider?.handoffs ?? []), ...(consumer?.handoffs ?? []), ...handoffs];
  return all
    .flatMap(({ captures = [] }) => captures)
    .flatMap(({ pattern, into }) => {
      const found = new RegExp(pattern, "u").exec(text)?.[1];
      return found === undefined ? [] : [`${into} ${found}`];
    });
}
