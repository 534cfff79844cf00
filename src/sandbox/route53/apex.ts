import { hexOf } from "../ids.ts";
import type { RecordSet } from "../world.ts";

const suffixes = ["com", "net", "org", "co.uk"];

/** The four name servers of a zone, without trailing dots. All private zones show the same ones, which nobody outside can ask. */
export function nameServers(zoneId: string, isPrivate: boolean): string[] {
  return suffixes.map((suffix, index) => {
    const number = isPrivate ? 0 : Number.parseInt(hexOf(`${zoneId}/${suffix}`, 4), 16) % 512;
    const block = String(isPrivate ? 0 : number % 64).padStart(2, "0");
    return `ns-${index * 512 + number}.awsdns-${block}.${suffix}`;
  });
}

/** The NS and SOA records that Route 53 puts at the top of each new zone. */
export function apexRecords(zoneId: string, name: string, isPrivate: boolean): RecordSet[] {
  const servers = nameServers(zoneId, isPrivate).map((server) => `${server}.`);
  const soa = `${servers[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [
    { name, type: "NS", ttl: 172_800, values: servers },
    { name, type: "SOA", ttl: 900, values: [soa] },
  ];
}

/** Whether the record is one of those two, which cannot be deleted. */
export function isApex(record: RecordSet, zoneName: string): boolean {
  return record.name === zoneName && (record.type === "NS" || record.type === "SOA");
}
