import type { Live, Position } from "../../model.ts";
import { endpointAddress, loadBalancerAddress } from "../addresses.ts";
import type { ConnectionDocument } from "../specs/index.ts";

/** What specs say to have had another name: everything below `from` is now below `to`. */
export interface Rename {
  readonly connection: string;
  readonly from: string;
  readonly to: string;
  /** The name alone, as the spec says it. */
  readonly name: string;
  readonly at: Position;
}

/** Whole connections first: the old names of their parts are said under the new name of the connection. */
export function renamesOf(documents: readonly Pick<ConnectionDocument, "spec" | "at">[]): readonly Rename[] {
  const whole = documents.flatMap(({ spec: { metadata }, at }): Rename[] => {
    const { name: connection, renamedFrom } = metadata;
    return renamedFrom === undefined
      ? []
      : [{ connection, from: renamedFrom, to: connection, name: renamedFrom, ...placed(at, ["metadata"]) }];
  });
  return [...whole, ...documents.flatMap(partsOf)];
}

function partsOf({ spec, at }: Pick<ConnectionDocument, "spec" | "at">): Rename[] {
  const connection = spec.metadata.name;
  const balancers = (spec.service?.loadBalancers ?? []).flatMap((balancer, index): Rename[] => {
    if ("arn" in balancer || balancer.renamedFrom === undefined) return [];
    const [from, to] = [balancer.renamedFrom, balancer.name].map((name) => loadBalancerAddress(connection, name));
    if (from === undefined || to === undefined) return [];
    return [{ connection, from, to, name: balancer.renamedFrom, ...placed(at, ["service", "loadBalancers", index]) }];
  });
  const endpoints = (spec.endpoints ?? []).flatMap(({ name, renamedFrom }, index): Rename[] => {
    if (renamedFrom === undefined) return [];
    const from = endpointAddress(connection, renamedFrom);
    const to = endpointAddress(connection, name);
    return [{ connection, from, to, name: renamedFrom, ...placed(at, ["endpoints", index]) }];
  });
  return [...balancers, ...endpoints];
}

/** Looked up only when somebody asks: it costs more than everything else here. */
const placed = (at: ConnectionDocument["at"], path: readonly (string | number)[]) => ({
  get at() {
    return at([...path, "renamedFrom"]);
  },
});

/** Whether an address is this one or lies below it. */
export const isBelow = (address: string, top: string): boolean => address === top || address.startsWith(`${top}/`);

const move = (address: string, from: string, to: string): string =>
  isBelow(address, from) ? `${to}${address.slice(from.length)}` : address;

/**
 * Live objects under the addresses that specs have given them since. Where an object has the new address already the old one keeps its own: two
 * objects never become one.
 */
export function underNewNames(live: readonly Live[], renames: readonly Rename[]): readonly Live[] {
  if (renames.length === 0) return live;
  const place = ({ target, kind }: Live, address: string) => `${target} ${kind} ${address}`;
  const taken = new Set(live.map((object) => place(object, object.address)));
  return live.map((object) => {
    const address = renames.reduce((so, { from, to }) => move(so, from, to), object.address);
    if (address === object.address || taken.has(place(object, address))) return object;
    const here = { ...object, address, connection: address.split("/", 1)[0] ?? address };
    // What hangs on a marked object has no mark to change.
    return "tags" in object.attributes ? { ...here, formerly: object.address } : here;
  });
}

/** An address with those that it may have had before, to read what lives there. */
export function withFormer(address: string, renames: readonly Rename[]): string[] {
  const all = [address];
  for (const { from, to } of renames.toReversed()) all.push(...all.map((one) => move(one, to, from)));
  return [...new Set(all)];
}

/** Whether a live object still carries the old name that this rename is about. */
export function bearsOldName({ formerly, address }: Live, { from, to }: Rename): boolean {
  if (formerly === undefined || !isBelow(address, to)) return false;
  // Of an old address its connection may have had another name, too.
  return from.includes("/") ? isBelow(tailOf(formerly), tailOf(from)) : isBelow(formerly, from);
}

const tailOf = (address: string): string => address.slice(address.indexOf("/") + 1);
