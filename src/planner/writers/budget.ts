/**
 * The one place that keeps a Markdown document under GitHub's limit. A document is made of pieces; when it is too long they are shortened
 * and then left out in a fixed order, and the reader is told what is missing. Nothing is ever split.
 */

/** A comment's body on GitHub, in characters; one more and the whole comment is refused. */
export const GITHUB_LIMIT = 65_536;

/** How long a document may be, and in what that is counted: GitHub counts characters of comments and bytes of job summaries. */
export interface Limit {
  readonly most: number;
  /** Has to grow with the text, and to be additive: a text put together is as long as its parts. */
  readonly measure: (text: string) => number;
}

/** A limit in characters as JavaScript counts them: UTF-16 units, never fewer than GitHub's characters. */
export const characters = (most: number): Limit => ({ most, measure: (text) => text.length });

/** A limit in bytes of UTF-8. */
export const utf8Bytes = (most: number): Limit => ({ most, measure: (text) => new TextEncoder().encode(text).length });

export const fits = (text: string, { most, measure }: Limit): boolean => measure(text) <= most;

/** One part of a document. `name` says what sort it is: an entry in the order of cuts, and a word in the note on what was left out. */
export interface Piece<Name extends string> {
  readonly name: Name;
  readonly full: string;
  /** The same in one line; needed where the order of cuts shortens this sort. */
  readonly short: string;
}

/** Shortens or leaves out all pieces of one sort, the last ones first. */
export interface Cut<Name extends string> {
  readonly name: Name;
  readonly to: "short" | "gone";
}

/** How many pieces of each sort were shortened or left out, in the order of cuts. */
export type LeftOut<Name extends string> = readonly {
  readonly name: Name;
  readonly to: Cut<Name>["to"];
  readonly count: number;
}[];

/** What a piece says now; undefined when it was left out. */
export type Show<Name extends string> = (piece: Piece<Name>) => string | undefined;

/**
 * The longest version of a document that fits: as few cuts as possible, made in order. `layout` writes the document from what the pieces
 * say; it has to tell what was left out. Undefined when even all cuts are not enough.
 */
export function fitTo<Name extends string>(
  pieces: readonly Piece<Name>[],
  cuts: readonly Cut<Name>[],
  limit: Limit,
  layout: (show: Show<Name>, leftOut: LeftOut<Name>) => string,
): string | undefined {
  const steps = cuts.flatMap(({ name, to }) =>
    pieces
      .filter((piece) => piece.name === name)
      .map((piece) => ({ piece, to }))
      .toReversed(),
  );
  const write = (taken: number) => {
    const now = new Map(steps.slice(0, taken).map(({ piece, to }) => [piece, to]));
    return layout((piece) => textOf(piece, now.get(piece)), tally(now, cuts));
  };
  const whole = write(0);
  if (fits(whole, limit)) return whole;
  let best = write(steps.length);
  if (!fits(best, limit)) return undefined;
  for (let low = 1, high = steps.length; low < high; ) {
    const middle = (low + high) >> 1;
    const text = write(middle);
    if (fits(text, limit)) {
      best = text;
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return best;
}

const CROWDED = "**Too long for one comment: only what is dangerous or wrong is listed, one line each.**";

/** The last resort: `head`, as many of the lines as fit, and how many do not. Never longer than the limit. */
export function crowd(head: string, lines: readonly string[], limit: Limit): string {
  const { most, measure } = limit;
  const start = `${head}\n\n${CROWDED}\n\n`;
  const end = (missing: number) =>
    missing === 0 ? "" : `\nAnd ${missing} more that do not fit. The JSON output has everything.\n`;
  const room = most - measure(start) - measure(end(lines.length));
  const ends = runningTotal(lines.map((line) => measure(line) + 1));
  const kept = lines.filter((_, index) => (ends[index] ?? 0) <= room);
  const text = start + kept.map((line) => `${line}\n`).join("") + end(lines.length - kept.length);
  return fits(text, limit) ? text : cutTo(head, limit);
}

/** The beginning of a text: as many whole lines as fit, so that nothing which a line opens stays open; of a single line what fits. */
export function cutTo(text: string, limit: Limit): string {
  if (fits(text, limit)) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(text.slice(0, middle), limit)) low = middle;
    else high = middle - 1;
  }
  const kept = text.slice(0, low);
  const lines = kept.slice(0, kept.lastIndexOf("\n") + 1);
  return lines !== "" ? lines : kept.replace(/[\ud800-\udbff]$/, "");
}

function runningTotal(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((n) => {
    sum += n;
    return sum;
  });
}

function textOf<Name extends string>(piece: Piece<Name>, cut: Cut<Name>["to"] | undefined): string | undefined {
  if (cut === "gone") return undefined;
  return cut === "short" ? piece.short : piece.full;
}

function tally<Name extends string>(
  now: ReadonlyMap<Piece<Name>, Cut<Name>["to"]>,
  cuts: readonly Cut<Name>[],
): LeftOut<Name> {
  const counts = cuts.map(({ name, to }) => {
    const hits = [...now].filter(([piece, done]) => piece.name === name && done === to);
    return { name, to, count: hits.length };
  });
  return counts.filter((entry) => entry.count > 0);
}
