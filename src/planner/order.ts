import type { Id, Json, KindName, Live } from "../model.ts";
import { isRef, refsIn } from "./canonical.ts";
import { compareText, groupBy } from "./collections.ts";
import type { Draft } from "./compare.ts";

export type Ordered = Draft & { readonly dependsOn: readonly string[] };

/**
 * Puts every step after those it needs: creates along references, deletes against them. Among steps that could come next a change comes
 * before a delete, then the address decides; so the order is part of the plan and the same every time.
 */
export function order(drafts: readonly Draft[], live: readonly Live[]): Ordered[] {
  const needs = dependencies(drafts, live);
  const byStep = new Map(drafts.map((draft) => [draft.step, draft]));
  const followers = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const [step, before] of needs) {
    open.set(step, before.size);
    for (const other of before) followers.set(other, [...(followers.get(other) ?? []), step]);
  }
  const ready = new Queue(drafts.filter(({ step }) => open.get(step) === 0));
  const ordered: Ordered[] = [];
  for (let draft = ready.take(); draft; draft = ready.take()) {
    const { behind: _, ...step } = draft;
    ordered.push({ ...step, dependsOn: [...(needs.get(draft.step) ?? [])].sort(compareText) });
    for (const follower of followers.get(draft.step) ?? []) {
      const left = (open.get(follower) ?? 0) - 1;
      open.set(follower, left);
      const next = byStep.get(follower);
      if (left === 0 && next) ready.add(next);
    }
  }
  if (ordered.length !== drafts.length)
    throw new Error(
      `circular plan: ${[...open]
        .filter(([, count]) => count > 0)
        .map(([step]) => step)
        .join(", ")}`,
    );
  return ordered;
}

function dependencies(drafts: readonly Draft[], live: readonly Live[]): Map<string, Set<string>> {
  const needs = new Map(drafts.map(({ step }) => [step, new Set<string>()]));
  const add = (step: string, before: string | undefined) => {
    if (before !== undefined && before !== step && needs.has(before)) needs.get(step)?.add(before);
  };
  const making = new Map(
    drafts
      .filter(({ action, step, address }) => action !== "delete" && step === address)
      .map((draft) => [draft.address, draft.step]),
  );
  const touching = groupBy(
    drafts.filter((draft) => draft.live),
    (draft) => keyOf(draft.live as Live),
  );
  const users = usersOf(live);
  const leaving = new Map(
    drafts
      .filter(({ action, kind }) => action === "delete" && RECORDS.has(kind))
      .map((draft) => [dnsPlace(draft.live?.attributes), draft.step]),
  );
  const arns = new Map(live.filter(({ kind }) => kind === "load-balancer").map((balancer) => [balancer.id, balancer]));
  const leavingKeys = new Set(drafts.flatMap((one) => (one.action === "delete" && one.live ? [keyOf(one.live)] : [])));
  /** What sends traffic through a load balancer that leaves is done with it before its listeners and their groups go. */
  const ahead = ({ kind, attributes }: Live): Live[] => {
    const balancer = HANGS_ON_BALANCER.has(kind) ? arns.get(String(attributes.loadBalancerArn)) : undefined;
    if (!balancer || !leavingKeys.has(keyOf(balancer))) return [];
    return (users.get(keyOf(balancer)) ?? []).filter((user) => !HANGS_ON_BALANCER.has(user.kind));
  };
  for (const draft of drafts) {
    for (const address of [...refsIn(draft.desired?.attributes).map(({ ref }) => ref), ...(draft.desired?.after ?? [])])
      add(draft.step, making.get(address));
    for (const step of draft.behind ?? []) add(draft.step, step);
    if (draft.action === "create" && RECORDS.has(draft.kind))
      add(draft.step, leaving.get(dnsPlace(draft.desired?.attributes, draft.relies)));
    if (draft.action !== "delete" || !draft.live) continue;
    // Create-first: the old object goes when the new one stands and everybody has moved over.
    if (draft.leftover) add(draft.step, making.get(draft.address));
    for (const user of [...(users.get(keyOf(draft.live)) ?? []), ...ahead(draft.live)]) {
      for (const change of touching.get(keyOf(user)) ?? []) add(draft.step, change.step);
    }
  }
  return needs;
}

const HANGS_ON_BALANCER: ReadonlySet<KindName> = new Set(["listener", "target-group"]);

const keyOf = ({ target, kind, id }: Live): string => `${target} ${kind} ${id}`;

const RECORDS: ReadonlySet<KindName> = new Set(["dns-record", "value-record"]);

/**
 * A name has one owner at a time: a record that moves from one connection to another, or becomes one of another sort, is deleted before it is
 * created.
 */
const dnsPlace = (attributes: object | undefined, relies: Draft["relies"] = {}): string => {
  const { zoneId, name } = (attributes ?? {}) as { readonly zoneId?: Id; readonly name?: Json };
  return `${isRef(zoneId) ? relies[`${zoneId.ref}.${zoneId.output}`] : zoneId} ${name}`;
};

/** Who uses whom among live objects: an object uses another when one of its attributes holds an id that the other hands out. */
function usersOf(live: readonly Live[]): Map<string, Live[]> {
  const makers = makersOf(live);
  const users = new Map<string, Live[]>();
  for (const object of live) {
    for (const text of textsIn(Object.values(object.attributes))) {
      const maker = makers.get(text);
      if (!maker || maker === object) continue;
      const list = users.get(keyOf(maker));
      if (list) list.push(object);
      else users.set(keyOf(maker), [object]);
    }
  }
  return users;
}

/** Whose id is it? What several objects hand out (the zone id that AWS shares among all endpoints of a Region) identifies none. */
function makersOf(live: readonly Live[]): Map<string, Live | null> {
  const makers = new Map<string, Live | null>();
  for (const object of live) {
    for (const output of new Set(Object.values(object.outputs))) makers.set(output, makers.has(output) ? null : object);
  }
  return makers;
}

const textsIn = (values: readonly Json[]): string[] =>
  values.flatMap((value) =>
    typeof value === "string" ? [value] : Array.isArray(value) ? value.filter((item) => typeof item === "string") : [],
  );

const comesFirst = (a: Draft, b: Draft): boolean => {
  const [aLast, bLast] = [a.action === "delete", b.action === "delete"];
  return aLast === bLast ? a.step < b.step : bLast;
};

/** A binary heap: estates of 10,000 connections have more than 100,000 steps. */
class Queue {
  readonly #items: Draft[] = [];
  constructor(items: readonly Draft[]) {
    for (const item of items) this.add(item);
  }

  add(item: Draft): void {
    let place = this.#items.push(item) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#swapUnless(parent, place)) return;
      place = parent;
    }
  }

  take(): Draft | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (first === undefined || last === undefined || this.#items.length === 0) return first;
    this.#items[0] = last;
    for (let place = 0; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const child = this.#isBefore(right, left) ? right : left;
      if (!this.#swapUnless(place, child)) return first;
      place = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [x, y] = [this.#items[a], this.#items[b]];
    return x !== undefined && y !== undefined && comesFirst(x, y);
  }

  /** Brings parent and child into order; true when it had to. */
  #swapUnless(parent: number, child: number): boolean {
    const [upper, lower] = [this.#items[parent], this.#items[child]];
    if (!upper || !lower || !comesFirst(lower, upper)) return false;
    this.#items[parent] = lower;
    this.#items[child] = upper;
    return true;
  }
}
