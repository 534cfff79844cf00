import type { Estate, Live } from "../../model.ts";
import { privateDnsAddress, serviceAddress } from "../addresses.ts";
import { dayNumber, dayText, durationDays } from "../dates.ts";
import { checkPrincipal } from "../specs/forms/principal.ts";
import type { JsonMap } from "../specs/json.ts";
import { sameNamed } from "./arrange.ts";
import { draftBalancer } from "./balancer.ts";
import { type Context, type Draft, draftNotifications, find, list, Notes } from "./context.ts";

/** Connections that carry traffic or are about to. */
const CONNECTED = ["pending", "available"];

/** The connection that provides this endpoint service. */
export function draftService(context: Context, estate: Estate, live: Live, name: string): Draft {
  const notes = new Notes(name);
  const { attributes, id } = live;
  notes.adopts(serviceAddress(name), id);
  const loadBalancers = list(attributes.loadBalancerArns).map((arn, index) =>
    draftBalancer(context, estate, name, arn, ["service", "loadBalancers", index], notes),
  );
  const service = {
    ...sameNamed(attributes, "ServiceSpec", context.schema),
    target: estate.snapshot.target,
    loadBalancers,
    acceptance: attributes.acceptanceRequired === false ? "automatic" : "required",
    ...draftAccepted(context, estate, live),
    ...draftPrincipals(context, estate, live, notes),
    ...draftPrivateDns(context, estate, live, name, notes),
    ...draftNotifications(estate, id),
  };
  return { name, id, target: estate.snapshot.target, spec: { service, adopt: notes.adopt }, remarks: notes.remarks };
}

/** The connections that stand; an endpoint that a spec declares needs no name here. */
function draftAccepted(context: Context, { snapshot }: Estate, { id, attributes }: Live): JsonMap {
  if (attributes.acceptanceRequired === false) return {};
  const accept = snapshot.connections
    .filter(({ serviceId, state }) => serviceId === id && CONNECTED.includes(state))
    .filter(({ endpointId }) => !context.isDeclared(endpointId))
    .map(({ endpointId, owner }) => ({
      endpoint: endpointId,
      reason: `imported from ${id} on ${context.day}: connected, of account ${owner}; say why`,
    }));
  return accept.length > 0 ? { connections: { accept } } : {};
}

function draftPrincipals(context: Context, estate: Estate, live: Live, notes: Notes): JsonMap {
  const automatic = live.attributes.acceptanceRequired === false;
  const entries = principalsOf(estate, live.id).filter((principal) => {
    const why =
      principal === "*" && automatic
        ? "it lets everybody connect without being asked"
        : checkPrincipal(principal)?.message;
    if (why !== undefined)
      notes.above(["service", "target"], `the plan takes the principal ${principal} away, because ${why}`);
    return why === undefined;
  });
  if (entries.length === 0) return {};
  const { maxGrant } = context.project.spec.policy.principals;
  const days = maxGrant === undefined ? undefined : durationDays(maxGrant);
  // The policy wants an end: the latest that it allows, until a person says better.
  const until = days === undefined ? {} : { until: dayText(dayNumber(context.day) + days) };
  notes.above(
    ["service", "allowedPrincipals"],
    days === undefined
      ? "say why of each, and until when where it may end (until: YYYY-MM-DD)"
      : "say why of each, and until when",
  );
  return {
    allowedPrincipals: entries.map((principal) => ({
      principal,
      reason: `imported from ${live.id} on ${context.day}; say why`,
      ...until,
    })),
  };
}

/** Who may connect to a service of the estate. */
export const principalsOf = (estate: Estate, serviceId: string): string[] =>
  list(find(estate, "allowlist", serviceId)?.attributes.principals);

/** With the zone when its proof lies there and can become ours; otherwise the proof stays whose it is. */
function draftPrivateDns(context: Context, estate: Estate, live: Live, connection: string, notes: Notes): JsonMap {
  const name = live.attributes.privateDnsName;
  if (typeof name !== "string") return {};
  const proof = estate.snapshot.resources.find(
    ({ kind, attributes }) => kind === "private-dns" && attributes.serviceId === live.id,
  );
  if (!proof || context.cannot.has(live.id)) {
    notes.above(
      ["service", "privateDns", "name"],
      "its TXT proof is not managed here: it does not lie in a public zone of this account, or another hand keeps it",
    );
    return { privateDns: { name } };
  }
  const { zoneId, recordName } = proof.attributes;
  notes.adopts(privateDnsAddress(connection), `${zoneId}/${recordName}`);
  return { privateDns: { name, zone: zoneId } };
}
