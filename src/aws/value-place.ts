import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { textMarkOf } from "./hosted-zones.ts";
import { plainName } from "./reads.ts";
import { type Mark, markedName, markName, parseMark, valuesOf } from "./records.ts";

/** The place of one CNAME or TXT record. */
export interface ValuePlace {
  readonly zoneId: string;
  readonly name: string;
  /** `CNAME` or `TXT`. */
  readonly type: string;
  /** The sets of that type; several only where somebody has made weighted or otherwise chosen ones. */
  readonly sets: readonly ResourceRecordSet[];
  /** What DNS lets nothing of that type stand beside. */
  readonly others: readonly ResourceRecordSet[];
  /** The TXT set that may hold marks, beside values of others; or none. */
  readonly markSets: readonly ResourceRecordSet[];
  readonly mark: Mark | undefined;
  /** The marks of address records and CNAMEs of this name, whichever kind they are of. */
  readonly owners: readonly Mark[];
}

/** An address with this in it is that of a CNAME or TXT record. */
const SEGMENT = "record";

/** Whether a mark is that of a record of this type: its address ends with the type. */
const isOfType = ({ address }: Mark, type: string): boolean => {
  const parts = address.replace(/@[^/]*$/, "").split("/");
  return parts.includes(SEGMENT) && parts.at(-1) === type.toLowerCase();
};

/** Where the mark of a record lies. */
export const valueMarkName = (name: string, type: string): string => markName(type === "TXT" ? textMarkOf(name) : name);

/** Whether neither a record that could not stand beside nor anybody's mark is there. */
export const isFreeForValues = ({ mark, sets, others }: ValuePlace): boolean =>
  !mark && sets.length === 0 && others.length === 0;

/** The project that the record, or what stands in its way, belongs to; undefined when it bears no mark. */
export const projectOf = ({ mark, owners }: ValuePlace): string | undefined => mark?.project ?? owners[0]?.project;

type At = Pick<ValuePlace, "zoneId" | "name" | "type">;

/** The place of one record, by a look-up of each name. */
export async function readValuePlace(
  at: At,
  read: (zoneId: string, name: string) => Promise<ResourceRecordSet[]>,
): Promise<ValuePlace> {
  const sets = await Promise.all(namesOf(at).map((name) => read(at.zoneId, name)));
  return valuePlaceIn(at, sets.flat());
}

/** The place of one record among the sets of a zone. */
export const valuePlaceIn = (at: At, sets: readonly ResourceRecordSet[]): ValuePlace => toPlace(at, byNameOf(sets));

/** The places of all names of a zone: whatever holds a CNAME or TXT record, bears the mark of one, or could not stand beside one. */
export function valuePlacesOf(zoneId: string, sets: readonly ResourceRecordSet[]): ValuePlace[] {
  const byName = byNameOf(sets);
  const names = [...byName.keys()].map((name) => (markedName(name) ?? name).replace(TEXT, ""));
  return [...new Set(names)].flatMap((name) =>
    ["CNAME", "TXT"].map((type) => toPlace({ zoneId, name, type }, byName)).filter((place) => !isFreeForValues(place)),
  );
}

const TEXT = /^_txt\./;

const namesOf = ({ name, type }: At): string[] => [...new Set([name, markName(name), valueMarkName(name, type)])];

function byNameOf(sets: readonly ResourceRecordSet[]): Map<string, ResourceRecordSet[]> {
  const byName = new Map<string, ResourceRecordSet[]>();
  for (const set of sets) byName.set(plainName(set.Name), [...(byName.get(plainName(set.Name)) ?? []), set]);
  return byName;
}

function toPlace({ zoneId, name, type }: At, byName: ReadonlyMap<string, readonly ResourceRecordSet[]>): ValuePlace {
  const here = byName.get(name) ?? [];
  const textsAt = (at: string) => (byName.get(at) ?? []).filter(({ Type }) => Type === "TXT");
  const marksIn = (texts: readonly ResourceRecordSet[]) =>
    texts.flatMap(valuesOf).flatMap((value) => parseMark([value]) ?? []);
  const markSets = textsAt(valueMarkName(name, type));
  return {
    zoneId,
    name,
    type,
    sets: here.filter(({ Type }) => Type === type),
    others: here.filter(({ Type = "" }) => Type !== type && (type === "CNAME" || Type === "CNAME")),
    markSets,
    mark: marksIn(markSets).find((mark) => isOfType(mark, type)),
    owners: marksIn(textsAt(markName(name))),
  };
}
