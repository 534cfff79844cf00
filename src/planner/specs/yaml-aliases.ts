import { type Alias, isAlias, isCollection, isPair, isScalar, type Node } from "yaml";
import type { ProblemCode } from "./problem.ts";

/** Gives what an alias points at, and any other node itself. */
export type Resolve = (node: Node) => Node | null;

/** Far more than a person writes. */
const MOST_ALIASES = 100;
/** How many values all aliases of one document may add, each counted with everything inside it. */
const MOST_ADDED_VALUES = 10_000;

/**
 * Follows every alias to its anchor once, and refuses the ones that would blow a document up: nine lists of nine aliases each to the one
 * before are a few hundred bytes of YAML and a billion values.
 */
export function resolveAliases(
  root: Node,
  add: (code: ProblemCode, offset: number, message: string, hint?: string) => void,
): Resolve {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  /** How many values a finished node stands for; a node that is not in here yet is still open around us. */
  const sizes = new Map<Node, number>();
  let added = 0;
  let refused = false;

  const refuse = (alias: Alias, message: string): number => {
    if (!refused) add("yaml.aliases", alias.range?.[0] ?? 0, message, "write the values out");
    refused = true;
    return 1;
  };

  const sizeOfAlias = (alias: Alias): number => {
    const target = anchors.get(alias.source);
    if (target === undefined)
      return refuse(alias, `no anchor &${alias.source} stands before the alias *${alias.source}`);
    const size = sizes.get(target);
    if (size === undefined) return refuse(alias, `the alias *${alias.source} stands inside its own anchor`);
    targets.set(alias, target);
    added += size;
    if (targets.size > MOST_ALIASES) return refuse(alias, `more than ${MOST_ALIASES} aliases in one document`);
    if (added > MOST_ADDED_VALUES) {
      return refuse(alias, `the aliases up to here stand for more than ${MOST_ADDED_VALUES} values`);
    }
    return size;
  };

  const measure = (node: unknown): number => {
    if (isAlias(node)) return sizeOfAlias(node);
    if (isPair(node)) return measure(node.key) + measure(node.value);
    if (!isScalar(node) && !isCollection(node)) return 0;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    const size = isCollection(node) ? node.items.reduce<number>((sum, item) => sum + measure(item), 1) : 1;
    sizes.set(node, size);
    return size;
  };

  measure(root);
  return (node) => (isAlias(node) ? (targets.get(node) ?? null) : node);
}
