import type { Wanted } from "../model.ts";
import { endpointAddress, loadBalancerAddress, securityGroupAddress, targetGroupAddress } from "./addresses.ts";
import { asSet } from "./collections.ts";
import { awsNames, type Sha256 } from "./names.ts";
import type { ConnectionDocument, ProjectDocument } from "./specs/index.ts";

type Lists = {
  -readonly [K in keyof Omit<Wanted, "connections">]: Wanted[K] extends readonly (infer E)[] ? E[] : Wanted[K];
};

/**
 * What a run has to look at, by target. With `only`, just what these connections and the services they refer to need; reading then costs
 * the same whatever the size of the estate.
 */
export function wantedByTarget(
  project: ProjectDocument,
  connections: readonly ConnectionDocument[],
  sha256: Sha256,
  only?: readonly string[],
): ReadonlyMap<string, Wanted> {
  const scope = only && withProviders(connections, only);
  const wanted = new Map<string, Lists>(
    only ? [] : Object.keys(project.spec.targets).map((target) => [target, nothing()]),
  );
  const at = (target: string): Lists => {
    const lists = wanted.get(target) ?? nothing();
    wanted.set(target, lists);
    return lists;
  };
  for (const document of connections) {
    const name = document.spec.metadata.name;
    if (scope && !scope.has(name)) continue;
    wantOfService(project, document, at, sha256, !only || only.includes(name));
    if (!only || only.includes(name)) wantOfEndpoints(project, document, at, sha256);
  }
  return new Map(
    [...wanted].map(([target, lists]) => [
      target,
      { ...dedupe(lists), ...(scope ? { connections: asSet([...scope]) } : {}) },
    ]),
  );
}

/** Nothing wanted: a target that only removals lead to. */
export const nothing = (): Lists => ({
  subnetIds: [],
  loadBalancerNames: [],
  targetGroupNames: [],
  targetGroupsWithTargets: [],
  securityGroupNames: [],
  loadBalancerArns: [],
  services: [],
  zoneIds: [],
  records: [],
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

function wantOfService(
  project: ProjectDocument,
  document: ConnectionDocument,
  at: (target: string) => Lists,
  sha256: Sha256,
  planned: boolean,
): void {
  const { service, metadata } = document.spec;
  if (!service) return;
  const lists = at(service.target);
  lists.provides = true;
  if (!planned) return;
  const owner = project.spec.metadata.name;
  for (const balancer of service.loadBalancers) {
    if ("arn" in balancer) {
      lists.loadBalancerArns.push(balancer.arn);
      continue;
    }
    const address = loadBalancerAddress(metadata.name, balancer.name);
    lists.subnetIds.push(...balancer.subnets);
    lists.loadBalancerNames.push(...awsNames(owner, address, [metadata.name, balancer.name], sha256));
    for (const { port, targetGroup } of balancer.listeners) {
      const names = awsNames(
        owner,
        targetGroupAddress(address, port),
        [metadata.name, balancer.name, String(port)],
        sha256,
      );
      lists.targetGroupNames.push(...names);
      if (targetGroup.targets) lists.targetGroupsWithTargets.push(...names);
    }
  }
  if (service.privateDns?.zone) lists.zoneIds.push(service.privateDns.zone);
}

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
    lists.subnetIds.push(...endpoint.subnets);
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
      lists.zoneIds.push(alias.zone);
      lists.records.push({ zoneId: alias.zone, name: alias.name.toLowerCase() });
    }
  }
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
    securityGroupNames: texts(lists.securityGroupNames),
    loadBalancerArns: texts(lists.loadBalancerArns),
    zoneIds: texts(lists.zoneIds),
    services: objects(lists.services),
    records: objects(lists.records),
  };
}
