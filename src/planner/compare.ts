import type { Change, Desired, Difference, Json, KindInfo, KindInfos, Live, Ref, Rule, Value } from "../model.ts";
import { refsIn, same, substitute } from "./canonical.ts";
import { asSet, compareText, groupBy } from "./collections.ts";
import { isUnmarked } from "./findings/adoption.ts";
import { nameBeside } from "./names.ts";
import { isGlobal } from "./snapshot-index.ts";

/** A change before it knows its neighbours: no dependencies, risks or digest yet. */
export type Draft = Pick<
  Change,
  | "step"
  | "address"
  | "connection"
  | "kind"
  | "target"
  | "action"
  | "differences"
  | "relies"
  | "leftover"
  | "temporary"
  | "desired"
  | "live"
> & {
  /** Steps (or addresses: their main steps) that come before this one, besides those that its references lead to. */
  readonly behind?: readonly string[];
};

export interface Comparison {
  readonly drafts: readonly Draft[];
  readonly unchanged: readonly Live[];
}

/**
 * The one place that compares. Desired resources are visited after what they refer to, so that it is known whether a Ref still has its
 * value: an object that is created or replaced takes its outputs with it, and whatever refers to it differs from there on. Live objects
 * of connections that `mayDelete` denies are never deleted.
 */
export function compare(
  desired: readonly Desired[],
  live: readonly Live[],
  kinds: KindInfos,
  mayDelete: (connection: string) => boolean = () => true,
): Comparison {
  const drafts: Draft[] = [];
  const unchanged: Live[] = [];
  const planned = new Set(desired.map(({ address }) => address));
  // What is not planned here (other connections under --only) is referred to as it lives.
  const outputs = new Map(
    live.filter(({ address }) => !planned.has(address)).map(({ address, outputs }) => [address, outputs]),
  );
  const candidates = groupBy(live, placeOfAddress);
  for (const wanted of inReferenceOrder(desired)) {
    const info = kinds[wanted.kind];
    const known = (ref: Ref) => outputs.get(ref.ref)?.[ref.output];
    const found = candidates.get(placeOfAddress(wanted)) ?? [];
    candidates.delete(placeOfAddress(wanted));
    const { draft, current } = compareOne(wanted, found, info, known);
    if (draft) drafts.push(draft);
    else if (current) unchanged.push(current);
    if (current && draft?.action !== "replace") outputs.set(wanted.address, current.outputs);
    const leftovers = draft?.action === "replace" ? found : found.filter((object) => object !== current);
    // An acceptance that is kept ends with the consumer's endpoint.
    if (info.orphan === "delete")
      drafts.push(...leftovers.filter((object) => !isUnmarked(object)).map((object) => removal(object, info, true)));
  }
  for (const orphan of [...candidates.values()].flat()) {
    const info = kinds[orphan.kind];
    // Not ours yet, and nobody wants it any more: it stays whose it is.
    if (isUnmarked(orphan)) continue;
    if (!mayDelete(orphan.connection) || info.orphan === "keep") unchanged.push(orphan);
    else drafts.push(removal(orphan, info, false));
  }
  return { drafts: nameSteps(drafts), unchanged };
}

const placeOfAddress = ({ target, kind, address }: Pick<Live, "target" | "kind" | "address">): string =>
  isGlobal(kind) ? `${kind} ${address}` : `${target} ${kind} ${address}`;

interface Compared {
  readonly draft?: Draft;
  readonly current?: Live;
}

function compareOne(
  wanted: Desired,
  found: readonly Live[],
  info: KindInfo,
  known: (ref: Ref) => string | undefined,
): Compared {
  const attributes = substitute(wanted.attributes as unknown as Value, known) as {
    readonly [attribute: string]: Value;
  };
  const relies = Object.fromEntries(
    refsIn(wanted.attributes).map((ref) => [`${ref.ref}.${ref.output}`, known(ref) ?? null]),
  );
  const compared = found.map((object) => ({
    object,
    differences: [...differencesOf(object.attributes, attributes, info), ...endOf(object, wanted)],
  }));
  const rank = (one: (typeof compared)[number]) =>
    one.differences.some((difference) => difference.forcesReplacement) ? 1 : 0;
  // Of several objects at one address (a replacement that was cut short) the one that fits is kept, then the younger one.
  compared.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compareText(b.object.createdAt ?? "", a.object.createdAt ?? "") ||
      compareText(a.object.id, b.object.id),
  );
  const best = compared[0];
  const base = {
    step: wanted.address,
    address: wanted.address,
    connection: wanted.connection,
    kind: wanted.kind,
    target: wanted.target,
    relies,
  };
  if (!best) return { draft: { ...base, action: "create", differences: additions(attributes), desired: wanted } };
  const current = best.object;
  if (best.differences.length === 0) return { current };
  const replaces = rank(best) === 1;
  const name = current.attributes.name;
  const named =
    typeof name === "string" && info.rules.name?.shape === "fixed"
      ? { name: replaces ? nameBeside(name, String(attributes.name)) : name }
      : {};
  const desired = { ...wanted, attributes: { ...wanted.attributes, ...named } } as Desired;
  return {
    current,
    draft: { ...base, action: replaces ? "replace" : "update", differences: best.differences, desired, live: current },
  };
}

/** An object that has ended can be changed into nothing: another one takes its place. */
const endOf = ({ id, state = "ended" }: Live, { ended }: Desired): Difference[] =>
  ended?.includes(id)
    ? [{ attribute: "state", before: state, after: "available", forcesReplacement: true as const }]
    : [];

/** What differs between a live object's attributes and the wanted ones, in the order of attribute names. */
export function differencesOf(
  live: Live["attributes"],
  wanted: { readonly [attribute: string]: Value | undefined },
  info: KindInfo,
): Difference[] {
  const attributes = Object.keys(info.rules).sort(compareText);
  return attributes.flatMap((attribute) => {
    const rule = info.rules[attribute];
    const after = wanted[attribute];
    // An attribute that the spec leaves out is not managed.
    return rule && after !== undefined ? differenceOf(attribute, rule, live[attribute] ?? null, after) : [];
  });
}

function differenceOf(attribute: string, rule: Rule, before: Json, after: Value): Difference[] {
  if (rule.shape === "fixed" || (rule.unsetFits && before === null)) return [];
  if (rule.shape === "tags") return tagDifferences(attribute, before, after);
  if (same(comparable(rule, before), comparable(rule, after))) return [];
  const emptied = rule.replaceWhenEmptied && isEmpty(before) !== isEmpty(after);
  return [
    {
      attribute,
      before,
      after,
      ...(rule.onChange === "replace" || emptied ? { forcesReplacement: true as const } : {}),
    },
  ];
}

/** Sets are equal whatever their order; a Ref among the members is a member like any other. */
function comparable(rule: Rule, value: Value): unknown {
  if (rule.shape !== "set" || !Array.isArray(value)) return value;
  return asSet(value.map((member: Value) => JSON.stringify(member)));
}

const isEmpty = (value: Value): boolean => Array.isArray(value) && value.length === 0;

/** Only the keys that the spec names and our own `landline:` keys count; what others have put on our resources stays. */
function tagDifferences(attribute: string, before: Json, after: Value): Difference[] {
  const live = (before ?? {}) as { readonly [key: string]: Json };
  const wanted = after as { readonly [key: string]: Value };
  const keys = asSet([...Object.keys(wanted), ...Object.keys(live).filter((key) => key.startsWith("landline:"))]);
  return keys.flatMap((key) => {
    const [was, will] = [live[key], wanted[key]];
    if (was === will) return [];
    return [
      {
        attribute: `${attribute}.${key}`,
        ...(was === undefined ? {} : { before: was }),
        ...(will === undefined ? {} : { after: will }),
      },
    ];
  });
}

const additions = (attributes: { readonly [attribute: string]: Value | undefined }): Difference[] =>
  Object.keys(attributes)
    .sort(compareText)
    .flatMap((attribute) => {
      const after = attributes[attribute];
      return after === undefined ? [] : [{ attribute, after }];
    });

function removal(object: Live, info: KindInfo, leftover: boolean): Draft {
  const differences = Object.keys(info.rules)
    .sort(compareText)
    .flatMap((attribute) => {
      const before = object.attributes[attribute];
      // What AWS fills in and empties as others use the object says nothing about it, and would be another step once they have moved over.
      return before === undefined || info.rules[attribute]?.unsetFits ? [] : [{ attribute, before }];
    });
  const { address, connection, kind, target } = object;
  return {
    step: address,
    address,
    connection,
    kind,
    target,
    action: "delete",
    differences,
    live: object,
    relies: {},
    ...(leftover ? { leftover: true as const } : {}),
  };
}

/**
 * The object that a replacement leaves behind has a step of its own, `address#id`, also when the replacement itself was done in an earlier
 * run; so have all but the first of several objects at an address that nobody wants any more.
 */
function nameSteps(drafts: readonly Draft[]): Draft[] {
  const taken = new Set(drafts.filter(({ action }) => action !== "delete").map(({ step }) => step));
  return drafts.map((draft) => {
    const apart = draft.leftover || (draft.action === "delete" && taken.has(draft.address));
    taken.add(draft.address);
    return apart && draft.live ? { ...draft, step: `${draft.address}#${draft.live.id}` } : draft;
  });
}

/** Every resource after those that it refers to. References cannot be circular: the specs were checked. */
function inReferenceOrder(desired: readonly Desired[]): Desired[] {
  const byAddress = new Map(desired.map((one) => [one.address, one]));
  const ordered: Desired[] = [];
  const seen = new Set<string>();
  const visit = (one: Desired): void => {
    if (seen.has(one.address)) return;
    seen.add(one.address);
    for (const { ref } of refsIn(one.attributes)) {
      const referred = byAddress.get(ref);
      if (referred) visit(referred);
    }
    ordered.push(one);
  };
  desired.forEach(visit);
  return ordered;
}
