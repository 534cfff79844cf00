// @ts-check
import { readChart } from "./chart.mjs";
import { escaped } from "./html.mjs";

/**
 * Draws the comment's picture. GitHub draws it with Mermaid, which is much larger than all of this; what is drawn here comes from the same text.
 *
 * @import { Box, Chart } from "./chart.mjs"
 * @typedef {{ x: number, y: number, width: number, height: number }} Spot
 * @typedef {{ title: string, columns: Box[][], from: number, to: number, height: number }} Frame
 */

const BOX = { least: 120, line: 17, padding: 12, character: { kind: 6, name: 6.9 } };
const GAP = { column: 96, row: 16, frame: 20, title: 30, edge: 14 };

/** @param {string} text Mermaid */
export function svgOf(text) {
  const chart = readChart(text);
  const { spots, frames, width, height } = place(chart);
  const at = (/** @type {string} */ id) => spots.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
  const parts = [
    ...frames.map(paintFrame),
    ...chart.arrows.map(({ from, to, label }) => paintArrow(at(from), at(to), label)),
    ...chart.boxes.map((box) => paintBox(at(box.id), box, chart.styles.get(box.style) ?? "")),
  ];
  return `<svg class="picture" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="The connections that change">${TIP}${parts.join("")}</svg>`;
}

/** Where everything goes: boxes in columns, frames around them, frames whose columns overlap below each other. @param {Chart} chart */
function place({ frames: titles, boxes }) {
  const count = Math.max(...boxes.map(({ column }) => column)) + 1;
  const range = Array.from({ length: count }, (_, column) => column);
  const widths = range.map((column) => Math.max(BOX.least, ...inColumn(boxes, column).map(widthOf)));
  const lefts = range.map((column) => 2 * GAP.edge + sum(widths.slice(0, column)) + column * GAP.column);
  const frames = titles.map((title, index) => {
    const own = boxes.filter(({ frame }) => frame === index);
    const columns = range.map((column) => inColumn(own, column));
    const used = own.map(({ column }) => column);
    const height = GAP.title + GAP.edge + Math.max(...columns.map(pileHeight));
    return { title, columns, from: Math.min(...used), to: Math.max(...used), height };
  });
  const piles = pilesOf(frames);
  const height = Math.max(...piles.map(heightOf));
  /** @type {Map<string, Spot>} */
  const spots = new Map();
  const placed = piles.flatMap((pile) => {
    let y = 1 + (height - heightOf(pile)) / 2;
    return pile.map((frame) => {
      const x = (lefts[frame.from] ?? 0) - GAP.edge;
      const right = (lefts[frame.to] ?? 0) + (widths[frame.to] ?? 0) + GAP.edge;
      frame.columns.forEach((column, at) => {
        const left = { x: lefts[at] ?? 0, width: widths[at] ?? 0 };
        for (const [id, spot] of spotsIn(frame, column, y, left)) spots.set(id, spot);
      });
      const spot = { x, y, width: Math.max(right - x, frame.title.length * 6.2 + 28), height: frame.height };
      y += frame.height + GAP.frame;
      return { title: frame.title, ...spot };
    });
  });
  const width = Math.ceil(Math.max(...placed.map((frame) => frame.x + frame.width)) + 1);
  return { spots, frames: placed, width, height: Math.ceil(height + 2) };
}

/** The boxes of a frame in one column, centred. @param {Frame} frame @param {readonly Box[]} column @param {number} top @param {{ x: number, width: number }} left */
function spotsIn({ height }, column, top, left) {
  let y = top + GAP.title + (height - GAP.title - GAP.edge - pileHeight(column)) / 2;
  return column.map((box) => {
    const spot = { ...left, y, height: boxHeight(box) };
    y += spot.height + GAP.row;
    return /** @type {const} */ ([box.id, spot]);
  });
}

/** @param {readonly Box[]} boxes @param {number} column */
const inColumn = (boxes, column) => boxes.filter((box) => box.column === column);

/** @param {readonly Frame[]} frames */
function pilesOf(frames) {
  /** @type {Frame[][]} */
  let piles = [];
  for (const frame of frames) {
    const meets = (/** @type {Frame[]} */ pile) => pile.some(({ from, to }) => from <= frame.to && frame.from <= to);
    const met = piles.filter(meets);
    piles = [...piles.filter((pile) => !met.includes(pile)), [...met.flat(), frame]];
  }
  return piles;
}

/** @param {readonly Frame[]} pile */
const heightOf = (pile) => sum(pile.map(({ height }) => height)) + (pile.length - 1) * GAP.frame;

/** @param {readonly Box[]} boxes */
const pileHeight = (boxes) => sum(boxes.map(boxHeight)) + Math.max(0, boxes.length - 1) * GAP.row;

/** @param {Box} box */
const boxHeight = ({ name }) => (1 + name.length) * BOX.line + BOX.padding;

/** @param {Box} box */
const widthOf = ({ kind, name }) =>
  Math.max(kind.length * BOX.character.kind, ...name.map((line) => line.length * BOX.character.name)) + 2 * BOX.padding;

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

const TIP =
  '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 8 4 0 8Z"/></marker></defs>';

/** @param {Spot & { title: string }} frame */
const paintFrame = ({ title, x, y, width, height }) =>
  `<rect class="frame" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/><text class="title" x="${x + GAP.edge}" y="${y + 20}">${escaped(title)}</text>`;

/** @param {Spot} from @param {Spot} to @param {string} label */
function paintArrow(from, to, label) {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x - 2, to.y + to.height / 2];
  const bend = (x2 - x1) / 2;
  const path = `<path class="arrow" marker-end="url(#tip)" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>`;
  if (label === "") return path;
  const [x, y, half] = [(x1 + x2) / 2, (y1 + y2) / 2, label.length * 2.8 + 5];
  return `${path}<rect class="plate" x="${x - half}" y="${y - 9}" width="${2 * half}" height="18" rx="3"/><text class="label" x="${x}" y="${y + 4}">${escaped(label)}</text>`;
}

/** @param {Spot} spot @param {Box} box @param {string} style */
function paintBox({ x, y, width, height }, { kind, name }, style) {
  const ink = /(?:^|;)color:([^;]+)/.exec(style)?.[1] ?? "currentColor";
  const texts = [kind, ...name].map((line, index) => {
    const top = y + BOX.padding / 2 + BOX.line * (index + 0.72);
    return `<text class="${index === 0 ? "kind" : "name"}" x="${x + width / 2}" y="${top}" fill="${ink}">${escaped(line)}</text>`;
  });
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" style="${style}"/>${texts.join("")}`;
}
