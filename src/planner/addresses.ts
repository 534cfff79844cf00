/** The address of every resource of a connection: the one place that says how they are called. */
export const serviceAddress = (connection: string): string => `${connection}/service`;
export const loadBalancerAddress = (connection: string, name: string): string =>
  `${serviceAddress(connection)}/nlb/${name}`;
export const listenerAddress = (balancer: string, port: number): string => `${balancer}/listener/${port}`;
export const targetGroupAddress = (balancer: string, port: number): string => `${balancer}/target-group/${port}`;
export const allowlistAddress = (connection: string): string => `${serviceAddress(connection)}/allowlist`;
export const privateDnsAddress = (connection: string): string => `${serviceAddress(connection)}/private-dns`;
/** An acceptance that the service's own spec names. That of an endpoint of ours stands with the endpoint: see `acceptanceOf`. */
export const acceptanceAddress = (connection: string, endpointId: string): string =>
  `${serviceAddress(connection)}/acceptance/${endpointId}`;
export const endpointAddress = (connection: string, name = "main"): string => `${connection}/endpoint/${name}`;
export const acceptanceOf = (endpoint: string): string => `${endpoint}/acceptance`;
/** Of a service or an endpoint; without `arn:aws:sns:`, as AWS's partition is the target's. */
export const notificationAddress = (owner: string, topicArn: string): string =>
  `${owner}/notification/${topicArn.split(":").slice(3).join(":")}`;
export const securityGroupAddress = (endpoint: string): string => `${endpoint}/security-group`;
export const aliasAddress = (endpoint: string, name: string): string => `${endpoint}/dns/${name}`;
/** A CNAME or TXT record in a zone that exists. */
export const recordAddress = (connection: string, name: string, type: string): string =>
  `${connection}/record/${name}/${type.toLowerCase()}`;
/** A private zone of ours, and what hangs on it; its alias records stand under `aliasAddress` of it. */
export const hostedZoneAddress = (endpoint: string): string => `${endpoint}/hosted-zone`;
export const zoneRecordAddress = (zone: string, name: string): string => recordAddress(zone, name, "CNAME");
export const zoneAssociationAddress = (zone: string, vpcId: string): string => `${zone}/vpc/${vpcId}`;
export const zoneAuthorizationAddress = (zone: string, vpcId: string): string => `${zone}/authorization/${vpcId}`;
