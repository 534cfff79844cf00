import type { Adoption, Wanted } from "../model.ts";
import {
  endpointAddress,
  listenerAddress,
  loadBalancerAddress,
  securityGroupAddress,
  targetGroupAddress,
} from "./addresses.ts";
import { asSet } from "./collections.ts";
import { awsNames, type Sha256 } from "./names.ts";
import { wantForPartner } from "./partners/checks/wanted.ts";
import type { Profiles } from "./partners/profile.ts";
import { type Rename, renamesOf, withFormer } from "./renames/index.ts";
import { groupsOf, proofZoneChoice, zoneChoice } from "./selectors/choices.ts";
import {
  dedupeSelectors,
  noSelectors,
  type Place,
  wantGroups,
  wantSubnets,
  wantVpc,
  wantZone,
} from "./selectors/wanted.ts";
import type { ListenerSpec } from "./specs/connection.generated.ts";
import type { ConnectionDocument, ProjectDocument } from "./specs/index.ts";
import { shareZones, targetOfRecord, wantHostedZones, wantRecords } from "./wanted-dns.ts";

type Lists = Place & {
  -readonly [K in keyof Omit<Wanted, "connections" | "selectors" | "adopt">]: Wanted[K] extends readonly (infer E)[]
    ? E[]
    : Wanted[K];
} & { adopt: Adoption[] };

/**
 * What a run has to look at, by target. With `only`, just what these connections and the services they refer to need; reading then costs
 * the same whatever the size of the estate. `former` are earlier versions of their specs: what they named and nobody names now has to be found
 * to be removed, and who consumes a service of ours has to be known to be ours.
 */
export function wantedByTarget(
  project: ProjectDocument,
  connections: readonly ConnectionDocument[],
  sha256: Sha256,
  only?: readonly string[],
  former?: readonly ConnectionDocument[],
  profiles: Profiles = new Map(),
): ReadonlyMap<string, Wanted> {
  const consumers = only && former ? consumersOf(connections, only) : [];
  const scope = only && new Set([...withProviders(connections, only), ...consumers.map(nameOf)]);
  const renames = renamesOf(connections);
  const wanted = new Map<string, Lists>(
    only ? [] : Object.keys(project.spec.targets).map((target) => [target, nothing()]),
  );
  const at = (target: string): Lists => {
    const lists = wanted.get(target) ?? nothing();
    wanted.set(target, lists);
    return lists;
  };
  for (const document of consumers) for (const { target } of document.spec.endpoints ?? []) at(target).consumes = true;
  for (const document of former ?? [])
    if (!only || only.includes(nameOf(document)))
      wantOfFormer(project, document, (target) => (project.spec.targets[target] ? at(target) : nothing()));
  const planned = only && withProviders(connections, only);
  for (const document of connections) {
    const name = nameOf(document);
    if (planned && !planned.has(name)) continue;
    wantOfService(project, document, at, sha256, !only || only.includes(name), renames);
    if (!only || only.includes(name)) {
      wantOfEndpoints(project, document, at, sha256);
      wantHostedZones(project, document, at, renames);
      wantRecords(document, at);
    }
    wantAdoptions(document, at);
    if (!only || only.includes(name)) wantForPartner(document.spec, profiles, at, renames);
  }
  shareZones(project, wanted);
  return new Map(
    [...wanted].map(([target, lists]) => [
      target,
      { ...dedupe(lists), ...(scope ? { connections: underAllNames(scope, renames) } : {}) },
    ]),
  );
}

/** What a rename has not reached yet still carries the old name. */
const underAllNames = (scope: ReadonlySet<string>, renames: readonly Rename[]): readonly string[] =>
  asSet([...scope].flatMap((name) => withFormer(name, renames)));

/** Nothing wanted: a target that only removals lead to. */
export const nothing = (): Lists => ({
  subnetIds: [],
  loadBalancerNames: [],
  targetGroupNames: [],
  targetGroupsWithTargets: [],
  listenersWithIdleTimeout: [],
  elbAddresses: [],
  nearLimits: false,
  securityGroupNames: [],
  loadBalancerArns: [],
  services: [],
  zoneIds: [],
  records: [],
  adopt: [],
  selectors: noSelectors(),
  provides: false,
  consumes: false,
});

/** The named connections and those whose services they consume. */
function withProviders(connections: readonly ConnectionDocument[], only: readonly string[]): ReadonlySet<string> {
  const named = connections.filter(({ spec }) => only.includes(spec.metadata.name));
  const providers = named
    .flatMap(({ spec }) => spec.endpoints ?? [])
    .map(({ service }) => (typeof service === "object" ? service.connection : undefined));
  return new Set([...only, ...providers.filter((name) => name !== undefined)]);
}

const nameOf = ({ spec }: ConnectionDocument): string => spec.metadata.name;

/** Other connections that consume a service of the named ones: their endpoints are read, so that nobody takes them for strangers. */
const consumersOf = (connections: readonly ConnectionDocument[], only: readonly string[]): ConnectionDocument[] =>
  connections.filter(
    (document) =>
      !only.includes(nameOf(document)) &&
      (document.spec.endpoints ?? []).some(
        ({ service }) => typeof service === "object" && only.includes(service.connection),
      ),
  );

/** Where the resources of a spec as it was are found: by their marks, and records by their names. What it asked about others is not asked again. */
function wantOfFormer(project: ProjectDocument, document: ConnectionDocument, at: (target: string) => Lists): void {
  const { service, endpoints = [] } = document.spec;
  wantHostedZones(project, document, at, []);
  wantRecords(document, at);
  if (service) {
    at(service.target).provides = true;
    if (service.privateDns?.zone) wantZone(at(service.target), proofZoneChoice(service.privateDns.zone));
  }
  for (const { target, aliases = [] } of endpoints) {
    at(target).consumes = true;
    for (const { target: elsewhere = target, zone, name } of aliases)
      wantZone(at(elsewhere), zoneChoice(zone), name.toLowerCase());
  }
}

function wantOfService(
  project: ProjectDocument,
  document: ConnectionDocument,
  at: (target: string) => Lists,
  sha256: Sha256,
  planned: boolean,
  renames: readonly Rename[],
): void {
  const { service, metadata } = document.spec;
  if (!service) return;
  const lists = at(service.target);
  lists.provides = true;
  // The zones of a service are compared with those of its endpoints, whichever of the two is planned.
  for (const balancer of service.loadBalancers) if (!("arn" in balancer)) wantSubnets(lists, balancer.subnets);
  if (!planned) return;
  const owner = project.spec.metadata.name;
  for (const balancer of service.loadBalancers) {
    if ("arn" in balancer) {
      lists.loadBalancerArns.push(balancer.arn);
      continue;
    }
    const address = loadBalancerAddress(metadata.name, balancer.name);
    lists.elbAddresses.push(address);
    if (isLarge(balancer.listeners)) lists.nearLimits = true;
    wantGroups(lists, balancer.securityGroups ?? []);
    lists.loadBalancerNames.push(...awsNames(owner, address, [metadata.name, balancer.name], sha256));
    for (const { port, targetGroup, idleTimeoutSeconds } of balancer.listeners) {
      lists.elbAddresses.push(targetGroupAddress(address, port));
      if (idleTimeoutSeconds !== undefined)
        lists.listenersWithIdleTimeout.push(...withFormer(listenerAddress(address, port), renames));
      const names = awsNames(
        owner,
        targetGroupAddress(address, port),
        [metadata.name, balancer.name, String(port)],
        sha256,
      );
      lists.targetGroupNames.push(...names);
      if (targetGroup.targets)
        lists.targetGroupsWithTargets.push(...withFormer(targetGroupAddress(address, port), renames));
    }
  }
  if (service.privateDns?.zone) wantZone(lists, proofZoneChoice(service.privateDns.zone));
}

/** Well below AWS's lowest defaults: 50 listeners, 500 targets. */
const isLarge = (listeners: readonly ListenerSpec[]): boolean =>
  listeners.length > 40 ||
  listeners.reduce((sum, { targetGroup }) => sum + (targetGroup.targets?.length ?? 0), 0) > 400;

function wantOfEndpoints(
  project: ProjectDocument,
  document: ConnectionDocument,
  at: (target: string) => Lists,
  sha256: Sha256,
): void {
  const connection = document.spec.metadata.name;
  for (const endpoint of document.spec.endpoints ?? []) {
    const lists = at(endpoint.target);
    const name = endpoint.name ?? "main";
    lists.consumes = true;
    wantVpc(lists, endpoint.vpc, endpoint.privateDns);
    wantSubnets(lists, endpoint.subnets);
    wantGroups(lists, groupsOf(endpoint));
    if (typeof endpoint.service === "string" && endpoint.service !== "pending") {
      lists.services.push({
        name: endpoint.service,
        region: endpoint.serviceRegion ?? project.spec.targets[endpoint.target]?.region ?? "",
      });
    }
    if (endpoint.securityGroup) {
      const address = securityGroupAddress(endpointAddress(connection, name));
      // Groups of ours are found by their tags under whatever name; only the name of a new one can be taken by somebody else.
      lists.securityGroupNames.push(awsNames(project.spec.metadata.name, address, [connection, name], sha256)[0]);
    }
    for (const alias of endpoint.aliases ?? []) {
      wantZone(at(alias.target ?? endpoint.target), zoneChoice(alias.zone), alias.name.toLowerCase());
    }
  }
}

/** Ids tell neither account nor Region, so adoptees are looked for wherever the connection has something. */
function wantAdoptions({ spec }: ConnectionDocument, at: (target: string) => Lists): void {
  const { metadata, service, endpoints = [], adopt = [], records = [] } = spec;
  if (adopt.length === 0) return;
  const targets = [
    ...(service ? [service.target] : []),
    ...records.map((record) => targetOfRecord(spec, record)),
    ...endpoints.flatMap(({ target, aliases = [] }) => [target, ...aliases.map((alias) => alias.target ?? target)]),
  ];
  for (const target of asSet(targets))
    at(target).adopt.push(...adopt.map(({ address, id }) => ({ id, address: `${metadata.name}/${address}` })));
}

/** Sorted and without repetition, so that a thousand specs that share a subnet ask for it once. */
function dedupe(lists: Lists): Omit<Wanted, "connections"> {
  const texts = (values: readonly string[]) => asSet(values);
  const objects = <T>(values: readonly T[]): T[] =>
    asSet(values.map((value) => JSON.stringify(value))).map((text) => JSON.parse(text) as T);
  return {
    ...lists,
    subnetIds: texts(lists.subnetIds),
    loadBalancerNames: texts(lists.loadBalancerNames),
    targetGroupNames: texts(lists.targetGroupNames),
    targetGroupsWithTargets: texts(lists.targetGroupsWithTargets),
    listenersWithIdleTimeout: texts(lists.listenersWithIdleTimeout),
    elbAddresses: texts(lists.elbAddresses),
    securityGroupNames: texts(lists.securityGroupNames),
    loadBalancerArns: texts(lists.loadBalancerArns),
    zoneIds: texts(lists.zoneIds),
    services: objects(lists.services),
    records: objects(lists.records),
    adopt: objects(lists.adopt),
    ...(lists.valueRecords ? { valueRecords: objects(lists.valueRecords) } : {}),
    selectors: dedupeSelectors(lists.selectors, objects),
  };
}
