import type { Change, Difference, Json, Value } from "../model.ts";
import { canonical, isRef, refsIn, same } from "./canonical.ts";
import type { Draft } from "./compare.ts";
import type { Sha256 } from "./names.ts";

type Relies = Change["relies"];

/**
 * What a change is, as one hash: its address, action and target, the object it touches, before and after of each attribute, and the ids it
 * relies on. Refs stay symbolic in it, with their values listed apart, so that a run which stopped half-way (some Refs have become
 * known meanwhile) can still recognise the operations that were reviewed.
 */
export const digestOf = (
  change: Pick<Draft, "address" | "kind" | "target" | "action" | "live" | "differences" | "desired" | "temporary">,
  relies: Relies,
  sha256: Sha256,
): string =>
  digestOfContent({ ...change, object: objectOf(change), differences: symbolicDifferences(change), relies }, sha256);

/** The id of the object that a change touches. What ends with the plan may not exist when it is made, so its id says nothing. */
export const objectOf = ({ live, temporary }: Pick<Draft, "live" | "temporary">): string | undefined =>
  temporary ? undefined : live?.id;

/** A change as its digest and its plan file tell it. */
type Content = Pick<Change, "address" | "kind" | "target" | "action" | "differences" | "relies"> & {
  readonly object?: string | null | undefined;
};

const digestOfContent = (
  { address, kind, target, action, object = null, differences, relies }: Content,
  sha256: Sha256,
): string => `sha256:${sha256(canonical({ address, kind, target, action, object, differences, relies }))}`;

/** Whether a change in a plan file says what its digest stands for; not when somebody has edited it. */
export const isIntact = (change: Content & { readonly digest: string }, sha256: Sha256): boolean =>
  digestOfContent(change, sha256) === change.digest;

/** The differences with Refs in place of the ids that they lead to, whether or not these are known by now. */
export const symbolicDifferences = ({
  differences,
  desired,
}: Pick<Draft, "differences" | "desired">): readonly Difference[] =>
  differences.map((difference) => {
    const after = symbolicAfter(difference, desired?.attributes);
    if (after === undefined) return difference;
    return { ...difference, ...symbolicBefore(difference, after), after };
  });

/** What stays in a set is told in the same way on both sides, whether or not its id is known by now. */
function symbolicBefore({ before, after: known }: Difference, after: Value): Pick<Difference, "before"> {
  if (!Array.isArray(before) || !Array.isArray(known) || !Array.isArray(after) || refsIn(after).length === 0) return {};
  const texts = before.map(canonical);
  const stays = (index: number) => texts.includes(canonical(known[index])) || texts.includes(canonical(after[index]));
  const kept = after.filter((_, index) => stays(index)) as Json[];
  const gone = before.filter((one) => ![...known, ...after].some((other) => same(one, other)));
  return kept.length === 0 ? {} : { before: [...gone, ...kept] };
}

/**
 * The digest without the ids that the change relies on: a run that was killed after it had made some of them wants the same as the next one,
 * and asks AWS with the same client token, so that nothing is made twice.
 */
export const intentOf = (change: Change, sha256: Sha256): string =>
  digestOf(change, Object.fromEntries(Object.keys(change.relies).map((ref) => [ref, null])), sha256);

export const planIdOf = (changes: readonly Pick<Change, "digest">[], sha256: Sha256): string =>
  `sha256:${sha256(canonical(changes.map(({ digest }) => digest)))}`;

function symbolicAfter({ attribute, after }: Difference, attributes: object | undefined): Value | undefined {
  const wanted = (attributes as { readonly [attribute: string]: Value | undefined } | undefined)?.[attribute];
  return refsIn(wanted).length > 0 ? wanted : after;
}

/** One change of a reviewed plan, as its JSON file holds it. */
export interface Reviewed {
  readonly step: string;
  readonly action: Change["action"];
  /** The id of the object that it updates, replaces or deletes. */
  readonly object?: string;
  readonly digest: string;
  readonly relies: Relies;
  readonly differences: readonly Difference[];
}

/**
 * Whether a freshly planned change is one that was reviewed: digest for digest, where ids that nobody could know at review time may have
 * become known since; or the rest of a reviewed change that stopped half-way, setting nothing but what was reviewed.
 */
export function wasReviewed(change: Change, reviewed: ReadonlyMap<string, Reviewed>, sha256: Sha256): boolean {
  const approvals = [reviewed.get(change.step) ?? sameDeletion(change, reviewed), ...secondSteps(change, reviewed)];
  return approvals.some((approved) => approved !== undefined && covers(approved, change, sha256));
}

/** Steps of a reviewed plan that go on with an object which the same plan was to make. */
const secondSteps = ({ action, address }: Change, reviewed: ReadonlyMap<string, Reviewed>): Reviewed[] =>
  action === "update"
    ? [...reviewed.values()].filter(
        (one) => one.action === "update" && one.object === undefined && one.step.startsWith(`${address}#`),
      )
    : [];

function covers(approved: Reviewed, change: Change, sha256: Sha256): boolean {
  const masked = Object.fromEntries(
    Object.entries(change.relies).map(([ref, id]) => [ref, approved.relies[ref] === null ? null : id]),
  );
  if (digestOf(change, masked, sha256) === approved.digest) return true;
  if (change.action !== "update" || approved.action === "delete") return false;
  // Completing what was reviewed: a creation whose object exists by now, or an update of which a part is done or turned out to be so already.
  const sameObject = approved.action !== "update" || [undefined, change.live?.id].includes(approved.object);
  return sameObject && change.differences.every((difference) => agrees(difference, change, approved));
}

/** Of several objects at an address the step of one may be called otherwise once another is gone; its digest stays. */
const sameDeletion = ({ action, digest }: Change, reviewed: ReadonlyMap<string, Reviewed>): Reviewed | undefined =>
  action === "delete" ? [...reviewed.values()].find((approved) => approved.digest === digest) : undefined;

function agrees(difference: Difference, change: Change, approved: Reviewed): boolean {
  const symbolic = symbolicAfter(difference, change.desired?.attributes);
  const [attribute = "", key] = splitTag(difference.attribute);
  const approvedOne = approved.differences.find((one) => [difference.attribute, attribute].includes(one.attribute));
  const planned = approvedOne?.after;
  const expected =
    key === undefined || planned === undefined || isRef(planned)
      ? planned
      : (planned as { readonly [key: string]: Value })[key];
  const start = symbolic === undefined ? {} : symbolicBefore(difference, symbolic);
  const sameStart =
    approved.action !== "update" ||
    [difference.before, start.before].some((before) => same(approvedOne?.before, before));
  return sameStart && (same(expected, difference.after) || same(expected, symbolic));
}

/** An update tells tags apart by key, a creation lists them as one attribute. */
function splitTag(attribute: string): [string, string | undefined] {
  const dot = attribute.indexOf(".");
  return dot < 0 ? [attribute, undefined] : [attribute.slice(0, dot), attribute.slice(dot + 1)];
}
