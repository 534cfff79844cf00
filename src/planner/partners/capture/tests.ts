import { type Mode, type Profile, rolesOf } from "../profile.ts";
import { render } from "../render.ts";
import type { Values } from "../values.ts";
import type { Paste } from "./paste.ts";

/** The output of one of the profile's tests. */
export interface TestVerdict {
  readonly verdict: "good" | "bad";
  /** The command, as far as the spec tells its values; otherwise as the profile has it. */
  readonly test: string;
}

/** Reads the outputs of the profile's tests in a paste. One sign that it went wrong outweighs all that went well. */
export function testsIn(paste: Paste, profile: Profile, mode: Mode | undefined, values: Values): TestVerdict[] {
  const tests = (mode === undefined ? [] : rolesOf(mode)).flatMap((role) => profile.spec[role]?.verify ?? []);
  const says = (pattern: string | undefined): boolean =>
    pattern !== undefined &&
    [paste.text, ...paste.records.flatMap(({ texts }) => texts)].some((text) => new RegExp(pattern, "mu").test(text));
  const read = tests.flatMap(({ run, good, bad }): TestVerdict[] => {
    const rendered = render(profile, run, values, "shell");
    const test = ("text" in rendered ? rendered.text : run).trim();
    if (says(bad)) return [{ verdict: "bad", test }];
    return says(good) ? [{ verdict: "good", test }] : [];
  });
  return [...new Map(read.map((one) => [JSON.stringify(one), one])).values()];
}
