import type { Change, ConnectionFact, Json, Risk, Value } from "../model.ts";
import { isRef } from "./canonical.ts";
import type { Ordered } from "./order.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

/** What changes do to traffic that flows now: whose, how much of it, and through what. */

export type Say = (risk: Risk, note?: string) => void;

/** What lives, and which connections end in steps of their own in the same plan. */
export interface Facts {
  readonly cloud: SnapshotIndex;
  /** Ids of endpoints that this plan rejects or deletes: their loss is told there. */
  readonly ending: ReadonlySet<string>;
}

export function factsOf(changes: readonly Ordered[], cloud: SnapshotIndex): Facts {
  const ending = changes.flatMap(({ kind, action, live, desired }): string[] => {
    if (kind === "vpc-endpoint" && action === "delete" && live) return [live.id];
    const { decision, endpointId } = (desired?.attributes ?? {}) as { decision?: string; endpointId?: Value };
    return kind === "acceptance" && decision === "rejected" && typeof endpointId === "string" ? [endpointId] : [];
  });
  return { cloud, ending: new Set(ending) };
}

export const before = (change: Ordered, attribute: string): Json | undefined =>
  change.differences.find((one) => one.attribute === attribute)?.before;
export const after = (change: Ordered, attribute: string): Value | undefined =>
  change.differences.find((one) => one.attribute === attribute)?.after;

export function cut(connections: readonly { readonly owner: string }[], say: Say): void {
  if (connections.length > 0) say("disconnects", `${counted(connections)} will be cut`);
}

export function counted(connections: readonly { readonly owner: string }[]): string {
  const accounts = new Set(connections.map(({ owner }) => owner)).size;
  return `${connections.length} live connection${connections.length === 1 ? "" : "s"} of ${accounts} account${accounts === 1 ? "" : "s"}`;
}

const LIVE = ["pending", "available"];

/** Connections to the service that a change is about which carry traffic now, or (with `asking`) ask to. */
export function liveConnections(change: Ordered, cloud: SnapshotIndex, asking = false): ConnectionFact[] {
  const service =
    change.live?.attributes.serviceId ??
    change.live?.outputs.serviceId ??
    Object.entries(change.relies).find(([ref]) => ref.endsWith(".serviceId"))?.[1];
  const states = [...LIVE, ...(asking ? ["pendingacceptance"] : [])];
  return typeof service === "string"
    ? cloud.connectionsTo(change.target, service).filter(({ state }) => states.includes(state))
    : [];
}

/** Those of them that do not end in a step of their own. */
export const remaining = (change: Ordered, { cloud, ending }: Facts): ConnectionFact[] =>
  liveConnections(change, cloud).filter(({ endpointId }) => !ending.has(endpointId));

/** The risks of changes that stop traffic without replacing anything. */
export const trafficRisks: {
  readonly [K in Change["kind"]]?: (change: Ordered, facts: Facts, say: Say) => void;
} = {
  listener: (change, facts, say) => {
    if (change.action !== "delete" || change.leftover) return;
    const { loadBalancerArn, port } = change.live?.attributes ?? {};
    const losers = behind(change.target, loadBalancerArn, facts);
    if (losers.length > 0)
      say(
        "interrupts",
        `${counted(losers)} ${losers.length === 1 ? "loses" : "lose"} port ${String(port)}: nothing answers there any more`,
      );
  },
  "security-group": (change, { cloud }, say) => {
    const [was, will] = [texts(before(change, "ingress")), texts(after(change, "ingress"))];
    const removed = was.filter((rule) => !will.includes(rule));
    const endpoints = cloud.live.filter(
      ({ kind, state, attributes }) =>
        kind === "vpc-endpoint" &&
        state === "available" &&
        texts(attributes.securityGroupIds).includes(change.live?.id ?? ""),
    );
    if (change.action !== "update" || removed.length === 0 || endpoints.length === 0) return;
    const ids = endpoints.map(({ id }) => id).join(", ");
    say("interrupts", `maybe: clients of ${ids} that come in only by ${removed.join(", ")} are shut out`);
  },
  "vpc-endpoint": (change, _facts, say) => {
    const { action, leftover, live } = change;
    if (action === "delete" && leftover !== true && live?.state === "available")
      say(
        "disconnects",
        `1 live connection of 1 account will be cut: clients of ${live.id} in ${String(live.attributes.vpcId)} lose it`,
      );
    const will = texts(after(change, "subnetIds"));
    const removed = texts(before(change, "subnetIds")).filter((id) => !will.includes(id));
    if (action === "update" && removed.length > 0)
      say("interrupts", `connections through the interfaces in ${removed.join(", ")} end`);
  },
  "dns-record": (change, _facts, say) => {
    if (change.action === "delete") say("moves-dns", `${String(before(change, "name"))} stops resolving`);
    const [was, will] = [before(change, "targetDnsName"), after(change, "targetDnsName")];
    if (change.action !== "update" || was === undefined || will === undefined) return;
    const to = isRef(will) ? `${will.ref}, once it is there` : String(will);
    say(
      "moves-dns",
      `${String(change.live?.attributes.name)} leads to ${to}; connections that are open stay on ${String(was)}`,
    );
  },
  "value-record": (change, _facts, say) => namesRisk(change, say),
  "zone-association": (change, _facts, say) => {
    const vpc = String(change.live?.attributes.vpc ?? after(change, "vpc"));
    if (change.action === "create") say("moves-dns", `the zone's domain resolves by the zone in ${vpc}`);
    if (change.action === "delete") say("moves-dns", `the zone's names stop resolving in ${vpc}`);
  },
  "hosted-zone": (change, _facts, say) => {
    const name = String(change.live?.attributes.name ?? after(change, "name"));
    if (change.action === "delete" && !change.leftover) say("moves-dns", `names in ${name} stop resolving in its VPCs`);
    if (change.action === "create")
      say(
        "moves-dns",
        `every name in ${name} is looked up in this zone only, in ${texts(after(change, "vpcs")).join(", ")}`,
      );
  },
};

const namesRisk = (change: Ordered, say: Say): void => {
  if (change.live?.attributes.type !== "CNAME" || change.leftover) return;
  if (change.action === "delete") say("moves-dns", `${String(change.live.attributes.name)} stops resolving`);
  const [was, will] = [before(change, "values"), after(change, "values")];
  if (change.action !== "update" || was === undefined || will === undefined) return;
  const to = (Array.isArray(will) ? will : []).map((one: Value) => (isRef(one) ? `${one.ref}, once it is there` : one));
  say(
    "moves-dns",
    `${String(change.live.attributes.name)} leads to ${to.join(", ")}; connections that are open stay on ${texts(was).join(", ")}`,
  );
};

const texts = (value: Value | undefined): string[] =>
  Array.isArray(value) ? value.filter((one: Value) => typeof one === "string").map(String) : [];

/** Live connections to the services that a load balancer stands behind. */
function behind(target: string, arn: Json | undefined, { cloud, ending }: Facts): ConnectionFact[] {
  const services = cloud.live.filter(
    (one) =>
      one.kind === "endpoint-service" &&
      one.target === target &&
      texts(one.attributes.loadBalancerArns).includes(String(arn)),
  );
  return services
    .flatMap(({ id }) => cloud.connectionsTo(target, id))
    .filter(({ state, endpointId }) => LIVE.includes(state) && !ending.has(endpointId));
}
