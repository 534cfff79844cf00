import type { Call } from "../operation.ts";
import { text } from "../params.ts";
import { invalid, numberIn } from "./input.ts";

/** AWS shows at most this many objects in one answer. */
const largestPage = 400;

/** One page of a describe, and the marker of the next one. */
export interface Page<Item> {
  shown: Item[];
  next: string | undefined;
}

/**
 * Cuts the page that `Marker` and `PageSize` ask for. Objects are ordered by key and the marker names the last key shown, so that what is made or
 * deleted between two pages neither repeats nor hides another. @throws AwsError ValidationError
 */
export function page<Item>(call: Call, items: readonly Item[], keyOf: (item: Item) => string): Page<Item> {
  const size = numberIn(call.params, "PageSize", 1, largestPage) ?? largestPage;
  const marker = text(call.params, "Marker");
  const after = marker ? readMarker(marker) : "";
  const left = [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).filter((item) => keyOf(item) > after);
  const shown = left.slice(0, size);
  const last = shown.at(-1);
  const next = last !== undefined && left.length > size ? writeMarker(keyOf(last)) : undefined;
  return { shown, next };
}

const markerStart = "after:";

function writeMarker(key: string): string {
  return Buffer.from(`${markerStart}${key}`).toString("base64");
}

function readMarker(marker: string): string {
  const decoded = Buffer.from(marker, "base64").toString("utf8");
  if (!decoded.startsWith(markerStart)) throw invalid(`The marker '${marker}' is not valid`);
  return decoded.slice(markerStart.length);
}
