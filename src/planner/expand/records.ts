import { recordAddress } from "../addresses.ts";
import { asSet } from "../collections.ts";
import type { ConnectionDocument } from "../selectors/resolved-specs.ts";
import { targetOfRecord } from "../wanted-dns.ts";
import { zonedAddress, zoneServes } from "./alias.ts";
import { type Context, desire, type Expansion, recordTags } from "./context.ts";

/** The CNAME and TXT records that a connection wants in zones that exist. */
export function expandRecords(context: Context, document: ConnectionDocument, into: Expansion): void {
  const { metadata, records = [] } = document.spec;
  records.forEach((record, index) => {
    const { zone, type, values, ttl = 300 } = record;
    const name = record.name.toLowerCase();
    const path = ["records", index];
    const target = targetOfRecord(document.spec, record);
    if (!zoneServes(context, document, { name, zone, target }, path, into)) return;
    const alike = records.filter((one) => one.type === type && one.name.toLowerCase() === name);
    const address = zonedAddress(
      context,
      recordAddress(metadata.name, name, type),
      zone,
      alike.map((one) => one.zone),
    );
    into.desired.push(
      desire(document, path, {
        kind: "value-record",
        address,
        target,
        attributes: {
          zoneId: zone,
          name,
          type,
          values: asSet(type === "CNAME" ? values.map((value) => value.toLowerCase()) : values),
          ttlSeconds: ttl,
          tags: recordTags(context, address),
        },
      }),
    );
  });
}
