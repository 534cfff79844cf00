import { type Document, isAlias, isCollection, isMap, isScalar, LineCounter, type Node, parseAllDocuments } from "yaml";
import type { Position, Problem, ProblemCode } from "./problem.ts";
import { type Resolve, resolveAliases } from "./yaml-aliases.ts";
import { checkNodes } from "./yaml-nodes.ts";
import { keyText, type Places, placesIn, positionOf } from "./yaml-places.ts";

/** The text of one file, and its path as people are to see it. */
export interface SourceFile {
  path: string;
  text: string;
}

/** One YAML document as plain data, which still knows where each value was written. */
export interface YamlDocument extends Places {
  file: string;
  value: unknown;
}

/**
 * Reads all documents of one file. Documents with a syntax error are left out, because half a document says things its writer did not
 * mean; `broken` counts them. Empty documents between separators are skipped.
 */
export function readYaml(file: SourceFile): { documents: YamlDocument[]; broken: number; problems: Problem[] } {
  const { parsed, place } = parseText(file);
  const again = once(() => parseText(file));
  const problems: Problem[] = [];
  const documents: YamlDocument[] = [];
  let broken = 0;
  for (const [index, document] of parsed.entries()) {
    const before = problems.length;
    const add: Add = (code, offset, message, hint) => {
      problems.push({ code, message, at: place(offset), ...(hint === undefined ? {} : { hint }) });
    };
    const root = document.contents;
    reportVersion(document, file.text, add);
    reportErrors(document.errors, add);
    if (root !== null) checkNodes(root, file.text, add);
    const resolve = root === null ? undefined : resolveAliases(root, add);
    const onlyDuplicates = problems.slice(before).every((problem) => problem.code === "yaml.duplicate-key");
    if (!onlyDuplicates) broken++;
    else if (root !== null && resolve !== undefined && !isEmpty(root)) {
      documents.push({ file: file.path, value: plain(root, resolve), ...placesLater(again, index) });
    }
  }
  if (documents.length === 0 && problems.length === 0) {
    problems.push({
      code: "file.empty",
      message: "the file holds no document",
      at: place(0),
      hint: "delete the file if that is what you want: an empty one could as well be an accident",
    });
  }
  return { documents, broken, problems };
}

/** How every spec is parsed. */
export const DIALECT = {
  prettyErrors: false,
  version: "1.2",
  schema: "core",
  stringKeys: true,
  uniqueKeys: false,
  logLevel: "silent",
} as const;

interface Parsed {
  parsed: Document.Parsed[];
  place: (offset: number) => Position;
}

function parseText(file: SourceFile): Parsed {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(file.text, { ...DIALECT, lineCounter: lines });
  return { parsed: [...parsed], place: (offset) => positionOf(file, lines, offset) };
}

/**
 * Places are asked for only where something is to be said. Keeping every syntax tree until then costs half of the reading time and most of
 * its memory, so a file is parsed a second time when its first place is asked for.
 */
function placesLater(again: () => Parsed, index: number): Places {
  const places = once(() => {
    const { parsed, place } = again();
    const root = parsed[index]?.contents;
    if (!root) throw new Error("the same text has other documents when it is parsed again");
    return placesIn(
      root,
      resolveAliases(root, () => {}),
      place,
    );
  });
  return {
    at: (path) => places().at(path),
    keyAt: (path) => places().keyAt(path),
    source: (path) => places().source(path),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

type Add = (code: ProblemCode, offset: number, message: string, hint?: string) => void;

function reportVersion({ directives }: Document.Parsed, text: string, add: Add): void {
  const { explicit, version } = directives.yaml;
  if (!explicit || version === "1.2") return;
  const message = `this file asks for YAML ${version}; only YAML 1.2 is read`;
  add("yaml.syntax", Math.max(0, text.search(/^%YAML/m)), message, "leave the %YAML line out");
}

/** The first syntax error stands for the ones it drags along. */
function reportErrors([error]: readonly { code: string; message: string; pos: readonly number[] }[], add: Add): void {
  if (error === undefined) return;
  const offset = error.pos[0] ?? 0;
  if (error.code === "TAB_AS_INDENT") {
    add("yaml.tab", offset, "a tab is used to indent", "YAML indents with blanks only");
  } else if (error.code === "RESOURCE_EXHAUSTION") {
    add("yaml.syntax", offset, "the lists and maps here are nested too deeply to read");
  } else {
    add("yaml.syntax", offset, `not valid YAML: ${error.message}`);
  }
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

/** Plain data without shared parts: what two aliases point at becomes two copies. */
function plain(node: Node | null, resolve: Resolve): unknown {
  if (node === null) return null;
  if (isAlias(node)) return plain(resolve(node), resolve);
  if (isScalar(node)) return node.value;
  if (isMap(node)) {
    return Object.fromEntries(node.items.map((pair) => [keyText(pair), plain(pair.value as Node | null, resolve)]));
  }
  return isCollection(node) ? node.items.map((item) => plain(item as Node, resolve)) : null;
}
