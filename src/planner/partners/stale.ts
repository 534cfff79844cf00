import type { Finding } from "../../model.ts";
import { dayNumber } from "../dates.ts";
import type { ConnectionDocument } from "../specs/documents.ts";
import type { Profile, Profiles } from "./profile.ts";

/** After so many days facts of a partner may well have changed. */
const DAYS = 365;

/** What the connections with a partner rest on, when nobody has looked at it for more than a year. `now` is ISO 8601. */
export function staleFindings(
  connections: readonly Pick<ConnectionDocument, "spec" | "at">[],
  profiles: Profiles,
  now: string,
): Finding[] {
  return connections.flatMap(({ spec, at }): Finding[] => {
    const profile = spec.partner && profiles.get(spec.partner.profile);
    const days = profile ? dayNumber(now) - dayNumber(profile.spec.metadata.checkedOn) : 0;
    if (!profile || days <= DAYS) return [];
    return [
      {
        id: "partner.stale",
        severity: "warning",
        connection: spec.metadata.name,
        message: `the facts of the partner profile ${profile.name} were checked on ${profile.spec.metadata.checkedOn}, ${days} days ago: ${remedy(profile)}`,
        at: at(["partner", "profile"]),
      },
    ];
  });
}

function remedy({ origin, spec, file }: Profile): string {
  const urls = spec.metadata.sources.map(({ url }) => url).join(", ");
  return origin === "project"
    ? `compare it with its sources (${urls}) and set checkedOn in ${file}`
    : `a newer Landline may have newer ones; until then compare with ${urls}`;
}
