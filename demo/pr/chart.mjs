// @ts-check

/**
 * Reads the Mermaid that our writer writes: frames, boxes, arrows from left to right, classes. A line that it does not know is an error, so that
 * the picture never leaves anything out.
 *
 * @typedef {{ id: string, kind: string, name: string[], style: string, frame: number, column: number }} Box
 * @typedef {{ from: string, to: string, label: string }} Arrow
 * @typedef {{ frames: string[], boxes: Box[], arrows: Arrow[], styles: Map<string, string> }} Chart
 */

/** @param {string} text @returns {Chart} */
export function readChart(text) {
  /** @type {Chart} */
  const chart = { frames: [], boxes: [], arrows: [], styles: new Map() };
  const [first, ...lines] = text.split("\n").map((line) => line.trim());
  if (first !== "flowchart LR") throw new Error(`not a flow chart from left to right: ${first}`);
  for (const line of lines) readLine(chart, line);
  setColumns(chart);
  return chart;
}

/** @param {Chart} chart @param {string} line */
function readLine({ frames, boxes, arrows, styles }, line) {
  const frame = /^subgraph \w+\["(.*)"\]$/.exec(line);
  const box = /^(\w+)\["(.*?)<br\/>(.*)"\]:::(\w+)$/.exec(line);
  const arrow = /^(\w+) -->(?:\|"(.*)"\|)? (\w+)$/.exec(line);
  const style = /^classDef (\w+) (.*)$/.exec(line);
  if (frame) frames.push(plain(frame[1]));
  else if (box) {
    const [, id = "", kind, name, own = ""] = box;
    boxes.push({ id, kind: plain(kind), name: folded(plain(name)), style: own, frame: frames.length - 1, column: 0 });
  } else if (arrow) arrows.push({ from: arrow[1] ?? "", to: arrow[3] ?? "", label: plain(arrow[2]) });
  else if (style) styles.set(style[1] ?? "", (style[2] ?? "").replaceAll(",", ";"));
  else if (line !== "end") throw new Error(`this picture says what the page cannot draw: ${line}`);
}

/** @param {string} [text] with Mermaid's entity codes */
const plain = (text = "") => text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

/** The name of a principal in two lines: account, then who. @param {string} name */
const folded = (name) => /^(arn:\w+:\w+:[\w-]*:\d*:)(.+)$/.exec(name)?.slice(1) ?? [name];

/** Boxes of one kind share a column, as far to the right as the arrows between kinds allow. @param {Chart} chart */
function setColumns({ boxes, arrows }) {
  const kindOf = (/** @type {string} */ id) => sort(boxes.find((box) => box.id === id)?.kind ?? "");
  /** @type {(kind: string, path?: readonly string[]) => number} */
  const stepsFrom = (kind, path = []) => {
    const next = arrows.filter(({ from }) => kindOf(from) === kind).map(({ to }) => kindOf(to));
    const open = next.filter((one) => one !== kind && !path.includes(one));
    return Math.max(0, ...open.map((one) => 1 + stepsFrom(one, [...path, kind])));
  };
  const most = Math.max(...boxes.map(({ kind }) => stepsFrom(sort(kind))));
  for (const box of boxes) box.column = most - stepsFrom(sort(box.kind));
}

/** `endpoint` of `added: endpoint`. @param {string} kind */
const sort = (kind) => kind.replace(/^\w+: /, "");
