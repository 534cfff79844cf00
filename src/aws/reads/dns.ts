import * as r53 from "@aws-sdk/client-route-53";
import type { Aws } from "../aws.ts";
import { absentOn } from "../errors.ts";
import { markedName } from "../records.ts";
import { all, type Door } from "./lists.ts";
import { plainName } from "./plain.ts";

/** What is read of Route 53. */
export interface DnsReads {
  hostedZones(): Promise<r53.HostedZone[]>;
  hostedZone(id: string): Promise<r53.HostedZone | undefined>;
  /** The private zones, of whatever account, that a VPC of the target's Region is associated with. */
  hostedZonesOfVpc(vpcId: string): Promise<r53.HostedZoneSummary[]>;
  /** Every record set of a zone. */
  records(zoneId: string): Promise<r53.ResourceRecordSet[]>;
  /** The record sets of one name. */
  recordsAt(zoneId: string, name: string): Promise<r53.ResourceRecordSet[]>;
}

export function dnsReads(aws: Aws, { once, limit }: Door): DnsReads {
  return {
    hostedZones: () =>
      once("zones", () =>
        limit(() => all(r53.paginateListHostedZones({ client: aws.route53 }, {}), (page) => page.HostedZones)),
      ),
    hostedZone: (Id) =>
      once(`zone ${Id}`, () =>
        absentOn(["NoSuchHostedZone"], () =>
          limit(async () => (await aws.route53.send(new r53.GetHostedZoneCommand({ Id }))).HostedZone),
        ),
      ),
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

/** The SDK has no paginator for ListHostedZonesByVPC. */
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

/** Nor one for ListResourceRecordSets. */
async function allRecords(aws: Aws, HostedZoneId: string): Promise<r53.ResourceRecordSet[]> {
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
