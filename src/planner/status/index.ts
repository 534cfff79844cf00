import type { Finding, Live, Plan, Snapshot, Wait } from "../../model.ts";
import { endpointAddress, serviceAddress } from "../addresses.ts";
import { compareText, groupBy } from "../collections.ts";
import type { Profile, Profiles } from "../partners/profile.ts";
import { isAbsent } from "../partners/stage.ts";
import { renamesOf } from "../renames/index.ts";
import { indexSnapshot, type SnapshotIndex } from "../snapshot-index.ts";
import type { ConnectionDocument } from "../specs/index.ts";
import { type HalfStatus, judgeWithPartner, type PartnerStatus } from "./partner.ts";
import { type EndpointStatus, endpointStatus, type ServiceStatus, serviceStatus } from "./parts.ts";
import type { ConnectionState, Seen } from "./state.ts";

/** One connection as it stands now. */
export interface ConnectionStatus {
  readonly connection: string;
  /** As its spec says. */
  readonly owner?: string;
  readonly description?: string;
  readonly state: ConnectionState;
  /** The partner platform on the other side, where the spec names one. */
  readonly partner?: PartnerStatus;
  /** Of a connection in both directions: how far each has got. */
  readonly halves?: readonly HalfStatus[];
  /** Why it is not `active`, and whatever else is open, in sentences. */
  readonly reasons: readonly string[];
  /** How many changes an apply would make now. */
  readonly changes: number;
  readonly service?: ServiceStatus;
  readonly endpoints: readonly EndpointStatus[];
  readonly waits: readonly Wait[];
  /** Errors and warnings of the plan that are about it. */
  readonly findings: readonly Finding[];
}

export interface StatusInput {
  readonly connections: readonly ConnectionDocument[];
  /** The plan of now. */
  readonly plan: Plan;
  /** The partner profiles that the specs name, and perhaps others; absent: no spec names one. */
  readonly profiles?: Profiles;
  readonly snapshot: Snapshot;
  /** ISO 8601. */
  readonly now: string;
  readonly only?: readonly string[] | undefined;
}

/** The state of each connection, from what the specs want, what lives, how it fares, and what a plan of now would do. */
export function statusOf({ connections, plan, profiles, snapshot, now, only }: StatusInput): ConnectionStatus[] {
  const cloud = indexSnapshot(snapshot, renamesOf(connections));
  const declared = new Map(connections.map((document) => [document.spec.metadata.name, document]));
  const byConnection = <T extends { readonly connection?: string }>(items: readonly T[]) =>
    groupBy(items, ({ connection = "" }) => connection);
  const live = byConnection(cloud.live);
  const [changes, waits, findings] = [
    byConnection(plan.changes),
    byConnection(plan.waits),
    byConnection(plan.findings),
  ];
  return [...new Set([...declared.keys(), ...live.keys()])]
    .filter((name) => !only || only.includes(name))
    .sort(compareText)
    .map((connection) =>
      oneStatus({
        connection,
        document: declared.get(connection),
        profile: profiles?.get(declared.get(connection)?.spec.partner?.profile ?? ""),
        own: live.get(connection) ?? [],
        changes: changes.get(connection) ?? [],
        waits: waits.get(connection) ?? [],
        findings: findings.get(connection) ?? [],
        cloud,
        now,
      }),
    );
}

/** All there is about one connection. */
interface Subject extends Pick<Plan, "changes" | "waits" | "findings"> {
  readonly connection: string;
  readonly document: ConnectionDocument | undefined;
  readonly profile: Profile | undefined;
  readonly own: readonly Live[];
  readonly cloud: SnapshotIndex;
  readonly now: string;
}

function oneStatus(subject: Subject): ConnectionStatus {
  const { connection, document, own, changes, waits, findings, cloud, now } = subject;
  const provided = own.find(({ kind }) => kind === "endpoint-service");
  const consumed = own.filter(({ kind }) => kind === "vpc-endpoint");
  const main = [...(provided ? [provided] : []), ...consumed];
  const service = provided && serviceStatus(provided, document, cloud, now);
  const { owner, description } = document?.spec.metadata ?? {};
  const seen: Seen = {
    declared: document !== undefined,
    ...(document && isAbsent(document) ? { going: own.length } : {}),
    complete: mainAddresses(document).every((address) => main.some((object) => object.address === address)),
    main,
    requests: (service?.connections ?? []).filter(({ state, expected }) => state === "pendingacceptance" && !expected),
    changes,
    waits,
    findings,
    loadBalancers: service?.loadBalancers ?? [],
    targets: service?.targets ?? [],
    verification: service?.verification,
  };
  return {
    connection,
    ...(owner === undefined ? {} : { owner }),
    ...(description === undefined ? {} : { description }),
    ...judgeWithPartner(seen, {
      connection,
      document,
      profile: subject.profile,
      own,
      consumers: service?.connections ?? [],
      wanted: mainAddresses(document),
    }),
    changes: changes.length,
    ...(service ? { service } : {}),
    endpoints: [...consumed]
      .sort((a, b) => compareText(a.address, b.address))
      .map((object) => endpointStatus(object, document, cloud, own)),
    waits,
    findings: findings.filter(({ severity, waived }) => severity !== "info" && waived === undefined),
  };
}

/** The service and the endpoints that a spec wants. */
function mainAddresses(document: ConnectionDocument | undefined): string[] {
  if (!document || isAbsent(document)) return [];
  const { metadata, service, endpoints = [] } = document.spec;
  return [
    ...(service ? [serviceAddress(metadata.name)] : []),
    ...endpoints.map(({ name }) => endpointAddress(metadata.name, name)),
  ];
}
