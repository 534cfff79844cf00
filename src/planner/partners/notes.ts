import type { Finding } from "../../model.ts";
import { valuesOf } from "./context.ts";
import { modeOf } from "./mode.ts";
import { readParams } from "./params.ts";
import { rolesOf } from "./profile.ts";
import { render } from "./render.ts";
import type { Situation } from "./stage.ts";
import { holds } from "./when.ts";

/**
 * What a reviewer should know of the partner (limits, cost, security), said while the plan changes something: somebody reads it then. One whose
 * values are not known yet is said once they are.
 */
export function noteFindings({ project, document, profile, cloud, changes }: Situation): Finding[] {
  const { spec } = document;
  const mode = modeOf(spec, profile);
  if (changes.length === 0 || mode === undefined || !spec.partner) return [];
  const circumstances = { mode, params: readParams(profile, spec.partner, mode).values };
  const notes = rolesOf(mode).flatMap((role) =>
    (profile.spec[role]?.notes ?? []).filter(({ when }) => holds(when, circumstances)).map((note) => ({ role, note })),
  );
  return notes.flatMap(({ role, note: { text, source } }): Finding[] => {
    const rendered = render(profile, text, valuesOf({ project, document, profile, cloud, role }));
    if (!("text" in rendered)) return [];
    return [
      {
        id: "partner.note",
        severity: "info",
        connection: spec.metadata.name,
        message: `${rendered.text.trim()} (${profile.name}, source: ${source})`,
        at: document.at(["partner", "profile"]),
      },
    ];
  });
}
