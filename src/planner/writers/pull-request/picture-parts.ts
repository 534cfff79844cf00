import type { Change, Value } from "../../../model.ts";
import { isRef } from "../../canonical.ts";
import { isLeftover } from "../groups.ts";
import { isList } from "../values.ts";
import type { Fate } from "./mermaid.ts";

/** What one change says about the picture: the box that it is about, and the boxes and lines around it. */

export interface Part {
  readonly key: string;
  readonly kind: Kind;
  readonly name: string;
  /** The target in which it stands; absent: outside, or in a target that the plan does not tell. */
  readonly target?: string;
  /** Known by an id or a name of AWS only: a partner's, or one of ours that this plan does not touch. */
  readonly outside?: true;
  readonly fate: Fate;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

export interface Sketch {
  readonly parts: readonly Part[];
  readonly lines: readonly Line[];
}

export type Kind = "load balancer" | "endpoint service" | "principal" | "endpoint" | "DNS name" | "private DNS name";

/** So many principals of one service get a box of their own; the others share one. */
const MOST_PRINCIPALS = 5;

export function sketchOf(change: Change): Sketch {
  if (change.temporary || isLeftover(change)) return { parts: [], lines: [] };
  return DRAW[change.kind](change);
}

const DRAW: { readonly [K in Change["kind"]]: (change: Change) => Sketch } = {
  "load-balancer": (change) => own(change, "load balancer", change.address),
  "target-group": (change) => touched(change, balancerOf(change.address), "load balancer"),
  listener: (change) => touched(change, balancerOf(change.address), "load balancer"),
  "endpoint-service": drawService,
  allowlist: drawPrincipals,
  acceptance: drawAcceptance,
  notification: (change) => {
    const owner = parentOf(change.address, "/notification/");
    return touched(change, owner, owner.endsWith("/service") ? "endpoint service" : "endpoint");
  },
  "private-dns": (change) => {
    const service = parentOf(change.address, "/private-dns");
    const name = textOf(change, "name") ?? change.address;
    return {
      parts: [{ ...partOf(change, "private DNS name", change.address), name }, near(change, service)],
      lines: [{ from: change.address, to: service }],
    };
  },
  "security-group": (change) => touched(change, endpointOf(change.address), "endpoint"),
  "vpc-endpoint": drawEndpoint,
  "dns-record": drawName,
  "value-record": (change) => (change.address.includes("/endpoint/") ? drawName(change) : drawLoneName(change)),
  "hosted-zone": (change) => touched(change, endpointOf(change.address), "endpoint"),
  "zone-association": (change) => touched(change, endpointOf(change.address), "endpoint"),
  "zone-authorization": () => ({ parts: [], lines: [] }),
};

function drawName(change: Change): Sketch {
  const endpoint = endpointOf(change.address);
  const name = textOf(change, "name") ?? change.address.slice(change.address.indexOf("/dns/") + "/dns/".length);
  return {
    parts: [{ ...partOf(change, "DNS name", change.address), name }, near(change, endpoint, "endpoint")],
    lines: [{ from: change.address, to: endpoint }],
  };
}

/** A record that leads to something which is no endpoint of ours. */
function drawLoneName(change: Change): Sketch {
  const name = textOf(change, "name") ?? change.address;
  return { parts: [{ ...partOf(change, "DNS name", change.address), name }], lines: [] };
}

function drawService(change: Change): Sketch {
  const balancers = refsOf(change, "loadBalancerArns");
  return {
    parts: [
      partOf(change, "endpoint service", change.address),
      ...balancers.map((key) => near(change, key, "load balancer")),
    ],
    lines: balancers.map((to) => ({ from: change.address, to })),
  };
}

/** The box of a service of which only AWS's name is known. */
export const outsideKey = (serviceName: string): string => `service ${serviceName}`;

function drawEndpoint(change: Change): Sketch {
  const main = partOf(change, "endpoint", change.address);
  const [ref] = refsOf(change, "serviceName");
  if (ref !== undefined) {
    const service: Part = { key: ref, kind: "endpoint service", name: connectionOf(ref), fate: "same" };
    return { parts: [main, service], lines: [{ from: main.key, to: ref }] };
  }
  const name = textOf(change, "serviceName");
  if (name === undefined) return { parts: [main], lines: [] };
  const key = outsideKey(name);
  return {
    parts: [main, { key, kind: "endpoint service", name, fate: "same", outside: true }],
    lines: [{ from: main.key, to: key }],
  };
}

function drawPrincipals(change: Change): Sketch {
  const service = parentOf(change.address, "/allowlist");
  const difference = change.differences.find(({ attribute }) => attribute === "principals");
  const [old, now] = [textsOf(difference?.before), textsOf(difference?.after)];
  const added = now.filter((one) => !old.includes(one));
  const removed = old.filter((one) => !now.includes(one));
  const parts = [...principals(added, "added", service), ...principals(removed, "removed", service)];
  const lines = parts.map(({ key, fate }) => ({
    from: key,
    to: service,
    label: fate === "added" ? "may connect" : "may no longer connect",
  }));
  return { parts: [near(change, service), ...parts], lines };
}

function principals(names: readonly string[], fate: "added" | "removed", service: string): Part[] {
  const alone = names.length > MOST_PRINCIPALS ? names.slice(0, MOST_PRINCIPALS - 1) : names;
  const part = (name: string): Part => ({
    key: `${service} ${fate} ${name}`,
    kind: "principal",
    name,
    fate,
    outside: true,
  });
  const rest = names.length - alone.length;
  return [...alone.map(part), ...(rest > 0 ? [part(`and ${rest} more`)] : [])];
}

function drawAcceptance(change: Change): Sketch {
  const ours = change.address.includes("/endpoint/");
  const [service = `${change.connection}/service`] = refsOf(change, "serviceId");
  const id = textOf(change, "endpointId") ?? change.address.slice(change.address.lastIndexOf("/") + 1);
  const key = ours ? endpointOf(change.address) : `endpoint ${id}`;
  const decision = textOf(change, "decision") === "rejected" ? "rejected" : "accepted";
  const gone = change.action === "delete";
  const consumer: Part = ours
    ? { key, kind: "endpoint", name: endpointName(key), fate: "same" }
    : { key, kind: "endpoint", name: id, fate: gone ? "removed" : "same", outside: true };
  return {
    parts: [near(change, service), consumer],
    lines: [{ from: key, to: service, label: gone ? `no longer ${decision}` : decision }],
  };
}

/** A change of something too small for a box: the box that it belongs to changes. */
function touched(change: Change, key: string, kind: Kind): Sketch {
  return { parts: [{ ...near(change, key, kind), fate: "changed" }], lines: [] };
}

function own(change: Change, kind: Kind, key: string): Sketch {
  return { parts: [partOf(change, kind, key)], lines: [] };
}

function partOf(change: Change, kind: Kind, key: string): Part {
  return { ...near(change, key, kind), fate: FATE[change.action] };
}

/** A box in the same target as the change, of which nothing is said otherwise. */
function near(change: Change, key: string, kind: Kind = "endpoint service"): Part {
  return { key, kind, name: nameOf(key, kind), target: change.target, fate: "same" };
}

const FATE: { readonly [A in Change["action"]]: Fate } = {
  create: "added",
  update: "changed",
  replace: "replaced",
  delete: "removed",
};

function nameOf(key: string, kind: Kind): string {
  if (kind === "endpoint") return endpointName(key);
  return kind === "load balancer" ? key.slice(key.lastIndexOf("/") + 1) : connectionOf(key);
}

/** `ledger` for the only endpoint of most connections, `ledger, second` for another one. */
function endpointName(key: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  return name === "main" ? connectionOf(key) : `${connectionOf(key)}, ${name}`;
}

const connectionOf = (address: string): string => address.split("/")[0] ?? address;
const balancerOf = (address: string): string => /^.*?\/nlb\/[^/]+/.exec(address)?.[0] ?? address;
const endpointOf = (address: string): string => /^.*?\/endpoint\/[^/]+/.exec(address)?.[0] ?? address;
const parentOf = (address: string, part: string): string => {
  const at = address.indexOf(part);
  return at < 0 ? address : address.slice(0, at);
};

/** The value that the change leaves, or the one that it takes away. */
function attributeOf({ desired, differences, live }: Change, attribute: string): Value | undefined {
  const wanted = (desired?.attributes as { readonly [name: string]: Value } | undefined)?.[attribute];
  const difference = differences.find((one) => one.attribute === attribute);
  return wanted ?? difference?.after ?? difference?.before ?? live?.attributes[attribute];
}

function textOf(change: Change, attribute: string): string | undefined {
  const value = attributeOf(change, attribute);
  return typeof value === "string" ? value : undefined;
}

function refsOf(change: Change, attribute: string): string[] {
  const value = attributeOf(change, attribute);
  if (isRef(value)) return [value.ref];
  return isList(value) ? value.flatMap((one) => (isRef(one) ? [one.ref] : [])) : [];
}

function textsOf(value: Value | undefined): string[] {
  return isList(value) ? value.filter((one) => typeof one === "string") : [];
}
