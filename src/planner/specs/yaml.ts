import { isAlias, isCollection, isMap, isScalar, LineCounter, type Node, type Pair, parseAllDocuments } from "yaml";
import type { Path, Position, Problem, ProblemCode } from "./problem.ts";
import { type Resolve, resolveAliases } from "./yaml-aliases.ts";
import { checkTags } from "./yaml-tags.ts";

/** The text of one file, and its path as people are to see it. */
export interface SourceFile {
  path: string;
  text: string;
}

/** One YAML document as plain data, which still knows where each value was written. */
export interface YamlDocument {
  file: string;
  value: unknown;
  /** Where the value at a path stands, or its nearest existing parent: scalars and list items themselves, everything else by its key. */
  at(path: Path): Position;
  /** Where the last key of a path stands, or what `at` says when there is no such key. */
  keyAt(path: Path): Position;
  /** A plain scalar as it was written, before YAML made a number of it. */
  source(path: Path): string | undefined;
}

/**
 * Reads all documents of one file. Documents with a syntax error are left out, because half a document says things its writer did not
 * mean; `broken` counts them. Empty documents between separators are skipped.
 */
export function readYaml(file: SourceFile): { documents: YamlDocument[]; broken: number; problems: Problem[] } {
  const lines = new LineCounter();
  const place = (offset: number): Position => positionOf(file, lines, offset);
  const parsed = parseAllDocuments(file.text, {
    lineCounter: lines,
    prettyErrors: false,
    version: "1.2",
    schema: "core",
    stringKeys: true,
    logLevel: "silent",
  });
  const problems: Problem[] = [];
  const documents: YamlDocument[] = [];
  let broken = 0;
  for (const document of parsed) {
    const add = (code: ProblemCode, offset: number, message: string, hint?: string): void => {
      problems.push({ code, message, at: place(offset), ...(hint === undefined ? {} : { hint }) });
    };
    const before = problems.length;
    const { explicit, version } = document.directives.yaml;
    if (explicit && version !== "1.2") {
      add("yaml.syntax", 0, `this file asks for YAML ${version}; only YAML 1.2 is read`, "leave the %YAML line out");
    }
    reportErrors(document.errors, add);
    if (document.contents === null) {
      broken += problems.length > before ? 1 : 0;
      continue;
    }
    checkTags(document.contents, add);
    const resolve = resolveAliases(document.contents, add);
    const onlyDuplicates = problems.slice(before).every((problem) => problem.code === "yaml.duplicate-key");
    if (!onlyDuplicates) broken++;
    else if (!isEmpty(document.contents)) documents.push(located(file.path, document.contents, resolve, place));
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

type Add = (code: ProblemCode, offset: number, message: string, hint?: string) => void;

/** The first syntax error stands for the ones it drags along; duplicate keys are all shown. */
function reportErrors(errors: readonly { code: string; message: string; pos: readonly number[] }[], add: Add): void {
  let syntax = false;
  for (const error of errors) {
    const offset = error.pos[0] ?? 0;
    if (error.code === "DUPLICATE_KEY") {
      add("yaml.duplicate-key", offset, "this key stands in the same map already", "keep one of the two");
    } else if (!syntax) {
      syntax = true;
      if (error.code === "TAB_AS_INDENT") {
        add("yaml.tab", offset, "a tab is used to indent", "YAML indents with blanks only");
      } else if (error.code === "RESOURCE_EXHAUSTION") {
        add("yaml.syntax", offset, "the lists and maps here are nested too deeply to read");
      } else {
        add("yaml.syntax", offset, `not valid YAML: ${error.message}`);
      }
    }
  }
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

function located(file: string, root: Node, resolve: Resolve, place: (offset: number) => Position): YamlDocument {
  const find = (path: Path): Step => follow(root, path, resolve);
  return {
    file,
    value: plain(root, resolve),
    at: (path) => place(find(path).offset),
    keyAt: (path) => {
      const { found, keyOffset, offset } = find(path);
      return place(found ? (keyOffset ?? offset) : offset);
    },
    source: (path) => {
      const { found, node } = find(path);
      return found && isScalar(node) ? node.source : undefined;
    },
  };
}

interface Step {
  node: Node | null;
  /** Where to point for this value. */
  offset: number;
  keyOffset: number | undefined;
  /** Whether the whole path exists. */
  found: boolean;
}

function follow(root: Node, path: Path, resolve: Resolve): Step {
  let step: Step = { node: root, offset: start(root), keyOffset: undefined, found: true };
  for (const name of path) {
    const next = child(step.node, name, resolve);
    if (next === undefined) return { ...step, found: false };
    step = next;
  }
  return step;
}

function child(node: Node | null, name: string | number, resolve: Resolve): Step | undefined {
  if (!isCollection(node)) return undefined;
  if (isMap(node)) {
    // The last of two equal keys is the one whose value counts.
    const pair = node.items.findLast((item) => keyText(item) === String(name));
    if (pair === undefined) return undefined;
    const key = pair.key as Node;
    const value = pair.value === null ? null : resolve(pair.value as Node);
    const offset = isScalar(value) && !isEmpty(value) ? start(value) : start(key);
    return { node: value, offset, keyOffset: start(key), found: true };
  }
  const item = node.items[Number(name)] as Node | undefined;
  if (item === undefined) return undefined;
  return { node: resolve(item), offset: start(item), keyOffset: undefined, found: true };
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function start(node: Node): number {
  return node.range?.[0] ?? 0;
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

/** The counter knows no line of an empty file, and the end of a file without a last newline lies one past its text: both are still places. */
function positionOf(file: SourceFile, lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(Math.min(offset, file.text.length));
  return { file: file.path, line: Math.max(1, line), column: Math.max(1, line === 0 ? offset + 1 : col) };
}
