import type { Change, ConnectionFact, Json, Live, Plan, Ref, Snapshot, Value } from "../../src/model.ts";
import { isRef } from "../../src/planner/canonical.ts";
import { sha256 } from "./builders.ts";

/**
 * A cloud in twenty lines: applying a change to it sets what the change says and hands out ids. The planner's laws are checked against it
 * (apply and plan again: nothing), without a wire in between.
 */
export function applyToModel(
  snapshot: Snapshot,
  plan: Plan,
  carriedOut: (change: Change) => boolean = () => true,
): Snapshot {
  let live = snapshot.targets.flatMap(({ resources }) => resources);
  let facts = snapshot.targets.flatMap(({ target, connections }) => connections.map((fact) => ({ target, fact })));
  const done = new Set<string>();
  const goes = new Set(plan.changes.flatMap(({ action, live: old }) => (action === "delete" && old ? [old.id] : [])));
  for (const change of plan.changes) {
    const blocked = change.refused !== undefined || change.dependsOn.some((step) => !done.has(step));
    if (blocked || !carriedOut(change)) continue;
    done.add(change.step);
    if (change.action === "delete" && change.temporary) live = live.filter(({ address }) => address !== change.address);
    else if (change.action === "delete" || change.action === "update")
      live = live.filter((one) => one.id !== change.live?.id || one.kind !== change.kind);
    if (change.action !== "delete") live.push(made(change, live));
    live = follow(change, live);
    facts = connect(change, live, facts, goes);
  }
  const targets = snapshot.targets.map((target) => ({
    ...target,
    resources: live.filter((one) => one.target === target.target),
    connections: facts.filter((one) => one.target === target.target).map(({ fact }) => fact),
  }));
  return { ...snapshot, targets };
}

/** What has no mark of its own is called after the object that it hangs on. */
function follow({ address, connection, live: old }: Change, live: readonly Live[]): Live[] {
  const former = `${old?.formerly}/`;
  return live.map((one) =>
    !("tags" in one.attributes) && one.address.startsWith(former)
      ? { ...one, address: `${address}/${one.address.slice(former.length)}`, connection }
      : one,
  );
}

function made(change: Change, live: readonly Live[]): Live {
  const { desired } = change;
  if (!desired) throw new Error(`${change.step} has nothing to make`);
  const known = (ref: Ref): string => {
    const owners = live.filter(({ address }) => address === ref.ref);
    const value = owners.at(-1)?.outputs[ref.output];
    if (value === undefined) throw new Error(`${change.step} comes before ${ref.ref}, which it needs`);
    return value;
  };
  const wanted = resolve(desired.attributes as unknown as Value, known) as { [attribute: string]: Json };
  const attributes = { ...change.live?.attributes, ...wanted };
  const old = change.action === "update" ? change.live : undefined;
  const id = old?.id ?? idOf(change, attributes);
  return {
    kind: change.kind,
    address: change.address,
    connection: change.connection,
    target: change.target,
    id,
    attributes: sortSets(attributes),
    outputs: old?.outputs ?? outputsOf(change.kind, id),
    protect: (attributes.tags as { [key: string]: Json } | undefined)?.["landline:protect"] === "true",
    ...(change.kind === "vpc-endpoint" || change.kind === "endpoint-service" ? { state: "available" } : {}),
  };
}

const idOf = ({ kind, digest }: Change, attributes: { readonly [attribute: string]: Json }): string => {
  if (kind === "allowlist" || kind === "private-dns") return String(attributes.serviceId);
  if (kind === "acceptance") return `${attributes.serviceId}/${attributes.endpointId}`;
  if (kind === "dns-record") return `${attributes.zoneId}/${attributes.name}`;
  if (kind === "value-record") return `${attributes.zoneId}/${attributes.name}/${attributes.type}`;
  if (kind === "zone-association" || kind === "zone-authorization") return `${attributes.zoneId}/${attributes.vpc}`;
  return `${kind}-${sha256(digest).slice(0, 17)}`;
};

function outputsOf(kind: Live["kind"], id: string): Live["outputs"] {
  if (kind === "endpoint-service")
    return {
      serviceId: id,
      serviceName: `com.amazonaws.vpce.us-east-1.${id}`,
      privateDnsRecordName: `_${id}.example.com`,
      privateDnsRecordValue: `vpce:${id}`,
    };
  if (kind === "vpc-endpoint")
    return {
      endpointId: id,
      dnsName: `${id}.vpce.amazonaws.com`,
      dnsZoneId: "Z7HUB22UULQXV",
      "zonalDnsName/us-east-1a": `${id}-us-east-1a.vpce.amazonaws.com`,
      "zonalDnsName/us-east-1b": `${id}-us-east-1b.vpce.amazonaws.com`,
    };
  if (kind === "security-group") return { groupId: id };
  if (kind === "hosted-zone") return { zoneId: id };
  return ["load-balancer", "target-group", "listener"].includes(kind) ? { arn: id } : {};
}

type Fact = { readonly target: string; readonly fact: ConnectionFact };

/** The provider's view of our own endpoints. */
function connect(change: Change, live: readonly Live[], facts: readonly Fact[], goes: ReadonlySet<string>): Fact[] {
  // An endpoint takes its connection along. While one replaces another, a service that stays never sees itself without one.
  if (change.kind === "vpc-endpoint" && change.action === "delete")
    return facts.filter(
      ({ fact }) => fact.endpointId !== change.live?.id || (change.leftover && !goes.has(fact.serviceId)),
    );
  if (change.kind === "vpc-endpoint" && change.action !== "update") return [...facts, ...connected(change, live)];
  if (change.kind !== "acceptance" || !change.desired) return [...facts];
  const acceptance = live.findLast(({ address, kind }) => kind === "acceptance" && address === change.address);
  const { serviceId, endpointId, decision } = acceptance?.attributes ?? {};
  const owner = facts.find(({ fact }) => fact.endpointId === endpointId)?.fact.owner ?? "222222222222";
  const fact = {
    serviceId: String(serviceId),
    endpointId: String(endpointId),
    owner,
    state: decision === "accepted" ? "available" : "rejected",
  };
  return [...facts.filter((one) => one.fact.endpointId !== endpointId), { target: change.target, fact }];
}

/** What the provider sees of an endpoint at a service of ours, accepted or not. */
function connected({ address }: Change, live: readonly Live[]): Fact[] {
  const endpoint = live.findLast((one) => one.address === address && one.kind === "vpc-endpoint");
  const service = live.find(({ outputs }) => outputs.serviceName === endpoint?.attributes.serviceName);
  if (!endpoint || !service) return [];
  const fact = { serviceId: service.id, endpointId: endpoint.id, owner: "222222222222", state: "available" };
  return [{ target: service.target, fact }];
}

function resolve(value: Value, known: (ref: Ref) => string): Json {
  if (isRef(value)) return known(value);
  if (Array.isArray(value)) return value.map((item: Value) => resolve(item, known));
  if (typeof value !== "object" || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, resolve(member as Value, known)]],
    ),
  );
}

const sortSets = (attributes: { readonly [attribute: string]: Json }): { [attribute: string]: Json } =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      name !== "certificateArns" && Array.isArray(value) ? [...value].sort() : value,
    ]),
  );
