import type { ConnectionFact, KindName, Live, ServiceFact, Snapshot, SubnetFact, TargetSnapshot } from "../model.ts";
import { acceptanceOf } from "./addresses.ts";
import { groupBy } from "./collections.ts";
import { type Rename, underNewNames } from "./renames/index.ts";

/** A snapshot with the look-ups that planning needs. */
export interface SnapshotIndex {
  readonly snapshot: Snapshot;
  readonly live: readonly Live[];
  target(name: string): TargetSnapshot | undefined;
  /** Every live object with this address; more than one while a replacement is under way. */
  at(address: string): readonly Live[];
  /** Whether an endpoint is one of this project's own, in whatever target, or may be: it lies in an account whose target could not be read. */
  isOurEndpoint(id: string): boolean;
  /** One of this project's own endpoints, in whatever target. */
  endpoint(id: string): Live | undefined;
  subnet(target: string, id: string): SubnetFact | undefined;
  service(target: string, name: string): ServiceFact | undefined;
  /** Connections to one of our services. */
  connectionsTo(target: string, serviceId: string): readonly ConnectionFact[];
}

/** Indexes a snapshot; acceptances of our own endpoints move to the address of the spec that declares them, renamed objects to their new one. */
export function indexSnapshot(snapshot: Snapshot, renames: readonly Rename[] = []): SnapshotIndex {
  const targets = new Map(snapshot.targets.map((target) => [target.target, target]));
  const live = rehome(underNewNames(onceEach(snapshot.targets), renames));
  const byAddress = groupBy(live, (object) => object.address);
  const unread = new Set(snapshot.targets.flatMap(({ account, error }) => (error ? [account] : [])));
  const own = new Map(live.filter(({ kind }) => kind === "vpc-endpoint").map((one) => [one.id, one]));
  const endpoints = new Set([
    ...own.keys(),
    ...snapshot.targets
      .flatMap((target) => target.connections)
      .flatMap(({ owner, endpointId }) => (unread.has(owner) ? [endpointId] : [])),
  ]);
  const subnets = new Map(
    snapshot.targets.flatMap((target) => target.subnets.map((subnet) => [`${target.target} ${subnet.id}`, subnet])),
  );
  const services = new Map(
    snapshot.targets.flatMap((target) =>
      target.services.map((service) => [`${target.target} ${service.name}`, service]),
    ),
  );
  const connections = new Map(
    snapshot.targets.flatMap((target) => [
      ...groupBy(target.connections, (one) => `${target.target} ${one.serviceId}`),
    ]),
  );
  return {
    snapshot,
    live,
    target: (name) => targets.get(name),
    at: (address) => byAddress.get(address) ?? [],
    isOurEndpoint: (id) => endpoints.has(id),
    endpoint: (id) => own.get(id),
    subnet: (target, id) => subnets.get(`${target} ${id}`),
    service: (target, name) => services.get(`${target} ${name}`),
    connectionsTo: (target, serviceId) => connections.get(`${target} ${serviceId}`) ?? [],
  };
}

/** Route 53 belongs to an account, not to a Region: every target of the account sees the same records. */
export const isGlobal = (kind: KindName): boolean => GLOBAL.has(kind);

const GLOBAL: ReadonlySet<KindName> = new Set([
  "dns-record",
  "private-dns",
  "value-record",
  "hosted-zone",
  "zone-association",
  "zone-authorization",
]);

/** What several targets of one account see is one object. */
function onceEach(targets: readonly TargetSnapshot[]): Live[] {
  const seen = new Set<string>();
  return targets.flatMap(({ account, resources }) =>
    resources.filter(({ kind, id }) => {
      const key = `${account} ${kind} ${id}`;
      const again = isGlobal(kind) && seen.has(key);
      seen.add(key);
      return !again;
    }),
  );
}

/**
 * A provider's view of a connection knows only the endpoint's id. When that endpoint is one of ours, its acceptance belongs to the spec
 * that declares the endpoint, and so does its address.
 */
function rehome(live: readonly Live[]): Live[] {
  const endpoints = new Map(
    live.filter(({ kind }) => kind === "vpc-endpoint").map((endpoint) => [endpoint.id, endpoint]),
  );
  return live.map((object) => {
    const endpoint = object.kind === "acceptance" ? endpoints.get(String(object.attributes.endpointId)) : undefined;
    return endpoint ? { ...object, address: acceptanceOf(endpoint.address), connection: endpoint.connection } : object;
  });
}
