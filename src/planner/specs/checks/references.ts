import type { EndpointSpec, ServiceSpec } from "../connection.generated.ts";
import type { CheckedConnection, World } from "../documents.ts";
import { accountOfPrincipal } from "../forms/principal.ts";
import { type Path, quote, type Report } from "../problem.ts";
import type { TargetSpec } from "../project.generated.ts";
import { suggestion } from "../suggest.ts";
import { targetOf } from "./places.ts";

/** An endpoint of this project and the service of this project that it consumes. */
interface Pair {
  path: Path;
  endpoint: EndpointSpec;
  provider: CheckedConnection;
  service: ServiceSpec;
  /** Where each of the two lives. */
  consumerTarget: TargetSpec;
  providerTarget: TargetSpec;
}

/** The endpoints of one connection against the services of this project that they consume. */
export function checkReferences(connection: CheckedConnection, world: World, report: Report): void {
  for (const [index, endpoint] of (connection.spec.endpoints ?? []).entries()) {
    const path = ["endpoints", index];
    const provider = providerOf(path, endpoint, connection, world, report);
    const service = provider?.spec.service;
    const consumerTarget = targetOf(world.project, endpoint.target);
    const providerTarget = service === undefined ? undefined : targetOf(world.project, service.target);
    if (!provider || !service || !consumerTarget || !providerTarget) continue;
    const pair: Pair = { path, endpoint, provider, service, consumerTarget, providerTarget };
    checkAllowed(pair, report);
    checkPrivateDns(pair, report);
    checkAddressType(pair, report);
    checkRegions(pair, report);
  }
}

/** The name of the connection of this project that an endpoint consumes, or undefined when its service is somebody else's or pending. */
export function referenceOf(endpoint: EndpointSpec, own: string): string | undefined {
  if (endpoint.service === undefined) return own;
  return typeof endpoint.service === "string" ? undefined : endpoint.service.connection;
}

function providerOf(
  path: Path,
  endpoint: EndpointSpec,
  connection: CheckedConnection,
  world: World,
  report: Report,
): CheckedConnection | undefined {
  const own = connection.spec.metadata.name;
  const name = referenceOf(endpoint, own);
  if (name === undefined) return undefined;
  const provider = name === own ? connection : world.byName.get(name);
  if (provider?.spec.state === "absent" && connection.spec.state !== "absent") {
    report([...path, "service", "connection"], {
      code: "reference.absent",
      message: `the connection ${quote(name)} is to go (state: absent in ${provider.file}), and this endpoint uses its service`,
      hint: "take this endpoint out first, or write state: absent here too",
    });
    return undefined;
  }
  if (provider === undefined) {
    if (!world.complete) return undefined;
    report([...path, "service", "connection"], {
      code: "reference.unknown",
      message: `the project has no connection ${quote(name)}${nearProvider(name, world)}`,
      hint: "name a connection of this project that has a service",
    });
  } else if (provider.spec.service === undefined && !provider.partial) {
    const message =
      endpoint.service === undefined
        ? "the endpoint names no service, and this document provides none"
        : `the connection ${quote(name)} provides no service${nearProvider(name, world)}`;
    report(endpoint.service === undefined ? path : [...path, "service", "connection"], {
      code: "reference.no-service",
      message,
      hint: "write the service's name, {connection: NAME}, or pending while the partner has not told it yet",
    });
  }
  return provider;
}

function nearProvider(name: string, world: World): string {
  const providers = world.connections.filter(({ spec }) => spec.service !== undefined);
  return suggestion(
    name,
    providers.map(({ spec }) => spec.metadata.name),
  );
}

/** AWS shows a service only to principals that it allows; the account that owns it always sees it. */
function checkAllowed(
  { path, endpoint, provider, service, consumerTarget, providerTarget }: Pair,
  report: Report,
): void {
  const { account, region } = consumerTarget;
  if (account === providerTarget.account || provider.partial) return;
  const allowed = (service.allowedPrincipals ?? []).some(
    ({ principal }) => principal === "*" || accountOfPrincipal(principal) === account,
  );
  if (allowed) return;
  const { file, line } = provider.at(["service", "allowedPrincipals"]);
  report(endpoint.service === undefined ? path : [...path, "service"], {
    code: "principal.missing",
    message: `the service of "${provider.spec.metadata.name}" does not allow account ${account}, in which this endpoint lives`,
    hint: `add to service.allowedPrincipals (${file}:${line}):  - {principal: "arn:${partitionOf(region)}:iam::${account}:root", reason: "..."}`,
  });
}

function partitionOf(region: string): string {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return region.startsWith("cn-") ? "aws-cn" : "aws";
}

function checkPrivateDns({ path, endpoint, provider, service }: Pair, report: Report): void {
  if (endpoint.privateDns !== true || service.privateDns !== undefined || provider.partial) return;
  report([...path, "privateDns"], {
    code: "private-dns.missing",
    message: `the service of "${provider.spec.metadata.name}" has no private DNS name that could resolve to this endpoint`,
    hint: "give the service privateDns: {name: ...}, or leave privateDns out here and use aliases",
  });
}

function checkAddressType({ path, endpoint, provider, service }: Pair, report: Report): void {
  const wanted = endpoint.ipAddressType ?? "ipv4";
  const offered: readonly string[] = service.ipAddressTypes ?? ["ipv4"];
  const missing = (wanted === "dualstack" ? ["ipv4", "ipv6"] : [wanted]).filter((type) => !offered.includes(type));
  if (missing.length === 0 || provider.partial) return;
  report([...path, "ipAddressType"], {
    code: "address-type.unsupported",
    message: `the endpoint is ${wanted}, but the service of "${provider.spec.metadata.name}" does not offer ${missing.join(" and ")}`,
    hint: `add ${missing.join(", ")} to the service's ipAddressTypes, or choose another ipAddressType here`,
  });
}

function checkRegions(
  { path, endpoint, provider, service, consumerTarget, providerTarget }: Pair,
  report: Report,
): void {
  const [theirs, ours] = [providerTarget.region, consumerTarget.region];
  if (endpoint.serviceRegion !== undefined && endpoint.serviceRegion !== theirs) {
    report([...path, "serviceRegion"], {
      code: "region.mismatch",
      message: `the service of "${provider.spec.metadata.name}" is in ${theirs}, serviceRegion says ${endpoint.serviceRegion}`,
      hint: `write serviceRegion: ${theirs}`,
    });
  } else if (endpoint.serviceRegion === undefined && theirs !== ours) {
    report(endpoint.service === undefined ? path : [...path, "service"], {
      code: "region.missing",
      message: `the service of "${provider.spec.metadata.name}" is in ${theirs}, the endpoint in ${ours}`,
      hint: `add serviceRegion: ${theirs}`,
    });
  }
  if (theirs === ours || provider.partial || service.supportedRegions?.includes(ours)) return;
  const { file, line } = provider.at(["service", "supportedRegions"]);
  report([...path, "target"], {
    code: "region.unsupported",
    message: `the service of "${provider.spec.metadata.name}" takes no consumers from ${ours}`,
    hint: `add ${ours} to service.supportedRegions (${file}:${line})`,
  });
}
