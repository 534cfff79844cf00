import type { Finding } from "../../model.ts";
import { compareText } from "../collections.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type * as Written from "../specs/connection.generated.ts";
import { endpointName, type Path, parsePorts, type ConnectionDocument as WrittenDocument } from "../specs/index.ts";
import { targetOfRecord } from "../wanted-dns.ts";
import { proofZoneChoice, zoneChoice } from "./choices.ts";
import { type Chooser, chooseGroup, chooseSubnets, chooseVpc, chooseZone, UNKNOWN } from "./choose.ts";
import type {
  ConnectionDocument,
  EndpointSpec,
  ManagedLoadBalancerSpec,
  ManagedSecurityGroupSpec,
  ServiceSpec,
} from "./resolved-specs.ts";

/** Specs that know only ids. */
export interface Selection {
  readonly connections: ReadonlyMap<string, ConnectionDocument>;
  readonly findings: readonly Finding[];
  /** Connections that could not be resolved: what lives of them is left as it is. */
  readonly unresolved: ReadonlySet<string>;
}

type Refuse = Chooser["refuse"];

/**
 * Replaces what specs name by tags, names and domains by the ids that the cloud shows for them, so that nobody after this step has to know
 * that there is any other way to name a thing. Only `planned` connections are told what is wrong with them: of others not all may have
 * been read.
 */
export function resolveSelectors(
  documents: readonly WrittenDocument[],
  cloud: SnapshotIndex,
  planned: (connection: string) => boolean,
): Selection {
  const findings: Finding[] = [];
  const unresolved = new Set<string>();
  const refuseFor =
    (document: Pick<WrittenDocument, "spec" | "at">): Refuse =>
    (id, message, path) => {
      const connection = document.spec.metadata.name;
      if (!planned(connection)) return;
      unresolved.add(connection);
      findings.push({ id, severity: "error", connection, message, at: document.at(path) });
    };
  const connections = new Map(
    [...documents]
      .sort((a, b) => compareText(a.spec.metadata.name, b.spec.metadata.name))
      .map((document) => [document.spec.metadata.name, resolveDocument(document, cloud, refuseFor(document))]),
  );
  checkClaims([...connections.values()], planned, refuseFor);
  return { connections, findings, unresolved };
}

function resolveDocument(document: WrittenDocument, cloud: SnapshotIndex, refuse: Refuse): ConnectionDocument {
  const { service, endpoints, records, ...spec } = document.spec;
  const chooser = (target: string): Chooser => ({ target, seen: cloud.target(target), refuse });
  const resolved = records?.map((record, index) => ({
    ...record,
    zone: chooseZone(chooser(targetOfRecord(document.spec, record)), zoneChoice(record.zone), [
      "records",
      index,
      "zone",
    ]),
  }));
  return {
    ...document,
    spec: {
      ...spec,
      ...(service ? { service: resolveService(service, chooser(service.target), cloud) } : {}),
      ...(endpoints ? { endpoints: endpoints.map((one, index) => resolveEndpoint(one, index, chooser)) } : {}),
      ...(resolved ? { records: resolved } : {}),
    },
  };
}

function resolveService(spec: Written.ServiceSpec, chooser: Chooser, cloud: SnapshotIndex): ServiceSpec {
  const { privateDns } = spec;
  const zone = privateDns?.zone;
  const proofZone =
    zone === undefined ? {} : { zone: chooseZone(chooser, proofZoneChoice(zone), ["service", "privateDns", "zone"]) };
  return {
    ...spec,
    loadBalancers: spec.loadBalancers.map((balancer, index) =>
      "arn" in balancer ? balancer : resolveLoadBalancer(balancer, ["service", "loadBalancers", index], chooser, cloud),
    ),
    ...(privateDns ? { privateDns: { ...privateDns, ...proofZone } } : {}),
  };
}

function resolveLoadBalancer(
  { securityGroups, ...spec }: Written.ManagedLoadBalancerSpec,
  path: Path,
  chooser: Chooser,
  cloud: SnapshotIndex,
): ManagedLoadBalancerSpec {
  const subnets = chooseSubnets(chooser, spec.subnets, undefined, [...path, "subnets"]);
  const [subnet = UNKNOWN] = subnets;
  // Groups are looked for where the subnets are; unknown subnets are told elsewhere.
  const vpcId = subnet === UNKNOWN ? UNKNOWN : cloud.subnet(chooser.target, subnet)?.vpcId;
  const groups = securityGroups?.map((group, index) =>
    chooseGroup(chooser, group, vpcId, [...path, "securityGroups", index]),
  );
  return { ...spec, subnets, ...(groups ? { securityGroups: groups } : {}) };
}

function resolveEndpoint(
  { securityGroup, securityGroups, aliases, ...spec }: Written.EndpointSpec,
  index: number,
  chooserOf: (target: string) => Chooser,
): EndpointSpec {
  const path = ["endpoints", index];
  const chooser = chooserOf(spec.target);
  const vpc = chooseVpc(chooser, spec.vpc, [...path, "vpc"]);
  const groups = securityGroups?.map((group, number) =>
    chooseGroup(chooser, group, vpc, [...path, "securityGroups", number]),
  );
  const zones = aliases?.map((alias, number) => ({
    ...alias,
    zone: chooseZone(chooserOf(alias.target ?? spec.target), zoneChoice(alias.zone), [
      ...path,
      "aliases",
      number,
      "zone",
    ]),
  }));
  return {
    ...spec,
    vpc,
    subnets: chooseSubnets(chooser, spec.subnets, vpc, [...path, "subnets"]),
    ...(groups ? { securityGroups: groups } : {}),
    ...(securityGroup ? { securityGroup: resolveOwnGroup(securityGroup, vpc, chooser, path) } : {}),
    ...(zones ? { aliases: zones } : {}),
  };
}

/** AWS refuses a rule that is there already, and two ways to name a group may lead to the same rule. */
function resolveOwnGroup(
  { ingress, ...spec }: Written.ManagedSecurityGroupSpec,
  vpc: string,
  chooser: Chooser,
  endpoint: Path,
): ManagedSecurityGroupSpec {
  if (!ingress) return spec;
  const seen = new Set<string>();
  const rules = ingress.map((rule, index) => {
    const path = [...endpoint, "securityGroup", "ingress", index];
    const from =
      typeof rule.from === "string"
        ? rule.from
        : chooseGroup(chooser, rule.from.securityGroup, vpc, [...path, "from", "securityGroup"]);
    const range = parsePorts(rule.ports);
    const key = [rule.protocol ?? "tcp", range?.from, range?.to, from].join(" ");
    if (from !== UNKNOWN && seen.has(key))
      chooser.refuse("ingress.duplicate", `this rule lets in ${from}, as one before it does already; keep one`, path);
    seen.add(key);
    return { ...rule, from };
  });
  return { ...spec, ingress: rules };
}

/** One name in one zone belongs to one endpoint or record, also when one spec names the zone by its domain and the other by its id. */
function checkClaims(
  documents: readonly ConnectionDocument[],
  planned: (connection: string) => boolean,
  refuseFor: (document: ConnectionDocument) => Refuse,
): void {
  const claims = new Map<string, Claim>();
  for (const claim of documents.flatMap(claimsOf)) {
    const keys = claim.slots.map((slot) => `${claim.zone} ${claim.name} ${slot}`);
    const earlier = keys.map((key) => claims.get(key)).find((one) => one !== undefined);
    for (const key of keys) claims.set(key, earlier ?? claim);
    if (earlier === undefined) continue;
    // Under `--only` the one that is planned is told, whichever comes first.
    const [told, other] = planned(claim.document.spec.metadata.name) ? [claim, earlier] : [earlier, claim];
    const { file, line } = other.document.at(other.path);
    refuseFor(told.document)(
      "dns.claimed",
      `${claim.name} in zone ${claim.zone} is claimed by ${other.owner} of "${other.document.spec.metadata.name}" already, in ${file}:${line}; a name leads to one endpoint: choose another name or take one of the two out`,
      told.path,
    );
  }
}

interface Claim {
  readonly document: ConnectionDocument;
  /** As messages call it. */
  readonly owner: string;
  readonly zone: string;
  readonly name: string;
  /** What of the name it takes; a CNAME leaves room for nothing else. */
  readonly slots: readonly ("address" | "text")[];
  readonly path: Path;
}

function claimsOf(document: ConnectionDocument): Claim[] {
  const { endpoints = [], records = [] } = document.spec;
  const aliases = endpoints.flatMap((endpoint, index) =>
    (endpoint.aliases ?? []).map(({ zone, name }, number): Claim => {
      const owner = `endpoint "${endpointName(endpoint)}"`;
      const path = ["endpoints", index, "aliases", number, "name"];
      return { document, owner, zone, name: name.toLowerCase(), slots: ["address"], path };
    }),
  );
  const values = records.map(({ zone, name, type }, index): Claim => {
    const slots = type === "TXT" ? (["text"] as const) : (["address", "text"] as const);
    const path = ["records", index, "name"];
    return { document, owner: `a ${type} record`, zone, name: name.toLowerCase(), slots, path };
  });
  return [...aliases, ...values].filter(({ zone }) => zone !== UNKNOWN);
}
