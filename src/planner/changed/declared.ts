import type { ConnectionDocument } from "../specs/index.ts";

/**
 * How many resources a spec stands for, told from the spec alone. A plan that looks at a few connections measures its deletions against all
 * that is ours, and this is what is known of the others. Acceptances of partners' requests are not counted, because nobody knows which came.
 */
export function declaredBy({ spec: { service, endpoints = [] } }: ConnectionDocument): number {
  return (service ? ofService(service) : 0) + endpoints.reduce((sum, endpoint) => sum + ofEndpoint(endpoint), 0);
}

type Service = NonNullable<ConnectionDocument["spec"]["service"]>;
type Endpoint = NonNullable<ConnectionDocument["spec"]["endpoints"]>[number];

/** The service and its allowlist; a load balancer of ours has a listener and a target group for each port. */
function ofService({ loadBalancers, privateDns, notifications = [] }: Service): number {
  const balancers = loadBalancers.map((balancer) => ("arn" in balancer ? 0 : 1 + 2 * balancer.listeners.length));
  return 2 + balancers.reduce((sum, one) => sum + one, 0) + (privateDns?.zone ? 1 : 0) + notifications.length;
}

function ofEndpoint({ securityGroup, aliases = [], notifications = [] }: Endpoint): number {
  return 1 + (securityGroup ? 1 : 0) + aliases.length + notifications.length;
}
