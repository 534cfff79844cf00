import { AwsError, type Call } from "../operation.ts";
import { integer, text } from "../params.ts";
import { invalidCombination, invalidValue } from "./errors.ts";

const largestPage = 1000;
const smallestPage = 5;

/** How a describe pages, where operations differ. */
export interface Paging {
  /** The VPC endpoint operations cut a MaxResults over 1000 down to 1000; the others refuse it. */
  clamp?: boolean;
  /** The name of an id list that excludes MaxResults, where EC2 documents that. */
  idsExclude?: string;
}

/** One page, and the token of the next one. */
export interface Page<Item> {
  shown: Item[];
  nextToken: string | undefined;
}

/** True for the first page of a describe; the later ones only go on showing. */
export function isFirstPage(call: Call): boolean {
  return !text(call.params, "NextToken");
}

/**
 * Cuts the page that MaxResults and NextToken ask for. The token names the last key shown and objects are ordered by key, so that what is made or
 * deleted between two pages neither repeats nor hides another.
 * @throws AwsError InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 */
export function page<Item>(
  call: Call,
  items: readonly Item[],
  keyOf: (item: Item) => string,
  paging: Paging,
): Page<Item> {
  const size = pageSize(call, paging);
  const token = text(call.params, "NextToken");
  const after = token ? readToken(token) : "";
  const left = items.filter((item) => keyOf(item) > after).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const shown = left.slice(0, size);
  const last = shown.at(-1);
  return { shown, nextToken: last !== undefined && left.length > size ? writeToken(keyOf(last)) : undefined };
}

function pageSize(call: Call, { clamp, idsExclude }: Paging): number {
  const asked = integer(call.params, "MaxResults");
  if (asked === undefined) return largestPage;
  if (idsExclude !== undefined && call.params[idsExclude] !== undefined) {
    throw invalidCombination(`The parameter ${idsExclude} cannot be used with the parameter MaxResults`);
  }
  if (asked < smallestPage) {
    throw invalidValue(String(asked), "MaxResults", `Expecting a value greater than or equal to ${smallestPage}.`);
  }
  if (asked > largestPage && !clamp) {
    throw invalidValue(String(asked), "MaxResults", `Expecting a value less than or equal to ${largestPage}.`);
  }
  return Math.min(asked, largestPage);
}

const mark = "after:";

function writeToken(key: string): string {
  return Buffer.from(`${mark}${key}`).toString("base64");
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  if (!text.startsWith(mark)) throw new AwsError("InvalidNextToken", `The token '${token}' is invalid`);
  return text.slice(mark.length);
}
