import type { Call } from "../operation.ts";
import type { EndpointService, EndpointState } from "../world.ts";
import { here } from "./input.ts";

/** States in which an endpoint holds on to the load balancers of its service. */
const live: readonly EndpointState[] = ["pendingAcceptance", "pending", "available"];

/** The endpoint services that offer this load balancer. */
export function servicesOf(call: Call, loadBalancerArn: string): EndpointService[] {
  return Object.values(here(call).endpointServices).filter(
    (service) => service.state !== "Deleted" && service.networkLoadBalancerArns.includes(loadBalancerArn),
  );
}

/** The endpoints, of any account and Region, that are connected or ask to be connected through this load balancer. */
export function liveEndpoints(call: Call, loadBalancerArn: string): string[] {
  const services = new Set(servicesOf(call, loadBalancerArn).map((service) => service.id));
  if (services.size === 0) return [];
  return Object.values(call.world.accounts)
    .flatMap((account) => Object.values(account.regions))
    .flatMap((region) => Object.values(region.vpcEndpoints))
    .filter((endpoint) => live.includes(endpoint.state) && services.has(endpoint.service?.id ?? ""))
    .map((endpoint) => endpoint.id);
}
