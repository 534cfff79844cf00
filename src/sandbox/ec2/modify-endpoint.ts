import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { flag, required, struct, text, texts } from "../params.ts";
import type { EndpointService, Subnet, VpcEndpoint } from "../world.ts";
import { serviceOf } from "./attachments.ts";
import {
  checkGroups,
  checkIpType,
  checkPolicy,
  checkSubnets,
  fullAccess,
  recordType,
  tieToBalancers,
} from "./endpoint-input.ts";
import { catchUp, change } from "./endpoint-states.ts";
import { incorrectState, invalidParameter, noServiceName } from "./errors.ts";
import { findEndpoint, findSubnet, here } from "./here.ts";
import { addInterface, freeIn, releaseInterfaces } from "./interfaces.ts";
import { checkPrivateDns } from "./private-dns.ts";
import { wantedAddresses } from "./vpc-endpoints.ts";

/** Changes of an endpoint that keep its identity. */
export const modifyEndpoint: Operations = { ModifyVpcEndpoint: modify };

/** Everything is checked before anything changes. AWS carries out one change of an endpoint at a time. */
function modify(call: Call): Tree {
  const endpoint = findEndpoint(call, required(call.params, "VpcEndpointId"));
  catchUp(call, endpoint);
  const service = serviceOf(call.world, endpoint);
  if (!service) throw noServiceName(endpoint.serviceName);
  const privateDns = flag(call.params, "PrivateDnsEnabled");
  if (privateDns && !endpoint.privateDnsEnabled) checkPrivateDns(call, service, endpoint.vpcId, endpoint);
  checkState(endpoint);

  const subnets = readSubnets(call, endpoint, service);
  const groups = readGroups(call, endpoint);
  const ipAddressType = text(call.params, "IpAddressType") ?? endpoint.ipAddressType;
  const after = subnets.after.map((id) => findSubnet(call, id));
  checkIpType(service, after, ipAddressType);
  const policy = text(call.params, "PolicyDocument");
  const resets = flag(call.params, "ResetPolicy") ?? false;
  if (policy && resets) throw invalidParameter("ResetPolicy and PolicyDocument exclude each other");
  // Guides set a policy on endpoints of custom services too, which AWS documents as pointless but takes.
  if (policy) checkPolicy(policy);
  const asked = text(struct(call.params, "DnsOptions") ?? {}, "DnsRecordIpType");
  const dnsRecordIpType = recordType(asked, ipAddressType, endpoint.dnsRecordIpType);

  if (resets) Object.assign(endpoint, { policyDocument: fullAccess, policySet: false });
  if (policy) Object.assign(endpoint, { policyDocument: policy, policySet: true });
  Object.assign(endpoint, { ipAddressType, dnsRecordIpType });
  endpoint.privateDnsEnabled = privateDns ?? endpoint.privateDnsEnabled;
  setGroups(call, endpoint, groups);
  setSubnets(call, endpoint, subnets);
  tieToBalancers(call, endpoint, service);
  change(call, endpoint);
  return { return: true };
}

function checkState(endpoint: VpcEndpoint): void {
  if (endpoint.state === "available") return;
  if (endpoint.state === "pending" || endpoint.state === "pendingAcceptance") {
    throw new AwsError(
      "OperationInProgress",
      `VpcEndpoint modify operation in progress: ${endpoint.id} is ${endpoint.state}`,
    );
  }
  throw incorrectState(`The VPC endpoint ${endpoint.id} is in the state ${endpoint.state} and cannot be modified`);
}

interface SubnetChange {
  /** Subnets that lose their interface: removed ones, and those whose interface gets another address. */
  released: string[];
  /** New interfaces: in added subnets, and in those that get another address. */
  made: { subnet: Subnet; address: string }[];
  after: string[];
}

function readSubnets(call: Call, endpoint: VpcEndpoint, service: EndpointService): SubnetChange {
  const removedIds = texts(call.params, "RemoveSubnetId");
  const unknown = removedIds.find((id) => !endpoint.subnetIds.includes(id));
  if (unknown) throw invalidParameter(`The subnet ${unknown} is not associated with the VPC endpoint ${endpoint.id}`);
  const addedIds = texts(call.params, "AddSubnetId").filter((id) => !endpoint.subnetIds.includes(id));
  const added = checkSubnets(call, service, endpoint.vpcId, [...new Set(addedIds)], endpoint.subnetIds);
  const after = [...endpoint.subnetIds.filter((id) => !removedIds.includes(id)), ...added.map(({ id }) => id)];
  if (after.length === 0) throw invalidParameter(`The VPC endpoint ${endpoint.id} must keep at least one subnet`);

  const addresses = wantedAddresses(call);
  const stray = [...addresses.keys()].find((id) => !after.includes(id));
  if (stray) throw invalidParameter(`The subnet ${stray} of SubnetConfigurations is not one of the endpoint's`);
  const kept = endpoint.subnetIds.filter((id) => !removedIds.includes(id));
  const renewed = kept.filter((id) => changesAddress(call, endpoint, id, addresses.get(id)));
  const places = [...added, ...renewed.map((id) => findSubnet(call, id))];
  return { released: [...removedIds, ...renewed], made: freeIn(here(call), places, addresses), after };
}

function changesAddress(call: Call, endpoint: VpcEndpoint, subnetId: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return false;
  const { networkInterfaces } = here(call);
  const present = endpoint.networkInterfaceIds
    .map((id) => networkInterfaces[id])
    .find((each) => each?.subnetId === subnetId);
  return present?.privateIp !== wanted;
}

function setSubnets(call: Call, endpoint: VpcEndpoint, { released, made, after }: SubnetChange): void {
  releaseInterfaces(call, endpoint, released);
  endpoint.subnetIds = after;
  for (const { subnet, address } of made) addInterface(call, endpoint, subnet, address);
}

function readGroups(call: Call, endpoint: VpcEndpoint): string[] {
  const removed = texts(call.params, "RemoveSecurityGroupId");
  const unknown = removed.find((id) => !endpoint.securityGroupIds.includes(id));
  if (unknown)
    throw invalidParameter(`The security group ${unknown} is not associated with the VPC endpoint ${endpoint.id}`);
  const all = new Set([...endpoint.securityGroupIds, ...texts(call.params, "AddSecurityGroupId")]);
  const after = [...all].filter((id) => !removed.includes(id));
  if (after.length === 0)
    throw invalidParameter(`The VPC endpoint ${endpoint.id} must keep at least one security group`);
  checkGroups(call, endpoint.vpcId, after);
  return after;
}

function setGroups(call: Call, endpoint: VpcEndpoint, groups: string[]): void {
  endpoint.securityGroupIds = groups;
  for (const id of endpoint.networkInterfaceIds) {
    const each = here(call).networkInterfaces[id];
    if (each) each.securityGroupIds = [...groups];
  }
}
