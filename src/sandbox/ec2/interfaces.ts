import { settled } from "../clock.ts";
import { freeAddress, inCidr, isTaken } from "../elbv2/addresses.ts";
import { newId } from "../ids.ts";
import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import type { NetworkInterface, Region, Subnet, VpcEndpoint } from "../world.ts";
import { items } from "../xml.ts";
import { describe } from "./describe.ts";
import { invalidParameter } from "./errors.ts";
import { here } from "./here.ts";

/** Network interfaces: made and removed with endpoints and load balancers, never directly. */
export const interfaces: Operations = { DescribeNetworkInterfaces: describeNetworkInterfaces };

/** How long the interfaces of a deleted endpoint stay, in seconds. */
const lingerSeconds = 60;

/** Gives an endpoint a network interface in a subnet, at an address that `freeIn` has found. */
export function addInterface(call: Call, endpoint: VpcEndpoint, subnet: Subnet, privateIp: string): void {
  const region = here(call);
  const id = newId(call.world, "eni-");
  region.networkInterfaces[id] = {
    id,
    interfaceType: "vpc_endpoint",
    description: `VPC Endpoint Interface ${endpoint.id}`,
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    privateIp,
    securityGroupIds: [...endpoint.securityGroupIds],
    ownerId: endpoint.id,
  };
  endpoint.networkInterfaceIds.push(id);
}

/**
 * An address for a new interface in each of the subnets: the wanted one, or else any.
 * @throws AwsError InsufficientFreeAddressesInSubnet, InvalidParameter, InvalidIPAddress.InUse, before anything is made
 */
export function freeIn(
  region: Region,
  subnets: readonly Subnet[],
  wanted: ReadonlyMap<string, string | undefined>,
): { subnet: Subnet; address: string }[] {
  return subnets.map((subnet) => {
    const address = wanted.get(subnet.id);
    return {
      subnet,
      address: address === undefined ? anyAddress(region, subnet) : checkedAddress(region, subnet, address),
    };
  });
}

function checkedAddress(region: Region, subnet: Subnet, address: string): string {
  if (!inCidr(address, subnet.cidr)) {
    throw invalidParameter(`The address ${address} is not in the range of the subnet ${subnet.id} (${subnet.cidr})`);
  }
  if (isTaken(region, subnet.id, address)) {
    throw new AwsError("InvalidIPAddress.InUse", `Address ${address} is in use.`);
  }
  return address;
}

function anyAddress(region: Region, subnet: Subnet): string {
  const address = freeAddress(region, subnet);
  if (address !== undefined) return address;
  throw new AwsError(
    "InsufficientFreeAddressesInSubnet",
    `There are not enough free addresses in subnet '${subnet.id}' for another network interface.`,
  );
}

/** Lets go of an endpoint's interfaces in the given subnets. They stay for a while, and with them the use of their security groups. */
export function releaseInterfaces(call: Call, endpoint: VpcEndpoint, subnetIds: readonly string[]): void {
  const region = here(call);
  const released = endpoint.networkInterfaceIds.filter((id) =>
    subnetIds.includes(region.networkInterfaces[id]?.subnetId ?? ""),
  );
  for (const id of released) {
    const found = region.networkInterfaces[id];
    if (found) found.lingering = call.clock.settle(lingerSeconds);
  }
  endpoint.networkInterfaceIds = endpoint.networkInterfaceIds.filter((id) => !released.includes(id));
}

/** The interfaces that use a security group. Lingering ones lose a read each time somebody asks, and go when they have none left. */
export function interfacesUsing(call: Call, groupId: string): NetworkInterface[] {
  const region = here(call);
  const using = Object.values(region.networkInterfaces).filter((each) => each.securityGroupIds.includes(groupId));
  return using.filter((each) => isStillThere(call, region, each));
}

function isStillThere(call: Call, region: Region, each: NetworkInterface): boolean {
  if (!each.lingering || !call.clock.look(each.lingering)) return true;
  delete region.networkInterfaces[each.id];
  return false;
}

function describeNetworkInterfaces(call: Call): Tree {
  const region = here(call);
  return describe<NetworkInterface>(call, {
    element: "networkInterfaceSet",
    all: Object.values(region.networkInterfaces),
    key: (each) => each.id,
    ids: { parameter: "NetworkInterfaceId", missing: missingInterface },
    filters: {
      "network-interface-id": (each) => each.id,
      "interface-type": (each) => each.interfaceType,
      description: (each) => each.description,
      "subnet-id": (each) => each.subnetId,
      "vpc-id": (each) => each.vpcId,
      "group-id": (each) => each.securityGroupIds,
      "group-name": (each) => each.securityGroupIds.map((id) => region.securityGroups[id]?.name ?? ""),
      "availability-zone": (each) => region.subnets[each.subnetId]?.az,
      "private-ip-address": (each) => each.privateIp,
      "addresses.private-ip-address": (each) => each.privateIp,
      "requester-managed": () => "true",
      "owner-id": () => call.account,
      status: () => "in-use",
    },
    look: (each) => void isStillThere(call, region, each),
    exists: (each) => region.networkInterfaces[each.id] !== undefined,
    paging: { idsExclude: "NetworkInterfaceId" },
    render: (each) => interfaceTree(call, region, each),
  });
}

function interfaceTree(call: Call, region: Region, each: NetworkInterface): Tree {
  const subnet = region.subnets[each.subnetId];
  return {
    availabilityZone: subnet?.az,
    description: each.description,
    groupSet: items(
      each.securityGroupIds.map((groupId) => ({ groupId, groupName: region.securityGroups[groupId]?.name })),
    ),
    interfaceType: each.interfaceType,
    ipv6AddressesSet: items([]),
    networkInterfaceId: each.id,
    ownerId: call.account,
    privateIpAddress: each.privateIp,
    privateIpAddressesSet: items([{ primary: true, privateIpAddress: each.privateIp }]),
    requesterManaged: true,
    sourceDestCheck: true,
    status: each.lingering && !settled(each.lingering, call.clock) ? "detaching" : "in-use",
    subnetId: each.subnetId,
    tagSet: items([]),
    vpcId: each.vpcId,
    availabilityZoneId: subnet?.azId,
  };
}

function missingInterface(id: string): AwsError {
  return new AwsError("InvalidNetworkInterfaceID.NotFound", `The networkInterface ID '${id}' does not exist`);
}
