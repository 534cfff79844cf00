import { AwsError, type Call } from "../operation.ts";
import type { EndpointService, LoadBalancer } from "../world.ts";
import { balancersOf, isActive } from "./attachments.ts";
import { invalidParameter } from "./errors.ts";
import { here } from "./here.ts";

/** How long AWS takes to open or close a service to a Region, in seconds. */
const regionSeconds = 20;

/** The Network Load Balancers of a request, fit to carry the service. @throws AwsError InvalidParameter */
export function checkBalancers(call: Call, arns: readonly string[], service?: EndpointService): LoadBalancer[] {
  return arns.map((arn) => {
    const balancer = here(call).loadBalancers[arn];
    if (!balancer) throw invalidParameter(`The load balancer '${arn}' does not exist`);
    if (balancer.type !== "network")
      throw invalidParameter(`The load balancer '${arn}' is not a network load balancer`);
    if (!isActive(balancer, call.clock)) {
      throw invalidParameter(`The load balancer '${arn}' is in the state provisioning. It must be active.`);
    }
    const other = Object.values(here(call).endpointServices).find(
      (each) => each.id !== service?.id && each.networkLoadBalancerArns.includes(arn),
    );
    if (other) {
      throw invalidParameter(
        `The load balancer '${arn}' is already associated with the VPC endpoint service ${other.id}`,
      );
    }
    return balancer;
  });
}

/** @throws AwsError InvalidParameter for another type, none at all, or IPv6 over a load balancer that has only IPv4 */
export function checkIpTypes(types: readonly string[], balancers: readonly LoadBalancer[]): void {
  if (types.length === 0) throw invalidParameter("A service supports at least one IP address type");
  const wrong = types.find((type) => type !== "ipv4" && type !== "ipv6");
  if (wrong !== undefined) throw invalidParameter(`'${wrong}' is not a supported IP address type. Use ipv4 or ipv6.`);
  const single = balancers.find((balancer) => balancer.ipAddressType !== "dualstack");
  if (!types.includes("ipv6") || !single) return;
  throw invalidParameter(
    `The load balancer '${single.arn}' must use the IP address type dualstack for a service that supports ipv6`,
  );
}

/** @throws AwsError InvalidParameter for what is not the name of a Region */
export function checkRegions(regions: readonly string[]): void {
  const wrong = regions.find((region) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region));
  if (wrong !== undefined) throw invalidParameter(`The Region '${wrong}' is not valid`);
}

/** Opens a service to consumers in other Regions; each takes a while. A service's own Region is always among them. */
export function openRegions(call: Call, service: EndpointService, regions: readonly string[]): void {
  for (const region of regions) {
    const there = service.supportedRegions.find((entry) => entry.region === region);
    if (there?.state === "Available" || there?.state === "Pending") continue;
    service.supportedRegions = service.supportedRegions.filter((entry) => entry !== there);
    service.supportedRegions.push({ region, state: "Pending", settle: call.clock.settle(regionSeconds) });
  }
}

/** Closes a service to consumers in other Regions: they stay listed as Closed for a while. @throws AwsError InvalidParameter */
export function closeRegions(call: Call, service: EndpointService, regions: readonly string[]): void {
  if (regions.includes(service.region)) {
    throw invalidParameter(`The Region ${service.region} is the service's own and cannot be removed`);
  }
  for (const entry of service.supportedRegions) {
    if (!regions.includes(entry.region)) continue;
    entry.state = "Closed";
    entry.settle = call.clock.settle(regionSeconds);
  }
}

/** Moves the Regions of a service on. */
export function lookAtRegions(call: Call, service: EndpointService): void {
  for (const entry of service.supportedRegions) {
    if (!entry.settle || !call.clock.look(entry.settle)) continue;
    delete entry.settle;
    if (entry.state === "Pending") entry.state = "Available";
  }
  service.supportedRegions = service.supportedRegions.filter(({ state, settle }) => state !== "Closed" || settle);
}

/** Refuses to take load balancers from a service that endpoints still use, or all that it has. @throws AwsError InvalidParameter */
export function checkRemovable(
  service: EndpointService,
  removed: readonly string[],
  live: readonly { id: string; loadBalancerArns: string[] }[],
): void {
  const unknown = removed.find((arn) => !service.networkLoadBalancerArns.includes(arn));
  if (unknown)
    throw invalidParameter(`The load balancer '${unknown}' is not associated with the service ${service.id}`);
  const user = live.find((endpoint) => endpoint.loadBalancerArns.some((arn) => removed.includes(arn)));
  if (!user) return;
  throw new AwsError(
    "ExistingVpcEndpointConnections",
    `The load balancer cannot be removed from ${service.id}: the endpoint ${user.id} is connected through it`,
  );
}

/** The load balancers of a service after some were added and removed. @throws AwsError InvalidParameter when none is left */
export function balancersAfter(
  call: Call,
  service: EndpointService,
  added: readonly LoadBalancer[],
  removed: readonly string[],
): LoadBalancer[] {
  const kept = balancersOf(call.world, service).filter(({ arn }) => !removed.includes(arn));
  const all = [...new Set([...kept, ...added])];
  if (all.length === 0) throw invalidParameter(`The service ${service.id} must have at least one load balancer`);
  return all;
}
