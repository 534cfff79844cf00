import type { Reference, TemplateComplaint, TemplateNode } from "./template.ts";

const TAG = /\{\{([^{}]*)\}\}/g;
const NAME = "[A-Za-z][A-Za-z0-9_]*";
const PLAIN = new RegExp(`^${NAME}(?:\\.${NAME})?$`);
const TABLE = new RegExp(`^tables\\.(${NAME})\\[(.+)\\]\\.(${NAME})$`);
const BLOCK = /^(?:#(each|if)\s+(\S+)|(else)|\/(each|if))$/;
const VALUE = /^(\S+?)\s*(?:\|\s*(?:(json)|join\s+"([^"]*)"))?$/;

/** Takes a template apart; what does not parse is a complaint. */
export function parseTemplate(text: string): {
  nodes: readonly TemplateNode[];
  complaints: readonly TemplateComplaint[];
} {
  return new Parser(text).parse();
}

/** A block that is open while its inside is read. */
interface Open {
  readonly kind: "each" | "if";
  readonly of: Reference;
  readonly offset: number;
  readonly body: TemplateNode[];
  otherwise?: TemplateNode[];
}

class Parser {
  readonly #text: string;
  readonly #complaints: TemplateComplaint[] = [];
  readonly #root: TemplateNode[] = [];
  readonly #open: Open[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parse(): { nodes: readonly TemplateNode[]; complaints: readonly TemplateComplaint[] } {
    let end = 0;
    for (const match of this.#text.matchAll(TAG)) {
      const tag = (match[1] ?? "").trim();
      const block = BLOCK.exec(tag);
      const [from, to] = block
        ? this.#wholeLine(match.index, match[0].length)
        : [match.index, match.index + match[0].length];
      this.#literal(end, Math.max(end, from));
      end = to;
      if (block) this.#block(block, match.index);
      else this.#value(tag, match.index);
    }
    this.#literal(end, this.#text.length);
    for (const { kind, offset } of this.#open) this.#complain(offset, `{{#${kind}}} is never closed`);
    return { nodes: this.#root, complaints: this.#complaints };
  }

  /** A block's tag that is alone on its line takes the line with it, so that bodies can be written readably. */
  #wholeLine(start: number, length: number): [number, number] {
    const lineStart = this.#text.lastIndexOf("\n", start - 1) + 1;
    const after = /^[ \t]*(\n|$)/.exec(this.#text.slice(start + length));
    const alone = after !== null && /^[ \t]*$/.test(this.#text.slice(lineStart, start));
    return alone ? [lineStart, start + length + after[0].length] : [start, start + length];
  }

  #literal(from: number, to: number): void {
    if (from >= to) return;
    const text = this.#text.slice(from, to);
    const stray = text.indexOf("{{");
    if (stray >= 0) this.#complain(from + stray, "{{ opens a placeholder that is not closed by }}");
    this.#add({ kind: "text", text, offset: from });
  }

  #value(tag: string, offset: number): void {
    const [, path = "", json, separator] = VALUE.exec(tag) ?? [];
    const of = referenceOf(path);
    if (of === undefined) {
      this.#complain(offset, `{{${tag}}} is no placeholder: write a path, perhaps with | join ", " or | json`);
      return;
    }
    const filter = json ? "json" : separator === undefined ? undefined : { join: separator };
    this.#add({ kind: "value", of, offset, ...(filter === undefined ? {} : { filter }) });
  }

  #block([tag, opens, path = "", otherwise, closes]: RegExpExecArray, offset: number): void {
    if (opens === "each" || opens === "if") {
      const of = referenceOf(path);
      if (of === undefined) this.#complain(offset, `{{${tag}}} names nothing that a placeholder could`);
      this.#open.push({ kind: opens, of: of ?? { path }, offset, body: [] });
      return;
    }
    const innermost = this.#open.at(-1);
    if (otherwise) {
      if (innermost?.kind === "if" && innermost.otherwise === undefined) innermost.otherwise = [];
      else this.#complain(offset, "{{else}} stands in no {{#if}} that has none yet");
    } else if (innermost === undefined || innermost.kind !== closes) {
      this.#complain(offset, `{{${tag}}} closes ${innermost ? `{{#${innermost.kind}}}` : "nothing"}`);
    } else {
      this.#open.pop();
      this.#add(closed(innermost));
    }
  }

  #add(node: TemplateNode): void {
    const innermost = this.#open.at(-1);
    (innermost?.otherwise ?? innermost?.body ?? this.#root).push(node);
  }

  #complain(offset: number, message: string): void {
    this.#complaints.push({ offset, message });
  }
}

function closed({ kind, of, offset, body, otherwise = [] }: Open): TemplateNode {
  return kind === "each" ? { kind, of, offset, body } : { kind, of, offset, body, otherwise };
}

/** Undefined when the text has not the form of a path. */
function referenceOf(path: string): Reference | undefined {
  const [, name, key = "", field] = TABLE.exec(path) ?? [];
  if (name !== undefined && field !== undefined) {
    const inner = referenceOf(key);
    return inner && !inner.table ? { path, table: { name, key: inner, field } } : undefined;
  }
  return PLAIN.test(path) ? { path } : undefined;
}
