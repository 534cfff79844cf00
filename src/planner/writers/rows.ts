import type { Change, Difference, KindName, Value } from "../../model.ts";
import { compareDocuments, compareSets, type Item } from "./compare.ts";
import { isDocument, isList, isNothing, valueText } from "./values.ts";
import { visible } from "./visible.ts";
import { count } from "./words.ts";

/**
 * What stands below a change, the same for every writer: a writer only decides how a row looks.
 * - `value`: one side only, with the sign of what happens to it.
 * - `change`: before and after on one line.
 * - `items`: what a set gains and loses, or the lines of a document; `kept` counts what stays and is not listed.
 * - `more`: what was folded away.
 */
export type Row =
  | { readonly form: "value"; readonly attribute: string; readonly sign: "+" | "-"; readonly value: string }
  | {
      readonly form: "change";
      readonly attribute: string;
      readonly before: string;
      readonly after: string;
      readonly forces: boolean;
    }
  | {
      readonly form: "items";
      readonly attribute: string;
      readonly items: readonly Item[];
      readonly kept: number;
      readonly forces: boolean;
    }
  | { readonly form: "more"; readonly words: string };

/** What a reviewer wants to know of an object that comes or goes; the rest is folded away unless asked for. */
const TELLING: { readonly [K in KindName]: readonly string[] } = {
  "load-balancer": ["name", "scheme", "subnetIds", "securityGroupIds"],
  "target-group": ["protocol", "port", "targetType", "vpcId", "targets"],
  listener: ["protocol", "port", "certificateArns"],
  "endpoint-service": ["loadBalancerArns", "acceptanceRequired", "privateDnsName", "supportedRegions"],
  allowlist: ["principals"],
  acceptance: ["endpointId", "decision"],
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
};

const TAGS = "tags";
const TAG = "tags.";
const OUR_TAG = "landline:";

/** A list of a created or deleted object stays on one line up to this length, in characters. */
const SHORT_LIST = 72;

/** The rows of a change, in the order of its differences. */
export function rowsOf(change: Change, verbose = false): Row[] {
  if (change.action === "create") return oneSided(change, "+", verbose);
  if (change.action === "delete") return [...identity(change), ...oneSided(change, "-", verbose)];
  return change.differences.map((difference) => rowOf(difference, verbose));
}

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
  const tags = change.differences.filter(isTags);
  const folded = change.differences.length - telling.length - tags.length;
  return [
    ...telling.map((difference) => oneSidedRow(difference, sign)),
    ...tagRows(tags.flatMap(tagPairs), sign),
    ...(folded > 0 ? [{ form: "more" as const, words: count(folded, "more attribute") }] : []),
  ];
}

function isTelling(change: Change, difference: Difference): boolean {
  return TELLING[change.kind].includes(difference.attribute) && !isNothing(difference.after ?? difference.before);
}

/** A creation or deletion lists tags as one attribute, an update tells them apart by key. */
function isTags({ attribute }: Difference): boolean {
  return attribute === TAGS || attribute.startsWith(TAG);
}

function tagPairs(difference: Difference): [key: string, value: string][] {
  const side = difference.after ?? difference.before ?? null;
  if (difference.attribute !== TAGS) return [[difference.attribute.slice(TAG.length), valueText(side)]];
  if (side === null || typeof side !== "object") return [];
  return Object.entries(side).map(([key, value]) => [key, valueText(value)]);
}

/** Our own tags are always the same four: a count says enough. */
function tagRows(tags: readonly [key: string, value: string][], sign: "+" | "-"): Row[] {
  if (tags.length === 0) return [];
  const named = tags.filter(([key]) => !key.startsWith(OUR_TAG));
  const ours = tags.length - named.length;
  const pairs = named.map(([key, value]) => `${visible(key)}=${value}`);
  const value = [...pairs, ...(ours > 0 ? [`${ours} landline:*`] : [])].join(", ");
  return [{ form: "value", attribute: TAGS, sign, value }];
}

function oneSidedRow(difference: Difference, sign: "+" | "-"): Row {
  const attribute = visible(difference.attribute);
  const side = difference.after ?? difference.before;
  const value = sideText(difference);
  if (isDocument(side)) {
    const items = compareDocuments(difference.before, difference.after, difference.attribute);
    return { form: "items", attribute, items, kept: 0, forces: false };
  }
  if (isList(side) && side.length > 0 && value.length > SHORT_LIST) {
    return {
      form: "items",
      attribute,
      items: side.map((item) => ({ sign, text: valueText(item) })),
      kept: 0,
      forces: false,
    };
  }
  return { form: "value", attribute, sign, value };
}

function rowOf(difference: Difference, verbose: boolean): Row {
  const { before, after } = difference;
  const attribute = visible(difference.attribute);
  const forces = difference.forcesReplacement === true;
  if (before === undefined && !forces) return oneSidedRow(difference, "+");
  if (after === undefined && !forces) return oneSidedRow(difference, "-");
  if (isDocument(before) || isDocument(after)) {
    return { form: "items", attribute, items: compareDocuments(before, after, difference.attribute), kept: 0, forces };
  }
  if (isList(before) && isList(after)) {
    const { items, kept } = compareSets(before, after);
    return {
      form: "items",
      attribute,
      items: verbose ? [...items, ...kept] : items,
      kept: verbose ? 0 : kept.length,
      forces,
    };
  }
  return { form: "change", attribute, before: text(before, difference), after: text(after, difference), forces };
}

function sideText(difference: Difference): string {
  return text(difference.after === undefined ? difference.before : difference.after, difference);
}

function text(value: Value | undefined, difference: Difference): string {
  return value === undefined ? "(absent)" : valueText(value, difference.attribute);
}
