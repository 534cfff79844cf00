import type { ConnectionFact } from "../../model.ts";
import { endpointAddress, serviceAddress } from "../addresses.ts";
import { asSet } from "../collections.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ProjectDocument } from "../specs/documents.ts";
import { leadsToPartner, modeOf } from "./mode.ts";
import { readParams } from "./params.ts";
import type { Profile, Role } from "./profile.ts";
import type { Known, Values } from "./values.ts";

/** What templates and checks are about. */
export interface Subject {
  readonly profile: Profile;
  readonly project: ProjectDocument;
  readonly document: ConnectionDocument;
  readonly cloud: SnapshotIndex;
  /** Whose account and Region `our` means; without it those of the service, or of the endpoint when there is no service. */
  readonly role?: Role;
  /** The name of the endpoint that `endpoint` means; without it the only one that leads to the partner, and nothing when there are several. */
  readonly endpoint?: string;
  /** The partner's request that `request` means. */
  readonly request?: Pick<ConnectionFact, "endpointId" | "owner">;
  /** What `changes` means: the plan's changes in words. */
  readonly changes?: string;
}

/** Everything that is known about a connection with a partner, by the path that placeholders use. */
export function valuesOf(subject: Subject): Values {
  const { profile, document, request, changes } = subject;
  const { metadata, partner } = document.spec;
  const mode = modeOf(document.spec, profile);
  const { values: params } = readParams(profile, partner ?? {}, mode);
  const endpoint = endpointOf(subject);
  const entries: readonly (readonly [string, Known | undefined])[] = [
    ...[...params].map(([name, value]) => [`params.${name}`, value] as const),
    ...ourselves(subject, endpoint),
    ...ourService(subject),
    ...(endpoint ? ourEndpoint(subject, endpoint) : []),
    ["connection.name", metadata.name],
    ["connection.owner", metadata.owner],
    ["mode", mode],
    ["request.id", request?.endpointId],
    ["request.account", request?.owner],
    ["changes", changes],
  ];
  return new Map(entries.flatMap(([path, value]) => (value === undefined ? [] : [[path, value] as const])));
}

type Entries = readonly (readonly [string, Known | undefined])[];

/** The endpoint that the subject names, or the only one that leads to the partner. */
function endpointOf({ document, profile, endpoint: name }: Subject): EndpointSpec | undefined {
  const endpoints = document.spec.endpoints ?? [];
  if (name !== undefined) return endpoints.find((endpoint) => nameOf(endpoint) === name);
  const [only, ...others] = endpoints.filter((endpoint) => leadsToPartner(endpoint, profile));
  return others.length === 0 ? only : undefined;
}

const nameOf = ({ name = "main" }: EndpointSpec): string => name;

/** With several endpoints in one place, that place is ours even though none of them is meant. */
function ourselves(subject: Subject, endpoint: EndpointSpec | undefined): Entries {
  const { document, project, profile, role } = subject;
  const { service, endpoints = [] } = document.spec;
  const provides = role === undefined ? service !== undefined : role === "provider";
  const consumers = endpoint ? [endpoint] : endpoints.filter((one) => leadsToPartner(one, profile));
  const names = provides ? (service ? [service.target] : []) : consumers.map(({ target }) => target);
  const targets = names.flatMap((name) => project.spec.targets[name] ?? []);
  return [
    ["our.account", onlyOne(targets.map(({ account }) => account))],
    ["our.region", onlyOne(targets.map(({ region }) => region))],
  ];
}

const onlyOne = (values: readonly string[]): string | undefined => {
  const [first, ...others] = new Set(values);
  return others.length === 0 ? first : undefined;
};

function ourService({ document, project, cloud }: Subject): Entries {
  const { metadata, service } = document.spec;
  if (!service) return [];
  const [live] = cloud.at(serviceAddress(metadata.name));
  return [
    ["service.name", live?.outputs.serviceName],
    ["service.id", live?.outputs.serviceId],
    ["service.region", project.spec.targets[service.target]?.region],
    ["service.ports", portsOf(service)],
  ];
}

/** The listeners' ports; those of load balancers that are not ours are not known. */
function portsOf({ loadBalancers }: NonNullable<Subject["document"]["spec"]["service"]>): number[] | undefined {
  const ports = loadBalancers.map((balancer) =>
    "arn" in balancer ? undefined : balancer.listeners.map(({ port }) => port),
  );
  if (ports.includes(undefined)) return undefined;
  return [...new Set(ports.flatMap((some) => some ?? []))].sort((a, b) => a - b);
}

function ourEndpoint({ document, project, cloud }: Subject, endpoint: EndpointSpec): Entries {
  const name = nameOf(endpoint);
  const [live] = cloud.at(endpointAddress(document.spec.metadata.name, name));
  const zones = endpoint.subnets.map((id) => cloud.subnet(endpoint.target, id)?.azId);
  return [
    ["endpoint.name", name],
    ["endpoint.id", live?.outputs.endpointId],
    ["endpoint.dnsName", live?.outputs.dnsName],
    ["endpoint.region", project.spec.targets[endpoint.target]?.region],
    ["endpoint.zones", zones.includes(undefined) ? undefined : asSet(zones.flatMap((zone) => zone ?? []))],
  ];
}
