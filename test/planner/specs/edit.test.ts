import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editSpec, type SpecEdit } from "../../../src/planner/specs/index.ts";
import { readYaml } from "../../../src/planner/specs/yaml.ts";
import { any, type Laid, laid, pathsIn } from "./laid-out.ts";
import { brief, parse } from "./support.ts";

const RULE = { endpoint: "vpce-0c1d2e3f4a5b60001", reason: "approved in the pull request" };
const ACCEPT: SpecEdit = { path: ["service", "connections", "accept"], append: RULE };

/** The text that comes of an edit; a refusal fails the test. */
function edited(text: string, ...edits: SpecEdit[]): string {
  const result = editSpec(text, "a", edits);
  if ("problem" in result) throw new Error(result.problem);
  return result.text;
}

/** A connection `a` with these lines below. */
const spec = (...lines: string[]): string => ["metadata: { name: a }", ...lines, ""].join("\n");

/** What the edit adds and takes away, line by line. */
function difference(before: string, after: string): { minus: string[]; plus: string[] } {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return { minus: old.slice(start, old.length - end), plus: now.slice(start, now.length - end) };
}

describe("an entry of a list", () => {
  test("comes below the last one, under its dash, before the comments of what follows", () => {
    const text = spec(
      "service: # ours",
      "  connections:",
      "    accept: # by name only",
      "      - { endpoint: vpce-1, reason: first } # NET-1",
      "      # - { endpoint: vpce-2, reason: not yet }",
      "",
      "    # nobody",
      "    reject: []",
    );
    expect(difference(text, edited(text, ACCEPT))).toEqual({
      minus: [],
      plus: ["      - { endpoint: vpce-0c1d2e3f4a5b60001, reason: approved in the pull request }"],
    });
    expect(edited(text, ACCEPT).split("\n")[5]).toContain(RULE.endpoint);
  });

  test("is written over lines where the last one is, also without indentation", () => {
    const text = spec(
      "service:",
      "  connections:",
      "    accept:",
      "    - endpoint: vpce-1",
      "      reason: first",
      "protect: true",
    );
    expect(difference(text, edited(text, ACCEPT)).plus).toEqual([
      "    - endpoint: vpce-0c1d2e3f4a5b60001",
      "      reason: approved in the pull request",
    ]);
  });

  test("goes before the bracket of a list on one line, with or without a last comma, and into an empty one", () => {
    const list = (inside: string) => spec(`service: { connections: { accept: ${inside} } } # kept`);
    const entry = "{ endpoint: vpce-0c1d2e3f4a5b60001, reason: approved in the pull request }";
    expect(edited(list("[]"), ACCEPT)).toBe(list(`[${entry}]`));
    expect(edited(list("[ ]"), ACCEPT)).toBe(list(`[${entry}]`));
    expect(edited(list("[{ account: x }]"), ACCEPT)).toBe(list(`[{ account: x }, ${entry}]`));
    expect(edited(list("[ { account: x }, ]"), ACCEPT)).toBe(list(`[ { account: x }, ${entry}, ]`));
  });

  test("has a line of its own in brackets over several lines; the comment of its neighbour stays with the neighbour", () => {
    const list = (...inside: string[]) => spec("service:", "  connections:", "    accept: [", ...inside, "    ]");
    const [one, entry] = [
      "{ account: x }",
      "{ endpoint: vpce-0c1d2e3f4a5b60001, reason: approved in the pull request }",
    ];
    expect(edited(list(`      ${one}, # who`), ACCEPT)).toBe(list(`      ${one}, # who`, `      ${entry},`));
    expect(edited(list(`      ${one} # who`), ACCEPT)).toBe(list(`      ${one}, # who`, `      ${entry}`));
    expect(edited(list(`      ${one} # who, and, why`, "      # more"), ACCEPT)).toBe(
      list(`      ${one}, # who, and, why`, `      ${entry}`, "      # more"),
    );
  });

  test("brings along what is missing on the way", () => {
    const text = spec(
      "service:",
      "  target: network-use1",
      "  acceptance: required # always",
      "",
      "# the end",
      "protect: true",
    );
    expect(difference(text, edited(text, ACCEPT))).toEqual({
      minus: [],
      plus: [
        "  connections:",
        "    accept:",
        "      - { endpoint: vpce-0c1d2e3f4a5b60001, reason: approved in the pull request }",
      ],
    });
    const flow = spec("service: { target: network-use1 }");
    expect(edited(flow, ACCEPT)).toBe(
      spec(
        `service: { target: network-use1, connections: { accept: [{ endpoint: ${RULE.endpoint}, reason: ${RULE.reason} }] } }`,
      ),
    );
  });

  test("fills a key that has no value yet; its comment stays", () => {
    const text = spec("service:", "  connections: # nobody yet", "  target: network-use1");
    expect(difference(text, edited(text, ACCEPT)).plus).toEqual([
      "    accept:",
      "      - { endpoint: vpce-0c1d2e3f4a5b60001, reason: approved in the pull request }",
    ]);
    const empty = spec("service:", "  connections:", "    accept: ~ # nobody", "protect: true");
    expect(difference(empty, edited(empty, ACCEPT)).plus).toEqual([
      "    accept: [{ endpoint: vpce-0c1d2e3f4a5b60001, reason: approved in the pull request }] # nobody",
    ]);
  });

  test("several edits of one spec are one result", () => {
    const text = spec("service:", "  connections:", "    accept: []");
    const two = edited(text, ACCEPT, { path: ACCEPT.path, append: { account: "222222222222", reason: "ours" } });
    expect(readYaml({ path: "", text: two }).documents[0]?.value).toEqual({
      metadata: { name: "a" },
      service: { connections: { accept: [RULE, { account: "222222222222", reason: "ours" }] } },
    });
  });
});

describe("a value", () => {
  test("takes the place of the old one, in its quotes", () => {
    const text = spec("a: old # one", "b: 'old'", 'c: "old" # three', "d: [old, 1]", "e:", "  - x: old");
    const to = (...path: (string | number)[]): SpecEdit => ({ path, set: "new" });
    expect(edited(text, to("a"), to("b"), to("c"), to("d", 0), to("e", 0, "x"))).toBe(
      spec("a: new # one", "b: 'new'", 'c: "new" # three', "d: [new, 1]", "e:", "  - x: new"),
    );
  });

  test("is quoted where YAML would read something else", () => {
    const text = spec("a: old");
    for (const value of [
      "000000000012",
      "true",
      "a: b",
      "# x",
      "- x",
      "",
      " x ",
      "two\nlines",
      "a, b",
      "*x",
      "\u202ex",
    ]) {
      expect(readYaml({ path: "", text: edited(text, { path: ["a"], set: value }) }).documents[0]?.value).toMatchObject(
        { a: value },
      );
    }
    expect(edited(text, { path: ["a"], set: "000000000012" })).toBe(spec('a: "000000000012"'));
  });

  test("that stands on lines of its own is replaced whole", () => {
    const text = spec("a: |", "  one", "  two", "", "b:", "  - x", "  - y # last", "c: >+", "  z", "", "d: 1");
    const set = (name: string, value: unknown): SpecEdit => ({ path: [name], set: value });
    expect(edited(text, set("a", "new"), set("b", ["p", "q"]), set("c", "n"))).toBe(
      spec("a: new", "", "b:", "  [p, q] # last", "c: n", "", "d: 1"),
    );
    expect(edited(text, set("b", [{ x: { y: 1 } }]))).toContain("b:\n  - x:\n      y: 1 # last\n");
  });
});

describe("a file", () => {
  test("keeps its line ends, its byte order mark, and the want of a last line end", () => {
    const text = `\ufeffmetadata: {name: a}\r\nservice:\r\n  connections:\r\n    accept:\r\n      - {account: x}`;
    const more = "\r\n      - { endpoint: vpce-0c1d2e3f4a5b60001, reason: approved in the pull request }";
    expect(edited(text, ACCEPT)).toBe(text + more);
    const first = "\ufeffservice: {}\nmetadata: {name: a}";
    expect(edited(first, { path: ["protect"], set: true })).toBe(`${first}\nprotect: true`);
  });

  test("with several documents: only the one that is meant changes", () => {
    const document = (name: string) => `metadata: { name: ${name} }\nservice:\n  connections:\n    accept: []\n`;
    const text = `# first\n${document("b")}---\n${document("a")}...\n---\n${document("c")}`;
    const after = edited(text, ACCEPT);
    expect(difference(text, after).minus).toEqual(["    accept: []"]);
    expect(after).toBe(
      `# first\n${document("b")}---\n${document("a").replace("[]", `[{ endpoint: ${RULE.endpoint}, reason: ${RULE.reason} }]`)}...\n---\n${document("c")}`,
    );
  });

  test("as our own examples: still a spec without problems, one line more", () => {
    const text = readFileSync(new URL("../../../specs/payments-api.yaml", import.meta.url), "utf8").replaceAll(
      "network-use1",
      "prod-use1",
    );
    const result = editSpec(text, "payments-api", [ACCEPT]);
    if ("problem" in result) throw new Error(result.problem);
    expect(difference(text, result.text)).toEqual({
      minus: [],
      plus: [
        "  connections:",
        "    accept:",
        "      - { endpoint: vpce-0c1d2e3f4a5b60001, reason: approved in the pull request }",
      ],
    });
    const { connections, problems } = parse(result.text);
    expect(brief(problems)).toEqual([]);
    expect(connections[0]?.spec.service?.connections).toEqual({ accept: [RULE] });
  });
});

describe("a refusal instead of another meaning", () => {
  const problem = (text: string, ...edits: SpecEdit[]): string => {
    const result = editSpec(text, "a", edits);
    return "problem" in result ? result.problem : `edited: ${result.text}`;
  };
  test.each([
    ["a value behind an alias", spec("x: &x { connections: { accept: [] } }", "service: *x"), ACCEPT, "*x"],
    ["a list behind an alias", spec("x: &x []", "service: { connections: { accept: *x } }"), ACCEPT, "*x"],
    ["an anchor that others use", spec("service: { connections: { accept: &x [] , reject: *x } }"), ACCEPT, "by hand"],
    ["text where the list should be", spec("service: { connections: { accept: all } }"), ACCEPT, "by hand"],
    ["text where a map should be", spec("service: none"), ACCEPT, "by hand"],
    ["an entry that the list does not have", spec("list: [1]"), { path: ["list", 3], set: 1 }, "by hand"],
    ["a file with a mistake in it", spec("service: {"), ACCEPT, "line 3"],
    ["a key that stands there twice", spec("service: {}", "service: {}"), ACCEPT, "line 3"],
    ["another connection", "metadata: { name: b }\n", ACCEPT, "no connection a"],
  ] as const)("%s", (_what, text, edit, says) => {
    expect(problem(text, edit)).toContain(says);
    expect(problem(text, edit)).not.toContain("edited:");
  });
});

describe("whatever the layout", () => {
  const NEW = { endpoint: "vpce-9", reason: "a: b, # c" };

  /** A file, one edit of it, and what it should say then. */
  const cases = fc.tuple(laid, fc.nat(), fc.constantFrom("set", "append", "key")).map(([file, pick, how]) => {
    const paths = pathsIn(file.value).filter(({ value }) =>
      how === "append" ? Array.isArray(value) : how === "key" ? isMap(value) : !Array.isArray(value) && !isMap(value),
    );
    const chosen = paths[pick % Math.max(1, paths.length)];
    return { file, chosen, how };
  });

  test("the meaning is the intended one, and every other line stays byte for byte", () => {
    let done = 0;
    fc.assert(
      fc.property(cases, ({ file, chosen, how }) => {
        fc.pre(chosen !== undefined);
        if (chosen === undefined) return;
        const { path } = chosen;
        const edit: SpecEdit =
          how === "append"
            ? { path, append: NEW }
            : { path: how === "key" ? [...path, "added", "inner"] : path, set: NEW };
        const after = edited(file.text, edit);
        done++;
        expect(readYaml({ path: "", text: after }).documents[0]?.value).toEqual(meant(file, chosen, how));
        const { minus, plus } = difference(file.text, after);
        expect(minus.length).toBeLessThanOrEqual(1);
        // What was on the touched line is still there, and comments have neither come nor gone.
        expect(commentsIn(after)).toEqual(commentsIn(file.text));
        if (how !== "set") for (const line of minus) expect(isWithin(line, plus.join("\n"))).toBe(true);
      }),
      { numRuns: 600 },
    );
    expect(done).toBeGreaterThan(300);
  });

  const isMap = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

  const meant = ({ value }: Laid, { path }: { path: readonly Step[] }, how: string): unknown =>
    changedAt(value, path, (old) => {
      if (how === "append") return [...(Array.isArray(old) ? old : []), NEW];
      return how === "key" ? { ...(old as object), added: { inner: NEW } } : NEW;
    });

  type Step = string | number;
  function changedAt(value: unknown, [step, ...rest]: readonly Step[], change: (old: unknown) => unknown): unknown {
    if (step === undefined) return change(value);
    if (Array.isArray(value)) return value.with(Number(step), changedAt(value[Number(step)], rest, change));
    const map = value as { readonly [key: string]: unknown };
    return { ...map, [step]: changedAt(map[step], rest, change) };
  }

  /** Comments of the generator say `#~` and a number, which no value does. */
  const commentsIn = (text: string): string[] => text.match(/#~\d+/g) ?? [];

  /** Whether a text's characters stand in another one in their order. */
  function isWithin(part: string, whole: string): boolean {
    let at = 0;
    for (const char of whole) if (char === part[at]) at++;
    return at === part.length;
  }
});

test("any text: no exception, and the other documents still say the same", () => {
  const values = (text: string) => readYaml({ path: "", text }).documents.map(({ value }) => value);
  let done = 0;
  const edits = fc.constantFrom<SpecEdit>(
    ACCEPT,
    { path: ["a", 0], set: "other" },
    { path: ["metadata", "x"], append: "y" },
  );
  fc.assert(
    fc.property(any, edits, (text, edit) => {
      const result = editSpec(text, "a", [edit]);
      if ("problem" in result) return;
      done++;
      expect(values(result.text).slice(1)).toEqual(values(text).slice(1));
      expect(values(result.text)[0]).not.toEqual(values(text)[0]);
    }),
    { numRuns: 1000 },
  );
  expect(done).toBeGreaterThan(50);
});
