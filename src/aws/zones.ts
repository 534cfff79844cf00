import type { HostedZone } from "@aws-sdk/client-route-53";
import type { ZoneChoice } from "../model.ts";
import { plainName, plainZoneId, type Reads } from "./reads.ts";

/**
 * The hosted zones that matter: all of the account, or under `--only` those that the specs name by id. One that is named by its domain can
 * only be found among all.
 */
export async function zonesInScope(reads: Reads): Promise<HostedZone[]> {
  const { connections, zoneIds, selectors } = reads.wanted;
  if (!connections || selectors?.zones.length) return reads.hostedZones();
  const zones = await Promise.all(zoneIds.map((id) => reads.hostedZone(id)));
  return zones.filter((zone) => zone !== undefined);
}

export const isPrivate = ({ Config }: HostedZone): boolean => Config?.PrivateZone ?? false;

/** The scope with the records in zones that specs name by their domain; kinds know zones by id only. */
export async function withZoneIds(reads: Reads): Promise<Reads> {
  const { wanted } = reads;
  if (!wanted.selectors?.records.length) return reads;
  const zones = await reads.hostedZones();
  const found = wanted.selectors.records.flatMap(({ zone, name, type }) =>
    zones.filter((one) => isMeant(one, zone)).map(({ Id }) => ({ zoneId: plainZoneId(Id), name, type })),
  );
  const records = found.flatMap(({ zoneId, name, type }) => (type === undefined ? [{ zoneId, name }] : []));
  const values = found.flatMap(({ type, ...one }) => (type === undefined ? [] : [{ ...one, type }]));
  return {
    ...reads,
    wanted: {
      ...wanted,
      records: [...wanted.records, ...records],
      ...(values.length > 0 ? { valueRecords: [...(wanted.valueRecords ?? []), ...values] } : {}),
    },
  };
}

const isMeant = (zone: HostedZone, choice: ZoneChoice): boolean =>
  plainName(zone.Name) === choice.name && (choice.private ?? isPrivate(zone)) === isPrivate(zone);
