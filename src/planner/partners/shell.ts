import type { Quoting, TemplateComplaint, TemplateNode, ValueNode } from "./template.ts";

/** Where a shell is while it reads the text, as far as quoting depends on it. */
interface State {
  readonly quotes: Quoting;
  /** Whether a # here would begin a comment: `either` after a block that leaves it open. */
  readonly word: "start" | "inside" | "either";
  /** Whether the next word is the name of a command. */
  readonly command: boolean;
  /** The character before, where it is part of what is written out; empty after a value. */
  readonly previous: string;
  /** Inside the name of a variable or, after ~, of a user. */
  readonly variable: boolean;
}

const START: State = { quotes: "bare", word: "start", command: true, previous: "\n", variable: false };

/**
 * How each placeholder of shell lines has to be quoted, from the quotes around it. What makes that hard to tell is not allowed: command
 * substitution, here-documents, arithmetic, and blocks that open quotes which they do not close.
 */
export function quotingIn(nodes: readonly TemplateNode[]): {
  quoting: ReadonlyMap<ValueNode, Quoting>;
  complaints: readonly TemplateComplaint[];
} {
  const reader = new ShellReader();
  const end = reader.read(nodes, START);
  if (end.quotes === "single" || end.quotes === "double") {
    reader.complain(nodes.at(-1)?.offset ?? 0, `the text ends inside ${end.quotes} quotes`);
  }
  return { quoting: reader.quoting, complaints: [...reader.complaints.values()] };
}

class ShellReader {
  readonly quoting = new Map<ValueNode, Quoting>();
  /** By place and words: a loop is read twice. */
  readonly complaints = new Map<string, TemplateComplaint>();

  complain(offset: number, message: string): void {
    this.complaints.set(`${offset} ${message}`, { offset, message });
  }

  read(nodes: readonly TemplateNode[], from: State): State {
    return nodes.reduce((state, node) => this.#node(node, state), from);
  }

  #node(node: TemplateNode, state: State): State {
    if (node.kind === "text") return this.#text(node.text, node.offset, state);
    if (node.kind === "value") return this.#value(node, state);
    if (node.kind === "if") {
      return this.#either(this.read(node.body, state), this.read(node.otherwise, state), node.offset);
    }
    const once = this.#either(state, this.read(node.body, state), node.offset);
    return this.#either(once, this.read(node.body, once), node.offset);
  }

  #value(node: ValueNode, state: State): State {
    if (state.quotes === "bare" && state.command) {
      this.complain(node.offset, "a value cannot stand where the name of a command does");
    } else if (isOpen(state) && (state.variable || state.previous === "!")) {
      this.complain(node.offset, "the shell would read the value as part of what stands right before it");
    }
    this.quoting.set(node, state.quotes);
    return { ...state, ...INSIDE, previous: "" };
  }

  #text(text: string, offset: number, from: State): State {
    let state = from;
    for (let index = 0; index < text.length; index++) {
      const char = text[index] ?? "";
      const next = text[index + 1];
      const refused = refusal(state, char, next);
      if (refused !== undefined) this.complain(offset + index, refused);
      const escapes = char === "\\" && isOpen(state);
      if (escapes) index++;
      state = escapes ? escaped(state, next) : step(state, char);
    }
    return state;
  }

  /** What holds after one of two ways, as far as one can tell. */
  #either(a: State, b: State, offset: number): State {
    if (a.quotes !== b.quotes) {
      this.complain(
        offset,
        `the block may end inside ${b.quotes} and begin in ${a.quotes} quoting: close quotes where they are opened`,
      );
    }
    return {
      quotes: a.quotes,
      word: a.word === b.word ? a.word : "either",
      command: a.command || b.command,
      previous: /[<([!$]/.test(b.previous) ? b.previous : a.previous,
      variable: a.variable || b.variable,
    };
  }
}

const INSIDE = { word: "inside", command: false, variable: false } as const;

/** Whether backslashes and dollars mean something here. */
const isOpen = ({ quotes }: State): boolean => quotes === "bare" || quotes === "double";

/** Twice in a row these open what quoting cannot be told in. */
const DOUBLED = new Map([
  ["<", "a here-document"],
  ["(", "arithmetic"],
  ["[", "a [[ test"],
]);

/** Why a character may not stand where it does. */
function refusal({ quotes, word, previous }: State, char: string, next: string | undefined): string | undefined {
  if (quotes === "single" || quotes === "comment") return undefined;
  if (char === "\\" && next === undefined) return "a backslash stands right before a placeholder or at the end";
  if (char === "`") return "command substitution (`...`) is not allowed: run the command in a line of its own";
  if (previous === "$" && (quotes === "bare" ? "({['\"" : "({[").includes(char)) {
    return `$${char} is not allowed: values cannot be quoted safely inside`;
  }
  if (previous === "!" && /[^\s="(]/.test(char))
    return "a shell that people type into reads ! as its history: put it in single quotes";
  if (quotes === "double") return undefined;
  if (char === "~" && word !== "start")
    return "this ~ may mean a home folder, depending on what stands before it: put it in quotes";
  if (char === previous && DOUBLED.has(char))
    return `${DOUBLED.get(char)} is not allowed: values cannot be quoted safely inside`;
  if (char === "#" && word === "either")
    return "this # is a comment or not, depending on the block before: put a blank before it";
  return undefined;
}

/** What is escaped means itself; an escaped line end is none at all. */
function escaped(state: State, next: string | undefined): State {
  return next === "\n" ? state : { ...state, ...INSIDE, previous: "" };
}

/** The shell's next state after a character that is not escaped. */
function step(state: State, char: string): State {
  const begins = char === "$" || (char === "~" && state.quotes === "bare");
  const variable = isOpen(state) && (begins || (state.variable && /\w/.test(char)));
  return { ...stepped(state, char), previous: char, variable };
}

function stepped(state: State, char: string): State {
  const { quotes, word } = state;
  if (quotes === "comment") return char === "\n" ? START : state;
  if (quotes === "single") return char === "'" ? { ...state, ...INSIDE, quotes: "bare" } : state;
  if (quotes === "double") return char === '"' ? { ...state, ...INSIDE, quotes: "bare" } : state;
  if (char === "'" || char === '"') return { ...state, ...INSIDE, quotes: char === "'" ? "single" : "double" };
  if (char === "#" && word === "start") return { ...state, quotes: "comment" };
  if (/[\n;|&(]/.test(char)) return { ...state, word: "start", command: true };
  if (/[ \t)<>]/.test(char)) return { ...state, word: "start" };
  return { ...state, ...INSIDE };
}

/** What a shell takes for itself wherever it stands in a line. Without commas and `..`, which mean something between braces. */
const PLAIN = /^(?!.*\.\.)[A-Za-z0-9_./:@%+-]+$/;

/**
 * A value without control characters for a shell line, so that the shell reads exactly it, in the quotes that stand around it. A shell that
 * people type into expands `!` in double quotes, whatever stands before it: like all that means something there it gets single quotes.
 */
export function quoteForShell(value: string, quoting: Quoting): string {
  if (quoting === "comment") return value;
  if (quoting === "bare") return PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  if (quoting === "single") return value.replaceAll("'", "'\\''");
  return value.replaceAll(/[$`"\\!]+/g, (unsafe) => `"'${unsafe}'"`);
}
