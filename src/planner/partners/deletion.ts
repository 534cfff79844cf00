import type { Change, ConnectionFact, Finding, Live, Wait } from "../../model.ts";
import { serviceAddress } from "../addresses.ts";
import { compareText, groupBy } from "../collections.ts";
import type { ConnectionDocument } from "../selectors/resolved-specs.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import { suggestion } from "../specs/suggest.ts";
import { valuesOf } from "./context.ts";
import type { Profile, Role } from "./profile.ts";
import { render } from "./render.ts";
import { endpointsOf, isAbsent, othersAt, type Situation } from "./stage.ts";

/** The tag that says which profile an object's connection has, so that removing the spec does not lift what its partner demands. */
export const PARTNER_TAG = "landline:partner";

/** What has to be done before anything of ours goes, as errors: nothing of the connection is changed while there is one. */
export function removalFindings(removal: Situation): Finding[] {
  const roles = rolesRemoved(removal);
  return [
    ...attachedFindings(removal),
    ...roles.flatMap((role) => [...confirmations(role, removal), ...unreported(role, removal)]),
    ...strayConfirmations(removal),
  ];
}

/** The halves of which the plan deletes what the partner is connected to. What a replacement leaves behind is no removal. */
function rolesRemoved({ document, profile, cloud, changes }: Situation): Role[] {
  const gone = changes.filter(({ action, leftover }) => action === "delete" && !leftover);
  const partners = new Set(endpointsOf({ document, profile, cloud }).flatMap(({ live }) => live?.id ?? []));
  const provider = gone.some(({ kind }) => kind === "endpoint-service");
  const consumer = gone.some(({ kind, live }) => kind === "vpc-endpoint" && live && partners.has(live.id));
  return [...(provider ? ["provider" as const] : []), ...(consumer ? ["consumer" as const] : [])];
}

/** The partner's endpoints at a service of ours that is to go. */
function attached({ document, cloud }: Situation): Attached[] {
  if (!isAbsent(document)) return [];
  return cloud
    .at(serviceAddress(document.spec.metadata.name))
    .filter(({ kind }) => kind === "endpoint-service")
    .map((service) => ({ service, facts: othersAt(cloud, service) }))
    .filter(({ facts }) => facts.length > 0);
}

interface Attached {
  readonly service: Live;
  readonly facts: readonly ConnectionFact[];
}

const SHOWN = 5;

function attachedFindings(removal: Situation): Finding[] {
  const { document, profile } = removal;
  const connection = document.spec.metadata.name;
  const forced = document.spec.service?.disconnect === true;
  return attached(removal).map(({ service, facts }): Finding => {
    const words = facts
      .slice(0, SHOWN)
      .map(({ endpointId, owner, state }) => `${endpointId} of account ${owner}, ${state}`);
    const more = facts.length > SHOWN ? `; and ${facts.length - SHOWN} more` : "";
    const way = forced
      ? 'service.disconnect is true: to cut it off all the same, acknowledge "partner.attached" with a reason'
      : `Let it be removed at ${profile.spec.metadata.title} first (\`landline handoff ${connection}\` says how); the next plan then goes on`;
    return {
      id: "partner.attached",
      severity: "error",
      connection,
      address: service.address,
      message: `${service.id} stays, because the partner is still attached: ${words.join("; ")}${more}. ${way}`,
      at: document.at(["state"]),
      ...(forced ? { waivable: true as const } : {}),
    };
  });
}

/** What a person has confirmed, with the reason, and what nobody has confirmed yet. */
function confirmations(role: Role, { document, profile, project, cloud }: Situation): Finding[] {
  const values = valuesOf({ document, profile, project, cloud, role });
  const confirmed = document.spec.partner?.confirm ?? [];
  return (profile.spec[role]?.deletion?.confirm ?? []).map(({ id, message }): Finding => {
    const said = render(profile, message, values);
    const text = "text" in said ? said.text.trim() : message;
    const connection = document.spec.metadata.name;
    const index = confirmed.findIndex((one) => one.id === id);
    return index < 0
      ? {
          id,
          severity: "error",
          connection,
          message: `${text} Once that is so, add under partner.confirm: {id: ${id}, reason: "who has seen it, and where"}`,
          at: document.at(["partner", "confirm"]),
        }
      : {
          id: "partner.confirmed",
          severity: "info",
          connection,
          message: `${id} is confirmed: ${confirmed[index]?.reason}`,
          at: document.at(["partner", "confirm", index]),
        };
  });
}

function unreported(role: Role, { document, profile }: Situation): Finding[] {
  const wanted = profile.spec[role]?.deletion?.reported;
  const { reported } = document.spec.partner ?? {};
  if (wanted === undefined || (reported && new RegExp(wanted, "u").test(reported.state))) return [];
  const { title } = profile.spec.metadata;
  const last = reported ? `last reported "${reported.state}" on ${reported.on}` : "has not been asked";
  return [
    {
      id: "partner.reported-state",
      severity: "error",
      connection: document.spec.metadata.name,
      message: `before anything is deleted ${title} has to report a state that matches /${wanted}/; it ${last}. Write what it says now under partner.reported: {state: "...", on: YYYY-MM-DD}, or let \`landline capture\` do it`,
      at: document.at(["partner", "reported"]),
    },
  ];
}

/** What nobody asks for is a slip of the pen, or left over. */
function strayConfirmations({ document, profile }: Situation): Finding[] {
  const known = confirmable(profile);
  return (document.spec.partner?.confirm ?? []).flatMap(({ id }, index): Finding[] => {
    if (known.includes(id)) return [];
    const names = known.length === 0 ? "; it asks for none" : `; it asks for ${known.join(", ")}`;
    return [
      {
        id: "partner.confirm-unknown",
        severity: "warning",
        connection: document.spec.metadata.name,
        message: `the profile ${profile.name} asks for no confirmation "${id}"${suggestion(id, known) || names}`,
        at: document.at(["partner", "confirm", index, "id"]),
      },
    ];
  });
}

/** Everything that a person may confirm: preconditions of deleting, and checks that no machine can make. */
export const confirmable = ({ spec }: Profile): readonly string[] =>
  [spec.provider, spec.consumer].flatMap((role) => [
    ...(role?.deletion?.confirm ?? []).map(({ id }) => id),
    ...(role?.checks ?? []).filter(({ kind }) => kind === "manual").map(({ id }) => id),
  ]);

/** Whom a removal waits for. */
export const removalWaits = (removal: Situation): Wait[] =>
  attached(removal).flatMap(({ service, facts }) =>
    facts.map(({ endpointId, owner, createdAt }) => ({
      connection: removal.document.spec.metadata.name,
      address: service.address,
      on: "partner" as const,
      for: `${endpointId} of account ${owner} to leave ${service.id}`,
      since: createdAt ?? null,
      until: null,
    })),
  );

/**
 * Connections with a partner whose spec is gone while something of them lives: what the partner demands cannot be known without the spec, so
 * nothing of them is deleted.
 */
export function orphanFindings(
  cloud: SnapshotIndex,
  documents: ReadonlyMap<string, ConnectionDocument>,
  inScope: (connection: string) => boolean,
): Finding[] {
  const left = cloud.live.filter(
    (live) => partnerTag(live) !== undefined && !documents.has(live.connection) && inScope(live.connection),
  );
  return [...groupBy(left, ({ connection }) => connection)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([connection, live]): Finding => {
      const profile = live.map(partnerTag).find((name) => name !== undefined);
      return {
        id: "partner.removal",
        severity: "error",
        connection,
        message: `the spec of ${connection} is gone while ${live.length} of its objects live (${live[0]?.id}${live.length > 1 ? ", ..." : ""}), and it is connected with a partner (${profile}) that has to be told first. Bring the spec back with "state: absent" and follow \`landline handoff ${connection}\`; remove the file once nothing is left`,
      };
    });
}

/**
 * Connections whose spec has dropped its partner, or taken another, in the plan that deletes what the partner is connected to: that would pass
 * by all that the partner demands. Dropping the partner alone is a plan of its own, which a reviewer sees.
 */
export function droppedFindings(
  documents: ReadonlyMap<string, ConnectionDocument>,
  changes: readonly Change[],
): Finding[] {
  const gone = changes.filter(
    ({ action, leftover, kind }) =>
      action === "delete" && !leftover && (kind === "endpoint-service" || kind === "vpc-endpoint"),
  );
  return [...groupBy(gone, ({ connection }) => connection)].flatMap(([connection, all]): Finding[] => {
    const document = documents.get(connection);
    const tags = all.flatMap(({ live }) => (live && partnerTag(live)) ?? []);
    const dropped = tags.find((name) => name !== document?.spec.partner?.profile);
    if (!document || dropped === undefined) return [];
    const now = document.spec.partner ? `names ${document.spec.partner.profile} as its partner` : "names no partner";
    return [
      {
        id: "partner.removal",
        severity: "error",
        connection,
        message: `the spec of ${connection} ${now}, while what this plan deletes is connected with another (${dropped}) that has to be told first. Write the partner back as it was, keep or add "state: absent", and follow \`landline handoff ${connection}\``,
        at: document.at(["partner"]),
      },
    ];
  });
}

const partnerTag = ({ attributes: { tags } }: Live): string | undefined => {
  const tag = (tags as { readonly [key: string]: unknown } | undefined)?.[PARTNER_TAG];
  return typeof tag === "string" ? tag : undefined;
};
