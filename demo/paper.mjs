// @ts-check
import { stripVTControlCharacters, styleText } from "node:util";

/** How the demo looks on paper: what a person types, what comes back, and a sentence or two in between. */

const WIDTH = 100;
const color = process.stdout.isTTY === true && !process.env.NO_COLOR;

/** Longer blocks that have been printed already: a block is what stands between two empty lines. */
const shown = new Set();
const SHORT = 2;

/** Whether an empty line is due before a sentence. */
let close = false;

/** @param {string} text */
const print = (text) => void process.stdout.write(`${text}\n`);

/** @type {(style: "bold" | "dim" | "cyan" | "green" | "red", text: string) => string} */
const paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);

/** @param {string} title */
export function heading(title) {
  print(`\n${paint("bold", `== ${title}`)}`);
  close = true;
}

/** @param {string} text */
export function say(text) {
  print(`${close ? "" : "\n"}${wrap(text)}`);
  close = true;
}

/** @param {readonly string[]} lines the command, cut where a person would cut it */
export function typed(...lines) {
  print(`\n${paint("cyan", `$ ${lines.join(" \\\n    ")}`)}`);
  close = false;
}

/** @param {number} code */
export const exitCode = (code) => print(paint("dim", `(exit code ${code})`));

/** @param {string} text */
export const good = (text) => print(paint("green", text));

/** @param {string} text */
export const bad = (text) => print(paint("red", text));

/**
 * Prints what a command said. A block that has been printed before is only named, unless all is to be printed `whole`; one that is much
 * longer than `cut` lines ends there.
 * @param {string} text
 * @param {{ cut?: number | undefined, whole?: boolean }} [how]
 */
export function output(text, { cut = Number.POSITIVE_INFINITY, whole = false } = {}) {
  /** @type {string[]} */
  const parts = [];
  /** @type {string[]} */
  let again = [];
  const nameAgain = () => {
    if (again.length > 0)
      parts.push(paint("dim", `… as above: ${again.map(nameOf).join(", ")} (${countLines(again)} lines)`));
    again = [];
  };
  for (const block of text.trim().split(/\n{2,}/)) {
    if (shown.has(block) && !whole) again.push(block);
    else {
      nameAgain();
      parts.push(shortened(block, cut));
    }
    if (countLines([block]) > SHORT) shown.add(block);
  }
  nameAgain();
  print(parts.join("\n\n"));
}

/** @param {string} block */
const nameOf = (block) => /^[\w-]+/.exec(stripVTControlCharacters(block))?.[0] ?? "…";

/** @param {readonly string[]} blocks */
const countLines = (blocks) => blocks.join("\n").split("\n").length;

/**
 * @param {string} block
 * @param {number} cut
 */
function shortened(block, cut) {
  const lines = block.split("\n");
  if (lines.length <= 2 * cut) return block;
  return [...lines.slice(0, cut), paint("dim", `  … ${lines.length - cut} more lines of this kind`)].join("\n");
}

/** @param {string} text */
function wrap(text) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
