import { isCollection, isMap, isScalar, type LineCounter, type Node, type Pair, type YAMLMap } from "yaml";
import type { Path, Position } from "./problem.ts";
import type { Resolve } from "./yaml-aliases.ts";

/** Where the parts of one document stand in its file. */
export interface Places {
  /** Where the value at a path stands, or its nearest existing parent: scalars and list items themselves, everything else by its key. */
  at(path: Path): Position;
  /** Where the last key of a path stands, or what `at` says when there is no such key. */
  keyAt(path: Path): Position;
  /** A plain scalar as it was written, before YAML made a number of it. */
  source(path: Path): string | undefined;
}

/** Looks places up in a parsed document. */
export function placesIn(root: Node, resolve: Resolve, place: (offset: number) => Position): Places {
  const pairs = new WeakMap<YAMLMap, Map<string, Pair>>();
  /** The last of two equal keys is the one whose value counts. */
  const pairOf = (map: YAMLMap, key: string): Pair | undefined => {
    const known = pairs.get(map) ?? new Map(map.items.map((pair) => [keyText(pair), pair]));
    pairs.set(map, known);
    return known.get(key);
  };
  const find = (path: Path): Step => follow(root, path, resolve, pairOf);
  return {
    at: (path) => place(find(path).offset),
    keyAt: (path) => {
      const { found, keyOffset, offset } = find(path);
      return place(found ? (keyOffset ?? offset) : offset);
    },
    source: (path) => {
      const { found, node } = find(path);
      return found && isScalar(node) ? node.source : undefined;
    },
  };
}

interface Step {
  node: Node | null;
  /** Where to point for this value. */
  offset: number;
  keyOffset: number | undefined;
  /** Whether the whole path exists. */
  found: boolean;
}

type PairOf = (map: YAMLMap, key: string) => Pair | undefined;

function follow(root: Node, path: Path, resolve: Resolve, pairOf: PairOf): Step {
  let step: Step = { node: root, offset: start(root), keyOffset: undefined, found: true };
  for (const name of path) {
    const next = child(step.node, name, resolve, pairOf);
    if (next === undefined) return { ...step, found: false };
    step = next;
  }
  return step;
}

function child(node: Node | null, name: string | number, resolve: Resolve, pairOf: PairOf): Step | undefined {
  if (!isCollection(node)) return undefined;
  if (isMap(node)) {
    const pair = pairOf(node, String(name));
    if (pair === undefined) return undefined;
    const key = pair.key as Node;
    const value = pair.value === null ? null : resolve(pair.value as Node);
    const offset = isScalar(value) && value.value !== null ? start(value) : start(key);
    return { node: value, offset, keyOffset: start(key), found: true };
  }
  const item = node.items[Number(name)] as Node | undefined;
  if (item === undefined) return undefined;
  return { node: resolve(item), offset: start(item), keyOffset: undefined, found: true };
}

/** The text of a key; the schema core has keys of text only, and anything else is refused before. */
export function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function start(node: Node): number {
  return node.range?.[0] ?? 0;
}

/**
 * The counter knows no line of an empty file, the end of a file without a last newline lies one past its text, and in text that is hardly YAML
 * it misses line ends: all of these are still places.
 */
export function positionOf(file: { path: string; text: string }, lines: LineCounter, offset: number): Position {
  const end = Math.min(offset, file.text.length);
  const { line, col } = lines.linePos(end);
  const missed = line === 0 || file.text.slice(Math.max(0, end - col + 1), end).includes("\n");
  return { file: file.path, ...(missed ? counted(file.text.slice(0, end)) : { line, column: col }) };
}

const counted = (before: string): { line: number; column: number } => {
  const above = before.split("\n");
  return { line: above.length, column: (above.at(-1)?.length ?? 0) + 1 };
};
