import { type Document, LineCounter, parseDocument } from "yaml";
import { buildWorld } from "./seed-build.ts";
import { type Seed, seedShape } from "./seed-shape.ts";
import type { Path, Problem } from "./shape.ts";
import type { World } from "./world.ts";

/** A seed that does not describe a world. The message has a line for each problem: `file:line:column: what is wrong`. */
export class SeedError extends Error {}

/** The world that a seed file describes. @throws SeedError naming every problem with its place */
export function parseSeed(text: string, name = "seed"): World {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  refuse(
    document.errors.map(({ pos, message }) => ({ offset: pos[0], message })),
    lines,
    name,
  );
  const problems: Problem[] = [];
  const report = (problem: Problem): void => void problems.push(problem);
  const value: unknown = document.toJS() ?? {};
  seedShape(value, [], report);
  refuse(located(document, problems), lines, name);

  // `seedShape` has just checked what the compiler cannot: the value is a Seed.
  const world = buildWorld(value as Seed, report);
  refuse(located(document, problems), lines, name);
  return world;
}

interface Located {
  offset: number;
  message: string;
}

function refuse(problems: readonly Located[], lines: LineCounter, name: string): void {
  if (problems.length === 0) return;
  const told = problems.map(({ offset, message }) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}: ${message}`;
  });
  throw new SeedError(told.join("\n"));
}

function located(document: Document, problems: readonly Problem[]): Located[] {
  return problems.map(({ path, message }) => ({
    offset: offsetOf(document, path),
    message: path.length === 0 ? message : `${path.join(".")}: ${message}`,
  }));
}

/** Where the value at a path starts, or else the nearest value around it. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)) {
      return Number(node.range[0]);
    }
  }
  return 0;
}
