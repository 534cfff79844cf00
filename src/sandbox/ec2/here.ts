import type { Call } from "../operation.ts";
import { regionOf } from "../places.ts";
import type { EndpointService, Region, SecurityGroup, Subnet, Vpc, VpcEndpoint } from "../world.ts";
import { noEndpoint, noGroup, noService, noSubnet, noVpc } from "./errors.ts";

/** The caller's part of the world: what an EC2 call sees without looking at others. */
export function here(call: Call): Region {
  return regionOf(call.world, call.account, call.region);
}

/** @throws AwsError InvalidVpcID.NotFound */
export function findVpc(call: Call, id: string): Vpc {
  const found = here(call).vpcs[id];
  if (!found) throw noVpc(id);
  return found;
}

/** @throws AwsError InvalidSubnetID.NotFound */
export function findSubnet(call: Call, id: string): Subnet {
  const found = here(call).subnets[id];
  if (!found) throw noSubnet(id);
  return found;
}

/** @throws AwsError InvalidGroup.NotFound, InvalidGroupId.Malformed */
export function findGroup(call: Call, id: string): SecurityGroup {
  const found = here(call).securityGroups[id];
  if (!found) throw noGroup(id);
  return found;
}

/** @throws AwsError InvalidVpcEndpointServiceId.NotFound */
export function findService(call: Call, id: string): EndpointService {
  const found = here(call).endpointServices[id];
  if (!found || found.state === "Deleted") throw noService(id);
  return found;
}

/** An endpoint of the caller; a deleted one is gone. @throws AwsError InvalidVpcEndpointId.NotFound, InvalidVpcEndpointId.Malformed */
export function findEndpoint(call: Call, id: string): VpcEndpoint {
  const found = here(call).vpcEndpoints[id];
  if (!found || found.state === "deleted") throw noEndpoint(id);
  return found;
}
