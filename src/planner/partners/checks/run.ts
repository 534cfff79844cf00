import type { Change, Desired, Finding } from "../../../model.ts";
import { endpointAddress, serviceAddress } from "../../addresses.ts";
import { groupBy } from "../../collections.ts";
import type { ConnectionDocument } from "../../selectors/resolved-specs.ts";
import type { SnapshotIndex } from "../../snapshot-index.ts";
import type { ProjectDocument } from "../../specs/documents.ts";
import { valuesOf } from "../context.ts";
import { leadsToPartner, modeOf } from "../mode.ts";
import { readParams } from "../params.ts";
import type { CheckSpec, Mode, Profile, Profiles } from "../profile.ts";
import { render } from "../render.ts";
import type { Values } from "../values.ts";
import { holds } from "../when.ts";
import { CHECKS } from "./index.ts";
import type { CheckSubject, Half } from "./subject.ts";
import type { Verdict } from "./verdict.ts";

/** What the checks of all profiles are run on. */
export interface Judged {
  readonly project: ProjectDocument;
  readonly profiles: Profiles;
  /** The connections to judge. */
  readonly connections: readonly ConnectionDocument[];
  readonly cloud: SnapshotIndex;
  readonly desired: readonly Desired[];
  readonly changes: readonly Change[];
}

/** What partners have against what the specs want: each check of each profile, once for the service and once for each endpoint that leads to the partner. */
export function partnerFindings(judged: Judged): Finding[] {
  const desired = new Map(judged.desired.map((one) => [one.address, one]));
  const changes = groupBy(judged.changes, ({ connection }) => connection);
  return judged.connections.flatMap((document) => {
    const profile = judged.profiles.get(document.spec.partner?.profile ?? "");
    const mode = profile && modeOf(document.spec, profile);
    if (!profile || !mode) return [];
    const changed = (changes.get(document.spec.metadata.name) ?? []).map(({ address }) => address);
    const { values: params } = readParams(profile, document.spec.partner ?? {}, mode);
    const common = {
      ...{ profile, document, params, project: judged.project, cloud: judged.cloud },
      confirmed: confirmedIn(document),
      desired: (address: string) => desired.get(address),
      changes: (address: string) => changed.some((one) => one === address || one.startsWith(`${address}/`)),
    };
    return onceEach(halvesOf(document, profile).flatMap((half) => findingsOf({ ...common, half }, mode)));
  });
}

type Common = Omit<CheckSubject, "id" | "values">;

function findingsOf(common: Common, mode: Mode): Finding[] {
  const { profile, half, params } = common;
  const checks = profile.spec[half.role]?.checks ?? [];
  const values = valuesFor(common);
  return checks
    .filter(({ when }) => holds(when, { mode, params }))
    .flatMap((check) => {
      const subject = { ...common, id: check.id, values };
      return CHECKS[check.kind].judge(check.args ?? {}, subject).map((verdict) => finding(check, verdict, subject));
    });
}

/** Our service, and the endpoints that lead to the partner. */
function halvesOf({ spec: { service, endpoints = [] } }: ConnectionDocument, profile: Profile): Half[] {
  return [
    ...(service ? [{ role: "provider", service } as const] : []),
    ...endpoints.flatMap((endpoint, index) =>
      leadsToPartner(endpoint, profile) ? [{ role: "consumer", endpoint, index } as const] : [],
    ),
  ];
}

function valuesFor({ profile, project, document, cloud, half }: Common): Values {
  const endpoint = half.role === "consumer" ? { endpoint: half.endpoint.name ?? "main" } : {};
  return valuesOf({ profile, project, document, cloud, role: half.role, ...endpoint });
}

/** The sentence says what was found, then what the profile demands and on whose word. */
function finding(check: CheckSpec, verdict: Verdict, subject: CheckSubject): Finding {
  const { document, half, profile } = subject;
  const connection = document.spec.metadata.name;
  const demand = `${demandOf(check, subject)} (${profile.name}, source: ${check.source})`;
  return {
    id: check.id,
    severity: "waitsFor" in verdict ? "info" : check.severity,
    connection,
    ...(isAboutParameters(check) ? {} : { address: addressOf(connection, half) }),
    message: "found" in verdict && verdict.found !== "" ? `${verdict.found}. ${demand}` : demand,
    at: document.at(verdict.at),
    ...(check.waivable ? { waivable: true } : {}),
    ...("waitsFor" in verdict ? { deferred: verdict.waitsFor } : {}),
  };
}

/** A demand that cannot be filled in yet is said as the profile has it. */
function demandOf({ message }: CheckSpec, { profile, values }: CheckSubject): string {
  const rendered = render(profile, message, values);
  return ("text" in rendered ? rendered.text : message).trim();
}

const isAboutParameters = ({ kind }: CheckSpec): boolean => kind === "manual" || kind.startsWith("params.");

const addressOf = (connection: string, half: Half): string =>
  half.role === "provider" ? serviceAddress(connection) : endpointAddress(connection, half.endpoint.name ?? "main");

/** What the spec confirms, by id. */
const confirmedIn = ({ spec: { partner } }: ConnectionDocument): ReadonlySet<string> =>
  new Set((partner?.confirm ?? []).map(({ id }) => id));

/** Both halves may have the same check, and several endpoints the same parameters. */
const onceEach = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((one) => [JSON.stringify([one.id, one.address, one.message, one.at]), one])).values(),
];
