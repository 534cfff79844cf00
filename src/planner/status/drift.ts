import type { Change, Difference, Finding, Json, KindName, Plan, Position, Snapshot } from "../../model.ts";
import { acceptanceAddress } from "../addresses.ts";
import { isRef, refsIn, same } from "../canonical.ts";
import { compareText, groupBy } from "../collections.ts";
import { dayNumber } from "../dates.ts";
import { isUnread } from "../findings/unreadable.ts";
import type { ConnectionDocument } from "../specs/index.ts";

/**
 * How the cloud differs from the specs.
 * - `changed`: an object of ours is not as its spec says. - `missing`: a spec wants it, and it is not there.
 * - `unexpected`: it is there, and no spec wants it: a request that nobody named, a principal that nobody declared, an object with our mark.
 */
export type DriftClass = "changed" | "missing" | "unexpected";

/** One attribute as the spec says it and as it lives; either is absent where that side has none. */
export interface DriftDifference {
  readonly attribute: string;
  readonly specs?: Json;
  readonly cloud?: Json;
}

export interface DriftItem {
  readonly class: DriftClass;
  readonly connection: string;
  readonly address: string;
  readonly kind: KindName;
  readonly target: string;
  /** AWS's id or ARN of the live object, where there is one. */
  readonly object?: string;
  /** One sentence: what is so, and what to do about it where that is not plain. */
  readonly message: string;
  readonly differences: readonly DriftDifference[];
  /** Where the spec says it. */
  readonly at?: Position;
}

/** What a comparison of the cloud with the specs has found. Waits are no drift. */
export interface Drift {
  readonly project: string;
  /** What was compared with what. */
  readonly compared: {
    readonly connections: readonly string[];
    readonly targets: readonly { readonly target: string; readonly account: string; readonly region: string }[];
  };
  readonly summary: { readonly [C in DriftClass]: number } & { readonly unchanged: number };
  readonly items: readonly DriftItem[];
  /** Addresses that differ only because what they refer to is missing or replaced: they follow when that is mended. */
  readonly followers: readonly string[];
  /** Errors that keep a connection from being compared, or its drift from being mended. */
  readonly errors: readonly Finding[];
}

export interface DriftInput {
  readonly plan: Plan;
  /** The connections that were compared. */
  readonly connections: readonly ConnectionDocument[];
  readonly snapshot: Snapshot;
  /** ISO 8601. */
  readonly now: string;
}

/** The drift that a plan amounts to. A spec that was changed and not applied yet differs in the same way: only a base could tell the two apart. */
export function driftOf(input: DriftInput): Drift {
  const { plan, connections, snapshot } = input;
  const perChange = netChanges(plan.changes).map((change) => ({ change, items: itemsOf(change, input) }));
  const items = [
    ...perChange.flatMap(({ items: own }) => own),
    ...plan.findings.flatMap((one) => itemOfFinding(one, input)),
  ];
  const count = (drift: DriftClass) => items.filter((item) => item.class === drift).length;
  const errors = plan.findings.filter(({ severity, waived }) => severity === "error" && waived === undefined);
  const blocked = new Set(
    errors.flatMap(({ id, connection }) => (id === "target.unreadable" ? (connection ?? []) : [])),
  );
  return {
    project: plan.project,
    compared: {
      connections: connections
        .map(({ spec }) => spec.metadata.name)
        .filter((name) => !blocked.has(name))
        .sort(compareText),
      targets: snapshot.targets
        .filter((target) => !isUnread(target))
        .map(({ target, account, region }) => ({ target, account, region }))
        .sort((a, b) => compareText(a.target, b.target)),
    },
    summary: {
      changed: count("changed"),
      missing: count("missing"),
      unexpected: count("unexpected"),
      unchanged: plan.summary.unchanged,
    },
    items,
    followers: perChange.flatMap(({ change, items: own }) =>
      own.length === 0 && !change.temporary && follows(change) ? [change.step] : [],
    ),
    errors,
  };
}

/**
 * A plan may need several steps for one object, and some that stand only while it is carried out. What differs is where the first one begins
 * and the last one ends.
 */
function netChanges(changes: readonly Change[]): Change[] {
  const lasting = changes.filter(({ temporary }) => !temporary);
  const removals = lasting.filter(({ action }) => action === "delete");
  const others = groupBy(
    lasting.filter(({ action }) => action !== "delete"),
    ({ target, kind, address }) => `${target} ${kind} ${address}`,
  );
  return [...[...others.values()].flatMap(netChange), ...removals];
}

function netChange(steps: readonly Change[]): Change[] {
  const made = steps.find(({ action }) => action === "create");
  if (made) return [made];
  // The step of the whole object rather than one that stands beside it (`address#...`).
  const main = steps.find(({ step, address }) => step === address) ?? steps[0];
  if (!main) return [];
  const byAttribute = groupBy(
    steps.flatMap(({ differences }) => differences),
    ({ attribute }) => attribute,
  );
  const differences = [...byAttribute.values()].flatMap((own): Difference[] => {
    const [first, last] = [own[0], own.at(-1)];
    if (!first || !last || (own.length > 1 && same(first.before, last.after))) return [];
    const { after: _, ...before } = first;
    return [{ ...before, ...(last.after === undefined ? {} : { after: last.after }) }];
  });
  return [{ ...main, differences }];
}

function itemsOf(change: Change, input: DriftInput): DriftItem[] {
  // What would stand only for the length of the plan is missed by nobody.
  if (change.temporary && (change.action !== "delete" || !change.live)) return [];
  if (change.action === "create") return [missing(change)];
  if (change.action === "delete") return isOldHalf(change, input.plan) ? [] : [leftBehind(change)];
  const differences = change.differences.filter((difference) => !isFollowUp(difference) && !isUnderWay(difference));
  const principals =
    change.kind === "allowlist" ? differences.find(({ attribute }) => attribute === "principals") : undefined;
  const others = differences.filter((difference) => difference !== principals);
  return [...principalItems(change, principals, input), ...(others.length > 0 ? [changed(change, others)] : [])];
}

/** The object that this very plan would replace: its drift is told by the replacement. */
const isOldHalf = ({ leftover, live }: Change, { changes }: Plan): boolean =>
  leftover === true && changes.some(({ action, live: replaced }) => action === "replace" && replaced?.id === live?.id);

/** A difference whose wanted value is not known yet says something about what it refers to, not about this object. */
const isFollowUp = ({ after }: Difference): boolean => after !== undefined && refsIn(after).length > 0;
const follows = ({ differences }: Change): boolean => differences.some(isFollowUp);

/** AWS is looking for the proof of a name: a wait. */
const isUnderWay = ({ attribute, before }: Difference): boolean =>
  attribute === "state" && before === "pendingverification";

const base = ({ connection, address, kind, target, live, desired }: Change) => ({
  connection,
  address,
  kind,
  target,
  ...(live ? { object: live.id } : {}),
  ...(desired ? { at: desired.at } : {}),
});

function changed(change: Change, differences: readonly Difference[]): DriftItem {
  return {
    class: "changed",
    ...base(change),
    message: `${change.live?.id ?? change.address} is not as the specs say`,
    differences: differences.map(fromSpecsToCloud),
  };
}

function missing(change: Change): DriftItem {
  return { class: "missing", ...base(change), message: "a spec wants it, and it is not there", differences: [] };
}

/** Of an object that is simply there. */
export const UNWANTED = "it carries our mark, and no spec wants it";

function leftBehind(change: Change): DriftItem {
  const message = change.leftover ? "it is what a replacement has left behind, and no spec wants it" : UNWANTED;
  return { class: "unexpected", ...base(change), message, differences: [] };
}

/** A set of principals is no attribute to people: each one is there or not. */
function principalItems(change: Change, difference: Difference | undefined, input: DriftInput): DriftItem[] {
  const [live, wanted] = [textsOf(difference?.before), textsOf(difference?.after)];
  const item = (kind: DriftClass, principal: string, message: string, side: "specs" | "cloud"): DriftItem => ({
    class: kind,
    ...base(change),
    message,
    differences: [{ attribute: "principals", [side]: [principal] }],
  });
  return [
    ...wanted
      .filter((principal) => !live.includes(principal))
      .map((principal) =>
        item("missing", principal, `${principal} is declared, and the service does not allow it`, "specs"),
      ),
    ...live
      .filter((principal) => !wanted.includes(principal))
      .map((principal) => item("unexpected", principal, undeclared(principal, change, input), "cloud")),
  ];
}

function undeclared(principal: string, { connection }: Change, { connections, now }: DriftInput): string {
  const grants =
    connections.find(({ spec }) => spec.metadata.name === connection)?.spec.service?.allowedPrincipals ?? [];
  const until = grants.find((grant) => grant.principal === principal)?.until;
  return until !== undefined && dayNumber(until) < dayNumber(now)
    ? `${principal} is still allowed, and its grant ended on ${until}`
    : `${principal} is allowed, and nobody declared it`;
}

const UNNAMED = ["connection.unexpected", "connection.undeclared"];

/** Requests and connections that nobody named are findings of the plan: it does nothing about them. */
function itemOfFinding(
  { id, connection, address, message, at }: Finding,
  { connections, snapshot }: DriftInput,
): DriftItem[] {
  if (!UNNAMED.includes(id) || connection === undefined || address === undefined) return [];
  const target = connections.find(({ spec }) => spec.metadata.name === connection)?.spec.service?.target ?? "";
  const facts = snapshot.targets.flatMap((seen) => seen.connections);
  const fact = facts.find(({ endpointId }) => address === acceptanceAddress(connection, endpointId));
  return [
    {
      class: "unexpected",
      connection,
      address,
      kind: "acceptance",
      target,
      ...(fact ? { object: fact.endpointId } : {}),
      message,
      differences: [],
      ...(at ? { at } : {}),
    },
  ];
}

/** A plan goes from the cloud to the specs; drift went the other way. */
function fromSpecsToCloud({ attribute, before, after }: Difference): DriftDifference {
  // Follow-ups are left out before, so nothing in here is a reference.
  return {
    attribute,
    ...(after === undefined ? {} : { specs: after as Json }),
    ...(before === undefined ? {} : { cloud: before }),
  };
}

const textsOf = (value: Difference["after"]): string[] =>
  Array.isArray(value) && !isRef(value) ? value.filter((member) => typeof member === "string") : [];
