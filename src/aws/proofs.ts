import type { HostedZone, ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Tags } from "../model.ts";
import { adoptedAt } from "./adoption.ts";
import { connectionOf, tagsOfMark } from "./ownership.ts";
import { plainName, plainZoneId, type Reads } from "./reads.ts";
import { markedName, markName, parseMark, txtText, valuesOf } from "./records.ts";
import { isPrivate, zonesInScope } from "./zones.ts";

/** How the address of a private DNS proof ends; alias records have marks too, with other addresses. */
const ADDRESS_END = "/service/private-dns";

/** A record with our mark beside it. */
export interface Proof {
  readonly zoneId: string;
  readonly recordName: string;
  readonly address: string;
  /** What the TXT record says, without quotes; empty when only the mark is left. */
  readonly values: readonly string[];
  /** The mark; empty while a spec adopts a record that has none. */
  readonly tags: Tags;
}

/** The marked records at these names, in the public zones that they can be in. */
export async function proofsAt(reads: Reads, recordNames: readonly string[]): Promise<Proof[]> {
  if (recordNames.length === 0) return [];
  const zones = await publicZones(reads);
  const places = recordNames.flatMap((name) =>
    zones.filter((zone) => holds(zone, name)).map((zone) => ({ zone, name })),
  );
  return (await Promise.all(places.map(({ zone, name }) => proofsIn(reads, plainZoneId(zone.Id), name)))).flat();
}

/** The marked records at one name of a zone. */
export async function proofsIn(reads: Reads, zoneId: string, recordName: string): Promise<Proof[]> {
  const names = [recordName, markName(recordName)];
  const sets = await Promise.all(names.map((name) => reads.recordsAt(zoneId, name)));
  return proofsAmong(reads, zoneId, sets.flat());
}

/** Every marked record of the public zones, or of those that could hold `recordName`. */
export async function allProofs(reads: Reads, recordName?: string): Promise<Proof[]> {
  const zones = (await publicZones(reads)).filter((zone) => recordName === undefined || holds(zone, recordName));
  const ids = zones.map(({ Id }) => plainZoneId(Id));
  return (await Promise.all(ids.map(async (id) => proofsAmong(reads, id, await reads.records(id))))).flat();
}

function proofsAmong(reads: Reads, zoneId: string, sets: readonly ResourceRecordSet[]): Proof[] {
  const txt = new Map(sets.filter(({ Type }) => Type === "TXT").map((set) => [plainName(set.Name), valuesOf(set)]));
  return [...txt].flatMap(([name, values]): Proof[] => {
    const recordName = markedName(name);
    if (recordName === undefined) return adoptedProof(reads, zoneId, name, txt);
    const marks = values.flatMap((value) => parseMark([value]) ?? []);
    return marks
      .filter(({ project, address }) => project === reads.project && isProof(reads, address))
      .map(({ address }) => ({
        zoneId,
        recordName,
        address,
        values: (txt.get(recordName) ?? []).map(txtText),
        tags: tagsOfMark({ project: reads.project, address }),
      }));
  });
}

/** A TXT record without any mark beside it that a spec adopts as a proof. */
function adoptedProof(
  reads: Reads,
  zoneId: string,
  recordName: string,
  txt: ReadonlyMap<string, readonly string[]>,
): Proof[] {
  const address = adoptedAt(reads, `${zoneId}/${recordName}`);
  if (address === undefined || !isProof(reads, address) || parseMark(txt.get(markName(recordName)) ?? [])) return [];
  return [{ zoneId, recordName, address, values: (txt.get(recordName) ?? []).map(txtText), tags: {} }];
}

const isProof = ({ wanted }: Reads, address: string): boolean =>
  address.endsWith(ADDRESS_END) && (wanted.connections?.includes(connectionOf(address)) ?? true);

const publicZones = async (reads: Reads): Promise<HostedZone[]> =>
  (await zonesInScope(reads)).filter((zone) => !isPrivate(zone));

const holds = ({ Name }: HostedZone, recordName: string): boolean => `.${recordName}`.endsWith(`.${plainName(Name)}`);
