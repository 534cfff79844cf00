import { type Answer, type Call, ok } from "./call.ts";
import { unprocessable } from "./errors.ts";

const defaultSize = 30;
const largestSize = 100;

/** One page of a list, with the Link header; `wrap` for the lists that GitHub puts into an object. */
export function page<T>(
  call: Call,
  path: string,
  items: readonly T[],
  view: (item: T) => unknown,
  wrap: (items: unknown[], total: number) => unknown = (shown) => shown,
): Answer {
  const size = Math.min(largestSize, positive(call, "per_page", defaultSize));
  const number = positive(call, "page", 1);
  const shown = items.slice((number - 1) * size, number * size).map(view);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = links(call, path, number, last);
  return ok(wrap(shown, items.length), link === "" ? {} : { link });
}

function links(call: Call, path: string, number: number, last: number): string {
  const entry = (rel: string, to: number): string => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(to));
    return `<${call.world.api}${path}?${query}>; rel="${rel}"`;
  };
  const back = number > 1 ? [entry("prev", number - 1)] : [];
  const forth = number < last ? [entry("next", number + 1), entry("last", last)] : [];
  return [...back, ...forth, ...(number > 1 ? [entry("first", 1)] : [])].join(", ");
}

/** GitHub takes nonsense for the default, but refuses nothing but far too deep pages. */
function positive(call: Call, name: string, otherwise: number): number {
  const text = call.query.get(name);
  if (text === null || !/^\d+$/.test(text) || Number(text) === 0) return otherwise;
  if (Number(text) > 1_000_000) throw unprocessable(`${name} is too large`);
  return Number(text);
}
