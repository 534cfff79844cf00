import { visible } from "../visible.ts";

/**
 * A flow chart in Mermaid. Mermaid has no escape character: in a quoted label anything but plain letters, digits and a few signs is written
 * as an entity code (`#34;`), so that no foreign text can end the label, begin a directive or close the fence.
 * https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */

/** What becomes of a thing. Told by a word in its label and by its class, so that nobody depends on seeing colours. */
export type Fate = "added" | "changed" | "replaced" | "removed" | "same";

export interface Node {
  readonly key: string;
  /** Title of the frame in which it stands. */
  readonly frame: string;
  /** What it is, and its name. */
  readonly lines: readonly string[];
  readonly fate: Fate;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

const WORD: { readonly [F in Fate]: string } = {
  added: "added: ",
  changed: "changed: ",
  replaced: "replaced: ",
  removed: "removed: ",
  same: "",
};

/** Fill, border and text: text is set too, because GitHub's dark theme changes its default. */
const CLASSES: readonly string[] = [
  "classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  "classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328",
  "classDef replaced fill:#ffe2c8,stroke:#bc4c00,color:#1f2328,stroke-width:2px",
  "classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:5 3",
  "classDef same fill:#f6f8fa,stroke:#8c959f,color:#1f2328",
];

/** Longest line of a label, in characters before escaping. */
const LONGEST = 60;

/** Mermaid reads labels as Markdown as well: no emphasis, no address that it would link. Foreign text never begins with a list's mark. */
const PLAIN = /[A-Za-z0-9 ./,-]/;
const PLAIN_START = /[A-Za-z]/;

/** Nodes by frame, then edges, then classes. Edges with an end that is no node are left out. */
export function flowchart(nodes: readonly Node[], edges: readonly Edge[]): string {
  const ids = new Map(nodes.map(({ key }, index) => [key, `n${index}`]));
  const frames = [...new Set(nodes.map(({ frame }) => frame))];
  const framed = frames.flatMap((frame, index) => [
    `  subgraph f${index}["${label(frame)}"]`,
    ...nodes.filter((node) => node.frame === frame).map((node) => `    ${ids.get(node.key)}${box(node)}`),
    "  end",
  ]);
  const arrows = edges.flatMap(({ from, to, label: words }) => {
    const [a, b] = [ids.get(from), ids.get(to)];
    if (a === undefined || b === undefined) return [];
    return [words === undefined ? `  ${a} --> ${b}` : `  ${a} -->|"${label(words)}"| ${b}`];
  });
  return ["flowchart LR", ...framed, ...arrows, ...CLASSES.map((line) => `  ${line}`)].join("\n");
}

function box({ lines, fate }: Node): string {
  return `["${WORD[fate]}${lines.map(label).join("<br/>")}"]:::${fate}`;
}

/** Foreign text in a quoted label. */
export function label(text: string): string {
  const characters = [...visible(text)];
  const shown = characters.length > LONGEST ? [...characters.slice(0, LONGEST - 3), ".", ".", "."] : characters;
  return shown
    .map((one, index) => ((index === 0 ? PLAIN_START : PLAIN).test(one) ? one : `#${one.codePointAt(0)};`))
    .join("")
    .replace(/www\./gi, "www#46;");
}
