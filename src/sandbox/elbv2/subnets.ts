import { AwsError, type Call, type Tree } from "../operation.ts";
import { type Struct, structs, text, texts } from "../params.ts";
import type { LoadBalancer, Subnet } from "../world.ts";
import { liveEndpoints } from "./endpoint-services.ts";
import { findLoadBalancer } from "./find.ts";
import { badConfiguration, here, invalid, need, oneOf } from "./input.ts";
import { addInterfaces, releaseInterfaces } from "./interfaces.ts";
import { zonesTree } from "./load-balancer-tree.ts";

/** The subnets of a request, with the address that the caller chose in each. */
export interface Placement {
  subnets: Subnet[];
  fixedAddresses: Record<string, string>;
}

export const ipAddressTypes = ["ipv4", "dualstack"] as const;
export type IpAddressType = (typeof ipAddressTypes)[number];

/** Reads `Subnets` or `SubnetMappings`: they must exist, in one VPC, one per Availability Zone. @throws AwsError */
export function readPlacement(call: Call, params: Struct): Placement {
  const mappings = structs(params, "SubnetMappings");
  const plain = texts(params, "Subnets");
  if (mappings.length > 0 && plain.length > 0) {
    throw invalid("You must specify either subnets or subnet mappings, but not both");
  }
  const ids = mappings.length > 0 ? mappings.map((mapping) => need(mapping, "SubnetId")) : plain;
  if (ids.length === 0) throw invalid("At least one subnet must be specified");
  const subnets = ids.map((id) => findSubnet(call, id));
  checkApart(subnets);
  return { subnets, fixedAddresses: readAddresses(mappings) };
}

function findSubnet(call: Call, id: string): Subnet {
  const subnet = here(call).subnets[id];
  if (!subnet) throw new AwsError("SubnetNotFound", `The subnet ID '${id}' does not exist`);
  return subnet;
}

function checkApart(subnets: readonly Subnet[]): void {
  const vpcs = new Set(subnets.map((subnet) => subnet.vpcId));
  if (vpcs.size > 1) {
    throw badConfiguration(`All subnets must belong to the same VPC, but they belong to ${[...vpcs].join(", ")}`);
  }
  if (new Set(subnets.map((subnet) => subnet.azId)).size < subnets.length) {
    throw badConfiguration("A load balancer cannot be attached to multiple subnets in the same Availability Zone");
  }
}

function readAddresses(mappings: readonly Struct[]): Record<string, string> {
  const addresses: Record<string, string> = {};
  for (const mapping of mappings) {
    const allocation = text(mapping, "AllocationId");
    if (allocation) throw new AwsError("AllocationIdNotFound", `The allocation ID '${allocation}' does not exist`);
    const address = text(mapping, "PrivateIPv4Address");
    if (address) addresses[need(mapping, "SubnetId")] = address;
  }
  return addresses;
}

/** Dualstack load balancers need an IPv6 block in each of their subnets. @throws AwsError ValidationError */
export function checkIpAddressType(type: string, subnets: readonly Subnet[]): void {
  const without = subnets.filter((subnet) => subnet.ipv6Cidr === undefined).map((subnet) => subnet.id);
  if (type !== "dualstack" || without.length === 0) return;
  throw invalid(`You must specify subnets with an associated IPv6 CIDR block: ${without.join(", ")} have none`);
}

/** SetSubnets: the full list that the load balancer shall have afterwards. */
export function setSubnets(call: Call): Tree {
  const balancer = findLoadBalancer(call, need(call.params, "LoadBalancerArn"));
  const placement = readPlacement(call, call.params);
  const type = oneOf(call.params, "IpAddressType", ipAddressTypes) ?? balancer.ipAddressType;
  const sourceNat = oneOf(call.params, "EnablePrefixForIpv6SourceNat", ["on", "off"]);
  checkMove(call, balancer, placement.subnets);
  checkIpAddressType(type, placement.subnets);
  move(call, balancer, placement);
  balancer.ipAddressType = type;
  if (sourceNat) balancer.enablePrefixForIpv6SourceNat = sourceNat;
  return {
    AvailabilityZones: zonesTree(call, balancer),
    IpAddressType: balancer.ipAddressType,
    EnablePrefixForIpv6SourceNat: balancer.enablePrefixForIpv6SourceNat,
  };
}

function checkMove(call: Call, balancer: LoadBalancer, wanted: readonly Subnet[]): void {
  const region = here(call);
  if (wanted.some((subnet) => subnet.vpcId !== balancer.vpcId)) {
    throw badConfiguration(`All subnets must belong to the VPC of the load balancer: '${balancer.vpcId}'`);
  }
  for (const id of balancer.subnetIds) {
    const zone = region.subnets[id]?.azId;
    const next = wanted.find((subnet) => subnet.azId === zone);
    if (next && next.id !== id) {
      throw badConfiguration(
        `The subnet of an Availability Zone cannot be replaced in one request: remove '${id}' first, then add '${next.id}'`,
      );
    }
    if (!next) checkRemoval(call, balancer, id);
  }
}

function checkRemoval(call: Call, balancer: LoadBalancer, subnetId: string): void {
  const endpoints = liveEndpoints(call, balancer.arn);
  if (endpoints.length === 0) return;
  throw badConfiguration(
    `The subnet '${subnetId}' cannot be removed because load balancer '${balancer.arn}' has active VPC endpoint associations: ${endpoints.join(", ")}`,
  );
}

function move(call: Call, balancer: LoadBalancer, { subnets, fixedAddresses }: Placement): void {
  const wanted = subnets.map((subnet) => subnet.id);
  const added = subnets.filter((subnet) => !balancer.subnetIds.includes(subnet.id));
  const gone = balancer.subnetIds.filter((id) => !wanted.includes(id));
  const kept = Object.entries(balancer.fixedAddresses ?? {}).filter(([id]) => wanted.includes(id));
  const addresses = { ...fixedAddresses, ...Object.fromEntries(kept) };
  addInterfaces(call, { ...balancer, fixedAddresses: addresses }, added);
  balancer.fixedAddresses = addresses;
  releaseInterfaces(call, balancer, gone);
  balancer.subnetIds = wanted;
}

/** SetIpAddressType: between ipv4 and dualstack. */
export function setIpAddressType(call: Call): Tree {
  const balancer = findLoadBalancer(call, need(call.params, "LoadBalancerArn"));
  need(call.params, "IpAddressType");
  const type = oneOf(call.params, "IpAddressType", ipAddressTypes) ?? "ipv4";
  const subnets = balancer.subnetIds.flatMap((id) => here(call).subnets[id] ?? []);
  checkIpAddressType(type, subnets);
  balancer.ipAddressType = type;
  return { IpAddressType: type };
}
