import { isAlias, type Node, visit } from "yaml";
import type { ProblemCode } from "./problem.ts";

/** What YAML 1.2's core schema has of its own; anything else would be code or a type that JSON does not know. */
const CORE = new Set(["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`));

/** Refuses every tag but the core ones. */
export function checkTags(
  root: Node,
  text: string,
  add: (code: ProblemCode, offset: number, message: string, hint?: string) => void,
): void {
  visit(root, {
    Node: (_key, node) => {
      if (isAlias(node) || node.tag === undefined || CORE.has(node.tag)) return;
      const shown = node.tag.replace("tag:yaml.org,2002:", "!!");
      add(
        "yaml.tag",
        tagOffset(text, node.range?.[0] ?? 0),
        `the tag ${shown} is not read`,
        "specs are plain data: leave the tag out",
      );
    },
  });
}

/** A node's range begins after its tag; the tag is the last `!...` before it, with perhaps an anchor in between. */
function tagOffset(text: string, start: number): number {
  const before = /![^\s,[\]{}]*\s+(?:&[^\s,[\]{}]+\s+)?$/.exec(text.slice(Math.max(0, start - 200), start));
  return before === null ? start : start - before[0].length;
}
