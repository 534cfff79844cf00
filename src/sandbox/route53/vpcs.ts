import { AwsError, type Call, type Tree } from "../operation.ts";
import { text } from "../params.ts";
import type { HostedZone } from "../world.ts";
import { addChange, changeTree } from "./changes.ts";
import { checkConflict } from "./conflicts.ts";
import { findAnyZone, findZone } from "./find.ts";
import { invalidInput, need, ownsVpc, pageSize, readVpc, sameVpc, type VpcRef } from "./input.ts";
import { quota } from "./quotas.ts";
import { vpcTree } from "./zones.ts";

/** AWS shows at most this many authorizations in one answer. */
const largestPage = 50;

/**
 * AssociateVPCWithHostedZone: by the owner of the VPC, who needs an authorization when the zone belongs to somebody else. @throws AwsError
 */
export function associateVpc(call: Call): Tree {
  const { zone, owner } = findAnyZone(call, need(call.params, "Id"));
  const vpc = readVpc(call);
  if (owner !== call.account && !zone.authorizedVpcs?.some((each) => sameVpc(each, vpc))) {
    throw new AwsError(
      "NotAuthorizedException",
      `The VPC: ${vpc.id} is not authorized to be associated with hosted zone ${zone.id}.`,
      401,
    );
  }
  if (!ownsVpc(call, call.account, vpc)) {
    throw new AwsError("InvalidVPCId", `The VPC: ${vpc.id} you provided is not authorized to make the association.`);
  }
  checkPrivate(zone);
  checkConflict(call, vpc, zone.name);
  const most = quota(call, "MAX_VPCS_ASSOCIATED_BY_ZONE");
  if (zone.vpcs.length >= most) {
    throw new AwsError(
      "LimitsExceeded",
      `Limits Exceeded: MAX_VPCS_ASSOCIATED_BY_ZONE - Cannot associate more than ${most} VPCs.`,
    );
  }
  zone.vpcs.push(vpc);
  return { ChangeInfo: changeTree(addChange(call, zone)) };
}

function checkPrivate(zone: HostedZone): void {
  if (zone.private) return;
  throw new AwsError(
    "PublicZoneVPCAssociation",
    `The hosted zone ${zone.id} is public: VPCs can be associated with private ones only.`,
  );
}

/** DisassociateVPCFromHostedZone: by the owner of the zone or of the VPC; the last VPC of a zone stays. @throws AwsError */
export function disassociateVpc(call: Call): Tree {
  const vpc = readVpc(call);
  const id = need(call.params, "Id");
  const zone = ownsVpc(call, call.account, vpc) ? findAnyZone(call, id).zone : findZone(call, id);
  if (!zone.vpcs.some((each) => sameVpc(each, vpc))) {
    throw new AwsError(
      "VPCAssociationNotFound",
      `The VPC: ${vpc.id} is not associated with hosted zone ${zone.id}.`,
      404,
    );
  }
  if (zone.vpcs.length === 1) {
    throw new AwsError(
      "LastVPCAssociation",
      `The VPC: ${vpc.id} is the last one of the private hosted zone ${zone.id}.`,
    );
  }
  zone.vpcs = zone.vpcs.filter((each) => !sameVpc(each, vpc));
  return { ChangeInfo: changeTree(addChange(call, zone)) };
}

/** CreateVPCAssociationAuthorization: lets the owner of a VPC associate it. Once more is no error. */
export function createAuthorization(call: Call): Tree {
  const zone = findZone(call, need(call.params, "Id"));
  const vpc = readVpc(call);
  checkPrivate(zone);
  const others = withoutVpc(zone, vpc);
  zone.authorizedVpcs = [...others, vpc];
  return { HostedZoneId: zone.id, VPC: vpcTree(vpc) };
}

/** DeleteVPCAssociationAuthorization: an association made with it stays. @throws AwsError VPCAssociationAuthorizationNotFound */
export function deleteAuthorization(call: Call): Tree {
  const zone = findZone(call, need(call.params, "Id"));
  const vpc = readVpc(call);
  const others = withoutVpc(zone, vpc);
  if (others.length === (zone.authorizedVpcs ?? []).length) {
    throw new AwsError(
      "VPCAssociationAuthorizationNotFound",
      `The VPC: ${vpc.id} has no authorization for hosted zone ${zone.id}.`,
      404,
    );
  }
  zone.authorizedVpcs = others;
  return {};
}

function withoutVpc(zone: HostedZone, vpc: VpcRef): VpcRef[] {
  return (zone.authorizedVpcs ?? []).filter((each) => !sameVpc(each, vpc));
}

/** ListVPCAssociationAuthorizations: pages whose token is the number of the next entry. */
export function listAuthorizations(call: Call): Tree {
  const zone = findZone(call, need(call.params, "Id"));
  const all = zone.authorizedVpcs ?? [];
  const size = pageSize(call.params, "MaxResults", largestPage);
  const token = text(call.params, "NextToken") ?? "0";
  if (!/^\d{1,9}$/.test(token)) throw new AwsError("InvalidPaginationToken", `The token '${token}' is not valid`);
  const end = Number(token) + size;
  if (all.length > 0 && Number(token) >= all.length)
    throw invalidInput(`The token '${token}' lies behind the last entry`);
  return {
    HostedZoneId: zone.id,
    NextToken: end < all.length ? String(end) : undefined,
    VPCs: { VPC: all.slice(Number(token), end).map(vpcTree) },
  };
}
