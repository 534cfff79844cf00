import { newHex } from "../ids.ts";
import { AwsError, type Call, type Tree } from "../operation.ts";
import { struct, text } from "../params.ts";
import type { HostedZone } from "../world.ts";
import { apexRecords, isApex, nameServers } from "./apex.ts";
import { addChange, changeTree } from "./changes.ts";
import { checkConflict } from "./conflicts.ts";
import { nameProblem, storedName } from "./domain-names.ts";
import { bareId, findZone } from "./find.ts";
import { invalidInput, mine, need, ownsVpc, readVpc, type VpcRef } from "./input.ts";
import { quota } from "./quotas.ts";

/** Route 53 keeps comments of this length at most. */
const longestComment = 256;

/** CreateHostedZone: with a VPC private, otherwise public. The caller reference can be used once. */
export function createHostedZone(call: Call): Tree {
  const account = mine(call);
  const zone = readZone(call);
  if (Object.values(account.hostedZones).some((each) => each.callerReference === zone.callerReference)) {
    throw new AwsError(
      "HostedZoneAlreadyExists",
      `A hosted zone has already been created with the specified caller reference: ${zone.callerReference}`,
      409,
    );
  }
  const most = quota(call, "MAX_HOSTED_ZONES_BY_OWNER");
  if (Object.keys(account.hostedZones).length >= most) {
    throw new AwsError(
      "TooManyHostedZones",
      `Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more than ${most} hosted zones.`,
    );
  }
  const [vpc] = zone.vpcs;
  if (vpc) checkConflict(call, vpc, zone.name);
  zone.id = `Z${newHex(call.world, "hostedzone", 20).toUpperCase()}`;
  zone.records = apexRecords(zone.id, zone.name, zone.private);
  account.hostedZones[zone.id] = zone;
  return {
    HostedZone: zoneTree(zone),
    ChangeInfo: changeTree(addChange(call, zone)),
    DelegationSet: delegationSet(zone),
    VPC: vpc && vpcTree(vpc),
  };
}

/** The zone that the request describes, still without id and records. @throws AwsError */
function readZone(call: Call): HostedZone {
  const { params } = call;
  const name = need(params, "Name");
  const problem = nameProblem(name);
  if (problem !== undefined)
    throw new AwsError("InvalidDomainName", `The domain name '${name}' is not valid: ${problem}`);
  const callerReference = need(params, "CallerReference");
  const config = struct(params, "HostedZoneConfig") ?? {};
  const vpc = struct(params, "VPC") ? readVpc(call) : undefined;
  if (text(config, "PrivateZone") === "true" && !vpc) {
    throw invalidInput("When you're creating a private hosted zone, you must specify a VPC");
  }
  if (vpc && !ownsVpc(call, call.account, vpc)) {
    throw new AwsError("InvalidVPCId", `The VPC: ${vpc.id} you provided is not authorized to make the association.`);
  }
  const comment = readComment(text(config, "Comment"));
  const vpcs = vpc ? [vpc] : [];
  const zone = {
    id: "",
    name: storedName(name),
    private: vpc !== undefined,
    vpcs,
    callerReference,
    records: [],
    tags: {},
  };
  return comment === undefined ? zone : { ...zone, comment };
}

function readComment(comment: string | undefined): string | undefined {
  if (comment === undefined || comment === "") return undefined;
  if (comment.length > longestComment)
    throw invalidInput(`The comment has ${comment.length} characters; at most ${longestComment} are allowed`);
  return comment;
}

/** A zone as all operations show it. */
export function zoneTree(zone: HostedZone): Tree {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: { Comment: zone.comment, PrivateZone: zone.private },
    ResourceRecordSetCount: zone.records.length,
  };
}

function delegationSet(zone: HostedZone): Tree | undefined {
  return zone.private ? undefined : { NameServers: { NameServer: nameServers(zone.id, false) } };
}

/** A VPC as Route 53 writes it. */
export function vpcTree(vpc: VpcRef): Tree {
  return { VPCRegion: vpc.region, VPCId: vpc.id };
}

/** GetHostedZone: a public zone with its name servers, a private one with its VPCs. */
export function getHostedZone(call: Call): Tree {
  const zone = findZone(call, need(call.params, "Id"));
  return {
    HostedZone: zoneTree(zone),
    DelegationSet: delegationSet(zone),
    VPCs: zone.private ? { VPC: zone.vpcs.map(vpcTree) } : undefined,
  };
}

/** UpdateHostedZoneComment: an empty one removes it. */
export function updateHostedZoneComment(call: Call): Tree {
  const zone = findZone(call, need(call.params, "Id"));
  const comment = readComment(text(call.params, "Comment"));
  delete zone.comment;
  if (comment !== undefined) zone.comment = comment;
  return { HostedZone: zoneTree(zone) };
}

/** DeleteHostedZone: only when nothing but the zone's own NS and SOA records is left. */
export function deleteHostedZone(call: Call): Tree {
  const zone = findZone(call, need(call.params, "Id"));
  if (zone.records.some((record) => !isApex(record, zone.name))) {
    throw new AwsError(
      "HostedZoneNotEmpty",
      "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
    );
  }
  delete mine(call).hostedZones[bareId(zone.id)];
  return { ChangeInfo: changeTree(addChange(call, zone)) };
}

/** GetDNSSEC: the sandbox signs nothing. */
export function getDnssec(call: Call): Tree {
  findZone(call, need(call.params, "Id"));
  return { Status: { ServeSignature: "NOT_SIGNING" }, KeySigningKeys: {} };
}
