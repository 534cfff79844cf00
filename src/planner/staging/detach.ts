import type { Desired, Difference, Finding, Id, Json, Value, Wait } from "../../model.ts";
import { isRef } from "../canonical.ts";
import { asSet } from "../collections.ts";
import type { Draft } from "../compare.ts";
import { type Blocker, blockersOf } from "./connected.ts";
import { keep, type Stage, type Staged, type Stand } from "./stage.ts";

/** The step that takes away what an endpoint service no longer needs. */
const detachStep = (address: string): string => `${address}#detach`;

/**
 * A service takes on its new load balancers in one step, once they have listeners, and lets go of the old ones in another. AWS lets go of none
 * that endpoints may be connected through: then the old ones stay, with all that hangs on them, and the plan says whom it waits for.
 */
export const detachLast: Stage = (staged, stand) =>
  staged.drafts.reduce((so, draft) => {
    const apart = draft.action === "update" ? removalIn(draft, stand) : undefined;
    return apart ? separate(so, draft, apart, stand) : so;
  }, staged);

interface Removal {
  readonly difference: Difference & { readonly before: readonly Json[]; readonly after: readonly Value[] };
  readonly removed: readonly string[];
  readonly added: readonly Value[];
}

function removalIn({ kind, differences }: Draft, { kinds }: Stand): Removal | undefined {
  const difference = differences.find(({ attribute }) => kinds[kind].rules[attribute]?.removedApart);
  if (!difference || !Array.isArray(difference.before) || !Array.isArray(difference.after)) return undefined;
  const { before, after }: { before: readonly Json[]; after: readonly Value[] } = {
    before: difference.before,
    after: difference.after,
  };
  return {
    difference: { ...difference, before, after },
    removed: asSet(before.filter((one) => !after.includes(one)).map(String)),
    added: after.filter((one) => isRef(one) || !before.includes(one as Json)),
  };
}

function separate(staged: Staged, draft: Draft, removal: Removal, stand: Stand): Staged {
  const blockers = removal.removed.length > 0 ? blockersOf(stand.cloud, draft.live, removal.removed) : [];
  const ends = new Map([...rejections(staged.drafts), ...departures(staged.drafts)]);
  const open = blockers.filter(({ endpointId }) => !ends.has(endpointId));
  const first = blockers.flatMap(({ endpointId }) => ends.get(endpointId) ?? []);
  const drafts = staged.drafts.flatMap((one) =>
    one === draft ? stepsOf(draft, removal, staged.drafts, open.length > 0 ? undefined : first) : [one],
  );
  if (open.length === 0) return { ...staged, drafts: afterDetaching(drafts, draft.address) };
  const known = drafts.some(({ address }) => address === draft.address) ? [] : draft.live ? [draft.live] : [];
  const hangsOnIt = ({ action, live }: Draft): boolean =>
    action === "delete" && removal.removed.some((arn) => [live?.id, live?.attributes.loadBalancerArn].includes(arn));
  return keep(
    {
      ...staged,
      drafts,
      unchanged: [...staged.unchanged, ...known],
      findings: [...staged.findings, stays(draft, removal.removed, open)],
      waits: [...staged.waits, ...waitsFor(draft, removal.removed, open, stand)],
    },
    hangsOnIt,
  );
}

/** An endpoint that is made meanwhile could be tied to what is about to leave. */
const afterDetaching = (drafts: readonly Draft[], service: string): Draft[] =>
  drafts.map((draft) => {
    const { serviceName } = (draft.desired?.attributes ?? {}) as { readonly serviceName?: Id };
    const makes = draft.kind === "vpc-endpoint" && ["create", "replace"].includes(draft.action);
    if (!makes || !isRef(serviceName) || serviceName.ref !== service) return draft;
    return { ...draft, behind: [...(draft.behind ?? []), detachStep(service)] };
  });

/** The endpoints that this very plan rejects. */
export const rejections = (drafts: readonly Draft[]): ReadonlyMap<string, string> =>
  new Map(
    drafts.flatMap(({ kind, desired, step }): [string, string][] => {
      if (kind !== "acceptance" || !desired) return [];
      const { decision, endpointId } = desired.attributes as { readonly decision: string; readonly endpointId: Id };
      return decision === "rejected" && typeof endpointId === "string" ? [[endpointId, step]] : [];
    }),
  );

/**
 * The endpoints of ours that this very plan deletes for good. One that is replaced is none of them: it goes after the new one, which comes
 * after the detachment.
 */
export const departures = (drafts: readonly Draft[]): ReadonlyMap<string, string> =>
  new Map(
    drafts.flatMap(({ kind, action, live, step, leftover }): [string, string][] =>
      kind === "vpc-endpoint" && action === "delete" && live && !leftover ? [[live.id, step]] : [],
    ),
  );

/** `first`: the steps after which nobody is connected through what goes; undefined while somebody stays. */
function stepsOf(
  draft: Draft,
  { difference, removed, added }: Removal,
  all: readonly Draft[],
  first: readonly string[] | undefined,
): Draft[] {
  const { attribute, before, after } = difference;
  const wanted = draft.desired?.attributes as unknown as { readonly [attribute: string]: readonly Value[] };
  const symbolic = wanted[attribute] ?? [];
  const others = draft.differences.filter((one) => one.attribute !== attribute);
  const both = { ...difference, after: [...after, ...removed] };
  const attach = {
    ...draft,
    differences: added.length > 0 ? draft.differences.map((one) => (one.attribute === attribute ? both : one)) : others,
    behind: listenersOf(added, symbolic, all),
    // The change is done when the service shows both.
    ...(draft.desired ? { desired: withAttribute(draft.desired, attribute, [...symbolic, ...removed]) } : {}),
  };
  const detach = {
    ...draft,
    step: detachStep(draft.address),
    // What the attachment before it leads to, not what stands when it is planned.
    differences: [{ attribute, before: setOf([...removed, ...after]), after }],
    behind: [draft.address, ...(first ?? [])],
  };
  return [
    ...(attach.differences.length > 0 ? [attach] : []),
    ...(removed.length > 0 && first && before.length > 0 ? [detach] : []),
  ];
}

/** As AWS will show it where all ids are known; in the order of the spec while some are not. */
const setOf = (members: readonly Value[]): Json[] =>
  (members.some((one) => isRef(one)) ? members : asSet(members.map(String))) as Json[];

/** The steps that make listeners of load balancers which are about to be attached. */
const listenersOf = (added: readonly Value[], symbolic: readonly Value[], all: readonly Draft[]): string[] => {
  const addresses = symbolic.flatMap((one) => (isRef(one) ? [one.ref] : []));
  if (added.length === 0) return [];
  return all.flatMap(({ kind, desired, step, action }) => {
    if (kind !== "listener" || !desired || action === "delete") return [];
    const { loadBalancerArn } = desired.attributes as { readonly loadBalancerArn: Id };
    return isRef(loadBalancerArn) && addresses.includes(loadBalancerArn.ref) ? [step] : [];
  });
};

const withAttribute = (desired: Desired, attribute: string, value: Value): Desired =>
  ({ ...desired, attributes: { ...desired.attributes, [attribute]: value } }) as Desired;

const SHOWN = 3;

function named(blockers: readonly Blocker[]): string {
  const names = blockers.slice(0, SHOWN).map(({ endpointId, owner }) => `${endpointId} of account ${owner}`);
  const more = blockers.length - names.length;
  return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function stays(
  { address, connection, desired }: Draft,
  arns: readonly string[],
  blockers: readonly Blocker[],
): Finding {
  const message =
    `${arns.join(", ")} ${arns.length === 1 ? "stays" : "stay"} attached to ${address}: AWS lets go of no load balancer while endpoints are connected through it (${named(blockers)}), and moves none to another one. ` +
    "Ask their owners to delete them, or name them under service.connections.reject to cut them; once they are gone the next plan detaches and deletes it, and new endpoints use what is left";
  return {
    id: "load-balancer.in-use",
    severity: "warning",
    connection,
    address,
    message,
    ...(desired ? { at: desired.at } : {}),
  };
}

function waitsFor(
  { address, connection }: Draft,
  arns: readonly string[],
  blockers: readonly Blocker[],
  { cloud }: Stand,
): Wait[] {
  return blockers.map(({ endpointId, owner }) => ({
    connection,
    address,
    on: cloud.isOurEndpoint(endpointId) ? "us" : "partner",
    for: `${endpointId} of account ${owner} to be deleted or rejected, so that ${arns.join(", ")} can be detached`,
    since: null,
    until: null,
  }));
}
