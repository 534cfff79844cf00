import type { ConnectionFact, HealthFacts, Live, TargetHealthFact, VerificationFact } from "../../model.ts";
import { aliasAddress, allowlistAddress } from "../addresses.ts";
import { compareText } from "../collections.ts";
import { dayNumber } from "../dates.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ConnectionDocument } from "../specs/index.ts";

/** Who is connected to a service of ours, or asks to be. */
export interface ConsumerStatus {
  readonly endpointId: string;
  /** The consumer's account. */
  readonly account: string;
  /** AWS's word in lower case. */
  readonly state: string;
  /** ISO 8601. */
  readonly since?: string;
  /** The consumer's Region, when it is another. */
  readonly region?: string;
  /** Whether a spec names it, declares the endpoint, or lets everybody in. */
  readonly expected: boolean;
  /** The reason that the spec gives. */
  readonly reason?: string;
  /** The connection of this project whose endpoint it is. */
  readonly connection?: string;
}

/** One allowed principal that the spec grants. */
export interface GrantStatus {
  readonly principal: string;
  readonly reason?: string;
  /** `YYYY-MM-DD`, the last day; absent: without an end. */
  readonly until?: string;
  /** Days until then; negative once it is over. */
  readonly daysLeft?: number;
  /** Whether AWS allows it now. */
  readonly allowed: boolean;
}

export interface ServiceStatus {
  readonly target: string;
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly loadBalancers: HealthFacts["loadBalancers"];
  readonly targets: readonly TargetHealthFact[];
  /** Its private DNS name, where it has one. */
  readonly verification?: VerificationFact;
  readonly connections: readonly ConsumerStatus[];
  readonly grants: readonly GrantStatus[];
}

export interface AliasStatus {
  readonly name: string;
  /** Absent: the record is not there. */
  readonly zoneId?: string;
  readonly pointsTo?: string;
  /** Whether it leads to a DNS name of the endpoint. */
  readonly pointsAtEndpoint: boolean;
}

export interface EndpointStatus {
  readonly target: string;
  readonly name: string;
  readonly id: string;
  readonly state: string;
  readonly since?: string;
  /** The name of the service that it consumes, and whose it is where AWS tells. */
  readonly service: string;
  readonly serviceOwner?: string;
  readonly dnsName?: string;
  /** Where it resolves the service's private DNS name: that name and how far its owner has got with proving it. */
  readonly privateDns?: { readonly name: string; readonly state: string };
  readonly aliases: readonly AliasStatus[];
}

export function serviceStatus(
  live: Live,
  document: ConnectionDocument | undefined,
  cloud: SnapshotIndex,
  now: string,
): ServiceStatus {
  const health = cloud.target(live.target)?.health;
  const arns = textsOf(live.attributes.loadBalancerArns);
  const verification = health?.verifications.find(({ serviceId }) => serviceId === live.id);
  return {
    target: live.target,
    id: live.id,
    name: live.outputs.serviceName ?? "",
    state: live.state ?? "",
    loadBalancers: (health?.loadBalancers ?? []).filter(({ arn }) => arns.includes(arn)),
    targets: (health?.targets ?? []).filter(({ loadBalancerArn }) => arns.includes(loadBalancerArn)),
    ...(verification ? { verification } : {}),
    connections: cloud
      .connectionsTo(live.target, live.id)
      .map((fact) => consumerStatus(fact, document, cloud, cloud.target(live.target)?.region))
      .sort((a, b) => compareText(a.endpointId, b.endpointId)),
    grants: grantsOf(live.connection, document, cloud, now),
  };
}

function consumerStatus(
  { endpointId, owner, state, createdAt, region }: ConnectionFact,
  document: ConnectionDocument | undefined,
  cloud: SnapshotIndex,
  home: string | undefined,
): ConsumerStatus {
  const { accept = [], reject = [] } = document?.spec.service?.connections ?? {};
  const rule = [...reject, ...accept].find((one) =>
    "endpoint" in one ? one.endpoint === endpointId : one.account === owner,
  );
  const ours = cloud.endpoint(endpointId);
  return {
    endpointId,
    account: owner,
    state,
    ...(createdAt === undefined ? {} : { since: createdAt }),
    ...(region === undefined || region === home ? {} : { region }),
    expected:
      rule !== undefined || cloud.isOurEndpoint(endpointId) || document?.spec.service?.acceptance === "automatic",
    ...(rule?.reason === undefined ? {} : { reason: rule.reason }),
    ...(ours ? { connection: ours.connection } : {}),
  };
}

function grantsOf(
  connection: string,
  document: ConnectionDocument | undefined,
  cloud: SnapshotIndex,
  now: string,
): GrantStatus[] {
  const allowed = cloud.at(allowlistAddress(connection)).flatMap(({ attributes }) => textsOf(attributes.principals));
  const grants = (document?.spec.service?.allowedPrincipals ?? []).map(
    ({ principal, reason, until }): GrantStatus => ({
      principal,
      ...(reason === undefined ? {} : { reason }),
      ...(until === undefined ? {} : { until, daysLeft: dayNumber(until) - dayNumber(now) }),
      allowed: allowed.includes(principal),
    }),
  );
  return grants.sort((a, b) => compareText(a.until ?? "9", b.until ?? "9") || compareText(a.principal, b.principal));
}

/** `own`: everything that lives of the connection. */
export function endpointStatus(
  live: Live,
  document: ConnectionDocument | undefined,
  cloud: SnapshotIndex,
  own: readonly Live[],
): EndpointStatus {
  const service = String(live.attributes.serviceName ?? "");
  const fact = cloud.service(live.target, service);
  const { privateDnsName: name, privateDnsState: state } = fact ?? {};
  const resolves = live.attributes.privateDnsEnabled === true && name !== undefined && state !== undefined;
  return {
    target: live.target,
    name: live.address.slice(live.address.lastIndexOf("/") + 1),
    id: live.id,
    state: live.state ?? "",
    ...(live.createdAt === undefined ? {} : { since: live.createdAt }),
    service,
    ...(fact ? { serviceOwner: fact.owner } : {}),
    ...(live.outputs.dnsName === undefined ? {} : { dnsName: live.outputs.dnsName }),
    ...(resolves ? { privateDns: { name, state } } : {}),
    aliases: aliasesOf(live, document, own),
  };
}

/** The names that the spec wants, and those that are left of what it once wanted. */
function aliasesOf(endpoint: Live, document: ConnectionDocument | undefined, live: readonly Live[]): AliasStatus[] {
  const spec = document?.spec.endpoints?.find(({ name = "main" }) => endpoint.address.endsWith(`/endpoint/${name}`));
  const under = aliasAddress(endpoint.address, "");
  const records = live.filter(({ kind, address }) => kind === "dns-record" && address.startsWith(under));
  const wanted = (spec?.aliases ?? []).map(({ name }) => name.toLowerCase());
  const names = [...new Set([...wanted, ...records.map(({ attributes }) => String(attributes.name))])].sort(
    compareText,
  );
  return names.map((name) => {
    const record = records.find(({ attributes }) => attributes.name === name);
    if (!record) return { name, pointsAtEndpoint: false };
    const pointsTo = String(record.attributes.targetDnsName ?? "");
    return {
      name,
      zoneId: String(record.attributes.zoneId),
      pointsTo,
      pointsAtEndpoint: Object.values(endpoint.outputs).includes(pointsTo),
    };
  });
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((member) => typeof member === "string") : [];
