import type { Attributes, Desired, Live } from "../../model.ts";
import { isRef } from "../canonical.ts";
import { compareText } from "../collections.ts";
import type { Draft } from "../compare.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { Stage } from "./stage.ts";
import { endOf as endOfTemporary } from "./temporary.ts";

const SUFFIX = "/warm-up";
export const isWarmUp = (address: string): boolean => address.endsWith(SUFFIX);
const listenerOf = (address: string): string => address.slice(0, -SUFFIX.length);

/** Where a warm-up listener begins to look for a free port, counted from the port of its listener. */
const OFFSET = 30_000;
const [LOWEST, HIGHEST] = [1024, 65_535];

/**
 * The listeners that a plan needs for as long as it is carried out. Health checks of a target group begin only once a listener uses it; so
 * before a listener is switched to a new group, another one on a free port of the same load balancer lets its targets become healthy.
 */
export function warmUps(
  drafts: readonly Draft[],
  desired: readonly Desired[],
  cloud: SnapshotIndex,
): Desired<"listener">[] {
  const byAddress = new Map(desired.map((one) => [one.address, one]));
  return drafts.flatMap((draft) => {
    const wanted = draft.desired as Desired<"listener"> | undefined;
    if (draft.kind !== "listener" || draft.action !== "update" || !wanted || !draft.live) return [];
    const { targetGroupArn } = wanted.attributes;
    const group = isRef(targetGroupArn) ? byAddress.get(targetGroupArn.ref) : undefined;
    const switches = draft.differences.some(({ attribute }) => attribute === "targetGroupArn");
    return switches && hasTargets(group) ? [warmUpOf(wanted, draft.live, desired, cloud)] : [];
  });
}

/** Without registrations of ours there is nothing to wait for: they are somebody else's, who learns of the new group when it exists. */
const hasTargets = (group: Desired | undefined): boolean =>
  ((group?.attributes as Partial<Attributes["target-group"]> | undefined)?.targets ?? []).length > 0;

function warmUpOf(
  listener: Desired<"listener">,
  live: Live,
  desired: readonly Desired[],
  cloud: SnapshotIndex,
): Desired<"listener"> {
  const address = `${listener.address}${SUFFIX}`;
  // Read only of listeners that specs name, and of no use for so short a life.
  const { idleTimeoutSeconds: _, ...attributes } = listener.attributes;
  const loadBalancerArn = String(live.attributes.loadBalancerArn);
  const port = freePort(attributes.port, takenPorts(listener, loadBalancerArn, desired, cloud));
  const tags = { ...attributes.tags, "landline:address": address };
  return {
    kind: "listener",
    address,
    connection: listener.connection,
    target: listener.target,
    attributes: { ...attributes, loadBalancerArn, port, tags },
    after: [],
    protect: listener.protect,
    get at() {
      return listener.at;
    },
  };
}

/** The ports of all other listeners of a load balancer: those that are wanted, those that live, and those of others. */
function takenPorts(
  { attributes, target }: Desired<"listener">,
  arn: string,
  desired: readonly Desired[],
  cloud: SnapshotIndex,
): ReadonlySet<number> {
  const of = JSON.stringify(attributes.loadBalancerArn);
  const wanted = desired.flatMap((one) => {
    const other = one.attributes as Partial<Attributes["listener"]>;
    return one.kind === "listener" && JSON.stringify(other.loadBalancerArn) === of ? [Number(other.port)] : [];
  });
  const live = cloud.live.flatMap(({ kind, address, attributes: { loadBalancerArn, port } }) =>
    kind === "listener" && loadBalancerArn === arn && !isWarmUp(address) ? [Number(port)] : [],
  );
  const strangers = (cloud.target(target)?.obstacles ?? []).flatMap(({ kind, place }) =>
    kind === "listener" && place.startsWith(`${arn}:`) ? [Number(place.slice(arn.length + 1))] : [],
  );
  return new Set([...wanted, ...live, ...strangers]);
}

/** The same for the same listener in every run, so that a run which stopped half-way finds what it has made. */
function freePort(of: number, taken: ReadonlySet<number>): number {
  const inRange = (port: number) => (port > HIGHEST ? port - HIGHEST + LOWEST - 1 : port);
  let port = inRange(of + OFFSET);
  while (taken.has(port)) port = inRange(port + 1);
  return port;
}

/** Every warm-up ends with the plan: those that it makes, and those that a run which was cut short has left behind. */
export const endWarmUps: Stage = (staged, { desired, cloud }) => {
  const wanted = new Map(desired.filter(({ address }) => isWarmUp(address)).map((one) => [one.address, one]));
  const orphans = staged.drafts.filter(({ action, address }) => action === "delete" && isWarmUp(address));
  const ends = [
    ...[...wanted.values()].map((one) => endOf(one, cloud.at(one.address)[0])),
    ...orphans.filter(({ address }) => !wanted.has(address)).map((one) => endOf(one, one.live)),
  ];
  const switched = staged.drafts.map((draft): Draft => {
    if (isWarmUp(draft.address)) return { ...draft, temporary: true };
    if (draft.kind !== "listener" || draft.action !== "update" || !wanted.has(`${draft.address}${SUFFIX}`))
      return draft;
    return { ...draft, behind: [...(draft.behind ?? []), `${draft.address}${SUFFIX}`] };
  });
  return {
    ...staged,
    drafts: [
      ...switched.filter(({ step }) => !orphans.some((orphan) => orphan.step === step)),
      ...ends.sort((a, b) => compareText(a.step, b.step)),
    ],
    // What stands for the length of a plan only is nothing that could be unchanged.
    unchanged: staged.unchanged.filter(({ address }) => !isWarmUp(address)),
  };
};

const endOf = (one: Parameters<typeof endOfTemporary>[0], live: Live | undefined): Draft =>
  endOfTemporary(one, live, [one.address, listenerOf(one.address)]);
