import { isAlias, isCollection, isMap, isSeq, type Node, parseAllDocuments } from "yaml";
import { same } from "../canonical.ts";
import { appendTo, insertKey, type Parent, replaceWith, type Splice } from "./edit-places.ts";
import { isMap as isPlainMap, type JsonMap } from "./json.ts";
import { type Path, pathText } from "./problem.ts";
import { DIALECT, readYaml } from "./yaml.ts";
import { keyText } from "./yaml-places.ts";

/** A change of a spec: a value at a path, or one more entry of the list there. What is missing on the way is made. */
export type SpecEdit =
  | { readonly path: Path; readonly set: unknown }
  | { readonly path: Path; readonly append: unknown };

/** The new text, or why this text cannot be changed, in one sentence without a full stop. */
export type Edited = { readonly text: string } | { readonly problem: string };

/**
 * Changes one connection of a spec file and nothing else: comments, layout, quotes, line ends and other documents stay, byte by byte. The
 * result is read again and must say exactly what was meant; a text in which that cannot be done is left to a person.
 */
export function editSpec(text: string, connection: string, edits: readonly SpecEdit[]): Edited {
  const before = readYaml({ path: "", text });
  const [problem] = before.problems;
  if (problem) return { problem: `line ${problem.at.line} cannot be read: ${problem.message}` };
  const index = before.documents.findIndex(({ value }) => nameIn(value) === connection);
  if (index < 0) return { problem: `there is no connection ${connection} in the file` };
  let edited = text;
  for (const edit of edits) {
    const made = spliced(edited, connection, edit);
    if ("problem" in made) return made;
    edited = made.text;
  }
  const wanted = before.documents.map(({ value }, at) =>
    at === index ? edits.reduce((now, edit) => applied(now, edit.path, edit), value) : value,
  );
  const after = readYaml({ path: "", text: edited });
  const says = after.problems.length === 0 ? after.documents.map(({ value }) => value) : undefined;
  return same(says, wanted) ? { text: edited } : { problem: byHand(edits) };
}

const byHand = (edits: readonly SpecEdit[]): string =>
  `the layout around ${edits.map(({ path }) => pathText(path)).join(" and ")} cannot be changed by a program; write it by hand`;

const nameIn = (value: unknown): unknown =>
  isPlainMap(value) && isPlainMap(value.metadata) ? value.metadata.name : undefined;

/** What a value becomes: the meaning that the text is held against. */
function applied(value: unknown, [step, ...rest]: Path, edit: SpecEdit): unknown {
  if (step === undefined) return "set" in edit ? edit.set : [...(Array.isArray(value) ? value : []), edit.append];
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? applied(item, rest, edit) : item));
  const map: JsonMap = isPlainMap(value) ? value : {};
  return { ...map, [step]: applied(map[step], rest, edit) };
}

/** One edit as changes of the text. */
function spliced(text: string, connection: string, edit: SpecEdit): Edited {
  const documents = [...parseAllDocuments(text, { ...DIALECT, keepSourceTokens: true })];
  const root = documents.find((document) => document.getIn(["metadata", "name"]) === connection)?.contents;
  if (!root) return { problem: byHand([edit]) };
  const { node, parent, missing, behind } = descend(root, edit.path);
  if (behind !== undefined) {
    const where = pathText(edit.path);
    return {
      problem: `${where} stands behind the alias *${behind}; write the values out, so that only this place changes`,
    };
  }
  const splices = splicesFor(text, edit, { node, parent, missing });
  return splices === undefined ? { problem: byHand([edit]) } : { text: splice(text, splices) };
}

interface Found {
  /** What stands at the path, or at as much of it as there is. */
  readonly node: Node | null;
  /** What holds it. */
  readonly parent: Parent | undefined;
  /** The end of the path that is not there. */
  readonly missing: Path;
}

function descend(root: Node, path: Path): Found & { readonly behind?: string } {
  let found: Found = { node: root, parent: undefined, missing: path };
  for (const [depth, step] of path.entries()) {
    const { node } = found;
    if (isAlias(node)) return { ...found, behind: node.source };
    if (!isCollection(node)) break;
    const next = isMap(node)
      ? node.items.find((pair) => keyText(pair) === step)
      : (node.items[Number(step)] as Node | undefined);
    if (next === undefined) break;
    const child = isMap(node) ? (next as (typeof node.items)[number]).value : next;
    found = { node: child as Node | null, parent: node, missing: path.slice(depth + 1) };
  }
  return isAlias(found.node) ? { ...found, behind: found.node.source } : found;
}

function splicesFor(text: string, edit: SpecEdit, { node, parent, missing }: Found): Splice[] | undefined {
  const [key, ...rest] = missing;
  const leaf = "set" in edit ? edit.set : [edit.append];
  const nested = (path: Path): unknown => path.reduceRight<unknown>((value, step) => ({ [step]: value }), leaf);
  if (key === undefined) {
    if ("set" in edit || isEmpty(node)) return replaceWith(text, node, parent, leaf);
    return isSeq(node) ? appendTo(text, node, edit.append) : undefined;
  }
  if (isMap(node)) return insertKey(text, node, String(key), nested(rest));
  // A list has no such entry, or a value stands where a map should be; only nothing at all may become one.
  return isCollection(node) || !isEmpty(node) ? undefined : replaceWith(text, node, parent, nested(missing));
}

const isEmpty = (node: Node | null): boolean => node === null || node.toJSON() === null;

/** The later places come first, so that the earlier ones stay where they are. */
const splice = (text: string, splices: readonly Splice[]): string =>
  [...splices]
    .sort((a, b) => b.from - a.from || b.to - a.to)
    .reduce((rest, { from, to, text: put }) => rest.slice(0, from) + put + rest.slice(to), text);
