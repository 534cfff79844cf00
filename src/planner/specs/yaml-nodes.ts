import { isAlias, isCollection, isMap, isPair, type Node } from "yaml";
import type { ProblemCode } from "./problem.ts";
import { keyText } from "./yaml-places.ts";

/** What YAML 1.2's core schema has of its own; anything else would be code or a type that JSON does not know. */
const CORE = new Set(["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`));

/**
 * Refuses tags other than the core ones, and keys that stand in a map twice. The parser could look for equal keys itself, but it compares
 * every key with every other one: a map that fills a megabyte would take it minutes.
 */
export function checkNodes(
  root: Node,
  text: string,
  add: (code: ProblemCode, offset: number, message: string, hint?: string) => void,
): void {
  const check = (node: unknown): void => {
    if (isPair(node)) {
      check(node.key);
      check(node.value);
      return;
    }
    checkTag(node);
    if (isMap(node)) checkKeys(node);
    if (isCollection(node)) node.items.forEach(check);
  };

  const checkTag = (node: unknown): void => {
    const tagged = node as Node | null;
    if (tagged === null || isAlias(tagged) || tagged.tag === undefined || CORE.has(tagged.tag)) return;
    const shown = tagged.tag.replace("tag:yaml.org,2002:", "!!");
    const offset = tagOffset(text, tagged.range?.[0] ?? 0);
    add("yaml.tag", offset, `the tag ${shown} is not read`, "specs are plain data: leave the tag out");
  };

  const checkKeys = (map: { items: Parameters<typeof keyText>[0][] }): void => {
    const seen = new Set<string>();
    for (const pair of map.items) {
      const key = keyText(pair);
      if (seen.has(key)) {
        const offset = (pair.key as Node | null)?.range?.[0] ?? 0;
        add("yaml.duplicate-key", offset, "this key stands in the same map already", "keep one of the two");
      }
      seen.add(key);
    }
  };

  check(root);
}

/** A node's range begins after its tag; the tag is the last `!...` before it, with perhaps an anchor in between. */
function tagOffset(text: string, start: number): number {
  const before = /![^\s,[\]{}]*\s+(?:&[^\s,[\]{}]+\s+)?$/.exec(text.slice(Math.max(0, start - 200), start));
  return before === null ? start : start - before[0].length;
}
