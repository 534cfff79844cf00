import type { Change, Difference, KindName, Value } from "../../model.ts";
import { compareDocuments, compareLists, compareSets, type Item } from "./compare.ts";
import { isLeftover } from "./groups.ts";
import { foldTags, isTags } from "./tags.ts";
import { isDocument, isList, isNothing, valueText } from "./values.ts";
import { visible } from "./visible.ts";
import { count } from "./words.ts";

/**
 * What stands below a change, the same for every writer: a writer only decides how a row looks.
 * - `value`: one side only, with the sign of what happens to it.
 * - `change`: before and after on one line.
 * - `set`: what a set gains and loses; `kept` counts what stays and is not listed. A list in which order counts is shown whole.
 * - `document`: the lines of a document that change, with some around them.
 * - `more`: what was folded away.
 */
export type Row =
  | { readonly form: "value"; readonly attribute: string; readonly sign: "+" | "-"; readonly value: string }
  | (Forcing & { readonly form: "change"; readonly before: string; readonly after: string })
  | (Forcing & { readonly form: "set"; readonly items: readonly Item[]; readonly kept: number })
  | (Forcing & { readonly form: "document"; readonly items: readonly Item[] })
  | { readonly form: "more"; readonly words: string };

interface Forcing {
  readonly attribute: string;
  /** This difference forces the replacement. */
  readonly forces: boolean;
}

/** What a reviewer wants to know of an object that comes or goes; the rest is folded away unless asked for. */
const TELLING: { readonly [K in KindName]: readonly string[] } = {
  "load-balancer": ["name", "scheme", "subnetIds", "securityGroupIds"],
  "target-group": ["protocol", "port", "targetType", "vpcId", "targets"],
  listener: ["protocol", "port", "certificateArns"],
  "endpoint-service": ["loadBalancerArns", "acceptanceRequired", "privateDnsName", "supportedRegions"],
  allowlist: ["principals"],
  acceptance: ["endpointId", "decision"],
  notification: ["topicArn", "events"],
  "private-dns": ["name", "recordName", "recordValue"],
  "security-group": ["vpcId", "ingress"],
  "vpc-endpoint": [
    "serviceName",
    "serviceRegion",
    "vpcId",
    "subnetIds",
    "securityGroupIds",
    "privateDnsEnabled",
    "policy",
  ],
  "dns-record": ["name", "zoneId", "types", "targetDnsName"],
  "value-record": ["name", "type", "zoneId", "values"],
  "hosted-zone": ["name", "vpcs"],
  "zone-association": ["zoneId", "vpc"],
  "zone-authorization": ["zoneId", "vpc"],
};

/** Lists that are no sets: the first certificate of a listener is its default. */
const ORDERED: ReadonlySet<string> = new Set(["certificateArns"]);

/** A list of a created or deleted object stays on one line up to this length, in characters. */
const SHORT_LIST = 72;

/**
 * The rows of a change, in the order of its differences. Without `verbose`, what is created or deleted shows its telling attributes only,
 * and the object that a replacement leaves behind shows none: the replacement has said it.
 */
export function rowsOf(change: Change, verbose = false): Row[] {
  if (change.action === "create") return oneSided(change, "+", verbose);
  if (change.action === "delete")
    return isLeftover(change) && !verbose ? [] : [...identity(change), ...oneSided(change, "-", verbose)];
  return rowsOfDifferences(change.differences, verbose);
}

/** The rows of what differs, for whoever has no change around it. */
export const rowsOfDifferences = (differences: readonly Difference[], verbose: boolean): Row[] =>
  differences.map((difference) => rowOf(difference, verbose));

/** Whether an update touches nothing but tags. */
export function isTagOnly(change: Change): boolean {
  return change.action === "update" && change.differences.every(isTags);
}

function identity(change: Change): Row[] {
  if (change.live === undefined) return [];
  return [{ form: "value", attribute: "id", sign: "-", value: visible(change.live.id) }];
}

function oneSided(change: Change, sign: "+" | "-", verbose: boolean): Row[] {
  if (verbose) return change.differences.map((difference) => oneSidedRow(difference, sign));
  const telling = change.differences.filter((difference) => isTelling(change, difference));
  const { named, ours } = foldTags(change.differences);
  const folded = change.differences.filter((difference) => !isTags(difference)).length - telling.length;
  const more = [
    ...(folded > 0 ? [count(folded, "more attribute")] : []),
    ...(ours > 0 ? [count(ours, "landline:* tag")] : []),
  ];
  return [
    ...telling.map((difference) => oneSidedRow(difference, sign)),
    ...(named === "" ? [] : [{ form: "value" as const, attribute: "tags", sign, value: named }]),
    ...(more.length === 0 ? [] : [{ form: "more" as const, words: more.join(", ") }]),
  ];
}

function isTelling(change: Change, difference: Difference): boolean {
  return TELLING[change.kind].includes(difference.attribute) && !isNothing(difference.after ?? difference.before);
}

function oneSidedRow(difference: Difference, sign: "+" | "-"): Row {
  const attribute = visible(difference.attribute);
  const side = difference.after === undefined ? difference.before : difference.after;
  const value = textOf(side, difference);
  if (isDocument(side)) return documentRow(difference);
  if (isList(side) && side.length > 0 && value.length > SHORT_LIST) {
    const items = side.map((item) => ({ sign, text: valueText(item) }));
    return { form: "set", attribute, items, kept: 0, forces: false };
  }
  return { form: "value", attribute, sign, value };
}

function rowOf(difference: Difference, verbose: boolean): Row {
  const { before, after } = difference;
  const forces = difference.forcesReplacement === true;
  if (before === undefined && !forces) return oneSidedRow(difference, "+");
  if (after === undefined && !forces) return oneSidedRow(difference, "-");
  if (isDocument(before) || isDocument(after)) return documentRow(difference);
  const attribute = visible(difference.attribute);
  if (isList(before ?? after) && isList(before ?? []) && isList(after ?? [])) {
    if (ORDERED.has(difference.attribute)) {
      return { form: "set", attribute, items: compareLists(asList(before), asList(after)), kept: 0, forces };
    }
    const { items, kept } = compareSets(asList(before), asList(after));
    const shown = verbose ? [...items, ...kept] : items;
    return { form: "set", attribute, items: shown, kept: verbose ? 0 : kept.length, forces };
  }
  return { form: "change", attribute, before: textOf(before, difference), after: textOf(after, difference), forces };
}

function documentRow(difference: Difference): Row {
  const items = compareDocuments(difference.before, difference.after, difference.attribute);
  return {
    form: "document",
    attribute: visible(difference.attribute),
    items,
    forces: difference.forcesReplacement === true,
  };
}

function asList(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}

function textOf(value: Value | undefined, difference: Difference): string {
  return value === undefined ? "(absent)" : valueText(value, difference.attribute);
}
