import type { Finding } from "../../model.ts";
import type { Stage } from "./stage.ts";

const SHOWN = 8;

/** AWS deletes no zone that holds records, and those of others are not ours to delete: the deletion is refused, with their names and the way on. */
export const keepWithStrangers: Stage = (staged, { cloud }) => {
  const findings = staged.drafts.flatMap(({ kind, action, live, connection, address, desired }): Finding[] => {
    if (kind !== "hosted-zone" || action !== "delete" || !live) return [];
    const zone = cloud.target(live.target)?.zones.find(({ id }) => id === live.id);
    const strangers = zone?.strangers ?? [];
    if (strangers.length === 0) return [];
    const more = strangers.length > SHOWN ? ` and ${strangers.length - SHOWN} more` : "";
    const message = `the private hosted zone ${live.id} (${String(live.attributes.name)}) is not deleted: it holds ${strangers.length === 1 ? "a record that is" : `${strangers.length} records that are`} not ours, ${strangers.slice(0, SHOWN).join(", ")}${more}. Remove them or move them elsewhere, and plan again; or bring the zone back into the spec`;
    return [
      {
        id: "hosted-zone.occupied",
        severity: "error",
        connection,
        address,
        message,
        ...(desired ? { at: desired.at } : {}),
      },
    ];
  });
  return findings.length === 0 ? staged : { ...staged, findings: [...staged.findings, ...findings] };
};
