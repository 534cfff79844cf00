import * as r53 from "@aws-sdk/client-route-53";
import type { Tags } from "../../model.ts";
import type { Aws } from "../aws.ts";
import { absentOn } from "../errors.ts";
import { markedName } from "../records.ts";
import { all, type Door, inChunks } from "./lists.ts";
import { plainName, plainTags } from "./plain.ts";

/** AWS tells the tags of so many zones in one answer. */
const ZONES_A_CALL = 10;

/** What is read of Route 53. */
export interface DnsReads {
  hostedZones(): Promise<r53.HostedZone[]>;
  hostedZone(id: string): Promise<r53.HostedZone | undefined>;
  /** The VPCs in which a private zone of the account resolves; undefined when there is no such zone. */
  hostedZoneVpcs(id: string): Promise<r53.VPC[] | undefined>;
  /** The tags of zones of the account, by id. */
  hostedZoneTags(ids: readonly string[]): Promise<ReadonlyMap<string, Tags>>;
  /** The VPCs whose owners may associate them with a zone of the account. */
  zoneAuthorizations(id: string): Promise<r53.VPC[]>;
  /** The private zones, of whatever account, that a VPC of the target's Region is associated with. */
  hostedZonesOfVpc(vpcId: string): Promise<r53.HostedZoneSummary[]>;
  /** Every record set of a zone. */
  records(zoneId: string): Promise<r53.ResourceRecordSet[]>;
  /** The record sets of one name. */
  recordsAt(zoneId: string, name: string): Promise<r53.ResourceRecordSet[]>;
}

export function dnsReads(aws: Aws, { once, limit }: Door): DnsReads {
  const zone = (Id: string) =>
    once(`zone ${Id}`, () =>
      absentOn(["NoSuchHostedZone"], () => limit(() => aws.route53.send(new r53.GetHostedZoneCommand({ Id })))),
    );
  return {
    hostedZones: () =>
      once("zones", () =>
        limit(() => all(r53.paginateListHostedZones({ client: aws.route53 }, {}), (page) => page.HostedZones)),
      ),
    hostedZone: async (id) => (await zone(id))?.HostedZone,
    hostedZoneVpcs: async (id) => {
      const found = await zone(id);
      return found && (found.VPCs ?? []);
    },
    hostedZoneTags: (ids) =>
      once(`tags of ${[...ids].sort().join(" ")}`, () =>
        inChunks(ids, ZONES_A_CALL, (chunk) => limit(() => tagsOfZones(aws, chunk))).then((sets) => new Map(sets)),
      ),
    zoneAuthorizations: (id) =>
      inZone(() => once(`authorizations of ${id}`, () => limit(() => authorizationsOf(aws, id)))),
    hostedZonesOfVpc: (vpcId) => once(`zones of ${vpcId}`, () => limit(() => hostedZonesOfVpc(aws, vpcId))),
    records: (zoneId) => once(`records ${zoneId}`, () => inZone(() => limit(() => allRecords(aws, zoneId)))),
    recordsAt: (zoneId, name) =>
      inZone(async () => {
        const from = (start: string) =>
          once(`records ${zoneId} ${start}`, () => limit(() => recordsFrom(aws, zoneId, start)));
        // Route 53 lists what lies below a name right behind it: the mark of a record mostly comes with the record.
        const beside = markedName(name);
        const found = beside === undefined ? undefined : wholeSets(await from(beside), name);
        return found ?? setsAt(await from(name), name);
      }),
  };
}

/** A zone that does not exist holds no records. */
const inZone = async <T>(read: () => Promise<T[]>): Promise<T[]> => (await absentOn(["NoSuchHostedZone"], read)) ?? [];

/** One zone that has been deleted meanwhile refuses the answer for all, so then each is asked about alone. */
async function tagsOfZones(aws: Aws, ResourceIds: string[]): Promise<[string, Tags][]> {
  const ask = new r53.ListTagsForResourcesCommand({ ResourceType: "hostedzone", ResourceIds });
  const found = await absentOn(["NoSuchHostedZone"], () => aws.route53.send(ask));
  if (!found && ResourceIds.length > 1)
    return (await Promise.all(ResourceIds.map((id) => tagsOfZones(aws, [id])))).flat();
  return (found?.ResourceTagSets ?? []).map(({ ResourceId = "", Tags }) => [ResourceId, plainTags(Tags)]);
}

/** The SDK has no paginator for ListVPCAssociationAuthorizations. */
async function authorizationsOf(aws: Aws, HostedZoneId: string): Promise<r53.VPC[]> {
  const found: r53.VPC[] = [];
  let NextToken: string | undefined;
  do {
    const page: r53.ListVPCAssociationAuthorizationsCommandOutput = await aws.route53.send(
      new r53.ListVPCAssociationAuthorizationsCommand({ HostedZoneId, ...(NextToken ? { NextToken } : {}) }),
    );
    found.push(...(page.VPCs ?? []));
    NextToken = page.NextToken || undefined;
  } while (NextToken);
  return found;
}

/** Nor one for ListHostedZonesByVPC. */
async function hostedZonesOfVpc(aws: Aws, VPCId: string): Promise<r53.HostedZoneSummary[]> {
  const VPCRegion = (await aws.ec2.config.region()) as r53.VPCRegion;
  const found: r53.HostedZoneSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page: r53.ListHostedZonesByVPCCommandOutput = await aws.route53.send(
      new r53.ListHostedZonesByVPCCommand({ VPCId, VPCRegion, ...(NextToken ? { NextToken } : {}) }),
    );
    found.push(...(page.HostedZoneSummaries ?? []));
    NextToken = page.NextToken || undefined;
  } while (NextToken);
  return found;
}

/** Every record set of a zone, past the memory of `Reads`. The SDK has no paginator for it either. */
export async function allRecords(aws: Aws, HostedZoneId: string): Promise<r53.ResourceRecordSet[]> {
  const found: r53.ResourceRecordSet[] = [];
  let start: Partial<r53.ListResourceRecordSetsCommandInput> | undefined = {};
  while (start) {
    const page: r53.ListResourceRecordSetsCommandOutput = await aws.route53.send(
      new r53.ListResourceRecordSetsCommand({ HostedZoneId, ...start }),
    );
    found.push(...(page.ResourceRecordSets ?? []));
    start = page.IsTruncated
      ? {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          ...(page.NextRecordIdentifier ? { StartRecordIdentifier: page.NextRecordIdentifier } : {}),
        }
      : undefined;
  }
  return found;
}

/**
 * The record sets of one name, past the memory of `Reads`: for a write that has to repeat the exact values. A name has at most a dozen
 * record sets that matter; the listing starts at the name and goes on beyond it.
 */
export async function recordsAt(aws: Aws, zoneId: string, name: string): Promise<r53.ResourceRecordSet[]> {
  return setsAt(await recordsFrom(aws, zoneId, name), name);
}

type RecordPage = Pick<r53.ListResourceRecordSetsCommandOutput, "ResourceRecordSets" | "IsTruncated">;

const recordsFrom = (aws: Aws, HostedZoneId: string, StartRecordName: string): Promise<RecordPage> =>
  aws.route53.send(new r53.ListResourceRecordSetsCommand({ HostedZoneId, StartRecordName, MaxItems: 20 }));

const setsAt = ({ ResourceRecordSets = [] }: RecordPage, name: string): r53.ResourceRecordSet[] =>
  ResourceRecordSets.filter((record) => plainName(record.Name) === name);

/** The record sets of a name that a page certainly shows all of; undefined when they may be, or go on, beyond it. */
function wholeSets(page: RecordPage, name: string): r53.ResourceRecordSet[] | undefined {
  const sets = setsAt(page, name);
  const goesOn = sets.length === 0 || page.ResourceRecordSets?.at(-1) === sets.at(-1);
  return page.IsTruncated && goesOn ? undefined : sets;
}
