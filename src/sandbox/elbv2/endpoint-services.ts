import { liveConnections } from "../ec2/attachments.ts";
import type { Call } from "../operation.ts";
import type { EndpointService } from "../world.ts";
import { here } from "./input.ts";

/** The endpoint services that offer this load balancer. */
export function servicesOf(call: Call, loadBalancerArn: string): EndpointService[] {
  return Object.values(here(call).endpointServices).filter(
    (service) => service.state !== "Deleted" && service.networkLoadBalancerArns.includes(loadBalancerArn),
  );
}

/** The endpoints, of any account and Region, that are connected or ask to be connected to a service of this load balancer. */
export function liveEndpoints(call: Call, loadBalancerArn: string): string[] {
  return servicesOf(call, loadBalancerArn)
    .flatMap((service) => liveConnections(call.world, service))
    .map((endpoint) => endpoint.id);
}
