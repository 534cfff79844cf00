import fc from "fast-check";

/** YAML as people write it: any values in any layout, by a writer that shares nothing with ours. */

export interface Laid {
  readonly value: unknown;
  readonly text: string;
}

type Tree =
  | { readonly is: "scalar"; readonly value: string | number | boolean; readonly quotes: "" | "'" | '"' }
  | { readonly is: "list"; readonly items: readonly Tree[]; readonly style: Style; readonly note: Note }
  | {
      readonly is: "map";
      readonly items: readonly (readonly [string, Tree])[];
      readonly style: Style;
      readonly note: Note;
    };

/** Comments and empty lines at the places where they may stand. */
interface Note {
  readonly above: number;
  readonly behind: number;
  readonly blank: boolean;
}
type Style = "block" | "line" | "lines" | "lines,";

const note: fc.Arbitrary<Note> = fc.record({ above: fc.nat(3), behind: fc.nat(3), blank: fc.boolean() });
const style = fc.constantFrom<Style>("block", "block", "line", "lines", "lines,");
const scalar: fc.Arbitrary<Tree> = fc.record({
  is: fc.constant("scalar" as const),
  value: fc.oneof(fc.constantFrom("x", "some text", "vpce-0a", "10.0.0.0/8", "it is so"), fc.nat(99), fc.boolean()),
  quotes: fc.constantFrom("", "'", '"'),
});
const KEYS = ["name", "target", "subnets", "accept", "reason"];

const tree: fc.Memo<Tree> = fc.memo((depth) => (depth <= 1 ? scalar : fc.oneof(scalar, list(depth), map(depth))));
const list = (depth: number): fc.Arbitrary<Tree> =>
  fc.record({ is: fc.constant("list" as const), items: fc.array(tree(depth - 1), { maxLength: 3 }), style, note });
const map = (depth: number): fc.Arbitrary<Tree> =>
  fc.record({
    is: fc.constant("map" as const),
    items: fc
      .uniqueArray(fc.constantFrom(...KEYS), { maxLength: 3 })
      .chain((keys) => fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), tree(depth - 1))))),
    style,
    note,
  });

/** A document of the connection `a`. */
export const laid: fc.Arbitrary<Laid> = fc
  .record({
    parts: fc.tuple(tree(4), tree(4), tree(3)),
    eol: fc.constantFrom("\n", "\r\n"),
    step: fc.constantFrom(2, 3, 4),
    end: fc.boolean(),
  })
  .map(({ parts, eol, step, end }) => {
    const writer = writerOf(step);
    const lines = ["# yaml", "metadata: { name: a }"];
    const value: { [key: string]: unknown } = { metadata: { name: "a" } };
    for (const [index, part] of parts.entries()) {
      lines.push(...writer.pair(`part${index}`, part, 0));
      value[`part${index}`] = plainOf(part);
    }
    return { value, text: lines.join(eol) + (end ? eol : "") };
  });

export function plainOf(tree: Tree): unknown {
  if (tree.is === "scalar") return tree.quotes === "" ? tree.value : String(tree.value);
  if (tree.is === "list") return tree.items.map(plainOf);
  return Object.fromEntries(tree.items.map(([key, item]) => [key, plainOf(item)]));
}

/** Every value of a document with its path, the name and the document itself left out. */
export function pathsIn(
  value: unknown,
  path: readonly (string | number)[] = [],
): { path: readonly (string | number)[]; value: unknown }[] {
  const inside = Array.isArray(value)
    ? value.flatMap((item, index) => pathsIn(item, [...path, index]))
    : typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, item]) => (key === "metadata" ? [] : pathsIn(item, [...path, key])))
      : [];
  return path.length === 0 ? inside : [{ path, value }, ...inside];
}

function writerOf(step: number) {
  let comments = 0;
  const comment = (): string => `#~${comments++}`;
  const pad = (indent: number): string => " ".repeat(indent);
  const text = (tree: Extract<Tree, { is: "scalar" }>): string => `${tree.quotes}${tree.value}${tree.quotes}`;
  const isBlock = (tree: Tree): boolean => tree.is !== "scalar" && tree.style === "block" && tree.items.length > 0;
  const behind = (tree: Tree): string => (tree.is !== "scalar" && tree.note.behind === 0 ? ` ${comment()}` : "");

  /** In brackets; what is inside is in brackets too. */
  const flow = (tree: Tree, indent: number): string => {
    if (tree.is === "scalar") return text(tree);
    const [open, close] = tree.is === "list" ? ["[", "]"] : ["{", "}"];
    const over = tree.style.startsWith("lines");
    const entries =
      tree.is === "list"
        ? tree.items.map((item) => flow(item, indent + step))
        : tree.items.map(([key, item]) => `${key}: ${flow(item, indent + step)}`);
    if (entries.length === 0) return `${open}${close}`;
    if (!over) return tree.is === "list" ? `[${entries.join(", ")}]` : `{ ${entries.join(", ")} }`;
    const lines = entries.map((entry, index) => {
      const comma = index < entries.length - 1 || tree.style === "lines," ? "," : "";
      return `${pad(indent + step)}${entry}${comma}${tree.note.above === index ? ` ${comment()}` : ""}`;
    });
    return [open, ...lines, `${pad(indent)}${close}`].join("\n");
  };

  const above = (tree: Tree, indent: number): string[] => {
    if (tree.is === "scalar") return [];
    return [...(tree.note.blank ? [""] : []), ...(tree.note.above === 0 ? [`${pad(indent)}${comment()}`] : [])];
  };

  const body = (tree: Tree, indent: number): string[] => {
    if (tree.is === "list") return tree.items.flatMap((item) => dashed(item, indent));
    return tree.is === "map" ? tree.items.flatMap(([key, item]) => pair(key, item, indent)) : [];
  };

  const dashed = (tree: Tree, indent: number): string[] => {
    const start = above(tree, indent);
    if (!isBlock(tree)) return [...start, ...`${pad(indent)}- ${flow(tree, indent)}${behind(tree)}`.split("\n")];
    const inner = body(tree, indent + 2);
    const first = inner.findIndex((line) => line.trim() !== "" && !line.trim().startsWith("#"));
    // Comments above the first entry stand above its dash.
    return [
      ...start,
      ...inner.slice(0, first),
      `${pad(indent)}- ${(inner[first] ?? "").trimStart()}`,
      ...inner.slice(first + 1),
    ];
  };

  const pair = (key: string, tree: Tree, indent: number): string[] => {
    const start = above(tree, indent);
    if (!isBlock(tree)) return [...start, ...`${pad(indent)}${key}: ${flow(tree, indent)}${behind(tree)}`.split("\n")];
    const inside = tree.is === "list" && tree.note.behind === 1 ? indent : indent + step;
    return [...start, `${pad(indent)}${key}:${behind(tree)}`, ...body(tree, inside)];
  };

  return { pair };
}

/** Text that is hardly YAML. */
export const any: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "metadata: {name: a}\n",
        "metadata:\n  name: a\n",
        "---\n",
        "service:\n",
        "  connections:",
        " accept:\n",
        "a: [1]\n",
        "a:\n- 1\n",
      ),
      fc.constantFrom(
        "  ",
        "\n",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "- ",
        ": ",
        "? ",
        "# c\n",
        "|+\n",
        "\r\n",
        "\t",
        "\ufeff",
        "~",
        ",",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 14 },
  )
  .map((parts) => `metadata: {name: a}\n${parts.join("")}`);
