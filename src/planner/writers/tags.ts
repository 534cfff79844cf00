import type { Difference } from "../../model.ts";
import { valueText } from "./values.ts";
import { visible } from "./visible.ts";

/** A creation or deletion lists tags as one attribute, `tags`; an update tells them apart by key, `tags.cost-center`. */

const TAGS = "tags";
const TAG = "tags.";
const OUR_TAG = "landline:";

/** Whether a difference is about tags and nothing else. */
export function isTags({ attribute }: Difference): boolean {
  return attribute === TAGS || attribute.startsWith(TAG);
}

/** `cost-center=network, team=payments`, and how many tags are our own marks, which say nothing new. */
export function foldTags(differences: readonly Difference[]): { readonly named: string; readonly ours: number } {
  const tags = differences.filter(isTags).flatMap(pairs);
  const named = tags.filter(([key]) => !key.startsWith(OUR_TAG));
  const words = named.map(([key, value]) => `${visible(key)}=${value}`);
  return { named: words.join(", "), ours: tags.length - named.length };
}

function pairs(difference: Difference): [key: string, value: string][] {
  const side = difference.after ?? difference.before ?? null;
  if (difference.attribute !== TAGS) return [[difference.attribute.slice(TAG.length), valueText(side)]];
  if (side === null || typeof side !== "object") return [];
  return Object.entries(side).map(([key, value]) => [key, valueText(value)]);
}
