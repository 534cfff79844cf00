import type { Live } from "../../model.ts";
import { modeOf } from "../partners/mode.ts";
import { readParams } from "../partners/params.ts";
import { type Profile, type Role, rolesOf } from "../partners/profile.ts";
import { type Reported, reportedState } from "../partners/states.ts";
import type { ConnectionDocument } from "../specs/index.ts";
import type { ConsumerStatus } from "./parts.ts";
import { type ConnectionState, type Judged, judge, type PartnerSeen, type Seen } from "./state.ts";

/** The partner platform on the other side of a connection. */
export interface PartnerStatus {
  /** The profile's name. */
  readonly profile: string;
  /** What people call it. */
  readonly title: string;
  /** Its last word, as the spec has it, and what that means. */
  readonly reported?: Reported;
}

/** One direction of a connection: the partner at our service, or we at the partner's. */
export interface HalfStatus extends Judged {
  readonly role: Role;
}

/** Who is on the other side of a connection. */
export interface Partnership {
  readonly connection: string;
  readonly document: ConnectionDocument | undefined;
  readonly profile: Profile | undefined;
  /** Everything that lives of the connection. */
  readonly own: readonly Live[];
  readonly consumers: readonly ConsumerStatus[];
  /** The service and the endpoints that the spec wants. */
  readonly wanted: readonly string[];
}

/** The state of a connection, of its halves where it has two, and the partner's own word beside it. */
export function judgeWithPartner(
  seen: Seen,
  partnership: Partnership,
): Judged & { readonly partner?: PartnerStatus; readonly halves?: readonly HalfStatus[] } {
  const { document, profile } = partnership;
  const partner = document?.spec.partner;
  if (!document || !partner || !profile) return judge(seen);
  const mode = modeOf(document.spec, profile);
  const reported = partner.reported && reportedState(profile, mode, partner.reported);
  const { title } = profile.spec.metadata;
  const all = { ...seen, partner: partnerSeen(partnership, profile) };
  const roles = mode === undefined ? [] : rolesOf(mode);
  const halves = roles.map((role): HalfStatus => {
    const own = reported?.role === role ? reported : undefined;
    return { role, ...worsened(judge(halfOf(role, all, partnership)), own, title) };
  });
  return {
    ...worsened(judge(all), reported, title),
    partner: { profile: profile.name, title, ...(reported ? { reported } : {}) },
    ...(halves.length > 1 ? { halves } : {}),
  };
}

function partnerSeen({ document, consumers }: Partnership, profile: Profile): PartnerSeen {
  const partner = document?.spec.partner;
  const missing = document && partner ? readParams(profile, partner, modeOf(document.spec, profile)).forHandoff : [];
  return {
    title: profile.spec.metadata.title,
    lacks: missing.map((name) => `needs partner.params.${name}: ${profile.spec.params?.[name]?.obtain}`),
    connecting: consumers
      .filter(({ state, connection }) => state === "pending" && connection === undefined)
      .map(({ endpointId }) => endpointId),
  };
}

const WHERE: { readonly [R in Role]: string } = { provider: "service", consumer: "endpoint" };

/** What belongs to one half. What is about the whole connection counts for neither. */
function halfOf(
  role: Role,
  seen: Seen & { readonly partner: PartnerSeen },
  { connection, own, wanted }: Partnership,
): Seen {
  const root = `${connection}/${WHERE[role]}`;
  const belongs = ({ address }: { readonly address?: string }): boolean =>
    address === root || address?.startsWith(`${root}/`) === true;
  const main = seen.main.filter(belongs);
  const provides = role === "provider";
  return {
    ...seen,
    ...(seen.going === undefined ? {} : { going: own.filter(belongs).length }),
    complete: wanted
      .filter((address) => belongs({ address }))
      .every((one) => main.some(({ address }) => address === one)),
    main,
    requests: provides ? seen.requests : [],
    changes: seen.changes.filter(belongs),
    waits: seen.waits.filter(belongs),
    findings: seen.findings.filter((finding) => belongs(finding) || finding.id === "target.unreadable"),
    loadBalancers: provides ? seen.loadBalancers : [],
    targets: provides ? seen.targets : [],
    verification: provides ? seen.verification : undefined,
    partner: { ...seen.partner, connecting: provides ? seen.partner.connecting : [] },
  };
}

/** What AWS shows is active only as long as the partner does not say otherwise; that it has failed counts whatever AWS shows. */
function worsened(judged: Judged, reported: Reported | undefined, title: string): Judged {
  const { is, state: word, on, hint } = reported ?? {};
  if (is === undefined || is === "active" || ["absent", "deleting"].includes(judged.state)) return judged;
  if (is !== "failed" && judged.state !== "active") return judged;
  const said = `${title} last reported "${word}" on ${on}${hint === undefined ? "" : `: ${hint}`}`;
  return { state: LEFT_BEHIND[is] ?? is, reasons: [said, ...judged.reasons] };
}

/** What the partner has not got (any more), while our side is there. */
const LEFT_BEHIND: { readonly [state: string]: ConnectionState } = {
  absent: "degraded",
  deleting: "degraded",
  draft: "waiting-partner",
};
