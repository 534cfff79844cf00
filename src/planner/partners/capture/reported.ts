import { type Mode, type Profile, rolesOf } from "../profile.ts";
import { type Reported, reportedState } from "../states.ts";
import { type Paste, type PasteRecord, REDACTED } from "./paste.ts";

/** The partner's words for a state that stand in a paste: one for each object that it shows; those that mean the same only once. */
export function statesIn(paste: Paste, profile: Profile, mode: Mode | undefined, on: string): Reported[] {
  const found = paste.records.flatMap((record) => stateOf(record, profile, mode, on) ?? []);
  const same = (a: Reported, b: Reported): boolean => a.role === b.role && a.is === b.is;
  return found.filter((one, index) => found.findIndex((other) => same(one, other)) === index);
}

/** Sentences of tools are shorter; what is longer is not the word itself. */
const LONGEST = 500;
/** What is longer is not taken as a whole where a part of it says the same. */
const LONG = 120;

function stateOf({ texts }: PasteRecord, profile: Profile, mode: Mode | undefined, on: string): Reported | undefined {
  for (const role of mode === undefined ? [] : rolesOf(mode)) {
    for (const { match } of profile.spec[role]?.states ?? []) {
      const pattern = new RegExp(match, "u");
      for (const text of texts) {
        const word = wordOf(pattern.exec(text)?.[0], text, (state) => reportedState(profile, mode, { state, on }).is);
        if (word !== undefined) return reportedState(profile, mode, { state: word, on });
      }
    }
  }
  return undefined;
}

/** The text, or the part of it that matched where that means the same by itself. */
function wordOf(matched: string | undefined, text: string, meaning: (state: string) => unknown): string | undefined {
  if (matched === undefined) return undefined;
  const short = text.length > LONG && meaning(matched.trim()) === meaning(text) ? matched.trim() : text;
  return short === "" || short.length > LONGEST || short.includes(REDACTED) ? undefined : short;
}
