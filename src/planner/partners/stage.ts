import type { Change, ConnectionFact, Live } from "../../model.ts";
import { allowlistAddress, endpointAddress, serviceAddress } from "../addresses.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ProjectDocument } from "../specs/documents.ts";
import { HOLDING } from "../staging/connected.ts";
import { mayBePartners } from "./acceptance.ts";
import { lets } from "./checks/facts/principals.ts";
import { valuesOf } from "./context.ts";
import { leadsToPartner } from "./mode.ts";
import type { Moment, Profile, Role } from "./profile.ts";
import { renderList } from "./render.ts";

/** A connection with a partner, the cloud as it is, and what the plan of now would change of it. */
export interface Situation {
  readonly project: ProjectDocument;
  readonly document: ConnectionDocument;
  readonly profile: Profile;
  readonly cloud: SnapshotIndex;
  /** Those of this connection. */
  readonly changes: readonly Change[];
}

/** A moment that one half of a connection is in, and what it is about. */
export interface Occasion {
  readonly moment: Moment;
  readonly role: Role;
  /** Our service or endpoint. */
  readonly address: string;
  /** The endpoint's name in the spec; absent for a service. */
  readonly endpoint?: string;
  /** The partner's request to our service. */
  readonly request?: ConnectionFact;
  /** Since when, ISO 8601, where AWS tells. */
  readonly since?: string;
}

/** Whether a spec says that everything of its connection is to go. */
export const isAbsent = ({ spec }: { readonly spec: { readonly state?: string } }): boolean => spec.state === "absent";

/** The moments that a connection is in: of its service, of each partner's request and of each endpoint that leads to the partner. */
export function occasionsOf(situation: Situation): readonly Occasion[] {
  const now = [...atService(situation), ...endpointsOf(situation).flatMap((one) => atEndpoint(one, situation))];
  const changed = now
    .filter(({ moment, address }) => moment === "active" && isChanged(address, situation))
    .map((one): Occasion => ({ ...one, moment: "changed" }));
  return [...now, ...changed];
}

/** The endpoints of others that hold on to a service of ours. */
export const othersAt = (cloud: SnapshotIndex, { target, id }: Live): readonly ConnectionFact[] =>
  cloud
    .connectionsTo(target, id)
    .filter(({ state, endpointId }) => HOLDING.includes(state) && !cloud.isOurEndpoint(endpointId));

function atService(situation: Situation): Occasion[] {
  const { project, document, profile, cloud, changes } = situation;
  if (!profile.spec.provider) return [];
  const { service, metadata } = document.spec;
  const address = serviceAddress(metadata.name);
  const all = cloud.at(address).filter(({ kind }) => kind === "endpoint-service");
  const live = all.find(({ target }) => target === service?.target) ?? all[0];
  const others = live ? othersAt(cloud, live) : [];
  const about = { role: "provider", address } as const;
  if (isAbsent(document) || !service) {
    if (!live) return [];
    const attached = others.map((request): Occasion => ({ ...about, moment: "removing", request }));
    return attached.length > 0 ? attached : [{ ...about, moment: "removing" }];
  }
  const partners = others.filter((fact) => mayBePartners({ project, document, profile, cloud }, fact));
  if (partners.length > 0) return partners.flatMap((request) => atRequest(request, about));
  const lacks = [address, allowlistAddress(metadata.name)];
  const stands = live?.state === "available" && !changes.some((change) => lacks.includes(change.address));
  const ready = stands && letsIn(situation);
  return [{ ...about, moment: ready ? "service-ready" : "start", ...since(live) }];
}

/** Whether everybody whom the partner asks from is allowed today: before that AWS tells the partner that our service does not exist. */
function letsIn({ project, document, profile, cloud }: Situation): boolean {
  const allow = profile.spec.provider?.principals.allow;
  if (!allow) return true;
  const needed = renderList(profile, allow, valuesOf({ project, document, profile, cloud, role: "provider" }));
  const [live] = cloud.at(allowlistAddress(document.spec.metadata.name));
  const granted = [live?.attributes.principals].flat().filter((one) => typeof one === "string");
  return "texts" in needed && needed.texts.every((one) => granted.some((grant) => lets(grant, one)));
}

/** Between acceptance and being available nobody has to do anything. */
function atRequest(request: ConnectionFact, about: Pick<Occasion, "role" | "address">): Occasion[] {
  const moment = MOMENT_OF_REQUEST[request.state];
  return moment === undefined ? [] : [{ ...about, moment, request, ...since(request) }];
}

const MOMENT_OF_REQUEST: { readonly [state: string]: Moment } = { pendingacceptance: "requested", available: "active" };

const since = (one: { readonly createdAt?: string } | undefined): Pick<Occasion, "since"> =>
  one?.createdAt === undefined ? {} : { since: one.createdAt };

/** An endpoint at the partner's service: one that the spec wants, or one that is left of what it wanted. */
interface PartnerEndpoint {
  readonly name: string;
  readonly spec?: EndpointSpec;
  readonly live: Live | undefined;
}

/** The endpoints of a connection that lead to its partner, those that only live included. */
export function endpointsOf({
  document,
  profile,
  cloud,
}: Pick<Situation, "document" | "profile" | "cloud">): PartnerEndpoint[] {
  if (!profile.spec.consumer) return [];
  const { metadata, endpoints = [] } = document.spec;
  const wanted = endpoints.flatMap((spec): PartnerEndpoint[] => {
    const name = spec.name ?? "main";
    if (!leadsToPartner(spec, profile)) return [];
    const at = cloud.at(endpointAddress(metadata.name, name));
    // While a replacement is under way the one that works is what the partner knows.
    return [{ name, spec, live: at.find(({ state }) => state === "available") ?? at[0] }];
  });
  const named = new Set(endpoints.map(({ name = "main" }) => endpointAddress(metadata.name, name)));
  const left = cloud.live.filter(
    (live) =>
      live.kind === "vpc-endpoint" &&
      live.connection === metadata.name &&
      !named.has(live.address) &&
      !isOurService(cloud, live),
  );
  return [...wanted, ...left.map((live) => ({ name: live.address.slice(live.address.lastIndexOf("/") + 1), live }))];
}

const isOurService = ({ live }: SnapshotIndex, { attributes }: Live): boolean =>
  live.some(({ kind, outputs }) => kind === "endpoint-service" && outputs.serviceName === attributes.serviceName);

function atEndpoint({ name, spec, live }: PartnerEndpoint, { document, cloud }: Situation): Occasion[] {
  const address = endpointAddress(document.spec.metadata.name, name);
  const about = { role: "consumer", address, endpoint: name, ...since(live) } as const;
  if (isAbsent(document) || !spec) return live ? [{ ...about, moment: "removing" }] : [];
  if (!live) return isShown(spec, cloud) ? [] : [{ ...about, moment: "start" }];
  if (live.state === "available") return [{ ...about, moment: "active" }];
  return ["pendingacceptance", "pending"].includes(live.state ?? "") ? [{ ...about, moment: "endpoint-created" }] : [];
}

/** Whether AWS shows us the partner's service, so that we are allowed to make an endpoint. */
const isShown = ({ target, service }: EndpointSpec, cloud: SnapshotIndex): boolean =>
  typeof service === "string" && service !== "pending" && cloud.service(target, service) !== undefined;

/** Accepting is the answer to a request and changes nothing of what is connected. */
const isChanged = (address: string, { changes }: Situation): boolean =>
  changes.some(
    ({ address: at, kind, temporary }) =>
      (at === address || at.startsWith(`${address}/`)) && kind !== "acceptance" && !temporary,
  );
