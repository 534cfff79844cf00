import type { PartnerWants } from "../../../model.ts";
import { loadBalancerAddress } from "../../addresses.ts";
import { asSet } from "../../collections.ts";
import { type Rename, withFormer } from "../../renames/index.ts";
import type { ConnectionSpec, EndpointSpec, ServiceSpec } from "../../specs/connection.generated.ts";
import { leadsToPartner } from "../mode.ts";
import type { Profile, Profiles, Role } from "../profile.ts";
import { CHECKS } from "./index.ts";
import type { Need } from "./subject.ts";

/** The facts of one target that checks may ask for. */
interface Place {
  forPartners?: PartnerWants;
}

/**
 * What the checks of the connection's profile judge and planning does not read anyway. It costs calls that other connections are spared.
 */
export function wantForPartner(
  spec: ConnectionSpec,
  profiles: Profiles,
  at: (target: string) => Place,
  renames: readonly Rename[],
): void {
  const profile = profiles.get(spec.partner?.profile ?? "");
  if (!profile) return;
  const { service, endpoints = [] } = spec;
  if (service)
    add(at, service.target, wantsOfService(spec.metadata.name, service, needsOf(profile, "provider"), renames));
  if (!needsOf(profile, "consumer").has("ingress")) return;
  for (const endpoint of endpoints)
    if (leadsToPartner(endpoint, profile)) add(at, endpoint.target, wantsOfEndpoint(endpoint));
}

/** Sorted and without repetition; a target of which nothing is wanted stays untouched. */
function add(at: (target: string) => Place, target: string, more: PartnerWants): void {
  if (!more.ingressOfChosen && more.health.length + more.balancers.length + more.ingress.length === 0) return;
  const place = at(target);
  const so = place.forPartners;
  place.forPartners = {
    health: asSet([...(so?.health ?? []), ...more.health]),
    balancers: asSet([...(so?.balancers ?? []), ...more.balancers]),
    ingress: asSet([...(so?.ingress ?? []), ...more.ingress]),
    ingressOfChosen: so?.ingressOfChosen === true || more.ingressOfChosen,
  };
}

const needsOf = ({ spec }: Profile, role: Role): ReadonlySet<Need> =>
  new Set((spec[role]?.checks ?? []).flatMap(({ kind }) => CHECKS[kind].needs ?? []));

function wantsOfService(
  connection: string,
  { loadBalancers }: ServiceSpec,
  needs: ReadonlySet<Need>,
  renames: readonly Rename[],
): PartnerWants {
  const arns = loadBalancers.flatMap((balancer) => ("arn" in balancer ? [balancer.arn] : []));
  const own = loadBalancers.flatMap((balancer) =>
    "arn" in balancer ? [] : withFormer(loadBalancerAddress(connection, balancer.name), renames),
  );
  return {
    health: needs.has("health") ? [...arns, ...own] : [],
    balancers: needs.has("balancers") ? arns : [],
    ingress: [],
    ingressOfChosen: false,
  };
}

/** Of a group that Landline makes the spec tells the rules. */
function wantsOfEndpoint({ securityGroups = [] }: EndpointSpec): PartnerWants {
  return {
    health: [],
    balancers: [],
    ingress: securityGroups.filter((group) => typeof group === "string"),
    ingressOfChosen: securityGroups.some((group) => typeof group !== "string"),
  };
}
