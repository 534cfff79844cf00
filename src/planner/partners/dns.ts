import type {
  ConnectionSpec,
  EndpointSpec,
  HostedZoneRecordSpec,
  HostedZoneSpec,
  RecordSpec,
} from "../specs/connection.generated.ts";
import type { ConnectionDocument, ProjectDocument } from "../specs/documents.ts";
import { nameInZone, ZONE_ID } from "../specs/forms/dns.ts";
import { isZoneId } from "../specs/forms/zone.ts";
import type { Path } from "../specs/problem.ts";
import { leadsToPartner } from "./mode.ts";
import type { Profile, Profiles } from "./profile.ts";
import { render } from "./render.ts";
import { valuesInSpec } from "./spec-values.ts";
import type { Values } from "./values.ts";

type Document = Pick<ConnectionDocument, "spec" | "at">;
type Project = Pick<ProjectDocument, "spec">;

/**
 * Fills in the names that a profile asks for: the private hosted zone of each endpoint that leads to the partner, and the public CNAME by which
 * the partner's clients find our service. What a spec says itself wins; what is made from parameters that nobody has told yet comes once they are.
 */
export function withPartnerDns<D extends Document>(document: D, project: Project, profiles: Profiles): D {
  const { partner, service, endpoints } = document.spec;
  const profile = partner && profiles.get(partner.profile);
  if (!profile) return document;
  const zoned = endpoints?.map((endpoint) => withZone(document, endpoint, project, profile));
  const record = service && publicRecord(document, service, project, profile);
  const written = document.spec.records ?? [];
  const records = record && !written.some((one) => isSame(one, record)) ? [...written, record] : undefined;
  if (!records && !zoned?.some((endpoint, index) => endpoint !== endpoints?.[index])) return document;
  const at = (path: Path) =>
    document.at(path[0] === "records" && Number(path[1]) >= written.length ? ["partner", "params"] : path);
  return {
    ...document,
    at,
    spec: { ...document.spec, ...(zoned ? { endpoints: zoned } : {}), ...(records ? { records } : {}) },
  };
}

const isSame = (one: RecordSpec, other: RecordSpec): boolean => one.name === other.name && one.type === other.type;

function withZone(document: Document, endpoint: EndpointSpec, project: Project, profile: Profile): EndpointSpec {
  const dns = profile.spec.consumer?.dns;
  if (dns?.mode !== "private-zone" || endpoint.hostedZone !== undefined || !leadsToPartner(endpoint, profile))
    return endpoint;
  const { target, name = "main" } = endpoint;
  const values = valuesInSpec(document, { target, endpoint: name }, project, profile);
  const hostedZone = zoneOf(dns, values, profile);
  return hostedZone ? { ...endpoint, hostedZone } : endpoint;
}

type Dns = NonNullable<NonNullable<Profile["spec"]["consumer"]>["dns"]>;

/** Undefined while its domain, or everything in it, waits for parameters. */
function zoneOf({ zone, records = [] }: Dns, values: Values, profile: Profile): HostedZoneSpec | undefined {
  const name = zone === undefined ? undefined : plain(filled(profile, zone, values));
  if (name === undefined) return undefined;
  const each = new Map([...values, ["zone.id", ZONE_ID] as const]);
  const all = records.flatMap((record): HostedZoneRecordSpec[] => {
    const full = plain(filled(profile, record.name, each));
    if (full === undefined) return [];
    const { type, to, ttl } = record;
    return [
      {
        name: relative(full, name),
        type,
        ...(to === undefined ? {} : { to }),
        ...(type === "CNAME" && ttl !== undefined ? { ttl } : {}),
      },
    ];
  });
  const once = new Map(all.map((record) => [nameInZone(record.name, name), record]));
  return once.size === 0 ? undefined : { name, records: [...once.values()] };
}

/** A partner may tell whole names; what lies in the zone is said within it. */
function relative(name: string, zone: string): string {
  if (name === zone) return "@";
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : name;
}

function publicRecord(
  document: Document,
  { target }: NonNullable<ConnectionSpec["service"]>,
  project: Project,
  profile: Profile,
): RecordSpec | undefined {
  const dns = profile.spec.provider?.dns;
  if (dns?.mode !== "public-cname") return undefined;
  const values = valuesInSpec(document, { target }, project, profile);
  const [name, zone, to] = [dns.name, dns.zone, dns.to].map((text) =>
    text === undefined ? undefined : filled(profile, text, values),
  );
  if (name === undefined || zone === undefined || to === undefined) return undefined;
  return {
    name: plain(name) ?? name,
    // Whoever is to resolve it is outside our VPCs.
    zone: isZoneId(zone) ? zone : { name: plain(zone) ?? zone, private: false },
    type: "CNAME",
    values: [plain(to) ?? to],
    ...(dns.ttl === undefined ? {} : { ttl: dns.ttl }),
  };
}

function filled(profile: Profile, text: string, values: Values): string | undefined {
  const rendered = render(profile, text, values);
  return "text" in rendered && rendered.text.trim() !== "" ? rendered.text.trim() : undefined;
}

/** As Route 53 gives names back; partners print them in all manners. */
const plain = (name: string | undefined): string | undefined => name?.toLowerCase().replace(/\.$/, "");
