import type { Problem } from "../../specs/problem.ts";
import { reporter, type Shaped } from "../../specs/shape.ts";
import { nameComplaints } from "../names.ts";
import type { Profile } from "../profile.ts";
import { checkChecks } from "./checks.ts";
import { checkParams } from "./params.ts";
import { checkPatterns } from "./patterns.ts";
import { placeWithin } from "./place.ts";
import { checkRoles } from "./roles.ts";
import { checkSources } from "./sources.ts";
import { checkTables } from "./tables.ts";
import { textsOf } from "./texts.ts";

/** Whether a profile that fits the schema makes sense: whatever it names exists, whatever it writes can be filled in. */
export function checkSoundness(
  profile: Profile,
  { at, keyAt }: Pick<Shaped, "at" | "keyAt">,
  source: string,
  problems: Problem[],
): void {
  const { spec } = profile;
  const report = reporter({ at }, problems);
  checkSources(spec, report);
  checkParams(spec, report);
  checkPatterns(spec, report);
  checkTables(spec, report);
  checkRoles(spec, report);
  checkChecks(spec, report, reporter({ at: keyAt }, problems));
  checkTexts(profile, source, problems);
}

/** Every template parses and names only what there is; what is wrong is pointed at within its text. */
function checkTexts(profile: Profile, source: string, problems: Problem[]): void {
  const lines = source.split("\n");
  for (const { path, text, form, scope } of textsOf(profile.spec)) {
    const template = profile.template(text, form);
    for (const { offset, message } of [...template.complaints, ...nameComplaints(template, profile.spec, scope)]) {
      problems.push({ code: "profile.template", message, at: placeWithin(lines, profile.at(path), text, offset) });
    }
  }
}
