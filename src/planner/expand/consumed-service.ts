import type { Id, Live, ServiceFact } from "../../model.ts";
import { endpointAddress, serviceAddress } from "../addresses.ts";
import { modeOf } from "../partners/mode.ts";
import { readParams } from "../partners/params.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { Context, Expansion } from "./context.ts";
import { nameHandoff } from "./name-handoff.ts";
import { type ServiceZones, unknownZones, zonesOfOwnService } from "./zones.ts";

/** The service that an endpoint consumes. */
export interface Consumed {
  readonly serviceName: Id;
  readonly region: string;
  /** How messages call it. */
  readonly label: string;
  readonly zones: ServiceZones;
  readonly privateDnsName?: string;
  /** What its consumer sees of a service of somebody else. */
  readonly seen?: ServiceFact;
  /** Set when the service is one of this project. */
  readonly provider?: { readonly connection: string; readonly target: string; readonly acceptanceRequired: boolean };
}

/**
 * Finds the service behind `service:`. Undefined while it cannot be consumed: its name is not known yet, or AWS does not show it to our
 * account; both are waits, with the hand-off that ends them.
 */
export function consumedService(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  live: Live | undefined,
  into: Expansion,
): Consumed | undefined {
  if (typeof spec.service === "object") return ownService(context, spec, spec.service.connection);
  if (spec.service === undefined) return ownService(context, spec, document.spec.metadata.name);
  if (spec.service === "pending") return pendingService(context, document, spec, index, live, into);
  return foreignService(context, document, spec, index, { name: spec.service, live }, into);
}

const regionOf = (context: Context, target: string): string => context.project.spec.targets[target]?.region ?? "";

function ownService(context: Context, spec: EndpointSpec, connection: string): Consumed | undefined {
  const document = context.connections.get(connection);
  const service = document?.spec.service;
  if (!document || !service) return undefined;
  const near = regionOf(context, service.target) === regionOf(context, spec.target);
  return {
    serviceName: { ref: serviceAddress(connection), output: "serviceName" },
    region: spec.serviceRegion ?? regionOf(context, service.target),
    label: serviceAddress(connection),
    zones: near ? zonesOfOwnService(context, document, service) : unknownZones,
    ...(service.privateDns ? { privateDnsName: service.privateDns.name.toLowerCase() } : {}),
    provider: { connection, target: service.target, acceptanceRequired: service.acceptance !== "automatic" },
  };
}

/** The connection waits for its partner; an endpoint that exists already is never deleted for the word `pending`. */
function pendingService(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  live: Live | undefined,
  into: Expansion,
): undefined {
  const connection = document.spec.metadata.name;
  const at = document.at(["endpoints", index, "service"]);
  if (live) {
    const message = `"service: pending", but the endpoint exists (${live.id}, to ${String(live.attributes.serviceName)}); write its service name back, or remove the endpoint from the spec to delete it`;
    into.findings.push({ id: "service.pending", severity: "error", connection, message, at });
    into.unresolved.add(connection);
    return undefined;
  }
  into.waits.push({
    connection,
    address: endpointAddress(connection, spec.name),
    on: "partner",
    for: `the name of the endpoint service (${whereTold(context, document, index)}, ${at.file}:${at.line})`,
    since: null,
    until: null,
  });
  if (!asksForAccess(context, document)) into.handoffs.push(nameHandoff(context, document, spec, at));
  return undefined;
}

/** Where the name is to come from: the field that says `pending`, or what the profile makes the name of. */
function whereTold({ profiles }: Context, { spec }: ConnectionDocument, index: number): string {
  const profile = spec.partner && profiles.get(spec.partner.profile);
  const missing = profile && spec.partner ? readParams(profile, spec.partner, modeOf(spec, profile)).later : [];
  const [param] = missing.filter((name) =>
    profile?.template(profile.spec.consumer?.service.name ?? "").uses.has(`params.${name}`),
  );
  if (param === undefined) return `endpoints[${index}].service is "pending"`;
  return `partner.params.${param}: ${profile?.spec.params?.[param]?.obtain}`;
}

/** Whether the profile says how to ask for a service and for access to it, in the partner's own words. */
const asksForAccess = ({ profiles }: Context, { spec }: ConnectionDocument): boolean => {
  const profile = profiles.get(spec.partner?.profile ?? "");
  const handoffs = [...(profile?.spec.consumer?.handoffs ?? []), ...(profile?.spec.handoffs ?? [])];
  return handoffs.some(({ at }) => at.includes("start"));
};

function foreignService(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  { name, live }: { readonly name: string; readonly live: Live | undefined },
  into: Expansion,
): Consumed | undefined {
  const connection = document.spec.metadata.name;
  const at = () => document.at(["endpoints", index, "service"]);
  const region = spec.serviceRegion ?? regionOf(context, spec.target);
  const account = context.project.spec.targets[spec.target]?.account;
  const seen = context.cloud.service(spec.target, name);
  const hint = `AWS does not show ${name} to account ${account} in ${region}: its owner has to allow arn:aws:iam::${account}:root, or the name or the Region is wrong`;
  if (!seen && !live) {
    into.waits.push({
      connection,
      address: endpointAddress(connection, spec.name),
      on: "partner",
      for: `access to its service. ${hint} (${at().file}:${at().line})`,
      since: null,
      until: null,
    });
    if (!asksForAccess(context, document)) into.handoffs.push(nameHandoff(context, document, spec, at(), name));
    return undefined;
  }
  if (!seen)
    into.findings.push({
      id: "service.hidden",
      severity: "warning",
      connection,
      message: `${hint}. The endpoint ${live?.id} stays as it is`,
      at: at(),
    });
  return {
    serviceName: name,
    region,
    label: name,
    zones: { ids: seen?.azIds ?? [], remedy: "ask its owner to add the zone" },
    ...(seen ? { seen } : {}),
    ...(seen?.privateDnsName === undefined ? {} : { privateDnsName: seen.privateDnsName }),
  };
}
