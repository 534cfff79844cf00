import { AwsError, type Call } from "../operation.ts";
import { accountOf } from "../places.ts";
import type { EndpointService, Subnet, VpcEndpoint } from "../world.ts";
import { balancersOf, serviceZoneIds, zoneIdsOf } from "./attachments.ts";
import { invalidParameter, noServiceName } from "./errors.ts";
import { findGroup, findSubnet, here } from "./here.ts";
import { isAllowed } from "./principals.ts";

/** What an endpoint may do while it has no policy of its own. */
export const fullAccess = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}';

/**
 * The service of that name, if it can be used from here: it exists in the Region asked for, is open to the caller's Region, and allows the caller.
 * @throws AwsError InvalidServiceName in every other case, so that nobody can find out what exists
 */
export function usableService(call: Call, name: string, serviceRegion: string): EndpointService {
  const service = reachableServices(call, [serviceRegion]).find((each) => each.name === name);
  if (!service) throw noServiceName(name);
  return service;
}

/** All services of some Regions that the caller can see. */
export function reachableServices(call: Call, regions: readonly string[]): EndpointService[] {
  return Object.keys(call.world.accounts)
    .flatMap((id) => regions.map((region) => accountOf(call.world, id).regions[region]))
    .flatMap((region) => Object.values(region?.endpointServices ?? {}))
    .filter((service) => service.state === "Available" || service.state === "Pending")
    .filter((service) => isOpenTo(service, call.region) && isAllowed(call, service));
}

function isOpenTo(service: EndpointService, region: string): boolean {
  if (service.region === region) return true;
  return service.supportedRegions.some((entry) => entry.region === region && entry.state === "Available");
}

/**
 * Refuses subnets that an endpoint cannot stand in: of another VPC, in a zone that the service does not have, or in a zone that is taken. `there` are the
 * subnets that the endpoint has already; one that leaves in the same call still counts, as on AWS.
 * @throws AwsError InvalidSubnetID.NotFound, InvalidParameter, DuplicateSubnetsInSameZone
 */
export function checkSubnets(
  call: Call,
  service: EndpointService,
  vpcId: string,
  ids: readonly string[],
  there: readonly string[] = [],
): Subnet[] {
  const subnets = ids.map((id) => findSubnet(call, id));
  const zones = new Set(there.map((id) => here(call).subnets[id]?.azId));
  const supported = service.region === call.region ? serviceZoneIds(call.world, service) : undefined;
  for (const subnet of subnets) {
    if (subnet.vpcId !== vpcId) throw invalidParameter(`The subnet ${subnet.id} does not belong to the VPC ${vpcId}`);
    if (supported && !supported.includes(subnet.azId)) {
      throw invalidParameter(
        `The VPC endpoint service ${service.name} does not support the availability zone of the subnet: ${subnet.id}.`,
      );
    }
    if (zones.has(subnet.azId)) {
      throw new AwsError(
        "DuplicateSubnetsInSameZone",
        `Found another VPC endpoint subnet in the availability zone of ${subnet.id}`,
      );
    }
    zones.add(subnet.azId);
  }
  return subnets;
}

/** EC2's default quota of security groups on a network interface. */
const groupLimit = 5;

/** @throws AwsError InvalidGroup.NotFound, InvalidParameter, SecurityGroupsPerInterfaceLimitExceeded */
export function checkGroups(call: Call, vpcId: string, ids: readonly string[]): void {
  if (ids.length > groupLimit) {
    throw new AwsError(
      "SecurityGroupsPerInterfaceLimitExceeded",
      `At most ${groupLimit} security groups per interface`,
    );
  }
  for (const id of ids) {
    if (findGroup(call, id).vpcId === vpcId) continue;
    throw invalidParameter(`You have specified two resources that belong to different networks: ${id} and ${vpcId}.`);
  }
}

/** @throws AwsError InvalidParameter when the service or one of the subnets has no addresses of that type */
export function checkIpType(service: EndpointService, subnets: readonly Subnet[], type: string): void {
  const families = new Map([
    ["ipv4", ["ipv4"]],
    ["ipv6", ["ipv6"]],
    ["dualstack", ["ipv4", "ipv6"]],
  ]).get(type);
  if (!families) throw invalidParameter(`'${type}' is not a valid IP address type. Use ipv4, dualstack or ipv6.`);
  const lacking = families.find((family) => !service.supportedIpAddressTypes.includes(family));
  if (lacking)
    throw invalidParameter(`The VPC endpoint service ${service.name} does not support the IP address type ${type}`);
  const plain = families.includes("ipv6") ? subnets.find((subnet) => subnet.ipv6Cidr === undefined) : undefined;
  if (plain)
    throw invalidParameter(`The subnet ${plain.id} has no IPv6 range, which the IP address type ${type} needs`);
}

/**
 * The records that AWS makes of an endpoint: as asked, or as it was as long as the endpoint has such addresses, or as the endpoint's addresses.
 * @throws AwsError InvalidParameter
 */
export function recordType(asked: string | undefined, ipAddressType: string, before = ipAddressType): string {
  if (asked === undefined) return fits(before, ipAddressType) ? before : ipAddressType;
  if (!["ipv4", "dualstack", "ipv6", "service-defined"].includes(asked)) {
    throw invalidParameter(`'${asked}' is not a valid DNS record IP type`);
  }
  if (fits(asked, ipAddressType)) return asked;
  throw invalidParameter(`The DNS record IP type ${asked} does not go with the IP address type ${ipAddressType}`);
}

/** Only an endpoint with both sorts of addresses has a choice. */
const fits = (type: string, ipAddressType: string): boolean => ipAddressType === "dualstack" || type === ipAddressType;

/** AWS's limit for a policy, white space included. */
const policyLimit = 20_480;

/** @throws AwsError InvalidPolicyDocument */
export function checkPolicy(document: string): void {
  if (document.length > policyLimit) throw badPolicy(`it has more than ${policyLimit} characters`);
  try {
    const policy: unknown = JSON.parse(document);
    if (typeof policy !== "object" || policy === null || !("Statement" in policy))
      throw badPolicy("it has no Statement");
  } catch (error) {
    throw error instanceof AwsError ? error : badPolicy("it is not JSON");
  }
}

function badPolicy(why: string): AwsError {
  return new AwsError("InvalidPolicyDocument", `The policy document is not valid: ${why}`);
}

/** Ties an endpoint to one load balancer of the service in each of its zones, as AWS does when it makes the interfaces. */
export function tieToBalancers(call: Call, endpoint: VpcEndpoint, service: EndpointService): void {
  const balancers = balancersOf(call.world, service).map((balancer) => ({
    arn: balancer.arn,
    zones: zoneIdsOf(call.world, service, balancer),
  }));
  const zones = endpoint.subnetIds.map((id) => here(call).subnets[id]?.azId ?? "");
  const tied = zones.map((zone) => {
    const fitting = balancers.filter((balancer) => balancer.zones.includes(zone));
    return (fitting.find(({ arn }) => endpoint.loadBalancerArns.includes(arn)) ?? fitting[0] ?? balancers[0])?.arn;
  });
  endpoint.loadBalancerArns = [...new Set(tied.filter((arn) => arn !== undefined))];
}
