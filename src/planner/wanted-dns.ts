import type { Wanted, WantedZone } from "../model.ts";
import { endpointAddress, hostedZoneAddress } from "./addresses.ts";
import { type Rename, withFormer } from "./renames/index.ts";
import { zoneChoice } from "./selectors/choices.ts";
import { type Place, wantVpc, wantZone } from "./selectors/wanted.ts";
import type { ConnectionSpec, HostedZoneVpcSpec } from "./specs/connection.generated.ts";
import type { ConnectionDocument, ProjectDocument } from "./specs/index.ts";

/** The lists of one target that names are put on. */
type Lists = Place & { hostedZones?: Wanted["hostedZones"]; valueRecords?: Wanted["valueRecords"] };

/** The target whose account owns the zone of a record: said, or that of the service, or of the first endpoint. */
export const targetOfRecord = (
  { service, endpoints = [] }: Pick<ConnectionSpec, "service"> & { readonly endpoints?: readonly { target: string }[] },
  { target }: { readonly target?: string },
): string => target ?? service?.target ?? endpoints[0]?.target ?? "";

/** The CNAME and TXT records of a connection, by the zones that they are in. */
export function wantRecords({ spec }: Pick<ConnectionDocument, "spec">, at: (target: string) => Lists): void {
  for (const record of spec.records ?? []) {
    const lists = at(targetOfRecord(spec, record));
    const [zone, name] = [zoneChoice(record.zone), record.name.toLowerCase()];
    if (!("id" in zone)) {
      lists.selectors.zones.push(zone);
      lists.selectors.records.push({ zone, name, type: record.type });
      continue;
    }
    wantZone(lists, zone);
    lists.valueRecords = [...(lists.valueRecords ?? []), { zoneId: zone.id, name, type: record.type }];
  }
}

/** A VPC as `hosted-zone.vpcs` holds it. */
export const vpcText = ({ spec }: ProjectDocument, target: string, vpcId: string): string =>
  `${spec.targets[target]?.region ?? ""}/${vpcId}`;

/** Whether a VPC lies in another account than a zone, so that two accounts have to agree. */
export const isGuest = ({ spec }: ProjectDocument, zoneTarget: string, { target = zoneTarget }: HostedZoneVpcSpec) =>
  spec.targets[target]?.account !== spec.targets[zoneTarget]?.account;

/** The private zones of a connection. What a rename has not reached yet carries its old address. */
export function wantHostedZones(
  project: ProjectDocument,
  { spec }: Pick<ConnectionDocument, "spec">,
  at: (target: string) => Lists,
  renames: readonly Rename[],
): void {
  for (const { name: endpoint, target, vpc, hostedZone } of spec.endpoints ?? []) {
    if (typeof hostedZone !== "object") continue;
    const { name, vpcs = [] } = hostedZone;
    const guests = vpcs.filter((one) => isGuest(project, target, one));
    const address = hostedZoneAddress(endpointAddress(spec.metadata.name, endpoint));
    const wanted = withFormer(address, renames).map(
      (one): WantedZone => ({
        address: one,
        name,
        guests: guests.map((guest) => vpcText(project, guest.target ?? target, guest.vpc)).sort(),
      }),
    );
    const lists = at(target);
    lists.hostedZones = [...(lists.hostedZones ?? []), ...wanted];
    // What else the VPC knows by this domain stands in the zone's way.
    wantVpc(lists, vpc, true);
    for (const { target: elsewhere } of guests) if (elsewhere !== undefined) at(elsewhere);
  }
}

/** Zones belong to accounts: what a spec wants of them is true in every target of the account. */
export function shareZones(project: ProjectDocument, wanted: ReadonlyMap<string, Lists>): void {
  const account = (target: string) => project.spec.targets[target]?.account;
  const all = [...wanted].flatMap(([target, { hostedZones = [] }]) => hostedZones.map((zone) => ({ target, zone })));
  for (const [target, lists] of wanted) {
    const zones = all.filter((one) => account(one.target) === account(target)).map(({ zone }) => zone);
    if (zones.length > 0)
      lists.hostedZones = [...new Map(zones.map((zone) => [zone.address, zone])).values()].sort((a, b) =>
        a.address < b.address ? -1 : 1,
      );
  }
}
