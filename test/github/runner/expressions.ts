import { RunnerError } from "./error.ts";

/**
 * The expressions of GitHub Actions, as far as our workflows use them: `&&`, `||`, `!`, `==`, `!=`, parentheses, strings, numbers, properties and a
 * few functions. Anything else is an error, so that a workflow cannot come to mean something here that it does not mean on GitHub.
 * The rules: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
export type Value = string | number | boolean | null | { readonly [name: string]: Value } | readonly Value[];

/** What `github`, `needs`, `steps`, ... stand for. A name that a closed context lacks is an error; in an open one it is null, as on GitHub. */
export interface Contexts {
  readonly closed: Readonly<Record<string, Value>>;
  readonly open: Readonly<Record<string, Value>>;
  /** success, failure, always, cancelled: how things went so far. */
  readonly status: Readonly<Record<string, () => boolean>>;
}

/** The value of what stands between `${{` and `}}`, or in an `if:`. */
export function evaluate(text: string, contexts: Contexts): Value {
  const parser = new Parser(tokens(text), contexts, text);
  const value = parser.or();
  parser.end();
  return value;
}

/** A text with its `${{ ... }}` filled in. */
export const interpolate = (text: string, contexts: Contexts): string =>
  text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => asText(evaluate(expression, contexts)));

/** Whether an `if:` holds. Without a status function in it, it also demands that nothing failed so far. */
export function holds(condition: string | boolean | undefined, contexts: Contexts): boolean {
  if (condition === undefined) return contexts.status.success?.() ?? false;
  const text = String(condition).replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  const asksStatus = /\b(success|failure|always|cancelled)\s*\(/.test(text);
  return (asksStatus || (contexts.status.success?.() ?? false)) && truthy(evaluate(text, contexts));
}

/** How things went, for success() and its like. Nobody cancels here. */
export const statusOf = (well: boolean): Contexts["status"] => ({
  success: () => well,
  failure: () => !well,
  always: () => true,
  cancelled: () => false,
});

const truthy = (value: Value): boolean => value !== null && value !== "" && value !== 0 && value !== false;

function asText(value: Value): string {
  if (typeof value === "object" && value !== null) throw new RunnerError("an object where a text is needed");
  return value === null ? "" : String(value);
}

/** As GitHub compares: texts without regard to case, different types as numbers. */
function same(a: Value, b: Value): boolean {
  if (typeof a === "string" && typeof b === "string") return a.toLowerCase() === b.toLowerCase();
  if (typeof a === typeof b && (a === null) === (b === null)) return a === b;
  return asNumber(a) === asNumber(b);
}

const asNumber = (value: Value): number =>
  typeof value === "object" ? (value === null ? 0 : Number.NaN) : Number(value);

const TOKEN = /\s*(?:('(?:[^']|'')*')|(\d+)|([A-Za-z_][\w-]*)|(&&|\|\||==|!=|[!().,]))/y;

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new RunnerError(`not understood at ${from}: ${text}`);
    found.push(match[0].trim());
  }
  return found;
}

const FUNCTIONS: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  format: ([template = "", ...values]) =>
    asText(template).replace(/\{(\d+)\}/g, (_, index: string) => asText(values[Number(index)] ?? null)),
};

class Parser {
  readonly tokens: readonly string[];
  readonly contexts: Contexts;
  readonly text: string;
  at = 0;

  constructor(all: readonly string[], contexts: Contexts, text: string) {
    this.tokens = all;
    this.contexts = contexts;
    this.text = text;
  }

  or(): Value {
    let value = this.and();
    while (this.take("||")) {
      const right = this.and();
      value = truthy(value) ? value : right;
    }
    return value;
  }

  and(): Value {
    let value = this.equality();
    while (this.take("&&")) {
      const right = this.equality();
      value = truthy(value) ? right : value;
    }
    return value;
  }

  equality(): Value {
    const left = this.unary();
    if (this.take("==")) return same(left, this.unary());
    if (this.take("!=")) return !same(left, this.unary());
    return left;
  }

  unary(): Value {
    return this.take("!") ? !truthy(this.unary()) : this.primary();
  }

  primary(): Value {
    const token = this.next();
    if (token === "(") {
      const value = this.or();
      this.need(")");
      return value;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (token === "true" || token === "false") return token === "true";
    if (token === "null") return null;
    if (this.take("(")) return this.call(token);
    return this.property(token);
  }

  call(name: string): Value {
    const values: Value[] = [];
    while (!this.take(")")) {
      if (values.length > 0) this.need(",");
      values.push(this.or());
    }
    const status = this.contexts.status[name];
    if (status) return status();
    const known = FUNCTIONS[name];
    if (!known) throw new RunnerError(`the function ${name} is not known here: ${this.text}`);
    return known(values);
  }

  property(root: string): Value {
    const closed = Object.hasOwn(this.contexts.closed, root);
    if (!closed && !Object.hasOwn(this.contexts.open, root))
      throw new RunnerError(`${root} is not known here: ${this.text}`);
    let value: Value = (closed ? this.contexts.closed : this.contexts.open)[root] ?? null;
    for (let depth = 0; this.take("."); depth++) {
      const name = this.next();
      const holder: Value = value;
      const there = typeof holder === "object" && holder !== null && Object.hasOwn(holder, name);
      if (!there && closed && depth === 0) throw new RunnerError(`${root}.${name} is not known here: ${this.text}`);
      value = there ? ((holder as { readonly [name: string]: Value })[name] ?? null) : null;
    }
    return value;
  }

  take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new RunnerError(`ends too early: ${this.text}`);
    return token;
  }

  need(token: string): void {
    if (!this.take(token)) throw new RunnerError(`${token} expected: ${this.text}`);
  }

  end(): void {
    if (this.at < this.tokens.length) throw new RunnerError(`${this.tokens[this.at]} is too much: ${this.text}`);
  }
}
