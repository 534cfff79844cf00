import type { AwsError, Call, Tree } from "../operation.ts";
import { texts } from "../params.ts";
import type { Tags } from "../world.ts";
import { items } from "../xml.ts";
import { askedFilters, type Filters } from "./filters.ts";
import { isFirstPage, type Paging, page } from "./pages.ts";

/** What distinguishes one describe operation from another. */
export interface View<Item> {
  /** The list's element in the answer. */
  element: string;
  /** Everything that the caller may see. */
  all: readonly Item[];
  /** What pages are ordered by. */
  key: (item: Item) => string;
  /** The id list of the request: one id that is missing fails the whole call. */
  ids?: { parameter: string; missing: (id: string) => AwsError };
  filters: Filters<Item>;
  /** Filters on what moves by itself: an object that they keep out of sight is still looked at, or it would never move for a caller who waits with a filter. */
  moving?: readonly string[];
  tags?: (item: Item) => Tags;
  /** One look at an object: moves its transitions on. */
  look?: (item: Item) => void;
  /** Whether an object is still there after the look; all are unless told. */
  exists?: (item: Item) => boolean;
  paging?: Paging;
  render: (item: Item) => Tree;
}

/** The one way in which all EC2 describes select, look, page and show. */
export function describe<Item>(call: Call, view: View<Item>): Tree {
  const { shown, nextToken } = select(call, view);
  return { [view.element]: items(shown.map(view.render)), nextToken };
}

/** The page of objects that a describe shows. */
export function select<Item>(call: Call, view: View<Item>): { shown: Item[]; nextToken: string | undefined } {
  const filters = askedFilters(call, view.filters, view.tags);
  const moving = new Set(view.moving ?? []);
  const named = byIds(call, view);
  const watched = named.filter((item) => filters.every(({ name, passes }) => moving.has(name) || passes(item)));
  if (view.look && isFirstPage(call)) for (const item of watched) view.look(item);
  const present = watched.filter((item) => stillThere(call, view, item));
  const passing = present.filter((item) => filters.every(({ passes }) => passes(item)));
  return page(call, passing, view.key, view.paging ?? {});
}

/** An object that goes at this very look is missing when it was asked for by id. */
function stillThere<Item>(call: Call, view: View<Item>, item: Item): boolean {
  if (view.exists?.(item) ?? true) return true;
  if (view.ids && texts(call.params, view.ids.parameter).length > 0) throw view.ids.missing(view.key(item));
  return false;
}

function byIds<Item>(call: Call, view: View<Item>): readonly Item[] {
  if (!view.ids) return view.all;
  const wanted = texts(call.params, view.ids.parameter);
  if (wanted.length === 0) return view.all;
  const known = new Map(view.all.map((item) => [view.key(item), item]));
  for (const id of wanted) if (!known.has(id)) throw view.ids.missing(id);
  return [...new Set(wanted)].flatMap((id) => known.get(id) ?? []);
}
