import type { Filter, ServiceConfiguration, VpcEndpointConnection } from "@aws-sdk/client-ec2";
import { type ByMark, oursAndAdopted } from "./adoption.ts";
import type { Ownership } from "./ownership.ts";
import type { Reads } from "./reads.ts";
import { isGone, lower } from "./states.ts";

/** An endpoint service of ours. */
export interface OwnedService {
  readonly id: string;
  readonly owner: Ownership;
  readonly service: ServiceConfiguration;
}

/** Our endpoint services within the scope, without those that AWS lists although they are gone. */
export async function ownedServices(reads: Reads): Promise<OwnedService[]> {
  return (await markedServices(reads)).owned.map(({ id, item, owner }) => ({ id, owner, service: item }));
}

/** The same with what specs adopt although another project owns it. */
export async function markedServices(reads: Reads): Promise<ByMark<ServiceConfiguration>> {
  const list = async (filters: readonly Filter[]) =>
    (await reads.endpointServices(filters)).filter(({ ServiceState }) => !isGone(ServiceState));
  return oursAndAdopted(reads, {
    prefix: /^vpce-svc-/,
    filter: "service-id",
    list,
    idOf: ({ ServiceId = "" }) => ServiceId,
  });
}

/** One endpoint service, whatever its state; undefined when there is none. */
export async function serviceById(reads: Reads, id: string): Promise<ServiceConfiguration | undefined> {
  const services = await reads.endpointServices([{ Name: "service-id", Values: [id] }]);
  return services.find(({ ServiceId }) => ServiceId === id);
}

/**
 * Connections to our services within the scope, in every state. A full run asks for all of the account in one list; a limited one asks for
 * its own services only, so that its cost does not grow with the estate.
 */
export async function connectionsToOurs(
  reads: Reads,
): Promise<{ readonly service: OwnedService; readonly connection: VpcEndpointConnection }[]> {
  const services = await ownedServices(reads);
  const byId = new Map(services.map((service) => [service.id, service]));
  const connections = await (reads.wanted.connections ? reads.connections([...byId.keys()]) : reads.connections());
  return connections.flatMap((connection) => {
    const service = byId.get(connection.ServiceId ?? "");
    return service ? [{ service, connection }] : [];
  });
}

/** The Region in a service's name: `com.amazonaws.vpce.eu-west-1.vpce-svc-...` or `com.amazonaws.eu-west-1.s3`. */
export const regionOfService = (serviceName: string): string | undefined =>
  serviceName.split(".").find((part) => /^[a-z]{2}(-[a-z]+)+-\d+$/.test(part));

/** What AWS asks for to prove that the private DNS name is ours, and how far it has got. */
export interface ProofRequest {
  readonly name: string;
  /** The TXT record's full name. */
  readonly recordName: string;
  readonly recordValue: string;
  /** Lower case: pendingverification, verified, failed. */
  readonly state: string;
}

/** Undefined when the service has no private DNS name; AWS then leaves the element out or sends an empty one. */
export function proofRequestOf(service: ServiceConfiguration): ProofRequest | undefined {
  const { Name, Value, State } = service.PrivateDnsNameConfiguration ?? {};
  const name = lower(service.PrivateDnsName);
  if (!name || !Name || !Value) return undefined;
  const domain = name.replace(/^\*\./, "");
  const label = lower(Name).replace(/\.$/, "");
  // AWS gives either the bare label or the whole name.
  const recordName = label === domain || label.endsWith(`.${domain}`) ? label : `${label}.${domain}`;
  return { name, recordName, recordValue: Value, state: lower(State) };
}
