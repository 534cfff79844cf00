import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { plainName } from "./reads.ts";
import { type Mark, markedName, markName, parseMark, valuesOf } from "./records.ts";

/** What stands at one name of a zone. */
export interface Place {
  readonly zoneId: string;
  readonly name: string;
  /** A, AAAA and CNAME sets. */
  readonly records: readonly ResourceRecordSet[];
  /** The TXT set that may hold marks, beside values of others; or none. */
  readonly markSets: readonly ResourceRecordSet[];
  readonly mark: Mark | undefined;
}

/** What an alias cannot stand beside. */
const OCCUPYING: readonly (string | undefined)[] = ["A", "AAAA", "CNAME"];

/** Whether the place carries the mark of this resource. */
export const isMarked = ({ mark }: Place, { project, address }: Mark): boolean =>
  mark?.project === project && mark.address === address;

/** Whether neither a record nor anybody's mark stands there. */
export const isFree = ({ mark, records }: Place): boolean => !mark && records.length === 0;

/** The place of one name, by two look-ups. */
export async function readPlace(
  zoneId: string,
  name: string,
  read: (zoneId: string, name: string) => Promise<ResourceRecordSet[]>,
): Promise<Place> {
  const [records, marks] = await Promise.all([read(zoneId, name), read(zoneId, markName(name))]);
  return toPlace(zoneId, name, [...records, ...marks]);
}

/** The places of all names of a zone. */
export function placesOf(zoneId: string, sets: readonly ResourceRecordSet[]): Place[] {
  const byName = new Map<string, ResourceRecordSet[]>();
  for (const set of sets) {
    const name = plainName(set.Name);
    const key = (set.Type === "TXT" && markedName(name)) || name;
    byName.set(key, [...(byName.get(key) ?? []), set]);
  }
  return [...byName].map(([name, itsSets]) => toPlace(zoneId, name, itsSets));
}

function toPlace(zoneId: string, name: string, sets: readonly ResourceRecordSet[]): Place {
  const markSets = sets.filter((set) => set.Type === "TXT" && plainName(set.Name) === markName(name));
  return {
    zoneId,
    name,
    records: sets.filter((set) => OCCUPYING.includes(set.Type) && plainName(set.Name) === name),
    markSets,
    mark: parseMark(markSets.flatMap(valuesOf)),
  };
}
