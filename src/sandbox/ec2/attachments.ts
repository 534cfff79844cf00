import { settled } from "../clock.ts";
import type { Call, Clock } from "../operation.ts";
import { accountOf, regionOf } from "../places.ts";
import type { EndpointService, EndpointState, LoadBalancer, Region, VpcEndpoint, World } from "../world.ts";

/** States in which an endpoint holds on to its service: these keep the service from being deleted. */
const holding: readonly EndpointState[] = ["pendingAcceptance", "pending", "available"];

/** Every endpoint of every account. */
export function allEndpoints(world: World): VpcEndpoint[] {
  return Object.values(world.accounts)
    .flatMap((account) => Object.values(account.regions))
    .flatMap((region) => Object.values(region.vpcEndpoints));
}

/** The connections to the services that the caller offers in this Region, whoever asked for them. */
export function connectionsOf(call: Call): VpcEndpoint[] {
  return allEndpoints(call.world).filter(
    ({ service }) => service?.account === call.account && service.region === call.region,
  );
}

/** The endpoints connected, or asking to be connected, to a service. */
export function liveConnections(world: World, service: EndpointService): VpcEndpoint[] {
  return allEndpoints(world).filter(
    (endpoint) => endpoint.service?.id === service.id && holding.includes(endpoint.state),
  );
}

/** The part of the world that an endpoint lives in: its consumer's. */
export function homeOf(world: World, endpoint: VpcEndpoint): Region {
  return regionOf(world, endpoint.account, endpoint.region);
}

/** The service that an endpoint is connected to, while it exists. */
export function serviceOf(world: World, endpoint: VpcEndpoint): EndpointService | undefined {
  const at = endpoint.service;
  return at && accountOf(world, at.account).regions[at.region]?.endpointServices[at.id];
}

/** Whether a load balancer can carry an endpoint service. ELBv2's own reads move its state; here its countdown is only looked at. */
export function isActive(balancer: LoadBalancer, clock: Clock): boolean {
  if (balancer.state !== "provisioning") return balancer.state === "active";
  return balancer.settle === undefined || settled(balancer.settle, clock);
}

/** The load balancers of a service that exist. */
export function balancersOf(world: World, service: EndpointService): LoadBalancer[] {
  const region = regionOf(world, service.account, service.region);
  return service.networkLoadBalancerArns.flatMap((arn) => region.loadBalancers[arn] ?? []);
}

/** The zones of a load balancer's subnets, by physical id. */
export function zoneIdsOf(world: World, service: EndpointService, balancer: LoadBalancer): string[] {
  const { subnets } = regionOf(world, service.account, service.region);
  return balancer.subnetIds.flatMap((id) => subnets[id]?.azId ?? []);
}

/** The zones that a service can be reached in: those of all its load balancers, by physical id, in order. */
export function serviceZoneIds(world: World, service: EndpointService): string[] {
  const ids = balancersOf(world, service).flatMap((balancer) => zoneIdsOf(world, service, balancer));
  return [...new Set(ids)].sort();
}
