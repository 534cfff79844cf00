import {
  AssociateVPCWithHostedZoneCommand,
  DisassociateVPCFromHostedZoneCommand,
  ListHostedZonesByVPCCommand,
  type ListHostedZonesByVPCCommandOutput,
} from "@aws-sdk/client-route-53";
import type { Aws } from "./aws.ts";
import { absentOn, isCode } from "./errors.ts";
import { vpcOf } from "./hosted-zones.ts";
import { plainZoneId } from "./reads.ts";

/**
 * Lets a zone resolve in VPCs of the caller's account; with a VPC in which it does already (a lost answer) nothing happens. Answers with the id
 * of the last change; undefined without any.
 */
export async function associate(aws: Aws, HostedZoneId: string, vpcs: readonly string[]): Promise<string | undefined> {
  let last: string | undefined;
  for (const vpc of vpcs) {
    try {
      const input = { HostedZoneId, VPC: vpcOf(vpc) };
      last = (await aws.route53.send(new AssociateVPCWithHostedZoneCommand(input))).ChangeInfo?.Id;
    } catch (error) {
      // Also what AWS says of a VPC that another zone of this name resolves in.
      const isHere = isCode(error, "ConflictingDomainExists") && (await zonesOf(aws, vpc)).includes(HostedZoneId);
      if (!isHere) throw error;
    }
  }
  return last;
}

/** The opposite, from the account of the zone or of the VPC. */
export async function disassociate(
  aws: Aws,
  HostedZoneId: string,
  vpcs: readonly string[],
): Promise<string | undefined> {
  let last: string | undefined;
  for (const vpc of vpcs) {
    const input = { HostedZoneId, VPC: vpcOf(vpc) };
    const done = await absentOn(["VPCAssociationNotFound", "NoSuchHostedZone"], () =>
      aws.route53.send(new DisassociateVPCFromHostedZoneCommand(input)),
    );
    last = done?.ChangeInfo?.Id ?? last;
  }
  return last;
}

/** The private zones, of whatever account, that resolve in a VPC of the caller's, read afresh. */
async function zonesOf(aws: Aws, vpc: string): Promise<string[]> {
  const { VPCId, VPCRegion } = vpcOf(vpc);
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page: ListHostedZonesByVPCCommandOutput = await aws.route53.send(
      new ListHostedZonesByVPCCommand({ VPCId, VPCRegion, ...(NextToken ? { NextToken } : {}) }),
    );
    found.push(...(page.HostedZoneSummaries ?? []).map(({ HostedZoneId }) => plainZoneId(HostedZoneId)));
    NextToken = page.NextToken || undefined;
  } while (NextToken);
  return found;
}
