import type { Change, Plan } from "../../../model.ts";
import { groupBy } from "../../collections.ts";
import { fence } from "../safe-markdown.ts";
import { count, orderRisks, RISK_ORDER } from "../words.ts";
import { type Edge, type Fate, flowchart, type Node } from "./mermaid.ts";
import { outsideKey, type Part, type Sketch, sketchOf } from "./picture-parts.ts";
import type { Place } from "./words.ts";

/** Both sides of the connections that change: who may connect, through which endpoints and names, to which service and load balancer. */

/** More boxes than this nobody reads; GitHub would draw some hundreds. */
const MOST_BOXES = 40;

export interface Picture {
  /** Mermaid; absent when nothing of it would fit or there is nothing to draw. */
  readonly text?: string;
  /** Connections that are in it, and that change. */
  readonly drawn: number;
  readonly changing: number;
}

/** Draws all connections that change; when these are too many, those with the worst risks as far as they fit. */
export function pictureOf(plan: Plan, targets: readonly Place[]): Picture {
  const changing = [...groupBy(plan.changes, ({ connection }) => connection).values()];
  const all = sketch(plan.changes);
  if (all.parts.length === 0) return { drawn: 0, changing: changing.length };
  if (all.parts.length <= MOST_BOXES)
    return { text: draw(all, targets), drawn: changing.length, changing: changing.length };
  const chosen = worstThatFit(changing);
  if (chosen.length === 0) return { drawn: 0, changing: changing.length };
  return { text: draw(sketch(chosen.flat()), targets), drawn: chosen.length, changing: changing.length };
}

/** The picture as a block of the comment, with what its words mean and what is not in it; empty when there is nothing to draw. */
export function pictureBlock({ text, drawn, changing }: Picture): string | undefined {
  if (text === undefined)
    return changing === 0 || drawn > 0
      ? undefined
      : `No picture: ${count(changing, "connection")} would be too many boxes.`;
  const some =
    drawn === changing
      ? ""
      : ` Only ${drawn} of the ${changing} connections that change are drawn, those with the worst risks.`;
  return `Each box says what becomes of it; those without a word stay as they are.${some}\n\n${fence(text.split("\n"), "mermaid")}`;
}

function worstThatFit(groups: readonly (readonly Change[])[]): (readonly Change[])[] {
  const risky = groups.filter((own) => weight(own) < RISK_ORDER.length).toSorted((a, b) => weight(a) - weight(b));
  const chosen: (readonly Change[])[] = [];
  let boxes = 0;
  for (const own of risky) {
    const more = sketch(own).parts.length;
    if (more === 0 || boxes + more > MOST_BOXES) continue;
    chosen.push(own);
    boxes += more;
  }
  return chosen;
}

function weight(changes: readonly Change[]): number {
  const [worst] = orderRisks(changes.flatMap(({ risks }) => risks));
  return worst === undefined ? RISK_ORDER.length : RISK_ORDER.indexOf(worst);
}

/** What all changes say together: each box once, each line once. */
function sketch(changes: readonly Change[]): Sketch {
  const sketches = knownByAddress(changes.map(sketchOf), changes);
  const parts = groupBy(
    sketches.flatMap((one) => one.parts),
    ({ key }) => key,
  );
  const lines = new Map(
    sketches.flatMap((one) => one.lines).map((line) => [`${line.from} ${line.to} ${line.label ?? ""}`, line]),
  );
  return { parts: [...parts.values()].map(merge), lines: withoutDoubles([...lines.values()]) };
}

/** An endpoint that goes knows its service by AWS's name only; where that service is in the plan too, it is that one. */
function knownByAddress(sketches: readonly Sketch[], changes: readonly Change[]): Sketch[] {
  const services = changes.flatMap(({ address, live }): [string, string][] => {
    const name = live?.outputs.serviceName;
    return name === undefined ? [] : [[outsideKey(name), address]];
  });
  const addresses = new Map(services);
  return sketches.map(({ parts, lines }) => ({
    parts: parts.filter(({ key }) => !addresses.has(key)),
    lines: lines.map((line) => ({ ...line, to: addresses.get(line.to) ?? line.to })),
  }));
}

/** What happens to a box is the most that any change says; where it stands is what the first says that knows. */
function merge(own: readonly Part[]): Part {
  const fates = own.map(({ fate }) => fate);
  const fate = STRENGTH.find((one) => fates.includes(one)) ?? "same";
  const best = own.find((one) => one.fate === fate) ?? own[0];
  const target = (own.find((one) => one.fate !== "same" && one.target) ?? own.find((one) => one.target))?.target;
  if (best === undefined) throw new Error("a box that no change speaks of");
  return { ...best, ...(target === undefined ? {} : { target }), fate };
}

const STRENGTH: readonly Fate[] = ["replaced", "added", "removed", "changed"];

/** A line with words says more than the same line without. */
function withoutDoubles(lines: readonly Edge[]): Edge[] {
  const said = new Set(lines.flatMap(({ from, to, label }) => (label === undefined ? [] : [`${from} ${to}`])));
  return lines.filter(({ from, to, label }) => label !== undefined || !said.has(`${from} ${to}`));
}

function draw({ parts, lines }: Sketch, targets: readonly Place[]): string {
  const nodes = parts.map(
    (part): Node => ({
      key: part.key,
      frame: frameOf(part, targets),
      lines: [part.kind, part.name],
      fate: part.fate,
    }),
  );
  return flowchart(nodes, lines);
}

function frameOf({ outside, target }: Part, targets: readonly Place[]): string {
  if (outside) return "outside this plan";
  if (target === undefined) return "of this project, not changed here";
  const place = targets.find(({ name }) => name === target);
  return place === undefined ? target : `${target}, account ${place.account}, ${place.region}`;
}
