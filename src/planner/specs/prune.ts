import { isMap } from "./json.ts";
import type { Path } from "./problem.ts";

/** Turns a path in pruned data back into the path in the document as it was written. */
export type Origin = (path: Path) => Path;

/**
 * Takes the parts out that do not fit the schema, so that everything else can still be checked and a person sees all problems at once.
 * Lists close up; `origin` remembers where their items came from. `undefined` when nothing is left.
 */
export function prune(
  value: unknown,
  misfits: (value: unknown) => readonly Path[],
): { value: unknown; origin: Origin } {
  const indexes = new WeakMap<object, number[]>();
  const kept = copy(value, indexes);
  for (let paths = misfits(kept); paths.length > 0; paths = misfits(kept)) {
    if (paths.some((path) => path.length === 0)) return { value: undefined, origin: (path) => path };
    // Later items first, so that earlier indexes still hold while items go; each place once, however much is wrong with it.
    const places = new Map(paths.map((path) => [JSON.stringify(path), path]));
    for (const path of [...places.values()].sort(byPlaceDescending)) remove(kept, path, indexes);
  }
  return { value: kept, origin: (path) => originalPath(kept, path, indexes) };
}

function copy(value: unknown, indexes: WeakMap<object, number[]>): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => copy(item, indexes));
    indexes.set(items, [...items.keys()]);
    return items;
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, indexes)]));
}

function byPlaceDescending(a: Path, b: Path): number {
  for (let depth = 0; depth < Math.min(a.length, b.length); depth++) {
    const [left, right] = [a[depth], b[depth]];
    if (left === right) continue;
    if (typeof left === "number" && typeof right === "number") return right - left;
    return String(left) < String(right) ? 1 : -1;
  }
  return b.length - a.length;
}

function remove(root: unknown, path: Path, indexes: WeakMap<object, number[]>): void {
  let parent = root as Record<string | number, unknown> | undefined;
  for (const step of path.slice(0, -1)) parent = parent?.[step] as typeof parent;
  const last = path.at(-1);
  if (parent === undefined || last === undefined) return;
  if (Array.isArray(parent)) {
    parent.splice(Number(last), 1);
    indexes.get(parent)?.splice(Number(last), 1);
  } else {
    delete parent[last];
  }
}

function originalPath(root: unknown, path: Path, indexes: WeakMap<object, number[]>): Path {
  let value = root as Record<string | number, unknown> | undefined;
  return path.map((step) => {
    const original = Array.isArray(value) && typeof step === "number" ? (indexes.get(value)?.[step] ?? step) : step;
    value = typeof value === "object" && value !== null ? (value[step] as typeof value) : undefined;
    return original;
  });
}
