import type { ServiceConfiguration } from "@aws-sdk/client-ec2";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { plainName, plainZoneId, type Reads } from "../aws/reads.ts";
import { placesOf } from "../aws/record-place.ts";
import { txtText, valuesOf } from "../aws/records.ts";
import { proofRequestOf } from "../aws/services.ts";
import type { LeftOut } from "../model.ts";

/** The names that AWS gives to endpoints. */
const ENDPOINT_NAME = /^vpce-(?!svc-).*\.vpce\.amazonaws\.com(\.cn)?$/;

interface Aliases {
  readonly places: readonly { readonly zoneId: string; readonly name: string }[];
  readonly left: readonly LeftOut[];
}

/**
 * The names in the account's zones that lead to one of these endpoints, whosever account it is in; those that no spec can say are left out.
 */
export async function aliasesOfEndpoints(reads: Reads, ids: readonly string[] | "all"): Promise<Aliases> {
  const isAsked = (name: string) => ids === "all" || ids.some((id) => name.startsWith(`${id}-`));
  if (ids !== "all" && ids.every((id) => id.startsWith("vpce-svc-"))) return { places: [], left: [] };
  const zones = (await reads.hostedZones()).map(({ Id }) => plainZoneId(Id));
  const places = (await Promise.all(zones.map(async (id) => placesOf(id, await reads.records(id))))).flat();
  const leading = places.flatMap(({ zoneId, name, records, mark }) => {
    const target = records.map(targetOf).find((text) => ENDPOINT_NAME.test(text) && isAsked(text));
    if (target === undefined || mark) return [];
    const why = whyNot(records);
    return [{ zoneId, name, why: why && `${why} and leads to ${target}` }];
  });
  return {
    places: leading.flatMap(({ zoneId, name, why }) => (why === undefined ? [{ zoneId, name }] : [])),
    left: leading.flatMap(({ zoneId, name, why }) => (why === undefined ? [] : [{ id: `${zoneId}/${name}`, why }])),
  };
}

const targetOf = (set: ResourceRecordSet): string =>
  plainName(set.AliasTarget ? set.AliasTarget.DNSName : valuesOf(set)[0]);

function whyNot(records: readonly ResourceRecordSet[]): string | undefined {
  const [cname, chosen] = [
    records.find(({ Type }) => Type === "CNAME"),
    records.find(({ SetIdentifier }) => SetIdentifier),
  ];
  if (cname)
    return "it is a CNAME record, which import leaves to you (say it under records or hostedZone, and adopt it),";
  return chosen
    ? `it is one of several records of its name (${chosen.SetIdentifier}), which a spec cannot say,`
    : undefined;
}

interface ProofPlace {
  readonly serviceId: string;
  readonly zoneId: string;
  readonly recordName: string;
}

/** Where the account's public zones prove the private DNS names of services. */
export async function proofsOfServices(
  reads: Reads,
  services: readonly ServiceConfiguration[],
): Promise<readonly ProofPlace[]> {
  const requests = services.flatMap((service) => {
    const proof = proofRequestOf(service);
    return proof ? [{ serviceId: service.ServiceId ?? "", proof }] : [];
  });
  if (requests.length === 0) return [];
  const zones = (await reads.hostedZones()).filter(({ Config }) => !Config?.PrivateZone);
  const found = requests.flatMap(({ serviceId, proof: { recordName, recordValue } }) =>
    zones
      .filter(({ Name }) => `.${recordName}`.endsWith(`.${plainName(Name)}`))
      .map(async ({ Id }): Promise<ProofPlace[]> => {
        const zoneId = plainZoneId(Id);
        const sets = await reads.recordsAt(zoneId, recordName);
        const values = sets.filter(({ Type }) => Type === "TXT").flatMap(valuesOf);
        return values.some((value) => txtText(value) === recordValue) ? [{ serviceId, zoneId, recordName }] : [];
      }),
  );
  return (await Promise.all(found)).flat();
}
