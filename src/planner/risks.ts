import type { Change, Difference, Json, KindInfo, KindInfos, Risk, Rule, TargetSnapshot, Value } from "../model.ts";
import { canonical } from "./canonical.ts";
import { asSet, compareText } from "./collections.ts";
import type { Ordered } from "./order.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

type Assessed = Pick<Change, "risks" | "notes">;

/** What a change may do to people, from its differences and from what lives now; each risk with a sentence that gives the numbers. */
export function assess(change: Ordered, kinds: KindInfos, cloud: SnapshotIndex): Assessed {
  const said = new Map<Risk, string[]>();
  const say = (risk: Risk, note?: string) => said.set(risk, [...(said.get(risk) ?? []), ...(note ? [note] : [])]);
  if (change.action === "delete") say("deletes");
  for (const difference of change.differences) attributeRisks(difference, kinds[change.kind], say);
  byKind[change.kind]?.(change, cloud, say);
  return { risks: [...said.keys()].sort(compareText), notes: [...said.values()].flat() };
}

type Say = (risk: Risk, note?: string) => void;

/** The risks that a kind's rules declare for attributes, whatever the kind. */
function attributeRisks({ attribute, before, after }: Difference, info: KindInfo, say: Say): void {
  const risk = info.rules[attribute]?.risk;
  if (!risk) return;
  const { added, removed } = membersOf(info.rules[attribute], before, after);
  if (risk.added && added.length > 0) say(risk.added);
  if (risk.removed && removed.length > 0) say(risk.removed);
  if (risk.changed && before !== undefined && after !== undefined) say(risk.changed);
}

function membersOf(
  rule: Rule | undefined,
  before: Json | undefined,
  after: Value | undefined,
): { added: string[]; removed: string[] } {
  const texts = (value: Value | undefined) =>
    rule?.shape === "set" && Array.isArray(value)
      ? asSet(value.map(canonical))
      : value === undefined
        ? []
        : [canonical(value)];
  const [was, will] = [texts(before), texts(after)];
  return { added: will.filter((one) => !was.includes(one)), removed: was.filter((one) => !will.includes(one)) };
}

/** What only the live facts of a kind can tell. */
const byKind: { readonly [K in Change["kind"]]?: (change: Ordered, cloud: SnapshotIndex, say: Say) => void } = {
  "endpoint-service": (change, cloud, say) => {
    if (change.action === "delete" || change.action === "replace") cut(liveConnections(change, cloud), say);
    for (const arn of referredBalancers(change, cloud)) say("internet-facing", `${arn} faces the internet`);
  },
  allowlist: (change, cloud, say) => {
    const principals = membersOf(
      { shape: "set", onChange: "update" },
      before(change, "principals"),
      after(change, "principals"),
    );
    const removed = principals.removed.map((text) => String(JSON.parse(text)));
    const standing = liveConnections(change, cloud).filter(({ owner }) =>
      removed.some((principal) => principal.includes(`:${owner}:`) || principal === "*"),
    );
    if (standing.length > 0)
      say(
        "revokes-access",
        `${counted(standing)} ${standing.length === 1 ? "stays" : "stay"} connected: AWS does not cut them when a principal is removed; name them under service.connections.reject to cut them`,
      );
  },
  acceptance: (change, cloud, say) => {
    const { decision, endpointId } = (change.desired?.attributes ?? {}) as { decision?: string; endpointId?: Value };
    const fact = liveConnections(change, cloud, true).find((connection) => connection.endpointId === endpointId);
    if (decision === "accepted")
      say("accepts", fact ? `${fact.endpointId} of account ${fact.owner} may connect` : undefined);
    else if (change.action === "update" && fact) cut([fact], say);
  },
  "vpc-endpoint": (change, _cloud, say) => {
    if (change.action === "delete" && change.leftover !== true && change.live?.state === "available")
      say("disconnects", `clients of ${change.live.id} lose the connection`);
    if (change.action === "replace")
      say(
        "interrupts",
        "connections open through the old endpoint end when it is deleted; new ones use the new endpoint",
      );
  },
  "dns-record": (change, _cloud, say) => {
    if (change.action === "delete") say("moves-dns", `${String(before(change, "name"))} stops resolving`);
  },
};

const before = (change: Ordered, attribute: string): Json | undefined =>
  change.differences.find((one) => one.attribute === attribute)?.before;
const after = (change: Ordered, attribute: string): Value | undefined =>
  change.differences.find((one) => one.attribute === attribute)?.after;

function cut(connections: readonly { readonly owner: string }[], say: Say): void {
  if (connections.length > 0) say("disconnects", `${counted(connections)} will be cut`);
}

function counted(connections: readonly { readonly owner: string }[]): string {
  const accounts = new Set(connections.map(({ owner }) => owner)).size;
  return `${connections.length} live connection${connections.length === 1 ? "" : "s"} of ${accounts} account${accounts === 1 ? "" : "s"}`;
}

/** Connections to the service that a change is about which carry traffic now, or (with `asking`) ask to. */
function liveConnections(change: Ordered, cloud: SnapshotIndex, asking = false) {
  const service =
    change.live?.attributes.serviceId ??
    change.live?.outputs.serviceId ??
    Object.entries(change.relies).find(([ref]) => ref.endsWith(".serviceId"))?.[1];
  const states = ["pending", "available", ...(asking ? ["pendingacceptance"] : [])];
  return typeof service === "string"
    ? cloud.connectionsTo(change.target, service).filter(({ state }) => states.includes(state))
    : [];
}

function referredBalancers(change: Ordered, cloud: SnapshotIndex): string[] {
  const facts: TargetSnapshot["loadBalancers"] = cloud.target(change.target)?.loadBalancers ?? [];
  const touched = canonical(after(change, "loadBalancerArns") ?? []);
  return facts.filter(({ arn, scheme }) => scheme === "internet-facing" && touched.includes(arn)).map(({ arn }) => arn);
}
