/** Where a value stands in a document: the keys that lead to it. */
export type Path = readonly (string | number)[];

/** Something wrong with a document. */
export interface Problem {
  path: Path;
  message: string;
}

/** Looks at one value and reports what is wrong with it. */
export type Check = (value: unknown, path: Path, report: (problem: Problem) => void) => void;

/** A text of the given form; `what` says the form in words. */
export function textOf(pattern: RegExp, what: string): Check {
  return (value, path, report) => {
    if (typeof value !== "string") report({ path, message: `expected ${what}, found ${describe(value)}` });
    else if (!pattern.test(value)) report({ path, message: `'${value}' is not ${what}` });
  };
}

/** True or false. */
export const yesOrNo: Check = (value, path, report) => {
  if (typeof value !== "boolean") report({ path, message: `expected true or false, found ${describe(value)}` });
};

/** A whole number that is not negative. */
export const count: Check = (value, path, report) => {
  if (Number.isInteger(value) && Number(value) >= 0) return;
  report({ path, message: `expected a whole number, found ${describe(value)}` });
};

/** Any value. */
export const anything: Check = () => {};

/** A list whose entries all pass a check. */
export function listOf(entry: Check): Check {
  return (value, path, report) => {
    if (!Array.isArray(value)) report({ path, message: `expected a list, found ${describe(value)}` });
    else for (const [index, item] of value.entries()) entry(item, [...path, index], report);
  };
}

/** One of several forms; the last one's complaint is shown when none fits. */
export function either(...checks: Check[]): Check {
  return (value, path, report) => {
    let last: Problem[] = [];
    for (const check of checks) {
      last = [];
      check(value, path, (problem) => last.push(problem));
      if (last.length === 0) return;
    }
    for (const problem of last) report(problem);
  };
}

/** A mapping with free keys of the given form. */
export function mappingOf(key: Check, entry: Check): Check {
  return (value, path, report) => {
    if (!isMapping(value)) {
      report({ path, message: `expected a mapping, found ${describe(value)}` });
      return;
    }
    for (const [name, item] of Object.entries(value)) {
      key(name, [...path, name], report);
      entry(item, [...path, name], report);
    }
  };
}

/** A mapping with known fields; a name that ends in `?` may be left out. Unknown fields are problems. */
export function fields(shape: Record<string, Check>): Check {
  const known = new Map(
    Object.entries(shape).map(([name, check]) => [name.replace(/\?$/, ""), { check, optional: name.endsWith("?") }]),
  );
  return (value, path, report) => {
    if (!isMapping(value)) {
      report({ path, message: `expected a mapping, found ${describe(value)}` });
      return;
    }
    for (const name of Object.keys(value)) {
      if (known.has(name)) continue;
      report({
        path: [...path, name],
        message: `unknown field '${name}'; known here: ${[...known.keys()].join(", ")}`,
      });
    }
    for (const [name, { check, optional }] of known) {
      const item = value[name];
      if (item !== undefined && !(item === null && optional)) check(item, [...path, name], report);
      else if (!optional) report({ path, message: `'${name}' is missing` });
    }
  };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return `the ${typeof value} ${String(value)}`;
}
